package check

import (
	"strings"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

func TestProgressBeginsAfterASecondAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	now := time.Unix(0, 0)
	a := &app.App{Stderr: page.To(&out), Lang: codes.English, Now: func() time.Time { return now }}
	p := newProgress(a, a.Stderr, true)
	p.visible = true // as on a terminal
	p.count()
	if out.Len() > 0 {
		t.Errorf("a run of no time shows %q", &out)
	}
	now = now.Add(2 * time.Second)
	p.count()
	if !strings.Contains(out.String(), "2 domains checked, 1 a second") {
		t.Errorf("after two seconds: %q", &out)
	}
	before := out.Len()
	now = now.Add(10 * time.Millisecond)
	p.count()
	if out.Len() != before {
		t.Errorf("shown again after 10 ms: %q", &out)
	}
	p.clearWhile(func() { out.WriteString("todoku: list:3: …\n") })
	if n := p.end(); n != 3 || !strings.HasSuffix(out.String(), "\r\x1b[Ktodoku: list:3: …\n") {
		t.Errorf("%d: %q", n, &out)
	}
}
