package report

import (
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag"
)

// mute is the facts of a check that tells nothing.
type mute struct{}

func (mute) Lines() []diag.Line { return nil }

// absent is the facts of a check that found nothing.
type absent struct{}

func (absent) Lines() []diag.Line { return []diag.Line{diag.NoRecord()} }

// What a check does not say is not said for it: least of all that there is no record.
func TestNothingIsSaidForACheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		facts diag.Facts
		err   error
		want  string
	}{
		{nil, nil, "nothing to tell"}, {mute{}, nil, "nothing to tell"}, {absent{}, nil, "no record"},
		{nil, errors.New("x"), "could not look"}, {mute{}, errors.New("x"), "could not look"}, {absent{}, errors.New("x"), "could not look"},
	} {
		check := &diag.Check{Name: "x", Title: codes.Text{EN: "x", JA: "x"}}
		r := &diag.Report{Results: []diag.Result{{Check: check, Facts: c.facts, Err: c.err}}}
		out := printed(t, "text", Options{Lang: codes.English, Width: 80}, r)
		for _, said := range []string{"nothing to tell", "no record", "could not look"} {
			if strings.Contains(out, said+"\n") != (said == c.want) {
				t.Errorf("%T, %v: want %q:\n%s", c.facts, c.err, c.want, out)
			}
		}
	}
}
