package sources_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/diag/resolve"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestSilentDNSAccusesNobody: where DNS says nothing, and where nobody asks it, no fleet has a forger; what passes stays ours.
func TestSilentDNSAccusesNobody(t *testing.T) {
	t.Parallel()
	nobody, mute := world(t, zone), world(t, zone)
	nobody.DNS, mute.DNS = nil, silent{}
	for name, forms := range kinds() {
		for i, a := range forms {
			for _, w := range []sources.World{nobody, mute} {
				res, d := judged(t, usual(a), w, "")
				if n := d.ByClass[sources.Forger].Mails; n > 0 {
					t.Errorf("%s, form %d, DNS %T: %d mails are forged", name, i, w.DNS, n)
				}
				if n, want := d.ByClass[sources.Ours].Mails, own().mails*2*30*3; n < want {
					t.Errorf("%s, form %d, DNS %T: %d mails are ours, want %d at least", name, i, w.DNS, n, want)
				}
				if (w.DNS == nil) != (res.Why == sources.NobodyAsked) {
					t.Errorf("%s: why %q", name, res.Why)
				}
			}
		}
	}
}

// TestSilenceIsTold: a forger's addresses are unknown, because DNS did not answer.
func TestSilenceIsTold(t *testing.T) {
	t.Parallel()
	f := usual(actor{class: sources.Forger, ips: bots(60), every: 4, mails: 2, spf: enveloped(home, "fail")})
	w := world(t, zone)
	w.DNS = silent{}
	res, d := judged(t, f, w, "p=reject")
	g := groupOf(d, sources.Unknown)
	if g == nil || g.Reasons[0].ID != sources.DNSSilent && g.Reasons[0].ID != sources.NotAsked || res.Why != sources.Silent || d.Err == nil {
		t.Errorf("%+v, why %q, err %v", g, res.Why, d.Err)
	}
	if d.WhatIf.Verdict != sources.Never {
		t.Errorf("the verdict is %s", d.WhatIf.Verdict)
	}
}

// counted counts what is asked.
type counted struct {
	resolve.Resolver
	asked *atomic.Int64
}

func (c counted) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	c.asked.Add(1)
	return c.Resolver.Ask(ctx, name, t)
}

// TestSilentDNSIsNotAskedAboutEachFrom: of thousands of domains in From headers a DNS that says nothing is asked about few.
func TestSilentDNSIsNotAskedAboutEachFrom(t *testing.T) {
	t.Parallel()
	f := usual()
	for i := range 2000 {
		name := fmt.Sprintf("x%d.%s", i, home)
		f.actors = append(f.actors, actor{from: name, ips: []string{"192.0.2.1"}, once: 3, mails: 1, spf: enveloped(name, "pass")})
	}
	w, c := world(t, zone), counted{silent{}, new(atomic.Int64)}
	w.DNS = c
	res, d := judged(t, f, w, "")
	if n := c.asked.Load(); n > 1000 || res.Why != sources.Silent || d.Err == nil {
		t.Errorf("%d questions, why %q, err %v", n, res.Why, d.Err)
	}
}

func groupOf(d *sources.Domain, c sources.Class) *sources.Group {
	for _, g := range d.Groups {
		if g.Class == c {
			return g
		}
	}
	return nil
}

// TestSPFThatLetsAllPassProvesNothing: where everybody passes SPF, that is no sign of ours; the same address named by itself is.
func TestSPFThatLetsAllPassProvesNothing(t *testing.T) {
	t.Parallel()
	a := actor{class: sources.Forger, ips: bots(60), every: 4, mails: 2, spf: enveloped(home, "pass"), pass: true}
	for record, want := range map[string]sources.Class{"v=spf1 +all": sources.Forger,
		"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all": sources.Forger,
		"v=spf1 include:open.test -all":             sources.Forger,
		"v=spf1 redirect=open.test":                 sources.Forger,
		"v=spf1 ip4:198.18.0.0/24 -all":             sources.Ours} {
		_, d := judged(t, usual(a), world(t, "kaisha.test. TXT \""+record+"\"\nopen.test. TXT \"v=spf1 +all\"\n"+
			"_dmarc.kaisha.test. TXT \"v=DMARC1; p=none\"\n"), "")
		if n := d.ByClass[want].Mails; n < 60*2*8 {
			t.Errorf("%s: %d mails are %s", record, n, want)
		}
	}
}

// TestBrokenSPFAccusesNobody: where the record gives no result, nobody knows whether it names a source.
func TestBrokenSPFAccusesNobody(t *testing.T) {
	t.Parallel()
	a := actor{class: sources.Forger, ips: bots(60), every: 4, mails: 2, spf: enveloped(home, "permerror")}
	_, d := judged(t, usual(a), world(t, "kaisha.test. TXT \"v=spf1 ip4:198.18.0.0/99 -all\"\n"+
		"_dmarc.kaisha.test. TXT \"v=DMARC1; p=none\"\n"), "")
	g := groupOf(d, sources.Unknown)
	if g == nil || g.Reasons[0].ID != sources.RecordBroken || d.BrokenSPF[home] == "" {
		t.Errorf("%+v, %v", g, d.BrokenSPF)
	}
}

// TestOperatorsAreNamed: one group for all addresses of an operator, named by what names it best.
func TestOperatorsAreNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a    actor
		kind sources.OperatorKind
		id   string
		by   sources.OperatorBy
	}{
		{own(), sources.Own, "", sources.NamedBySPF},
		{half(), sources.Provider, "mandrill", sources.NamedBySPF},
		{kinds()["service half set up"][0], sources.Provider, "sendgrid", sources.NamedByPTR},
		{kinds()["service half set up"][1], sources.Provider, "amazon_ses", sources.NamedByDKIM},
		{kinds()["forwarder"][0], sources.ByDomain, "", sources.NamedByPTR},
		{kinds()["own server that SPF forgot"][0], sources.Own, "", sources.NamedByPTR},
		{kinds()["own server that SPF forgot"][1], sources.Own, "", sources.NamedByMX},
	} {
		f := usual()
		f.actors = []actor{own(), tt.a}
		_, d := judged(t, f, world(t, zone), "")
		found := false
		for _, g := range d.Groups {
			for _, x := range g.Addresses {
				if x.IP.String() == tt.a.ips[0] {
					found = true
					if g.Operator.Kind != tt.kind || g.Operator.ID != tt.id && tt.id != "" || tt.kind != sources.Own && g.Operator.By != tt.by {
						t.Errorf("%s: %+v, want %s %s by %s", tt.a.ips[0], g.Operator, tt.kind, tt.id, tt.by)
					}
				}
			}
		}
		if !found {
			t.Errorf("%s is in no group", tt.a.ips[0])
		}
	}
}

// TestDuplicatesCountOnce: the same report under the same id, and under another one, counts once; another day counts.
func TestDuplicatesCountOnce(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	reports := usual().reports()
	for _, r := range reports {
		tally.Add(&r)
		tally.Add(&r)
		again := *r.DMARC
		again.ID += "-2"
		tally.Add(&aggregate.Report{DMARC: &again})
	}
	res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
	if err != nil || res.Counts.DMARC != int64(len(reports)) || res.Counts.Duplicates != int64(2*len(reports)) || res.Counts.Overlapping != 0 {
		t.Errorf("%+v, %v", res.Counts, err)
	}
	if n := res.Domains[0].Mails; n != 100*2*30*3 {
		t.Errorf("%d mails", n)
	}
}

// TestOverlapIsTold: a report whose time another one of the same sender has in part counts, and is told; reports that touch
// are none.
func TestOverlapIsTold(t *testing.T) {
	t.Parallel()
	for hours, want := range map[int]int64{24: 0, 12: 1, 0: 1} {
		tally := sources.New(sources.Options{})
		for i := range 2 {
			begin := start.Add(time.Duration(i*hours) * time.Hour)
			tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: fmt.Sprint(i), Begin: begin, End: begin.Add(24 * time.Hour),
				Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{{Source: netip.MustParseAddr("192.0.2.1"), Count: int64(i + 1)}}}})
		}
		res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
		if err != nil || res.Counts.Overlapping != want || res.Domains[0].Mails != 3 {
			t.Errorf("%d hours apart: %+v", hours, res.Counts)
		}
	}
}

// TestPartsOfAReport: a long report that comes in parts is one report, and a second copy of it counts nothing.
func TestPartsOfAReport(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	for range 2 {
		for part := range 3 {
			r := usual().reports()[0]
			r.Part, r.More = part, part < 2
			tally.Add(&r)
		}
	}
	res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
	if err != nil || res.Counts.DMARC != 1 || res.Counts.Duplicates != 1 || res.Domains[0].Mails != 3*200 {
		t.Errorf("%+v, %d mails, %v", res.Counts, res.Domains[0].Mails, err)
	}
}

// TestGapsAndReporters: days without a report are told, and who reports how often.
func TestGapsAndReporters(t *testing.T) {
	t.Parallel()
	f := usual()
	f.missing, f.modern = []int{3, 10, 11, 12}, true
	_, d := judged(t, f, world(t, zone), "")
	if d.Days != 26 || len(d.Gaps) != 2 || d.Gaps[0].Days() != 1 || d.Gaps[1].Days() != 3 || !d.Gaps[1].First.Equal(start.AddDate(0, 0, 9)) {
		t.Errorf("%d days, gaps %v", d.Days, d.Gaps)
	}
	if len(d.Reporters) != 3 || d.Reporters[0].Reports != 26 || d.Reporters[0].Days != 26 || d.Reporters[0].Treewalk != 26 {
		t.Errorf("reporters %+v", d.Reporters)
	}
}

// TestSelectorsAreLearned: those that pass are listed with their last day, those that fail too, and those of forgers are only
// counted.
func TestSelectorsAreLearned(t *testing.T) {
	t.Parallel()
	gone := actor{class: sources.Ours, ips: []string{"192.0.2.8"}, mails: 1, pass: true, once: 20, spf: enveloped(home, "pass"),
		dkim: []aggregate.DKIMResult{signed(home, "old", "fail")}}
	forger := actor{class: sources.Forger, ips: bots(30), every: 10, mails: 2, spf: enveloped(home, "softfail"),
		dkim: []aggregate.DKIMResult{signed(home, "junk", "fail")}}
	_, d := judged(t, usual(gone, forger), world(t, zone), "")
	if len(d.Selectors) != 2 || d.Fakes != 1 {
		t.Fatalf("%+v, %d fakes", d.Selectors, d.Fakes)
	}
	s1, old := d.Selectors[0], d.Selectors[1]
	if s1.Name != "s1" || s1.Pass != 18000 || !s1.LastPass.Equal(start.AddDate(0, 0, 29)) || s1.Operators != 1 {
		t.Errorf("%+v", s1)
	}
	if old.Name != "old" || old.Fail != 3 || !old.LastPass.IsZero() || !old.LastFail.Equal(start.AddDate(0, 0, 19)) {
		t.Errorf("%+v", old)
	}
}

// TestReporterAgainstItsOwnResults: where the reporter concludes otherwise than its results give, the results count, and that is told.
func TestReporterAgainstItsOwnResults(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	row := aggregate.Row{Source: netip.MustParseAddr("192.0.2.1"), Count: 5, DKIM: "fail", SPF: "fail", HeaderFrom: home,
		DKIMResults: []aggregate.DKIMResult{signed("mail.kaisha.test", "s1", "pass")}}
	none := row
	none.DKIM, none.DKIMResults, none.Count = "pass", nil, 3 // no result is told: the conclusion counts
	tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: "1", Begin: start, End: start.Add(24 * time.Hour),
		Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{row, none}}})
	res, err := tally.Judge(t.Context(), world(t, zone), nil, start)
	if d := res.Domains[0]; err != nil || d.Pass != 8 || d.Differs.DKIM != 5 || d.Differs.SPF != 0 || d.Differs.Reporters != 1 {
		t.Errorf("%+v", d)
	}
}

// TestTreewalkDecidesAlignment: a name below a domain with psd=n is another organisation, whatever the public suffix list says.
func TestTreewalkDecidesAlignment(t *testing.T) {
	t.Parallel()
	row := aggregate.Row{Source: netip.MustParseAddr("203.0.113.99"), Count: 5, DKIM: "pass", HeaderFrom: home,
		DKIMResults: []aggregate.DKIMResult{signed("shop.kaisha.test", "s1", "pass")}}
	for more, want := range map[string]int64{"": 5, "_dmarc.shop.kaisha.test. TXT \"v=DMARC1; p=none; psd=n\"\n": 0} {
		tally := sources.New(sources.Options{})
		tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: "1", Begin: start, End: start.Add(24 * time.Hour),
			Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{row}}})
		res, err := tally.Judge(t.Context(), world(t, "_dmarc.kaisha.test. TXT \"v=DMARC1; p=none\"\n"+more), nil, start)
		if err != nil || res.Domains[0].Pass != want {
			t.Errorf("%q: %d pass, want %d", more, res.Domains[0].Pass, want)
		}
	}
}

// TestTLSReports: sessions and failures add up by domain; a report that comes twice counts once; what failed has words.
func TestTLSReports(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	for day := range 2 {
		r := &aggregate.TLS{Org: "google.com", ID: fmt.Sprint(day), Begin: start.AddDate(0, 0, day), End: start.AddDate(0, 0, day+1),
			Policies: []aggregate.TLSPolicy{{Type: "sts", Domain: home, Successful: 10, Failed: 3, Failures: []aggregate.TLSFailure{
				{ResultType: "certificate-expired", ReceivingHost: "mx1.kaisha.test", Count: 2},
				{ResultType: "sts-policy-fetch-error", Count: 1}}}}}
		tally.Add(&aggregate.Report{TLS: r})
		tally.Add(&aggregate.Report{TLS: r})
	}
	res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
	if err != nil || res.Counts.TLS != 2 || res.Counts.Duplicates != 2 || len(res.TLS) != 1 || !res.Wrong() {
		t.Fatalf("%+v, %v", res, err)
	}
	d := res.TLS[0]
	if d.Successful != 20 || d.Failed != 6 || len(d.Failures) != 2 || d.Failures[0].Sessions != 4 || d.Failures[0].Host != "mx1.kaisha.test" {
		t.Errorf("%+v", d)
	}
	for _, f := range d.Failures {
		if f.Says().EN == "" || f.Command.IsZero() {
			t.Errorf("%s: %q, %v", f.Type, f.Says().EN, f.Command)
		}
	}
}

// TestBoundsAreTold: what is beyond a bound counts in the totals, and is told.
func TestBoundsAreTold(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	for i := range sources.MaxDomains + 3 {
		tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: "1", Begin: start, End: start.Add(time.Hour),
			Policy: aggregate.Policy{Domain: fmt.Sprintf("d%d.test", i)}, Rows: []aggregate.Row{{Source: netip.MustParseAddr("192.0.2.1"),
				Count: 2}}}})
	}
	long := strings.Repeat("x", 300)
	tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: long, ID: "2", Begin: start, End: start.Add(time.Hour),
		Policy: aggregate.Policy{Domain: "d1.test"}, Rows: []aggregate.Row{{Count: 1 << 62, HeaderFrom: long}, {Count: 1 << 62, HeaderFrom: long},
			{Count: 1 << 62, DKIMResults: []aggregate.DKIMResult{{Domain: long, Selector: "a\x00b"}}}}}})
	res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
	if err != nil || res.Counts.Beyond != 6 || len(res.Domains) != sources.MaxDomains || res.Domains[0].Mails != 1<<63-1 {
		t.Errorf("%+v, %d domains, %d mails", res.Counts, len(res.Domains), res.Domains[0].Mails)
	}
}

// TestEveryReasonHasWords: in both languages, and no two have the same.
func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]sources.ReasonID{}
	for _, id := range sources.Reasons() {
		says := id.Says()
		if says.EN == "" || says.JA == "" || seen[says.EN] != "" {
			t.Errorf("%s: %+v, as %s", id, says, seen[says.EN])
		}
		seen[says.EN] = id
	}
}

// TestReportOfNothingIsNoDomain: a report that was cut before its domain tells of no domain; one without a time is not old.
func TestReportOfNothingIsNoDomain(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	server := own()
	tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{}, Faults: []aggregate.Fault{{Kind: aggregate.Truncated, Lost: true}}})
	tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", Policy: aggregate.Policy{Domain: home},
		Rows: []aggregate.Row{server.row(0)}}})
	res, err := tally.Judge(t.Context(), world(t, zone), &sources.Change{P: "reject", Pct: 100}, start)
	if err != nil || len(res.Domains) != 1 || res.Domains[0].Name != home || res.Counts.Lost != 1 {
		t.Fatalf("%v; %+v, domains %v", err, res.Counts, res.Domains)
	}
	for _, x := range res.Domains[0].WhatIf.Doubts {
		if x.ID == sources.OldReports {
			t.Errorf("a report without a time is told as old: %+v", x)
		}
	}
}

// TestOnlyWhatIsAskedFor: of a report about the domain above only the rows of the domain that is asked for count.
func TestOnlyWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]int64{"": 8, home: 8, "news.kaisha.test": 3, "x.news.kaisha.test": 0} {
		tally := sources.New(sources.Options{Domain: domain})
		tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: "1", Begin: start, End: start.Add(24 * time.Hour),
			Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{{Count: 5, HeaderFrom: home}, {Count: 3,
				HeaderFrom: "news.kaisha.test"}}}})
		res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
		got := int64(0)
		for _, d := range res.Domains {
			got += d.Mails
		}
		if err != nil || got != want || len(res.Domains) > 0 != (want > 0) {
			t.Errorf("%q: %d mails of %d domains, want %d", domain, got, len(res.Domains), want)
		}
	}
}

// TestSumsAgree: the groups sum up to the domain, and the classes too, whatever the fleet.
func TestSumsAgree(t *testing.T) {
	t.Parallel()
	f := usual()
	for _, forms := range kinds() {
		f.actors = append(f.actors, forms...)
	}
	_, d := judged(t, f, world(t, zone), "p=reject")
	var groups, classes, lost sources.Sum
	for _, g := range d.Groups {
		groups.Mails, groups.Fail, groups.Pass = groups.Mails+g.Mails, groups.Fail+g.Fail, groups.Pass+g.Pass
		lost.Mails += g.Loss.Lost
		if len(g.Addresses) > sources.MaxListed || len(g.Addresses) > g.AllAddress || len(g.Reasons) == 0 || g.Sure == "" {
			t.Errorf("%+v", g)
		}
	}
	for _, c := range d.ByClass {
		classes.Mails, classes.Fail = classes.Mails+c.Mails, classes.Fail+c.Fail
	}
	if groups.Mails != d.Mails || groups.Fail != d.Fail || groups.Pass != d.Pass || classes.Mails != d.Mails || classes.Fail != d.Fail {
		t.Errorf("domain %+v, groups %+v, classes %+v", d.Sum, groups, classes)
	}
	o := d.WhatIf
	if sum := o.Ours.Lost + o.Forwarders.Lost + o.Unknown.Lost + o.Forgers.Lost; sum != lost.Mails || o.Perhaps.Lost > o.Unknown.Lost {
		t.Errorf("lost %d, groups %d", sum, lost.Mails)
	}
}

// FuzzAdd: whatever a report holds, the sums agree, and what does not pass for the domain is never ours by its names alone.
func FuzzAdd(f *testing.F) {
	f.Add("kaisha.test", "kaisha.test", "s1", "pass", "x.test", "fail", int64(3), int64(0), int64(86400))
	f.Add("", "\x00.", "..", "PASS", "ａ.test", "", int64(-1), int64(-5), int64(1<<40))
	f.Fuzz(func(t *testing.T, from, signer, selector, dkim, envelope, spf string, n, begin, end int64) {
		tally := sources.New(sources.Options{})
		for i := range 3 {
			tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: envelope, ID: fmt.Sprint(i), Begin: time.Unix(begin, 0), End: time.Unix(end, 0),
				Policy: aggregate.Policy{Domain: from, P: spf, ADKIM: dkim}, Rows: []aggregate.Row{{Count: n, HeaderFrom: from, Disposition: spf,
					Overrides: []aggregate.Override{{Type: dkim, Comment: selector}}, DKIMResults: []aggregate.DKIMResult{signed(signer, selector, dkim)},
					SPFResults: []aggregate.SPFResult{enveloped(envelope, spf)}}}}})
		}
		res, err := tally.Judge(t.Context(), sources.World{}, &sources.Change{P: "reject", Pct: 50}, start)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range res.Domains {
			sum := int64(0)
			for _, g := range d.Groups {
				sum += g.Mails
				if g.Class == sources.Ours && !strings.EqualFold(dkim, "pass") && !strings.EqualFold(spf, "pass") {
					t.Errorf("ours by nothing that passes: %+v", g)
				}
			}
			if n > 0 && n < 1<<60 && sum+d.Beyond != d.Mails {
				t.Errorf("groups have %d mails, the domain %d", sum, d.Mails)
			}
		}
	})
}

// BenchmarkAdd adds rows up: the figure is rows a second.
func BenchmarkAdd(b *testing.B) {
	var rows []aggregate.Row
	for _, forms := range kinds() {
		for _, a := range forms {
			for i := range a.ips {
				rows = append(rows, a.row(i))
			}
		}
	}
	n := 0
	tally := sources.New(sources.Options{})
	for b.Loop() {
		n++
		d := &aggregate.DMARC{Org: "mx.test", ID: fmt.Sprint(n), Begin: start, End: start.Add(24 * time.Hour),
			Policy: aggregate.Policy{Domain: home}, Rows: rows}
		tally.Add(&aggregate.Report{DMARC: d})
	}
	b.ReportMetric(float64(n)*float64(len(rows))/b.Elapsed().Seconds(), "rows/s")
}
