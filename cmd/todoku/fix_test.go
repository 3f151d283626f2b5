package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/diag/lab"
)

// findingsOf are the findings of a report, and those that fail.
func findingsOf(t *testing.T, args ...string) (all, fails []string) {
	t.Helper()
	var out, errs bytes.Buffer
	if status := play(t.Context(), append(args, "--format", "json"), strings.NewReader(""), &out, &errs, noEnv); status == app.ExitUsage {
		t.Fatal(errs.String())
	}
	var doc struct {
		Results []struct {
			Findings []struct{ Rule, Severity, Subject string }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err, out.String(), errs.String())
	}
	for _, r := range doc.Results {
		for _, f := range r.Findings {
			all = append(all, f.Rule+" "+f.Subject)
			if f.Severity == "fail" {
				fails = append(fails, f.Rule+" "+f.Subject)
			}
		}
	}
	return all, fails
}

// TestFixMendsTheLab: for each situation of the lab, the zone file that fix prints is read by --zone, and with it no finding is
// left that asked for a record, and none that fails is new. The document keeps to its schema.
func TestFixMendsTheLab(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.FixSchemaName)
	var mended atomic.Int64
	t.Run("scenarios", func(t *testing.T) {
		for _, s := range lab.Scenarios() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				mended.Add(int64(mends(t, s.Name, schema)))
			})
		}
	})
	if mended.Load() < 100 {
		t.Errorf("%d findings mended in all of the lab", mended.Load())
	}
}

// mends runs fix on a domain of the lab and checks what it prints; it counts the findings that ask for records.
func mends(t *testing.T, domain string, schema schema) (mended int) {
	t.Helper()
	flags := []string{"--ip", "192.0.2.9", "--only", "mx,spf,dkim,dmarc,ptr,tlsrpt", "--timeout", "1s"}
	var out, errs bytes.Buffer
	play(t.Context(), slices.Concat([]string{"--lab", "fix", domain, "--format", "json"}, flags), strings.NewReader(""), &out, &errs, noEnv)
	if err := schema.check(out.Bytes()); err != nil {
		t.Fatalf("%v\n%s%s", err, out.String(), errs.String())
	}
	var doc struct {
		Document string
		Changes  []struct {
			Rules []struct{ Rule, Subject string }
		}
	}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Changes) == 0 {
		return 0
	}
	file := filepath.Join(t.TempDir(), "new.zone")
	if err := os.WriteFile(file, []byte(doc.Document), 0o600); err != nil {
		t.Fatal(err)
	}
	check := slices.Concat([]string{"--lab", "check", "domain", domain}, flags)
	before, _ := findingsOf(t, check...)
	after, fails := findingsOf(t, append(check, "--zone", file)...)
	for _, c := range doc.Changes {
		for _, r := range c.Rules {
			mended++
			if slices.Contains(after, r.Rule+" "+r.Subject) {
				t.Errorf("%s %s stays\n%s", r.Rule, r.Subject, doc.Document)
			}
		}
	}
	for _, f := range fails {
		if !slices.Contains(before, f) {
			t.Errorf("%s is new\n%s", f, doc.Document)
		}
	}
	return mended
}
