package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// oneReport is an aggregate report of a day: mail of a.test from a server that its SPF record does not name.
const oneReport = `<?xml version="1.0"?>
<feedback><report_metadata><org_name>mail.example</org_name><email>d@mail.example</email><report_id>1</report_id>
<date_range><begin>1795478400</begin><end>1795564799</end></date_range></report_metadata>
<policy_published><domain>a.test</domain><adkim>r</adkim><aspf>r</aspf><p>none</p></policy_published>
<record><row><source_ip>192.0.2.1</source_ip><count>3</count>
<policy_evaluated><disposition>none</disposition><dkim>fail</dkim><spf>fail</spf></policy_evaluated></row>
<identifiers><header_from>a.test</header_from></identifiers>
<auth_results><spf><domain>a.test</domain><result>fail</result></spf></auth_results></record></feedback>
`

// reportsRead is what the tests look at in todoku/reports/1.
type reportsRead struct {
	DNS    string
	Counts struct{ DMARC, TLS, Duplicates, Outside, Lost int64 }
	Inputs []struct {
		Error string
		Notes []string
	}
	Domains []struct {
		Domain  string
		Mails   int64
		Classes map[string]struct{ Mails, Fail int64 }
		Groups  []struct {
			Class   string
			Reasons []struct{ ID string }
		}
		WhatIf *struct{ Verdict string } `json:"what_if"`
		Next   []struct{ Argv []string }
	}
	TLS []struct{ Failed int64 }
}

// month writes reports of 20 days by three reporters into a folder: own mail of a.test, and more as a row.
func month(t *testing.T, dir string, more ...aggregate.Row) {
	t.Helper()
	for day := range 20 {
		for _, org := range []string{"google.com", "Outlook.com", "Yahoo"} {
			begin := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, day-20)
			d := &aggregate.DMARC{Org: org, ID: fmt.Sprint(org, day), Begin: begin, End: begin.Add(24*time.Hour - time.Second),
				Policy: aggregate.Policy{Domain: "a.test", P: "none"}}
			d.Rows = append(d.Rows, aggregate.Row{Source: netip.MustParseAddr("192.0.2.1"), Count: 50, Disposition: "none", DKIM: "pass",
				SPF:        "pass",
				HeaderFrom: "a.test", DKIMResults: []aggregate.DKIMResult{{Domain: "a.test", Selector: "s1", Result: "pass"}},
				SPFResults: []aggregate.SPFResult{{Domain: "a.test", Scope: "mfrom", Result: "pass"}}})
			d.Rows = append(d.Rows, more...)
			name := filepath.Join(dir, fmt.Sprintf("%s-%02d.xml", org, day))
			if err := os.WriteFile(name, aggregatetest.XML(d, aggregatetest.RFC9990), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// forgotten is a server of our own that SPF does not name: its name is ours.
func forgotten() aggregate.Row {
	return aggregate.Row{Source: netip.MustParseAddr("192.0.2.9"), Count: 4, Disposition: "none", DKIM: "fail", SPF: "fail",
		HeaderFrom: "a.test",
		SPFResults: []aggregate.SPFResult{{Domain: "a.test", Scope: "mfrom", Result: "fail"}}}
}

// reportsZone is the DNS of these reports.
const reportsZone = `a.test. TXT "v=spf1 ip4:192.0.2.1 -all"
_dmarc.a.test. TXT "v=DMARC1; p=none"
9.2.0.192.in-addr.arpa. PTR mail9.a.test.
mail9.a.test. A 192.0.2.9
`

// readReports runs the command and reads its JSON, which has to keep to the schema.
func readReports(t *testing.T, want app.ExitStatus, stdin string, args ...string) reportsRead {
	t.Helper()
	var out, errs bytes.Buffer
	if s := play(t.Context(), append(args, "--format", "json"), strings.NewReader(stdin), &out, &errs, noEnv); s != want {
		t.Fatalf("%v: exit %d, want %d: %s", args, s, want, errs.String())
	}
	if err := schemaNamed(t, report.ReceivedSchemaName).check(out.Bytes()); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out.String())
	}
	var r reportsRead
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestReportsOfAFolder: whose mail it is comes from DNS, and the exit status tells whether mail of ours fails, or would be lost.
func TestReportsOfAFolder(t *testing.T) {
	t.Parallel()
	healthy, broken := t.TempDir(), t.TempDir()
	month(t, healthy)
	month(t, broken, forgotten())
	dir, _ := place(t, map[string]string{"zone": reportsZone})
	where := []string{"--offline", "--zone", filepath.Join(dir, "zone"), "reports"}
	r := readReports(t, app.ExitOK, "", append(where, healthy, "--what-if", "p=reject")...)
	if d := r.Domains[0]; d.Mails != 3000 || d.Classes["ours"].Mails != 3000 || d.WhatIf.Verdict != "safe" {
		t.Errorf("healthy: %+v", d)
	}
	r = readReports(t, app.ExitWrong, "", append(where, broken)...)
	if d := r.Domains[0]; d.Classes["ours"].Fail != 240 || d.WhatIf != nil || len(d.Next) != 1 {
		t.Errorf("broken: %+v", d)
	}
	r = readReports(t, app.ExitWrong, "", append(where, broken, "--what-if", "p=reject")...)
	if d := r.Domains[0]; d.WhatIf.Verdict != "safe_after" {
		t.Errorf("broken, what if: %+v", d)
	}
	r = readReports(t, app.ExitWrong, "", "reports", broken, "--no-dns")
	if g := r.Domains[0].Groups; r.DNS != "no_dns" || r.Domains[0].Classes["forger"].Mails > 0 ||
		r.Domains[0].Classes["unknown"].Mails != 240 {
		t.Errorf("without DNS: %+v", g)
	}
	readReports(t, app.ExitOK, "", "reports", broken, "--no-dns", "--fail-on", "never")
	r = readReports(t, app.ExitOK, "", append(where, broken, "--what-if", "pct=0")...)
	if o := r.Domains[0].WhatIf; o == nil {
		t.Error("--what-if pct=0 is ignored")
	}
}

// TestReportsInputs: a file, a packed one and standard input tell the same; a second copy counts once; what is asked for counts.
func TestReportsInputs(t *testing.T) {
	t.Parallel()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(oneReport))
	_ = z.Close()
	dir, _ := place(t, map[string]string{"r.xml": oneReport, "r.xml.gz": packed.String(), "x.txt": "shopping list: milk\n",
		"cut.xml": oneReport[:600]})
	file := func(name string) string { return filepath.Join(dir, name) }
	for name, r := range map[string]reportsRead{
		"file":   readReports(t, app.ExitWrong, "", "reports", "--no-dns", file("r.xml")),
		"packed": readReports(t, app.ExitWrong, "", "reports", "--no-dns", file("r.xml.gz")),
		"stdin":  readReports(t, app.ExitWrong, oneReport, "reports", "--no-dns", "-"),
	} {
		if r.Counts.DMARC != 1 || r.Domains[0].Mails != 3 {
			t.Errorf("%s: %+v", name, r)
		}
	}
	r := readReports(t, app.ExitWrong, "", "reports", "--no-dns", file("r.xml"), file("r.xml.gz"))
	if r.Counts.Duplicates != 1 || r.Domains[0].Mails != 3 {
		t.Errorf("twice: %+v", r)
	}
	for _, flags := range [][]string{{"--domain", "b.test"}, {"--since", "2026-12-01"}, {"--until", "2026-11-01"}} {
		r := readReports(t, app.ExitUnknown, "", append([]string{"reports", "--no-dns", file("r.xml"), "--what-if", "p=reject"}, flags...)...)
		if r.Counts.Outside != 1 || len(r.Domains) != 0 {
			t.Errorf("%v: %+v", flags, r)
		}
	}
	below := []string{"reports", "--no-dns", file("r.xml"), "--what-if", "p=none", "--domain", "sub.a.test"}
	if r := readReports(t, app.ExitUnknown, "", below...); r.Counts.DMARC != 1 || len(r.Domains) != 0 {
		t.Errorf("no mail of the domain: %+v", r)
	}
	if r := readReports(t, app.ExitUnknown, "", "reports", "--no-dns", file("x.txt")); r.Inputs[0].Error == "" {
		t.Errorf("no report: %+v", r)
	}
	r = readReports(t, app.ExitUnknown, "", "reports", "--no-dns", file("cut.xml"), file("r.xml"))
	if r.Inputs[0].Error == "" || r.Inputs[1].Error != "" {
		t.Errorf("a report that is cut: %+v", r)
	}
	readReports(t, app.ExitUnknown, "", "reports", "--no-dns", file("missing.xml"), file("r.xml"))
}

// TestReportsOfTLS: sessions that fail are told with what they mean.
func TestReportsOfTLS(t *testing.T) {
	t.Parallel()
	const tls = `{"organization-name":"mail.example",
"date-range":{"start-datetime":"2026-11-24T00:00:00Z","end-datetime":"2026-11-24T23:59:59Z"},
"contact-info":"t@mail.example","report-id":"1","policies":[{"policy":{"policy-type":"sts","policy-domain":"a.test"},
"summary":{"total-successful-session-count":5,"total-failure-session-count":2},
"failure-details":[{"result-type":"certificate-expired","receiving-mx-hostname":"mx.a.test","failed-session-count":2}]}]}`
	if r := readReports(t, app.ExitWrong, tls, "reports", "--no-dns", "-"); r.Counts.TLS != 1 || r.TLS[0].Failed != 2 {
		t.Errorf("%+v", r)
	}
	healthy := strings.Replace(tls, `"total-failure-session-count":2`, `"total-failure-session-count":0`, 1)
	readReports(t, app.ExitOK, healthy, "reports", "--no-dns", "-")
	readReports(t, app.ExitUnknown, healthy, "reports", "--no-dns", "-", "--what-if", "p=reject") // a policy is not about TLS
}

// TestReportsFlags: a policy that cannot be meant is a fault of the command line.
func TestReportsFlags(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"reports"}, {"reports", "-", "--what-if", "p=strict"}, {"reports", "-", "--what-if", ""},
		{"reports", "-", "--domain", "a b"}} {
		var out, errs bytes.Buffer
		if s := play(t.Context(), args, strings.NewReader(""), &out, &errs, noEnv); s != app.ExitUsage || out.Len() > 0 {
			t.Errorf("%v: exit %d, %q, %s", args, s, out.String(), errs.String())
		}
	}
}
