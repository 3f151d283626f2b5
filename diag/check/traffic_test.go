package check_test

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/traffic"
)

const trafficZone = `$ORIGIN a.test.
@      60 IN TXT "v=spf1 ip4:192.0.2.7 -all"
sub    60 IN TXT "v=spf1 ip4:192.0.2.7 -all"
soft   60 IN TXT "v=spf1 ip4:192.0.2.7 ~all"
s1._domainkey 60 IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
_dmarc 60 IN TXT "v=DMARC1; p=none"
`

// sent counts mails from an address to a provider, over a week.
func sent(l *traffic.Log, from, ip, provider string, n int, refused bool) {
	var addr netip.Addr
	if ip != "" {
		addr = netip.MustParseAddr(ip)
	}
	for i := range n {
		l.Add(traffic.Mail{From: from, IP: addr, Provider: provider, Refused: refused,
			Time: time.Date(2026, 11, 20+i%7, 9, 0, 0, 0, time.UTC)})
	}
}

// judged runs the check on a log, with a change where one is given.
func judged(t *testing.T, o check.TrafficOptions, before resolve.Resolver, texts ...string) (diag.Result, *check.TrafficFacts) {
	t.Helper()
	now := before
	if len(texts) > 0 {
		var sets []resolve.Set
		for _, text := range texts {
			s, err := resolve.ParseSet(text)
			if err != nil {
				t.Fatal(err)
			}
			sets = append(sets, s)
		}
		sets, err := resolve.JoinSets(sets)
		if err != nil {
			t.Fatal(err)
		}
		o.Before, now = before, resolve.NewOverlay(before, sets)
	}
	target, err := diag.DomainTarget("a.test")
	if err != nil {
		t.Fatal(err)
	}
	r := diag.Run(t.Context(), diag.Env{DNS: now, Now: time.Now}, target, []*diag.Check{check.Traffic(o)})
	return r.Results[0], r.Results[0].Facts.(*check.TrafficFacts)
}

func trafficWorld(t *testing.T) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(trafficZone), "today.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestTrafficDamage: a change is judged by the mails that it would cost, at each provider by what that one asks for.
func TestTrafficDamage(t *testing.T) {
	t.Parallel()
	softly := "a.test TXT v=spf1 ip4:198.51.100.1 ~all"
	for name, c := range map[string]struct {
		provider  string
		selectors []string
		change    []string
		rule      string
		mails     int
		reply     string
	}{
		"Gmail refuses what neither SPF nor DKIM passes": {"gmail", []string{"s9"}, []string{softly}, "traffic-refused", 40, "550 5.7.26"},
		"whether it is signed is not known":              {"gmail", nil, []string{softly}, "traffic-spf-lost", 40, "550 5.7.26"},
		"a key stands in":                                {"gmail", []string{"s1"}, []string{softly}, "traffic-weaker", 0, ""},
		"the key goes too": {"gmail", []string{"s1"}, []string{softly, "s1._domainkey.a.test TXT"}, "traffic-refused", 40,
			"550 5.7.26"},
		"others refuse a hard fail": {"", []string{"s1"}, []string{"a.test TXT v=spf1 -all"}, "traffic-refused", 40, "550 5.7.23"},
		"others take a soft fail":   {"", nil, []string{softly}, "traffic-weaker", 0, ""},
		"a policy refuses": {"", nil, []string{softly, "_dmarc.a.test TXT v=DMARC1; p=reject"}, "traffic-spf-lost", 40,
			"550 5.7.1"},
		"what is kept costs nothing": {"gmail", nil, []string{"a.test TXT v=spf1 ip4:192.0.2.0/24 -all"}, "", 0, ""},
		"a record that breaks": {"gmail", []string{"s9"}, []string{"a.test TXT v=spf1 ip4:192.0.2.7.9 -all"}, "traffic-refused", 40,
			"550 5.7.26"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var l traffic.Log
			sent(&l, "news@a.test", "192.0.2.7", c.provider, 40, false)
			sent(&l, "news@a.test", "192.0.2.7", "docomo", 5, true) // was refused before: no loss
			r, f := judged(t, check.TrafficOptions{Log: &l, Selectors: c.selectors}, trafficWorld(t), c.change...)
			if got := ruleOf(r); got != c.rule || r.Err != nil || f.Mails != 45 {
				t.Fatalf("rule %q, want %q; %v, %+v", got, c.rule, r.Err, f)
			}
			lost, reply := 0, ""
			for _, x := range f.Senders[0].Lost {
				lost, reply = lost+x.Mails, x.Reply
			}
			if lost != c.mails || !strings.HasPrefix(reply, c.reply) {
				t.Errorf("lost %d, %q", lost, reply)
			}
		})
	}
}

// ruleOf is the one rule that is broken; "" for none.
func ruleOf(r diag.Result) string {
	var ids []string
	for _, f := range r.Findings {
		ids = append(ids, f.Rule.ID)
	}
	return strings.Join(ids, " ")
}

// TestTrafficToday: without a change, mails from addresses that SPF does not cover are told.
func TestTrafficToday(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	sent(&l, "news@a.test", "192.0.2.7", "gmail", 3, false)
	sent(&l, "news@sub.a.test", "203.0.113.9", "gmail", 2, false)
	sent(&l, "news@b.test", "203.0.113.9", "gmail", 2, false)
	r, f := judged(t, check.TrafficOptions{Log: &l}, trafficWorld(t))
	if ruleOf(r) != "traffic-spf-fails" || r.Findings[0].Subject != "sub.a.test 203.0.113.9" || f.Mails != 5 || len(f.Senders) != 2 {
		t.Errorf("%+v %+v", r.Findings, f)
	}
	r, _ = judged(t, check.TrafficOptions{Log: &l}, trafficWorld(t), "sub.a.test TXT v=spf1 ip4:203.0.113.9 -all")
	if ruleOf(r) != "traffic-mended" {
		t.Errorf("%v", r.Findings)
	}
}

// TestTrafficWithoutAddress: what the log does not tell comes from --ip; without it nothing was looked at, and nothing passes.
func TestTrafficWithoutAddress(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	sent(&l, "news@a.test", "", "gmail", 3, false)
	r, f := judged(t, check.TrafficOptions{Log: &l}, trafficWorld(t), "a.test TXT v=spf1 -all")
	if r.Status() != diag.Info || f.WithoutAddress != 3 || len(r.Findings) > 0 {
		t.Errorf("%v %+v", r.Status(), f)
	}
	both := []netip.Addr{netip.MustParseAddr("192.0.2.7"), netip.MustParseAddr("192.0.2.8")}
	r, f = judged(t, check.TrafficOptions{Log: &l, IPs: both}, trafficWorld(t))
	if said := codes.Say(r.Findings[0].Rule.Says, r.Findings[0].Data...).In(codes.English); !strings.HasPrefix(said, "up to 3 of 3 mails") {
		t.Errorf("of all mails, although nobody knows which: %s", said)
	}
	if len(f.Senders) != 2 || !f.Senders[0].AtMost || f.Senders[1].Now.SPF != "fail" {
		t.Errorf("%+v", f.Senders)
	}
	_, f = judged(t, check.TrafficOptions{Log: &l, IPs: both[:1]}, trafficWorld(t))
	if len(f.Senders) != 1 || f.Senders[0].AtMost || f.Senders[0].Now.SPF != "pass" {
		t.Errorf("%+v", f.Senders)
	}
}

// TestTrafficSilence: a DNS that does not answer costs nothing and mends nothing; it is unknown.
func TestTrafficSilence(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	sent(&l, "news@a.test", "192.0.2.7", "gmail", 3, false)
	for _, o := range []check.TrafficOptions{{Log: &l}, {Log: &l, Before: trafficWorld(t)}} {
		if r, f := judged(t, o, silent{}); r.Status() != diag.Unknown || len(r.Findings) > 0 || f.Unknown != 3 {
			t.Errorf("%v %v %+v", r.Status(), r.Findings, f)
		}
	}
}

// TestTrafficBounded: of too many senders the biggest are judged, and the rest is told.
func TestTrafficBounded(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	for i := range 300 {
		sent(&l, "news@a.test", fmt.Sprintf("198.51.100.%d", i%250+1), fmt.Sprint("p", i/250), 1, false)
	}
	r, f := judged(t, check.TrafficOptions{Log: &l}, trafficWorld(t))
	if len(f.Senders) != 200 || r.Err == nil || len(r.Findings) != 50 {
		t.Errorf("%d senders, %d findings, %v", len(f.Senders), len(r.Findings), r.Err)
	}
}
