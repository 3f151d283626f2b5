package resolve

import (
	"context"
	"hash/maphash"
	"sync"
)

// entry is a question under way or answered; its shard's lock guards it.
type entry struct {
	ans   Answer
	err   error
	ended bool
	keep  bool          // false when the asker was interrupted: the next one asks again
	done  chan struct{} // closed at the end; nil while nobody waits
}

// cache shares answers and questions under way, failures included, within a
// bound: each shard keeps two generations and forgets the older one when the
// younger is full.
type cache struct {
	seed   maphash.Seed
	limit  int // bytes a generation of a shard may hold
	shards [32]shard
}

type shard struct {
	mu         sync.Mutex
	young, old map[key]*entry
	size       int
}

func newCache(bytes int) *cache {
	return &cache{seed: maphash.MakeSeed(), limit: bytes / len(cache{}.shards) / 2}
}

// finder finds the answer of a question and writes it down.
type finder func(ctx context.Context, k key, into *Answer) error

// ask gives the answer of a question that was asked before or is under way, or
// finds it and lets everybody have it.
func (c *cache) ask(ctx context.Context, k key, find finder) (Answer, error) {
	s := &c.shards[maphash.String(c.seed, k.name)%uint64(len(c.shards))]
	for {
		e, mine, wait := s.enter(k)
		if mine {
			err := c.fill(ctx, s, k, e, find)
			return e.ans, err
		}
		if wait != nil {
			select {
			case <-wait:
			case <-ctx.Done():
				return Answer{}, ctx.Err()
			}
		}
		if e.keep {
			return e.again()
		}
	}
}

// again is the answer for those who caused no message.
func (e *entry) again() (Answer, error) {
	a := e.ans
	a.Sent = 0
	if fail, ok := e.err.(*Error); ok {
		free := *fail
		free.Sent = 0
		return a, &free
	}
	return a, e.err
}

// fill finds the answer. Nobody else touches the entry before it has ended.
func (c *cache) fill(ctx context.Context, s *shard, k key, e *entry, find finder) error {
	err := find(ctx, k, &e.ans)
	s.mu.Lock()
	defer s.mu.Unlock()
	e.err, e.ended, e.keep = err, true, ctx.Err() == nil
	if !e.keep {
		s.drop(k, e)
	} else if s.size += cost(k, &e.ans); s.size > c.limit {
		s.old, s.young, s.size = s.young, map[key]*entry{}, 0
	}
	if e.done != nil {
		close(e.done)
	}
	return err
}

// enter finds or books a question. wait is nil when its answer stands.
func (s *shard) enter(k key) (e *entry, mine bool, wait <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e = s.young[k]
	if e == nil {
		if e = s.old[k]; e != nil {
			s.young[k] = e
			s.size += cost(k, new(Answer))
		}
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
