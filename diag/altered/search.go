package altered

import (
	"bytes"
	"crypto/sha256"
	"iter"
	"slices"

	"todoku/diag/dkim"
)

// candidate is a body that may be the one that was signed, and what happened to it if it is.
type candidate struct {
	doc
	changes []Change
}

// after puts what was undone before in front.
func (c candidate) after(before []Change) candidate {
	c.changes = append(slices.Clone(before), c.changes...)
	return c
}

// undo makes bodies without one change. deep: it is the second of two, so that only the likeliest are wanted.
type undo func(d doc, deep bool) iter.Seq[candidate]

// cheapUndos make few bodies each, and take what is likeliest to have happened beside another change.
func cheapUndos() []undo { return []undo{undoParts, undoLines, undoBlanks, undoPreamble} }

// undos are all that rewrite a body as a whole. Those that insert or take away lines are in scan.
func undos() []undo {
	return append(cheapUndos(), undoHTML, undoLinks, undoConversion, undoTrims, undoWrap, undoHeads)
}

// bodySearch looks for the body that a signature was made of.
type bodySearch struct {
	*budget
	sig signed
}

// find gives the candidate whose hash is the signed one.
func (s *bodySearch) find(d doc) (candidate, bool) {
	start := candidate{doc: d}
	if c, ok := s.cheap(start); ok {
		return c, true
	}
	if c, ok := s.level(start, false); ok {
		return c, true
	}
	if c, ok := s.everyBlock(start); ok {
		return c, true
	}
	for _, u := range undos() {
		for c := range u(d, true) {
			if s.spent {
				return candidate{}, false
			}
			if found, ok := s.level(c, true); ok {
				return found, true
			}
		}
	}
	return candidate{}, false
}

// cheap undoes one thing that costs little, and then takes lines away or puts some in.
func (s *bodySearch) cheap(start candidate) (candidate, bool) {
	if c, ok := s.scan(start, false); ok {
		return c, true
	}
	if c, ok := s.ends(start); ok {
		return c, true
	}
	for _, u := range cheapUndos() {
		for c := range u(start.doc, false) {
			if s.holds(c.body) {
				return c, true
			}
			if found, ok := s.scan(c, true); ok {
				return found, true
			}
			if s.spent {
				return candidate{}, false
			}
		}
	}
	return candidate{}, false
}

// level undoes one thing.
func (s *bodySearch) level(from candidate, deep bool) (candidate, bool) {
	list := undos()
	if deep {
		if c, ok := s.scan(from, deep); ok {
			return c, true
		}
	} else {
		list = list[len(cheapUndos()):]
	}
	for _, u := range list {
		for c := range u(from.doc, deep) {
			if s.holds(c.body) {
				return c.after(from.changes), true
			}
			if s.spent {
				return candidate{}, false
			}
		}
	}
	return candidate{}, false
}

// holds reports whether a body has the signed hash.
func (s *bodySearch) holds(body []byte) bool {
	if !s.budget.body(len(body) + 200) {
		return false
	}
	return bodyFits(body, s.sig)
}

// bodyFits reports whether bh= is the hash of a body.
func bodyFits(body []byte, s signed) bool {
	sum, long := bodySum(body, s.Body, s.length)
	return long && bytes.Equal(sum[:], s.BodyHash)
}

// bodySum is the hash of a body, or of its first octets; false where it has fewer.
func bodySum(body []byte, c dkim.Canon, length int64) (sum [32]byte, ok bool) {
	h := sha256.New()
	first := &firstOctets{write: h.Write, left: length, all: length < 0}
	w := dkim.NewBody(first, c)
	_, _ = w.Write(body) // to memory
	_ = w.Close()
	h.Sum(sum[:0])
	return sum, length < 0 || w.Len() >= length
}

// firstOctets passes so many octets on and drops the rest.
type firstOctets struct {
	write func([]byte) (int, error)
	left  int64
	all   bool
}

func (f *firstOctets) Write(p []byte) (int, error) {
	n := len(p)
	if !f.all {
		p = p[:min(int64(n), f.left)]
		f.left -= int64(len(p))
	}
	_, err := f.write(p)
	return n, err
}
