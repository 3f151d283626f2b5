package sources_test

import (
	"bytes"
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"todoku/diag/sources"
	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// long is a report of a day of November that is read in several parts.
func long(day int) []byte {
	begin := time.Date(2026, 11, day, 0, 0, 0, 0, time.UTC)
	d := &aggregate.DMARC{Org: "Kyoto", ID: fmt.Sprint(day), Begin: begin, End: begin.Add(24 * time.Hour),
		Policy: aggregate.Policy{Domain: "shop.example", P: "none"}}
	for range 2*aggregate.MaxRows + 10 {
		d.Rows = append(d.Rows, aggregate.Row{Source: netip.MustParseAddr("192.0.2.1"), Count: 1, HeaderFrom: "shop.example"})
	}
	return aggregatetest.XML(d, aggregatetest.RFC7489)
}

// TestTruncatedLongReportIsCounted: what shows in a later part of a report counts, once.
func TestTruncatedLongReportIsCounted(t *testing.T) {
	t.Parallel()
	tally := sources.New(sources.Options{})
	end := []byte("</feedback>")
	badCount := bytes.Replace(long(4), []byte("<count>1<"), []byte("<count>many<"), aggregate.MaxRows+1)
	for i, x := range [][]byte{long(2), bytes.TrimSuffix(bytes.TrimSpace(long(3)), end), badCount} {
		parts := 0
		err := aggregate.Read(context.Background(), bytes.NewReader(x), fmt.Sprint(i), aggregate.Options{}, func(r aggregate.Report) error {
			parts++
			tally.Add(&r)
			return nil
		})
		if err != nil || parts < 2 {
			t.Fatalf("report %d: %d parts, %v", i, parts, err)
		}
	}
	res, err := tally.Judge(context.Background(), world(t, zone), nil, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	if err != nil || res.Counts.DMARC != 3 || res.Counts.Lost != 2 {
		t.Errorf("%d reports of which %d could not be read whole, %v; want 3 and 2", res.Counts.DMARC, res.Counts.Lost, err)
	}
}
