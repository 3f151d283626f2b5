package app

import (
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// locked is an output that a test may read while it is written.
type locked struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestWaitingIsShownAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	var out locked
	a := &App{Stderr: page.To(&out), Lang: codes.Japanese}
	a.ShowWaiting()() // not a terminal: silent
	if out.String() != "" {
		t.Errorf("%q", out.String())
	}
	stop := a.countSeconds(time.NewTicker(time.Millisecond))
	for end := time.Now().Add(20 * time.Second); !strings.Contains(out.String(), "確認中: 2秒"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("nothing is shown")
		}
	}
	stop()
	stop()
	if s := out.String(); !strings.HasSuffix(s, "\r\x1b[K") {
		t.Errorf("a trace is left: %q", s)
	}
}
