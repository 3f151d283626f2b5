package triage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"todoku/codes"
)

// progress counts how far the reading is.
type progress struct {
	octets atomic.Int64 // read, of a .gz as it lies there
	events atomic.Int64
	total  int64 // octets of the files that are named; 0 where it is not known
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

func (p *progress) line(time.Duration) codes.Message {
	says := codes.Text{EN: "read: {read} MB, {events} events (Ctrl-C ends it)", JA: "読み取り済み: {read} MB、イベント{events}件(Ctrl-Cで中断)"}
	if p.total > 0 {
		says = codes.Text{EN: "read: {read} of {total} MB, {events} events (Ctrl-C ends it)", JA: "読み取り済み: {total} MB中{read} MB、イベント{events}件(Ctrl-Cで中断)"}
	}
	return codes.Say(says, megabytes("read", p.octets.Load()), megabytes("total", p.total), codes.Num("events", int(p.events.Load())))
}

func megabytes(key string, octets int64) codes.Datum {
	return codes.Str(key, fmt.Sprintf("%.1f", float64(octets)/1e6))
}
