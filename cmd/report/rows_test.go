package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/history"
)

func sendings(list ...history.Sending) iter.Seq2[history.Sending, error] {
	return func(yield func(history.Sending, error) bool) {
		for _, x := range list {
			if !yield(x, nil) {
				return
			}
		}
	}
}

var exported = []history.Sending{
	{ID: "1", Kind: "test", Sender: "info@example.test", Name: "株式会社見本", Recipient: "user@kaisha.test",
		Cc:       []string{"a@x.test", "b@x.test"},
		ErrorsTo: "bounce@example.test", Subject: "お知らせ, \"第1号\"", MessageID: "<1@example.test>", Phase: history.Done,
		Result: history.Failed, Code: "42553",
		Reason: "mailbox_name", ReasonClass: "user_unknown", Permanent: codes.Yes,
		Reply: "553-5.1.3 no\n553 5.1.3 <such> user", MX: "mx1.kaisha.test", Address: "192.0.2.25:25",
		Started: noon, Updated: noon.Add(time.Second), Finished: noon.Add(1234 * time.Millisecond), Attempts: 2,
		Transcript: json.RawMessage(`[{"sent":"RCPT TO:<user@kaisha.test>"}]`)},
	{ID: "2", Sender: "=cmd|' /C calc'!A0", Name: "+1", Recipient: "@x", Subject: "-2+3", Reply: "\t=1", Reason: "\r=1",
		Via: "＝1+1", Phase: history.Queued, Result: history.Preparing,
		Started: noon.In(time.FixedZone("JST", 9*3600)), NextAttempt: noon.Add(time.Hour), Permanent: codes.No, Own: true},
	{ID: "3", Recipient: "a=b@x.test", Subject: "bytes \xff\x00 end", Result: history.OK, Phase: history.Done, Code: "40000"},
}

func TestExport(t *testing.T) {
	t.Parallel()
	validity := func(yield func(history.Validity, error) bool) {
		_ = yield(history.Validity{Address: "=x@kaisha.test", Errors: 3, Code: "42553", Changed: noon}, nil) &&
			yield(history.Validity{Address: "y@kaisha.test", Valid: true, Revalidated: noon, Note: "宛先に確認済み"}, nil)
	}
	for name, write := range map[string]func(*bytes.Buffer) error{
		"sendings.csv":    func(b *bytes.Buffer) error { return writeRows(Export, page.CSV, b, sendings(exported...)) },
		"sendings.json":   func(b *bytes.Buffer) error { return writeRows(Export, page.JSON, b, sendings(exported...)) },
		"sendings.ndjson": func(b *bytes.Buffer) error { return writeRows(Export, page.NDJSON, b, sendings(exported...)) },
		"empty.csv":       func(b *bytes.Buffer) error { return writeRows(Export, page.CSV, b, sendings()) },
		"empty.json":      func(b *bytes.Buffer) error { return writeRows(Export, page.JSON, b, sendings()) },
		"invalid.csv":     func(b *bytes.Buffer) error { return writeRows(InvalidExport, page.CSV, b, validity) },
		"invalid.ndjson":  func(b *bytes.Buffer) error { return writeRows(InvalidExport, page.NDJSON, b, validity) },
	} {
		var b bytes.Buffer
		must(t, write(&b))
		path := filepath.Join("testdata", "export", name)
		if *update {
			must(t, os.MkdirAll(filepath.Dir(path), 0o755))
			must(t, os.WriteFile(path, b.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		must(t, err)
		if d := cmp.Diff(string(want), b.String()); d != "" {
			t.Errorf("%s (-want +got):\n%s", name, d)
		}
	}
}

// TestExportReads has every export parse, row for row.
func TestExportReads(t *testing.T) {
	t.Parallel()
	var c, j, n bytes.Buffer
	must(t, errors.Join(writeRows(Export, page.CSV, &c, sendings(exported...)), writeRows(Export, page.JSON, &j,
		sendings(exported...)), writeRows(Export, page.NDJSON, &n, sendings(exported...))))
	rows, err := csv.NewReader(&c).ReadAll()
	must(t, err)
	if len(rows) != 1+len(exported) {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
				t.Errorf("%s is %q", rows[0][i], cell)
			}
		}
	}
	var list []map[string]any
	must(t, json.Unmarshal(j.Bytes(), &list))
	if len(list) != len(exported) || list[0]["permanent"] != true || list[1]["permanent"] != false || list[2]["permanent"] != nil {
		t.Errorf("%v", list)
	}
	if lines := strings.Count(n.String(), "\n"); lines != len(exported) {
		t.Errorf("%d lines", lines)
	}
	broken := func(yield func(history.Sending, error) bool) {
		_ = yield(exported[0], nil) && yield(history.Sending{}, os.ErrClosed)
	}
	var b bytes.Buffer
	if err := writeRows(Export, page.JSON, &b, broken); !errors.Is(err, os.ErrClosed) || json.Valid(b.Bytes()) {
		t.Errorf("a list that was cut off: %v, %s", err, b.String())
	}
	for _, err := range []error{writeRows(Export, page.CSV, &b, broken), writeRows(Export, page.NDJSON, &b, broken)} {
		if !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeRows[T any](d Document[T], f page.Format, w io.Writer, rows iter.Seq2[T, error]) error {
	p, err := d.Open(f, page.To(w), Options{Many: true})
	if err != nil {
		return err
	}
	return page.PutAll(p, rows)
}

// write prints documents, one after the other.
func write[T any](d Document[T], f page.Format, w io.Writer, o Options, documents ...T) error {
	return writeAll(d, f, w, o, documents)
}

func writeAll[T any](d Document[T], f page.Format, w io.Writer, o Options, documents []T) error {
	p, err := d.Open(f, page.To(w), o)
	if err != nil {
		return err
	}
	for _, v := range documents {
		if err := p.Put(v); err != nil {
			return err
		}
	}
	return p.Close()
}
