package watch

import (
	"fmt"
	"time"

	"todoku/codes"
)

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
