package guide

import (
	"context"
	"errors"
	"os"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// cutShort tells of each open cause that it was not looked at because the run
// ended first. What was seen before, or waits for something else, stays.
func (d *Diagnosis) cutShort(ctx context.Context) {
	says := codes.Text{EN: "not looked at: it was interrupted", JA: "中断したため、確認していません"}
	if d.Late = errors.Is(ctx.Err(), context.DeadlineExceeded); d.Late {
		says = codes.Text{EN: "not looked at: the deadline came", JA: "期限が来たため、確認していません"}
	}
	cause := context.Cause(ctx)
	for i := range d.Outcomes {
		o := &d.Outcomes[i]
		if o.Status != Open || !d.Silent && !o.unseen(cause) {
			continue
		}
		o.Proofs, o.Needs, o.Err, o.cut = []Proof{{Kind: "dns", Says: says}}, nil, cause, true
		d.Cut = cause
	}
	d.Silent = d.Silent && d.Cut == nil
}

// unseen reports whether an open cause may be open only for want of time.
func (o *Outcome) unseen(cause error) bool {
	if o.Err == nil {
		return len(o.Proofs) == 0 && len(o.Needs) == 0
	}
	var bound *diag.Bounded
	if f := failure(o.Err); f != nil {
		return f.Kind == resolve.KindTimeout
	}
	return !errors.As(o.Err, &bound) && (errors.Is(o.Err, cause) || errors.Is(o.Err, context.DeadlineExceeded) ||
		errors.Is(o.Err, context.Canceled) || errors.Is(o.Err, os.ErrDeadlineExceeded))
}
