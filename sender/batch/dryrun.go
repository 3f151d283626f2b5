package batch

import (
	"context"
	"time"

	"todoku/sender"
	"todoku/sender/history"
)

// DryRun finds the way of a mail and sends nothing.
type DryRun struct {
	Router sender.Router
	Relay  *sender.Relay // instead of the recipient's own servers: there is no way to find
	Codes  sender.Classifier
	Now    func() time.Time
}

// Deliver gives the route. Its outcome is without result where there is one, and has failed where there is none.
func (r DryRun) Deliver(ctx context.Context, j sender.Job) (sender.Outcome, error) {
	out := sender.Outcome{
		ID: j.ID, Result: history.Preparing, From: j.From, To: j.To, MessageID: j.Message.ID, ENVID: j.DSN.ENVID, Started: r.Now(),
	}
	if r.Relay == nil {
		var err error
		if out.Route, err = sender.FindRoute(ctx, r.Router, j.To); err != nil {
			out.FailRoute(r.Codes, err)
		}
	}
	out.Elapsed = r.Now().Sub(out.Started)
	return out, nil
}
