package resolve

import (
	"context"
	"errors"
	"sync"
)

var errNoUnchecked = errors.New("this resolver cannot be asked without validation")

// Session is one report's view of a resolver: it counts what the report needed.
// That a question goes out once is the Client's work.
type Session struct {
	inner  Resolver
	mu     sync.Mutex
	known  map[key]struct{}
	sent   int
	direct int // distinct questions to servers that were asked directly
}

// NewSession opens a view of a resolver.
func NewSession(r Resolver) *Session {
	return &Session{inner: r, known: make(map[key]struct{}, 48)}
}

// Ask implements Resolver.
func (s *Session) Ask(ctx context.Context, name string, t Type) (a Answer, err error) {
	if name, err = canonical(name); err != nil {
		return a, badName(name, t, err)
	}
	a, err = s.inner.Ask(ctx, name, t)
	s.count(key{name, t, recursive}, a.Sent, err)
	return a, err
}

// AskUnchecked implements Unchecked.
func (s *Session) AskUnchecked(ctx context.Context, name string, t Type) (a Answer, err error) {
	if name, err = canonical(name); err != nil {
		return a, badName(name, t, err)
	}
	inner, can := s.inner.(Unchecked)
	if !can {
		return a, badName(name, t, errNoUnchecked)
	}
	a, err = inner.AskUnchecked(ctx, name, t)
	s.count(key{name, t, unchecked}, a.Sent, err)
	return a, err
}

// Add counts messages that went out past the resolver, for distinct questions of a number.
func (s *Session) Add(sent, unique int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent += sent
	s.direct += unique
}

func (s *Session) count(k key, sent int, err error) {
	if fail, ok := errors.AsType[*Error](err); ok {
		sent = fail.Sent
	}
	s.mu.Lock()
	s.known[k] = struct{}{}
	s.sent += sent
	s.mu.Unlock()
}

// Counts tells the messages that this session caused and the distinct
// questions that it asked.
func (s *Session) Counts() (sent, unique int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent, len(s.known) + s.direct
}
