package river_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/watch/store"
	"todoku/diag/world"
)

// What a worker of a fleet is told: a run of this test binary with fleetStore is one.
const (
	fleetStore = "TODOKU_TEST_FLEET_STORE"
	fleetDNS   = "TODOKU_TEST_FLEET_DNS"
	fleetQuick = "TODOKU_TEST_FLEET_QUICK" // the times of a short test
)

// fleetWorker works until it is told to end, and returns its exit status.
func fleetWorker() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := workFleet(ctx, os.Getenv(fleetStore)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func workFleet(ctx context.Context, where string) error {
	s, err := store.Open(ctx, where, store.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	w, err := world.Open(ctx, world.Options{Servers: []string{os.Getenv(fleetDNS)}})
	if err != nil {
		return err
	}
	defer w.Close()
	checks := check.Domain(check.DomainOptions{})
	e := &watch.Engine{Store: s, Now: time.Now, Looker: &watch.Looker{
		Env: w.Run, Checks: func(watch.Kept) []*diag.Check { return checks }, Places: make(chan struct{}, 64),
		Words: func(err error) codes.Text { return codes.Text{EN: err.Error(), JA: err.Error()} },
	}}
	var o river.Options
	if os.Getenv(fleetQuick) != "" {
		checks = []*diag.Check{check.MX()}
		o = river.Options{Renew: 50 * time.Millisecond, Lost: 600 * time.Millisecond, Grace: time.Second, Poll: 50 * time.Millisecond,
			Backoff: 100 * time.Millisecond, Tries: 100}
	}
	o.Chores = []river.Chore{{Name: "schedule", Every: time.Second, Do: func(ctx context.Context) error {
		_, err := e.Schedule(ctx)
		return err
	}}}
	if e.Queue, err = river.New(s.DB(), dialectOf(s), o); err != nil {
		return err
	}
	return e.Work(ctx, 2)
}

func dialectOf(s *store.Store) river.Dialect {
	if s.Dialect() == store.PostgreSQL {
		return river.PostgreSQL
	}
	return river.SQLite
}

// emptyDNS answers all questions after a while, with a record for SPF and none for anything else.
func emptyDNS(t testing.TB, delay time.Duration) string {
	t.Helper()
	c, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(t, err)
	must(t, c.(*net.UDPConn).SetReadBuffer(4<<20))
	t.Cleanup(func() { c.Close() })
	go func() {
		for buf := make([]byte, 4096); ; {
			n, from, err := c.ReadFrom(buf)
			if err != nil {
				return
			}
			if out := answer(append([]byte(nil), buf[:n]...)); out != nil {
				time.AfterFunc(delay, func() { _, _ = c.WriteTo(out, from) })
			}
		}
	}()
	return c.LocalAddr().String()
}

// answer makes a query its answer (RFC 1035 §4.1).
func answer(q []byte) []byte {
	const header, typeTXT = 12, 16
	end := header
	for end < len(q) && q[end] != 0 {
		end += int(q[end]) + 1
	}
	if end += 5; end > len(q) {
		return nil
	}
	out := q[:end:end]
	out[2], out[3] = 0x81, 0x80 // an answer to a recursive query, no error
	binary.BigEndian.PutUint16(out[6:], 0)
	binary.BigEndian.PutUint16(out[8:], 0)
	binary.BigEndian.PutUint16(out[10:], 0)
	if binary.BigEndian.Uint16(out[end-4:]) != typeTXT || out[header] == '_' || out[header+1] == '_' {
		return out
	}
	const spf = "v=spf1 -all"
	binary.BigEndian.PutUint16(out[6:], 1)
	out = append(out, 0xc0, header, 0, typeTXT, 0, 1, 0, 0, 1, 0, 0, byte(len(spf)+1), byte(len(spf)))
	return append(out, spf...)
}
