package event

import (
	"bytes"
)

// maxDepth bounds how deep the objects of an object are looked through for events, and those within their strings.
const maxDepth = 8

// isJSON reports whether the beginning of an input holds an event of a service as JSON.
func isJSON(head []byte) bool {
	if bytes.IndexByte(head, '{') < 0 {
		return false
	}
	r := newRows(nil)
	for tries := 0; tries < 64; tries++ {
		start := bytes.IndexByte(head, '{')
		if start < 0 {
			return false
		}
		head = head[start:]
		end, ok := wholeObject(head)
		if ok && r.holdsEvent(head[:end], 0) {
			return true
		}
		if !ok {
			end = 1 // it may hold objects that are whole
		}
		head = head[end:]
	}
	return false
}

// holdsEvent reports whether an object is an event, or has one within.
func (r *rows) holdsEvent(object []byte, depth int) bool {
	if r.which(object) != nil {
		return true
	}
	found := false
	within(object, func(inner []byte, _ int, _ bool) error {
		found = found || depth < maxDepth && r.holdsEvent(inner, depth+1)
		return nil
	})
	return found
}

// wholeObject is the length of the object that text begins with. False is a fault, or the end of the text.
func wholeObject(text []byte) (int, bool) {
	line := bytes.IndexByte(text, '\n')
	if line < 0 {
		line = len(text)
	}
	s := jsonScan{b: text[:line]}
	if s.skipNested() {
		return s.i, true
	}
	s = jsonScan{b: text, lines: true}
	if s.skipNested() {
		return s.i, true
	}
	return s.i, false
}

// readJSON reads objects, however they are put together: a line each, a list, one behind the other, within others.
func (in *input) readJSON() error {
	r := newRows(in)
	for {
		start := bytes.IndexByte(r.w.data(), '{')
		if start < 0 {
			r.w.pass(len(r.w.data()))
			if !r.w.more() {
				return r.end()
			}
			continue
		}
		r.w.pass(start)
		if err := r.nextObject(); err != nil {
			return err
		}
	}
}

// nextObject reads the object that the window begins with.
func (r *rows) nextObject() error {
	if err := r.in.ctx.Err(); err != nil {
		return err
	}
	for {
		data := r.w.data()
		r.line = r.w.line
		n, err := r.object(data, 0, false)
		if err != nil {
			return err
		}
		if n > 0 {
			r.w.pass(n)
			r.wasted = 0
			return nil
		}
		end, whole := wholeObject(data)
		switch {
		case whole: // nothing is wrong with it: an object of others, or one that holds events
			if err := r.inside(data[:end], 0, false); err != nil {
				return err
			}
			r.w.pass(end)
			return nil
		case end == len(data) && r.w.more():
			continue
		case r.waste(end):
			r.in.Input.Unread++
			r.w.pass(len(data))
			return nil
		case end == len(data) && r.w.err == nil:
			r.large++
			r.w.pass(1)
			return nil
		}
		r.in.Input.Unread++
		r.w.pass(afterDamage(data))
		return nil
	}
}

// afterDamage is where to read on after an object that is damaged: at the next line, else at the next object.
func afterDamage(data []byte) int {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		return i + 1
	}
	if i := bytes.Index(data, []byte("}{")); i >= 0 {
		return i + 1
	}
	return len(data)
}

// object reads the object that text begins with as an event, and returns its length; 0 where it is none.
func (r *rows) object(text []byte, depth int, enveloped bool) (int, error) {
	slot := min(depth, len(r.asked)-1)
	k := r.asked[slot]
	if k == nil {
		end, ok := wholeObject(text)
		if !ok {
			return 0, nil
		}
		if k = r.which(text[:end]); k == nil {
			return 0, nil
		}
		r.name(k.name)
	}
	n := r.extract(k, text)
	if n == 0 || !r.v.marked && !r.fits(k) || !r.complete(k.service) {
		r.asked[slot] = nil
		if n > 0 && k != nil {
			return r.object(text[:n], depth, enveloped)
		}
		return 0, nil
	}
	r.asked[slot] = k
	if (enveloped || r.v.has(fieldEventID) || r.v.has(fieldQueueID) && r.v.has(fieldTime)) && r.seen.met(text[:n]) {
		r.again++
		return n, nil
	}
	return n, r.record(k.service)
}

// extract reads the values that a service's record has, and returns the length of the object; 0 where it is not whole.
func (r *rows) extract(k *knownService, text []byte) int {
	line := bytes.IndexByte(text, '\n')
	if line < 0 {
		line = len(text)
	}
	for _, s := range [...]jsonScan{{b: text[:line]}, {b: text, lines: true}} {
		r.v.reset()
		if r.v.take(&s, k.root) {
			r.v.settle()
			return s.i
		}
		if line == len(text) {
			break
		}
	}
	return 0
}

// which is the service that an object is an event of: by its marks, else by its kind and a hint.
func (r *rows) which(object []byte) *knownService {
	marks, hints := r.signs(object)
	for i := range r.known {
		k := &r.known[i]
		if marks&k.bit == 0 || r.extract(k, object) == 0 || !r.v.marked {
			continue
		}
		if r.complete(k.service) {
			return k
		}
		if what, known := k.kindOf(&r.v); known && !what.silent && what.action != Other && r.v.has(fieldKind) && r.in != nil {
			r.in.Input.Unread++ // it does not say to whom
			break
		}
	}
	for i := range r.known {
		k := &r.known[i]
		if hints&k.bit != 0 && r.extract(k, object) > 0 && r.fits(k) {
			return k
		}
	}
	return nil
}

// signs are the services that an object may be of, as far as its own names tell.
func (r *rows) signs(object []byte) (marks, hints uint32) {
	s := jsonScan{b: object, i: 1}
	for s.i < len(s.b) {
		s.blank()
		if s.at(',') {
			s.i++
			continue
		}
		key, ok := s.quoted()
		if !ok {
			break
		}
		marks |= r.marks[string(key)]
		hints |= r.hints[string(key)]
		if s.blank(); !s.at(':') {
			break
		}
		s.i++
		if s.blank(); !s.skip() {
			break
		}
	}
	return marks, hints
}

// fits reports whether the values are an event of k, though no mark says so.
func (r *rows) fits(k *knownService) bool {
	_, known := k.kindOf(&r.v)
	return known && r.v.hinted && r.complete(k.service)
}

// inside reads the objects within an object, and within its strings.
func (r *rows) inside(object []byte, depth int, enveloped bool) error {
	if depth >= maxDepth {
		return nil
	}
	base := r.line
	return within(object, func(inner []byte, at int, quoted bool) error {
		if !quoted {
			r.line = base + int64(bytes.Count(object[:at], newline))
		}
		n, err := r.object(inner, depth+1, enveloped || quoted)
		if err == nil && n == 0 {
			err = r.inside(inner, depth+1, enveloped || quoted)
		}
		r.line = base
		return err
	})
}

// within calls f with each object that an object holds, directly or in a list, or as the text of a string; at is where it stands.
func within(object []byte, f func(inner []byte, at int, quoted bool) error) error {
	s := jsonScan{b: object, i: 1}
	for s.i < len(s.b) {
		switch s.b[s.i] {
		case '{':
			start := s.i
			if !s.skipNested() {
				return nil
			}
			if err := f(object[start:s.i], start, false); err != nil {
				return err
			}
		case '"':
			start := s.i
			raw, ok := s.quoted()
			if !ok {
				return nil
			}
			if err := withinText(raw, start, f); err != nil {
				return err
			}
		default:
			s.i++
		}
	}
	return nil
}

// withinText calls f with the objects that are the text of a string: one, or a list.
func withinText(raw []byte, at int, f func(inner []byte, at int, quoted bool) error) error {
	if len(raw) < len(`{\"a\":1}`) || raw[0] != '{' && raw[0] != '[' {
		return nil
	}
	text := appendUnescaped(nil, raw)
	for len(text) > 0 {
		start := bytes.IndexByte(text, '{')
		if start < 0 {
			return nil
		}
		text = text[start:]
		end, ok := wholeObject(text)
		if !ok {
			return nil
		}
		if err := f(text[:end], at, true); err != nil {
			return err
		}
		text = text[end:]
	}
	return nil
}
