package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
)

// ownChecks are the checks that a scenario is about: those of its rules; without rules, all that its zone was written
// for.
func ownChecks(s lab.Scenario) []string {
	if len(s.Rules) == 0 {
		own := strings.Split(checksOfTests, ",")
		if slices.Contains(s.Command.Argv(), "--authoritative") {
			own = append(own, "ns")
		}
		return own
	}
	var own []string
	for _, c := range check.All() {
		if slices.ContainsFunc(c.Rules, func(r *diag.Rule) bool { return slices.Contains(s.Rules, r.ID) }) {
			own = append(own, c.Name)
		}
	}
	return own
}

// TestScenarios types the command of every scenario and finds what it shows, and nothing else of the checks that it is
// about. What other checks say of its domain is for their own scenarios.
func TestScenarios(t *testing.T) {
	t.Parallel()
	for _, s := range lab.Scenarios() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			args := append(s.Command.Argv()[1:], "--format", "json")
			var out, errs bytes.Buffer
			status := play(context.Background(), args, strings.NewReader(""), &out, &errs, func(string) string { return "" })
			var report struct {
				Status  string
				Results []struct {
					Check    string
					Findings []struct{ Rule string }
					Error    *struct{ Kind string }
				}
			}
			if err := json.Unmarshal(out.Bytes(), &report); err != nil {
				t.Fatalf("%v: %s", err, errs.String())
			}
			got, blind := []string{}, false
			own := ownChecks(s)
			for _, r := range report.Results {
				if !slices.Contains(own, r.Check) {
					continue
				}
				blind = blind || r.Error != nil
				for _, f := range r.Findings {
					got = append(got, f.Rule)
				}
			}
			want := map[string]app.ExitStatus{"pass": app.ExitOK, "info": app.ExitOK, "warn": app.ExitOK,
				"unknown": app.ExitUnknown, "fail": app.ExitWrong}[report.Status]
			if !slices.Equal(got, append([]string{}, s.Rules...)) || status != want {
				t.Errorf("%s: status %s, exit %d, findings %v; want %v", s.Name, report.Status, status, got, s.Rules)
			}
			if unknowable := len(s.Rules) == 0 && s.DeliveryCode != ""; blind != unknowable {
				t.Errorf("%s: something could not be looked up: %v", s.Name, blind)
			}
		})
	}
}
