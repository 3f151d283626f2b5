package smtp

import (
	"encoding/base64"
	"encoding/hex"
	"strings"

	"todoku/codes"
)

// secretMask is what stands where a secret was.
const secretMask = "****"

// secrets are what no reply may show: the secret of a login, and what was said
// of it. They are looked for as they are, in base64 and in hexadecimal digits.
//
// A reply is compared without regard to case, in two ways: without blanks and
// line ends, and by its letters and digits alone, so that it makes no difference
// where a server breaks the line or what it puts in between. Each way is tried on
// the text and on what its escapes stand for (%2F, =2F, \x2F, &#47;).
//
// A part of a secret counts as well: partLength says how much of it. The word in
// which it stands is hidden with it. A secret of
// less than shortest octets stands in many a text by chance; where it is a word
// of its own, the whole text of the reply is hidden.
type secrets struct {
	exact, letters parts
	words          []string
}

// parts are pieces of secrets by their length.
type parts map[int]map[string]bool

// shortest is the length of a secret, or of a part of one, that is looked for
// within words.
const shortest = 4

// partLength is how much of a text of n octets gives it away: a third, but at
// least five octets, or half where that is less, and eight in any case.
func partLength(n int) int { return min(max((n+2)/3, min(n/2, 5), shortest), 8) }

func (p parts) add(text string, size int) {
	size = min(size, len(text))
	if p[size] == nil {
		p[size] = map[string]bool{}
	}
	for i := 0; i+size <= len(text); i++ {
		p[size][text[i:i+size]] = true
	}
}

// addSecret takes a password or a token.
func (s *secrets) addSecret(secret string) {
	if secret == "" {
		return
	}
	size := partLength(len(secret))
	s.add(secret, size)
	s.addResponse([]byte(secret))
	// A secret within something longer that was encoded looks different by the
	// octets before it: three ways, of which the ends depend on what stands there.
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + secret))
		from, to := (before*8+5)/6, (before+len(secret))*8/6
		s.add(text[from:max(from, to)], size*4/3)
	}
}

// addResponse takes an answer of a login as it goes out, and in digits.
func (s *secrets) addResponse(response []byte) {
	size := partLength(len(response))
	s.add(base64.RawStdEncoding.EncodeToString(response), size*4/3)
	s.add(hex.EncodeToString(response), size*2)
}

// add takes a text of which size octets are enough to give it away.
func (s *secrets) add(text string, size int) {
	if s.exact == nil {
		s.exact, s.letters = parts{}, parts{}
	}
	all := view{text: []byte(text)}.fold()
	exact, letters := string(all.without(isBlank).text), string(all.without(isSeparator).text)
	switch {
	case len(exact) >= shortest:
		s.exact.add(exact, size)
	case exact != "":
		s.words = append(s.words, strings.ToLower(text))
	}
	if len(letters) >= shortest {
		s.letters.add(letters, min(size, partLength(len(letters))*size/partLength(len(text))))
	}
}

// reply is what may be seen of a reply: the code stays.
func (s *secrets) reply(r codes.Reply) codes.Reply {
	if s.exact == nil || r.Code == 0 {
		return r
	}
	text := strings.Join(r.Lines, "\n")
	if s.hasWord(text) {
		r.Lines = []string{secretMask}
		return r
	}
	if e := r.Enhanced.String(); s.masked(e) != e {
		r.Enhanced = codes.Enhanced{}
	}
	if shown := s.masked(text); shown != text {
		r.Lines = strings.Split(shown, "\n")
	}
	return r
}

// text is what may be seen of another text that the server had a hand in.
func (s *secrets) text(text string) string {
	if s.exact == nil {
		return text
	}
	if s.hasWord(text) {
		return secretMask
	}
	return s.masked(text)
}

// hasWord reports whether one of the short secrets stands in a text by itself.
func (s *secrets) hasWord(text string) bool {
	text = strings.ToLower(text)
	for _, word := range s.words {
		for at := 0; ; at++ {
			i := strings.Index(text[at:], word)
			if i < 0 {
				break
			}
			at += i
			end := at + len(word)
			if (at == 0 || isSeparator(text[at-1]) || isSeparator(word[0])) && (end == len(text) || isSeparator(text[end]) ||
				isSeparator(word[len(word)-1])) {
				return true
			}
		}
	}
	return false
}

// masked is a text with each part of a secret replaced, line by line.
func (s *secrets) masked(text string) string {
	hit := make([]bool, len(text))
	found := false
	v := viewOf(text)
	for range 3 { // an escape may be escaped itself
		folded := v.fold()
		found = s.exact.find(folded.without(isBlank), hit) || found
		found = s.letters.find(folded.without(isSeparator), hit) || found
		plain := v.unescaped()
		if len(plain.text) == len(v.text) {
			break
		}
		v = plain
	}
	if !found {
		return text
	}
	wholeWords(text, hit)
	var b strings.Builder
	for i := range len(text) {
		switch {
		case !hit[i]:
			b.WriteByte(text[i])
		case i == 0 || !hit[i-1]:
			b.WriteString(secretMask)
		}
	}
	return b.String()
}

// wholeWords extends what is hit to the words that it stands in, so that no end of
// an encoded text is left, and to nothing beyond a line.
func wholeWords(text string, hit []bool) {
	inWord := func(i int) bool {
		return text[i] != '\n' && (!isSeparator(text[i]) || strings.IndexByte("+/=", text[i]) >= 0)
	}
	for i := range len(text) {
		hit[i] = text[i] != '\n' && (hit[i] || i > 0 && hit[i-1] && inWord(i))
	}
	for i := len(text) - 2; i >= 0; i-- {
		hit[i] = hit[i] || hit[i+1] && inWord(i)
	}
}

// find marks in hit where parts stand in a view, from their first octet to their last.
func (p parts) find(v view, hit []bool) bool {
	found := false
	for size, known := range p {
		for i := 0; i+size <= len(v.text); i++ {
			if !known[string(v.text[i:i+size])] {
				continue
			}
			found = true
			for at := v.from[i]; at < v.to[i+size-1]; at++ {
				hit[at] = true
			}
		}
	}
	return found
}
