package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// progress shows on a line of the terminal how far the reading is, from the first second on.
type progress struct {
	app    *app.App
	octets atomic.Int64 // read, of a .gz as it lies there
	events atomic.Int64
	total  int64 // octets of the files that are named; 0 where it is not known
	mu     sync.Mutex
	shown  bool
}

// counted is a reader whose octets are counted. When ctx ends so does the input: what was read before counts.
type counted struct {
	ctx context.Context
	r   io.Reader
	p   *progress
	n   int64
	cut bool // ctx ended before the input did
}

func (c *counted) Read(b []byte) (int, error) {
	if c.ctx.Err() != nil {
		c.cut = true
		return 0, io.EOF
	}
	n, err := c.r.Read(b)
	c.n += int64(n)
	c.p.octets.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) && c.ctx.Err() != nil {
		c.cut, err = true, io.EOF
	}
	return n, err
}

// start begins to show; stop ends it. Where standard error is no terminal nothing is shown.
func (p *progress) start(args []string) (stop func()) {
	if _, watching := p.app.Stderr.Terminal(); !watching {
		return func() {}
	}
	p.total = sizeOf(args)
	ticks, done := time.NewTicker(time.Second), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				p.show()
			case <-done:
				return
			}
		}
	})
	return sync.OnceFunc(func() {
		close(done)
		wg.Wait()
		p.clearWhile(func() {})
	})
}

// sizeOf is how many octets files have; 0 where something else is among them.
func sizeOf(args []string) int64 {
	var all int64
	for _, name := range args {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			return 0
		}
		all += info.Size()
	}
	return all
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = true
	says := codes.Text{EN: "read: {read} MB, {events} events (Ctrl-C ends it)", JA: "読み取り済み: {read} MB、イベント{events}件(Ctrl-Cで中断)"}
	if p.total > 0 {
		says = codes.Text{EN: "read: {read} of {total} MB, {events} events (Ctrl-C ends it)", JA: "読み取り済み: {total} MB中{read} MB、イベント{events}件(Ctrl-Cで中断)"}
	}
	p.app.Stderr.Status(page.Message(codes.Say(says, megabytes("read", p.octets.Load()), megabytes("total", p.total),
		codes.Num("events", int(p.events.Load()))), p.app.Lang))
}

func megabytes(key string, octets int64) codes.Datum {
	return codes.Str(key, fmt.Sprintf("%.1f", float64(octets)/1e6))
}

// clearWhile removes the line and runs print before it can come back.
func (p *progress) clearWhile(print func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		p.app.Stderr.ClearStatus()
		p.shown = false
	}
	print()
}
