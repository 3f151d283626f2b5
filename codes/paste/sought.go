package paste

import "strings"

// pairs are the pairs of octets that a text has, as bits. Few of the many words that are looked for in a text have all their pairs
// in it, so the text itself is looked through for those few alone.
type pairs [64]uint64

func pairsOf(s string) *pairs {
	p := new(pairs)
	for i := 1; i < len(s); i++ {
		n := pair(s[i-1], s[i])
		p[n/64] |= 1 << (n % 64)
	}
	return p
}

// pair is the bit of two octets.
func pair(a, b byte) uint { return (uint(a)<<5 ^ uint(b)) % (64 * 64) }

// sought is a text in lower case that many words are looked for in, with the pairs of it, or of a text that it is a part of.
type sought struct {
	low string
	*pairs
}

func soughtIn(low string) sought { return sought{low, pairsOf(low)} }

// mayHave reports whether a word may be in the text.
func (s sought) mayHave(word string) bool {
	for i := 1; i < len(word); i++ {
		if n := pair(word[i-1], word[i]); s.pairs[n/64]>>(n%64)&1 == 0 {
			return false
		}
	}
	return true
}

func (s sought) has(word string) bool { return s.mayHave(word) && strings.Contains(s.low, word) }

func (s sought) hasAny(words []string) bool {
	for _, w := range words {
		if s.has(w) {
			return true
		}
	}
	return false
}

// last is where a word stands last, -1 where it does not.
func (s sought) last(word string) int {
	if !s.mayHave(word) {
		return -1
	}
	return strings.LastIndex(s.low, word)
}
