package check_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
	"todoku/diag/lab"
	"todoku/diag/resolve"
)

// listWorld has a list for each rule of the check.
const listWorld = `$TTL 300
$ORIGIN zen.spamhaus.org.
2.0.0.127   A   127.0.0.2
66.2.0.192  A   127.0.0.2
66.2.0.192  A   127.0.0.10
66.2.0.192  TXT "see the page of 192.0.2.66"
67.2.0.192  A   127.0.0.11
$FAULT 68.2.0.192.zen.spamhaus.org * SERVFAIL
$ORIGIN dnsbl-2.uceprotect.net.
2.0.0.127   A   127.0.0.2
66.2.0.192  A   127.0.0.2
$ORIGIN list.dnswl.org.
7.2.0.192   A   127.0.5.2
$ORIGIN dbl.spamhaus.org.
test        A   127.0.1.2
bad.test    A   127.0.1.4
link.test   A   127.0.1.102
envelope.test A 127.0.1.2
$ORIGIN multi.surbl.org.
*           A   127.0.0.1
$ORIGIN psbl.surriel.com.
*           A   127.0.0.2
$ORIGIN multi.uribl.com.
*           A   203.0.113.9
$ORIGIN bl6.own.test.
2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 A 127.0.0.2
$ORIGIN bl.own.test.
66.2.0.192  A   127.0.0.2
$FAULT *.bl.lame.test * SERVFAIL
$FAULT *.bl.silent.test * SILENCE
$FAULT *.bl.refused.test * REFUSED
`

// askLists runs the check on a domain in a world of lists.
func askLists(t *testing.T, domain string, o check.DNSBLOptions) (diag.Result, *check.DNSBLFacts) {
	t.Helper()
	w, err := lab.ParseWorld(strings.NewReader(listWorld), "lists")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	target, err := diag.DomainTarget(domain)
	if err != nil {
		t.Fatal(err)
	}
	env := diag.Env{DNS: r, Now: time.Now, Lists: []string{"zen.spamhaus.org", "dbl.spamhaus.org"}}
	report := diag.Run(t.Context(), env, target, []*diag.Check{check.DNSBL(o)})
	_, facts := diag.FactsOf[*check.DNSBLFacts](report)
	if facts == nil || facts.Lists == nil || facts.Listings == nil || facts.Subjects == nil {
		t.Fatalf("facts are always there: %+v", facts)
	}
	return report.Results[0], facts
}

// addresses are IP addresses.
func addresses(list ...string) (out []netip.Addr) {
	for _, s := range list {
		out = append(out, netip.MustParseAddr(s))
	}
	return out
}

// TestLists: each rule has its world, its healthy twin and its silent twins. What a list does not say is never a finding, and a
// refusal is never an entry.
func TestLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, domain, ip string
		lists            []string
		status           diag.Status
		want             string // findings
	}{
		{"two kinds of entry", "good.test", "192.0.2.66", []string{"zen.spamhaus.org"}, diag.Fail,
			"dnsbl-listed 192.0.2.66, dnsbl-policy-listed 192.0.2.66"},
		{"healthy twin", "good.test", "192.0.2.7", []string{"zen.spamhaus.org"}, diag.OK, ""},
		{"only policy", "good.test", "192.0.2.67", []string{"zen.spamhaus.org"}, diag.Warn, "dnsbl-policy-listed 192.0.2.67"},
		{"a question that fails", "good.test", "192.0.2.68", []string{"zen.spamhaus.org"}, diag.Unknown, ""},
		{"a network", "good.test", "192.0.2.66", []string{"dnsbl-2.uceprotect.net"}, diag.Info, "dnsbl-minor-listed 192.0.2.66"},
		{"a good sender", "good.test", "192.0.2.7", []string{"list.dnswl.org"}, diag.OK, ""},
		{"nobody's good sender", "good.test", "192.0.2.8", []string{"list.dnswl.org"}, diag.Info, ""},
		{"a domain", "bad.test", "192.0.2.7", []string{"dbl.spamhaus.org"}, diag.Warn, "dnsbl-domain-listed bad.test"},
		{"its subdomain", "www.bad.test", "192.0.2.7", []string{"dbl.spamhaus.org"}, diag.Warn, "dnsbl-domain-listed bad.test"},
		{"another domain", "good.test", "192.0.2.7", []string{"dbl.spamhaus.org"}, diag.OK, ""},
		{"refused, and nobody else answers", "good.test", "192.0.2.7", []string{"multi.surbl.org"}, diag.Unknown,
			"dnsbl-refused multi.surbl.org"},
		{"refused, and others answer", "good.test", "192.0.2.7", []string{"multi.surbl.org", "dbl.spamhaus.org"}, diag.Info,
			"dnsbl-refused multi.surbl.org"},
		{"a list of everything", "good.test", "192.0.2.66", []string{"psbl.surriel.com"}, diag.Info,
			"dnsbl-list-closed psbl.surriel.com"},
		{"a list that is gone", "good.test", "192.0.2.66", []string{"bl.mailspike.net"}, diag.Info,
			"dnsbl-list-closed bl.mailspike.net"},
		{"a closed list", "good.test", "192.0.2.66", []string{"dnsbl.sorbs.net"}, diag.Info, "dnsbl-list-closed dnsbl.sorbs.net"},
		{"an own list without its test", "good.test", "192.0.2.66", []string{"bl.own.test"}, diag.Fail, "dnsbl-listed 192.0.2.66"},
		{"an own list without its test, not listed", "good.test", "192.0.2.7", []string{"bl.own.test"}, diag.Info,
			"dnsbl-list-closed bl.own.test"},
		{"an own list of IPv6, asked about IPv4", "good.test", "192.0.2.66", []string{"bl6.own.test"}, diag.Info, ""},
		{"an own list of IPv6", "good.test", "2001:db8::7", []string{"bl6.own.test"}, diag.OK, ""},
		{"an answer of no list, and nobody else answers", "good.test", "192.0.2.7", []string{"multi.uribl.com"}, diag.Unknown,
			"dnsbl-list-closed multi.uribl.com"},
		{"an answer of no list, and others answer", "good.test", "192.0.2.7", []string{"multi.uribl.com", "dbl.spamhaus.org"}, diag.Info,
			"dnsbl-list-closed multi.uribl.com"},
		{"a list of mail addresses", "good.test", "192.0.2.66", []string{"ebl.msbl.org"}, diag.Info, "dnsbl-list-closed ebl.msbl.org"},
		{"SERVFAIL", "good.test", "192.0.2.66", []string{"bl.lame.test"}, diag.Unknown, ""},
		{"silence", "good.test", "192.0.2.66", []string{"bl.silent.test"}, diag.Unknown, ""},
		{"REFUSED", "good.test", "192.0.2.66", []string{"bl.refused.test"}, diag.Unknown, ""},
		{"a silent list beside one that lists", "good.test", "192.0.2.66", []string{"bl.lame.test", "zen.spamhaus.org"}, diag.Fail,
			"dnsbl-listed 192.0.2.66, dnsbl-policy-listed 192.0.2.66"},
		{"a silent list beside one that does not", "good.test", "192.0.2.7", []string{"bl.lame.test", "zen.spamhaus.org"}, diag.Unknown, ""},
		{"nobody is named", "good.test", "192.0.2.66", nil, diag.Info, ""},
		{"an address of no list", "good.test", "10.0.0.1", []string{"zen.spamhaus.org"}, diag.Info, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			res, facts := askLists(t, c.domain, check.DNSBLOptions{IPs: addresses(c.ip), Lists: c.lists})
			if got := told(&diag.Report{Results: []diag.Result{res}}); got != c.want || res.Status() != c.status {
				t.Errorf("%s: %q, want %s: %q (%v)", res.Status(), got, c.status, c.want, res.Err)
			}
			if len(facts.Lists) != len(c.lists) {
				t.Errorf("%+v", facts.Lists)
			}
			for _, l := range facts.Lists {
				if l.Answered && l.Closed != "" {
					t.Errorf("what a list says cannot count and not count: %+v", l)
				}
			}
		})
	}
}

// TestListThatIsNotThere: of a name without any list nothing is looked up, and nothing passes.
func TestListThatIsNotThere(t *testing.T) {
	t.Parallel()
	_, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.7"), Lists: []string{"nothing.test"}})
	if facts.Looked() || strings.Contains(facts.Lines()[0].Says.EN, "not on") {
		t.Errorf("%+v %q", facts.Lists, facts.Lines()[0].Says.EN)
	}
}

// TestListFacts: an entry is told with its code, its meaning, the list's words, its page and who uses the list.
func TestListFacts(t *testing.T) {
	t.Parallel()
	res, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.66", "192.0.2.7", "192.0.2.66"),
		Lists: []string{"zen.spamhaus.org", "list.dnswl.org", "zen.spamhaus.org"}})
	first := facts.Listings[0]
	if len(facts.Listings) != 3 || first.Subject != "192.0.2.66" || first.List != "spamhaus_zen" || first.Code != "127.0.0.2" ||
		first.Entry != "SBL" || first.Sense != dnsbl.Bad || first.Says != "see the page of 192.0.2.66" ||
		first.Page != "https://check.spamhaus.org/" || !slices.Contains(first.Receivers, "outlook") {
		t.Errorf("%+v", facts.Listings)
	}
	if last := facts.Listings[2]; last.Sense != dnsbl.Good || last.Subject != "192.0.2.7" {
		t.Errorf("%+v", last)
	}
	if facts.Asked != 4 || !slices.Equal(facts.Subjects, []string{"192.0.2.66", "192.0.2.7", "good.test"}) {
		t.Errorf("%+v", facts)
	}
	for _, f := range res.Findings {
		kinds := map[string]bool{}
		for _, e := range f.Evidence {
			kinds[e.Type+" "+e.Value] = true
		}
		if page, _ := f.Data.Get("page"); page == "" || !kinds["TXT see the page of 192.0.2.66"] || len(f.Evidence) < 2 {
			t.Errorf("%s: %+v %+v", f.Rule.ID, f.Data, f.Evidence)
		}
	}
}

// TestNetworkOfAddresses: a network is asked about in one go, up to a bound that is told; a list is asked about itself once.
func TestNetworkOfAddresses(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]struct {
		subjects int
		bounded  bool
	}{"192.0.2.64/28": {16, false}, "192.0.2.0/24": {256, false}, "192.0.2.0/23": {256, true}, "2001:db8::/64": {256, true}} {
		res, facts := askLists(t, "good.test", check.DNSBLOptions{Prefixes: []netip.Prefix{netip.MustParsePrefix(prefix)},
			Lists: []string{"dnsbl-2.uceprotect.net"}})
		if len(facts.Subjects) != want.subjects+1 || strings.Contains(fmt.Sprint(res.Err), "256 sending addresses") != want.bounded {
			t.Errorf("%s: %d subjects, %v", prefix, len(facts.Subjects), res.Err)
		}
		if strings.HasPrefix(prefix, "192.0.2.") && !res.Has(check.DNSBLMinorListed) {
			t.Errorf("%s: the entry of 192.0.2.66 is not told", prefix)
		}
	}
}

// TestOtherFamily: that an address of one kind is on no list says nothing of one of a kind that the list does not hold.
func TestOtherFamily(t *testing.T) {
	t.Parallel()
	list := []string{"dnsbl-2.uceprotect.net"}
	res, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.7", "2001:db8::7"), Lists: list})
	if got := told(&diag.Report{Results: []diag.Result{res}}); res.Status() != diag.Info || got != "dnsbl-not-held 2001:db8::7" {
		t.Errorf("%s: %s", res.Status(), got)
	}
	for _, l := range facts.Lines() { // the domain was not asked of a list of addresses either
		if n, ok := l.Data.Get("n"); ok && n != "1" {
			t.Errorf("%s looked up", n)
		}
	}
	_, facts = askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("10.0.0.1"), Lists: list})
	if lines := fmt.Sprint(facts.Lines()); strings.Contains(lines, "--ip") || !strings.Contains(lines, "10.0.0.1") {
		t.Errorf("an address that was given: %s", lines)
	}
	res, _ = askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.7"), Lists: list})
	if res.Status() != diag.OK {
		t.Errorf("healthy twin: %s", res.Status())
	}
}

// TestRefusedListHidesEntries: what a list had to say before it refused is not gone; nor is it where the list is broken now.
func TestRefusedListHidesEntries(t *testing.T) {
	t.Parallel()
	for list, hides := range map[string]bool{"multi.surbl.org": true, "psbl.surriel.com": true, "dnsbl.sorbs.net": false,
		"zen.spamhaus.org": false} {
		_, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.7"), Lists: []string{list, "dbl.spamhaus.org"}})
		if facts.Unseen("dnsbl-listed", "192.0.2.66") != hides || facts.Unseen("dnsbl-refused", list) {
			t.Errorf("%s: hidden %t", list, !hides)
		}
	}
}

// TestUnprovenListIsNotClean: of a list that nothing shows to be alive it is not told that a subject is not on it.
func TestUnprovenListIsNotClean(t *testing.T) {
	t.Parallel()
	_, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.7"), Lists: []string{"bl.own.test"}})
	if lines := fmt.Sprint(facts.Lines()); facts.Lists[0].Answered || strings.Contains(lines, "not on") {
		t.Error(lines)
	}
}

// TestPublicLists: the lists of the world are asked where that is asked for.
func TestPublicLists(t *testing.T) {
	t.Parallel()
	res, facts := askLists(t, "bad.test", check.DNSBLOptions{IPs: addresses("192.0.2.67"), Public: true})
	if len(facts.Lists) != 2 || !res.Has(check.DNSBLPolicyListed) || !res.Has(check.DNSBLDomainListed) {
		t.Errorf("%+v %v", facts.Lists, told(&diag.Report{Results: []diag.Result{res}}))
	}
}

// TestPublicListsThatAreNotThere: of lists that nobody named, and that are not there, a line tells, and no
// finding; nothing passes.
func TestPublicListsThatAreNotThere(t *testing.T) {
	t.Parallel()
	z, err := resolve.ParseZone(strings.NewReader("good.test. 300 A 192.0.2.1\n"), "zone")
	if err != nil {
		t.Fatal(err)
	}
	r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	target, err := diag.DomainTarget("good.test")
	if err != nil {
		t.Fatal(err)
	}
	report := diag.Run(t.Context(), diag.Env{DNS: r, Now: time.Now}, target,
		[]*diag.Check{check.DNSBL(check.DNSBLOptions{IPs: addresses("192.0.2.7"), Public: true})})
	_, facts := diag.FactsOf[*check.DNSBLFacts](report)
	if told(report) != "" || report.Status() != diag.Info || len(facts.Lines()) != 2 || len(facts.Lists) < 5 {
		t.Errorf("%s %s: %v", report.Status(), told(report), facts.Lines())
	}
}

// TestListsOfAMail: the sending server, From, the envelope and the links of a mail are looked up; its HTML too.
func TestListsOfAMail(t *testing.T) {
	t.Parallel()
	m := check.OpenMail([]byte("From: x@sub.bad.test\r\nSubject: x\r\nContent-Type: text/html\r\n\r\n"+
		`<a href="https://www.link.test/x">x</a> <a href="mailto:a@other.test">m</a> <a href="http://192.0.2.5/">n</a>`),
		check.MailOptions{IP: netip.MustParseAddr("192.0.2.67"), MailFrom: "bounce@envelope.test"})
	res, facts := askLists(t, "good.test", check.DNSBLOptions{Mail: m, Public: true})
	want := "dnsbl-policy-listed 192.0.2.67, dnsbl-domain-listed bad.test, dnsbl-domain-listed envelope.test, dnsbl-domain-listed link.test"
	if got := told(&diag.Report{Results: []diag.Result{res}}); got != want {
		t.Errorf("%s", got)
	}
	if slices.Contains(facts.Subjects, "other.test") || slices.Contains(facts.Subjects, "192.0.2.5") {
		t.Errorf("%v", facts.Subjects)
	}
}

// TestKeyOfAListIsNotTold: no part of a report holds the key of a subscriber.
func TestKeyOfAListIsNotTold(t *testing.T) {
	t.Parallel()
	res, facts := askLists(t, "good.test", check.DNSBLOptions{IPs: addresses("192.0.2.66"),
		Lists: []string{"k3ysecret.zen.dq.spamhaus.net", "k3ysecret.dbl.dq.spamhaus.net"}})
	var all strings.Builder
	fmt.Fprintf(&all, "%+v %+v %+v", facts, res.Findings, res.Err)
	for _, l := range facts.Lines() {
		fmt.Fprintf(&all, "%+v", l)
	}
	if strings.Contains(all.String(), "k3ysecret") || facts.Lists[0].ID != "spamhaus_zen" {
		t.Error(all.String())
	}
}
