package resolve

import (
	"context"
	"hash/maphash"
	"sync"
)

// entry is a question under way or answered. done is closed when ans and err
// stand.
type entry struct {
	done chan struct{}
	ans  Answer
	err  error
	keep bool // false when the asker was interrupted: the next one asks again
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

// ask gives the answer of a question that was asked before or is under way, or
// finds it and lets everybody have it.
func (c *cache) ask(ctx context.Context, k key, find func(context.Context, key) (Answer, error)) (Answer, error) {
	s := &c.shards[maphash.String(c.seed, k.name)%uint64(len(c.shards))]
	for {
		e, mine := s.enter(k)
		if mine {
			return c.fill(ctx, s, k, e, find)
		}
		select {
		case <-e.done:
		case <-ctx.Done():
			return Answer{}, ctx.Err()
		}
		if e.keep {
			a := e.ans
			a.Sent = 0
			return a, e.err
		}
	}
}

func (c *cache) fill(ctx context.Context, s *shard, k key, e *entry, find func(context.Context, key) (Answer, error)) (Answer, error) {
	e.ans, e.err = find(ctx, k)
	e.keep = ctx.Err() == nil
	s.mu.Lock()
	if !e.keep {
		s.drop(k, e)
	} else if s.size += cost(k, e.ans); s.size > c.limit {
		s.old, s.young, s.size = s.young, map[key]*entry{}, 0
	}
	s.mu.Unlock()
	close(e.done)
	return e.ans, e.err
}

func (s *shard) enter(k key) (e *entry, mine bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.young[k]; e != nil {
		return e, false
	}
	if e := s.old[k]; e != nil {
		s.young[k] = e
		s.size += cost(k, Answer{})
		return e, false
	}
	if s.young == nil {
		s.young = map[key]*entry{}
	}
	e = &entry{done: make(chan struct{})}
	s.young[k] = e
	return e, true
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
func cost(k key, a Answer) int {
	n := 300 + len(k.name)
	for _, r := range a.Records {
		n += 100 + len(r.Host) + len(r.Text)
	}
	return n
}
