package resolve

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"
)

// crowd is a server over streams with the habits that servers have.
type crowd struct {
	delay     time.Duration
	serial    bool // one question of a connection at a time
	turned    bool // every other answer of a connection comes late
	conns     int  // connections at once; further ones are closed
	unheard   int  // connections at once; further ones are never read
	questions int  // of a connection, which is closed then
	stalls    string
	open      atomic.Int32
}

func (c *crowd) serve(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		n := int(c.open.Add(1))
		go func() {
			defer c.open.Add(-1)
			defer conn.Close()
			switch {
			case c.conns > 0 && n > c.conns:
			case c.unheard > 0 && n > c.unheard:
				time.Sleep(time.Minute)
			default:
				c.talk(conn)
			}
		}()
	}
}

func (c *crowd) talk(conn net.Conn) {
	var writing sync.Mutex
	for n := 0; c.questions == 0 || n < c.questions; n++ {
		q := new(dns.Msg)
		if b := readQuery(conn); len(b) < 12 || q.Unpack(b) != nil {
			return
		}
		if c.stalls != "" && strings.HasPrefix(q.Question[0].Name, c.stalls) {
			continue
		}
		b, _ := (&zoneServer{}).reply(q, true).Pack()
		b = append(binary.BigEndian.AppendUint16(nil, uint16(len(b))), b...)
		wait := c.delay
		if c.turned && n%2 == 0 {
			wait *= 3
		}
		answer := func() {
			writing.Lock()
			defer writing.Unlock()
			_, _ = conn.Write(b)
		}
		if c.serial {
			time.Sleep(c.delay)
			answer()
		} else {
			time.AfterFunc(wait, answer)
		}
	}
	writing.Lock()
	defer writing.Unlock()
}

// TestCrowd asks many questions at once of servers that are slow, strict and
// stingy: all healthy ones are answered.
func TestCrowd(t *testing.T) {
	t.Parallel()
	n, delay := 150, 30*time.Millisecond
	if os.Getenv("TODOKU_FULL") != "" {
		n, delay = 1000, 300*time.Millisecond
	}
	_, roots, cert := secure(t, &zoneServer{})
	for what, c := range map[string]*crowd{
		"slow":                           {delay: delay},
		"one question at a time":         {delay: delay, serial: true},
		"out of order":                   {delay: delay, turned: true},
		"three connections":              {delay: delay, conns: 3},
		"three connections, one by one":  {delay: delay / 10, conns: 3, serial: true},
		"three connections are heard":    {delay: delay, unheard: 3},
		"one question a connection":      {delay: delay, questions: 1, serial: true},
		"seven questions a connection":   {delay: delay, questions: 7, serial: true},
		"one question is never answered": {delay: delay, stalls: "q7."},
		"the same, one by one":           {delay: delay / 10, stalls: "q7.", serial: true},
	} {
		for _, scheme := range []string{"tcp://", "tls://"} {
			t.Run(what+" "+scheme, func(t *testing.T) {
				t.Parallel()
				l, err := net.Listen("tcp", "127.0.0.1:0")
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { l.Close() })
				if scheme == "tls://" {
					l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{cert}})
				}
				own := &crowd{delay: c.delay, serial: c.serial, turned: c.turned, conns: c.conns, unheard: c.unheard,
					questions: c.questions, stalls: c.stalls}
				go own.serve(l)
				o := Options{Servers: []string{scheme + l.Addr().String()}, Roots: roots, Timeout: busy}
				switch {
				case c.stalls != "": // one question waits for all of it
					o.Timeout = busy / 3
				case c.unheard > 0: // some wait for the share of a first try
					o.Timeout = busy * 2 / 3
					o.Timeout = busy / 3
				}
				askCrowd(t, client(t, o), n, c.stalls)
			})
		}
	}
}

// busy is the time limit of a question that is answered in the end, on a machine
// with much else to do.
const busy = 15 * time.Second

// askCrowd asks n questions at once; all but the stalled one must be answered.
func askCrowd(t *testing.T, c *Client, n int, stalls string) {
	t.Helper()
	var wg sync.WaitGroup
	for i := range n {
		name := fmt.Sprintf("q%d.test", i)
		wg.Go(func() {
			a, err := c.Ask(t.Context(), name, TypeTXT)
			if stalled := stalls != "" && strings.HasPrefix(name, stalls); stalled != (err != nil) || !stalled && a.Status != Found {
				t.Errorf("%s: %+v, %v", name, a, err)
			}
		})
	}
	wg.Wait()
}

// TestCrowdOverHTTP does the same with both versions of HTTP.
func TestCrowdOverHTTP(t *testing.T) {
	t.Parallel()
	n, delay := 150, 30*time.Millisecond
	if os.Getenv("TODOKU_FULL") != "" {
		n, delay = 1000, 300*time.Millisecond
	}
	for _, old := range []bool{false, true} {
		t.Run(fmt.Sprint("HTTP/1.1 only: ", old), func(t *testing.T) {
			t.Parallel()
			url, roots, _ := secureFor(t, !old, func(w http.ResponseWriter, r *http.Request, q *dns.Msg) {
				if r.ProtoMajor == 2 == old {
					t.Errorf("asked by %s", r.Proto)
				}
				time.Sleep(delay)
				writeMessage(w, (&zoneServer{}).reply(q, true))
			})
			askCrowd(t, client(t, Options{Servers: []string{url}, Roots: roots, Timeout: busy}), n, "")
		})
	}
}

// TestFewDescriptors dials where only a few sockets can be open at once: the
// client slows down, and tells it where that does not help.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	addr := serve(t, &zoneServer{edit: func(_, m *dns.Msg, _ bool) *dns.Msg { time.Sleep(5 * time.Millisecond); return m }})
	for _, spec := range []string{"192.0.2.53", "tcp://192.0.2.53"} { // a socket for each question, and connections
		var open atomic.Int32
		few := func(limit int32) Dialer {
			return func(ctx context.Context, network, _ string) (net.Conn, error) {
				if open.Add(1) > limit {
					open.Add(-1)
					return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("socket", syscall.EMFILE)}
				}
				c, err := new(net.Dialer).DialContext(ctx, network, addr)
				return &counted{Conn: c, open: &open}, err
			}
		}
		askCrowd(t, client(t, Options{Servers: []string{spec}, Dial: few(8), Timeout: 20 * time.Second}), 200, "")
		_, err := client(t, Options{Servers: []string{spec}, Dial: few(-1000),
			Timeout: 200 * time.Millisecond}).Ask(t.Context(), "a.test", TypeTXT)
		if kindOf(err) != KindDescriptors {
			t.Errorf("%s: no descriptor at all: %v", spec, err)
		}
	}
}

// TestFewPorts dials where no address is left to connect from: at once, as where
// the machine has no IPv6, that is the network; later ports are short.
func TestFewPorts(t *testing.T) {
	t.Parallel()
	addr := serve(t, &zoneServer{edit: func(_, m *dns.Msg, _ bool) *dns.Msg { time.Sleep(5 * time.Millisecond); return m }})
	for _, spec := range []string{"192.0.2.53", "tcp://192.0.2.53", "tls://192.0.2.53", "https://192.0.2.53/"} {
		var open, tried atomic.Int32
		few := func(limit int32) Dialer {
			return func(ctx context.Context, network, _ string) (net.Conn, error) {
				tried.Add(1)
				if open.Add(1) > limit {
					open.Add(-1)
					return nil, &net.OpError{Op: "dial", Net: network, Err: os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)}
				}
				c, err := new(net.Dialer).DialContext(ctx, network, addr)
				return &counted{Conn: c, open: &open}, err
			}
		}
		_, err := client(t, Options{Servers: []string{spec}, Dial: few(-1000), Timeout: time.Second}).Ask(t.Context(), "a.test", TypeTXT)
		if kindOf(err) != KindNetwork || tried.Load() != 1 {
			t.Errorf("%s: %v after %d tries", spec, err, tried.Load())
		}
		if strings.HasPrefix(spec, "tls") || strings.HasPrefix(spec, "https") {
			continue
		}
		c := client(t, Options{Servers: []string{spec}, Dial: few(8), Timeout: 20 * time.Second})
		if _, err := c.Ask(t.Context(), "a.test", TypeTXT); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
		askCrowd(t, c, 200, "")
	}
}

// counted is a connection that counts as open until it is closed.
type counted struct {
	net.Conn
	open *atomic.Int32
	once sync.Once
}

func (c *counted) Close() error {
	c.once.Do(func() { c.open.Add(-1) })
	return c.Conn.Close()
}
