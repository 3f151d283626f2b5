package lab_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"todoku/diag/lab"
)

// caller is a plain SMTP client that keeps what was said.
type caller struct {
	t    testing.TB
	c    net.Conn
	r    *bufio.Reader
	tls  bool
	said []lab.Line
}

// hung is when a conversation has no end; a busy machine may take long.
const hung = 3 * time.Minute

func call(t testing.TB, l *lab.Lab, addr string) *caller {
	t.Helper()
	c, err := l.Dial(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	_ = c.SetDeadline(time.Now().Add(hung))
	return &caller{t: t, c: c, r: bufio.NewReader(c)}
}

// reply reads one reply; the code is 0 where the connection ended.
func (c *caller) reply() (code int, lines []string) {
	for {
		line, err := c.r.ReadString('\n')
		if err != nil {
			return 0, lines
		}
		line = strings.TrimSuffix(line, "\r\n")
		c.said = append(c.said, lab.Line{TLS: c.tls, Text: line})
		if len(line) < 4 {
			c.t.Fatalf("%q is no reply", line)
		}
		lines = append(lines, line[4:])
		if line[3] == ' ' {
			code, _ = strconv.Atoi(line[:3])
			return code, lines
		}
	}
}

// say sends one line.
func (c *caller) say(line string) {
	if _, err := c.c.Write([]byte(line + "\r\n")); err == nil {
		c.said = append(c.said, lab.Line{Client: true, TLS: c.tls, Text: line})
	}
}

func (c *caller) ask(line string) int {
	c.say(line)
	code, _ := c.reply()
	return code
}

// want asks and demands a code.
func (c *caller) want(code int, line string) {
	c.t.Helper()
	if got := c.ask(line); got != code {
		c.t.Errorf("%.80s: %d, want %d", line, got, code)
	}
}

func (c *caller) startTLS(config *tls.Config) error {
	tc := tls.Client(c.c, config)
	if err := tc.Handshake(); err != nil {
		return err
	}
	c.c, c.r, c.tls = tc, bufio.NewReader(tc), true
	return nil
}

// start opens the world of all scenarios.
func open(t testing.TB) *lab.Lab {
	t.Helper()
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	return run(t, w)
}

func run(t testing.TB, w *lab.World) *lab.Lab {
	t.Helper()
	l, err := lab.Start(context.Background(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// mx asks the lab's DNS for the best host of a domain; "" is none.
func mx(t testing.TB, l *lab.Lab, domain string) string {
	r := ask(t, l, "udp", domain, "MX", 1232)
	var best *dns.MX
	for _, rr := range r.Answer {
		if m, ok := rr.(*dns.MX); ok && (best == nil || m.Preference < best.Preference) {
			best = m
		}
	}
	if best == nil {
		return ""
	}
	return strings.TrimSuffix(best.Mx, ".")
}

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func has(lines []string, prefix string) bool {
	return slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, prefix) })
}
