package serve

import (
	"sync"
	"time"

	"todoku/cmd/serve/guard"
)

// store keeps values in memory by names that nobody can guess: at most so many, so many octets, and for so long. The oldest
// go first.
type store[T any] struct {
	most   int
	octets int
	age    time.Duration
	now    func() time.Time
	size   func(T) int // nil: not counted

	mu    sync.Mutex
	kept  map[string]kept[T]
	order []string // the oldest first
	used  int
}

type kept[T any] struct {
	value T
	size  int
	since time.Time
}

func newStore[T any](most, octets int, age time.Duration, now func() time.Time, size func(T) int) *store[T] {
	return &store[T]{most: most, octets: octets, age: age, now: now, size: size, kept: map[string]kept[T]{}}
}

// add keeps a value under a new name.
func (s *store[T]) add(v T) (id string) {
	id = guard.NewID()
	s.put(id, v)
	return id
}

// put keeps a value under a name that NewID made; false where there is one of that name, or where the name is none of that kind.
func (s *store[T]) put(id string, v T) bool {
	n := 0
	if s.size != nil {
		n = s.size(v)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, taken := s.kept[id]; taken || !guard.IsID(id) {
		return false
	}
	s.kept[id] = kept[T]{v, n, s.now()}
	s.order = append(s.order, id)
	s.used += n
	for len(s.order) > 1 && (len(s.order) > s.most || s.octets > 0 && s.used > s.octets || s.old(s.order[0])) {
		s.dropFirst()
	}
	return true
}

func (s *store[T]) old(id string) bool { return s.now().Sub(s.kept[id].since) > s.age }

func (s *store[T]) dropFirst() {
	id := s.order[0]
	s.used -= s.kept[id].size
	delete(s.kept, id)
	s.order = s.order[1:]
}

// get finds a value.
func (s *store[T]) get(id string) (v T, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.kept[id]
	if !ok || s.old(id) {
		return v, false
	}
	return k.value, true
}

// count is how many values are kept, and their octets.
func (s *store[T]) count() (values, octets int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.kept), s.used
}
