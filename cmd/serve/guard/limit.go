package guard

import (
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

// AtOnce bounds how many things of each key are under way.
type AtOnce struct {
	most int
	mu   sync.Mutex
	keys map[string]int
}

// NewAtOnce makes one.
func NewAtOnce(most int) *AtOnce { return &AtOnce{most: most, keys: map[string]int{}} }

// Begin counts one for a key; done ends it. ok is false where so many are under way.
func (a *AtOnce) Begin(key string) (done func(), ok bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.keys[key] >= a.most {
		return nil, false
	}
	a.keys[key]++
	return sync.OnceFunc(func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.keys[key]--; a.keys[key] <= 0 {
			delete(a.keys, key)
		}
	}), true
}

// Keys is how many keys are remembered.
func (l *Limiter) Keys() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.keys)
}
