package history_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"todoku/sender/history"
)

// TestWhatADeadProcessHadIsFree: on the same machine nobody waits for the lease
// of a process that is gone, and nobody takes from one that lives.
func TestWhatADeadProcessHadIsFree(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("only Linux tells which processes there are")
	}
	if path := os.Getenv("HISTORY_OF_THE_DEAD"); path != "" {
		s := open(t, path, history.Options{})
		for _, id := range []string{"queued", "session"} {
			must(t, s.Begin(t.Context(), history.Sending{ID: id, Recipient: id + "@x.test"}))
		}
		must(t, s.Progress(t.Context(), "session", history.Step{Phase: history.InSession}))
		_, _ = os.Stdout.WriteString("\nready\n")
		time.Sleep(time.Minute) // until it is killed
	}
	path := filepath.Join(t.TempDir(), "history.db")
	s := open(t, path, history.Options{})
	self, err := os.Executable()
	must(t, err)
	c := exec.CommandContext(t.Context(), self, "-test.run=^TestWhatADeadProcessHadIsFree$")
	c.Env = append(os.Environ(), "HISTORY_OF_THE_DEAD="+path)
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	var said strings.Builder
	for b := make([]byte, 256); !strings.Contains(said.String(), "\nready\n"); {
		n, err := out.Read(b)
		said.Write(b[:n])
		if err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
	}
	ctx := t.Context()
	if _, err := s.Take(ctx, "queued"); err == nil {
		t.Error("what a living process works on was taken")
	}
	if x, err := s.Get(ctx, "session"); err != nil || x.OutcomeUnknown(time.Now()) {
		t.Errorf("a living process is given up: %v", err)
	}
	must(t, c.Process.Kill())
	_ = c.Wait()
	if x, err := s.Get(ctx, "session"); err != nil || !x.OutcomeUnknown(time.Now()) {
		t.Errorf("nobody will write this end down, and that is not known: %+v, %v", x, err)
	}
	if _, err := s.Take(ctx, "session"); err == nil {
		t.Error("what may have reached the server was taken")
	}
	if _, err := s.Take(ctx, "queued"); err != nil {
		t.Errorf("what nobody works on was not taken: %v", err)
	}
}
