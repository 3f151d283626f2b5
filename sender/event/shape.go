package event

import "strings"

// cutMark stands in a shape for what was cut out. No text has it.
const cutMark = 0

// shaper makes shapes of words: what varies from mail to mail is cut out, such as ids, addresses, hosts and numbers; what may
// tell the meaning stays, above all reply codes and enhanced codes.
type shaper struct {
	text []byte // the shape
	cuts []Span // what was cut out of the words, in order

	hosts []string // names to cut out: of the servers, and of the domains of the mail
	local string   // the mailbox of the recipient
	keep  func(word string) bool
}

// shape cuts the words.
func (s *shaper) shape(words string) {
	s.text, s.cuts = s.text[:0], s.cuts[:0]
	for i := 0; i < len(words); {
		end := i
		if n := colons(words[i:]); n > 0 && (i == 0 || !isTokenByte(words[i-1])) {
			s.cut(i, i+n)
			i += n
			continue
		}
		digit, at := false, false
		for end < len(words) && isTokenByte(words[end]) {
			digit = digit || isDigit(words[end])
			at = at || words[end] == '@'
			end++
		}
		if end == i {
			s.text = append(s.text, words[i])
			i++
			continue
		}
		s.token(words, i, end, digit, at)
		i = end
	}
}

// token takes words[start:end], which has no space and no bracket, with what may stand behind a word.
func (s *shaper) token(words string, start, end int, digit, at bool) {
	tail := end
	for tail > start && strings.IndexByte(".-!*", words[tail-1]) >= 0 {
		tail--
	}
	word := words[start:tail]
	switch {
	case at:
		if digit || s.isOurs(word[strings.LastIndexByte(word, '@')+1:]) {
			s.cut(start, tail)
		} else {
			s.text = append(s.text, word...)
		}
	case digit:
		s.number(words, start, tail)
	case s.isOurs(word) || word == s.local && word != "" && !s.keep(word):
		s.cut(start, tail)
	default:
		s.text = append(s.text, word...)
	}
	s.text = append(s.text, words[tail:end]...)
}

// number takes a word with digits.
func (s *shaper) number(words string, start, end int) {
	if end-start > 3 && words[start+3] == '-' && isCode(words[start:start+3]) { // "550-5.7.1"
		s.text = append(s.text, words[start:start+4]...)
		start += 4
	}
	word := words[start:end]
	dot := strings.LastIndexByte(word, '.')
	switch {
	case isCode(word), isStatus(word), isMark(word):
		s.text = append(s.text, word...)
	case dot > 0 && len(word)-dot > 2 && onlyLetters(word[dot+1:]) && !s.isOurs(word):
		for label := start; label < end; { // a host: the labels with digits
			stop := end
			if i := strings.IndexByte(words[label:end], '.'); i >= 0 {
				stop = label + i
			}
			if l := words[label:stop]; strings.ContainsAny(l, "0123456789") && !isMark(l) {
				s.cut(label, stop)
			} else {
				s.text = append(s.text, words[label:stop]...)
			}
			if label = stop; label < end {
				s.text = append(s.text, '.')
				label++
			}
		}
	default:
		s.cut(start, end)
	}
}

func (s *shaper) cut(start, end int) {
	if start < end {
		s.text = append(s.text, cutMark)
		s.cuts = append(s.cuts, Span{start, end})
	}
}

// isOurs reports whether a word is a host or a domain of this mail.
func (s *shaper) isOurs(word string) bool {
	for _, h := range s.hosts {
		if len(h) == len(word) && h != "" && strings.EqualFold(h, word) {
			return true
		}
	}
	return false
}

// isCode reports whether a word may be a reply code.
func isCode(w string) bool {
	return len(w) == 3 && w[0] >= '2' && w[0] <= '5' && isDigit(w[1]) && isDigit(w[2])
}

// isStatus reports whether a word may be an enhanced code: "5.7.1".
func isStatus(w string) bool {
	if len(w) < 5 || len(w) > 9 || w[1] != '.' || w[0] != '2' && w[0] != '4' && w[0] != '5' {
		return false
	}
	dots := 0
	for i := range len(w) {
		if w[i] == '.' {
			dots++
		} else if !isDigit(w[i]) {
			return false
		}
	}
	return dots == 2 && w[len(w)-1] != '.'
}

// isMark reports whether a word may be a mark of a provider: capital letters, or letters and a hyphen, before a few digits, as "S3140",
// "RP-001", "TSS04", "In-1110"; or one digit alone.
func isMark(w string) bool {
	if len(w) == 1 {
		return true
	}
	i, capitals := 0, true
	for i < len(w) && i < 9 && onlyLetters(w[i:i+1]) {
		capitals = capitals && w[i] < 'a'
		i++
	}
	if i == 0 || i > 8 {
		return false
	}
	if i < len(w) && (w[i] == '-' || w[i] == '_') {
		i++
	} else if !capitals {
		return false
	}
	n := len(w) - i
	for _, c := range []byte(w[i:]) {
		if !isDigit(c) {
			return false
		}
	}
	return n >= 1 && n <= 4
}

// colons is the length of an IPv6 address or of a time of day at the beginning of a text, 0 where there is neither.
func colons(s string) int {
	if c := s[0]; !isDigit(c) && c != ':' && (c|0x20 < 'a' || c|0x20 > 'f') {
		return 0
	}
	n, count := 0, 0
	for n < len(s) && (s[n] == ':' || s[n] == '.' || isDigit(s[n]) || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'f') {
		if s[n] == ':' {
			count++
		}
		n++
	}
	for n > 0 && s[n-1] == '.' {
		n--
	}
	if count < 2 || n < len(s) && isTokenByte(s[n]) && s[n] != '.' {
		return 0
	}
	return n
}

func onlyLetters(w string) bool {
	for i := range len(w) {
		if c := w[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return w != ""
}

// isTokenByte reports whether an octet belongs to a word, a host or an address.
func isTokenByte(c byte) bool {
	low := c | 0x20
	return low >= 'a' && low <= 'z' || isDigit(c) || c >= 0x80 || c != 0 && strings.IndexByte("._-+@%~!$*^", c) >= 0
}
