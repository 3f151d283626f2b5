package resolve

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// TestLateAnswersAreNoForgeries gives up a question, asks many others of the
// same sockets, and lets the late answer come while a question waits in vain: it
// hears nothing, and no wrong messages either.
func TestLateAnswersAreNoForgeries(t *testing.T) {
	t.Parallel()
	late := make(chan struct{})
	z := &zoneServer{edit: func(q, m *dns.Msg, _ bool) *dns.Msg {
		switch q.Question[0].Name {
		case "late.test.":
			<-late
		case "never.test.":
			return nil
		}
		return m
	}}
	u := newUDP(serve(t, z), new(net.Dialer).DialContext, true, 8)
	defer u.close()
	ask := func(name string, limit time.Duration) (int, error) {
		_, wrong, err := u.exchange(t.Context(), key{name, TypeTXT, recursive}, false, limit)
		return wrong, err
	}
	if _, err := ask("late.test", 50*time.Millisecond); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
	for i := range 300 * len(u.socks) {
		if _, err := ask(fmt.Sprintf("q%d.test", i), busy); err != nil {
			t.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for range u.socks {
		wg.Go(func() {
			if wrong, err := ask("never.test", time.Second); wrong > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("%d wrong messages, %v", wrong, err)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	close(late)
	wg.Wait()
}
