package altered

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"slices"

	"todoku/diag/dkim"
)

// canonical is a body in canonical form, in lines. Its lines have the numbers of those of the body, but empty ones at the end are
// not there.
type canonical struct {
	text   []byte
	starts []int // where each line begins, and the end
}

// maxLines bounds the lines for which an insertion or a removal is tried.
const maxLines = 600_000

// scanCost is how much cheaper a try of an edit is than that of a body, which is made and brought into canonical form first.
const scanCost = 4

func canonicalOf(body []byte, c dkim.Canon) canonical {
	var b bytes.Buffer
	b.Grow(len(body) + 2)
	w := dkim.NewBody(&b, c)
	_, _ = w.Write(body) // to memory
	_ = w.Close()
	t := canonical{text: b.Bytes()}
	if len(bytes.TrimSpace(t.text)) == 0 {
		t.text = nil
	}
	t.starts = make([]int, 0, bytes.Count(t.text, []byte("\n"))+1)
	for at := 0; at < len(t.text); {
		t.starts = append(t.starts, at)
		at += bytes.IndexByte(t.text[at:], '\n') + 1
	}
	t.starts = append(t.starts, len(t.text))
	return t
}

func (t canonical) lines() int { return len(t.starts) - 1 }

func (t canonical) line(i int) []byte {
	return bytes.TrimSuffix(t.text[t.starts[i]:t.starts[i+1]], []byte("\r\n"))
}

// edit puts a text in place of the lines from i to j.
type edit struct {
	i, j int
	with []byte
	kind Kind // "" where the removed text says it
}

// scanner tries edits of a canonical text. Its hash has taken the lines before the current one, so that an edit costs what stands
// behind it.
type scanner struct {
	*bodySearch
	canonical
	before hash.Hash // lines[:i]
	solid  hash.Hash // lines[:i] without the empty ones at the end
	sum    [32]byte
}

func (s *bodySearch) scanner(t canonical) *scanner {
	return &scanner{bodySearch: s, canonical: t, before: sha256.New(), solid: sha256.New()}
}

// next takes line i.
func (s *scanner) next(i int) {
	line := s.text[s.starts[i]:s.starts[i+1]]
	s.before.Write(line)
	if len(line) > 2 {
		s.solid = cloned(s.before)
	}
}

func cloned(h hash.Hash) hash.Hash {
	if c, ok := h.(hash.Cloner); ok {
		if d, err := c.Clone(); err == nil {
			return d
		}
	}
	return sha256.New()
}

// try reports whether the text has the signed hash with an edit at the current line.
func (s *scanner) try(e edit) bool {
	tail := s.text[s.starts[e.j]:]
	if !s.budget.body((len(tail)+len(e.with))/scanCost + 100) {
		return false
	}
	if s.sig.length >= 0 {
		left := s.sig.length - int64(s.starts[e.i])
		if left < 0 || left > int64(len(e.with)+len(tail)) {
			return false
		}
		joined := slices.Concat(e.with, tail)
		return s.signed(s.before, joined[:left])
	}
	if len(tail) == 0 && len(bytes.TrimSpace(e.with)) == 0 {
		if s.sig.Body == dkim.Simple && len(bytes.TrimSpace(s.text[:s.starts[e.i]])) == 0 {
			return s.signed(sha256.New(), []byte("\r\n"))
		}
		return s.signed(s.solid, nil)
	}
	return s.signed(s.before, e.with, tail)
}

// signed reports whether a hash is the signed one after more text.
func (s *scanner) signed(h hash.Hash, more ...[]byte) bool {
	if len(more) > 0 {
		h = cloned(h)
	}
	for _, m := range more {
		h.Write(m)
	}
	return bytes.Equal(h.Sum(s.sum[:0]), s.sig.BodyHash)
}

// scan takes lines away or puts some in where that is likely: at the end and the beginning of the body and of its parts, empty lines
// everywhere, single dots and blanks.
func (s *bodySearch) scan(from candidate, deep bool) (candidate, bool) {
	t := canonicalOf(from.body, s.sig.Body)
	if t.lines() > maxLines {
		s.note(BoundLines)
		return candidate{}, false
	}
	sc := s.scanner(t)
	root, over := structure(from.doc)
	if over {
		s.note(BoundParts)
	}
	p := placesOf(from.doc, root, t, s.octets) // a third of it, as a try costs a quarter of its octets
	for i := 0; i <= t.lines(); i++ {
		for e := range p.edits(t, i, s.sig.Body, deep) {
			if sc.try(e) {
				return from.edited(root, t, e), true
			}
			if s.spent {
				return candidate{}, false
			}
		}
		if i < t.lines() {
			sc.next(i)
		}
	}
	return candidate{}, false
}

// ends takes lines away at the top and at the end of a text at once. Each number of lines at the top costs the whole text.
func (s *bodySearch) ends(from candidate) (candidate, bool) {
	t := canonicalOf(from.body, s.sig.Body)
	root, _ := structure(from.doc)
	n := t.lines()
	cost := len(t.text)/scanCost + 20*n
	if len(root.parts) > 0 || n > maxLines || s.sig.length >= 0 || int64(cost)*20 > s.octets {
		return candidate{}, false
	}
	for top := 1; top < min(n, maxBanner) && int64(cost)*int64(top)*10 < s.octets; top++ {
		if !s.budget.body(cost) {
			return candidate{}, false
		}
		cut := canonical{t.text, t.starts[top:]}
		sc := s.scanner(cut)
		for i := range cut.lines() {
			sc.next(i)
			if len(cut.line(i)) > 0 && sc.signed(sc.solid) {
				return from.edited(root, t, edit{i: top + i + 1, j: n}).without(t, top), true
			}
		}
	}
	return candidate{}, false
}

// without takes the first lines away too.
func (c candidate) without(t canonical, top int) candidate {
	root, _ := structure(c.doc)
	return candidate{doc: c.doc}.edited(root, t, edit{i: 0, j: top}).after(c.changes)
}

// everyBlock takes each run of lines away that the budget allows.
func (s *bodySearch) everyBlock(from candidate) (candidate, bool) {
	t := canonicalOf(from.body, s.sig.Body)
	n := t.lines()
	if n > maxLines {
		return candidate{}, false
	}
	longest := n
	for longest > 1 && int64(n)*int64(longest)*int64(len(t.text)/2/scanCost+100) > s.octets/3 {
		longest /= 2
	}
	if int64(n)*int64(len(t.text)/2/scanCost+100) > s.octets/3 {
		return candidate{}, false
	}
	sc := s.scanner(t)
	for i := range n {
		for j := i + 1; j < n && j-i <= longest; j++ {
			if e := (edit{i: i, j: j}); sc.try(e) {
				root, _ := structure(from.doc)
				return from.edited(root, t, e), true
			}
		}
		sc.next(i)
	}
	return candidate{}, false
}

// edited is the body after an edit, with the change that it undoes.
func (from candidate) edited(root *part, t canonical, e edit) candidate {
	at := rawLines(from.body, e.i, e.j)
	c := candidate{doc: from.doc}
	c.body = replaced(from.body, at, e.with)
	change := Change{Kind: e.kind, Line: e.i + 1}
	if p := root.at(at.from); p.id != "" {
		change.Part = p.id
	}
	if e.i == e.j { // something was inserted, so it was lost on the way
		change.Was = excerpt(e.with)
	} else {
		change.Now, change.Was = excerpt(at.of(from.body)), excerpt(e.with)
	}
	if change.Kind == "" {
		change.Kind = kindOfBlock(from.body, root, at)
		if change.Kind == FooterPartAdded {
			change.Part = ""
		}
	}
	c.changes = []Change{change}
	return c.after(from.changes)
}

// rawLines is the place of the lines from i to j, counted from 0.
func rawLines(body []byte, i, j int) span {
	at, n := 0, 0
	s := span{len(body), len(body)}
	for ; at < len(body); n++ {
		if n == i {
			s.from = at
		}
		if n == j {
			s.to = at
			break
		}
		end := bytes.IndexByte(body[at:], '\n')
		if end < 0 {
			break
		}
		at += end + 1
	}
	return span{min(s.from, s.to), s.to}
}
