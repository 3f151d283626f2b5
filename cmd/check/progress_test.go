package check

import (
	"io"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

func TestProgressTellsCountRateAndTime(t *testing.T) {
	t.Parallel()
	p := newProgress(&app.App{Stderr: page.To(io.Discard), Lang: codes.English}, true)
	defer p.Stop()
	p.done.Add(2)
	if got := page.Message(p.line(2400*time.Millisecond), codes.English); got != "checked: 2 (1 a second); looking for 2 s (Ctrl-C ends it)" {
		t.Errorf("%q", got)
	}
}
