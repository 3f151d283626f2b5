package reports

import (
	"fmt"
	"sync/atomic"
	"time"

	"todoku/codes"
)

// progress counts how far the reading is.
type progress struct {
	octets  atomic.Int64
	reports atomic.Int64
}

func (p *progress) line(time.Duration) codes.Message {
	return codes.Say(codes.Text{EN: "read: {read} MB, {reports} reports (Ctrl-C ends it)",
		JA: "読み取り済み: {read} MB、レポート{reports}件(Ctrl-Cで中断)"},
		codes.Str("read", fmt.Sprintf("%.1f", float64(p.octets.Load())/1e6)), codes.Num("reports", int(p.reports.Load())))
}
