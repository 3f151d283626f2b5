package content

import (
	"slices"
	"strings"
	"unicode"
)

// Placeholder is something that a template should have replaced and did not.
type Placeholder struct {
	Kind    string `json:"kind"`    // its form: "braces", "percent", "name_blank" …
	Place   string `json:"place"`   // "subject", "text", "html", "link", or the name of a header field
	Text    string `json:"text"`    // as it stands
	Line    int    `json:"line"`    // of the place, from 1
	Excerpt string `json:"excerpt"` // the line that it stands in
	Certain bool   `json:"certain"` // no ordinary text has it; else it may be meant
}

// Bounds of what is kept.
const (
	maxPlaceholders = 50
	maxExcerpt      = 80 // characters
	maxInside       = 60 // characters between the two marks of a placeholder
)

// finder collects placeholders of a mail, each text of a place once.
type finder struct {
	list []Placeholder
	more int
}

// add keeps a placeholder.
func (f *finder) add(p Placeholder) {
	same := func(o Placeholder) bool { return o.Place == p.Place && o.Text == p.Text && o.Kind == p.Kind }
	switch {
	case slices.ContainsFunc(f.list, same):
	case len(f.list) == maxPlaceholders:
		f.more++
	default:
		f.list = append(f.list, p)
	}
}

// text looks through a text of a place. Lines of program code are passed over.
func (f *finder) text(place, text string) {
	code := codeLines{}
	n := 0
	spoken := 0 // lines with words so far
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if len(line) > maxLine {
			line = strings.ToValidUTF8(line[:maxLine], "")
		}
		urls, rest := webAddresses(line)
		if code.is(rest) {
			continue
		}
		if strings.TrimSpace(line) != "" {
			spoken++
		}
		for _, u := range urls {
			f.link(u)
		}
		l := scan{finder: f, place: place, n: n, early: spoken <= earlyLines, was: []rune(rest)}
		l.run()
	}
}

// maxLine bounds how much of one line is looked at, in octets.
const maxLine = 16 << 10

// earlyLines are the lines of a mail in which it addresses its reader.
const earlyLines = 20

// link looks through the target of a link. Only forms that no address of the web has count.
func (f *finder) link(target string) {
	was := []rune(target[:min(len(target), maxLine)])
	l := scan{finder: f, place: "link", n: 1, was: was, link: true}
	l.run()
}

// scan is one line that is looked through. folded is was with the wide forms of ASCII made narrow, rune by rune.
type scan struct {
	*finder
	place  string
	n      int
	early  bool // the line is one of the first of the mail
	link   bool
	was    []rune
	folded []rune
}

func (l *scan) run() {
	l.folded = make([]rune, len(l.was))
	for i, r := range l.was {
		l.folded[i] = narrow(r)
	}
	for i := 0; i < len(l.folded); {
		n := l.form(i)
		if n == 0 && !l.link {
			n = l.blank(i)
		}
		i += max(n, 1)
	}
	if !l.link {
		l.salutation()
		l.program()
	}
}

// narrow is the ASCII form of a wide character (U+FF01 to U+FF5E), and of the wide space.
func narrow(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xff01 + '!'
	case r == '\u3000':
		return ' '
	}
	return r
}

// found keeps what stands from one rune to another of the line.
func (l *scan) found(kind string, from, to int, certain bool) {
	l.add(Placeholder{Kind: kind, Place: l.place, Text: string(l.was[from:min(to, from+maxExcerpt)]), Line: l.n,
		Excerpt: excerpt(l.was, from), Certain: certain})
}

// excerpt is the part of a line around a place.
func excerpt(line []rune, at int) string {
	from := 0
	if at > maxExcerpt/2 {
		from = at - maxExcerpt/2
	}
	return strings.TrimSpace(string(line[from:min(len(line), from+maxExcerpt)]))
}

// quoted reports whether somebody writes about the words from one rune to another: they stand in quotation marks.
func (l *scan) quoted(from, to int) bool {
	if from == 0 || to >= len(l.folded) {
		return false
	}
	before, after := l.folded[from-1], l.folded[to]
	i := slices.Index(quotesOpen, before)
	return i >= 0 && after == quotesClose[i]
}

var (
	quotesOpen  = []rune("`\"'「『“‘‹«")
	quotesClose = []rune("`\"'」』”’›»")
)

// honoured reports whether a form of address for a person follows at a rune, as in "{name} 様".
func (l *scan) honoured(at int) bool { return l.honorific(at) > 0 }

// honorific is how many runes such a form has from a rune on, with the spaces before it; 0 for none.
func (l *scan) honorific(at int) int {
	n := 0
	for at+n < len(l.folded) && l.folded[at+n] == ' ' && n < 3 {
		n++
	}
	rest := string(l.folded[min(at+n, len(l.folded)):min(len(l.folded), at+n+3)])
	for _, h := range [...]string{"様", "さま", "殿", "御中", "先生"} {
		if strings.HasPrefix(rest, h) && !strings.HasPrefix(rest, "様々") && !strings.HasPrefix(rest, "様式") && !strings.HasPrefix(rest,
			"様子") {
			return n + len([]rune(h))
		}
	}
	return 0
}

// greeted reports whether a greeting stands right before a rune, as in "Dear {name}".
func (l *scan) greeted(at int) bool {
	before := strings.TrimRight(strings.ToLower(string(l.folded[max(0, at-14):at])), " ")
	for _, g := range [...]string{"dear", "hi", "hello", "hey", "bonjour", "hallo", "hola", "liebe", "lieber", "good morning"} {
		if rest, ok := strings.CutSuffix(before, g); ok && (rest == "" || !unicode.IsLetter([]rune(rest)[len([]rune(rest))-1])) {
			return true
		}
	}
	return false
}
