package codes_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"todoku/codes"
)

func TestMessage(t *testing.T) {
	t.Parallel()
	spf := codes.Todoku("check", "spf", "DOMAIN").With(codes.PlaceDomain, "example.jp")
	for _, c := range []struct {
		m      codes.Message
		en, ja string
	}{
		{codes.Say(codes.Text{EN: "fine", JA: "問題なし"}), "fine", "問題なし"},
		{codes.Say(codes.Text{EN: "{n} of {all}", JA: "{all}のうち{n}"}, codes.Num("n", 1), codes.Num("all", 2)), "1 of 2", "2のうち1"},
		{codes.Say(codes.Text{EN: "{list}: {what}"}, codes.List("list", []string{"a", "b"}), codes.Failure("what", fs.ErrNotExist)), "a, b: file does not exist", ""},
		{codes.Say(codes.Text{EN: "{why}", JA: "{why}"}, codes.Words("why", codes.Text{EN: "gone", JA: "なし"})), "gone", "なし"},
		{codes.Say(codes.Text{EN: "{v}"}, codes.Quoted("v", "a\n\"b")), `"a\n\"b"`, ""},
		{codes.Say(codes.Text{EN: "{v}"}, codes.QuotedStart("v", "例え.test", 2)), `"例え"`, ""},
		{codes.Say(codes.Text{EN: "{v}"}, codes.Start("v", "\xff\xff\xff", 2)), "\xff\xff", ""},
		{codes.Say(codes.Text{EN: "{v}"}, codes.Start("v", "例え", 9)), "例え", ""},
		{codes.Say(codes.Text{EN: "type {command}"}, codes.Typed("command", spf)), "type check spf", ""}, // only page prints a line to type
		{codes.Say(codes.Text{EN: "{a}{b}"}, codes.Str("a", "{b}"), codes.Str("b", "x")), "{b}x", ""},    // a value is no template
		{codes.Say(codes.Text{EN: "{none} { {} }", JA: "{"}), "{none} { {} }", "{"},
	} {
		if en, ja := c.m.In(codes.English), c.m.In(codes.Japanese); en != c.en || ja != c.ja {
			t.Errorf("%q, %q; want %q, %q", en, ja, c.en, c.ja)
		}
	}
}

func TestDataJSON(t *testing.T) {
	t.Parallel()
	data := codes.Data{codes.Str("z", "<&>"), codes.Num("a", 3), codes.List("none", nil), codes.Quoted("q", "x"),
		codes.Words("w", codes.Text{EN: "gone", JA: "なし"}), codes.Typed("c", codes.Todoku("explain", "CODE").With(codes.PlaceCode, "42553"))}
	got, err := json.Marshal(data)
	const want = `{"z":"\u003c\u0026\u003e","a":3,"none":[],"q":"x","w":"gone","c":["todoku","explain","42553"]}`
	if err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	if v, ok := data.Get("a"); v != "3" || !ok {
		t.Errorf("a: %q, %v", v, ok)
	}
	if v, ok := data.Get("b"); v != "" || ok {
		t.Errorf("b: %q, %v", v, ok)
	}
}

func TestUserError(t *testing.T) {
	t.Parallel()
	kind := errors.New("kind")
	e := &codes.UserError{Place: "a.yaml:3", Cause: fs.ErrNotExist, Kind: kind,
		Says:   codes.Say(codes.Text{EN: "{v} cannot\nbe read"}, codes.Quoted("v", "x")),
		Remedy: codes.Say(codes.Text{EN: "give another"})}
	const want = `a.yaml:3: "x" cannot be read: file does not exist; give another`
	if e.Error() != want {
		t.Errorf("%q; want %q", e.Error(), want)
	}
	wrapped := fmt.Errorf("wrapped: %w", e)
	if !errors.Is(wrapped, fs.ErrNotExist) || !errors.Is(wrapped, kind) || errors.Is(wrapped, fs.ErrExist) {
		t.Error("neither cause nor kind is found through a wrap")
	}
	var u *codes.UserError
	if moved := codes.At("--ip", wrapped); !errors.As(moved, &u) || u.Place != "--ip" || e.Place != "a.yaml:3" {
		t.Errorf("moved: %v, from %v", u, e)
	}
	if other := codes.At("--ip", kind); other != kind {
		t.Errorf("%v is no UserError and has got a place", other)
	}
}
