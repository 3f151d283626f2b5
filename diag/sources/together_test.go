package sources_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/diag/resolve"
	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// together is what the reports of a month tell of several domains in one run: to each of them comes the same mail that fails.
func together(t *testing.T, w sources.World, ips []string, domains ...string) map[string]*sources.Domain {
	t.Helper()
	tally := sources.New(sources.Options{})
	for _, domain := range domains {
		a := actor{class: sources.Forger, from: domain, ips: ips, every: 9, mails: 9, spf: enveloped(domain, "fail")}
		f := &fleet{days: 30, reporters: []string{"google.com"}, policy: aggregate.Policy{Domain: domain, P: "none"}, actors: []actor{a}}
		for _, r := range f.reports() {
			tally.Add(&r)
		}
	}
	res, err := tally.Judge(t.Context(), w, nil, start.AddDate(0, 0, 30))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*sources.Domain{}
	for _, d := range res.Domains {
		out[d.Name] = d
	}
	return out
}

// TestRecordOfAnotherDomainSaysNothing: whatever the SPF record of one domain of a run says, the forgers of another stay forgers.
func TestRecordOfAnotherDomainSaysNothing(t *testing.T) {
	t.Parallel()
	for _, record := range []string{"v=spf1 ip4:198.18.0.0/24 -all", "v=spf1 ip4:198.18.0.0/99 -all", "v=spf1 +all"} {
		d := together(t, world(t, "tonari.test. TXT \""+record+"\"\n_dmarc.tonari.test. TXT \"v=DMARC1; p=none\"\n"+zone), bots(20),
			"tonari.test", home)
		if n := d[home].ByClass[sources.Forger].Mails; n != d[home].Mails {
			t.Errorf("%s next door: %d of %d mails are forged", record, n, d[home].Mails)
		}
	}
}

// TestRecordOfForeignFromSaysNothing: in a report of one domain too, where the From header is of another.
func TestRecordOfForeignFromSaysNothing(t *testing.T) {
	t.Parallel()
	a := actor{class: sources.Forger, from: "tonari.test", ips: bots(20), every: 9, mails: 9, spf: enveloped("tonari.test", "fail")}
	_, d := judged(t, usual(a), world(t, "tonari.test. TXT \"v=spf1 ip4:198.18.0.0/24 -all\"\n"+zone), "")
	if n := d.ByClass[sources.Forger].Mails; n == 0 || n != d.Fail {
		t.Errorf("%d of %d mails that fail are forged", n, d.Fail)
	}
}

// TestManyDomainsBehindOneAddress: the record of each is evaluated.
func TestManyDomainsBehindOneAddress(t *testing.T) {
	t.Parallel()
	var names []string
	var b strings.Builder
	for i := range 12 {
		names = append(names, fmt.Sprintf("d%d.test", i))
		term := ""
		if i%3 == 2 {
			term = "ip4:198.18.0.1 "
		}
		fmt.Fprintf(&b, "d%d.test. TXT \"v=spf1 %s-all\"\n_dmarc.d%d.test. TXT \"v=DMARC1; p=none\"\n", i, term, i)
	}
	d := together(t, world(t, b.String()), bots(1), names...)
	for i, name := range names {
		if n := d[name].ByClass[sources.Ours].Mails; (n == d[name].Mails) != (i%3 == 2) {
			t.Errorf("%s: %d of %d mails are ours", name, n, d[name].Mails)
		}
	}
}

// TestNameIsAskedForEachDomain: the name of an address that the record of one domain has tells whose it is for another.
func TestNameIsAskedForEachDomain(t *testing.T) {
	t.Parallel()
	d := together(t, world(t, "tonari.test. TXT \"v=spf1 ip4:198.51.100.9 -all\"\n_dmarc.tonari.test. TXT \"v=DMARC1; p=none\"\n"+zone),
		[]string{"198.51.100.9"}, "tonari.test", home)
	if g := groupOf(d[home], sources.Ours); g == nil || g.Mails != d[home].Mails || g.Reasons[0].ID != sources.OwnHost {
		t.Errorf("of %d mails are ours: %+v", d[home].Mails, g)
	}
}

// TestUnaskedRecordAccusesNobody: a source that sends for more names than are looked at is not called a forger for the rest.
func TestUnaskedRecordAccusesNobody(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	for i := range 30 {
		from := fmt.Sprintf("s%02d.%s", i, home)
		a := actor{from: from, ips: bots(20), mails: int64(9 + i), spf: enveloped(from, "fail")}
		begin := start.AddDate(0, 0, i)
		rep := &aggregate.DMARC{Org: "mx.test", ID: from, Begin: begin, End: begin.Add(24 * time.Hour), Policy: aggregate.Policy{Domain: home}}
		for k := i % 5; k < len(a.ips); k += 5 {
			rep.Rows = append(rep.Rows, a.row(k))
		}
		tally.Add(&aggregate.Report{DMARC: rep})
	}
	w := world(t, "s29."+home+". TXT \"v=spf1 ip4:198.18.0.0/24 -all\"\n"+zone)
	res, err := tally.Judge(t.Context(), w, nil, start.AddDate(0, 0, 30))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range res.Domains[0].Groups {
		for _, f := range g.From {
			if g.Class == sources.Forger && f.Domain == "s29."+home {
				t.Errorf("%s is forged, and nobody asked for its record", f.Domain)
			}
		}
	}
}

// TestSilenceAboutAnotherDomainIsNotTold: an address tells what DNS did not say of the domain itself, not of the others.
func TestSilenceAboutAnotherDomainIsNotTold(t *testing.T) {
	t.Parallel()
	w := world(t, zone)
	w.DNS = deaf{w.DNS, "tonari.test", resolve.TypeTXT}
	for name, d := range together(t, w, bots(2), "tonari.test", home) {
		want := ""
		if name == "tonari.test" {
			want = string(resolve.KindTimeout)
		}
		for _, g := range d.Groups {
			for _, a := range g.Addresses {
				if a.Error != want {
					t.Errorf("%s: of %s DNS says nothing because of %q, want %q", name, a.IP, a.Error, want)
				}
			}
		}
	}
}
