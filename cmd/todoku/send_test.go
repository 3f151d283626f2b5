package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/codes"
	"todoku/diag/lab"
)

// sent is what a script sees of a sending.
type sent struct {
	ID, Result, Reply, Host, Error, Reason string
	Code                                   string `json:"delivery_code"`
	MessageID                              string `json:"message_id"`
	Own                                    bool
	Transcript                             []struct {
		Steps []struct{ Stage, Sent string }
	}
}

// typed runs a command line and gives what came of it.
func typed(t *testing.T, env map[string]string, line string, more ...string) (status app.ExitStatus, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	args := append(strings.Fields(line), more...)
	if len(args) > 0 && args[0] == "todoku" {
		args = args[1:]
	}
	status = play(t.Context(), args, strings.NewReader(""), &out, &errs, writtenFor(env))
	return status, out.String(), errs.String()
}

// sendIn sends in the lab and gives the sending.
func sendIn(t *testing.T, env map[string]string, line string, more ...string) (app.ExitStatus, sent) {
	t.Helper()
	status, out, errs := typed(t, env, line, append(more, "--format", "json")...)
	var s sent
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%s: %v: %s %s", line, err, out, errs)
	}
	return status, s
}

// TestSendScenarios types the command of every scenario as `lab list` prints it
// and demands its delivery code, its reason, its schema and its exit status.
// Most of the time is waiting: they go side by side.
func TestSendScenarios(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.SendingSchemaName)
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	_, out, _ := process(t, "lab", "list", "--format", "json")
	type labLine struct {
		DeliveryCode string `json:"delivery_code"`
		Address      string
		Argv         []string
	}
	var listed []labLine
	if err := json.Unmarshal([]byte(out), &listed); err != nil {
		t.Fatal(err)
	}
	met := map[string]bool{}
	var wg sync.WaitGroup
	room := make(chan struct{}, 8) // more at once, and a slow machine has no time for a second try
	for _, s := range lab.SendScenarios() {
		if !slices.ContainsFunc(listed, func(l labLine) bool {
			return slices.Equal(l.Argv, s.Command.Argv()) && l.DeliveryCode == s.DeliveryCode && l.Address == s.Address
		}) {
			t.Errorf("%s is not listed", s.Name)
		}
		met[s.DeliveryCode] = true
		wg.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			scenario(t, s, schema, catalogue)
		})
	}
	wg.Wait()
	for code := range strings.FieldsSeq(`40000 40001 41605 41606 42421 42450 42451 42452 42500 42501 42502 42503 42504
		42521 42530 42550 42551 42552 42553 42554 42559`) {
		if !met[code] {
			t.Errorf("no scenario leads to %s", code)
		}
	}
}

func scenario(t *testing.T, s lab.Scenario, schema schema, catalogue *codes.Catalogue) {
	var out, errs bytes.Buffer
	line := append(s.Command.Argv()[1:], "--lang", "en", "--format", "json")
	status := play(t.Context(), line, strings.NewReader(""), &out, &errs, os.Getenv)
	var got sent
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Errorf("%s: %v: %s %s", s.Name, err, &out, &errs)
		return
	}
	if err := schema.check(out.Bytes()); err != nil {
		t.Errorf("%s: schema: %v", s.Name, err)
	}
	if s.DeliveryCode != "" && got.Code != s.DeliveryCode || !alike(catalogue, s, got.Reason) {
		t.Errorf("%s: %s %s (%s %s), want %s %s", s.Name, got.Code, got.Reason, got.Reply, got.Error, s.DeliveryCode, s.Reason)
	}
	want := map[string]app.ExitStatus{"ok": app.ExitOK, "error": app.ExitWrong}[got.Result]
	if got.Own && status == app.ExitUnknown {
		want = app.ExitUnknown
	}
	if status != want {
		t.Errorf("%s: exit %d, want %d: %s", s.Name, status, want, &errs)
	}
}

// alike reports whether a reason is the scenario's, or of its class. A refusal
// by policy after the message may be one of its content.
func alike(c *codes.Catalogue, s lab.Scenario, got string) bool {
	if s.Reason == "" || got == s.Reason || s.Name == "policy.test" && got == "content_refused" {
		return true
	}
	want, _ := c.Reason(s.Reason)
	reason, ok := c.Reason(got)
	return ok && reason.Class == want.Class
}

// place is a folder with a history, an environment that leads to it, and files.
func place(t *testing.T, files map[string]string) (dir string, env map[string]string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, map[string]string{"TODOKU_HISTORY": filepath.Join(dir, "history.db"), "HOME": dir}
}
