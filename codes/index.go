package codes

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"sync"
)

// index holds many expressions and tells which of them a text matches. Every
// match of an expression contains one of its literals; a literal is found by
// three of its octets. So a text is read once, however many expressions there
// are, and only those are tried whose words it holds.
type index struct {
	expressions []expression
	byGram      map[gram][]place
	always      []int // expressions without a literal of three octets
}

// expression is compiled at its first use: a run needs few of them.
type expression struct {
	source   string
	compiled func() *regexp.Regexp
}

type gram [3]byte

// place is one literal of an expression, and where in it the gram stands.
type place struct {
	literal string
	offset  int
	number  int
}

// add enters an RE2 expression, to be matched without regard to case, and
// gives its number.
func (x *index) add(source string) (int, error) {
	parsed, err := syntax.Parse(source, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return -1, err
	}
	number := len(x.expressions)
	x.expressions = append(x.expressions, expression{source, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?i)" + source) })})
	literals, ok := required(parsed)
	if !ok {
		x.always = append(x.always, number)
		return number, nil
	}
	for _, l := range literals {
		offset := x.rarest(l)
		g := gram([]byte(l[offset : offset+3]))
		x.byGram[g] = append(x.byGram[g], place{l, offset, number})
	}
	return number, nil
}

// rarest is where the gram stands that the fewest literals share.
func (x *index) rarest(literal string) int {
	best, fewest := 0, -1
	for i := 0; i+3 <= len(literal); i++ {
		if n := len(x.byGram[gram([]byte(literal[i:i+3]))]); fewest < 0 || n < fewest {
			best, fewest = i, n
		}
	}
	return best
}

// reading is a text with the expressions that it may match.
type reading struct {
	index *index
	text  string
	may   []bool
}

// read looks at a text, which is in lower case.
func (x *index) read(text string) reading {
	r := reading{x, text, make([]bool, len(x.expressions))}
	for _, n := range x.always {
		r.may[n] = true
	}
	for i := 0; i+3 <= len(text); i++ {
		for _, p := range x.byGram[gram{text[i], text[i+1], text[i+2]}] {
			if start := i - p.offset; start >= 0 && !r.may[p.number] && strings.HasPrefix(text[start:], p.literal) {
				r.may[p.number] = true
			}
		}
	}
	return r
}

// matches reports whether the text matches an expression, by its number.
func (r reading) matches(number int) bool {
	return r.may[number] && r.index.expressions[number].compiled().MatchString(r.text)
}

// required gives literals in lower case of which every match of an expression
// contains at least one.
func required(re *syntax.Regexp) ([]string, bool) {
	switch re.Op {
	case syntax.OpLiteral:
		l := strings.ToLower(string(re.Rune))
		return []string{l}, len(l) >= 3
	case syntax.OpCapture, syntax.OpPlus:
		return required(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return required(re.Sub[0])
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range re.Sub {
			if l, ok := required(sub); ok && shortest(l) > shortest(best) {
				best = l
			}
		}
		return best, best != nil
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			l, ok := required(sub)
			if !ok {
				return nil, false
			}
			all = append(all, l...)
		}
		return all, true
	}
	return nil, false
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
