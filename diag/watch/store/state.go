package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"todoku/codes"
	"todoku/diag/watch"
)

// The bounds of a state as text. What is larger is cut when it is written; when it is read it is an error, since somebody
// else wrote it.
const (
	maxState   = 256 << 10
	maxValue   = 16 << 10 // all values of one record set
	maxCut     = 500      // octets of a message in a state that is too large
	usualState = 6 << 10  // room for a usual one
	mostInCut  = 100      // findings, and silences, in a state that is too large
)

// ErrUnreadable says that something in the database has not the form that this package writes.
var ErrUnreadable = errors.New("it cannot be read")

// encode writes JSON.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// decode reads JSON that this package wrote. An empty text is nothing.
func decode(what, text string, into any) error {
	if text == "" {
		return nil
	}
	if len(text) > 2*maxState {
		return fmt.Errorf("%s: %w: it has %d octets", what, ErrUnreadable, len(text))
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("%s: %w: %w", what, ErrUnreadable, err)
	}
	return nil
}

// unreadable says that the state of a domain has not the form that this package writes.
func unreadable(domain string, at int) error {
	return fmt.Errorf("the state of %s: %w, from octet %d on", domain, ErrUnreadable, at)
}

// EncodeState is a state as text.
func EncodeState(st watch.State) string {
	w := writer{b: make([]byte, 0, usualState)}
	w.bounded(st)
	return string(w.b)
}

// bounded writes a state. Where it is too large, record sets are left out, which the state tells, and then messages are
// shortened: a hostile domain does not keep its chunk from being saved.
func (w *writer) bounded(st watch.State) {
	st.Cut = 0
	if oversized(st) {
		st = small(st)
	}
	from := len(w.b)
	if w.state(st); len(w.b)-from <= maxState {
		return
	}
	w.b = w.b[:from]
	st.Cut += len(st.Values)
	st.Values = nil
	st.Findings, st.Silent = st.Findings[:min(len(st.Findings), mostInCut)], st.Silent[:min(len(st.Silent), mostInCut)]
	st.Expires = st.Expires[:min(len(st.Expires), mostInCut)]
	st.Findings, st.Silent = append([]watch.Standing(nil), st.Findings...), append([]watch.Silence(nil), st.Silent...)
	for i := range st.Findings {
		st.Findings[i].Message = short(st.Findings[i].Message)
	}
	for i := range st.Silent {
		st.Silent[i].Message = short(st.Silent[i].Message)
	}
	w.state(st)
}

// oversized reports whether a record set of a state is too large.
func oversized(st watch.State) bool {
	all := 0
	for _, v := range st.Values {
		n := size(v)
		if all += n; n > maxValue {
			return true
		}
	}
	return all > maxState/2
}

// small leaves out record sets that are too large, and those behind the bound.
func small(st watch.State) watch.State {
	var kept []watch.Value
	all := 0
	for _, v := range st.Values {
		n := size(v)
		if n > maxValue || all+n > maxState/2 {
			st.Cut++
			continue
		}
		all += n
		kept = append(kept, v)
	}
	st.Values = kept
	return st
}

func size(v watch.Value) (n int) {
	for _, s := range v.Values {
		n += len(s)
	}
	return n + len(v.Name)
}

// short cuts a message in both languages.
func short(t codes.Text) codes.Text { return codes.Text{EN: start(t.EN), JA: start(t.JA)} }

func start(s string) string {
	if len(s) <= maxCut {
		return s
	}
	n := maxCut
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n] + "…"
}
