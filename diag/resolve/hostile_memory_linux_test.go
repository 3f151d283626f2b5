package resolve

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestHostileMemory runs the program against every kind; with TODOKU_FULL=1 only.
func TestHostileMemory(t *testing.T) {
	t.Parallel()
	if os.Getenv("TODOKU_FULL") == "" {
		t.Skip("TODOKU_FULL=1 runs it")
	}
	program := filepath.Join(t.TempDir(), "todoku")
	if out, err := exec.Command("go", "build", "-o", program, "../../cmd/todoku").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	most := int64(0)
	for _, h := range hostileAnswers() {
		addr := hostileServer(t, h)
		for _, spec := range []string{addr, "tcp://" + addr} {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			c := exec.CommandContext(ctx, program, "check", "domain", "a.test", "--resolver", spec, "--timeout", "1s", "--format", "json")
			out, _ := c.CombinedOutput()
			usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
			if status := c.ProcessState.ExitCode(); status != 0 && status != 1 && status != 3 || ctx.Err() != nil {
				t.Errorf("%s %s: exit %d: %.300s", h.what, spec, status, out)
			}
			if ok {
				most = max(most, usage.Maxrss)
				if usage.Maxrss > 140<<10 {
					t.Errorf("%s %s: %d KiB", h.what, spec, usage.Maxrss)
				}
			}
			cancel()
		}
	}
	t.Logf("%d kinds, at most %d KiB", len(hostileAnswers()), most)
}
