package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/codes"
	"todoku/diag/watch"
)

// The bounds of a state as text. What is larger is cut when it is written; when it is read it is an error, since somebody
// else wrote it.
const (
	maxState  = 256 << 10
	maxValue  = 16 << 10 // all values of one record set
	maxCut    = 500      // octets of a message in a state that is too large
	mostInCut = 100      // findings, and silences, in a state that is too large
)

// ErrUnreadable says that something in the database has not the form that this package writes.
var ErrUnreadable = errors.New("it cannot be read")

// encode writes JSON (RFC 8259) that both databases take: NUL, which PostgreSQL refuses in JSON, becomes U+FFFD, as what is no
// UTF-8 does.
func encode(v any) (string, error) {
	b, err := json.Marshal(v)
	text := string(b)
	if strings.Contains(text, `\u0000`) || strings.Contains(text, `\ufffd`) {
		// A backslash of the value itself stands there twice: what follows it is no escape.
		text = strings.NewReplacer(`\\`, `\\`, `\u0000`, "\ufffd", `\ufffd`, "\ufffd").Replace(text)
	}
	return text, err
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

// DecodeState reads a state. An empty text is the state of a domain that was not looked at yet. Fields that a newer version wrote
// are passed over. The error is ErrUnreadable.
func DecodeState(domain, text string) (st watch.State, err error) {
	if err := decode("the state of "+domain, text, &st); err != nil {
		return watch.State{}, err
	}
	return st, nil
}

// EncodeState is a state as text. Where it is too large, record sets are left out, which the state tells, and then messages are
// shortened: a hostile domain does not keep its chunk from being saved.
func EncodeState(st watch.State) (string, error) {
	st.Cut = 0
	all := 0
	st.Values = slices.DeleteFunc(slices.Clone(st.Values), func(v watch.Value) bool {
		n := size(v)
		if n > maxValue || all+n > maxState/2 {
			st.Cut++
			return true
		}
		all += n
		return false
	})
	text, err := encode(st)
	if len(text) <= maxState {
		return text, err
	}
	return encode(small(st))
}

// small is a state without its record sets and with fewer and shorter messages.
func small(st watch.State) watch.State {
	st.Cut += len(st.Values)
	st.Values = nil
	st.Findings = slices.Clone(st.Findings[:min(len(st.Findings), mostInCut)])
	st.Ignored = slices.Clone(st.Ignored[:min(len(st.Ignored), mostInCut)])
	st.Silent = slices.Clone(st.Silent[:min(len(st.Silent), mostInCut)])
	st.Expires = st.Expires[:min(len(st.Expires), mostInCut)]
	for i := range st.Findings {
		st.Findings[i].Message = short(st.Findings[i].Message)
	}
	for i := range st.Ignored {
		st.Ignored[i].Message = short(st.Ignored[i].Message)
	}
	for i := range st.Silent {
		st.Silent[i].Message = short(st.Silent[i].Message)
	}
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
