package watch

import (
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// showProgress shows on a line of the terminal how far a round is, from the first second on. stop takes the line away.
func showProgress(a *app.App, done *atomic.Int64, all int64) (stop func()) {
	return showLine(a, func(took time.Duration) codes.Message { return progressLine(done.Load(), all, took) })
}

// showLine shows a line on the terminal, each second anew.
func showLine(a *app.App, line func(took time.Duration) codes.Message) (stop func()) {
	if _, watching := a.Stderr.Terminal(); !watching {
		return func() {}
	}
	start, ended := time.Now(), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		ticks := time.NewTicker(time.Second)
		defer ticks.Stop()
		shown := false
		for {
			select {
			case <-ticks.C:
				shown = true
				a.Stderr.Status(page.Message(line(time.Since(start)), a.Lang))
			case <-ended:
				if shown {
					a.Stderr.ClearStatus()
				}
				return
			}
		}
	})
	return sync.OnceFunc(func() { close(ended); wg.Wait() })
}

// progressLine says how many domains are done, how fast, and how long the rest takes.
func progressLine(done, all int64, took time.Duration) codes.Message {
	rate := float64(done) / max(took.Seconds(), 1)
	rest := "–"
	if rate > 0 {
		rest = (time.Duration(float64(all-done)/rate) * time.Second).Round(time.Second).String()
	}
	return codes.Say(codes.Text{EN: "looked at: {n} of {all} ({rate} a second), rest {rest} (Ctrl-C ends it)", JA: "確認済み: {all}件のうち{n}件(毎秒{rate}件)、残り{rest}(Ctrl-Cで中断)"},
		codes.Num("n", int(done)), codes.Num("all", int(all)), codes.Str("rate", fmt.Sprintf("%.0f", rate)), codes.Str("rest", rest))
}
