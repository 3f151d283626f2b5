package check

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// A list that waits for a silent domain shows for how long, though no report comes; it leaves no trace.
func TestProgressBeginsAfterASecondAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		a := &app.App{Stderr: page.To(&out), Lang: codes.English, Now: time.Now}
		p := newProgress(a, true) // no terminal
		p.showAtEach(time.NewTicker(time.Second))
		p.count()
		p.count()
		time.Sleep(900 * time.Millisecond)
		if out.Len() > 0 {
			t.Errorf("a short run shows %q", &out)
		}
		time.Sleep(1500 * time.Millisecond)
		if !strings.HasSuffix(out.String(), "\r\x1b[Kchecked: 2 (1 a second); looking for 2 s (Ctrl-C ends it)") {
			t.Errorf("after two seconds: %q", &out)
		}
		p.clearWhile(func() { out.WriteString("a report\n") })
		p.count()
		if n := p.end(); n != 3 || !strings.HasSuffix(out.String(), "\r\x1b[Ka report\n") {
			t.Errorf("%d: %q", n, &out)
		}
	})
}
