package dkim

import (
	"bytes"
	"io"
)

// BodyWriter writes a body in its canonical form (RFC 6376 §3.4.3, §3.4.4). LF alone ends a line as CRLF does; a CR that no
// LF follows is an octet like others. How the body is cut into writes changes nothing. Memory does not grow with the body.
type BodyWriter struct {
	w     io.Writer
	canon Canon
	buf   []byte
	ends  int64 // line ends that were read and not yet written: those at the end of the body count once
	blank bool  // relaxed: blanks stand before the next octet
	cr    bool  // the last octet of the last write was CR
	some  bool  // something else than line ends was written
	sent  int64 // octets given to w or waiting in buf
	err   error
}

const bodyBuffer = 8 << 10

// NewBody makes a writer of canonical bodies. Its Close writes what is left, and does not close w. An error of w comes back
// from Write and Close.
func NewBody(w io.Writer, c Canon) *BodyWriter {
	b := new(BodyWriter)
	b.reset(w, c)
	return b
}

// reset begins a new body, with the buffer of the last one.
func (b *BodyWriter) reset(w io.Writer, c Canon) {
	if b.buf == nil {
		b.buf = make([]byte, 0, bodyBuffer)
	}
	*b = BodyWriter{w: w, canon: c, buf: b.buf[:0]}
}

// Len is the length of the canonical body so far, in octets; after Close, of all of it.
func (b *BodyWriter) Len() int64 { return b.sent }

// Write takes the next octets of the body.
func (b *BodyWriter) Write(p []byte) (int, error) {
	n := len(p)
	if b.cr && n > 0 {
		if b.cr = false; p[0] == '\n' {
			b.end()
			p = p[1:]
		} else {
			b.text([]byte("\r"))
		}
	}
	for len(p) > 0 && b.err == nil {
		if p[0] == '\n' {
			b.end()
			p = p[1:]
			continue
		}
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			if b.cr = p[len(p)-1] == '\r'; b.cr {
				p = p[:len(p)-1]
			}
			b.text(p)
			break
		}
		b.text(withoutCR(p[:i]))
		b.end()
		p = p[i+1:]
	}
	return n, b.err
}

// Close ends the body. A simple body is never empty, a relaxed one is where it has nothing but blanks and line ends; what is
// not empty ends with one CRLF.
func (b *BodyWriter) Close() error {
	if b.cr {
		b.cr = false
		b.text([]byte("\r"))
	}
	if b.some || b.canon == Simple {
		b.put([]byte("\r\n"))
	}
	b.ends, b.blank = 0, false
	b.flush()
	return b.err
}

// end takes a line end.
func (b *BodyWriter) end() {
	b.ends++
	b.blank = false
}

// text takes octets of one line.
func (b *BodyWriter) text(s []byte) {
	if b.canon == Simple {
		if len(s) > 0 {
			b.lines()
			b.put(s)
		}
		return
	}
	for {
		for len(s) > 0 && isSpace(s[0]) {
			b.blank = true
			s = s[1:]
		}
		if len(s) == 0 {
			return
		}
		b.lines()
		if b.blank {
			b.put([]byte(" "))
		}
		n := cleanRun(s)
		b.put(s[:n])
		b.blank = false
		s = s[n:]
	}
}

// lines writes the line ends that wait: they are not the last ones.
func (b *BodyWriter) lines() {
	for ; b.ends > 0 && b.err == nil; b.ends-- {
		b.put([]byte("\r\n"))
	}
	b.some = true
}

func (b *BodyWriter) put(s []byte) {
	b.sent += int64(len(s))
	if len(b.buf)+len(s) <= cap(b.buf) {
		b.buf = append(b.buf, s...)
		return
	}
	b.flush()
	if len(s) >= cap(b.buf) {
		b.write(s)
		return
	}
	b.buf = append(b.buf, s...)
}

func (b *BodyWriter) flush() {
	b.write(b.buf)
	b.buf = b.buf[:0]
}

func (b *BodyWriter) write(s []byte) {
	if b.err == nil && len(s) > 0 {
		_, b.err = b.w.Write(s)
	}
}
