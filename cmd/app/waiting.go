package app

import (
	"time"

	"todoku/codes"
)

// ShowWaiting shows on the terminal how many seconds a check has been running, from the first second on. stop removes
// the line; it may be called several times.
func (a *App) ShowWaiting() (stop func()) { return a.Stderr.ShowProgress(a.Lang, waited()).Stop }

// waited is a line that counts the seconds: it is asked for once in each.
func waited() func(time.Duration) codes.Message {
	n := 0
	return func(time.Duration) codes.Message {
		n++
		return codes.Say(codes.Text{EN: "looking: {n} s (Ctrl-C ends it)", JA: "確認中: {n}秒(Ctrl-Cで中断)"}, codes.Num("n", n))
	}
}
