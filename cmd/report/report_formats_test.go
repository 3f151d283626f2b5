package report

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// told is what a format says of one finding, or of a check that could not look: "rule subject" or "check ?".
type told []string

// toldBy reads a format back.
func toldBy(t *testing.T, f page.Format, out string) (s told) {
	t.Helper()
	switch f {
	case page.CSV:
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1:] {
			switch {
			case r[3] != "":
				s = append(s, r[3]+" "+r[4])
			case r[2] == "unknown":
				s = append(s, r[1]+" ?")
			}
		}
	case page.JUnit:
		s = toldByJUnit(t, out)
	case page.SARIF:
		for _, r := range sarif(t, out).Runs[0].Results {
			if r.RuleID == unknownRule {
				s = append(s, r.Extra.Check+" ?")
			} else {
				s = append(s, r.RuleID+" "+r.Extra.Subject)
			}
		}
	case page.GitHub:
		for line := range strings.Lines(out) {
			_, title, _ := strings.Cut(line, "title=")
			title, _, _ = strings.Cut(title, "::")
			title, err := url.PathUnescape(title)
			if err != nil {
				t.Fatal(err)
			}
			id, subject, _ := strings.Cut(title, ": ")
			if !strings.Contains(id, "-") {
				subject = "?"
			}
			s = append(s, id+" "+subject)
		}
	}
	return s
}

func toldByJUnit(t *testing.T, out string) (s told) {
	t.Helper()
	var doc struct {
		Suites []suiteXML `xml:"testsuite"`
	}
	if err := xml.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, suite := range doc.Suites {
		failures, errors := 0, 0
		for _, c := range suite.Cases {
			id, subject, found := strings.Cut(c.Name, ": ")
			switch {
			case found:
				s = append(s, id+" "+subject)
			case c.Error != nil:
				s = append(s, id+" ?")
			}
			if c.Failure != nil {
				failures++
			}
			if c.Error != nil {
				errors++
			}
		}
		if len(suite.Cases) != suite.Tests || failures != suite.Failures || errors != suite.Errors {
			t.Errorf("counts of %s: %d %d %d", suite.Name, suite.Tests, suite.Failures, suite.Errors)
		}
	}
	return s
}

type sarifDoc struct {
	Version string
	Runs    []struct {
		Results []struct {
			RuleID       string
			RuleIndex    int
			Locations    []sarifLocation
			Fingerprints map[string]string               `json:"partialFingerprints"`
			Extra        struct{ Check, Subject string } `json:"properties"`
		}
		Tool struct {
			Driver struct {
				Name  string
				Rules []sarifRule
			}
		}
	}
}

func sarif(t *testing.T, out string) (doc sarifDoc) {
	t.Helper()
	if err := json.Unmarshal([]byte(out), &doc); err != nil || len(doc.Runs) != 1 {
		t.Fatalf("%v\n%s", err, out)
	}
	return doc
}

// TestEveryFormatSaysTheSame: findings, their subjects and their number are the same in all formats that programs read.
func TestEveryFormatSaysTheSame(t *testing.T) {
	t.Parallel()
	var reports []*diag.Report
	var want told
	for _, name := range []string{"kaisha.test", "例え.test", "evil.test", "nothing.test"} {
		reports = append(reports, look(t, zone(t), name), look(t, &failing{zone(t)}, name))
	}
	for _, r := range reports {
		for _, res := range r.Results {
			for _, f := range res.Findings {
				want = append(want, f.Rule.ID+" "+page.Clean(f.Subject))
			}
			if res.Err != nil {
				want = append(want, res.Check.Name+" ?")
			}
		}
	}
	slices.Sort(want)
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		for _, f := range []page.Format{page.CSV, page.JUnit, page.SARIF, page.GitHub} {
			got := toldBy(t, f, printed(t, f, Options{Lang: lang, Many: true}, reports...))
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s says\n%s\nand not\n%s", f, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
	}
}

// TestFingerprintsAreStable: the same finding has the same one in each run and language, and no two findings share one.
func TestFingerprintsAreStable(t *testing.T) {
	t.Parallel()
	prints := func(l codes.Lang) map[string]string {
		out := map[string]string{}
		for _, r := range sarif(t, printed(t, page.SARIF, Options{Lang: l}, look(t, zone(t), "kaisha.test"))).Runs[0].Results {
			out[r.RuleID+r.Extra.Subject] = r.Fingerprints["todoku/v1"]
		}
		return out
	}
	first, again := prints(codes.English), prints(codes.Japanese)
	seen := map[string]string{}
	for of, p := range first {
		if again[of] != p || p == "" {
			t.Errorf("%s: %q and %q", of, p, again[of])
		}
		if other, twice := seen[p]; twice {
			t.Errorf("%s and %s have one fingerprint", of, other)
		}
		seen[p] = of
	}
}

// TestSeveralFaultsOfOneRule: each has a fingerprint of its own, and code scanning shows them all.
func TestSeveralFaultsOfOneRule(t *testing.T) {
	t.Parallel()
	rule := &diag.Rule{ID: "spf-odd", Severity: diag.Fail, Owner: diag.OwnerDNS}
	faults := []diag.Finding{{Rule: rule, Subject: "a.test"}, {Rule: rule, Subject: "a.test"}, {Rule: rule, Subject: "b.test"}}
	r := &diag.Report{Results: []diag.Result{{Check: &diag.Check{Name: "spf"}, Findings: faults}}}
	seen := map[string]bool{}
	for _, x := range sarif(t, printed(t, page.SARIF, Options{}, r)).Runs[0].Results {
		seen[x.Fingerprints["todoku/v1"]] = true
	}
	if len(seen) != len(faults) {
		t.Errorf("%d fingerprints of %d findings", len(seen), len(faults))
	}
}

// TestRulesOfSARIF: each result names its rule by number and id, with help, and an empty log is a log.
func TestRulesOfSARIF(t *testing.T) {
	t.Parallel()
	doc := sarif(t, printed(t, page.SARIF, Options{}, look(t, &failing{zone(t)}, "kaisha.test"), look(t, zone(t), "kaisha.test")))
	rules := doc.Runs[0].Tool.Driver.Rules
	for _, r := range doc.Runs[0].Results {
		if rules[r.RuleIndex].ID != r.RuleID || rules[r.RuleIndex].Help.Text == "" || strings.Contains(rules[r.RuleIndex].Short.Text, "{") {
			t.Errorf("%+v", rules[r.RuleIndex])
		}
	}
	if empty := sarif(t, printed(t, page.SARIF, Options{})); empty.Version != sarifVersion || empty.Runs[0].Results == nil {
		t.Errorf("%+v", empty)
	}
}

// nothing are the facts of a check that had nothing to look at.
type nothing struct{ absent }

func (nothing) Looked() bool { return false }

// TestNothingToLookAtDoesNotPass: no format says that a check is in order that had nothing to look at.
func TestNothingToLookAtDoesNotPass(t *testing.T) {
	t.Parallel()
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"}, Results: []diag.Result{
		{Check: &diag.Check{Name: "ns", Title: codes.Same("DNS")}, Facts: nothing{}}}}
	for f, want := range map[page.Format]string{page.CSV: "a.test,ns,info,,a.test,there was nothing to look at,",
		page.JUnit: `<skipped message="there was nothing to look at"></skipped>`, page.Markup: "| DNS | – |",
		page.Web: `DNS <small class="info">–</small>`} {
		if out := printed(t, f, Options{}, r); !strings.Contains(out, want) || strings.Contains(out, "OK") {
			t.Errorf("%s lacks %s\n%s", f, want, out[max(0, len(out)-1500):])
		}
	}
	if out := printed(t, page.JUnit, Options{}, r); !strings.Contains(out, `tests="1" failures="0" errors="0" skipped="1"`) {
		t.Error(out)
	}
}

// TestPlaceOfAFinding: annotations and results point at the line of the zone file that holds the record.
func TestPlaceOfAFinding(t *testing.T) {
	t.Parallel()
	rule := &diag.Rule{ID: "spf-odd", Severity: diag.Fail, Says: codes.Same("odd, 100%"), Why: codes.Same("w"), Fix: codes.Same("f"),
		Owner: diag.OwnerDNS, Ref: "RFC 7208"}
	check := &diag.Check{Name: "spf", Title: codes.Same("SPF")}
	finding := diag.Finding{Rule: rule, Subject: "a.test", Evidence: []diag.Evidence{{Kind: "dns", Name: "a.test"},
		{Kind: "dns", Name: "a.test", Place: resolve.Place{File: "dns/a,b.zone", Line: 12}}, {Kind: "dns", Name: "a.test", Server: "192.0.2.53"}}}
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"},
		Results: []diag.Result{{Check: check, Findings: []diag.Finding{finding}}}}
	out := printed(t, page.GitHub, Options{}, r)
	want := "::error file=dns/a%2Cb.zone,line=12,title=spf-odd%3A a.test::odd, 100%25%0A"
	if !strings.HasPrefix(out, want) || strings.Count(out, "\n") != 1 {
		t.Error(out)
	}
	at := sarif(t, printed(t, page.SARIF, Options{}, r)).Runs[0].Results[0].Locations[0].Physical
	if at.Artifact.URI != "dns/a,b.zone" || at.Region.StartLine != 12 {
		t.Errorf("%+v", at)
	}
	if out := printed(t, page.JUnit, Options{}, r); !strings.Contains(out, ">dns/a,b.zone:12&#xA;why: w") {
		t.Error(out)
	}
	if out := printed(t, page.Web, Options{}, r); !strings.Contains(out, "<td>dns/a,b.zone:12</td>") ||
		!strings.Contains(out, "<td>192.0.2.53</td>") {
		t.Error(out)
	}
	if out := printed(t, page.CSV, Options{}, r); !strings.Contains(out, "dns/a,b.zone:12") {
		t.Error(out)
	}
}

// TestFailuresOfJUnitFollowTheThreshold: what --fail-on counts as wrong is a failure and nothing else is; what could not be looked up is
// an error unless nothing counts.
func TestFailuresOfJUnitFollowTheThreshold(t *testing.T) {
	t.Parallel()
	words := codes.Same("x")
	finding := func(s diag.Severity) diag.Finding {
		return diag.Finding{Rule: &diag.Rule{ID: "spf-" + s.String(), Severity: s, Says: words, Why: words, Fix: words}, Subject: "a.test"}
	}
	r := &diag.Report{Target: diag.Target{Name: "a.test", ASCII: "a.test"}, Results: []diag.Result{{
		Check:    &diag.Check{Name: "spf", Title: words},
		Findings: []diag.Finding{finding(diag.Info), finding(diag.Warn), finding(diag.Fail)}, Err: &resolve.Error{Kind: resolve.KindTimeout}}}}
	from := func(least diag.Status) page.Fails {
		return func(target, status string) bool {
			return target == "a.test" && slices.ContainsFunc([]diag.Status{diag.OK, diag.Info, diag.Warn, diag.Unknown, diag.Fail},
				func(s diag.Status) bool { return s.String() == status && s >= least })
		}
	}
	for name, c := range map[string]struct {
		fails            page.Fails
		failures, errors int
	}{
		"not said": {nil, 1, 1},
		"fail":     {from(diag.Fail), 1, 1},
		"unknown":  {from(diag.Unknown), 1, 1},
		"warn":     {from(diag.Warn), 2, 1},
		"info":     {from(diag.Info), 3, 1},
		"never":    {func(string, string) bool { return false }, 0, 0},
	} {
		out := printed(t, page.JUnit, Options{Fails: c.fails}, r)
		if f, e := strings.Count(out, "<failure "), strings.Count(out, "<error "); f != c.failures || e != c.errors {
			t.Errorf("%s: %d failures and %d errors, want %d and %d\n%s", name, f, e, c.failures, c.errors, out)
		}
	}
}
