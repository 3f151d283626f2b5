package aggregate_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"todoku/sender/aggregate"
	"todoku/sender/aggregate/aggregatetest"
)

// many is a report of a number of rows, each of which is another.
func many(rows int) *aggregate.DMARC {
	d := weekly()
	d.Rows = d.Rows[:0]
	for i := range rows {
		row := weekly().Rows[i%2]
		row.Source = netip.AddrFrom4([4]byte{198, 18, byte(i >> 8), byte(i)})
		row.Count = int64(i + 1)
		d.Rows = append(d.Rows, row)
	}
	return d
}

func TestALongReportComesInPartsWithTheSameHead(t *testing.T) {
	t.Parallel()
	want := many(2*aggregate.MaxRows + 7)
	got := read(t, aggregatetest.XML(want, aggregatetest.OneLine), "r.xml")
	var rows []aggregate.Row
	for i, r := range got {
		if r.Part != i || r.More != (i < 2) || len(r.DMARC.Rows) > aggregate.MaxRows || r.DMARC.ID != want.ID || r.DMARC.Policy != want.Policy {
			t.Errorf("part %d: %d, more %v, %d rows", i, r.Part, r.More, len(r.DMARC.Rows))
		}
		rows = append(rows, r.DMARC.Rows...)
	}
	if len(got) != 3 || !reflect.DeepEqual(rows, want.Rows) {
		t.Errorf("%d parts, %d rows, want 3 and %d", len(got), len(rows), len(want.Rows))
	}
}

func TestRowsBeforeTheirHeadWaitForIt(t *testing.T) {
	t.Parallel()
	want := many(aggregate.MaxRows + 3)
	x := string(aggregatetest.XML(want, aggregatetest.RFC7489))
	head := x[strings.Index(x, "<report_metadata>"):strings.Index(x, "<record>")]
	x = strings.Replace(strings.Replace(x, head, "", 1), "</feedback>", head+"</feedback>", 1)
	got := read(t, []byte(x), "r.xml")
	if len(got) != 1 || len(got[0].Faults) > 0 || !reflect.DeepEqual(got[0].DMARC, want) {
		t.Errorf("got %d reports, %v", len(got), kinds(got))
	}
}

// small are bounds that a test reaches.
func small(t *testing.T, data []byte) []aggregate.Report {
	t.Helper()
	var out []aggregate.Report
	err := aggregate.Read(context.Background(), bytes.NewReader(data), "r", aggregate.Options{MaxPacked: 64 << 10, MaxUnpacked: 1 << 20,
		MaxReports: 1000},
		func(r aggregate.Report) error {
			out = append(out, r)
			return nil
		})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatUnpacksToTooMuchIsReadToTheBound(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(many(3000), aggregatetest.RFC7489) // 3 MB
	bomb := append([]byte("<feedback><!--"), make([]byte, 3<<20)...)
	for name, data := range map[string][]byte{"gzip": gz(x), "gzip twice": gz(gz(x)), "zip": zipped(file{"a", x}),
		"tar.gz": gz(tarred(file{"a", x})),
		"mail":   mailOf(part{"application/gzip", "base64", "a.gz", string(based(gz(x)))}), "bomb": gz(bomb)} {
		got := small(t, data)
		last := got[0]
		if !strings.Contains(strings.Join(kinds(got), " "), "too_large") || !last.Lost() {
			t.Errorf("%s: got %v", name, kinds(got))
			continue
		}
		if name != "bomb" && (last.DMARC == nil || len(last.DMARC.Rows) < 500 || len(last.DMARC.Rows) > 1500) {
			t.Errorf("%s: got %+v", name, kinds(got))
		}
	}
	if got := small(t, gz(aggregatetest.XML(many(300), aggregatetest.RFC7489))); got[0].Lost() || len(got[0].DMARC.Rows) != 300 {
		t.Errorf("below the bound: got %v", kinds(got))
	}
}

// TestTheRestOfAnArchiveIsPassedOverOnce: beyond the bound of octets no entry is opened, and the bound is told once.
func TestTheRestOfAnArchiveIsPassedOverOnce(t *testing.T) {
	t.Parallel()
	large := make([]file, 20)
	for i := range large {
		large[i] = file{fmt.Sprint(i), swap(t, aggregatetest.XML(weekly(), aggregatetest.RFC7489), "<record>",
			"<!--"+strings.Repeat(" ", 300<<10)+"--><record>")}
	}
	z := zipped(large...)
	for name, data := range map[string][]byte{"zip": z, "zip without its end": z[:len(z)-30], "tar": tarred(large...),
		"tar.gz": gz(tarred(large...)), "zip in a mail": mailOf(part{"application/zip", "base64", "a.zip", string(based(z))})} {
		told := ""
		got := small(t, data)
		for _, r := range got {
			for _, f := range r.Faults {
				if f.Kind == aggregate.TooLarge {
					told += f.Value + ";"
				}
			}
		}
		if len(got) > 5 || !strings.Contains(told, "> 1 MiB") || strings.Count(told, ";") != 1 {
			t.Errorf("%s: %d reports, told %q", name, len(got), told)
		}
	}
	if got := small(t, zipped(large[:2]...)); len(got) != 2 || len(kinds(got)) > 0 {
		t.Errorf("below the bound: got %v", kinds(got))
	}
}

func TestEachMailOfAMailboxHasItsOwnBound(t *testing.T) {
	t.Parallel()
	one := mailOf(part{"application/gzip", "base64", "a.gz", string(based(gz(aggregatetest.XML(many(700), aggregatetest.RFC7489))))})
	var box []byte
	for range 4 {
		box = append(append(append(box, fromLine...), one...), newline...)
	}
	got := small(t, box)
	if len(got) != 4 || len(kinds(got)) > 0 {
		t.Errorf("got %d reports, %v", len(got), kinds(got))
	}
}

func TestAnArchiveLargerThanItsBoundIsTold(t *testing.T) {
	t.Parallel()
	z := zipped(file{"a.xml", aggregatetest.XML(weekly(), aggregatetest.RFC7489)})
	z = append(z, make([]byte, 70<<10)...)
	if got := small(t, z); len(got) != 1 || strings.Join(kinds(got), " ") != "too_large" || !got[0].Lost() {
		t.Errorf("got %+v", got)
	}
}

func TestAFileOfTooManyReportsIsReadToTheBound(t *testing.T) {
	t.Parallel()
	empty := bytes.Repeat([]byte("<feedback/>"), 1010)
	got := small(t, empty)
	if last := got[len(got)-1]; len(got) != 1001 || last.DMARC != nil || last.Faults[0].Kind != aggregate.TooManyParts || !last.Lost() {
		t.Errorf("%d reports, then %+v", len(got), last)
	}
	one := mailOf(part{"text/xml", "8bit", "a.xml", string(aggregatetest.XML(weekly(), aggregatetest.RFC7489))})
	got = small(t, slices.Concat(fromLine, mailOf(part{"text/xml", "8bit", "e.xml", string(empty)}), newline, fromLine, one))
	if last := got[len(got)-1]; len(got) != 1002 || !reflect.DeepEqual(last.DMARC, weekly()) || last.Place.String() != "r#2/a.xml" {
		t.Errorf("%d reports, then %+v", len(got), last)
	}
}

func TestTheEndOfTheRunEndsTheUnpacking(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	err := aggregate.Read(ctx, bytes.NewReader(gz(append(x, bytes.Repeat([]byte(" "), 4<<20)...))), "r.gz", aggregate.Options{},
		func(aggregate.Report) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	err = aggregate.Read(ctx, bytes.NewReader(gz(append(append(x, x...), bytes.Repeat([]byte(" "), 4<<20)...))), "r.gz", aggregate.Options{},
		func(aggregate.Report) error {
			cancel()
			return nil
		})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestXMLThatGrowsIsBounded(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	for name, c := range map[string]struct {
		old, new, faults string
		lost             bool
	}{
		"deep": {"<record>", strings.Repeat("<a>", 100_000) + strings.Repeat("</a>", 100_000) + "<record>",
			"too_deep unknown_element", true},
		"long":       {"Mail of Kyoto", strings.Repeat("Mail of Kyoto ", 20_000), "long_text", false},
		"laughs":     {"Mail of Kyoto", strings.Repeat("&lol9;", 2_000), "unknown_entity", false},
		"not tags":   {"Mail of Kyoto", strings.Repeat("<1 <", 100_000), "bad_xml long_text", false},
		"a long tag": {"<record>", "<" + strings.Repeat("a", 20_000) + "><record>", "bad_xml", false},
		"quotes":     {"<record>", strings.Repeat(`<a b="`, 50_000) + `">` + "<record>", "bad_xml long_text unknown_element", false},
		"escapes":    {"Mail of Kyoto", strings.Repeat("\x1b$<", 100_000) + "\x1b(B", "bad_charset long_text", false},
		"results": {"<dkim>\n        <domain>", strings.Repeat("<dkim><domain>a.example</domain></dkim>", 5000) +
			"<dkim>\n        <domain>", "too_many", false},
		"reasons": {"<reason>", strings.Repeat("<reason><type>other</type></reason>", 5000) + "<reason>", "too_many", false},
		"errors":  {"<error>", strings.Repeat("<error>e</error>", 5000) + "<error>", "too_many", false},
		"names":   {"<record>", names(3000) + "<record>", "unknown_element", false},
	} {
		got := read(t, swap(t, x, c.old, c.new), "r.xml")
		if len(got) != 1 || len(got[0].DMARC.Rows) != 2 || strings.Join(kinds(got), " ") != c.faults || got[0].Lost() != c.lost {
			t.Errorf("%s: %d reports, %v, lost %v", name, len(got), kinds(got), got[0].Lost())
			continue
		}
		if len(got[0].DMARC.Org) > 200<<10 || len(got[0].Faults) > 100 {
			t.Errorf("%s: %d octets, %d faults", name, len(got[0].DMARC.Org), len(got[0].Faults))
		}
	}
}

func names(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<x%d/>", i)
	}
	return b.String()
}

func TestErrorsOfTheReaderAndOfTheCallerEndTheReading(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is gone")
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	for name, data := range map[string][]byte{"xml": x, "gzip": gz(x), "zip": zipped(file{"a", x}), "mail": mailOf(),
		"json": aggregatetest.JSON(tlsDay()), "mbox": append(fromLine, mailOf()...), "nothing": nil} {
		r := io.MultiReader(bytes.NewReader(data[:len(data)/2]), iotest.ErrReader(broken))
		err := aggregate.Read(context.Background(), r, "r", aggregate.Options{}, func(aggregate.Report) error { return nil })
		if !errors.Is(err, broken) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	enough := errors.New("enough")
	n := 0
	err := aggregate.Read(context.Background(), bytes.NewReader(append(x, x...)), "r", aggregate.Options{}, func(aggregate.Report) error {
		n++
		return enough
	})
	if !errors.Is(err, enough) || n != 1 {
		t.Errorf("%d reports, then %v", n, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err = aggregate.Read(ctx, bytes.NewReader(x), "r", aggregate.Options{}, func(aggregate.Report) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestAReaderKeepsNothingOfTheInputBefore(t *testing.T) {
	t.Parallel()
	x := aggregatetest.XML(weekly(), aggregatetest.RFC7489)
	r := aggregate.NewReader(aggregate.Options{})
	inputs := [][]byte{gz(x), swap(t, x, "</feedback>", ""), bytes.Replace(x, []byte("</record>"), nil, 1),
		[]byte("<feedback>"), gz(gz(x)), x[:700], x}
	var got []aggregate.Report
	for _, data := range inputs {
		err := r.Read(context.Background(), bytes.NewReader(data), "r", func(rep aggregate.Report) error {
			got = append(got, rep)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var want []aggregate.Report
	for _, data := range inputs {
		want = append(want, read(t, data, "r")...)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}
