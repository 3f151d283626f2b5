package sender_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"todoku/sender/history"
)

// TestSessionsWithARelay: a list goes to a relay by a few sessions at once. One that
// takes fewer gets fewer, and no mail suffers from the try; a recipient's own
// server gets one.
func TestSessionsWithARelay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		relay    bool
		takes    int
		where    string // where it turns one away that is too many
		how      string
		want     int // sessions at once
		mustFill bool
	}{
		{relay: true, takes: 100, want: 4, mustFill: true},
		{relay: true, takes: 2, where: "", how: "421 4.7.0 too many connections", want: 2},
		{relay: true, takes: 1, where: "", how: "421 4.7.0 too many connections", want: 1},
		{relay: true, takes: 1, where: "", how: "554 5.7.1 go away", want: 1},
		{relay: true, takes: 1, where: "", how: "DROP", want: 1},
		{relay: true, takes: 3, where: "EHLO", how: "DROP", want: 3},
		{relay: true, takes: 1, where: "EHLO", how: "421 4.3.2 later", want: 1},
		{takes: 100, want: 1},
	} {
		t.Run(fmt.Sprintf("%+v", c), func(t *testing.T) {
			t.Parallel()
			var lock sync.Mutex
			here, most := map[int]bool{}, 0
			s := serve(t, nil, func(session int, command string) string {
				lock.Lock()
				defer lock.Unlock()
				switch {
				case command == c.where && !here[session] && len(here) >= c.takes:
					return c.how
				case command == c.where:
					here[session] = true
				case command == "QUIT":
					delete(here, session)
				}
				most = max(most, len(here))
				return ""
			})
			x := newTry(t, to(s))
			if c.relay {
				x = viaRelay(t, s, "")
			}
			x.Keep, x.Events = true, nil
			work := make(chan int)
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					for i := range work {
						j := x.job
						j.To = address(t, fmt.Sprintf("b%d@x.test", i))
						if o, err := x.Deliver(t.Context(), j); err != nil || o.Result != history.OK || len(o.Sessions) != 1 {
							t.Errorf("mail %d: %s, %v, %v, %d sessions", i, o.Result, o.Err, err, len(o.Sessions))
						}
					}
				})
			}
			for i := range 60 {
				work <- i
			}
			close(work)
			wg.Wait()
			x.Close()
			lock.Lock()
			defer lock.Unlock()
			if most > c.want || c.mustFill && most < c.want || len(s.taken()) != 60 {
				t.Errorf("%d sessions at once, %d mails taken", most, len(s.taken()))
			}
		})
	}
}

// TestOtherSessionEndsMeanwhile: a relay turns one away because of another, and that one has ended when its answer comes.
func TestOtherSessionEndsMeanwhile(t *testing.T) {
	t.Parallel()
	second, first := make(chan bool), make(chan bool)
	var once sync.Once
	s := serve(t, nil, func(session int, command string) string {
		switch {
		case session == 1 && command == "DATA":
			once.Do(func() { <-second })
		case session == 2 && command == "EHLO":
			close(second)
			<-first
			return "421 4.3.2 later"
		}
		return ""
	})
	x := viaRelay(t, s, "")
	x.Keep, x.Events = true, nil
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			o, err := x.Deliver(t.Context(), x.job)
			if err != nil || o.Result != history.OK || len(o.Sessions) != 1 {
				t.Errorf("mail %d: %s, %v, %v, %d sessions", i, o.Result, o.Err, err, len(o.Sessions))
			}
			if i == 0 {
				close(first)
			}
		})
		for s.count() == 0 {
			time.Sleep(time.Millisecond)
		}
	}
	wg.Wait()
	x.Close()
}

// TestRelayThatWasDown: a relay that took nobody for a while was down, not too full.
func TestRelayThatWasDown(t *testing.T) {
	t.Parallel()
	var lock sync.Mutex
	down, here, most := true, map[int]bool{}, 0
	s := serve(t, nil, func(session int, command string) string {
		lock.Lock()
		defer lock.Unlock()
		switch {
		case down:
			return "DROP"
		case command == "QUIT":
			delete(here, session)
		default:
			here[session] = true
		}
		most = max(most, len(here))
		return ""
	})
	x := viaRelay(t, s, "")
	x.Keep, x.Events = true, nil
	for _, want := range []history.Result{history.Failed, history.OK} {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if o, err := x.Deliver(t.Context(), x.job); err != nil || o.Result != want {
					t.Errorf("%s, %v", o.Result, err)
				}
			})
		}
		wg.Wait()
		lock.Lock()
		down = false
		lock.Unlock()
	}
	x.Close()
	lock.Lock()
	defer lock.Unlock()
	if most != 4 {
		t.Errorf("%d sessions at once after it was down", most)
	}
}

// TestOneAddressWithTwoNames: the servers of two domains may be one. It gets one
// session at a time.
func TestOneAddressWithTwoNames(t *testing.T) {
	t.Parallel()
	var lock sync.Mutex
	here, most := map[int]bool{}, 0
	s := serve(t, nil, func(session int, command string) string {
		lock.Lock()
		defer lock.Unlock()
		if here[session] = command != "QUIT"; !here[session] {
			delete(here, session)
		}
		most = max(most, len(here))
		return ""
	})
	world := to(s)
	other := world.routes["x.test"]
	other.Hosts = slices.Clone(other.Hosts)
	other.Hosts[0].Name = "mail.y.test"
	world.routes["y.test"] = other
	x := newTry(t, world)
	x.Keep, x.Events = true, nil
	for _, domain := range []string{"x.test", "y.test", "x.test", "x.test"} {
		j := x.job
		j.To = address(t, "b@"+domain)
		if o, err := x.Deliver(t.Context(), j); err != nil || o.Result != history.OK {
			t.Errorf("%s: %s, %v", domain, o.Result, err)
		}
	}
	x.Close()
	lock.Lock()
	defer lock.Unlock()
	if most != 1 || s.count() != 3 {
		t.Errorf("%d sessions at once, %d in all", most, s.count())
	}
}
