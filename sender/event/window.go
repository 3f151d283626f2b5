package event

import (
	"bytes"
	"errors"
	"io"
)

// maxRecord is the longest record of JSON or of a table that is read as a whole, in octets.
const maxRecord = 1 << 20

// window is the part of an input that is looked at. It grows as far as one record needs, and no further than maxRecord.
type window struct {
	r        io.Reader
	buf      []byte
	from, to int
	line     int64 // of the first octet, from 1
	err      error // io.EOF at the end
}

func newWindow(r io.Reader) *window { return &window{r: r, buf: make([]byte, 4*headSize), line: 1} }

// data is what was read and not yet passed.
func (w *window) data() []byte { return w.buf[w.from:w.to] }

// more reads on. False is the end of the input, or a record that is too long.
func (w *window) more() bool {
	if w.err != nil {
		return false
	}
	if w.from > 0 {
		w.to = copy(w.buf, w.data())
		w.from = 0
	}
	if w.to == len(w.buf) {
		if len(w.buf) >= maxRecord {
			return false
		}
		w.buf = append(w.buf, make([]byte, len(w.buf))...)
	}
	before := w.to
	for w.to == before && w.err == nil {
		n, err := w.r.Read(w.buf[w.to:])
		w.to += n
		w.err = err
	}
	return w.to > before
}

// pass goes n octets on.
func (w *window) pass(n int) {
	w.line += int64(bytes.Count(w.buf[w.from:w.from+n], newline))
	w.from += n
}

var newline = []byte{'\n'}

// failed is the error that ended the reading, nil for the end of the input.
func (w *window) failed() error {
	if errors.Is(w.err, io.EOF) {
		return nil
	}
	return w.err
}

// lines is how many lines were passed.
func (w *window) lines() int64 {
	if w.from > 0 && w.buf[w.from-1] != '\n' {
		return w.line
	}
	return w.line - 1
}
