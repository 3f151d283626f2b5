package sources_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestWhatIfCountsEveryFleet: for all kinds and policies the mails that would be lost are those of the truth, by class.
func TestWhatIfCountsEveryFleet(t *testing.T) {
	t.Parallel()
	right, all := 0, 0
	for name, forms := range kinds() {
		for i, a := range forms {
			for _, change := range []string{"p=quarantine", "p=reject", "p=reject,sp=none"} {
				f := usual(a)
				_, d := judged(t, f, world(t, zone), change)
				_, fail, _ := f.truth()
				want := map[sources.Class]int64{}
				for c, n := range fail {
					if (change != "p=reject,sp=none" || a.from == "") && len(a.by) == 0 {
						want[c] = n
					}
				}
				o := d.WhatIf
				got := map[sources.Class]int64{sources.Ours: o.Ours.Lost, sources.Forwarder: o.Forwarders.Lost,
					sources.Unknown: o.Unknown.Lost, sources.Forger: o.Forgers.Lost}
				ok := true
				for _, c := range sources.Classes() {
					if got[c] != want[c] {
						ok = false
						t.Errorf("%s, form %d, %s: %d mails of %s would be lost, want %d", name, i, change, got[c], c, want[c])
					}
				}
				if all++; ok {
					right++
				}
			}
		}
	}
	t.Logf("%d of %d outcomes are counted right", right, all)
}

// half is a service that SPF names and that does not sign for the domain.
func half() actor {
	return actor{class: sources.Ours, ips: []string{"203.0.113.70"}, mails: 20, spf: enveloped("mandrillapp.com", "pass"),
		dkim: []aggregate.DKIMResult{signed("mandrillapp.com", "m", "pass")}}
}

// TestWhatIfVerdict: a domain that is set up may go on; one with a service half set up may when that is mended; one with a
// service that nobody knows, or with little data, may not yet.
func TestWhatIfVerdict(t *testing.T) {
	t.Parallel()
	service := actor{class: sources.Unknown, perhaps: true, ips: []string{"203.0.113.120"}, mails: 20,
		spf: enveloped("em1.sendgrid.net", "pass"), dkim: []aggregate.DKIMResult{signed("sendgrid.net", "s1", "pass")}}
	bots := actor{class: sources.Forger, ips: bots(60), every: 4, mails: 20, spf: enveloped(home, "fail")}
	short, gaps, alone, small := usual(), usual(), usual(), usual()
	short.days = 9
	gaps.missing = []int{5, 6, 7}
	alone.reporters = []string{"google.com"}
	small.reporters = []string{"mail.example", "mx.example"}
	ended, week := usual(), usual()
	ended.until, week.until = map[string]int{"google.com": 10}, map[string]int{"google.com": 7, "Enterprise Outlook": 7, "Yahoo": 7}
	week.reporters = append(week.reporters, "mx.example")
	for _, tt := range []struct {
		name    string
		fleet   *fleet
		verdict sources.Verdict
		sure    sources.Sure
		doubt   sources.DoubtID
		step    sources.MendKind
	}{
		{"healthy", usual(), sources.Safe, sources.High, "", ""},
		{"forged", usual(bots), sources.Safe, sources.High, "", ""},
		{"half set up", usual(half()), sources.After, sources.High, "", sources.SignDKIM},
		{"service that nobody knows", usual(service), sources.Never, sources.Low, sources.ManyUnknown, sources.AskService},
		{"nine days", short, sources.Never, sources.Low, sources.ShortTime, ""},
		{"days missing", gaps, sources.Safe, sources.Medium, sources.MissingDays, ""},
		{"one reporter", alone, sources.Never, sources.Low, sources.OneReporter, ""},
		{"big reporters that ended", ended, sources.Safe, sources.Medium, sources.BigPartly, ""},
		{"big reporters for a week", week, sources.Never, sources.Low, sources.BigPartly, ""},
		{"no big reporter", small, sources.Never, sources.Low, sources.BigMissing, ""},
	} {
		_, d := judged(t, tt.fleet, world(t, zone), "p=reject")
		o := d.WhatIf
		if o.Verdict != tt.verdict || o.Sure != tt.sure {
			t.Errorf("%s: %s, %s, doubts %v; want %s, %s", tt.name, o.Verdict, o.Sure, o.Doubts, tt.verdict, tt.sure)
		}
		found := tt.doubt == ""
		for _, x := range o.Doubts {
			found = found || x.ID == tt.doubt
		}
		if !found || tt.doubt == "" && len(o.Doubts) > 0 {
			t.Errorf("%s: doubts %v, want %q", tt.name, o.Doubts, tt.doubt)
		}
		if len(o.Steps) > 0 != (tt.step != "") || tt.step != "" && o.Steps[0].Kind != tt.step {
			t.Errorf("%s: steps %v, want %s first", tt.name, o.Steps, tt.step)
		}
	}
}

// TestWhatIfCountsNothingTwice: what the policy of its time did already, and what receivers let pass in spite of it, is not
// lost again.
func TestWhatIfCountsNothingTwice(t *testing.T) {
	t.Parallel()
	f := usual()
	f.policy.P = "quarantine"
	put, passed, sampled := half(), half(), half()
	put.done = "quarantine"
	passed.by = []aggregate.Override{{Type: "local_policy"}}
	sampled.by = []aggregate.Override{{Type: "sampled_out"}}
	f.actors = append(f.actors, put, passed, sampled)
	const each = 20 * 30 * 3
	_, d := judged(t, f, world(t, zone), "p=quarantine")
	if got, want := d.WhatIf.Ours, (sources.Loss{Lost: each, Already: each, Overridden: each}); got != want {
		t.Errorf("quarantine: %+v, want %+v", got, want)
	}
	_, d = judged(t, f, world(t, zone), "p=reject")
	if got, want := d.WhatIf.Ours, (sources.Loss{Lost: each, Harder: each, Overridden: each}); got != want {
		t.Errorf("reject: %+v, want %+v", got, want)
	}
	for change, want := range map[string]int64{"p=quarantine,pct=50": each / 2, "p=reject,pct=50": each, "p=quarantine,t=y": 0,
		"p=reject,t=y": each, "p=none": 0} {
		if _, d = judged(t, f, world(t, zone), change); d.WhatIf.Ours.Lost != want {
			t.Errorf("%s: %d lost, want %d", change, d.WhatIf.Ours.Lost, want)
		}
	}
}

// TestWhatIfStepsAreForWhatIsLost: what to mend first is what costs most mail; what the change does not touch is no step.
func TestWhatIfStepsAreForWhatIsLost(t *testing.T) {
	t.Parallel()
	below, small, other := half(), half(), own()
	below.from, below.mails, small.mails = "news.kaisha.test", 50, 5
	other.spf, other.dkim, other.mails = enveloped("srv.isp.test", "none"), nil, 9
	dns := world(t, strings.Replace(zone, "p=none", "p=none; sp=none", 1))
	for change, want := range map[string][]string{
		"p=reject":           {"kaisha.test", "kaisha.test"},
		"p=reject,sp=reject": {"news.kaisha.test", "kaisha.test", "kaisha.test"},
		"sp=reject":          {"news.kaisha.test"},
	} {
		_, d := judged(t, usual(below, small, other), dns, change)
		var got []string
		last := int64(math.MaxInt64)
		for _, s := range d.WhatIf.Steps {
			if s.Mails > last {
				t.Errorf("%s: a step for %d mails stands before one for %d", change, last, s.Mails)
			}
			if last = s.Mails; s.Kind == sources.SignDKIM {
				got = append(got, s.Domain)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: steps for %q, want %q", change, got, want)
		}
	}
}

// TestWhatIfRefusesWhatIsPutAside: mail of ours that is put aside today is not safe to refuse; to go on as before is.
func TestWhatIfRefusesWhatIsPutAside(t *testing.T) {
	t.Parallel()
	put := half()
	put.done = "quarantine"
	f := usual(put)
	f.policy.P = "quarantine"
	dns := world(t, strings.Replace(zone, "p=none", "p=quarantine", 1))
	for change, want := range map[string]sources.Verdict{"p=reject": sources.After, "p=quarantine": sources.Safe} {
		_, d := judged(t, f, dns, change)
		if o := d.WhatIf; o.Verdict != want || len(o.Steps) > 0 != (want == sources.After) {
			t.Errorf("%s: %s, steps %+v; want %s", change, o.Verdict, o.Steps, want)
		}
	}
}

// TestWhatIfStricterAlignment: mails that pass by a relaxed alignment alone are lost by a strict one, where a policy stands.
func TestWhatIfStricterAlignment(t *testing.T) {
	t.Parallel()
	a := actor{class: sources.Ours, ips: []string{"192.0.2.5"}, mails: 7, pass: true, spf: enveloped("bounce.kaisha.test", "pass"),
		dkim: []aggregate.DKIMResult{signed("mail.kaisha.test", "s2", "pass")}}
	f := usual(a)
	f.policy.P = "reject"
	const all = 7 * 30 * 3
	dns := world(t, strings.Replace(zone, "p=none", "p=reject", 1))
	for change, want := range map[string]int64{"adkim=s": 0, "aspf=s": 0, "adkim=s,aspf=s": all, "p=none,adkim=s,aspf=s": 0} {
		if _, d := judged(t, f, dns, change); d.WhatIf.Ours.Lost != want {
			t.Errorf("%s: %d lost, want %d", change, d.WhatIf.Ours.Lost, want)
		}
	}
}

// TestWhatIfKnowsWhatWasMended: mails that SPF did not let pass then, and whose source the record names now, are not lost.
func TestWhatIfKnowsWhatWasMended(t *testing.T) {
	t.Parallel()
	a := actor{class: sources.Ours, ips: []string{"192.0.2.6"}, mails: 5, spf: enveloped(home, "fail")}
	_, d := judged(t, usual(a), world(t, zone), "p=reject")
	if got, want := d.WhatIf.Ours, (sources.Loss{Mended: 5 * 30 * 3}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// TestParseChange: what is no tag or no value is a fault of the user.
func TestParseChange(t *testing.T) {
	t.Parallel()
	c, err := sources.ParseChange("p=reject; SP=quarantine,adkim=s,t=y,pct=20")
	if want := (sources.Change{P: "reject", SP: "quarantine", ADKIM: "s", Testing: "y", Pct: 20}); err != nil || c != want {
		t.Errorf("%+v, %v; want %+v", c, err, want)
	}
	for _, text := range []string{"", "reject", "p=strict", "pct=101", "pct=-1", "p=", "rua=mailto:x@y", "\x00"} {
		var fault *codes.UserError
		if _, err := sources.ParseChange(text); !errors.As(err, &fault) {
			t.Errorf("%q: %v, want a fault of the user", text, err)
		}
	}
}

// TestWhatIfOfOldReports: reports that ended long ago say less.
func TestWhatIfOfOldReports(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	for _, r := range usual().reports() {
		tally.Add(&r)
	}
	res, err := tally.Judge(t.Context(), world(t, zone), &sources.Change{P: "reject", Pct: 100}, start.Add(60*24*time.Hour))
	if err != nil || res.Domains[0].WhatIf.Doubts[0].ID != sources.OldReports {
		t.Errorf("doubts %v (%v), want that the reports are old", res.Domains[0].WhatIf.Doubts, err)
	}
}
