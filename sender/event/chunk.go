package event

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
)

// chunkSize is how much of an input one goroutine scans at a time, in octets.
const chunkSize = 256 << 10

// maxLine bounds what is looked at of one line, in octets; the rest is passed over.
const maxLine = 128 << 10

// chunker cuts an input at the ends of lines.
type chunker struct {
	ctx  context.Context
	r    io.Reader
	size int  // of a chunk, in octets
	full bool // fill each chunk, however little one read gives
	rest []byte
	err  error // of the last read
	free chan *batch
}

// next gives whole lines; only the last one of an input may lack its end. A line that is longer than a chunk loses the rest. A
// line that a read error cuts off is not whole, and is not given.
func (c *chunker) next() (*batch, error) {
	if c.err != nil {
		return nil, c.err
	}
	b := c.batch()
	text := append(b.text[:0], c.rest...)
	for c.err == nil {
		if len(text) == cap(text) {
			if len(text) > maxLine || bytes.IndexByte(text, '\n') >= 0 {
				break
			}
			text = slices.Grow(text, max(len(text), 1<<10)) // the end of a log that grows was told before a longer line came
		}
		if err := c.ctx.Err(); err != nil {
			return nil, err
		}
		n, err := c.r.Read(text[len(text):cap(text)])
		text, c.err = text[:len(text)+n], err
		if len(text) > 0 && text[0] == 0 { // a log that was emptied while it was written to begins with nothing but zeros
			text = append(text[:0], bytes.TrimLeft(text, "\x00")...)
		}
		if !c.full && len(text) < cap(text) && bytes.IndexByte(text, '\n') >= 0 {
			break // what is there now is not kept waiting
		}
	}
	end := bytes.LastIndexByte(text, '\n') + 1
	switch {
	case end > 0:
	case errors.Is(c.err, io.EOF):
		end = len(text)
	case c.err == nil:
		text, end = c.passOver(text)
		b.long++
	}
	if errors.Is(c.err, io.EOF) {
		end = len(text)
	}
	c.rest = append(c.rest[:0], text[end:]...)
	b.text = text[:end]
	if end == 0 {
		return nil, c.err
	}
	return b, nil
}

// passOver keeps the beginning of a line that fills a chunk, and reads on to its end.
func (c *chunker) passOver(text []byte) (kept []byte, end int) {
	room := text[maxLine:cap(text)]
	for c.err == nil && c.ctx.Err() == nil {
		n, err := c.r.Read(room)
		c.err = err
		if i := bytes.IndexByte(room[:n], '\n'); i >= 0 {
			return append(text[:maxLine], room[i:n]...), maxLine + 1
		}
	}
	return text[:maxLine], maxLine
}

// batch is a free one, or a new one.
func (c *chunker) batch() *batch {
	select {
	case b := <-c.free:
		b.reset()
		return b
	default:
		return &batch{text: make([]byte, 0, c.size)}
	}
}
