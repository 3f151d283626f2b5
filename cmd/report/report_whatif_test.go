package report

import (
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

// whatIf is the report of a name with a change, held against the one without it.
func whatIf(t testing.TB, name string, texts ...string) *diag.Report {
	t.Helper()
	var sets []resolve.Set
	for _, text := range texts {
		s, err := resolve.ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		sets = append(sets, s)
	}
	before := look(t, zone(t), name)
	over := resolve.NewOverlay(zone(t), sets)
	r := look(t, over, name)
	change := check.Change(check.ChangeOptions{Sets: sets, Before: zone(t)})
	r.Results = append(diag.Run(t.Context(), diag.Env{DNS: over, Now: still}, r.Target, []*diag.Check{change}).Results, r.Results...)
	r.WhatIf = baseline.Compare(before, r)
	return r
}

// TestEveryFormatTellsWhatAChangeMends: and what it breaks, in both languages.
func TestEveryFormatTellsWhatAChangeMends(t *testing.T) {
	t.Parallel()
	r := whatIf(t, "kaisha.test", "kaisha.test TXT v=spf1 mx -all", "_dmarc.kaisha.test TXT", "kaisha.test MX 0 .")
	if len(r.WhatIf.Of(diag.TurnMended)) == 0 || len(r.WhatIf.Of(diag.TurnNew)) == 0 {
		t.Fatalf("%+v", r.WhatIf.Changes)
	}
	for _, f := range Reports.Formats() {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			out := printed(t, f, Options{Lang: lang}, r)
			for _, turn := range []diag.Turn{diag.TurnMended, diag.TurnNew} {
				for _, c := range r.WhatIf.Of(turn) {
					if !strings.Contains(out, c.Rule.ID) {
						t.Errorf("%s does not tell %s, which is %s", f, c.Rule.ID, turn)
					}
				}
			}
		}
	}
}

// TestWhatIsMendedIsNoFailureToMachines: it does not fail a run of CI.
func TestWhatIsMendedIsNoFailureToMachines(t *testing.T) {
	t.Parallel()
	r := whatIf(t, "kaisha.test", "kaisha.test TXT v=spf1 mx -all")
	for _, f := range []page.Format{page.CSV, page.JUnit, page.SARIF, page.GitHub} {
		bad := map[page.Format]string{page.CSV: ",fail,spf-lookups", page.JUnit: `type="spf-lookups"`, page.GitHub: "::error title=spf-lookups",
			page.SARIF: `"ruleId":"spf-lookups","ruleIndex":0,"level":"error"`}[f]
		if out := printed(t, f, Options{}, r); !strings.Contains(out, "spf-lookups") || strings.Contains(out, bad) {
			t.Errorf("%s: %s", f, out)
		}
	}
	if plain := printed(t, page.SARIF, Options{}, look(t, zone(t), "kaisha.test")); strings.Contains(plain, "baselineState") {
		t.Error("nothing was compared")
	}
}
