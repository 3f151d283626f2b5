package store

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"todoku/codes"
	"todoku/diag/watch"
)

// writer writes a state as JSON (RFC 8259), as encoding/json would, in a third of its time: all states of a fleet are written
// in its first round. Fields without a value are left out.
type writer struct {
	b    []byte
	last time.Time // that was written last, as text: a look finds most things at one time
	text []byte
}

// key begins a field of an object.
func (w *writer) key(name string) {
	w.comma()
	w.b = append(w.b, '"')
	w.b = append(w.b, name...)
	w.b = append(w.b, '"', ':')
}

// comma separates a value from the one before it.
func (w *writer) comma() {
	if n := len(w.b); n > 0 && w.b[n-1] != '{' && w.b[n-1] != '[' && w.b[n-1] != ':' {
		w.b = append(w.b, ',')
	}
}

func (w *writer) field(name, value string) {
	w.key(name)
	w.str(value)
}

// full is a field that is left out where it is empty.
func (w *writer) full(name, value string) {
	if value != "" {
		w.field(name, value)
	}
}

func (w *writer) at(name string, t time.Time) {
	w.key(name)
	if w.text == nil || !t.Equal(w.last) {
		w.last, w.text = t, t.UTC().AppendFormat(w.text[:0], `"`+time.RFC3339Nano+`"`)
	}
	w.b = append(w.b, w.text...)
}

func (w *writer) message(name string, t codes.Text) {
	w.key(name)
	w.b = append(w.b, '{')
	w.field("EN", t.EN)
	w.field("JA", t.JA)
	w.b = append(w.b, '}')
}

// str writes a string. What is no UTF-8, and NUL, which PostgreSQL does not take in JSON, becomes U+FFFD.
func (w *writer) str(s string) {
	const hex = "0123456789abcdef"
	w.b = append(w.b, '"')
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "�")
	}
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		w.b = append(w.b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			w.b = append(w.b, '\\', c)
		case 0:
			w.b = append(w.b, "�"...)
		default:
			w.b = append(w.b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
	}
	w.b = append(w.b, s[from:]...)
	w.b = append(w.b, '"')
}

// list writes a field with a list of objects, where there are any.
func list[T any](w *writer, name string, values []T, one func(T)) {
	if len(values) == 0 {
		return
	}
	w.key(name)
	w.b = append(w.b, '[')
	for _, v := range values {
		w.comma()
		w.b = append(w.b, '{')
		one(v)
		w.b = append(w.b, '}')
	}
	w.b = append(w.b, ']')
}

func (w *writer) state(st watch.State) {
	w.b = append(w.b, '{')
	list(w, "findings", st.Findings, w.standing)
	list(w, "silent", st.Silent, w.silence)
	list(w, "values", st.Values, w.value)
	list(w, "expires", st.Expires, func(e watch.Expiry) {
		w.field("host", e.Host)
		w.field("use", e.Use)
		w.at("at", e.At)
	})
	if len(st.Checks) > 0 {
		w.key("checks")
		w.strs(st.Checks)
	}
	if st.Cut > 0 {
		w.key("cut")
		w.b = strconv.AppendInt(w.b, int64(st.Cut), 10)
	}
	w.b = append(w.b, '}')
}

func (w *writer) standing(s watch.Standing) {
	w.field("check", s.Check)
	w.field("rule", s.Rule)
	w.field("subject", s.Subject)
	w.field("data", s.Data)
	w.field("severity", s.Severity)
	w.at("first", s.First)
	w.message("message", s.Message)
	w.full("culprit", s.Culprit)
}

func (w *writer) silence(q watch.Silence) {
	w.field("check", q.Check)
	w.field("kind", q.Kind)
	w.message("message", q.Message)
	w.full("culprit", q.Culprit)
	w.at("since", q.Since)
	if !q.Last.IsZero() {
		w.at("last", q.Last)
	}
}

func (w *writer) value(v watch.Value) {
	w.field("name", v.Name)
	w.field("type", v.Type)
	w.key("values")
	w.strs(v.Values)
	w.at("first", v.First)
	if !v.Seen.IsZero() {
		w.at("seen", v.Seen)
	}
}

// strs writes a list of strings.
func (w *writer) strs(list []string) {
	w.b = append(w.b, '[')
	for _, s := range list {
		w.comma()
		w.str(s)
	}
	w.b = append(w.b, ']')
}
