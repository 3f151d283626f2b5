package resolve

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// fickle is a server over TCP that ends its first connections after one answer,
// to the last of the questions that came together. Names that begin with "never" are not answered.
type fickle struct {
	ends  int32
	asked chan string
	conns atomic.Int32
}

func (f *fickle) start(t *testing.T) (addr string) {
	t.Helper()
	f.asked = make(chan string, 1000)
	_, l := bothPorts(t)
	accept(l, func(c net.Conn) { f.talk(c, f.conns.Add(1) <= f.ends) })
	return l.Addr().String()
}

func (f *fickle) talk(c net.Conn, ends bool) {
	var last *dns.Msg
	for {
		if last != nil && ends { // the others come at once
			_ = c.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		}
		q := new(dns.Msg)
		b := readQuery(c)
		switch {
		case len(b) < 12 && last != nil && ends:
			f.answer(c, last)
			return
		case len(b) < 12 || q.Unpack(b) != nil || len(q.Question) == 0:
			return
		}
		f.asked <- q.Question[0].Name
		if last = q; !ends && !strings.HasPrefix(q.Question[0].Name, "never") {
			f.answer(c, q)
		}
	}
}

func (f *fickle) answer(c net.Conn, q *dns.Msg) {
	b, _ := (&zoneServer{}).reply(q, true).Pack()
	_, _ = c.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...))
}

// dials counts the connections that are open and that were opened.
type dials struct {
	open, all, most atomic.Int32
	fails           int32 // which one fails for want of a descriptor; 0: none
}

func (d *dials) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	if network == "tcp" && d.all.Add(1) == d.fails {
		return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("socket", syscall.EMFILE)}
	}
	if n := d.open.Add(1); n > d.most.Load() {
		d.most.Store(n)
	}
	c, err := new(net.Dialer).DialContext(ctx, network, addr)
	return &counted{Conn: c, open: &d.open}, err
}

// together asks so many questions at once, and wants an answer to each.
func together(t *testing.T, s *stream, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			if _, _, err := s.exchange(t.Context(), key{fmt.Sprintf("q%d.test", i), TypeTXT, recursive}, false, busy); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestOneLostConnectionIsNoRule ends the first connection early: that is no
// bound for the others.
func TestOneLostConnectionIsNoRule(t *testing.T) {
	t.Parallel()
	d := new(dials)
	s := newStream((&fickle{ends: 1}).start(t), d.dial, nil, 8, busy)
	defer s.close()
	together(t, s, 3)
	for range 40 {
		together(t, s, 1)
	}
	if n := d.all.Load(); n > 8 {
		t.Errorf("%d connections for 43 questions", n)
	}
}

// TestOneLostConnectionIsOneConnectionTooMany loses a connection that was never
// heard with three questions on it: there is one connection less, not three.
func TestOneLostConnectionIsOneConnectionTooMany(t *testing.T) {
	t.Parallel()
	s := newStream("", nil, nil, 8, busy)
	lost := newStreamConn(s)
	s.conns = []*streamConn{lost, newStreamConn(s)}
	for range firstStreams {
		s.places.try(false)
	}
	for range 3 {
		if !s.lost(lost, connState{err: errStreamEnded}) {
			t.Error("a question is not put again")
		}
	}
	if s.places.limit != firstStreams-1 {
		t.Errorf("%d connections may be open, %d were", s.places.limit, firstStreams)
	}
}

// TestSpentConnectionsMakeRoom asks where two connections ended after one
// answer, and the others do not: none is used twice, and there are never more
// than may be.
func TestSpentConnectionsMakeRoom(t *testing.T) {
	t.Parallel()
	const most = 8
	d := new(dials)
	s := newStream((&fickle{ends: 2}).start(t), d.dial, nil, most, busy)
	defer s.close()
	together(t, s, 3)
	for range 30 {
		together(t, s, 10)
	}
	if n := d.most.Load(); n > most {
		t.Errorf("%d connections were open at once, %d may be", n, most)
	}
}

// TestNoDescriptorIsNoExcuse has no descriptor for a second connection, gives it
// up, and then waits for a server that says nothing.
func TestNoDescriptorIsNoExcuse(t *testing.T) {
	t.Parallel()
	f, d := new(fickle), &dials{fails: 2}
	s := newStream(f.start(t), d.dial, nil, 8, busy)
	defer s.close()
	together(t, s, 1)
	var wg sync.WaitGroup
	ctx, cancel := context.WithCancel(t.Context())
	for range probeDepth { // more are not put on one connection
		wg.Go(func() { _, _, _ = s.exchange(ctx, key{"never.test", TypeTXT, recursive}, false, busy) })
	}
	for range 1 + probeDepth {
		<-f.asked
	}
	_, _, err := s.exchange(ctx, key{"a.test", TypeTXT, recursive}, false, 200*time.Millisecond)
	if !errors.Is(err, os.ErrDeadlineExceeded) || d.all.Load() < 2 {
		t.Errorf("%v after %d connections", err, d.all.Load())
	}
	cancel()
	wg.Wait()
}

// idle is a connection on which nothing comes and the time to wait is over at once.
type idle struct{ net.Conn }

func (idle) Read([]byte) (int, error)        { return 0, os.ErrDeadlineExceeded }
func (idle) SetReadDeadline(time.Time) error { return nil }
func (idle) Close() error                    { return nil }

// TestOurOwnEndSaysNothing ends an idle connection: a question that came just
// then is put again, although there is no other connection.
func TestOurOwnEndSaysNothing(t *testing.T) {
	t.Parallel()
	s := newStream("", func(context.Context, string, string) (net.Conn, error) { return idle{}, nil }, nil, 8, busy)
	c := newStreamConn(s)
	s.places.try(true)
	c.open()
	for c.state().err == nil {
		time.Sleep(time.Millisecond)
	}
	_, _, _, err := c.ask(t.Context(), key{"a.test", TypeTXT, recursive}, false, busy)
	if !errors.Is(err, errOwnEnd) || !s.done(c, key{}, 0, err) || s.places.shrunk {
		t.Errorf("%v", err)
	}
}

// TestCloseEndsQuestions closes a client while a question waits for its answer,
// over TCP from the start and after an answer that UDP cut off.
func TestCloseEndsQuestions(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"tcp://", ""} {
		asked := make(chan bool, 10)
		addr := serve(t, &zoneServer{edit: func(_, m *dns.Msg, tcp bool) *dns.Msg {
			if tcp {
				asked <- true
				return nil
			}
			m.Truncated, m.Answer = true, nil
			return m
		}})
		d := new(dials)
		c := client(t, Options{Servers: []string{scheme + addr}, Dial: d.dial, Timeout: busy})
		failed := make(chan error)
		go func() {
			_, err := c.Ask(context.Background(), "a.test", TypeTXT)
			failed <- err
		}()
		<-asked
		c.Close()
		if err := <-failed; kindOf(err) != KindNetwork || d.all.Load() != 1 {
			t.Errorf("%q: %v after %d connections", scheme, err, d.all.Load())
		}
	}
}

// TestGivenUpQuestionLeavesItsConnection stops to wait for an answer before its
// time is over: the connection is as good as before.
func TestGivenUpQuestionLeavesItsConnection(t *testing.T) {
	t.Parallel()
	f, d := new(fickle), new(dials)
	s := newStream(f.start(t), d.dial, nil, 8, busy)
	defer s.close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-f.asked; cancel() }()
	if _, _, err := s.exchange(ctx, key{"never.test", TypeTXT, recursive}, false, busy); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	time.Sleep(20 * time.Millisecond) // an end would come beside
	together(t, s, 1)
	if n := d.all.Load(); n != 1 {
		t.Errorf("%d connections", n)
	}
}
