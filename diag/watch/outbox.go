package watch

import (
	"context"
	"time"
)

// Delivery is an incident that is to be told over a channel, or its end.
type Delivery struct {
	ID       int64
	Channel  string // its name
	Over     bool   // the end of the incident is told
	Incident Incident
	Queued   time.Time
	Tries    int    // that failed
	Failure  string // of the last try, in English
}

// GiveUp is how long a delivery waits until it is given up.
const GiveUp = 7 * 24 * time.Hour

// Outbox keeps deliveries until somebody has taken them in. Several processes may use one.
type Outbox interface {
	// Take gives what waits for those of the channels whose time has come, at most so many deliveries, those that wait longest
	// first. After a try that failed nothing is given for a channel before its next. The end of an incident is never given
	// without the incident, where that waits. What is given belongs to the caller until lease is over; as long, nothing more is
	// given for the channel. Then, if nothing of the below was called, it is given again.
	Take(ctx context.Context, channels []string, now time.Time, lease time.Duration, most int) ([]Delivery, error)
	// Delivered ends deliveries.
	Delivered(ctx context.Context, at time.Time, ids []int64) error
	// Refused keeps deliveries for a try at next, and their channel for others. next is zero for those that are given up: they
	// stay, and are told as dead.
	Refused(ctx context.Context, ids []int64, failure string, next time.Time) error
	// Failed is Refused, and keeps all else that waits for the channel until next, too.
	Failed(ctx context.Context, ids []int64, failure string, next time.Time) error
}
