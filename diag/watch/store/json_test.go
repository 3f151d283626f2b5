package store_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// hostileState has texts that JSON must escape.
func hostileState() watch.State {
	st := realistic("a.example", start.Add(123456789*time.Nanosecond))
	for _, s := range []string{`"\`, "\r\n\t\x01\x1f\x7f", "日本語", "\u2028\u2029", "<script>&", "😀", "\ufffd", ""} {
		f := finding(s, s, start)
		f.Message, f.Culprit = codes.Text{EN: s, JA: s}, s
		st.Findings = append(st.Findings, f)
		st.Silent = append(st.Silent, watch.Silence{Check: s, Kind: s, Message: f.Message, Culprit: s, Since: start, Last: start})
		st.Values = append(st.Values, watch.Value{Name: s, Type: s, Values: []string{s, s}, First: start})
		st.Expires = append(st.Expires, watch.Expiry{Host: s, Use: s, At: start})
	}
	st.Silent = append(st.Silent, watch.Silence{Check: "never", Since: start})
	return st
}

// encoded is a state as text.
func encoded(t testing.TB, st watch.State) string {
	t.Helper()
	text, err := store.EncodeState(st)
	must(t, err)
	return text
}

// The states in a store are JSON: anybody's reader reads what is written here, and what anybody writes is read here.
func TestStatesAreJSON(t *testing.T) {
	t.Parallel()
	for _, st := range []watch.State{{}, hostileState(), realistic("b.example", start)} {
		text := encoded(t, st)
		var theirs watch.State
		must(t, json.Unmarshal([]byte(text), &theirs))
		if diff := cmp.Diff(st, theirs); diff != "" {
			t.Errorf("encoding/json reads another state: %s", diff)
		}
		for _, indent := range []string{"", "\t"} {
			written, err := json.MarshalIndent(st, "", indent)
			must(t, err)
			ours, err := store.DecodeState("a.example", string(written))
			must(t, err)
			if diff := cmp.Diff(st, ours); diff != "" {
				t.Errorf("another state is read than encoding/json wrote: %s", diff)
			}
		}
	}
	newer := `{"newer":[1,{"a":[true,null,"x\"y"]},-2e3],"cut":3,"findings":null}`
	if st, err := store.DecodeState("a.example", newer); err != nil || st.Cut != 3 {
		t.Errorf("fields of a newer version: %+v, %v", st, err)
	}
}

// What both databases refuse is not written, and a hostile domain does not fill the store.
func TestStatesAreBounded(t *testing.T) {
	t.Parallel()
	bad := watch.State{Values: []watch.Value{{Name: "a.example", Type: "TXT", Values: []string{"a\x00b\xffc"}, First: start}}}
	if st, err := store.DecodeState("a.example", encoded(t, bad)); err != nil || st.Values[0].Values[0] != "a\ufffdb\ufffdc" {
		t.Errorf("NUL and what is no UTF-8: %+v, %v", st, err)
	}
	slash := watch.State{Values: []watch.Value{{Name: `\u0000\ufffd`, Type: "TXT", Values: []string{"\\\x00"}}}}
	if st, err := store.DecodeState("a.example", encoded(t, slash)); err != nil || st.Values[0].Name != slash.Values[0].Name ||
		st.Values[0].Values[0] != "\\\ufffd" {
		t.Errorf("backslashes before what looks like an escape: %+v, %v", st, err)
	}
	large := realistic("a.example", start)
	for range 30 {
		large.Values = append(large.Values, watch.Value{Name: "a.example", Type: "TXT", Values: []string{strings.Repeat("x", 60_000)}})
	}
	st, err := store.DecodeState("a.example", encoded(t, large))
	if err != nil || st.Cut != 30 || len(st.Values) != 8 || len(st.Findings) != 10 {
		t.Errorf("large record sets: %d cut, %d left, %v", st.Cut, len(st.Values), err)
	}
	for range 200 {
		f := finding("spf-none", "a.example", start)
		f.Message = codes.Text{EN: strings.Repeat("x", 20_000), JA: strings.Repeat("日", 20_000)}
		large.Findings = append(large.Findings, f)
	}
	text := encoded(t, large)
	if st, err = store.DecodeState("a.example", text); err != nil || len(text) > 256<<10 || len(st.Findings) != 100 || st.Cut != 38 {
		t.Errorf("many findings with long messages: %d octets, %d findings, %d cut, %v", len(text), len(st.Findings), st.Cut, err)
	}
}

// FuzzState reads what may stand in a database: an error or a state that is the same when it is written and read again.
func FuzzState(f *testing.F) {
	for _, s := range []string{"", "{}", "{", "null", "[]", encoded(f, hostileState()), `{"cut":1e9}`, `{"findings":[{"first":"x"}]}`,
		`{"values":[{"values":["\ud800"]}]}`, strings.Repeat(`{"x":`, 100), `{"x":` + strings.Repeat("[", 100), "{\"x\":\"\x00\"}",
		`{} {}`, `{"a":1}x`,
		`{"x":"\`, `{"silent":[{"last":"9999-12-31T23:59:59.999999999Z"}]}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		st, err := store.DecodeState("a.example", text)
		if err != nil {
			return
		}
		if text != "" && !json.Valid([]byte(strings.ToValidUTF8(text, "?"))) {
			t.Fatalf("no JSON, and read: %q", text)
		}
		first := encoded(t, st)
		again, err := store.DecodeState("a.example", first)
		if err != nil {
			t.Fatalf("%q is not read again: %v", first, err)
		}
		if second := encoded(t, again); second != first {
			t.Fatalf("%q becomes %q", first, second)
		}
	})
}
