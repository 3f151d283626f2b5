package sources_test

import (
	"testing"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// tlsReport is a report of a day with ten good sessions and one that failed under each policy of these domains.
func tlsReport(id string, domains ...string) *aggregate.Report {
	m := &aggregate.TLS{Org: "google.com", ID: id, Begin: start, End: start.AddDate(0, 0, 1)}
	for _, d := range domains {
		m.Policies = append(m.Policies, aggregate.TLSPolicy{Type: "sts", Domain: d, Successful: 10, Failed: 1})
	}
	return &aggregate.Report{TLS: m}
}

func cutTLS(r *aggregate.Report) *aggregate.Report {
	r.Faults = []aggregate.Fault{{Kind: aggregate.Truncated, Count: 1, Lost: true}}
	return r
}

// TestTheRestOfACutTLSReportCounts: each policy counts once, also one of which the first copy had the name alone.
func TestTheRestOfACutTLSReportCounts(t *testing.T) {
	t.Parallel()
	named := cutTLS(tlsReport("1", home, home))
	named.TLS.Policies[1].Successful, named.TLS.Policies[1].Failed = 0, 0
	for name, first := range map[string]*aggregate.Report{"one policy": cutTLS(tlsReport("1", home)), "none": cutTLS(tlsReport("1")),
		"one and a name": named} {
		res := tallied(t, first, tlsReport("1", home, home), tlsReport("1", home, home))
		n := res.Counts
		if len(res.TLS) != 1 || n.TLS != 1 || n.Duplicates != 2 || n.Lost != 0 || n.Outside != 0 || res.TLS[0].Successful != 20 ||
			res.TLS[0].Reports != 1 || res.TLS[0].Reporters[0].Reports != 1 || res.TLS[0].Reporters[0].Failed != 2 {
			t.Errorf("%s: %+v, %+v", name, n, res.TLS)
		}
	}
}

// TestTLSReportsOfADomainAreNotThoseAbove: mail to a domain says nothing of mail to one below it.
func TestTLSReportsOfADomainAreNotThoseAbove(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string][3]int64{"mail." + home: {1, 1, 2}, home: {2, 3, 1}, "": {3, 3, 0}} {
		tally := sources.New(sources.Options{Domain: domain})
		tally.Add(tlsReport("1", home, "mail."+home))
		tally.Add(tlsReport("2", home))
		tally.Add(tlsReport("3"))
		res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
		if err != nil {
			t.Fatal(err)
		}
		var sessions int64
		for _, d := range res.TLS {
			sessions += d.Failed
		}
		if got := [3]int64{res.Counts.TLS, sessions, res.Counts.Outside}; got != want {
			t.Errorf("%q: %v, %+v", domain, got, res.Counts)
		}
	}
}
