package aggregate_test

import (
	"bytes"
	"context"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// sane holds what is true of every reading.
func sane(t *testing.T, data []byte, reports []aggregate.Report) {
	t.Helper()
	for _, r := range reports {
		if r.DMARC == nil && r.TLS == nil && len(r.Faults) == 0 {
			t.Error("a report of nothing")
		}
		for _, f := range r.Faults {
			if f.Count < 1 || f.Message().EN == "" || f.Message().JA == "" || len(f.Value) > 300 {
				t.Errorf("fault %+v", f)
			}
		}
		if r.DMARC == nil {
			continue
		}
		for _, row := range r.DMARC.Rows {
			if row.Count < 0 || row.Count > aggregate.MaxCount {
				t.Errorf("count %d", row.Count)
			}
		}
	}
}

// all reads an input in small bounds; in pieces of one octet where slow.
func all(t *testing.T, data []byte, slow bool) []aggregate.Report {
	t.Helper()
	var out []aggregate.Report
	var r = iotest.DataErrReader(bytes.NewReader(data))
	if slow {
		r = iotest.OneByteReader(bytes.NewReader(data))
	}
	err := aggregate.Read(context.Background(), r, "f", aggregate.Options{MaxPacked: 1 << 20, MaxUnpacked: 1 << 20},
		func(rep aggregate.Report) error {
			out = append(out, rep)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// clean is a text that XML can hold.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == '\uFFFD' || r >= 0xfff0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

func FuzzRead(f *testing.F) {
	x, j := aggregatetest.XML(weekly(), aggregatetest.RFC9990), aggregatetest.JSON(tlsDay())
	for _, seed := range [][]byte{x, j, gz(x), zipped(file{"a.xml", x}, file{"b.json", j}), tarred(file{"a", x}), based(gz(j)), zlibbed(x),
		mailOf(part{"application/gzip", "base64", "a.gz", string(based(gz(x)))}), append(fromLine, mailOf()...),
		cut(zipped(file{"a.xml", x}), "PK\x01\x02")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) { sane(t, data, all(t, data, false)) })
}

// FuzzXML: what is read does not depend on how the octets arrive.
func FuzzXML(f *testing.F) {
	for form := range aggregatetest.OneLine + 1 {
		f.Add(aggregatetest.XML(weekly(), form))
	}
	for _, s := range []string{"<feedback><!--", "<feedback><![CDATA[", "<!DOCTYPE a [", "<a b='<feedback>", "<feedback><record><row><count>1",
		"<feedback>\x1b$<\x1b(B</feedback>", "<feedback>&#x;&#x0;&lt</feedback>", "<feedback/><feedback>",
		"<feedback>a < b, and b > a</feedback>", "</feedback>", "<x:feedback></y:feedback>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte("<?xml version='1.0'?>"), data...)
		fast, slow := all(t, data, false), all(t, data, true)
		sane(t, data, fast)
		if !reflect.DeepEqual(fast, slow) {
			t.Errorf("fast %+v\nslow %+v", fast, slow)
		}
	})
}

// FuzzText: a text that a reporter writes comes out as it went in, but for blanks around it.
func FuzzText(f *testing.F) {
	for _, s := range []string{"a", "<b>", "&amp;", "日本", "]]>", "\u00e9\n\t", "--> <!--"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want := weekly()
		want.Org = clean(s)
		if want.Org == "" {
			return
		}
		got := all(t, aggregatetest.XML(want, aggregatetest.RFC7489), false)
		if len(got) != 1 || !reflect.DeepEqual(got[0].DMARC, want) {
			t.Errorf("%q: got %+v", s, got)
		}
	})
}
