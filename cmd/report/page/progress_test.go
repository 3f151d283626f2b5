package page

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

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

// A list that waits for a silent domain shows for how long, though no report comes; it leaves no trace.
func TestProgressBeginsAfterASecondAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out locked
		o := To(&out)
		p := o.showAtEach(time.NewTicker(time.Second), codes.English, func(took time.Duration) codes.Message {
			return codes.Say(codes.Text{EN: "for {s} s", JA: "{s}秒"}, codes.Num("s", int(took.Seconds())))
		})
		time.Sleep(900 * time.Millisecond)
		if out.String() != "" {
			t.Errorf("a short run shows %q", out.String())
		}
		time.Sleep(1500 * time.Millisecond)
		if !strings.HasSuffix(out.String(), "\r\x1b[Kfor 2 s") {
			t.Errorf("after two seconds: %q", out.String())
		}
		p.ClearWhile(func() { _, _ = out.Write([]byte("a report\n")) })
		p.Stop()
		p.Stop()
		if !strings.HasSuffix(out.String(), "\r\x1b[Ka report\n") {
			t.Errorf("%q", out.String())
		}
	})
}

// What is said takes the place of the line, and stands.
func TestWhatIsSaidStandsAboveProgress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out locked
		o := To(&out)
		p := o.showAtEach(time.NewTicker(time.Second), codes.English, func(time.Duration) codes.Message {
			return codes.Say(codes.Text{EN: "going on", JA: "継続中"})
		})
		time.Sleep(1500 * time.Millisecond)
		o.Say("fail: a.test")
		p.Stop()
		if got := out.String(); got != "\r\x1b[Kgoing on\r\x1b[Kfail: a.test\n" {
			t.Errorf("%q", got)
		}
	})
}

func TestProgressIsTakenAwayAtItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out locked
		o := To(&out)
		p := o.showAtEach(time.NewTicker(time.Second), codes.English, func(time.Duration) codes.Message {
			return codes.Say(codes.Text{EN: "going on", JA: "継続中"})
		})
		time.Sleep(2500 * time.Millisecond)
		p.Stop()
		if s := out.String(); strings.Count(s, "going on") != 2 || !strings.HasSuffix(s, "going on\r\x1b[K") {
			t.Errorf("%q", s)
		}
	})
}
