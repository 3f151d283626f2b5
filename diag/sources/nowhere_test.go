package sources_test

import (
	"net/netip"
	"testing"
	"time"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// whole is the one group of a report with one row.
func whole(t *testing.T, begin, end time.Time, from netip.Addr) (*sources.Domain, *sources.Group) {
	t.Helper()
	tally := sources.New(sources.Options{})
	tally.Add(&aggregate.Report{DMARC: &aggregate.DMARC{Org: "mx.test", ID: "1", Begin: begin, End: end,
		Policy: aggregate.Policy{Domain: home}, Rows: []aggregate.Row{{Source: from, Count: 3, HeaderFrom: home,
			DKIMResults: []aggregate.DKIMResult{signed(home, "s1", "pass")}, SPFResults: []aggregate.SPFResult{enveloped(home, "pass")}}}}})
	change, err := sources.ParseChange("p=reject")
	if err != nil {
		t.Fatal(err)
	}
	res, err := tally.Judge(t.Context(), sources.World{}, &change, start.AddDate(0, 0, 30))
	if err != nil || len(res.Domains) != 1 || len(res.Domains[0].Groups) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	return res.Domains[0], res.Domains[0].Groups[0]
}

// TestMailsWithoutAnAddressAreOfNoNetwork: a source whose address cannot be read is named by none.
func TestMailsWithoutAnAddressAreOfNoNetwork(t *testing.T) {
	t.Parallel()
	if _, g := whole(t, start, start.Add(24*time.Hour), netip.Addr{}); g.Operator.Kind != sources.Nobody || g.Class != sources.Ours {
		t.Errorf("%+v", g)
	}
	_, g := whole(t, start, start.Add(24*time.Hour), netip.MustParseAddr("192.0.2.1"))
	if g.Operator.Kind != sources.ByNetwork || g.Operator.Name.EN != "192.0.2.0/24" {
		t.Errorf("%+v", g)
	}
}

// TestReportsWithoutATimeHaveNoDay: what cannot be read of their time is not made up.
func TestReportsWithoutATimeHaveNoDay(t *testing.T) {
	t.Parallel()
	old := func(d *sources.Domain) bool {
		for _, doubt := range d.WhatIf.Doubts {
			if doubt.ID == sources.OldReports {
				return true
			}
		}
		return false
	}
	from := netip.MustParseAddr("192.0.2.1")
	for _, ends := range [][2]time.Time{{}, {start, time.Time{}}, {time.Time{}, start}} {
		d, g := whole(t, ends[0], ends[1], from)
		if g.Days != 0 || !g.First.IsZero() || !g.Last.IsZero() || !d.Selectors[0].LastPass.IsZero() || old(d) {
			t.Errorf("%v: %d days, %s to %s, the key %s, %+v", ends, g.Days, g.First, g.Last, d.Selectors[0].LastPass, d.WhatIf.Doubts)
		}
	}
	d, g := whole(t, start, start.Add(24*time.Hour), from)
	if g.Days != 1 || !g.First.Equal(start) || !g.Last.Equal(start) || !d.Selectors[0].LastPass.Equal(start) || !old(d) {
		t.Errorf("%d days, %s to %s, the key %s, %+v", g.Days, g.First, g.Last, d.Selectors[0].LastPass, d.WhatIf.Doubts)
	}
}
