package page

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Stream writes JSON documents as they come: one object, an array of them, or one a line.
type Stream struct {
	out     *Out
	indent  string
	array   bool
	written int
}

// NewStream makes a stream of the format JSON or NDJSON. With many, JSON is an array.
func NewStream(out *Out, f Format, many bool) *Stream {
	if f == NDJSON {
		return &Stream{out: out}
	}
	return &Stream{out: out, indent: "  ", array: many}
}

// Put writes one document.
func (s *Stream) Put(v any) error {
	text, err := Encode(v, s.indent)
	if err != nil {
		return err
	}
	if s.array {
		text = map[bool]string{true: "[", false: ","}[s.written == 0] + map[bool]string{true: "", false: "\n"}[s.indent == ""] + text
	}
	s.written++
	return s.out.put(text)
}

// Close ends an array. It is not called where something failed: what was cut off must not parse.
func (s *Stream) Close() error {
	switch {
	case !s.array:
		return nil
	case s.written == 0:
		return s.out.put("[]\n")
	}
	return s.out.put("]\n")
}

// Encode is a value as JSON with a line break behind it, over several lines where indent is not empty. Hidden
// characters are escaped as \uXXXX, which are the same value to whoever reads it (RFC 8259 §7); octets that are no
// UTF-8 become U+FFFD, since JSON cannot hold them (RFC 8259 §8.1).
func Encode(v any, indent string) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return escaped(b.String()), nil
}

// escaped escapes the hidden characters of JSON; outside strings there are none but line breaks.
func escaped(s string) string {
	at := strings.IndexFunc(s, func(r rune) bool { return r >= 0x7f })
	if at < 0 {
		return s
	}
	var b strings.Builder
	b.WriteString(s[:at])
	for i := at; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && n == 1: // of a json.RawMessage
			b.WriteString(`\ufffd`)
		case r < 0x7f || !Hidden(r):
			b.WriteString(s[i : i+n])
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		i += n
	}
	return b.String()
}

// Many writes documents as they come, a line each, as an array or one a line.
func Many[T any](out *Out, f Format, documents iter.Seq2[T, error]) error {
	return out.buffered(func(out *Out) error {
		s := &Stream{out: out, array: f == JSON}
		for d, err := range documents {
			if err != nil {
				return err
			}
			if err := s.Put(d); err != nil {
				return err
			}
		}
		return s.Close()
	})
}
