package sources_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
)

// daily is a report of a day, of rows that differ by their source.
func daily(id string, day, rows int) *aggregate.Report {
	begin := start.AddDate(0, 0, day)
	d := &aggregate.DMARC{Org: "mx.test", ID: id, Begin: begin, End: begin.Add(24 * time.Hour), Policy: aggregate.Policy{Domain: home}}
	for i := range rows {
		d.Rows = append(d.Rows, aggregate.Row{Source: netip.AddrFrom4([4]byte{192, 0, 2, byte(i)}), Count: 1, HeaderFrom: home,
			SPFResults: []aggregate.SPFResult{{Domain: home, Result: "pass"}}})
	}
	return &aggregate.Report{DMARC: d}
}

// cutTo are the parts of a report of which only some rows could be read; it is whole where there are no more.
func cutTo(id string, rows, all int) []*aggregate.Report {
	r := daily(id, 0, all)
	whole := r.DMARC.Rows
	var out []*aggregate.Report
	for from := 0; from < rows; from += 10 {
		part := daily(id, 0, 0)
		part.DMARC.Rows = whole[from:min(from+10, rows)]
		part.Part, part.More = from/10, from+10 < rows
		if !part.More && rows < all {
			part.Faults = []aggregate.Fault{{Kind: aggregate.Truncated, Count: 1, Lost: true}}
		}
		out = append(out, part)
	}
	return out
}

func tallied(t *testing.T, list ...*aggregate.Report) *sources.Result {
	t.Helper()
	tally := sources.New(sources.Options{})
	for _, r := range list {
		tally.Add(r)
	}
	res, err := tally.Judge(t.Context(), sources.World{}, nil, start)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// TestTheRestOfACutReportCounts: what was read of it counts once, and what is new in a longer copy counts too.
func TestTheRestOfACutReportCounts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		read             []int // rows of each copy
		mails, dup, lost int64
	}{
		{[]int{3, 40}, 40, 1, 0}, {[]int{17, 40}, 40, 1, 0}, {[]int{20, 40}, 40, 1, 0}, {[]int{17, 5, 40}, 40, 2, 0},
		{[]int{5, 17, 17}, 17, 2, 1}, {[]int{17, 40, 40, 17}, 40, 3, 0}, {[]int{40, 17}, 40, 1, 0},
	} {
		var list []*aggregate.Report
		for _, rows := range tt.read {
			list = append(list, cutTo("1", rows, 40)...)
		}
		res := tallied(t, list...)
		n, d := res.Counts, res.Domains[0]
		if d.Mails != tt.mails || n.Rows != tt.mails || n.DMARC != 1 || n.Duplicates != tt.dup || n.Lost != tt.lost || n.Overlapping != 0 ||
			d.Reporters[0].Reports != 1 || d.Reporters[0].Mails != tt.mails {
			t.Errorf("%v: %d mails, %+v, %+v", tt.read, d.Mails, n, d.Reporters)
		}
	}
}

// TestAnIDThatComesEveryDayLosesNoDay: a reporter may use its ids again.
func TestAnIDThatComesEveryDayLosesNoDay(t *testing.T) {
	t.Parallel()
	res := tallied(t, daily("1", 0, 2), daily("1", 1, 2), daily("1", 1, 2))
	if n := res.Counts; n.DMARC != 2 || n.Duplicates != 1 || res.Domains[0].Mails != 4 {
		t.Errorf("%+v", n)
	}
}

// TestReportsThatAreAlikeAreNoDuplicates: those of two hosts of a reporter, of one row or with other results.
func TestReportsThatAreAlikeAreNoDuplicates(t *testing.T) {
	t.Parallel()
	for i, rows := range []int{1, 3, 3} {
		a, b := daily("a", 0, rows), daily("b", 0, rows)
		switch i {
		case 1:
			b.DMARC.Rows[1].SPFResults[0].Result = "fail"
		case 2:
			b.DMARC.Rows[1].Overrides = []aggregate.Override{{Type: "forwarded"}}
		}
		if res := tallied(t, a, b); res.Counts.Duplicates != 0 || res.Domains[0].Mails != int64(2*rows) {
			t.Error(fmt.Sprint(i), res.Counts)
		}
	}
}
