package resolve

import (
	"context"
	"hash/maphash"
	"sync"
	"time"
)

// entry is a question under way or answered; its shard's lock guards it.
type entry struct {
	ans   Answer
	err   error
	ended bool
	keep  bool          // false when the asker was interrupted: the next one asks again
	until int64         // the answer may be used by runs that began before: nanoseconds of Unix time
	done  chan struct{} // closed at the end; nil while nobody waits
}

// failureLife is how long a failure is remembered: at least a second, at most
// five minutes (RFC 2308 §7, RFC 9520 §3.2).
const failureLife = 5 * time.Second

// cache shares answers and questions under way, failures included, within a
// bound: each shard keeps two generations and forgets the older one when the
// younger is full. An answer is used for its lifetime; a run that began within
// that uses it to its own end, so that a run gets one answer to one question.
type cache struct {
	seed   maphash.Seed
	now    func() time.Time
	limit  int // bytes a generation of a shard may hold
	shards [32]shard
}

type shard struct {
	mu         sync.Mutex
	young, old map[key]*entry
	size       int
}

func newCache(bytes int, now func() time.Time) *cache {
	return &cache{seed: maphash.MakeSeed(), now: now, limit: bytes / len(cache{}.shards) / 2}
}

// finder finds the answer of a question and writes it down.
type finder func(ctx context.Context, k key, into *Answer) error

// ask gives a run that began at since the answer of a question that was asked before or is under way, or finds it and lets
// everybody have it. It goes to into and is not returned: each question under way has a stack of its own, and an answer
// is large.
func (c *cache) ask(ctx context.Context, since time.Time, k key, find finder, into *Answer) error {
	s := &c.shards[maphash.String(c.seed, k.name)%uint64(len(c.shards))]
	for {
		e, mine, wait := s.enter(k, since)
		if mine {
			err := find(ctx, k, &e.ans)
			c.settle(ctx, s, k, e, err)
			*into = e.ans
			return err
		}
		if err := ended(ctx, wait); err != nil {
			return err
		}
		if e.keep {
			*into = e.ans
			into.Sent = 0
			return e.repeated()
		}
	}
}

// ended waits for the end of a question that somebody else asks; nil is one that has ended.
func ended(ctx context.Context, question <-chan struct{}) error {
	if question == nil {
		return nil
	}
	select {
	case <-question:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// repeated is the error for those who caused no message.
func (e *entry) repeated() error {
	if fail, ok := e.err.(*Error); ok {
		free := *fail
		free.Sent = 0
		return &free
	}
	return e.err
}

// settle ends the question of an entry. Nobody else touched the entry before.
func (c *cache) settle(ctx context.Context, s *shard, k key, e *entry, err error) {
	life := time.Duration(e.ans.life) * time.Second
	if err != nil {
		life = failureLife
	}
	until := c.now().Add(life).UnixNano()
	s.mu.Lock()
	defer s.mu.Unlock()
	e.err, e.ended, e.keep, e.until = err, true, ctx.Err() == nil, until
	if !e.keep {
		s.drop(k, e)
	} else if s.size += cost(k, &e.ans); s.size > c.limit {
		s.old, s.young, s.size = s.young, map[key]*entry{}, 0
	}
	if e.done != nil {
		close(e.done)
	}
}

// enter finds the entry of a question, or makes one; then it is mine, and the caller has to fill it. wait is nil when the
// entry has its answer. since is when the run of the caller began.
func (s *shard) enter(k key, since time.Time) (e *entry, mine bool, wait <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e = s.young[k]
	if e == nil {
		if e = s.old[k]; e != nil {
			s.young[k] = e
			if e.ended { // what is under way is counted at its end
				s.size += cost(k, &e.ans)
			}
		}
	}
	if e != nil && e.ended && e.until < since.UnixNano() {
		s.size -= cost(k, &e.ans) // it is young by now
		e = nil
	}
	if e == nil {
		if s.young == nil {
			s.young = map[key]*entry{}
		}
		e = new(entry)
		s.young[k] = e
		return e, true, nil
	}
	if !e.ended && e.done == nil {
		e.done = make(chan struct{})
	}
	if e.ended {
		return e, false, nil
	}
	return e, false, e.done
}

func (s *shard) drop(k key, e *entry) {
	if s.young[k] == e {
		delete(s.young, k)
	}
	if s.old[k] == e {
		delete(s.old, k)
	}
}

// cost estimates what an answer takes in memory, in bytes.
func cost(k key, a *Answer) int {
	n := 300 + len(k.name)
	for _, r := range a.Records {
		n += 100 + len(r.Host) + len(r.Text)
	}
	return n
}
