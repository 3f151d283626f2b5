package smtp_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/smtp"
)

// line is one connection as a scripted server has it.
type line struct {
	net.Conn
	r *bufio.Reader
}

func newLine(c net.Conn) *line { return &line{c, bufio.NewReader(c)} }

func (l *line) say(s string) { _, _ = io.WriteString(l.Conn, s+"\r\n") }

func (l *line) hear() string {
	s, _ := l.r.ReadString('\n')
	return strings.TrimRight(s, "\r\n")
}

// flood writes the same until nobody listens.
func (l *line) flood(s string) {
	part := []byte(s)
	for {
		if _, err := l.Write(part); err != nil {
			return
		}
	}
}

// scripted is a server that does what a test says, for each connection.
func scripted(t testing.TB, talk func(*line)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				_ = c.SetDeadline(time.Now().Add(30 * time.Second))
				talk(newLine(c))
				_, _ = io.Copy(io.Discard, c)
			}()
		}
	}()
	return l.Addr().String()
}

// TestHostileServers end in bounded time and memory, and it is known how.
func TestHostileServers(t *testing.T) {
	t.Parallel()
	greet := func(then func(*line)) func(*line) {
		return func(l *line) { l.say("220 mx.test"); l.hear(); then(l) }
	}
	for name, test := range map[string]struct {
		talk  func(*line)
		stage codes.Stage
		kinds []smtp.Kind
	}{
		"endless greeting": {func(l *line) { l.flood("220-hello\r\n") }, codes.StageConnect, []smtp.Kind{smtp.KindTooLong}},
		"a line of a megabyte": {func(l *line) { l.say("220 " + strings.Repeat("x", 1<<20)) }, codes.StageConnect,
			[]smtp.Kind{smtp.KindTooLong}},
		"a line without an end": {func(l *line) { l.flood("xxxxxxxxxxxxxxxx") }, codes.StageConnect, []smtp.Kind{smtp.KindTooLong}},
		"garbage":               {func(l *line) { l.say("HTTP/1.1 400 Bad Request") }, codes.StageConnect, []smtp.Kind{smtp.KindGarbage}},
		"binary":                {func(l *line) { l.say("\x00\xff\x15\x03") }, codes.StageConnect, []smtp.Kind{smtp.KindGarbage}},
		"yes and no":            {func(l *line) { l.say("220-a\r\n554 b") }, codes.StageConnect, []smtp.Kind{smtp.KindGarbage}},
		"no code":               {func(l *line) { l.say("22") }, codes.StageConnect, []smtp.Kind{smtp.KindGarbage}},
		"code out of range":     {func(l *line) { l.say("999 x") }, codes.StageConnect, []smtp.Kind{smtp.KindGarbage}},
		"closes at once":        {func(l *line) { _ = l.Close() }, codes.StageConnect, []smtp.Kind{smtp.KindClosed}},
		"closes in a line": {func(l *line) { _, _ = io.WriteString(l.Conn, "220 mx"); _ = l.Close() },
			codes.StageConnect, []smtp.Kind{smtp.KindClosed}},
		"says nothing": {func(*line) {}, codes.StageConnect, []smtp.Kind{smtp.KindTimeout}},
		"drips": {func(l *line) {
			for range 100 {
				_, _ = io.WriteString(l.Conn, "2")
				time.Sleep(50 * time.Millisecond)
			}
		}, codes.StageConnect, []smtp.Kind{smtp.KindTimeout}},
		"silent after EHLO":  {greet(func(*line) {}), codes.StageEHLO, []smtp.Kind{smtp.KindTimeout}},
		"closes after EHLO":  {greet(func(l *line) { _ = l.Close() }), codes.StageEHLO, []smtp.Kind{smtp.KindClosed}},
		"endless extensions": {greet(func(l *line) { l.flood("250-X\r\n") }), codes.StageEHLO, []smtp.Kind{smtp.KindTooLong}},
		"smuggles before TLS": {greet(func(l *line) { l.say("250-mx\r\n250 STARTTLS"); l.hear(); l.say("220 go\r\n250 injected") }),
			codes.StageSTARTTLS, []smtp.Kind{smtp.KindTLS}},
		"no TLS after 220": {greet(func(l *line) {
			l.say("250-mx\r\n250 STARTTLS")
			l.hear()
			l.say("220 go")
			time.Sleep(10 * time.Millisecond)
			l.say("500 what")
		}), codes.StageSTARTTLS, []smtp.Kind{smtp.KindTLS}},
		"closes within TLS": {greet(func(l *line) { l.say("250-mx\r\n250 STARTTLS"); l.hear(); l.say("220 go"); _ = l.Close() }),
			codes.StageSTARTTLS, []smtp.Kind{smtp.KindTLS, smtp.KindClosed}},
		"silent within TLS": {greet(func(l *line) { l.say("250-mx\r\n250 STARTTLS"); l.hear(); l.say("220 go") }),
			codes.StageSTARTTLS, []smtp.Kind{smtp.KindTimeout}},
		"endless challenges": {greet(func(l *line) {
			l.say("250-mx\r\n250 AUTH LOGIN")
			for range 10000 {
				if l.hear(); false {
					return
				}
				l.say("334 VXNlcm5hbWU6")
			}
		}), codes.StageAuth, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := scripted(t, test.talk)
			start := time.Now()
			err := walk(t.Context(), addr)
			var fault *smtp.Error
			if test.kinds == nil {
				if err != nil && time.Since(start) > 10*time.Second {
					t.Errorf("%v after %s", err, time.Since(start))
				}
				return
			}
			if !errors.As(err, &fault) || fault.Stage != test.stage || !contains(test.kinds, fault.Kind) {
				t.Errorf("%v (%+v), want %s at %s", err, fault, test.kinds, test.stage)
			}
		})
	}
}

func contains(list []smtp.Kind, k smtp.Kind) bool {
	for _, x := range list {
		if x == k {
			return true
		}
	}
	return false
}

// walk goes as far as a server lets it.
func walk(ctx context.Context, addr string) error {
	s, _, err := smtp.Dial(ctx, addr, smtp.Options{Timeout: 700 * time.Millisecond, Host: "mx.test"})
	if s != nil {
		defer s.Close()
	}
	if err != nil {
		return err
	}
	if _, err := s.Hello(ctx); err != nil {
		return err
	}
	if s.Offers("STARTTLS") {
		if _, err := s.StartTLS(ctx); err != nil {
			return err
		}
	}
	if s.Offers("AUTH") {
		_, err = s.Login(ctx, "a", "b", false)
	}
	return err
}

// TestMemoryIsBounded: a server that never stops talking costs next to nothing.
func TestMemoryIsBounded(t *testing.T) {
	addr := scripted(t, func(l *line) { l.flood("220-" + strings.Repeat("x", 4000) + "\r\n") })
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 20 {
		if err := walk(t.Context(), addr); err == nil {
			t.Fatal("an endless greeting was taken")
		}
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 20<<20 {
		t.Errorf("%d MiB for 20 sessions", used>>20)
	}
}

// TestInterrupt: the end of the context ends a step at once.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	addr := scripted(t, func(l *line) { l.say("220 mx.test"); l.hear() })
	ctx, cancel := context.WithCancel(t.Context())
	s, _, err := smtp.Dial(ctx, addr, smtp.Options{Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	time.AfterFunc(50*time.Millisecond, cancel)
	var fault *smtp.Error
	if _, err := s.Hello(ctx); !errors.As(err, &fault) || fault.Kind != smtp.KindContext || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// TestNoMechanism: without a mechanism that fits, nothing is said.
func TestNoMechanism(t *testing.T) {
	t.Parallel()
	addr := scripted(t, func(l *line) { l.say("220 mx.test"); l.hear(); l.say("250-mx.test\r\n250 AUTH GSSAPI") })
	s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	var fault *smtp.Error
	if _, err := s.Login(t.Context(), "a", "b", false); !errors.As(err, &fault) || fault.Kind != smtp.KindAuth {
		t.Errorf("%v", err)
	}
}
