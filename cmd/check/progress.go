package check

import (
	"fmt"
	"sync"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// progress shows on a line of the terminal how far a list of targets is, from the first second on. Whatever else is written
// to the terminal goes through clearWhile.
type progress struct {
	app   *app.App
	mu    sync.Mutex
	shown bool
	done  int
	start time.Time
	stop  func() // ends the line; it may be called several times
}

// newProgress begins to count. Where standard error is no terminal, or the run has one target, nothing is shown.
func newProgress(a *app.App, many bool) *progress {
	p := &progress{app: a, start: a.Now(), stop: func() {}}
	if _, watching := a.Stderr.Terminal(); many && watching {
		p.showAtEach(time.NewTicker(time.Second))
	}
	return p
}

// showAtEach replaces the line at each tick until stop is called.
func (p *progress) showAtEach(ticks *time.Ticker) {
	ended := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				p.show()
			case <-ended:
				return
			}
		}
	})
	p.stop = sync.OnceFunc(func() { close(ended); wg.Wait() })
}

// count tells that one more target is done.
func (p *progress) count() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done++
}

// show writes the line: how many targets are done, how fast, and for how long the run has been going on.
func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	took := p.app.Now().Sub(p.start)
	p.shown = true
	line := codes.Say(codes.Text{EN: "checked: {n} ({rate} a second); looking for {s} s (Ctrl-C ends it)", JA: "検査済み: {n}件(毎秒{rate}件)、経過{s}秒(Ctrl-Cで中断)"},
		codes.Num("n", p.done), codes.Str("rate", fmt.Sprintf("%.0f", float64(p.done)/max(took.Seconds(), 1))),
		codes.Num("s", int(took.Seconds())))
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
	p.stop()
	p.clearWhile(func() {})
	return p.done
}
