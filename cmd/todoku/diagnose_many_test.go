package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/sender/history"
)

// TestDiagnoseCountsEveryFile: a directory of any size is counted whole (29), and
// what is no file in it is told.
func TestDiagnoseCountsEveryFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const files = 10_050
	for i := range files {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%05d.txt", i)), []byte("40000"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "cur"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, out, errs := typed(t, nil, "--lab diagnose "+dir)
	if !strings.Contains(out, fmt.Sprintf("%d × no cause confirmed", files)) || !strings.Contains(errs, "not looked into: 1") {
		t.Errorf("%s%s", out, errs)
	}
}

// TestDiagnoseCountsTheWholeHistory: --result has no bound of its own (19).
func TestDiagnoseCountsTheWholeHistory(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "history.db")
	s, err := history.OpenWith(t.Context(), file, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 120 {
		id := fmt.Sprint(i)
		if err := s.Begin(t.Context(), history.Sending{ID: id, Sender: "news@healthy.test", Recipient: "nobody@takes.test"}); err != nil {
			t.Fatal(err)
		}
		if err := s.Finish(t.Context(), id, history.Outcome{Result: history.Failed, Code: "42550", Reply: "550 5.1.1 User unknown"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, out, errs := typed(t, nil, "--lab diagnose --result error --history-file "+file)
	if !strings.Contains(out, "120 × address wrong") || !strings.Contains(out, "and 115 more") {
		t.Errorf("%s%s", out, errs)
	}
	_, out, errs = typed(t, nil, "--lab diagnose --format ndjson --result error --history-file "+file)
	if n := strings.Count(out, "\n"); n != 120 {
		t.Errorf("%d lines: %s", n, errs)
	}
}

// TestDiagnosePassesOver: what cannot be read, is too large or is no text is told
// by name and number; the others are looked at (18).
func TestDiagnosePassesOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.txt", "550 5.1.1 <nobody@takes.test>: User unknown")
	write("b.bin", strings.Repeat("\x00", 1000))
	write("c.eml", "")
	if err := os.Truncate(filepath.Join(dir, "c.eml"), app.MaxInput+1); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "nothing"), filepath.Join(dir, "d.eml")); err != nil {
		t.Fatal(err)
	}
	for lang, want := range map[string][]string{
		"en": {"b.bin: passed over", "no text", "c.eml: passed over", "16 MiB", "d.eml: passed over", "were passed over: 3; read: 1"},
		"ja": {"b.bin: 読めない", "テキストではありません", "c.eml: 読めない", "16 MiB",
			"d.eml: 読めない", "とばした入力: 3件、読み取った入力: 1件"},
	} {
		status, out, errs := typed(t, nil, "--lab --lang "+lang+" diagnose "+dir)
		if status != app.ExitUnknown || !strings.HasPrefix(out, "1") {
			t.Errorf("%s: exit %d: %s", lang, status, out)
		}
		for _, w := range want {
			if !strings.Contains(errs, w) {
				t.Errorf("%s: %q is missing: %s", lang, w, errs)
			}
		}
	}
}

// TestDiagnoseLooksThroughALongText: the error may stand anywhere in a file, also
// across the border of two parts; a reply at its head counts before others.
func TestDiagnoseLooksThroughALongText(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.DiagnosisSchemaName)
	file := filepath.Join(t.TempDir(), "mail.log")
	line := "Nov 26 10:00:00 mail postfix/qmgr[12345]: 3F2A1B: from=<a@healthy.test>, size=10, nrcpt=1 (queue active)\n"
	bounced := "Nov 26 10:00:00 mail postfix/smtp[12345]: 3F2A1B: to=<nobody@takes.test>, " +
		"relay=mx.takes.test[192.0.2.100]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host " +
		"mx.takes.test[192.0.2.100] said: 550 5.1.1 <nobody@takes.test>: User unknown (in reply to RCPT TO command))\n"
	for name, lines := range map[string]int{"at the head": 0, "behind the first part": 700, "behind the first MiB": 15_000} {
		for _, shift := range []int{0, 120} { // one of them may stand across a border
			text := strings.Repeat(" ", shift) + strings.Repeat(line, lines) + bounced + strings.Repeat(line, 700)
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			d, _ := diagnoseLine(t, schema, "", "--lab", "diagnose", file)
			if d.DeliveryCode != "42550" || d.status("address-wrong") != "confirmed" {
				t.Errorf("%s: %s: %s", name, d.DeliveryCode, d.Answer)
			}
		}
	}
}

// TestDiagnoseDeadline: what is open when the deadline comes is told as not looked
// at, in text and JSON, for one mail and for many (L13).
func TestDiagnoseDeadline(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.DiagnosisSchemaName)
	dir := t.TempDir()
	for i := range 3 {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), []byte("550 5.1.1 <user@takes.test>: User unknown"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	world := []string{"--resolver", silence(t, func() {}), "--deadline", "1s", "--no-smtp"}
	for lang, want := range map[string][4]string{
		"en": {"The deadline came", "not looked at: the deadline came", "3 × not looked at to the end", "(0 done)"},
		"ja": {"期限が来ました", "期限が来たため、確認していません", "3件: 期限が来たため", "0件は完了"},
	} {
		one := append([]string{"--lang", lang, "diagnose", "550 5.1.1 unknown", "--to", "user@takes.test"}, world...)
		status, out, errs := typed(t, nil, "", one...)
		if status != app.ExitUnknown || !strings.Contains(out, want[0]) || !strings.Contains(out, want[1]) || !strings.Contains(errs, "1s") {
			t.Errorf("%s: exit %d: %s%s", lang, status, out, errs)
		}
		status, out, errs = typed(t, nil, "", append([]string{"--lang", lang, "diagnose", dir}, world...)...)
		if status != app.ExitUnknown || !strings.Contains(out, want[2]) || !strings.Contains(errs, want[3]) {
			t.Errorf("%s: exit %d: %s%s", lang, status, out, errs)
		}
		d, status := diagnoseLine(t, schema, "", one...)
		if status != app.ExitUnknown || d.status("address-wrong") != "open" || len(d.confirmed()) > 0 {
			t.Errorf("%s: exit %d: %s", lang, status, d.Answer)
		}
	}
}

// interrupter ends a run at its first output.
type interrupter struct {
	bytes.Buffer
	cancel context.CancelCauseFunc
}

func (w *interrupter) Write(b []byte) (int, error) {
	w.cancel(app.ErrInterrupted)
	return w.Buffer.Write(b)
}

// TestDiagnoseInterrupted: Ctrl-C leaves a whole document of what was done, and
// what was under way is open (L13).
func TestDiagnoseInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, to := range map[string]string{"a": "nobody@takes.test", "b": "user@slow.test", "c": "user@slow.test"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("550 5.1.1 <"+to+">: User unknown"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	out := &interrupter{cancel: cancel}
	var errs bytes.Buffer
	status := play(ctx, []string{"--lab", "diagnose", dir, "--format", "json"}, strings.NewReader(""), out, &errs, noEnv)
	var all []diagnosed
	if err := json.Unmarshal(out.Bytes(), &all); err != nil || status != app.ExitInterrupted {
		t.Fatalf("exit %d, %v: %s%s", status, err, out, errs.String())
	}
	if len(all) == 0 || all[0].status("address-wrong") != "confirmed" {
		t.Fatalf("%+v", all)
	}
	for _, d := range all[1:] {
		if d.status("address-wrong") != "open" || !strings.Contains(d.Answer, "Interrupted") {
			t.Errorf("%s", d.Answer)
		}
	}
	if !errors.Is(context.Cause(ctx), app.ErrInterrupted) || !strings.Contains(errs.String(), "interrupted") {
		t.Error(errs.String())
	}
}
