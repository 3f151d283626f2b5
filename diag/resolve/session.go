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
	run    *Run     // the resolver, where it is one of ours
	other  Resolver // any other
	mu     sync.Mutex
	known  map[key]struct{}
	sent   int
	direct int // distinct questions to servers that were asked directly
	seen   func(Answer)
}

// NewSession opens a view of a resolver.
func NewSession(r Resolver) *Session {
	s := &Session{other: r, known: make(map[key]struct{}, 48)}
	s.run, _ = r.(*Run)
	return s
}

// Tell lets a function have each answer, perhaps several times. It is called from the goroutines that ask.
func (s *Session) Tell(seen func(Answer)) { s.seen = seen }

// Ask implements Resolver.
func (s *Session) Ask(ctx context.Context, name string, t Type) (a Answer, err error) {
	err = s.ask(ctx, key{name, t, recursive}, &a)
	return a, err
}

// AskUnchecked implements Unchecked.
func (s *Session) AskUnchecked(ctx context.Context, name string, t Type) (a Answer, err error) {
	err = s.ask(ctx, key{name, t, unchecked}, &a)
	return a, err
}

// ask leaves the answer where it stays: a question under way has a stack of its own, and an answer is large.
func (s *Session) ask(ctx context.Context, k key, into *Answer) (err error) {
	if k, err = k.canonical(); err != nil {
		return err
	}
	if s.run != nil {
		err = s.run.ask(ctx, k, into)
	} else {
		err = s.askOther(ctx, k, into)
	}
	s.count(k, into.Sent, err)
	if s.seen != nil && err == nil {
		s.seen(*into)
	}
	return err
}

// askOther asks a resolver that is not one of ours.
func (s *Session) askOther(ctx context.Context, k key, into *Answer) (err error) {
	if k.how != unchecked {
		*into, err = s.other.Ask(ctx, k.name, k.t)
		return err
	}
	other, can := s.other.(Unchecked)
	if !can {
		return badName(k, errNoUnchecked)
	}
	*into, err = other.AskUnchecked(ctx, k.name, k.t)
	return err
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
