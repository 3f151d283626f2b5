package sender

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"todoku/codes"
)

// Clock is the time that delays are measured in.
type Clock interface {
	Now() time.Time
	Sleep(ctx context.Context, d time.Duration) error // ends early with the context's error
}

// WallClock is the usual clock.
type WallClock struct{}

// Now is the time of the machine.
func (WallClock) Now() time.Time { return time.Now() }

// Sleep waits.
func (WallClock) Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Rate is how many mails one receiving domain gets in how long. The zero value
// is no limit.
type Rate struct {
	Mails int
	Per   time.Duration
}

// ParseRate reads "30/m", "2/s", "500/h", "10000/d".
func ParseRate(s string) (Rate, error) {
	n, unit, ok := strings.Cut(s, "/")
	mails, err := strconv.Atoi(n)
	per := map[string]time.Duration{"s": time.Second, "m": time.Minute, "min": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[unit]
	if !ok || err != nil || mails < 1 || per == 0 {
		return Rate{}, codes.WrongAt("rate", codes.Text{EN: "{value} is no rate such as 30/m (mails per s, m, h or d)", JA: "{value} は 30/m のような送信ペース(s・m・h・d あたりの通数)ではありません"}, codes.QuotedStart("value", s, 40))
	}
	return Rate{mails, per}, nil
}

// interval is the distance between two mails.
func (r Rate) interval() time.Duration {
	if r.Mails == 0 {
		return 0
	}
	return r.Per / time.Duration(r.Mails)
}

// pace spaces the mails to each domain.
type pace struct {
	sync.Mutex
	next map[string]time.Time
}

// reserve gives the wait until the domain's next turn and takes that turn.
func (p *pace) reserve(domain string, now time.Time, every time.Duration) time.Duration {
	if every <= 0 {
		return 0
	}
	p.Lock()
	defer p.Unlock()
	if p.next == nil {
		p.next = map[string]time.Time{}
	}
	if len(p.next) > 10000 { // turns that have passed say nothing any more
		for d, t := range p.next {
			if t.Before(now) {
				delete(p.next, d)
			}
		}
	}
	turn := p.next[domain]
	if turn.Before(now) {
		turn = now
	}
	p.next[domain] = turn.Add(every)
	return turn.Sub(now)
}
