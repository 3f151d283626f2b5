package sender

import (
	"sync"
	"time"
)

// backoffs keep mails away for a while from a server that said 421.
type backoffs struct {
	sync.Mutex
	byServer map[string]backoff // by the address of the server
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

// remaining is how long a server is left alone yet.
func (b *backoffs) remaining(server string, now time.Time) time.Duration {
	b.Lock()
	defer b.Unlock()
	return max(0, b.byServer[server].until.Sub(now))
}

// busyLast moves servers in a back-off to the end of the list.
func (b *backoffs) busyLast(list []Server, now time.Time) []Server {
	var ready, later []Server
	for _, s := range list {
		if b.remaining(s.Addr, now) > 0 {
			later = append(later, s)
		} else {
			ready = append(ready, s)
		}
	}
	return append(ready, later...)
}

// sessionEnded learns how a session with a server ended: busy is a 421.
func (b *backoffs) sessionEnded(server string, busy bool, now time.Time) {
	b.Lock()
	defer b.Unlock()
	if !busy {
		delete(b.byServer, server)
		return
	}
	if b.byServer == nil {
		b.byServer = map[string]backoff{}
	}
	d := min(max(2*b.byServer[server].last, shortestBackoff), longestBackoff)
	b.byServer[server] = backoff{now.Add(d), d}
}
