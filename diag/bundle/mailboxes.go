package bundle

import (
	"iter"
	"strings"
	"unicode/utf8"
)

// mailboxes gives the mail addresses of a text, as left and right part. It finds more than addresses rather than less.
func mailboxes(s string) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for from := 0; ; {
			at, size := nextSign(s, from)
			if at < 0 {
				return
			}
			local, domain := s[localStart(s, at):at], s[at+size:domainEnd(s, at+size)]
			local, domain = strings.Trim(local, "'"), strings.TrimRight(domain, ".-")
			if local != "" && domain != "" && !yield(local, domain) {
				return
			}
			from = at + size
		}
	}
}

// nextSign finds the next @, and how many octets it has.
func nextSign(s string, from int) (at, size int) {
	at = -1
	for _, sign := range []string{"@", "＠"} {
		if i := strings.Index(s[from:], sign); i >= 0 && (at < 0 || from+i < at) {
			at, size = from+i, len(sign)
		}
	}
	return at, size
}

// localStart is where the left part begins that ends at a place: the characters of RFC 5321 §4.1.2 with those of RFC 6531, or a
// text in quotes.
func localStart(s string, end int) int {
	if end > 0 && s[end-1] == '"' {
		for i := end - 2; i >= 0 && end-i < 80; i-- {
			if s[i] == '"' && (i == 0 || s[i-1] != '\\') {
				return i
			}
		}
	}
	start := end
	for start > 0 && end-start < 256 {
		r, size := utf8.DecodeLastRuneInString(s[:start])
		if !alnum(r) && !strings.ContainsRune("!#$%&'*+/=?^_`{|}~.-", r) || r == '＠' || r >= 0x3000 && r <= 0x303f {
			break
		}
		start -= size
	}
	return start
}

// domainEnd is where a domain ends that begins at a place.
func domainEnd(s string, start int) int {
	end := start
	for end < len(s) && end-start < 256 {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !alnum(r) && r != '.' && r != '-' || r == '＠' || r >= 0x3000 && r <= 0x303f || r == utf8.RuneError {
			break
		}
		end += size
	}
	return end
}
