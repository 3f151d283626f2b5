package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// kept opens the history of a place as a second process would.
func kept(t *testing.T, dir string, o history.Options) *history.SQLite {
	t.Helper()
	s, err := history.OpenWith(t.Context(), filepath.Join(dir, "history.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestResendSendsTheSameMailAgain(t *testing.T) {
	t.Parallel()
	dir, env := place(t, nil)
	_, first := sendIn(t, env,
		"send --lab --to user@takes.test --from news@healthy.test --errors-to bounce@healthy.test --verp --subject hello --body hello")
	status, _, errs := typed(t, env, "send --lab --resend "+first.ID[:8])
	if status != app.ExitUsage || !strings.Contains(errs, "taken by the server already (40000)") || !strings.Contains(errs, "--yes") {
		t.Errorf("without --yes: exit %d, %s", status, errs)
	}
	status, again := sendIn(t, env, "send --lab --yes --resend "+first.ID)
	if status != app.ExitOK || again.ID == first.ID || again.MessageID != first.MessageID || again.Code != "40000" {
		t.Errorf("exit %d, %+v after %+v", status, again, first)
	}
	s := kept(t, dir, history.Options{})
	old, err1 := s.Content(t.Context(), first.ID)
	renewed, err2 := s.Content(t.Context(), again.ID)
	if err1 != nil || err2 != nil || !bytes.Equal(old, renewed) {
		t.Errorf("the mail changed: %v %v", err1, err2)
	}
	x, err := s.Get(t.Context(), again.ID)
	if want := "bounce+" + again.ID + "=user=takes.test@healthy.test"; err != nil || x.ErrorsTo != want {
		t.Errorf("envelope sender %s, want %s (%v)", x.ErrorsTo, want, err)
	}
}

// TestUnfinishedSendings: what was certainly not sent is gone on with; what may
// have been is not sent again unasked; what somebody works on is left alone.
func TestUnfinishedSendings(t *testing.T) {
	t.Parallel()
	mail := []byte("From: news@healthy.test\r\nTo: user@takes.test\r\nSubject: hello\r\nMessage-ID: " +
		"<1@healthy.test>\r\nDate: Mon, 23 Nov 2026 12:00:00 +0900\r\n\r\nhello\r\n")
	begin := func(t *testing.T, phase history.Phase) (env map[string]string, s *history.SQLite) {
		dir, env := place(t, nil)
		s = kept(t, dir, history.Options{Lease: time.Minute})
		ctx := t.Context()
		if err := s.Begin(ctx, history.Sending{ID: "left", Recipient: "user@takes.test", Sender: "news@healthy.test",
			ErrorsTo: "news@healthy.test", MessageID: "1@healthy.test", Content: mail}); err != nil {
			t.Fatal(err)
		}
		if err := s.Progress(ctx, "left", history.Step{Phase: phase}); err != nil {
			t.Fatal(err)
		}
		return env, s
	}
	t.Run("queued", func(t *testing.T) {
		t.Parallel()
		env, s := begin(t, history.Queued)
		status, _, errs := typed(t, env, "send --lab --resend left --yes")
		if status != app.ExitUsage || !strings.Contains(errs, "another process works on left") {
			t.Errorf("taken from a living process: exit %d, %s", status, errs)
		}
		s.Close() // it is gone
		_, out, _ := typed(t, env, "history show left")
		if !strings.Contains(out, "todoku send --resend left") {
			t.Errorf("show: %s", out)
		}
		status, got := sendIn(t, env, "send --lab --resend left")
		if status != app.ExitOK || got.ID != "left" || got.Code != "40000" || got.MessageID != "1@healthy.test" {
			t.Errorf("exit %d, %+v", status, got)
		}
		if status, _, errs := typed(t, env, "send --lab --resend left"); status != app.ExitUsage || !strings.Contains(errs, "already") {
			t.Errorf("twice: exit %d, %s", status, errs)
		}
	})
	t.Run("unknown", func(t *testing.T) {
		t.Parallel()
		env, s := begin(t, history.ContentSent)
		s.Close()
		_, out, _ := typed(t, env, "history list")
		_, shown, _ := typed(t, env, "history show left --lang ja")
		if !strings.Contains(out, "! ok       40001  user@takes.test") || !strings.Contains(shown, "配信された可能性があります") {
			t.Errorf("%s%s", out, shown)
		}
		if status, _, errs := typed(t, env, "send --lab --resend left"); status != app.ExitUsage ||
			!strings.Contains(errs, "left is perhaps delivered") {
			t.Errorf("exit %d, %s", status, errs)
		}
		if status, got := sendIn(t, env, "send --lab --resend left --yes"); status != app.ExitOK || got.ID == "left" ||
			got.MessageID != "1@healthy.test" {
			t.Errorf("exit %d, %+v", status, got)
		}
	})
}

// lineWatch tells of each line that is written to it.
type lineWatch struct {
	text bytes.Buffer
	line func(n int)
}

func (w *lineWatch) Write(p []byte) (int, error) {
	n, err := w.text.Write(p)
	w.line(bytes.Count(w.text.Bytes(), []byte("\n")))
	return n, err
}

func TestInterruptedListLeavesTheRestQueued(t *testing.T) {
	t.Parallel()
	dir, env := place(t, map[string]string{"list.txt": "user@takes.test\nuser@never-answers.test\nuser@backup.test\n"})
	ctx, interrupt := context.WithCancelCause(t.Context())
	out := &lineWatch{line: func(n int) {
		if n == 2 { // whoever answers has answered
			interrupt(app.ErrInterrupted)
		}
	}}
	var errs bytes.Buffer
	status := play(ctx, []string{"send", "--lab", "--recipients", filepath.Join(dir, "list.txt"), "--from",
		"news@healthy.test", "--yes", "--timeout", "10m", "--format", "ndjson"},
		strings.NewReader(""), out, &errs, writtenFor(env))
	if status != app.ExitInterrupted || strings.Count(out.text.String(), `"result":"ok"`) != 2 || strings.Count(out.text.String(), "\n") != 3 {
		t.Errorf("exit %d, %s%s", status, &out.text, &errs)
	}
	if status, rows, _ := typed(t, env, "history list --unfinished --format json"); status != app.ExitOK ||
		!strings.Contains(rows, "user@never-answers.test") || strings.Contains(rows, "backup") {
		t.Errorf("exit %d: %s", status, rows)
	}
}

// damaged is a history that cannot be read.
type damaged struct{ history.Store }

func (damaged) Get(context.Context, string) (history.Sending, error) {
	return history.Sending{}, codes.WrongAt("h.db", codes.Text{EN: "is damaged"})
}

// TestResendOfADamagedHistory: it is a usage error that nothing was sent, as for every other
// command that reads the history.
func TestResendOfADamagedHistory(t *testing.T) {
	t.Parallel()
	b := &batch.Batch{History: damaged{}, Now: time.Now}
	if err := b.Resend(t.Context(), "a"); app.ExitFor(t.Context(), err) != app.ExitUsage {
		t.Errorf("%v", err)
	}
}
