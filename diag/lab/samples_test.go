package lab_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
)

// judge runs the checks of a mail in the lab. The clock stands at the day of the lab's mails.
func judge(t *testing.T, data []byte, o check.MailOptions) *diag.Report {
	t.Helper()
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }
	m := check.OpenMail(data, o)
	return diag.Run(t.Context(), diag.Env{DNS: start(t, w), Now: now}, m.Target("mail"), check.Message(m))
}

// broken lists the rules that a report has broken, those of information left out.
func broken(r *diag.Report) []string {
	var out []string
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Rule.Severity > diag.Info && !slices.Contains(out, f.Rule.ID) {
				out = append(out, f.Rule.ID)
			}
		}
	}
	return out
}

// TestSamples: each ready-made mail breaks the rules that it is there for, and no others.
func TestSamples(t *testing.T) {
	t.Parallel()
	samples, err := lab.Samples()
	if err != nil || len(samples) == 0 {
		t.Fatal(err)
	}
	for _, s := range samples {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			r := judge(t, s.Data, check.MailOptions{})
			got, want := broken(r), slices.Clone(s.Rules)
			slices.Sort(got)
			slices.Sort(want)
			if !slices.Equal(got, want) {
				t.Errorf("breaks %v, should break %v", got, want)
			}
			for _, res := range r.Results {
				if res.Err != nil {
					t.Errorf("%s: %v", res.Check.Name, res.Err)
				}
			}
			if s.Situation.EN == "" || s.Situation.JA == "" || !strings.HasSuffix(strings.Join(s.Command.Argv(), " "), "lab:"+s.Name) {
				t.Errorf("%+v", s.Scenario)
			}
		})
	}
}
