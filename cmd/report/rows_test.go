package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
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
	{ID: "1", Kind: "test", Sender: "info@example.test", Name: "株式会社見本", Recipient: "user@kaisha.test", Cc: []string{"a@x.test", "b@x.test"},
		ErrorsTo: "bounce@example.test", Subject: "お知らせ, \"第1号\"", MessageID: "<1@example.test>", Phase: history.Done, Result: history.Failed, Code: "42553",
		Reason: "mailbox_name", ReasonClass: "user_unknown", Permanent: codes.Yes, Reply: "553-5.1.3 no\n553 5.1.3 <such> user", MX: "mx1.kaisha.test", Address: "192.0.2.25:25",
		Started: noon, Updated: noon.Add(time.Second), Finished: noon.Add(1234 * time.Millisecond), Attempts: 2, Transcript: json.RawMessage(`[{"sent":"RCPT TO:<user@kaisha.test>"}]`)},
	{ID: "2", Sender: "=cmd|' /C calc'!A0", Name: "+1", Recipient: "@x", Subject: "-2+3", Reply: "\t=1", Reason: "\r=1", Via: "＝1+1", Phase: history.Queued, Result: history.Preparing,
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
		"sendings.csv":    func(b *bytes.Buffer) error { return Rows(page.To(b), page.CSV, false, sendings(exported...)) },
		"sendings.json":   func(b *bytes.Buffer) error { return Rows(page.To(b), page.JSON, false, sendings(exported...)) },
		"sendings.ndjson": func(b *bytes.Buffer) error { return Rows(page.To(b), page.NDJSON, false, sendings(exported...)) },
		"empty.csv":       func(b *bytes.Buffer) error { return Rows(page.To(b), page.CSV, false, sendings()) },
		"empty.json":      func(b *bytes.Buffer) error { return Rows(page.To(b), page.JSON, false, sendings()) },
		"invalid.csv":     func(b *bytes.Buffer) error { return Rows(page.To(b), page.CSV, false, validity) },
		"invalid.ndjson":  func(b *bytes.Buffer) error { return Rows(page.To(b), page.NDJSON, false, validity) },
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
	must(t, errors.Join(Rows(page.To(&c), page.CSV, false, sendings(exported...)), Rows(page.To(&j), page.JSON, false, sendings(exported...)), Rows(page.To(&n), page.NDJSON, false, sendings(exported...))))
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
	if err := Rows(page.To(&b), page.JSON, false, broken); !errors.Is(err, os.ErrClosed) || json.Valid(b.Bytes()) {
		t.Errorf("a list that was cut off: %v, %s", err, b.String())
	}
	for _, err := range []error{Rows(page.To(&b), page.CSV, false, broken), Rows(page.To(&b), page.NDJSON, false, broken)} {
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
