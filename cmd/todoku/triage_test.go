package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/diag/lab"
	"todoku/diag/watch/store"
)

// triageRead is what the tests look at in todoku/triage/1.
type triageRead struct {
	Inputs []struct {
		File, Format, Error   string
		Lines, Events, Unread int64
		Notes                 []string
	}
	Counts struct {
		Events, Delivered, Delayed, Failed, Expired, Complaint, Other int64
		AutoReply                                                     int64 `json:"auto_reply"`
	}
	First, Last, By string
	Incomplete      bool
	Groups          []struct {
		Key, Reason, Provider, Action string
		Count, Recipients             int64
		Share                         float64
		Patterns                      []struct{ ID, At, Text string }
		Example                       json.RawMessage
		Diagnosis                     *struct {
			Schema string
			Causes []struct{ ID, Status string }
		}
	}
	Plan []struct {
		Do         string
		Recipients int64
	}
}

// sum is how many events the groups and the delivered ones have together.
func (r triageRead) sum() int64 {
	n := r.Counts.Delivered
	for _, g := range r.Groups {
		n += g.Count
	}
	return n
}

// triaged runs triage with an input, or none, and reads its JSON, which has to keep to the schema.
func triaged(t *testing.T, want app.ExitStatus, stdin string, args ...string) triageRead {
	t.Helper()
	var out, errs bytes.Buffer
	status := play(t.Context(), append(args, "--format", "json"), strings.NewReader(stdin), &out, &errs, noEnv)
	if status != want {
		t.Fatalf("%q: exit %d\n%s", args, status, errs.String())
	}
	if err := schemaNamed(t, report.TriageSchemaName).check(out.Bytes()); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out.String())
	}
	var r triageRead
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	for _, g := range r.Groups {
		if err := schemaNamed(t, report.EventSchemaName).check(g.Example); err != nil {
			t.Errorf("%q: %v: %s", args, err, g.Example)
		}
	}
	if r.sum() != r.Counts.Events {
		t.Errorf("%q: the groups and the delivered are %d, of %d", args, r.sum(), r.Counts.Events)
	}
	return r
}

// TestTriageOfTheLab: the three causes that are planted are found, and confirmed in the lab.
func TestTriageOfTheLab(t *testing.T) {
	t.Parallel()
	r := triaged(t, app.ExitWrong, "", "--lab", "triage")
	want := map[string]string{"authentication": "spf-ip", "user_unknown": "address-wrong", "greylisted": "greylisted"}
	patterns := map[string]string{"authentication": "sudden", "user_unknown": "list", "greylisted": "one_domain"}
	for _, g := range r.Groups {
		if g.Diagnosis == nil || g.Diagnosis.Schema != report.DiagnosisSchemaName {
			t.Errorf("%s is not diagnosed", g.Reason)
			continue
		}
		confirmed := ""
		for _, c := range g.Diagnosis.Causes {
			if c.Status == "confirmed" && confirmed == "" {
				confirmed = c.ID
			}
		}
		if confirmed == "" || confirmed != want[g.Reason] {
			t.Errorf("%s: confirmed is %q", g.Reason, confirmed)
		}
		if len(g.Patterns) == 0 || g.Patterns[0].ID != patterns[g.Reason] {
			t.Errorf("%s: %v", g.Reason, g.Patterns)
		}
		delete(want, g.Reason)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	if r.Counts.Failed != 161 || r.Counts.Delayed != 50 || len(r.Plan) != 2 || r.Plan[0].Recipients != 40 {
		t.Errorf("%+v %+v", r.Counts, r.Plan)
	}
}

// morning puts the lab's files into a directory.
func morning(t *testing.T) (dir string) {
	t.Helper()
	log, bounces := lab.Morning()
	dir, _ = place(t, map[string]string{"mail.log": log, "bounces.mbox": bounces})
	return dir
}

// TestTriageIsTheSame: the figures do not depend on the number of workers, on how the input comes, or on the run.
func TestTriageIsTheSame(t *testing.T) {
	t.Parallel()
	log, _ := lab.Morning()
	first := ""
	for _, workers := range []string{"1", "2", "8", "8"} {
		var out, errs bytes.Buffer
		play(t.Context(), []string{"triage", "--no-diagnose", "--workers", workers, "--format", "json", "-"},
			strings.NewReader(log), &out, &errs, noEnv)
		if first == "" {
			first = out.String()
		}
		if out.String() != first || out.Len() < 100 {
			t.Errorf("%s workers: %d octets, with one %d\n%s", workers, out.Len(), len(first), errs.String())
		}
	}
}

// TestTriageInputs: a file, a packed file, standard input and a directory tell the same.
func TestTriageInputs(t *testing.T) {
	t.Parallel()
	dir := morning(t)
	log, bounces := lab.Morning()
	whole := triaged(t, app.ExitWrong, "", "triage", "--no-diagnose", filepath.Join(dir, "mail.log"), filepath.Join(dir, "bounces.mbox"))
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write([]byte(log))
	if err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	other, _ := place(t, map[string]string{"mail.log.gz": packed.String(), "bounces.mbox": bounces})
	for name, got := range map[string]triageRead{
		"directory": triaged(t, app.ExitWrong, "", "triage", "--no-diagnose", dir),
		"gz":        triaged(t, app.ExitWrong, "", "triage", "--no-diagnose", other),
		"stdin":     triaged(t, app.ExitWrong, log, "triage", "--no-diagnose", "-", filepath.Join(dir, "bounces.mbox")),
	} {
		if got.Counts != whole.Counts || len(got.Groups) != len(whole.Groups) || len(got.Inputs) != 2 {
			t.Errorf("%s: %+v, not %+v", name, got.Counts, whole.Counts)
		}
	}
}

func TestTriageFilters(t *testing.T) {
	t.Parallel()
	dir := morning(t)
	log := filepath.Join(dir, "mail.log")
	for _, tt := range []struct {
		args      []string
		events    int64
		delivered int64
	}{
		{[]string{"--provider", "gmail"}, 300, 179},
		{[]string{"--provider", "-"}, 392, 342},
		{[]string{"--reason", "authentication"}, 121, 0},
		{[]string{"--reason", "rate_limited,authentication"}, 171, 0},
		{[]string{"--plan", "mend"}, 121, 0},
		{[]string{"--from", "news@healthy.test"}, 392, 342},
		{[]string{"--from", "spf-ip.test"}, 300, 179},
		{[]string{"--to", "user7@takes.test"}, 1, 1},
		{[]string{"--to", "r450.test"}, 92, 42},
		{[]string{"--since", "2026-11-24T09:00:00+09:00", "--provider", "gmail"}, 151, 30},
		{[]string{"--until", "2026-11-24T09:00:00+09:00", "--provider", "gmail"}, 149, 149},
	} {
		want := app.ExitWrong
		if tt.events == tt.delivered {
			want = app.ExitOK
		}
		r := triaged(t, want, "", append([]string{"triage", "--no-diagnose", log}, tt.args...)...)
		if r.Counts.Events != tt.events || r.Counts.Delivered != tt.delivered {
			t.Errorf("%q: %+v", tt.args, r.Counts)
		}
	}
	for _, by := range []string{"provider", "reason", "domain", "sender", "ip", "hour"} {
		r := triaged(t, app.ExitWrong, "", "triage", "--no-diagnose", dir, "--by", by)
		if r.By != by || len(r.Groups) == 0 {
			t.Errorf("by %s: %d groups by %s", by, len(r.Groups), r.By)
		}
	}
	for _, wrong := range [][]string{{"--provider", "nobody"}, {"--reason", "nothing"}, {"--by", "x"}, {"--plan", "x"}, {"--follow", dir}} {
		var out, errs bytes.Buffer
		if s := play(t.Context(), append([]string{"triage", dir}, wrong...), nil, &out, &errs, noEnv); s != app.ExitUsage || out.Len() > 0 {
			t.Errorf("%q: exit %d %s", wrong, s, out.String())
		}
	}
}

// TestTriageUnread: what cannot be read, and what is not recognised, is told and gives 3; the rest is counted.
func TestTriageUnread(t *testing.T) {
	t.Parallel()
	dir := morning(t)
	log := filepath.Join(dir, "mail.log")
	r := triaged(t, app.ExitUnknown, "", "triage", "--no-diagnose", log, filepath.Join(dir, "missing.log"))
	if r.Counts.Failed != 121 || len(r.Inputs) != 2 {
		t.Errorf("%+v %+v", r.Counts, r.Inputs)
	}
	r = triaged(t, app.ExitUnknown, "shopping list\nmilk\n", "triage", "--no-diagnose", "-")
	if r.Counts.Events != 0 {
		t.Errorf("%+v", r.Counts)
	}
	var out, errs bytes.Buffer
	play(t.Context(), []string{"triage", "--no-diagnose", "-"}, strings.NewReader("shopping list\nmilk\n"), &out, &errs, noEnv)
	if strings.Contains(out.String(), "0 of") || !strings.Contains(errs.String(), "recognised") {
		t.Errorf("%s%s", out.String(), errs.String())
	}
	triaged(t, app.ExitUnknown, "", "triage", "--no-diagnose", "-")
	healthy := "2026-11-24T08:00:00+00:00 out postfix/smtp[1]: 4D10A7C3E9: to=<a@b.test>, relay=mx.b.test[192.0.2.9]:25, delay=1, " +
		"delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"
	triaged(t, app.ExitOK, healthy, "triage", "--no-diagnose", "-")
}

// TestTriageEvents: one row an event, in all formats, and nothing that a terminal or a spreadsheet would obey.
func TestTriageEvents(t *testing.T) {
	t.Parallel()
	evil := "2026-11-24T08:00:00+00:00 out postfix/smtp[1]: 4D10A7C3E9: to=<=cmd|x@b.test>, relay=mx.b.test[192.0.2.9]:25, delay=1, " +
		"delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.b.test[192.0.2.9] said: 550 5.1.1 \x1b[31mno\x07 \u202e such " +
		"user (in reply to RCPT TO command))\n"
	for _, format := range []string{"ndjson", "json", "csv"} {
		var out, errs bytes.Buffer
		status := play(t.Context(), []string{"triage", "--events", "--format", format, "-"}, strings.NewReader(evil), &out, &errs, noEnv)
		if status != app.ExitWrong || strings.ContainsAny(out.String(), "\x1b\x07\u202e") {
			t.Errorf("%s: exit %d\n%q", format, status, out.String())
		}
		if format != "csv" {
			continue
		}
		rows, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(rows) != 2 || !strings.HasPrefix(rows[1][5], "'=") {
			t.Errorf("%v %q", err, rows)
		}
	}
	for _, format := range []string{"text", "markdown", "csv"} {
		var out, errs bytes.Buffer
		play(t.Context(), []string{"triage", "--no-diagnose", "--format", format, "-"}, strings.NewReader(evil), &out, &errs, noEnv)
		if strings.ContainsAny(out.String(), "\x1b\x07\u202e") || out.Len() == 0 {
			t.Errorf("%s: %q", format, out.String())
		}
	}
	dir := morning(t)
	var out, errs bytes.Buffer
	play(t.Context(), []string{"triage", dir, "--events", "--plan", "suppress", "--format", "csv"}, nil, &out, &errs, noEnv)
	if rows, err := csv.NewReader(&out).ReadAll(); err != nil || len(rows) != 41 {
		t.Errorf("%v, %d rows", err, len(rows))
	}
}

// endless is a log that has no end: its reader waits behind it.
type endless struct {
	text io.Reader
	ctx  context.Context
	read func()
}

func (e *endless) Read(b []byte) (int, error) {
	if n, err := e.text.Read(b); err == nil {
		return n, nil
	}
	e.read()
	<-e.ctx.Done()
	return 0, e.ctx.Err()
}

// TestTriageInterrupted: what was read is shown, and told to be incomplete.
func TestTriageInterrupted(t *testing.T) {
	t.Parallel()
	log, _ := lab.Morning()
	short := log[strings.LastIndexByte(log[:len(log)-20_000], '\n')+1:] // its format is looked for while more may come
	for _, text := range []string{log, short} {
		ctx, cancel := context.WithCancelCause(t.Context())
		in := &endless{strings.NewReader(text), ctx, func() {
			time.AfterFunc(100*time.Millisecond, func() { cancel(app.ErrInterrupted) })
		}}
		var out, errs bytes.Buffer
		status := play(ctx, []string{"triage", "--no-diagnose", "--format", "json", "-"}, in, &out, &errs, noEnv)
		var r triageRead
		if err := json.Unmarshal(out.Bytes(), &r); err != nil || status != app.ExitInterrupted || !r.Incomplete || r.Counts.Failed == 0 {
			t.Errorf("exit %d, %v, %+v\n%s", status, err, r.Counts, errs.String())
		}
	}
}

// TestTriageFollows reads on in a log that grows, is rotated and is emptied.
func TestTriageFollows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	name, out := filepath.Join(dir, "mail.log"), filepath.Join(dir, "out.ndjson")
	kept := filepath.Join(dir, "watch.db")
	n := 0
	line := func() string {
		n++
		at := fmt.Sprintf("2026-11-24T08:%02d:00+00:00 out postfix/", n%60)
		return fmt.Sprintf("%sqmgr[1]: 4D10A%05d: from=<news@a.test>, size=1, nrcpt=1 (queue active)\n%ssmtp[1]: 4D10A%05d: to=<u%d@b.test>, "+
			"relay=mx.b.test[192.0.2.9]:25, delay=1, "+
			"delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok)\n", at, n, at, n, n)
	}
	write := func(text string, flags int) {
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|flags, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString(text); err != nil || f.Close() != nil {
			t.Fatal(err)
		}
	}
	write(line()+line(), os.O_APPEND)
	ctx, cancel := context.WithCancelCause(t.Context())
	done := make(chan app.ExitStatus)
	var errs bytes.Buffer
	sink, err := os.Create(out)
	if err != nil {
		t.Fatal(err)
	}
	defer sink.Close()
	go func() {
		done <- play(ctx, []string{"triage", "--follow", "--events", "--store", kept, name}, nil, sink, &errs, noEnv)
	}()
	wait := func(rows int) {
		t.Helper()
		for range 400 {
			if data, _ := os.ReadFile(out); bytes.Count(data, []byte("\n")) >= rows {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
		data, _ := os.ReadFile(out)
		t.Fatalf("%d rows, not %d\n%s", bytes.Count(data, []byte("\n")), rows, errs.String())
	}
	wait(2)
	write(line(), os.O_APPEND)
	wait(3)
	if err := os.Rename(name, name+".1"); err != nil {
		t.Fatal(err)
	}
	write(line()+line()+line()+line(), os.O_APPEND)
	wait(7)
	write(line(), os.O_TRUNC)
	wait(8)
	cancel(app.ErrInterrupted)
	if status := <-done; status != app.ExitInterrupted {
		t.Errorf("exit %d\n%s", status, errs.String())
	}
	data, _ := os.ReadFile(out)
	for i := 1; i <= n; i++ {
		if c := bytes.Count(data, []byte(`"u`+strconv.Itoa(i)+`@b.test"`)); c != 1 {
			t.Errorf("mail %d is there %d times", i, c)
		}
	}
	// The files that are left are read again, one by one: each counted once. The first lines of the second file are gone.
	for _, file := range []string{name + ".1", name} {
		if _, _, errs := typed(t, nil, "triage --no-diagnose --store "+kept+" "+file); errs != "" {
			t.Error(errs)
		}
	}
	s, err := store.Open(t.Context(), kept, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	list, _, err := s.Tally(t.Context(), "a.test", time.Time{}, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	if err != nil || len(list) != 1 || list[0].Count != int64(n) || list[0].Reason != "delivered" {
		t.Errorf("%d mails, kept: %+v, %v", n, list, err)
	}
}
