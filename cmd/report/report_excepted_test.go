package report

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// excepted is a report with an exception about each of its findings that fails.
func exceptedReport(t testing.TB, until string) *diag.Report {
	t.Helper()
	r := look(t, zone(t), "kaisha.test")
	var list []diag.Exception
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Rule.Severity >= diag.Warn {
				list = append(list, diag.Exception{Rule: f.Rule.ID, Until: until, Reason: "agreed <b>\x1b[31m with, \"the\" team"})
			}
		}
	}
	if r.Status() != diag.Fail || len(list) == 0 {
		t.Fatalf("%s: %v", r.Status(), list)
	}
	diag.NewExceptions(list, time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)).Apply(r)
	return r
}

// TestIgnoredFindingsStayInEveryDocument: marked, with reason and day, and clean; annotations leave them out.
func TestIgnoredFindingsStayInEveryDocument(t *testing.T) {
	t.Parallel()
	ignored, ended := exceptedReport(t, "2027-01-01"), exceptedReport(t, "2026-12-31")
	if ignored.Status() > diag.Info || ended.Status() != diag.Fail {
		t.Fatal(ignored.Status(), ended.Status())
	}
	for _, f := range Reports.Formats() {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for day, r := range map[string]*diag.Report{"2027-01-01": ignored, "2026-12-31": ended} {
				out := printed(t, f, Options{Lang: lang}, r)
				if left := f == page.GitHub && r == ignored; strings.Contains(out, day) == left || strings.Contains(out, "spf-lookups") == left {
					t.Errorf("%s in %s, until %s: %s", f, lang, day, out)
				}
				if strings.Contains(out, "\x1b") {
					t.Errorf("%s in %s has a control character", f, lang)
				}
			}
		}
	}
}

// TestIgnoredFindingsDoNotFailMachines: nor where they stay.
func TestIgnoredFindingsDoNotFailMachines(t *testing.T) {
	t.Parallel()
	r, ended := exceptedReport(t, "2027-01-01"), exceptedReport(t, "2026-12-31")
	junit := printed(t, page.JUnit, Options{}, r)
	if !strings.Contains(junit, `failures="0"`) || !strings.Contains(junit, "<skipped message=\"ignored until 2027-01-01") {
		t.Error(junit)
	}
	if again := printed(t, page.JUnit, Options{}, ended); strings.Contains(again, `failures="0"`) {
		t.Error(again)
	}
	sarif := printed(t, page.SARIF, Options{}, r)
	if !strings.Contains(sarif, `"suppressions":[{"kind":"external","status":"accepted","justification":"ignored until 2027-01-01`) {
		t.Error(sarif)
	}
	if again := printed(t, page.SARIF, Options{}, ended); strings.Contains(again, "suppressions") {
		t.Error(again)
	}
	var doc struct {
		Status  string
		Results []struct{ Findings []map[string]any }
	}
	if err := json.Unmarshal([]byte(printed(t, page.JSON, Options{}, r)), &doc); err != nil || doc.Status == "fail" {
		t.Fatal(doc.Status, err)
	}
	for _, res := range doc.Results {
		for _, f := range res.Findings {
			said, marked := f["ignored"].(map[string]any)
			if marked != (f["severity"] != "info") || marked && said["until"] != "2027-01-01" || f["exception_ended"] != nil {
				t.Errorf("%v", f)
			}
		}
	}
}
