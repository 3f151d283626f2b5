package app

import (
	"sync"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// Waiting shows on the terminal that something is still being looked at, from
// the first second on. stop takes the line away; it may be called again.
func (a *App) Waiting() (stop func()) {
	if _, tty := a.Stderr.Terminal(); !tty {
		return func() {}
	}
	return a.countSeconds(time.NewTicker(time.Second))
}

// countSeconds writes a line at each tick.
func (a *App) countSeconds(ticks *time.Ticker) (stop func()) {
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer ticks.Stop()
		for n := 1; ; n++ {
			select {
			case <-ticks.C:
				a.Stderr.Status(page.Message(codes.Say(codes.Text{EN: "looking: {n} s (Ctrl-C ends it)", JA: "確認中: {n}秒(Ctrl-Cで中断)"}, codes.Num("n", n)), a.Lang))
			case <-done:
				if n > 1 {
					a.Stderr.ClearStatus()
				}
				return
			}
		}
	})
	return sync.OnceFunc(func() { close(done); wg.Wait() })
}
