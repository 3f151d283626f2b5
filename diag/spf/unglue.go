package spf

import (
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// slip says what of a term is allowed and yet surely not meant: the whole term where blanks are missing in it, "" else.
func (t *Term) slip() string {
	switch {
	case t.Kind == Unknown && strings.EqualFold(t.Name(), "v") && strings.HasPrefix(strings.ToLower(string(t.Domain)), "spf"):
		return t.Text // a second record
	case t.Kind == Invalid || t.Kind == Unknown || t.Kind == All || t.Domain == "":
		return ""
	}
	literal := ""
	for p := range t.Domain.Parts() {
		if p.Macro.Letter == 0 {
			literal += p.Text
		}
	}
	if t.Domain.HasMacro() {
		if _, _, two := cutTerm(literal); two || literal != "" && strings.IndexByte(":=", t.Domain[0]) >= 0 {
			return t.Text
		}
		return ""
	}
	// No host name holds these, and no top-level domain but the encoded ones has a hyphen.
	top := literal[strings.LastIndexByte(strings.TrimSuffix(literal, "."), '.')+1:]
	if strings.ContainsAny(literal, ":=,;|\"'`<>()[]!&/\\+~?@*") ||
		strings.IndexByte(top, '-') >= 0 && !strings.HasPrefix(strings.ToLower(top), "xn--") {
		return t.Text
	}
	return ""
}

// ignored reports whether a mechanism's name has "=", or a modifier's name is misspelt: an unknown modifier that nobody
// reads (RFC 7208 §6).
func (t *Term) ignored() bool {
	if t.Kind != Unknown {
		return false
	}
	name := strings.ToLower(t.Name())
	return kindOf(name) < Redirect ||
		slices.ContainsFunc([]string{"redirect", "include", "exists", "ip4", "ip6"}, func(known string) bool { return oneOff(name, known) })
}

// cutTerm finds where a term with a value begins inside a text.
func cutTerm(s string) (before, after string, ok bool) {
	lower := resolve.Lower(s)
	for _, name := range []string{"include:", "exists:", "ip4:", "ip6:", "redirect="} {
		if i := strings.Index(lower, name); i >= 0 {
			return s[:i], s[i:], true
		}
	}
	return "", "", false
}

// The bounds of what is taken apart: nobody glues more by mistake.
const (
	maxGlued   = 400 // octets of a word
	maxUnglued = 8   // words of a record
)

// unglue reads terms that lost the blanks between them. Of the ways to part them only the one with the fewest terms
// counts, and only where it is the only one.
func unglue(text string) []string {
	if len(text) > maxGlued {
		return nil
	}
	starts := beginnings(text)
	best := make([]parting, len(text)+1) // of what begins at each octet
	best[len(text)].ways = 1
	for at := len(text) - 1; at >= 0; at-- {
		if at > 0 && !starts[at] {
			continue
		}
		for end := at + 1; end <= len(text); end++ {
			if best[end].ways == 0 || !starts[end] || !whole(text[at:end]) {
				continue
			}
			switch terms := best[end].terms + 1; {
			case best[at].ways == 0 || terms < best[at].terms:
				best[at] = parting{terms, best[end].ways, end}
			case terms == best[at].terms:
				best[at].ways = min(best[at].ways+best[end].ways, 2) // one way or more
			}
		}
	}
	if best[0].ways != 1 || best[0].terms < 2 {
		return nil
	}
	var out []string
	for at := 0; at < len(text); at = best[at].next {
		out = append(out, text[at:best[at].next])
	}
	return []string{strings.Join(out, " ")}
}

// parting is the best way to part the rest of a word.
type parting struct {
	terms int // as few as can be
	ways  int // how many ways there are with so few
	next  int // where the second term begins
}

// beginnings tells for each octet of a word whether a term may begin there: a qualifier, or a name with what must follow
// it. One may begin at the end of the word.
func beginnings(word string) []bool {
	lower := resolve.Lower(word)
	starts := make([]bool, len(word)+1)
	starts[len(word)] = true
	for at := len(lower) - 1; at >= 0; at-- {
		rest := lower[at:]
		if isQualifier(rest[0]) {
			starts[at] = len(rest) > 1 && starts[at+1] || rest[1:] == "all"
			continue
		}
		for _, name := range []string{"include:", "exists:", "ip4:", "ip6:", "redirect=", "exp=", "ptr:", "a:", "mx:", "a/", "mx/"} {
			starts[at] = starts[at] || strings.HasPrefix(rest, name)
		}
		for _, name := range []string{"mx", "ptr", "a"} {
			starts[at] = starts[at] || strings.HasPrefix(rest, name) && starts[at+len(name)]
		}
	}
	return starts
}

// whole reports whether a piece is one sound term. An all in the middle of a word counts with its qualifier only: else it
// would let everybody pass.
func whole(piece string) bool {
	if !strings.ContainsAny(piece, ":=/") {
		switch kindOf(strings.TrimLeft(piece, "+-~?")) {
		case A, MX, PTR:
			return len(piece) < 5
		case All:
			return len(piece) == 4
		}
		return false
	}
	return sound(piece)
}

// Unglued writes a record anew whose term names a domain that is not there, because a short term behind it was glued to
// it: include:a.testmx. There may be several ways.
func (r *Record) Unglued(term string) []string {
	var out []string
	for _, end := range []string{"mx", "ptr", "a"} {
		host, ok := strings.CutSuffix(term, end)
		if !ok || !sound(host) || strings.HasSuffix(host, ".") {
			continue
		}
		b := []byte("v=spf1")
		for i := range r.Terms {
			text := r.Terms[i].Text
			if text == term {
				text = host + " " + end
			}
			b = append(append(b, ' '), text...)
		}
		out = append(out, string(b))
	}
	return out
}
