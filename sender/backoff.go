package sender

import (
	"sync"
	"time"
)

// backoffs keep mails away for a while from a server that said 421.
type backoffs struct {
	sync.Mutex
	of map[string]backoff // by the address of the server
}

type backoff struct {
	until time.Time
	last  time.Duration
}

// The first and the longest back-off of a server, each of them twice as long as the one before.
const (
	shortestBackoff = time.Second
	longestBackoff  = 10 * time.Second
)

// left is how long a server is left alone yet.
func (b *backoffs) left(server string, now time.Time) time.Duration {
	b.Lock()
	defer b.Unlock()
	return max(0, b.of[server].until.Sub(now))
}

// last moves servers in a back-off to the end of the list.
func (b *backoffs) last(list []Server, now time.Time) []Server {
	var ready, later []Server
	for _, s := range list {
		if b.left(s.Addr, now) > 0 {
			later = append(later, s)
		} else {
			ready = append(ready, s)
		}
	}
	return append(ready, later...)
}

// after learns how a session with a server ended: busy is a 421.
func (b *backoffs) after(server string, busy bool, now time.Time) {
	b.Lock()
	defer b.Unlock()
	if !busy {
		delete(b.of, server)
		return
	}
	if b.of == nil {
		b.of = map[string]backoff{}
	}
	d := min(max(2*b.of[server].last, shortestBackoff), longestBackoff)
	b.of[server] = backoff{now.Add(d), d}
}
