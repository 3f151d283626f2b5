package aggregate_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"testing"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// TestReportsOutliveTheReader: what one Reader gave stays as it was while it reads the next inputs.
func TestReportsOutliveTheReader(t *testing.T) {
	t.Parallel()
	r := aggregate.NewReader(aggregate.Options{})
	var got, want []aggregate.Report
	for i := range 12 {
		d, l := weekly(), tlsDay()
		d.ID, d.Rows[0].HeaderFrom, l.ID = fmt.Sprintf("%d.shop.example", i), fmt.Sprintf("%c.example", 'a'+i), fmt.Sprintf("tls-%d", i)
		x, j := aggregatetest.XML(d, aggregatetest.RFC7489), aggregatetest.JSON(l)
		name := fmt.Sprintf("%d.xml", i)
		for _, data := range [][]byte{zipped(file{name, x}), j, mailOf(part{"application/gzip", "base64", name + ".gz", string(based(gz(x)))}),
			zipped(file{name, x}, file{fmt.Sprintf("%d.json", i), j})} {
			err := r.Read(context.Background(), bytes.NewReader(data), name, func(rep aggregate.Report) error {
				got = append(got, rep)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			want = append(want, read(t, data, name)...)
		}
	}
	if len(want) != 12*5 || !reflect.DeepEqual(got, want) {
		t.Errorf("%d reports of one Reader differ from %d of several", len(got), len(want))
	}
}
