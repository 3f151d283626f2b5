package smtp

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

func TestGate(t *testing.T) {
	t.Parallel()
	var g Gate
	one := Limits{Server: 1}
	leave, err := g.Enter(t.Context(), "mx", one)
	if err != nil {
		t.Fatal(err)
	}
	other, err := g.Enter(t.Context(), "mx2", one)
	if err != nil {
		t.Fatal(err)
	}
	other()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := g.Enter(ctx, "mx", one); !errors.Is(err, context.Canceled) {
		t.Errorf("two sessions at a time: %v", err)
	}
	entered := make(chan error)
	go func() {
		leave, err := g.Enter(t.Context(), "mx", one)
		if err == nil {
			leave()
		}
		entered <- err
	}()
	leave()
	if err := <-entered; err != nil {
		t.Error(err)
	}
	if len(g.turns) != 0 {
		t.Errorf("%d lines stay", len(g.turns))
	}
}

// TestGateIsFair: who comes first goes first, and who gives up leaves the turn to the next.
func TestGateIsFair(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g Gate
		l := Limits{Server: 1, All: 1}
		leave, err := g.Enter(t.Context(), "a", l)
		if err != nil {
			t.Fatal(err)
		}
		why := errors.New("enough")
		gone, cancel := context.WithCancelCause(t.Context())
		var order []int
		turns := make([]func(), 4)
		for i, server := range []string{"a", "b", "a", "c"} {
			go func() {
				ctx := t.Context()
				if i == 1 {
					ctx = gone
				}
				var err error
				if turns[i], err = g.Enter(ctx, server, l); i == 1 {
					if !errors.Is(err, why) {
						t.Errorf("%v", err)
					}
					return
				}
				order = append(order, i)
			}()
			synctest.Wait()
		}
		cancel(why)
		synctest.Wait()
		leave()
		for _, next := range []int{3, 0, 2} { // those for server a waited for it before they waited for their turn in all
			synctest.Wait()
			if order[len(order)-1] != next {
				t.Fatalf("%v", order)
			}
			turns[next]()
		}
		synctest.Wait()
		if len(g.turns) != 0 {
			t.Errorf("%d lines stay", len(g.turns))
		}
	})
}

// TestGateNarrows: a server that turns one away gets fewer sessions, as long as it takes any.
func TestGateNarrows(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var g Gate
		l := Limits{Server: 4}
		var turns []func()
		enter := func() func() {
			leave, err := g.Enter(t.Context(), "relay", l)
			if err != nil {
				t.Error(err)
			}
			return leave
		}
		for range 3 {
			turns = append(turns, enter())
		}
		if !g.ReduceLimit("relay") {
			t.Error("there are others")
		}
		turns[2]()
		entered := 0
		go func() { defer enter()(); entered++ }()
		synctest.Wait()
		if entered != 0 {
			t.Error("a third session comes in after the server refused one")
		}
		turns[1]()
		synctest.Wait()
		if entered != 1 {
			t.Error("the place of another stays empty")
		}
		turns[0]()
		alone := enter()
		if g.ReduceLimit("relay") {
			t.Error("a server that takes no session at all is down")
		}
		alone()
	})
}

// TestGateRemembersOthers: whoever had a turn beside another was not alone, though the other has left; whoever comes then is.
func TestGateRemembersOthers(t *testing.T) {
	t.Parallel()
	var g Gate
	enter := func(most int) func() {
		leave, err := g.Enter(t.Context(), "relay", Limits{Server: most})
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	first, second := enter(2), enter(2)
	first()
	if !g.ReduceLimit("relay") {
		t.Error("there was another")
	}
	next := make(chan func())
	go func() { next <- enter(1) }()
	for waiting := 0; waiting == 0; {
		g.mu.Lock()
		waiting = len(g.turns["relay"].waiting)
		g.mu.Unlock()
	}
	second()
	third := <-next
	if g.ReduceLimit("relay") {
		t.Error("the third was alone")
	}
	third()
}
