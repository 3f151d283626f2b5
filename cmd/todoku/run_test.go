package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd"
	"todoku/cmd/app"
)

// silence is a DNS server that hears and never answers; heard is called at the
// first question.
func silence(t *testing.T, heard func()) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buf := make([]byte, 512)
		if _, _, err := conn.ReadFrom(buf); err == nil {
			heard()
		}
	}()
	return conn.LocalAddr().String()
}

func TestInterruptEndsARunWithWhatIsDone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		args  []string
		valid func(v any) bool
	}{
		{"one", []string{"one.test"}, func(v any) bool { m, ok := v.(map[string]any); return ok && m["status"] == "unknown" }},
		{"several", []string{"one.test", "two.test"}, func(v any) bool { list, ok := v.([]any); return ok && len(list) == 0 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancelCause(t.Context())
			server := silence(t, func() { cancel(app.ErrInterrupted) })
			out := filepath.Join(t.TempDir(), "out.json")
			args := append([]string{"check", "domain", "--resolver", server, "--timeout", "60s", "--format", "json", "-o", out}, tt.args...)
			var stdout, stderr bytes.Buffer
			if got := cmd.Run(ctx, args, strings.NewReader(""), &stdout, &stderr, noEnv); got != app.ExitInterrupted {
				t.Errorf("exit %d, want %d: %s", got, app.ExitInterrupted, &stderr)
			}
			raw, err := os.ReadFile(out)
			var v any
			if err != nil || json.Unmarshal(raw, &v) != nil || !tt.valid(v) {
				t.Errorf("output: %v: %s", err, raw)
			}
			if !strings.Contains(stderr.String(), "interrupted") {
				t.Errorf("standard error says %q", &stderr)
			}
		})
	}
}

func TestDeadlineEndsARunWithWhatIsDone(t *testing.T) {
	t.Parallel()
	server := silence(t, func() {})
	args := []string{"check", "domain", "--resolver", server, "--timeout", "60s", "--deadline", "1s", "--format", "json", "one.test"}
	var stdout, stderr bytes.Buffer
	if got := cmd.Run(t.Context(), args, strings.NewReader(""), &stdout, &stderr, noEnv); got != app.ExitUnknown {
		t.Errorf("exit %d, want %d: %s", got, app.ExitUnknown, &stderr)
	}
	var report struct{ Status string }
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil || report.Status != "unknown" {
		t.Errorf("%v: %s", err, &stdout)
	}
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestOutputThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	zone := filepath.Join(t.TempDir(), "zone")
	if err := os.WriteFile(zone, []byte("a.test. 300 IN TXT \"v=spf1 -all\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, format := range []string{"text", "json", "ndjson"} {
		var stderr bytes.Buffer
		args := []string{"check", "domain", "a.test", "--zone", zone, "--offline", "--only", "spf", "--format", format}
		got := cmd.Run(t.Context(), args, strings.NewReader(""), full{}, &stderr, noEnv)
		if got != app.ExitUnknown || !strings.Contains(stderr.String(), "no space left") {
			t.Errorf("%s: exit %d, %q", format, got, &stderr)
		}
	}
}
