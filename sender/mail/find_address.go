package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// AddressIn is the first mail address in the value of a header field, however it is written; "" where there is none. It takes
// what ParseAddress refuses, such as the dots of the old Japanese carriers.
func AddressIn(value string) string {
	if open := strings.LastIndexByte(value, '<'); open >= 0 {
		if one, _, ok := strings.Cut(value[open+1:], ">"); ok && strings.Contains(one, "@") {
			value = one
		}
	}
	a, _, _ := NextAddress(value)
	return a
}

// NextAddress finds the next mail address in a text, and where it stands; "" where there is none.
func NextAddress(s string) (address string, start, end int) {
	for from := 0; from < len(s); {
		at := strings.IndexByte(s[from:], '@')
		if at < 0 {
			return "", 0, 0
		}
		at += from
		start, end := localStart(s, at, from), domainEnd(s, at+1)
		if start < at && end > at+1 {
			return s[start:end], start, end
		}
		from = at + 1
	}
	return "", 0, 0
}

// localStart is where the local part before an @ begins.
func localStart(s string, at, from int) int {
	if at > from && s[at-1] == '"' {
		if open := strings.LastIndexByte(s[from:at-1], '"'); open >= 0 && at-open-from < 80 {
			return from + open
		}
		return at
	}
	i := at
	for i > from && isLocalByte(s[i-1]) {
		i--
	}
	if i > from && s[i-1] >= utf8.RuneSelf {
		return wideLocalStart(s, at, from, i)
	}
	return at - len(strings.TrimLeft(s[i:at], "'=/")) // 'a@b'
}

// wideLocalStart is where a local part begins before whose octets of ASCII, from i on, others stand: they belong to it, or are words
// of a language without spaces ("宛先:太郎@例え.jp").
func wideLocalStart(s string, at, from, i int) int {
	j := i
	for j > from && (isLocalByte(s[j-1]) || s[j-1] >= utf8.RuneSelf) {
		j--
	}
	before := s[:j]
	opens := before == "" || before == " " || strings.HasSuffix(before, "<") || strings.HasSuffix(before, ";") ||
		strings.HasSuffix(before, "; ")
	if (i == at || opens) && !strings.ContainsAny(s[j:at], "：、。「」（）") {
		return j
	}
	return i
}

func isLocalByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || strings.IndexByte("!#$%&'*+-/=?^_`{|}~.", c) >= 0
}

// domainEnd is where the domain after an @ ends.
func domainEnd(s string, start int) int {
	if start < len(s) && s[start] == '[' {
		if end := strings.IndexByte(s[start:], ']'); end > 0 && end < 60 {
			return start + end + 1
		}
		return start
	}
	i := start
	for i < len(s) && isDomainByte(s[i]) {
		i++
	}
	if i < len(s) && s[i] >= utf8.RuneSelf {
		i = wideDomainEnd(s, start, i)
	}
	for i > start && (s[i-1] == '.' || s[i-1] == '-') {
		i--
	}
	return i
}

// wideDomainEnd is where a domain beyond ASCII ends that begins at start; i where the text that follows the domain is something else.
// Words of a language without spaces may stand there.
func wideDomainEnd(s string, start, i int) int {
	end := i
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsMark(r) || r < utf8.RuneSelf && !isDomainByte(s[end]) {
			break
		}
		end += size
	}
	if last := strings.LastIndexByte(s[start:i], '.'); last >= 0 && i-start-last > 2 { // "a@example.jp" before other words
		return i
	}
	if strings.Contains(s[start:end], ".") && (end == len(s) || strings.IndexByte("> ;,\n\r)", s[end]) >= 0) {
		return end
	}
	return i
}

func isDomainByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '-' || c == '.' || c == '_'
}
