package aggregate_test

import (
	"bytes"
	"context"
	"testing"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// BenchmarkRead reads reports of 1, 100 and 10,000 rows. MB/s are of XML.
func BenchmarkRead(b *testing.B) {
	for _, size := range []struct {
		name string
		rows int
	}{{"rows=1", 1}, {"rows=100", 100}, {"rows=10000", 10000}} {
		x := aggregatetest.XML(many(size.rows), aggregatetest.RFC7489)
		for _, cover := range []file{{"xml", x}, {"gzip", gz(x)}, {"zip", zipped(file{"a.xml", x})},
			{"mail", mailOf(part{"application/gzip", "base64", "a.xml.gz", string(based(gz(x)))})}} {
			b.Run(size.name+"/"+cover.name, func(b *testing.B) {
				r := aggregate.NewReader(aggregate.Options{})
				b.SetBytes(int64(len(x)))
				b.ReportAllocs()
				rows := 0
				for b.Loop() {
					err := r.Read(context.Background(), bytes.NewReader(cover.data), "", func(rep aggregate.Report) error {
						rows += len(rep.DMARC.Rows)
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
			})
		}
	}
}
