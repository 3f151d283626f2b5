package triage

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"todoku/diag/guide"
	"todoku/diag/watch/past"
)

// The bounds of Join.
const (
	joinedGroups  = 50 // those that weigh most
	joinedSenders = 3  // of a group
)

// Join looks for what changed at the senders' domains before groups began. zone is that of records that name none. The error is
// the first one of ask; the other groups are joined.
func (r *Triage) Join(ctx context.Context, ask guide.Past, zone *time.Location) (failed error) {
	joined := 0
	for _, g := range r.ByWeight() {
		causes := guide.PastCauses(g.Reason.ID)
		if !g.Action.Trouble() || g.Rest || g.First.IsZero() || len(causes) == 0 {
			continue
		}
		if joined++; joined > joinedGroups || ctx.Err() != nil {
			break
		}
		clock := g.Example.Clock
		q := past.Question{Causes: causes, Reasons: []string{g.Reason.ID}, First: past.Instant(g.First, clock, zone),
			Last: past.Instant(g.Last, clock, zone), Count: g.Count, IP: g.Telling.SendingIP, Zone: zone}
		for _, domain := range g.Senders.most(joinedSenders) {
			since, until := q.Window()
			h, err := ask(ctx, domain, since, until)
			if err != nil {
				if failed == nil && !errors.Is(err, guide.ErrNoPast) {
					failed = err
				}
				continue
			}
			g.Changes = append(g.Changes, past.Find(h, q)...)
		}
		slices.SortStableFunc(g.Changes, func(a, b past.Change) int {
			return cmp.Or(cmp.Compare(silent(a), silent(b)), b.Until.Compare(a.Until))
		})
		g.Changes = g.Changes[:min(len(g.Changes), past.MostChanges)]
	}
	return failed
}

// Joined reports whether something changed before a group began.
func (r *Triage) Joined() bool {
	return slices.ContainsFunc(r.Groups, func(g *Group) bool { return len(g.Changes) > 0 })
}

func silent(c past.Change) int {
	if c.Kind == past.Silent {
		return 1
	}
	return 0
}
