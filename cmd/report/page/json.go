package page

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Stream writes JSON documents as they come: one object, an array of them, or one a line. Not for several goroutines.
type Stream struct {
	out     *Out
	parts   *parts // where rows are collected; nil elsewhere
	indent  string
	array   bool
	written int
	buf     bytes.Buffer
}

// NewStream makes a stream of the format JSON or NDJSON. With many, JSON is an array.
func NewStream(out *Out, f Format, many bool) *Stream {
	if f == NDJSON {
		return &Stream{out: out}
	}
	return &Stream{out: out, indent: "  ", array: many}
}

// Rows makes a stream of many short documents, a line each: they are written in large parts.
func Rows(out *Out, f Format) *Stream {
	p := &parts{out: out}
	return &Stream{out: To(p), parts: p, array: f == JSON}
}

// Put writes one document.
func (s *Stream) Put(v any) error {
	s.buf.Reset()
	if s.array {
		s.buf.WriteByte("[,"[min(s.written, 1)])
		if s.indent != "" {
			s.buf.WriteByte('\n')
		}
	}
	if err := encode(&s.buf, v, s.indent); err != nil {
		return err
	}
	s.written++
	return s.out.putBytes(escaped(s.buf.Bytes()))
}

// PutList writes one document whose last member is a list that comes one by one, each entry on a line of its own where JSON
// is laid out. document is without that member, which gets the name; it must have another one.
func PutList[D, V any](s *Stream, document D, name string, list iter.Seq2[V, error]) error {
	s.buf.Reset()
	if s.array {
		s.buf.WriteByte("[,"[min(s.written, 1)])
		s.buf.WriteByte('\n')
	}
	if err := encode(&s.buf, document, s.indent); err != nil {
		return err
	}
	s.written++
	out := parts{out: s.out}
	cut := bytes.TrimRight(bytes.TrimSuffix(bytes.TrimRight(s.buf.Bytes(), "\n"), []byte("}")), "\n")
	before, between, end := ",\""+name+"\":[", ",", "]}\n"
	if s.indent != "" {
		before, between, end = ",\n"+s.indent+"\""+name+"\": [", ",\n"+s.indent+s.indent, "\n"+s.indent+"]\n}\n"
	}
	_, err := out.Write(append(escaped(cut), before...))
	n := 0
	for v, failed := range list {
		if err = cmp.Or(err, failed); err != nil {
			return err
		}
		s.buf.Reset()
		if err = encodeLine(&s.buf, v); err != nil {
			return err
		}
		sep := between
		if n == 0 {
			sep = strings.TrimPrefix(sep, ",")
		}
		n++
		_, err = out.Write(append([]byte(sep), bytes.TrimSuffix(escaped(s.buf.Bytes()), []byte("\n"))...))
	}
	if n == 0 {
		end = strings.TrimPrefix(end, "\n"+s.indent)
	}
	_, failed := out.Write([]byte(end))
	return errors.Join(err, failed, out.flush())
}

// Close ends an array. It is not called where something failed: what was cut off must not parse.
func (s *Stream) Close() error {
	end := ""
	switch {
	case s.array && s.written == 0:
		end = "[]\n"
	case s.array:
		end = "]\n"
	}
	return errors.Join(s.out.put(end), s.Flush())
}

// Flush writes what has been collected.
func (s *Stream) Flush() error {
	if s.parts == nil {
		return nil
	}
	return s.parts.flush()
}

// JSON writes a value as JSON on one line, as a part of a document: what is before and after it is our own.
func (o *Out) JSON(before string, v any, after string) error {
	b := bytes.NewBufferString(before)
	if err := encodeLine(b, v); err != nil {
		return err
	}
	b.WriteString(after)
	return o.putBytes(escaped(b.Bytes()))
}

// Messages is a writer for a library that speaks a protocol of JSON messages, a line each. Each Write must hold whole
// messages.
func (o *Out) Messages() io.WriteCloser { return messages{o} }

type messages struct{ out *Out }

func (m messages) Write(b []byte) (int, error) {
	if err := m.out.putBytes(escaped(b)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Close leaves the place of output open: it is not the library's.
func (messages) Close() error { return nil }

// encode writes a value as JSON. Its hidden characters are for escaped; octets that are no UTF-8 become U+FFFD, since
// JSON cannot hold them (RFC 8259 §8.1).
func encode(b *bytes.Buffer, v any, indent string) error {
	if indent == "" {
		return encodeLine(b, v)
	}
	return encodeLine(indented{b, indent}, v)
}

// indented lays out the document that is written to it at once.
type indented struct {
	b      *bytes.Buffer
	indent string
}

func (i indented) Write(document []byte) (int, error) {
	i.b.Grow(2 * len(document)) // an encoder that indents enlarges its memory again and again
	return len(document), json.Indent(i.b, document, "", i.indent)
}

// encodeLine writes a value as JSON in one line.
func encodeLine(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// escaped escapes the hidden characters of JSON as \uXXXX, which are the same value to whoever reads it (RFC 8259 §7);
// outside strings there are none but line breaks.
func escaped(b []byte) []byte {
	at := nextHidden(b, 0)
	if at < 0 {
		return b
	}
	var out []byte
	start := 0
	for ; at >= 0; at = nextHidden(b, start) {
		out = append(out, b[start:at]...)
		r, n := utf8.DecodeRune(b[at:])
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		} else { // U+FFFD for an octet that is no UTF-8, of a json.RawMessage
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		start = at + n
	}
	return append(out, b[start:]...)
}

// nextHidden finds the first hidden character, or octet that is no UTF-8, from an octet on; -1 is none.
func nextHidden(b []byte, from int) int {
	for i := from; i < len(b); {
		if b[i] < 0x7f {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 || Hidden(r) {
			return i
		}
		i += n
	}
	return -1
}

// Indented is a value as a JSON document of its own, for a part of a page. What cannot be written is "": the types of our
// documents can.
func Indented[T any](v T) string {
	var b bytes.Buffer
	if err := encode(&b, v, "  "); err != nil {
		return ""
	}
	return string(escaped(b.Bytes()))
}
