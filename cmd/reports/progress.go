package reports

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// progress shows on a line of the terminal how far the reading is, from the first second on.
type progress struct {
	app     *app.App
	octets  atomic.Int64
	reports atomic.Int64
	mu      sync.Mutex
	shown   bool
}

// start begins to show; stop ends it. Where standard error is no terminal nothing is shown.
func (p *progress) start() (stop func()) {
	if _, watching := p.app.Stderr.Terminal(); !watching {
		return func() {}
	}
	ticks, done := time.NewTicker(time.Second), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				p.show()
			case <-done:
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		close(done)
		wg.Wait()
		p.clearWhile(func() {})
	})
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	p.app.Stderr.Status(page.Message(codes.Say(codes.Text{EN: "read: {read} MB, {reports} reports (Ctrl-C ends it)",
		JA: "読み取り済み: {read} MB、レポート{reports}件(Ctrl-Cで中断)"},
		codes.Str("read", fmt.Sprintf("%.1f", float64(p.octets.Load())/1e6)), codes.Num("reports", int(p.reports.Load()))), p.app.Lang))
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
