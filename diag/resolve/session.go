package resolve

import (
	"context"
	"errors"
	"sync"
)

// Session is one report's view of a resolver: a question goes out once however
// many checks ask it, and it counts what the report needed.
type Session struct {
	inner Resolver
	mu    sync.Mutex
	known map[key]*entry
	sent  int
}

// NewSession opens a view of a resolver.
func NewSession(r Resolver) *Session {
	return &Session{inner: r, known: make(map[key]*entry, 48)}
}

// Ask implements Resolver.
func (s *Session) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	name, err := canonical(name)
	if err != nil {
		return Answer{}, key{name, t}.fail(KindName, "", err.Error())
	}
	k := key{name, t}
	s.mu.Lock()
	e := s.known[k]
	if e == nil {
		e = &entry{done: make(chan struct{})}
		s.known[k] = e
		s.mu.Unlock()
		e.ans, e.err = s.inner.Ask(ctx, name, t)
		s.count(e)
		close(e.done)
		return e.ans, e.err
	}
	s.mu.Unlock()
	select {
	case <-e.done:
		return e.ans, e.err
	case <-ctx.Done():
		return Answer{}, ctx.Err()
	}
}

func (s *Session) count(e *entry) {
	n := e.ans.Sent
	var fail *Error
	if errors.As(e.err, &fail) {
		n = fail.Sent
	}
	s.mu.Lock()
	s.sent += n
	s.mu.Unlock()
}

// Counts tells the messages that this session caused and the distinct
// questions that it asked.
func (s *Session) Counts() (sent, unique int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent, len(s.known)
}
