package codes

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// index holds many expressions and tells which of them a text matches. Each
// alternative of an expression stands by itself. Every match of an alternative
// contains a literal of each of its groups of words; a literal is found by three
// of its octets, its gram. So a text is read once, however many expressions
// there are, and only those alternatives are tried whose words it holds.
type index struct {
	expressions  []expression
	alternatives []alternative
	need         []groups           // of each alternative
	places       []place            // ordered by the bucket of their gram
	ends         [buckets + 1]int32 // of the places of the bucket before
}

// buckets is the number of hash values of grams.
const buckets = 1 << 13

// groups is a set of bits: bit i is set when a word of the i-th group of an alternative is in the text. More groups than
// it has bits are not looked for.
type groups uint8

// expression is a run of alternatives.
type expression struct{ first, end int }

// alternative is compiled at its first use: a run needs few of them.
type alternative struct {
	source   string // RE2
	once     sync.Once
	compiled *regexp.Regexp // nil where the source is plain words
}

func (a *alternative) matches(text string) bool {
	a.once.Do(func() {
		if regexp.QuoteMeta(a.source) != a.source {
			a.compiled = regexp.MustCompile(a.source)
		}
	})
	if a.compiled == nil {
		return strings.Contains(text, a.source)
	}
	return a.compiled.MatchString(text)
}

// wording is an expression that was parsed: its alternatives.
type wording []branch

// branch is an alternative of an expression, with the words that it needs.
type branch struct {
	source string // RE2
	words  string // a line for each group, of which one word is in every match; a tab is before each word
}

// place is one literal of an alternative, and where in it its gram stands.
type place struct {
	literal string
	offset  int32
	number  int32
	group   groups
}

// parseWording reads an RE2 expression, to be matched without regard to case.
func parseWording(source string) (w wording, err error) {
	parsed, err := syntax.Parse(source, syntax.Perl)
	if err == nil && hasUpper(parsed) { // texts are in lower case: folding is for them only
		parsed, err = syntax.Parse(source, syntax.Perl|syntax.FoldCase)
	}
	if err != nil {
		return w, err
	}
	for _, re := range branches(parsed) {
		b := branch{source: re.String()}
		for _, words := range required(re) {
			b.words += "\t\t" + strings.Join(words, "\t") + "\n"
		}
		w = append(w, b)
	}
	return w, nil
}

// newIndex enters expressions, which keep the numbers at which they stand.
func newIndex(expressions []string, wordings map[string]wording) *index {
	x := &index{}
	var branches []branch
	for _, source := range expressions {
		w, ok := wordings[source]
		if !ok {
			w, _ = parseWording(source)
		}
		x.expressions = append(x.expressions, expression{len(branches), len(branches) + len(w)})
		branches = append(branches, w...)
	}
	x.alternatives = make([]alternative, len(branches))
	x.need = make([]groups, len(branches))
	places := make([]place, 0, 3*len(branches))
	var sizes [buckets]int32
	for n, b := range branches {
		x.alternatives[n].source = b.source
		places = x.enter(n, b.words, places, &sizes)
	}
	for b, n := range sizes {
		x.ends[b+1] = x.ends[b] + n
	}
	x.places = make([]place, len(places))
	for _, p := range places {
		b := bucket(p.literal, int(p.offset))
		sizes[b]--
		x.places[x.ends[b]+sizes[b]] = p
	}
	return x
}

// bucket is the hash value of the gram of a text at an offset.
func bucket(text string, offset int) uint32 {
	return (uint32(text[offset]) | uint32(text[offset+1])<<8 | uint32(text[offset+2])<<16) * 0x9e3779b1 >> 19
}

// branches are the alternatives at the top of an expression.
func branches(re *syntax.Regexp) []*syntax.Regexp {
	switch re.Op {
	case syntax.OpCapture:
		return branches(re.Sub[0])
	case syntax.OpAlternate:
		var out []*syntax.Regexp
		for _, sub := range re.Sub {
			out = append(out, branches(sub)...)
		}
		return out
	}
	return []*syntax.Regexp{re}
}

func hasUpper(re *syntax.Regexp) bool {
	return re.Op == syntax.OpLiteral && slices.ContainsFunc(re.Rune, unicode.IsUpper) || slices.ContainsFunc(re.Sub, hasUpper)
}

// enter enters the words of an alternative: it appends to the places, and counts them in their buckets.
func (x *index) enter(number int, words string, places []place, sizes *[buckets]int32) []place {
	group := groups(1)
	for line := range strings.Lines(words) {
		x.need[number] |= group
		for literal := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == '\t' || r == '\n' }) {
			p := place{literal, int32(rarest(literal, sizes)), int32(number), group}
			sizes[bucket(literal, int(p.offset))]++
			places = append(places, p)
		}
		if group <<= 1; group == 0 {
			break
		}
	}
	return places
}

// rarest is where the gram stands whose bucket has the fewest places.
func rarest(literal string, sizes *[buckets]int32) int {
	best, fewest := 0, int32(-1)
	for i := 0; i+3 <= len(literal); i++ {
		if n := sizes[bucket(literal, i)]; fewest < 0 || n < fewest {
			best, fewest = i, n
		}
	}
	return best
}

// reading is a text with the alternatives that it may match.
type reading struct {
	index *index
	text  string
	has   []groups
}

// read looks at a text, which is in lower case.
func (x *index) read(text string) reading {
	r := reading{x, text, make([]groups, len(x.alternatives))}
	for i := 0; i+3 <= len(text); i++ {
		b := bucket(text, i)
		for _, p := range x.places[x.ends[b]:x.ends[b+1]] {
			if start := i - int(p.offset); start >= 0 && r.has[p.number]&p.group == 0 && strings.HasPrefix(text[start:], p.literal) {
				r.has[p.number] |= p.group
			}
		}
	}
	return r
}

// possible reports whether the words of an expression are there, by its number.
func (r reading) possible(number int) bool {
	e := r.index.expressions[number]
	for n := e.first; n < e.end; n++ {
		if r.has[n] == r.index.need[n] {
			return true
		}
	}
	return false
}

// matches reports whether the text matches an expression.
func (r reading) matches(number int) bool {
	e := r.index.expressions[number]
	for n := e.first; n < e.end; n++ {
		if r.has[n] == r.index.need[n] && r.index.alternatives[n].matches(r.text) {
			return true
		}
	}
	return false
}

// required gives groups of literals in lower case: every match of an expression
// contains at least one of each group.
func required(re *syntax.Regexp) [][]string {
	switch re.Op {
	case syntax.OpLiteral:
		if l := strings.ToLower(string(re.Rune)); len(l) >= 3 {
			return [][]string{{l}}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var all [][]string
		for _, sub := range re.Sub {
			all = append(all, required(sub)...)
		}
		return all
	case syntax.OpAlternate:
		var any []string
		for _, sub := range re.Sub {
			best := longest(required(sub))
			if best == nil {
				return nil
			}
			any = append(any, best...)
		}
		return [][]string{any}
	}
	return nil
}

// longest is the group whose shortest literal is the longest: the rarest words.
func longest(groups [][]string) []string {
	var best []string
	for _, g := range groups {
		if best == nil || shortest(g) > shortest(best) {
			best = g
		}
	}
	return best
}

func shortest(literals []string) int {
	n := 0
	for i, l := range literals {
		if i == 0 || len(l) < n {
			n = len(l)
		}
	}
	return n
}
