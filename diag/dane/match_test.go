package dane_test

import (
	"slices"
	"strings"
	"testing"

	"todoku/diag/dane"
)

// TestMatch: each record says what it makes of the chain.
func TestMatch(t *testing.T) {
	t.Parallel()
	for _, c := range chainCases(build(t)) {
		records := parsed(c.records)
		got := dane.Match(records, shown(c.chain))
		if !slices.Equal(got, c.want) || dane.Accepts(got) != slices.Contains(c.want, dane.Matches) || !dane.Binding(records) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if got := dane.Match(parsed([]string{"3 1 1 " + zeros}), dane.Shown{}); got[0] != dane.NoMatch {
		t.Errorf("no chain: %v", got)
	}
}

// TestParse: what is wrong with a record is told by its kind, and its numbers stay.
func TestParse(t *testing.T) {
	t.Parallel()
	h := build(t)
	for text, want := range map[string]dane.Fault{
		"3 1 1 " + zeros: "", "3 1 1 " + zeros[:20] + " " + zeros[20:]: "",
		"3 1 1 " + strings.ToUpper(strings.ReplaceAll(zeros, "0", "a")): "",
		"3 1 2 " + zeros + zeros: "", tlsa(h.leaf, 3, 0, 0): "", tlsa(h.leaf, 3, 1, 0): "", "2 0 1 " + zeros: "",
		"": dane.Unreadable, "3 1": dane.Unreadable, "3 1 x " + zeros: dane.Unreadable, "3 1 1 0": dane.Unreadable, "3 1 1 zz": dane.Unreadable,
		"256 1 1 " + zeros: dane.Unreadable, "-1 1 1 " + zeros: dane.Unreadable, "3 1 1 " + strings.Repeat("00", 70_000): dane.Unreadable,
		"3 1 1": dane.NoData, "3 0 0": dane.NoData, "3 1 1 " + zeros + "00": dane.WrongLength, "3 1 2 " + zeros: dane.WrongLength,
		"3 1 1 " + zeros[2:]: dane.WrongLength, "3 0 0 00": dane.NoCertificate, "3 1 0 3000": dane.NoKey,
		"0 0 1 " + zeros: dane.UsagePKIX, "1 1 1 " + zeros: dane.UsagePKIX, "4 1 1 " + zeros: dane.UnknownUsage,
		"255 1 1 " + zeros: dane.UnknownUsage,
		"3 2 1 " + zeros:   dane.UnknownSelector, "3 1 3 " + zeros: dane.UnknownMatching, "3 1 255 00": dane.UnknownMatching,
	} {
		r := dane.Parse(text)
		if r.Fault != want || r.Usable() != (want == "") || r.Text != text {
			t.Errorf("%.60q: %q, want %q", text, r.Fault, want)
		}
		malformed := slices.Contains([]dane.Fault{dane.Unreadable, dane.NoData, dane.WrongLength, dane.NoCertificate, dane.NoKey}, want)
		if r.Fault.Malformed() != malformed {
			t.Errorf("%.60q: malformed %t", text, r.Fault.Malformed())
		}
	}
	if dane.Binding(parsed([]string{"1 1 1 " + zeros, "3 1 1 00"})) {
		t.Error("unusable records bind")
	}
}

// FuzzParse: whatever DNS holds is a record or a fault, and a usable record reads the same when it is written again.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"3 1 1 " + zeros, "2 0 0 3003020100", "0 0 1 " + zeros, "3 1", "3 1 0 3000", "\x1b[31m 1 1 00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := dane.Parse(s)
		if again := dane.Parse(r.Key()); r.Usable() && (!again.Usable() || again.Key() != r.Key()) {
			t.Errorf("%q: %+v, again %+v", s, r, again)
		}
		dane.Match([]dane.Record{r}, dane.Shown{})
	})
}
