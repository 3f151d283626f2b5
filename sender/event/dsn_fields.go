package event

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"todoku/sender/mail"
)

// statusField is a field of a delivery status notification (RFC 3464 §2.1): its name in lower case.
type statusField struct{ name, value string }

// statusBlock are fields that belong together: those of the mail, or those of one recipient.
type statusBlock []statusField

// get is the value of a field; "" where there is none.
func (b statusBlock) get(names ...string) string {
	for _, name := range names {
		for _, f := range b {
			if f.name == name && f.value != "" {
				return f.value
			}
		}
	}
	return ""
}

func (b statusBlock) has(name string) bool {
	for _, f := range b {
		if f.name == name {
			return true
		}
	}
	return false
}

// typed is the value of a field without the type before its semicolon: "rfc822; a@b".
func typed(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && !strings.ContainsAny(kind, "@< ") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

// maxBlocks bounds the recipients of one notice.
const maxBlocks = 1000

// maxValue bounds what is taken of a field with many lines, in octets: far more than a diagnostic keeps.
const maxValue = 4 * maxDiagnostic

// statusBlocks reads the fields of a report: those of the mail, and those of each recipient. An empty line may be missing between
// them, or stand where none belongs.
func statusBlocks(text string) (ofMail statusBlock, recipients []statusBlock) {
	var block statusBlock
	end := func() {
		switch {
		case len(block) == 0:
		case block.has("final-recipient") || block.has("original-recipient") || block.has("action") && block.has("status"):
			if len(recipients) < maxBlocks {
				recipients = append(recipients, block)
			}
		case len(recipients) > 0 && !block.has("reporting-mta"):
			last := len(recipients) - 1
			recipients[last] = append(recipients[last], block...)
		default:
			ofMail = append(ofMail, block...)
		}
		block = nil
	}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n \t")
		if line == "" {
			end()
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		isField := ok && line[0] != ' ' && line[0] != '\t' && !strings.ContainsAny(name, " \t;@<")
		if !isField {
			if last := len(block) - 1; last >= 0 && len(block[last].value) < maxValue {
				block[last].value = strings.TrimSpace(block[last].value + " " + strings.TrimSpace(line))
			}
			continue
		}
		name = strings.ToLower(name)
		if beginsRecipient(name, block) {
			block = splitOfMail(&ofMail, block, end)
		}
		block = append(block, statusField{name, strings.TrimSpace(value)})
	}
	end()
	return ofMail, recipients
}

// fieldsOf reads the fields of a report that has one block of them.
func fieldsOf(text string) statusBlock {
	all, more := statusBlocks(text)
	for _, b := range more {
		all = append(all, b...)
	}
	return all
}

// beginsRecipient reports whether a field belongs to another recipient than those before it.
func beginsRecipient(name string, block statusBlock) bool {
	switch name {
	case "final-recipient", "original-recipient", "action":
		return block.has(name) || block.has("reporting-mta")
	}
	return false
}

// splitOfMail ends a block where an empty line is missing.
func splitOfMail(ofMail *statusBlock, block statusBlock, end func()) statusBlock {
	if block.has("reporting-mta") && !block.has("final-recipient") && !block.has("action") {
		*ofMail = append(*ofMail, block...)
		return nil
	}
	end()
	return nil
}

// addressOf reads a Final-Recipient or an Original-Recipient. RFC 6533 §3: utf-8 and utf-8-addr-xtext write what is not ASCII as
// \x{E9}; RFC 3461 §4: xtext writes +XX.
func addressOf(value string) string {
	kind, rest, ok := strings.Cut(value, ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if !ok || strings.ContainsAny(kind, "@<") {
		kind, rest = "", value
	}
	rest = strings.TrimSpace(rest)
	switch {
	case strings.HasPrefix(kind, "utf-8"):
		rest = fromXText(strings.ReplaceAll(rest, `\x{`, "\x00{"), kind != "utf-8")
	case kind == "x400":
		return rest
	case strings.Contains(rest, "+3D") || strings.Contains(rest, "+2B") || strings.Contains(rest, "+40"):
		rest = fromXText(rest, true)
	}
	if open := strings.IndexByte(rest, '<'); open >= 0 {
		rest, _, _ = strings.Cut(rest[open+1:], ">")
	}
	rest = strings.TrimSpace(rest)
	if !strings.Contains(rest, "@") {
		if strings.ContainsAny(rest, " ,;") {
			return ""
		}
		return rest
	}
	if a := mail.AddressIn(rest); a != "" && strings.ContainsAny(rest, " ;,()[]") {
		return a
	}
	return strings.Trim(rest, "<> ")
}

// fromXText decodes "\x{E9}", whose backslash is marked, and "+E9" where plus is set.
func fromXText(s string, plus bool) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == 0 && i+2 < len(s):
			digits, after, ok := strings.Cut(s[i+2:], "}")
			if r, good := hexRune(digits); ok && good {
				b.WriteRune(r)
				i = len(s) - len(after) - 1
			}
		case plus && s[i] == '+' && i+2 < len(s):
			if r, ok := hexRune(s[i+1 : i+3]); ok && r < 0x80 {
				b.WriteRune(r)
				i += 2
			} else {
				b.WriteByte('+')
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

func hexRune(s string) (rune, bool) {
	r, err := strconv.ParseUint(s, 16, 32)
	return rune(r), err == nil && r > 0 && r <= unicode.MaxRune
}

// dateOf is the first of some dates that can be read.
func dateOf(dates ...string) (time.Time, bool) {
	for _, d := range dates {
		if t, ok := mail.ParseDate(d); ok {
			return t, true
		}
	}
	return time.Time{}, false
}
