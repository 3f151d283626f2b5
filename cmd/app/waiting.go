package app

import (
	"sync"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// ShowWaiting shows on the terminal how many seconds a check has been running, from the first second on. stop removes
// the line; it may be called several times.
func (a *App) ShowWaiting() (stop func()) {
	if _, tty := a.Stderr.Terminal(); !tty {
		return func() {}
	}
	return a.countSeconds(time.NewTicker(time.Second))
}

// countSeconds replaces the line at each tick.
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
