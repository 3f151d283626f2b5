package event

import (
	"slices"
	"strings"
)

// pathNode is a place in the objects of a service: a key, and those below it.
type pathNode struct {
	field field
	rank  uint8
	raw   bool // the value is taken as it stands, brackets and all
	mark  bool
	hint  bool
	below map[string]*pathNode
}

// at is the node of a path like "mail.commonHeaders.subject"; it is made where it is not there.
func (n *pathNode) at(path string) *pathNode {
	for key := range strings.SplitSeq(path, ".") {
		if n.below == nil {
			n.below = map[string]*pathNode{}
		}
		next := n.below[key]
		if next == nil {
			next = new(pathNode)
			n.below[key] = next
		}
		n = next
	}
	return n
}

// paths makes the tree of the names of a service.
func (s *service) paths() *pathNode {
	root := new(pathNode)
	for f, names := range s.names {
		for i, name := range names {
			n := root.at(name)
			n.field, n.rank, n.raw = f, uint8(i+1), f == fieldList
		}
	}
	for _, name := range s.marks {
		root.at(name).mark = true
	}
	for _, name := range slices.Concat(s.hints, s.names[fieldKind]) {
		root.at(name).hint = true
	}
	return root
}

// take reads the object at s into v, as far as n names its values. False is a fault, or the end of the text.
func (v *values) take(s *jsonScan, n *pathNode) bool {
	s.i++ // the bracket
	for first := true; ; first = false {
		s.blank()
		if s.at('}') {
			s.i++
			return true
		}
		if !first {
			if !s.at(',') {
				return false
			}
			s.i++
			s.blank()
		}
		key, ok := s.quoted()
		if !ok {
			return false
		}
		s.blank()
		if !s.at(':') {
			return false
		}
		s.i++
		s.blank()
		if !v.value(s, n.below[string(key)]) {
			return false
		}
	}
}

// value reads one value at the place n; nil is a place that nobody asks for.
func (v *values) value(s *jsonScan, n *pathNode) bool {
	if n == nil {
		return s.skip()
	}
	v.marked = v.marked || n.mark
	v.hinted = v.hinted || n.hint
	switch {
	case n.raw && v.wants(n.field, n.rank):
		start := s.i
		if !s.skip() {
			return false
		}
		from := len(v.buf)
		v.buf = append(v.buf, s.b[start:s.i]...)
		v.set(n.field, n.rank, from)
		return true
	case s.at('{') && n.below != nil:
		return v.take(s, n)
	case s.at('['):
		return v.list(s, n)
	case n.field == fieldNone || s.at('{') || !v.wants(n.field, n.rank):
		return s.skip()
	}
	from := len(v.buf)
	if !v.scalar(s) {
		return false
	}
	v.set(n.field, n.rank, from)
	return true
}

// scalar appends a string or a number to the buffer; null and objects are passed over.
func (v *values) scalar(s *jsonScan) bool {
	switch {
	case s.at('"'):
		raw, ok := s.quoted()
		v.buf = appendUnescaped(v.buf, raw)
		return ok
	case s.at('{'), s.at('['):
		return s.skip()
	}
	raw, ok := s.bare()
	if ok && string(raw) != "null" {
		v.buf = append(v.buf, raw...)
	}
	return ok
}

// list reads a list: of objects each, of strings the first, of recipients all.
func (v *values) list(s *jsonScan, n *pathNode) bool {
	s.i++
	from, count := len(v.buf), 0
	wanted := n.field != fieldNone && v.wants(n.field, n.rank)
	for {
		s.blank()
		switch {
		case s.at(']'):
			s.i++
			if wanted {
				v.set(n.field, n.rank, from)
			}
			return true
		case s.at(','):
			s.i++
			continue
		}
		ok := false
		switch {
		case s.at('{') && n.below != nil:
			if wanted = false; v.take(s, n) {
				ok = true
			}
		case wanted && (count == 0 || n.field == fieldRecipient):
			if count > 0 {
				v.buf = append(v.buf, ';')
			}
			ok = v.scalar(s)
			count++
		default:
			ok = s.skip()
		}
		if !ok {
			return false
		}
	}
}
