package spf

import (
	"strings"
	"unicode"

	"todoku/diag/resolve"
)

// plainText writes a text with the characters of a record: as resolve.Plain does, with what Japanese keyboards put for a
// tilde, a hyphen and a dot. Quotes, brackets and backslashes, which no record has, go. What is no UTF-8 stays a fault: a
// name without it would be another one.
func plainText(s string) string {
	return strings.TrimSpace(strings.Map(plainRune, resolve.Plain(strings.ToValidUTF8(s, "\ufffd"))))
}

func plainRune(r rune) rune {
	switch {
	case strings.ContainsRune("\"'\\<>[]", r):
		return -1
	case r == '\u301c': // the wave dash
		return '~'
	case r == '\u30fc', unicode.Is(unicode.Pd, r): // the Japanese long vowel mark, dashes
		return '-'
	}
	return r
}

// cutVersion cuts the version off the start of a text, in the forms that people give it.
func cutVersion(s string) (body string, ok bool) {
	for range 8 {
		word, body, more := strings.Cut(s, " ")
		if more && !startsRight(word) && oneOff(strings.ToLower(word), "v=spf1") && listsSenders(body) { // v=sfp1
			return body, true
		}
		if body, ok := version(s); ok {
			return body, true
		}
		if more && strings.HasSuffix("v=spf1", strings.ToLower(word)) && listsSenders(body) {
			return body, true // cut at its start
		}
		label := strings.TrimRight(word, ":=")
		if !more || !isLabel(label) {
			return "", false
		}
		s = strings.TrimLeft(body, " :=")
	}
	return "", false
}

// isLabel reports whether a word is what a zone file or a form has in front of a record.
func isLabel(word string) bool {
	switch strings.ToLower(word) {
	case "txt", "in", "spf", "@", "":
		return true
	}
	return strings.Trim(word, "0123456789") == "" || strings.HasSuffix(word, ".")
}

// version reads "v=spf1" in the forms that people give it: v=spf1, v = spf1, v:spf1, vspf1, spf1, v=spf, v=spfl, v=spf2, spf=v1.
func version(s string) (rest string, ok bool) {
	lower := resolve.Lower(s)
	i, named := 0, strings.HasPrefix(lower, "v")
	if named {
		i++
	}
	mark := i
	i = pastMarks(lower, i)
	marked := i > mark
	if !strings.HasPrefix(lower[i:], "spf") {
		return "", false
	}
	i += len("spf")
	if v := pastMarks(lower, i); !named && strings.HasPrefix(lower[v:], "v") { // spf=v1
		i, named = pastMarks(lower, v+1), true
	}
	i, ok = number(lower, i, named, marked)
	if !ok {
		return "", false
	}
	rest = strings.TrimPrefix(s[i:], ".0")
	if strings.HasPrefix(rest, "/") { // spf2.0/pra is Sender ID (RFC 4406)
		return "", false
	}
	return strings.TrimLeft(rest, " ,;:.=|"), true
}

// pastMarks is where a text goes on behind the marks that stand at a place.
func pastMarks(s string, i int) int {
	for i < len(s) && strings.IndexByte(" =:-_.", s[i]) >= 0 {
		i++
	}
	return i
}

// number reads what stands for the 1 of v=spf1, and gives where the text goes on.
func number(lower string, i int, named, marked bool) (next int, ok bool) {
	if strings.HasPrefix(lower[i:], " 1") && (len(lower) == i+2 || lower[i+2] == ' ') {
		i++
	}
	digits := i
	for i < len(lower) && isDigit(lower[i]) {
		i++
	}
	switch n := i - digits; {
	case n == 0 && i < len(lower) && strings.IndexByte("li|", lower[i]) >= 0 && !continues(lower[i+1:]): // v=spfl
		return i + 1, true
	case n == 0:
		return i, named && marked
	case n == 1:
		return i, named || lower[digits] == '1'
	}
	return i, listsSenders(plainText(lower[i:]))
}

// continues reports whether a word goes on here.
func continues(s string) bool { return s != "" && (isAlpha(s[0]) || isDigit(s[0]) || s[0] == '-') }

// splitVersions parts records that were joined into one text: "v=spf1" stands in no term.
func splitVersions(body string) []string {
	var out []string
	for {
		i := strings.Index(resolve.Lower(body), "v=spf1")
		if i < 0 {
			return append(out, body)
		}
		if part := strings.TrimSpace(body[:i]); part != "" {
			out = append(out, part)
		}
		body = strings.TrimLeft(body[i+len("v=spf1"):], " ,;:.")
	}
}

// splitLists parts a word at commas, semicolons and bars outside of macros, and drops what is nothing else.
func splitLists(word string) []string {
	var out []string
	start, inside := 0, false
	for i := 0; i <= len(word); i++ {
		switch {
		case i == len(word), !inside && strings.IndexByte(",;|", word[i]) >= 0:
			part := word[start:i]
			if i < len(word)-1 && (bareName(part) || isName(part) && !sound(word[i+1:])) { // ip4;192.0.2.1
				word = withMark(word[:i], word[i+1:])
				continue
			}
			if part != "" && part != "." && part != "&" {
				out = append(out, part)
			}
			start = i + 1
		case word[i] == '{':
			inside = true
		case word[i] == '}':
			inside = false
		}
	}
	return out
}
