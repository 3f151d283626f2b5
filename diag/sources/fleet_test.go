package sources_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"todoku/diag/provider"
	"todoku/diag/resolve"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// The fleets below are reports whose truth is known: who sent what, whether it is aligned, what was done with it.

// start is the first day of all fleets.
var start = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

const home = "kaisha.test"

// actor is somebody who sends mail with From: of the domain.
type actor struct {
	class   sources.Class
	perhaps bool
	from    string // "" is home
	ips     []string
	every   int // days; 0: each day
	once    int // on this day only, counted from 1
	since   int // from this day on
	until   int // up to this day; 0: to the end
	mails   int64
	spf     aggregate.SPFResult
	dkim    []aggregate.DKIMResult
	pass    bool // aligned, by one of them
	by      []aggregate.Override
	done    string // "" is none
}

// fleet is a number of actors over some days.
type fleet struct {
	days      int
	missing   []int // days without a report
	reporters []string
	until     map[string]int // the last day of a reporter; none: the last of all
	policy    aggregate.Policy
	actors    []actor
	modern    bool // as RFC 9990 has it
}

func (a *actor) active(day int) bool {
	switch {
	case day < a.since || a.until > 0 && day > a.until:
		return false
	case a.once > 0:
		return day == a.once
	case a.every > 0:
		return day%a.every == 1
	}
	return true
}

// row is the actor's mail of one day from one address, as a reporter tells it.
func (a *actor) row(i int) aggregate.Row {
	word := map[bool]string{true: "pass", false: "fail"}
	from := a.from
	if from == "" {
		from = home
	}
	r := aggregate.Row{Source: netip.MustParseAddr(a.ips[i]), Count: a.mails, Disposition: a.done, HeaderFrom: from,
		Overrides: a.by, DKIMResults: a.dkim, DKIM: "fail", SPF: "fail", HasAuthentication: true, HasIdentifiers: true}
	if a.done == "" {
		r.Disposition = "none"
	}
	if a.spf.Result != "" {
		r.SPFResults = []aggregate.SPFResult{a.spf}
		r.SPF = word[a.spf.Result == "pass" && within(a.spf.Domain)]
	}
	for _, k := range a.dkim {
		if k.Result == "pass" && within(k.Domain) {
			r.DKIM = "pass"
		}
	}
	return r
}

func within(name string) bool { return name == home || strings.HasSuffix(name, "."+home) }

// reports are all reports of the fleet.
func (f *fleet) reports() []aggregate.Report {
	var out []aggregate.Report
	for day := 1; day <= f.days; day++ {
		if contains(f.missing, day) {
			continue
		}
		for r, org := range f.reporters {
			if last := f.until[org]; last > 0 && day > last {
				continue
			}
			begin := start.AddDate(0, 0, day-1)
			d := &aggregate.DMARC{Org: org, ID: fmt.Sprintf("%s-%d", org, day), Begin: begin, End: begin.Add(24*time.Hour - time.Second),
				Policy: f.policy}
			if f.modern {
				d.Namespace, d.Policy.Discovery = "urn:ietf:params:xml:ns:dmarc-2.0", "treewalk"
			}
			for _, a := range f.actors {
				if !a.active(day) {
					continue
				}
				for i := range a.ips {
					if i%len(f.reporters) == r || a.class != sources.Forger {
						d.Rows = append(d.Rows, a.row(i))
					}
				}
			}
			out = append(out, aggregate.Report{DMARC: d})
		}
	}
	return out
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

// truth is what the fleet has of each class, and how much of it fails.
func (f *fleet) truth() (mails, fail map[sources.Class]int64, perhaps int64) {
	mails, fail = map[sources.Class]int64{}, map[sources.Class]int64{}
	for day := 1; day <= f.days; day++ {
		if contains(f.missing, day) {
			continue
		}
		for _, a := range f.actors {
			if !a.active(day) {
				continue
			}
			n := a.mails * int64(len(a.ips))
			if a.class != sources.Forger {
				n *= int64(len(f.reporters))
			}
			mails[a.class] += n
			if !a.pass {
				fail[a.class] += n
			}
			if a.perhaps {
				perhaps += n
			}
		}
	}
	return mails, fail, perhaps
}

// zone is the DNS of all fleets.
const zone = `$TTL 300
kaisha.test. SOA ns.kaisha.test. root.kaisha.test. 1 1 1 1 1
kaisha.test. TXT "v=spf1 ip4:192.0.2.0/28 ip6:2001:db8:1::/64 include:_spf.google.com include:spf.mandrillapp.com -all"
kaisha.test. MX 10 mx1.kaisha.test.
mx1.kaisha.test. A 192.0.2.100
mail9.kaisha.test. A 198.51.100.9
_dmarc.kaisha.test. TXT "v=DMARC1; p=none; rua=mailto:d@kaisha.test"
_spf.google.com. TXT "v=spf1 ip4:203.0.113.0/26 ~all"
spf.mandrillapp.com. TXT "v=spf1 ip4:203.0.113.64/27 ?all"
9.100.51.198.in-addr.arpa. PTR mail9.kaisha.test.
30.100.51.198.in-addr.arpa. PTR fw.daigaku.test.
fw.daigaku.test. A 198.51.100.30
31.100.51.198.in-addr.arpa. PTR lists.example.test.
lists.example.test. A 198.51.100.31
77.113.0.203.in-addr.arpa. PTR o1.ptr.sendgrid.net.
120.113.0.203.in-addr.arpa. PTR o1.ptr.sendgrid.net.
o1.ptr.sendgrid.net. A 203.0.113.120
66.100.51.198.in-addr.arpa. PTR mail.kaisha.test.
`

// bots are addresses of a forger.
func bots(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("198.18.%d.%d", i/200, i%200+1)
	}
	return out
}

func signed(domain, selector, result string) aggregate.DKIMResult {
	return aggregate.DKIMResult{Domain: domain, Selector: selector, Result: result}
}

func enveloped(domain, result string) aggregate.SPFResult {
	return aggregate.SPFResult{Domain: domain, Scope: "mfrom", Result: result}
}

// own is the domain's own mail, from its server, as it should be.
func own() actor {
	return actor{class: sources.Ours, ips: []string{"192.0.2.1", "2001:db8:1::25"}, mails: 100, pass: true,
		spf: enveloped(home, "pass"), dkim: []aggregate.DKIMResult{signed(home, "s1", "pass")}}
}

// usual is a fleet of a month with own mail and others.
func usual(more ...actor) *fleet {
	return &fleet{days: 30, reporters: []string{"google.com", "Enterprise Outlook", "Yahoo"},
		policy: aggregate.Policy{Domain: home, P: "none", ADKIM: "r", ASPF: "r"}, actors: append([]actor{own()}, more...)}
}

// world is a DNS that a zone makes.
func world(t testing.TB, zones ...string) sources.World {
	t.Helper()
	var list []*resolve.Zone
	for _, z := range zones {
		parsed, err := resolve.ParseZone(strings.NewReader(z), "fleet.zone")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parsed)
	}
	client, err := resolve.New(resolve.Options{Zones: list, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	known, err := provider.Load()
	if err != nil {
		t.Fatal(err)
	}
	return sources.World{DNS: client.Run(), Providers: known}
}

// silent answers nothing.
type silent struct{}

func (silent) Ask(_ context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: t.String()}
}

// judged is what the reports of a fleet tell about home, of a run at the end of the fleet.
func judged(t testing.TB, f *fleet, w sources.World, change string) (*sources.Result, *sources.Domain) {
	t.Helper()
	tally := sources.New(sources.Options{})
	for _, r := range f.reports() {
		tally.Add(&r)
	}
	var meant *sources.Change
	if change != "" {
		c, err := sources.ParseChange(change)
		if err != nil {
			t.Fatal(err)
		}
		meant = &c
	}
	res, err := tally.Judge(t.Context(), w, meant, start.AddDate(0, 0, f.days))
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Domains) != 1 || res.Domains[0].Name != f.policy.Domain {
		t.Fatalf("domains: %v", res.Domains)
	}
	return res, res.Domains[0]
}
