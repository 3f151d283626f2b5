package report

import (
	"errors"
	"strings"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/spf"
)

// TestFactsOfServersAreClean prints a report of which every text comes from a hostile server: banner, certificate,
// records, errors.
func TestFactsOfServersAreClean(t *testing.T) {
	t.Parallel()
	const evil = "x\x1b[35m\x07\x9b2J\u009b2J\u202e\u2066\u200b\u2028\ufeff\u00ad\x7fy"
	rule := &diag.Rule{ID: "smtp-x", Severity: diag.Fail, Says: codes.Text{EN: "{v}", JA: "{v}"}, Why: codes.Text{EN: "{v}", JA: "{v}"}, Fix: codes.Text{EN: "{v}", JA: "{v}"}, Ref: "RFC 5321", Owner: codes.OwnerDNS}
	finding := diag.Finding{Rule: rule, Subject: evil, Data: codes.Data{codes.Str("v", evil),
		codes.List("l", []string{evil})}, Records: []diag.Record{{Name: evil, Type: "TXT", Value: evil}, {Name: evil, Type: "MX", Value: evil}}}
	var results []diag.Result
	for _, f := range []diag.Facts{
		&check.SMTPFacts{Hosts: []check.SMTPHost{{Host: evil, Address: evil, Banner: evil, EHLO: []string{evil}, Reply: evil,
			Stage: evil, TLS: &check.SMTPTLS{Version: evil, Names: []string{evil, evil}, Expires: evil},
			Rcpt: []check.SMTPRcpt{{To: evil, Reply: evil}}}}, Vantage: evil},
		&check.SPFFacts{Record: evil, Result: evil, Lookups: 20, Services: []string{evil},
			Tree: []*spf.Node{{Term: evil, Domain: evil, Result: evil}}, Evaluations: []check.SPFEvaluation{{IP: evil,
				Result: evil, Explanation: evil, Mechanism: evil, Domain: evil, Problem: evil}}},
		&check.DKIMFacts{Selectors: []check.DKIMSelector{{Selector: evil, KeyType: evil, CNAME: evil, Provider: evil}}},
		&check.DMARCFacts{Record: evil, Domain: evil, From: evil, Result: evil, AppliedPolicy: evil,
			Walk: []check.DMARCStep{{Name: evil, Status: evil}}},
		&check.MXFacts{Hosts: []check.MXHost{{Host: evil, Addresses: []string{evil}}}, Provider: evil},
		&check.PTRFacts{Addresses: []check.PTRAddress{{Address: evil, Names: []string{evil}}}},
		&check.AddressFacts{Address: evil},
		&check.ARCFacts{Result: evil, Reason: evil, Sets: []check.ARCSet{{Domain: evil, Selector: evil, Time: evil, CV: evil, Server: evil,
			AAR: evil, Results: []check.ARCResult{{Method: evil, Result: evil, Domain: evil}}, AMS: check.ARCSignature{Reasons: []string{evil}}}}},
	} {
		results = append(results, diag.Result{Check: &diag.Check{Name: "x", Title: codes.Text{EN: "x", JA: "x"}}, Facts: f, Findings: []diag.Finding{finding, finding},
			Err: errors.Join(&resolve.Error{Kind: resolve.KindTimeout, Name: evil, Type: "TXT", Server: evil, EDE: evil,
				Message: evil}, errors.New(evil))})
	}
	r := &diag.Report{Target: diag.Target{Name: evil, ASCII: evil + "z"}, Started: time.Unix(0, 0), Results: results}
	for _, f := range Reports.Formats() {
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for _, width := range []int{20, 80, 300} {
				out := printed(t, f, Options{Lang: lang, Width: width}, r, r)
				if f == page.CSV { // RFC 4180: its lines end with CRLF
					out = strings.ReplaceAll(out, "\r\n", "\n")
				}
				if i := strings.IndexFunc(strings.ToValidUTF8(out, "\x00"), func(c rune) bool { return page.Hidden(c) && c != '\n' }); i >= 0 {
					t.Errorf("%s, %s, %d: %q", f, lang, width, out[max(0, i-40):min(len(out), i+40)])
				}
			}
		}
	}
}
