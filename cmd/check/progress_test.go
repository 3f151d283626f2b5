package check

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// screen is what two goroutines write to and read.
type screen struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// A list that waits for a silent domain shows for how long, though no report comes; it leaves no trace.
func TestProgressBeginsAfterASecondAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out screen
		a := &app.App{Stderr: page.To(&out), Lang: codes.English, Now: time.Now}
		p := newProgress(a, true) // no terminal
		p.showAtEach(time.NewTicker(time.Second))
		p.count()
		p.count()
		time.Sleep(900 * time.Millisecond)
		if out.String() != "" {
			t.Errorf("a short run shows %q", out.String())
		}
		time.Sleep(1500 * time.Millisecond)
		if !strings.HasSuffix(out.String(), "\r\x1b[Kchecked: 2 (1 a second); looking for 2 s (Ctrl-C ends it)") {
			t.Errorf("after two seconds: %q", out.String())
		}
		p.clearWhile(func() { _, _ = out.Write([]byte("a report\n")) })
		p.count()
		if n := p.end(); n != 3 || !strings.HasSuffix(out.String(), "\r\x1b[Ka report\n") {
			t.Errorf("%d: %q", n, out.String())
		}
	})
}
