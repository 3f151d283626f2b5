package codes

import (
	"slices"
	"strings"
)

// near lists the candidates that a mistyped word may have meant, the best
// first, three at most.
func near(word string, candidates []string) []string {
	type guess struct {
		word string
		far  int
	}
	word = strings.ToLower(word)
	var found []guess
	for _, c := range candidates {
		far := Slips(word, c)
		switch {
		case digits(word) && far > 1: // another number is another code
			continue
		case far <= min(max(2, len(word)/3), len(word)/2):
		case len(word) >= 2 && (strings.HasPrefix(c, word) || strings.Contains(c, "-"+word)):
			far = len(c)
		default:
			continue
		}
		found = append(found, guess{c, far})
	}
	slices.SortStableFunc(found, func(a, b guess) int { return a.far - b.far })
	out := make([]string, 0, 3)
	for _, g := range found[:min(3, len(found))] {
		out = append(out, g.word)
	}
	return out
}

// Slips counts the octets that are left out, added, changed or swapped with their neighbour between two words (optimal string
// alignment).
func Slips(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row[0] = i + 1
		for j := range len(b) {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(change, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

// DidYouMean is the remedy for a mistyped word: the near ones, or otherwise
// where there are none. prefix stands before each word: "--" for flags.
func DidYouMean(word, prefix string, candidates []string, otherwise Message) Message {
	guesses := near(word, candidates)
	if len(guesses) == 0 {
		return otherwise
	}
	for i, g := range guesses {
		guesses[i] = prefix + g
	}
	return Say(Text{EN: "did you mean {words}?", JA: "もしかして: {words}"}, List("words", guesses))
}
