package check

import (
	"fmt"
	"sync"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// progress counts targets on a line of standard error, from the first second
// on and only where nothing else is written to the terminal.
type progress struct {
	app     *app.App
	mu      sync.Mutex
	visible bool
	shown   bool
	done    int
	start   time.Time
	last    time.Time
}

func newProgress(a *app.App, out *page.Out, many bool) *progress {
	_, watching := a.Stderr.Terminal()
	_, mixed := out.Terminal()
	now := a.Now()
	return &progress{app: a, visible: many && watching && !mixed, start: now, last: now.Add(800 * time.Millisecond)}
}

// count tells that one more target is done.
func (p *progress) count() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
	if !p.visible {
		return
	}
	now := p.app.Now()
	if now.Sub(p.last) < 200*time.Millisecond {
		return
	}
	p.last, p.shown = now, true
	rate := float64(p.done) / now.Sub(p.start).Seconds()
	line := codes.Say(codes.Text{EN: "{n} domains checked, {rate} a second", JA: "{n}件を検査しました(毎秒{rate}件)"}, codes.Num("n", p.done), codes.Str("rate", fmt.Sprintf("%.0f", rate)))
	p.app.Stderr.Status(page.Message(line, p.app.Lang))
}

// clearWhile removes the line and runs print before it can come back.
func (p *progress) clearWhile(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		p.app.Stderr.ClearStatus()
		p.shown = false
	}
	print()
}

// end takes the line away and tells how many targets there were.
func (p *progress) end() int {
	p.clearWhile(func() {})
	return p.done
}
