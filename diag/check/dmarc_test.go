package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// dmarcWorld is a closed DNS world in which some questions fail.
type dmarcWorld struct {
	resolve.Resolver
	fail map[string]resolve.Kind // "TXT _dmarc.kaisha.test"
	mu   sync.Mutex
	log  map[string]bool
}

func (w *dmarcWorld) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	q := t.String() + " " + name
	w.mu.Lock()
	w.log[q] = true
	w.mu.Unlock()
	if k := w.fail[q]; k != "" {
		return resolve.Answer{}, &resolve.Error{Kind: k, Name: name, Type: t.String()}
	}
	return w.Resolver.Ask(ctx, name, t)
}

func newDMARCWorld(t testing.TB, zone string) *dmarcWorld {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader("$TTL 300\n$ORIGIN test.\n@ NS ns.test.\n"+zone), "test.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return &dmarcWorld{Resolver: c, fail: map[string]resolve.Kind{}, log: map[string]bool{}}
}

func checkDMARC(t testing.TB, r resolve.Resolver, domain string, in *dmarc.Input) diag.Result {
	t.Helper()
	target, err := diag.DomainTarget(domain)
	if err != nil {
		t.Fatal(err)
	}
	rep := diag.Run(context.Background(), diag.Env{DNS: r, Now: time.Now}, target, []*diag.Check{check.DMARC(check.DMARCOptions{Auth: in})})
	return rep.Results[0]
}

func dmarcRules(r diag.Result) string {
	var out []string
	for _, f := range r.Findings {
		out = append(out, strings.TrimPrefix(f.Rule.ID, "dmarc-"))
	}
	return strings.Join(out, " ")
}

func TestDMARCFindings(t *testing.T) {
	t.Parallel()
	// Each line is a record at _dmarc.kaisha.test and what is told of it.
	const ok = "; rua=mailto:d@kaisha.test"
	const there = "kaisha MX 10 mx.kaisha\nmail.kaisha A 192.0.2.1\n"
	for _, c := range []struct{ name, zone, domain, want, publish string }{
		{"healthy", rec("p=reject" + ok), "kaisha.test", "", ""},
		{"inherited", rec("p=reject" + ok), "mail.kaisha.test", "", ""},
		{"none", "", "kaisha.test", "none", "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"another text", "_dmarc.kaisha TXT \"v=spf1 -all\"\n", "kaisha.test", "none", ""},
		{"no such domain", "", "gone.test", "no-domain", ""},
		{"no such subdomain", rec("p=reject" + ok), "gone.kaisha.test", "no-domain", ""},
		{"p=none", rec("p=none" + ok), "kaisha.test", "policy-none", "_dmarc.kaisha.test v=DMARC1; p=quarantine; rua=mailto:d@kaisha.test"},
		{"p=none, stronger sp", rec("p=none; sp=reject" + ok), "kaisha.test", "policy-none",
			"_dmarc.kaisha.test v=DMARC1; p=quarantine; sp=reject; rua=mailto:d@kaisha.test"},
		{"no p", rec("rua=mailto:d@kaisha.test"), "kaisha.test", "policy-missing policy-none", ""},
		{"late p", rec("sp=reject; p=reject" + ok), "kaisha.test", "policy-order", ""},
		{"no rua", rec("p=reject"), "kaisha.test", "no-rua", "_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:dmarc-reports@kaisha.test"},
		{"only https", rec("p=reject; rua=https://kaisha.test/"), "kaisha.test", "uri-scheme no-rua", ""},
		{"removed", rec("p=reject; pct=50; ri=60" + ok), "kaisha.test", "removed-tag",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"pct=0", rec("p=reject; pct=0" + ok), "kaisha.test", "removed-tag",
			"_dmarc.kaisha.test v=DMARC1; p=reject; t=y; rua=mailto:d@kaisha.test"},
		{"unknown tag and size", rec("p=reject; x=1" + ok + "!10m"), "kaisha.test", "ignored-tag", ""},
		{"testing", rec("p=reject; t=y" + ok), "kaisha.test", "testing", "_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"testing below", rec("p=none; sp=reject; t=y" + ok), "kaisha.test", "policy-none testing", ""},
		{"weaker sp", rec("p=reject; sp=none" + ok), "kaisha.test", "subdomain-weaker",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"weaker np", rec("p=reject; np=none" + ok), "kaisha.test", "subdomain-weaker", ""},
		{"weaker sp seen from below", rec("p=reject; sp=none" + ok), "mail.kaisha.test", "policy-none subdomain-weaker", ""},
		{"syntax", rec("p=rejct" + ok), "kaisha.test", "syntax", ""},
		{"two faults", rec("p=reject; aspf=x; adkim" + ok), "kaisha.test", "syntax syntax",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"broken rua", rec("p=reject; rua=d@kaisha.test"), "kaisha.test", "syntax", ""},
		{"version", "_dmarc.kaisha TXT \"v=dmarc1; p=reject\"\n", "kaisha.test", "syntax", "_dmarc.kaisha.test v=DMARC1; p=reject"},
		{"two records", rec("p=reject"+ok) + rec("p=none"), "kaisha.test", "multiple",
			"_dmarc.kaisha.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
		{"two records, two addresses", rec("p=none"+ok) + rec("p=none; rua=mailto:d@kaisha.test,mailto:e@kaisha.test"), "kaisha.test",
			"multiple", "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:d@kaisha.test,mailto:e@kaisha.test"},
		{"misplaced", "kaisha TXT \"v=DMARC1; p=reject\"\n", "kaisha.test", "misplaced", "_dmarc.kaisha.test v=DMARC1; p=reject"},
		{"also at the domain", "kaisha TXT \"v=DMARC1; p=reject\"\n" + rec("p=reject"+ok), "kaisha.test", "", ""},
		{"unauthorised", rec("p=reject; rua=mailto:d@far.test") + "far MX 10 mx\n", "kaisha.test", "rua-unauthorised",
			"kaisha.test._report._dmarc.far.test v=DMARC1"},
		{"wildcard", rec("p=reject; rua=mailto:d@far.test") + "far MX 10 mx\n*._report._dmarc.far TXT v=DMARC1\n", "kaisha.test", "", ""},
		{"no mail there", rec("p=reject; rua=mailto:d@in.kaisha.test"), "kaisha.test", "rua-no-mx", ""},
		{"no mail far away", rec("p=reject; rua=mailto:d@far.test") + "*._report._dmarc.far TXT v=DMARC1\nfar MX 0 .\n",
			"kaisha.test", "rua-no-mx", ""},
		{"older readers", "_dmarc.mail.kaisha TXT \"v=DMARC1; p=reject; rua=mailto:d@kaisha.test\"\n", "mail.kaisha.test",
			"psl-differs", "_dmarc.kaisha.test v=DMARC1; p=none; rua=mailto:dmarc-reports@kaisha.test"},
		{"public suffix", "_dmarc.test. TXT \"v=DMARC1; p=reject; psd=y\"\n", "kaisha.test", "none", ""},
		{"alias", "_dmarc.kaisha CNAME kaisha.hosted\nkaisha.hosted TXT \"v=DMARC1; p=reject; pct=1; rua=mailto:d@kaisha.test\"\n", "kaisha.test",
			"removed-tag", "kaisha.hosted.test v=DMARC1; p=reject; rua=mailto:d@kaisha.test"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res := checkDMARC(t, newDMARCWorld(t, there+c.zone), c.domain, nil)
			if got := dmarcRules(res); got != c.want || res.Err != nil {
				t.Fatalf("told %q, want %q; %v", got, c.want, res.Err)
			}
			for _, f := range res.Findings {
				if len(f.Evidence) == 0 {
					t.Errorf("%s shows no evidence", f.Rule.ID)
				}
				checkPlaceholders(t, f)
			}
			if c.publish == "" {
				return
			}
			if r := res.Findings[0].Records[0]; r.Name+" "+r.Value != c.publish {
				t.Errorf("publish %s %s\n   want %s", r.Name, r.Value, c.publish)
			}
		})
	}
}

func rec(tags string) string { return "_dmarc.kaisha TXT \"v=DMARC1; " + tags + "\"\n" }

// checkPlaceholders demands the data for every placeholder of the rule.
func checkPlaceholders(t *testing.T, f diag.Finding) {
	t.Helper()
	for _, text := range []string{f.Rule.Says.EN, f.Rule.Why.EN, f.Rule.Fix.EN} {
		for _, part := range strings.Split(text, "{")[1:] {
			key, _, _ := strings.Cut(part, "}")
			if v, ok := f.Data.Get(key); !ok || v == "" && key != "note" {
				t.Errorf("%s: no {%s}", f.Rule.ID, key)
			}
		}
	}
}

func TestDMARCVerdict(t *testing.T) {
	t.Parallel()
	zone := rec("p=reject; rua=mailto:d@kaisha.test") +
		"kaisha MX 10 mx\nesp A 192.0.2.9\n_dmarc.strict TXT \"v=DMARC1; p=reject; aspf=s; rua=mailto:d@strict.test\"\nstrict MX 10 mx\n"
	pass := func(d string) []dmarc.AuthResult { return []dmarc.AuthResult{{Result: "pass", Domain: d}} }
	for _, c := range []struct {
		domain string
		in     dmarc.Input
		result string
		want   string
		spf    string
	}{
		{"kaisha.test", dmarc.Input{From: "News <n@kaisha.test>", SPF: pass("kaisha.test")}, "pass", "", ""},
		{"kaisha.test", dmarc.Input{From: "n@kaisha.test", SPF: pass("esp.test")}, "fail", "fail", "pass esp.test ≠ kaisha.test"},
		{"strict.test", dmarc.Input{From: "n@strict.test", SPF: pass("b.strict.test")}, "fail", "fail",
			"pass b.strict.test ≠ strict.test (aspf=s)"},
		{"kaisha.test", dmarc.Input{From: "n@kaisha.test", SPF: []dmarc.AuthResult{{Result: "softfail",
			Domain: "kaisha.test"}}}, "fail", "fail", "softfail kaisha.test"},
		{"kaisha.test", dmarc.Input{From: "n@kaisha.test"}, "fail", "fail", "none"},
		{"kaisha.test", dmarc.Input{From: "nobody"}, "permerror", "from-invalid", ""},
		{"kaisha.test", dmarc.Input{From: "n@kaisha.test, m@esp.test", SPF: pass("kaisha.test")}, "none", "from-several", ""},
		{"esp.test", dmarc.Input{From: "n@esp.test", SPF: pass("esp.test")}, "none", "none", ""},
	} {
		res := checkDMARC(t, newDMARCWorld(t, zone), c.domain, &c.in)
		facts := res.Facts.(*check.DMARCFacts)
		if facts.Result != c.result || dmarcRules(res) != c.want || res.Err != nil {
			t.Errorf("%+v: %s, told %q, %v", c.in, facts.Result, dmarcRules(res), res.Err)
			continue
		}
		for _, f := range res.Findings {
			checkPlaceholders(t, f)
			if got, ok := f.Data.Get("spf"); ok && got != c.spf {
				t.Errorf("%+v: SPF %q, want %q", c.in, got, c.spf)
			}
		}
	}
}

// A record made to hurt is told in bounds.
func TestDMARCHostile(t *testing.T) {
	t.Parallel()
	text := strings.Repeat(`";;;;;;;;x;rua=mailto:a@b;rua=mailto:a@b.test,,,,,,!!!" `, 500)
	uris := strings.Repeat(`"mailto:a@b.test,mailto:b@c.test," `, 500)
	for _, zone := range []string{`_dmarc.kaisha TXT "v=DMARC1" ` + text, `_dmarc.kaisha TXT "v=DMARC1; p=reject; rua=" ` +
		uris + `"https:x"`} {
		w := newDMARCWorld(t, zone+"\n")
		res := checkDMARC(t, w, "kaisha.test", nil)
		if len(res.Findings) > 100 || len(w.log) > 20 {
			t.Errorf("%d findings, %d questions", len(res.Findings), len(w.log))
		}
	}
}

func TestDMARCFacts(t *testing.T) {
	t.Parallel()
	zone := rec("p=reject; sp=quarantine; np=none; t=y; aspf=s; rua=mailto:a@kaisha.test,mailto:b@far.test; ruf=mailto:c@kaisha.test") +
		"mail.kaisha A 192.0.2.1\nkaisha MX 10 mx\n"
	f := checkDMARC(t, newDMARCWorld(t, zone), "mail.kaisha.test", nil).Facts.(*check.DMARCFacts)
	got := []string{f.Domain, f.OrgDomain, f.PSLOrgDomain, f.PSLPolicy, f.Policy, f.SubdomainPolicy, f.NonexistentPolicy,
		f.AppliedPolicy, f.AlignmentSPF, f.AlignmentDKIM, f.Result}
	want := []string{"kaisha.test", "kaisha.test", "kaisha.test", "quarantine", "reject", "quarantine", "none", "none",
		"strict", "relaxed", ""}
	if !slices.Equal(got, want) || !f.Testing || f.TTL != 300 || len(f.RUA) != 2 || len(f.RUF) != 1 ||
		f.PSLRecord != f.Record || f.Record == "" {
		t.Errorf("%q\n%+v", got, f)
	}
	if len(f.Walk) != 3 || f.Queries[1] != f.Walk[1].Name || f.Walk[1] != (check.DMARCStep{"_dmarc.kaisha.test", "record",
		f.Record}) || f.Walk[0].Status != "none" {
		t.Errorf("%+v", f.Queries)
	}
	if len(f.Reports) != 3 || f.Reports[1] != (check.DMARCReport{"rua", "mailto:b@far.test", "far.test", true, "no", "no"}) {
		t.Errorf("%+v", f.Reports)
	}
	empty := checkDMARC(t, newDMARCWorld(t, ""), "kaisha.test", nil).Facts.(*check.DMARCFacts)
	if b, err := json.Marshal(empty); err != nil || strings.Contains(string(b), "null") {
		t.Errorf("%s %v", b, err)
	}
}

// Every question that the check asks of a faulty world fails in turn, in three
// ways: the check says that it does not know, and never that what it could not
// look up is missing.
func TestDMARCIgnorance(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, domain string
		in           *dmarc.Input
		absence      map[string]string // a question → findings that need its answer
	}{
		{"", "kaisha.test", nil, map[string]string{"TXT kaisha.test": "none no-domain"}},
		{"kaisha MX 10 mx\n", "kaisha.test", nil, map[string]string{"TXT _dmarc.kaisha.test": "none",
			"TXT _dmarc.test": "none", "TXT kaisha.test": "none"}},
		{"kaisha TXT \"v=DMARC1; p=none\"\n", "kaisha.test", nil, map[string]string{"TXT kaisha.test": "misplaced none",
			"TXT _dmarc.kaisha.test": "misplaced none"}},
		{"_dmarc.kaisha CNAME gone\n", "kaisha.test", nil, map[string]string{"TXT _dmarc.kaisha.test": "cname-broken none",
			"TXT _domainkey.kaisha.test": "cname-broken none"}},
		{rec("p=reject; rua=mailto:d@far.test") + "far TXT x\n", "mail.kaisha.test", nil,
			map[string]string{"TXT _dmarc.kaisha.test": "none", "TXT kaisha.test._report._dmarc.far.test": "rua-unauthorised",
				"MX far.test": "rua-no-mx", "A far.test": "rua-no-mx", "AAAA far.test": "rua-no-mx", "TXT mail.kaisha.test": "no-domain"}},
		{rec("p=reject; rua=mailto:d@kaisha.test") + "kaisha MX 10 mx\n", "kaisha.test", &dmarc.Input{From: "n@kaisha.test",
			SPF: []dmarc.AuthResult{{Result: "pass", Domain: "esp.test"}}},
			map[string]string{"TXT _dmarc.esp.test": "fail", "TXT _dmarc.test": "fail", "TXT _dmarc.kaisha.test": "fail none"}},
	} {
		all := newDMARCWorld(t, c.zone)
		whole := checkDMARC(t, all, c.domain, c.in)
		for q := range c.absence {
			if !all.log[q] {
				t.Errorf("%q was not asked: %v", q, all.log)
			}
		}
		for q := range all.log {
			for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
				w := newDMARCWorld(t, c.zone)
				w.fail[q] = kind
				res := checkDMARC(t, w, c.domain, c.in)
				slips := []string{"TXT dmarc." + c.domain, "TXT _dmarc." + c.domain + "." + c.domain, "TXT _dmarc._dmarc." + c.domain}
				if slices.Contains(slips, q) { // a look for slips, which decides nothing
					if res.Err != nil || dmarcRules(res) != dmarcRules(whole) {
						t.Errorf("%s for %q: %q, %v", kind, q, dmarcRules(res), res.Err)
					}
					continue
				}
				var fail *resolve.Error
				if !errors.As(res.Err, &fail) || fail.Kind != kind || res.Facts == nil {
					t.Errorf("%s for %q: %v", kind, q, res.Err)
				}
				for _, id := range strings.Fields(dmarcRules(res)) {
					if slices.Contains(strings.Fields(c.absence[q]), id) {
						t.Errorf("%s for %q: still told %s", kind, q, id)
					}
				}
				if c.in != nil && c.absence[q] != "" && res.Facts.(*check.DMARCFacts).Result != "temperror" {
					t.Errorf("%s for %q: result %s", kind, q, res.Facts.(*check.DMARCFacts).Result)
				}
			}
		}
	}
}

// The walk is one round trip, the destinations of reports another: no question
// goes out twice.
func TestDMARCQuestions(t *testing.T) {
	t.Parallel()
	w := newDMARCWorld(t, rec("p=reject; rua=mailto:a@far.test,mailto:b@far.test; ruf=mailto:c@kaisha.test")+"far MX 10 mx\n")
	target, _ := diag.DomainTarget("kaisha.test")
	rep := diag.Run(context.Background(), diag.Env{DNS: w, Now: time.Now}, target, []*diag.Check{check.DMARC(check.DMARCOptions{})})
	want := []string{"A kaisha.test", "AAAA kaisha.test", "MX far.test", "MX kaisha.test", "TXT _dmarc.kaisha.test",
		"TXT _dmarc.test", "TXT kaisha.test", "TXT kaisha.test._report._dmarc.far.test"}
	var got []string
	for q := range w.log {
		got = append(got, q)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) || rep.Queries.Unique != len(want) {
		t.Errorf("%v", got)
	}
}

func BenchmarkDMARC(b *testing.B) {
	w := newDMARCWorld(b, rec("p=none; rua=mailto:a@kaisha.test,mailto:b@far.test")+
		"far MX 10 mx\nkaisha MX 10 mx\n*._report._dmarc.far TXT v=DMARC1\n")
	b.ReportAllocs()
	for b.Loop() {
		checkDMARC(b, w, "kaisha.test", nil)
	}
}
