package guard

import (
	"context"
	"sync"
	"time"
)

// Limiter bounds how often each of many keys does something: so many times in a span, filled again evenly.
type Limiter struct {
	most float64
	span time.Duration
	now  func() time.Time

	mu   sync.Mutex
	keys map[string]*bucket
}

type bucket struct {
	left float64
	at   time.Time
}

// maxKeys bounds the keys that are remembered. Beyond it those that are full again are forgotten.
const maxKeys = 10_000

// NewLimiter makes one of so many in a span.
func NewLimiter(most int, span time.Duration, now func() time.Time) *Limiter {
	return &Limiter{most: float64(most), span: span, now: now, keys: map[string]*bucket{}}
}

// Take counts one for a key. wait is how long the key has to wait where it had none left; then nothing is counted.
func (l *Limiter) Take(key string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(key)
	if b.left < 1 {
		return l.until(b)
	}
	b.left--
	return 0
}

// Charge counts so many for a key after the fact. A key may owe: it then waits until that is filled again, for one span at
// most.
func (l *Limiter) Charge(key string, n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.filled(key)
	b.left = max(b.left-float64(n), -l.most)
}

// Wait is how long a key has to wait now; nothing is counted.
func (l *Limiter) Wait(key string) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.filled(key); b.left < 1 {
		return l.until(b)
	}
	return 0
}

func (l *Limiter) until(b *bucket) time.Duration {
	return time.Duration((1 - b.left) / l.most * float64(l.span))
}

// filled is the bucket of a key, as full as it is now.
func (l *Limiter) filled(key string) *bucket {
	now := l.now()
	b := l.keys[key]
	if b == nil {
		if len(l.keys) >= maxKeys {
			l.forget(now)
		}
		b = &bucket{left: l.most, at: now}
		l.keys[key] = b
	}
	b.left = min(l.most, b.left+float64(now.Sub(b.at))/float64(l.span)*l.most)
	b.at = now
	return b
}

// forget drops the keys that are full again, or all where there are none.
func (l *Limiter) forget(now time.Time) {
	for key, b := range l.keys {
		if now.Sub(b.at) >= l.span {
			delete(l.keys, key)
		}
	}
	if len(l.keys) >= maxKeys {
		clear(l.keys)
	}
}

// AtOnce bounds how many things of each key are under way, and how many more may wait for their turn.
type AtOnce struct {
	most, waiting int
	mu            sync.Mutex
	keys          map[string]*turns
}

// turns are those of one key.
type turns struct {
	free chan struct{} // holds one for each that is under way
	all  int           // under way or waiting
}

// NewAtOnce makes one.
func NewAtOnce(most, waiting int) *AtOnce {
	return &AtOnce{most: most, waiting: waiting, keys: map[string]*turns{}}
}

// Begin waits until fewer are under way for a key; done ends this one. ok is false where too many wait already, and where the
// context ends before its turn.
func (a *AtOnce) Begin(ctx context.Context, key string) (done func(), ok bool) {
	a.mu.Lock()
	t := a.keys[key]
	if t == nil {
		t = &turns{free: make(chan struct{}, a.most)}
		a.keys[key] = t
	}
	if t.all >= a.most+a.waiting {
		a.mu.Unlock()
		return nil, false
	}
	t.all++
	a.mu.Unlock()
	select {
	case t.free <- struct{}{}:
		return sync.OnceFunc(func() { <-t.free; a.leave(key, t) }), true
	case <-ctx.Done():
		a.leave(key, t)
		return nil, false
	}
}

func (a *AtOnce) leave(key string, t *turns) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t.all--; t.all == 0 {
		delete(a.keys, key)
	}
}

// Keys is how many keys are remembered.
func (l *Limiter) Keys() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.keys)
}

// Waiting is how many wait for a key.
func (a *AtOnce) Waiting(key string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if t := a.keys[key]; t != nil {
		return max(0, t.all-len(t.free))
	}
	return 0
}
