package guide

import (
	"slices"
	"testing"

	"todoku/codes"
)

// TestCommandOfAStep: the recipient's domain is that behind the last @, as DNS and
// the history spell it; of the commands for those who know no id, the best is taken.
func TestCommandOfAStep(t *testing.T) {
	t.Parallel()
	list := codes.Todoku("history", "list", "--domain", "THEIRS")
	for to, want := range map[string]string{`"a@b"@c.test`: "c.test", "user@日本.test": "xn--wgv71a.test", "c.test": "c.test"} {
		e := &evidence{Case: &Case{From: "news@own.test", To: to}}
		if argv := e.fill(list).Argv(); !slices.Contains(argv, want) {
			t.Errorf("%s: %q", to, argv)
		}
	}
	e := &evidence{Case: &Case{From: "news@own.test", To: "user@c.test"}}
	best := codes.Todoku("letter", "--from", "SENDER", "--to", "ADDR")
	got := e.fillRemedy(codes.Remedy{Check: codes.Todoku("letter", "ID"), Guide: []codes.Command{codes.Todoku("letter",
		"ID"), best, list}}).Argv()
	if want := []string{"todoku", "letter", "--from", "news@own.test", "--to", "user@c.test"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
