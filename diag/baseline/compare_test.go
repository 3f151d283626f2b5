package baseline_test

import (
	"errors"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
)

// TestWhatBecomesOfEachFinding: where one of two reports could not look, nothing is new and nothing mended.
func TestWhatBecomesOfEachFinding(t *testing.T) {
	t.Parallel()
	silence := errors.New("silence")
	num := func(n int) codes.Datum { return codes.Num("lookups", n) }
	old, same := finding("a", "x"), finding("b", "x", num(1))
	for name, c := range map[string]struct {
		before, after *diag.Report
		want          string
	}{
		"new, same and mended": {report("a.test", nil, old, same), report("a.test", nil, same, finding("c", "x")),
			"same b x, new c x, mended a x"},
		"changed":              {report("a.test", nil, same), report("a.test", nil, finding("b", "X", num(2))), "changed b X"},
		"nobody looked before": {report("a.test", silence), report("a.test", nil, old), "unknown a x, unknown spf a.test"},
		"nobody can look after": {report("a.test", nil, old), report("a.test", silence),
			"unknown spf a.test, unknown a x"},
		"found beside an error": {report("a.test", nil), report("a.test", silence, old), "new a x, unknown spf a.test"},
		"known beside an error": {report("a.test", silence, old), report("a.test", silence, old), "same a x, unknown spf a.test"},
		"nothing":               {report("a.test", nil), report("a.test", nil), ""},
		"a check that ran after only": {&diag.Report{Target: diag.Target{Name: "a.test"}}, report("a.test", nil, old),
			""},
		"a check that ran before only": {report("a.test", nil, old), &diag.Report{Target: diag.Target{Name: "a.test"}}, ""},
	} {
		var got []string
		w := baseline.Compare(c.before, c.after)
		for _, x := range w.Changes {
			what := x.Check.Name
			if x.Rule != nil {
				what = x.Rule.ID
			}
			got = append(got, string(x.Turn)+" "+what+" "+x.Subject)
		}
		if strings.Join(got, ", ") != c.want || w.Before != c.before {
			t.Errorf("%s: %q, want %q", name, strings.Join(got, ", "), c.want)
		}
	}
}

// TestWhatWasNotVisitedIsNeitherNewNorMended: a check can leave out a part without an error.
func TestWhatWasNotVisitedIsNeitherNewNorMended(t *testing.T) {
	t.Parallel()
	full, part := report("a.test", nil, finding("a", "page")), report("a.test", nil)
	part.Results[0].Facts = unvisited("page")
	for _, pair := range [][2]*diag.Report{{full, part}, {part, full}} {
		if w := baseline.Compare(pair[0], pair[1]); len(w.Changes) != 1 || w.Changes[0].Turn != diag.TurnUnknown {
			t.Errorf("%+v", w.Changes)
		}
	}
}
