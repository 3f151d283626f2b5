package guide_test

import (
	"slices"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide"
)

// TestTheCommandOfALetterHoldsTheReply: the administrator is to read what their server said, and from which address we came.
func TestTheCommandOfALetterHoldsTheReply(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	letter := codes.Todoku("letter", "--from", "SENDER")
	for text, want := range map[string]string{
		"550 5.7.1 it's refused, see https://a.test/$(x)":       "550 5.7.1 it's refused, see https://a.test/$(x)",
		"550-5.7.1 refused\n550 5.7.1 by policy":                "550 5.7.1 refused by policy",
		"550 5.7.1 refused " + strings.Repeat("and again ", 50): "",
		"42554": "",
	} {
		k := usual(c, text)
		got := k.Quoting(letter).Argv()
		i := slices.Index(got, "--response")
		if quoted := i >= 0; quoted != (want != "") || quoted && got[i+1] != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if !slices.Contains(got, "192.0.2.7") {
			t.Errorf("%q: no address in %q", text, got)
		}
	}
	if k := guide.Read(c, "42554"); !k.Quoting(letter).Same(letter) {
		t.Errorf("nothing is known: %q", k.Quoting(letter).Argv())
	}
	other := codes.Todoku("history", "list")
	if !usual(c, "550 5.7.1 refused").Quoting(other).Same(other) {
		t.Error("another command was changed")
	}
}
