package check

import (
	"fmt"
	"sync/atomic"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// progress tells on the terminal how far a list of targets is.
type progress struct {
	*page.Progress
	done atomic.Int64
}

// newProgress begins to count. Where the run has one target, nothing is shown.
func newProgress(a *app.App, many bool) *progress {
	p := &progress{}
	if many {
		p.Progress = a.Stderr.ShowProgress(a.Lang, p.line)
	}
	return p
}

// line says how many targets are done, how fast, and for how long the run has been going on.
func (p *progress) line(took time.Duration) codes.Message {
	n := p.done.Load()
	return codes.Say(codes.Text{EN: "checked: {n} ({rate} a second); looking for {s} s (Ctrl-C ends it)", JA: "検査済み: {n}件(毎秒{rate}件)、経過{s}秒(Ctrl-Cで中断)"},
		codes.Num("n", int(n)), codes.Str("rate", fmt.Sprintf("%.0f", float64(n)/max(took.Seconds(), 1))),
		codes.Num("s", int(took.Seconds())))
}
