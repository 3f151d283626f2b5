package sources_test

import (
	"math"
	"slices"
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// TestWhatIfSparedThen: mail that arrived because the policy of its time spared it (t=y, pct, np) is lost by one that does not.
func TestWhatIfSparedThen(t *testing.T) {
	t.Parallel()
	const each = 20 * 30 * 3
	below := half()
	below.from = "news.kaisha.test"
	spared := half()
	spared.by = []aggregate.Override{{Type: "policy_test_mode"}}
	for name, tt := range map[string]struct {
		actor  actor
		policy aggregate.Policy
		lost   int64
	}{
		"test mode":           {half(), aggregate.Policy{P: "quarantine", Testing: "y"}, each},
		"test mode of reject": {half(), aggregate.Policy{P: "reject", Testing: "y"}, 0},
		"test mode, told":     {spared, aggregate.Policy{P: "reject", Testing: "y"}, each},
		"half of the mails":   {half(), aggregate.Policy{P: "quarantine", Pct: "50"}, each},
		"all of the mails":    {half(), aggregate.Policy{P: "quarantine", Pct: "100"}, 0},
		"no such subdomain":   {below, aggregate.Policy{P: "quarantine", SP: "quarantine", NP: "none"}, each},
	} {
		f := usual(tt.actor)
		tt.policy.Domain = home
		f.policy = tt.policy
		if _, d := judged(t, f, world(t, zone), "p=quarantine"); d.WhatIf.Ours.Lost != tt.lost {
			t.Errorf("%s: %+v, want %d lost", name, d.WhatIf.Ours, tt.lost)
		}
	}
}

// TestWhatIfOfSubdomains: reporters write sp where none is published; what the record says counts, where it is known.
func TestWhatIfOfSubdomains(t *testing.T) {
	t.Parallel()
	const each = 20 * 30 * 3
	below := half()
	below.from = "news.kaisha.test"
	f := usual(below)
	f.policy.SP, f.policy.NP = "none", "none"
	nobody := world(t, zone)
	nobody.DNS = nil
	published := world(t, "kaisha.test. TXT \"v=spf1 include:spf.mandrillapp.com -all\"\n"+
		"spf.mandrillapp.com. TXT \"v=spf1 ip4:203.0.113.64/27 ?all\"\n_dmarc.kaisha.test. TXT \"v=DMARC1; p=none; sp=none\"\n")
	for name, tt := range map[string]struct {
		world sources.World
		lost  int64
	}{"record without sp": {world(t, zone), each}, "nobody asked": {nobody, each}, "record with sp": {published, 0}} {
		_, d := judged(t, f, tt.world, "p=reject,pct=70")
		if o := d.WhatIf; o.Ours.Lost+o.Unknown.Lost != tt.lost || o.Policy.Pct != "70" {
			t.Errorf("%s: ours %+v, unknown %+v, want %d lost; policy %+v", name, o.Ours, o.Unknown, tt.lost, o.Policy)
		}
	}
}

// TestWhatIfPolicyChanged: a record that is not that of the reports makes the outcome less sure.
func TestWhatIfPolicyChanged(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]bool{"none": false, "reject": true} {
		f := usual()
		f.policy.P = policy
		_, d := judged(t, f, world(t, zone), "p=reject")
		is := func(x sources.Doubt) bool { return x.ID == sources.PolicyUnheard }
		if got := slices.ContainsFunc(d.WhatIf.Doubts, is); got != want {
			t.Errorf("p=%s in the reports, p=none now: told %v, want %v", policy, got, want)
		}
	}
}

// TestWhatIfNumbers: a part of many small numbers does not vanish, and the largest ones do not turn into none.
func TestWhatIfNumbers(t *testing.T) {
	t.Parallel()
	small, huge := half(), half()
	small.once, small.mails, small.ips = 1, 1, []string{"203.0.113.70", "203.0.113.71", "203.0.113.72", "203.0.113.73"}
	if _, d := judged(t, usual(small), world(t, zone), "p=quarantine,pct=50"); d.WhatIf.Ours.Lost != 6 {
		t.Errorf("%d of 12 mails are lost by pct=50", d.WhatIf.Ours.Lost)
	}
	huge.once, huge.mails = 1, math.MaxInt64/2
	if _, d := judged(t, usual(huge), world(t, zone), "p=reject"); d.WhatIf.Verdict != sources.After {
		t.Errorf("%d mails lost: %s", d.WhatIf.Ours.Lost, d.WhatIf.Verdict)
	}
}

// TestStepsForSPF: a step claims that a record lacks a source only where somebody looked; one that aspf=s breaks is told so.
func TestStepsForSPF(t *testing.T) {
	t.Parallel()
	kinds := func(d *sources.Domain) (out []sources.MendKind) {
		for _, g := range d.Groups {
			for _, m := range g.Mends {
				out = append(out, m.Kind)
			}
		}
		return out
	}
	broken := own()
	broken.spf, broken.dkim, broken.pass = enveloped(home, "fail"), nil, false
	nobody := world(t, zone)
	nobody.DNS = nil
	_, d := judged(t, usual(broken), nobody, "")
	if got := kinds(d); slices.Contains(got, sources.AddToSPF) || !slices.Contains(got, sources.CheckSPF) {
		t.Errorf("nobody asked: steps %v", got)
	}
	relaxed := own()
	relaxed.spf, relaxed.dkim = enveloped("bounce.kaisha.test", "pass"), nil
	_, d = judged(t, usual(relaxed), world(t, zone), "p=reject,aspf=s")
	if got := kinds(d); !slices.Contains(got, sources.StrictSPF) || slices.Contains(got, sources.AddToSPF) {
		t.Errorf("aspf=s: steps %v", got)
	}
}

// TestStepsForSPFOfTheEnvelope: the record that lacks a source is that of the envelope, or of HELO; that of the domain above may
// name the source.
func TestStepsForSPFOfTheEnvelope(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"", "bounce.kaisha.test. TXT \"v=spf1 ip4:192.0.2.9 -all\"\n"} {
		a := actor{ips: []string{"192.0.2.9"}, mails: 5, spf: enveloped("bounce.kaisha.test", "none")}
		_, d := judged(t, usual(a), world(t, zone+record), "")
		got := []string{}
		for _, m := range groupOf(d, sources.Ours).Mends {
			if m.Kind == sources.AddToSPF {
				got = append(got, m.Domain)
			}
		}
		want := []string{"bounce.kaisha.test"}
		if record != "" {
			want = []string{}
		}
		if !slices.Equal(got, want) {
			t.Errorf("record %q: SPF of %q lacks the source, want %q", record, got, want)
		}
	}
}

// TestNoRecordIsKnown: only a walk that came to its end says that there is no DMARC record.
func TestNoRecordIsKnown(t *testing.T) {
	t.Parallel()
	mute := world(t, zone)
	mute.DNS = silent{}
	for name, tt := range map[string]struct {
		world sources.World
		want  bool
	}{"record": {world(t, zone), false}, "none": {world(t, "kaisha.test. TXT \"v=spf1 -all\"\n"), true}, "silent": {mute, false}} {
		if _, d := judged(t, usual(), tt.world, ""); d.NoRecord != tt.want {
			t.Errorf("%s: %v, want %v", name, d.NoRecord, tt.want)
		}
	}
}
