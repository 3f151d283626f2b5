package altered

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"todoku/sender/mail"
)

// mailbox is an address with its name, as it stands in a field.
type mailbox struct {
	name    string // decoded, without quotes
	raw     string // as written
	address string
}

// mailboxesIn reads a list of mailboxes (RFC 5322 §3.4), as far as anybody can.
func mailboxesIn(value string) (list []mailbox) {
	for _, one := range splitAddresses(value) {
		address, start, _ := mail.NextAddress(one)
		if address == "" {
			continue
		}
		m := mailbox{address: address}
		if open := strings.LastIndexByte(one[:start], '<'); open >= 0 {
			m.raw = strings.TrimSpace(one[:open])
		}
		m.name = strings.ReplaceAll(decodedWords(strings.Trim(m.raw, `"`)), `\`, "")
		list = append(list, m)
	}
	return list
}

// splitAddresses cuts a list at the commas that are not in quotes.
func splitAddresses(value string) (list []string) {
	quoted, start := false, 0
	for i := 0; i < len(value) && len(list) < 100; i++ {
		switch {
		case value[i] == '\\':
			i++
		case value[i] == '"':
			quoted = !quoted
		case value[i] == ',' && !quoted:
			list = append(list, strings.TrimSpace(value[start:i]))
			start = i + 1
		}
	}
	return append(list, strings.TrimSpace(value[min(start, len(value)):]))
}

// spelled are the ways to write a mailbox, the usual ones first.
func (m mailbox) spelled(field string) (list []string) {
	if m.name == "" {
		return []string{m.address, "<" + m.address + ">"}
	}
	names := []string{m.name, `"` + m.name + `"`}
	if m.raw != "" {
		names = append([]string{m.raw}, names...)
	}
	if !isASCII(m.name) {
		words := rewordings(field, m.name)[1:]
		for _, w := range words[:min(len(words), 40)] {
			names = append(names, w, `"`+w+`"`)
		}
	}
	for _, n := range names {
		for _, s := range []string{n + " <" + m.address + ">", n + "<" + m.address + ">"} {
			if !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
	}
	return append(list, m.address, "<"+m.address+">", m.address+" ("+m.name+")")
}

var viaList = sync.OnceValue(compile(`(?i)^['"]*(.*?)['"]*\s+(?:\(?via\s.*|\[via\s.*|on behalf of\s.*|\(by way of\s.*|/\s.*|経由.*|` +
	`\([^)]*\))$`))

// authors are what From may have been: what other fields keep, and the name without "via List".
func (s *headerSearch) authors(f mail.RawField) iter.Seq[string] {
	return func(yield func(string) bool) {
		now := mailboxesIn(f.Value())
		for _, v := range append(s.kept(f.Name), s.valuesOf("reply-to")...) {
			if !yield(v) {
				return
			}
		}
		for _, m := range now { // the same address, written in another way
			for _, v := range m.spelled(f.Name) {
				if !yield(v) {
					return
				}
			}
		}
		names := []string{""}
		for _, m := range now {
			if via := viaList().FindStringSubmatch(m.name); via != nil {
				names = append(names, strings.Trim(via[1], `'"`))
			}
			if m.name != "" {
				names = append(names, m.name)
			}
		}
		for _, a := range s.origins(now) {
			for _, n := range append(slices.Clone(names), a.name) {
				for _, v := range (mailbox{name: n, address: a.address}).spelled(f.Name) {
					if !yield(v) {
						return
					}
				}
			}
		}
	}
}

// origins are the addresses that may be that of the author: those that other fields have, and what a rewritten address holds.
func (s *headerSearch) origins(now []mailbox) (list []mailbox) {
	add := func(m mailbox) {
		if !slices.ContainsFunc(list, func(o mailbox) bool { return o.address == m.address && o.name == m.name }) && len(list) < 12 {
			list = append(list, m)
		}
	}
	for _, name := range []string{"Reply-To", "X-Original-From", "X-Google-Original-From", "Original-From", "Cc", "Sender", "X-Sender",
		"Return-Path",
		"X-MailFrom", "X-Envelope-From", "X-Original-Sender"} {
		for _, v := range s.valuesOf(name) {
			for _, m := range mailboxesIn(v) {
				add(m)
			}
		}
	}
	for _, m := range now {
		local, _, _ := strings.Cut(m.address, "@")
		for _, sep := range []string{"=", ".at.", "_at_", "#", "%"} {
			if name, host, ok := strings.Cut(local, sep); ok && strings.Contains(host, ".") {
				host, _, _ = strings.Cut(host, "+")
				add(mailbox{address: name + "@" + host})
			}
		}
		add(mailbox{address: m.address})
	}
	return list
}

func (s *headerSearch) addressesOf(names ...string) (list []string) {
	for _, name := range names {
		for _, v := range s.valuesOf(name) {
			for _, m := range mailboxesIn(v) {
				list = append(list, m.address, "<"+m.address+">")
			}
		}
	}
	return list
}

// recipients are what a list of addresses may have been: other quotes, fewer addresses, those of other fields.
func (s *headerSearch) recipients(f mail.RawField) iter.Seq[string] {
	return func(yield func(string) bool) {
		one := splitAddresses(f.Value())
		now := mailboxesIn(f.Value())
		for _, v := range respelled(f.Name, now) {
			if !yield(v) {
				return
			}
		}
		for i := range one { // an address was added
			if fewer := slices.Delete(slices.Clone(one), i, i+1); len(fewer) > 0 && i < 50 {
				if !yield(strings.Join(fewer, ", ")) || !yield(strings.Join(fewer, ",")) {
					return
				}
			}
		}
		others := append(s.kept(f.Name), s.addressesOf("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To",
			"X-Forwarded-For", "List-Post", "From", "Sender", "To", "Cc")...)
		for _, r := range s.valuesOf("received") {
			if to := mail.ParseTrace(r).For; to != "" {
				others = append(others, to, "<"+to+">")
			}
		}
		for _, v := range append(others, "undisclosed-recipients:;", "undisclosed-recipients: ;", "Undisclosed recipients:;") {
			if !yield(v) {
				return
			}
		}
		for _, a := range others { // with the names that stand there now
			for _, m := range now[:min(len(now), 3)] {
				for _, v := range (mailbox{name: m.name, raw: m.raw, address: strings.Trim(a, "<>")}).spelled(f.Name) {
					if !yield(v) {
						return
					}
				}
			}
		}
	}
}

// respelled are the ways to write a list in which all mailboxes are written alike, and those of a short list in which one is not.
func respelled(field string, list []mailbox) (out []string) {
	if len(list) == 0 || len(list) > 30 {
		return nil
	}
	forms := make([][]string, len(list))
	plain := make([]string, len(list))
	for i, m := range list {
		forms[i] = m.spelled(field)
		plain[i] = forms[i][0]
	}
	for k := range forms[0] {
		same := make([]string, len(list))
		for i := range list {
			same[i] = forms[i][min(k, len(forms[i])-1)]
		}
		out = append(out, strings.Join(same, ", "), strings.Join(same, ","))
	}
	for i := range list[:min(len(list), 6)] {
		for _, v := range forms[i] {
			other := slices.Clone(plain)
			other[i] = v
			out = append(out, strings.Join(other, ", "))
		}
	}
	for _, named := range []string{"", `"`} { // names with quotes or without, addresses alone as they are
		var mixed []string
		for _, m := range list {
			if m.name == "" {
				mixed = append(mixed, m.address)
			} else {
				mixed = append(mixed, named+m.name+named+" <"+m.address+">")
			}
		}
		out = append(out, strings.Join(mixed, ", "))
	}
	out = append(out, strings.ToLower(strings.Join(plain, ", ")))
	return out
}
