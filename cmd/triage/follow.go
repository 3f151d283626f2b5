package triage

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"os"
	"time"

	"todoku/cmd/app"
	"todoku/sender/mailbox"
)

// followed is a log that grows, as a mailbox of one file without end.
type followed struct {
	mailbox.Box
	a      *app.App
	name   string
	turned func(lines int64) // is told behind which line another file begins
}

// Items gives the log.
func (f followed) Items(context.Context) iter.Seq2[mailbox.Item, error] {
	open := func(ctx context.Context) (io.ReadCloser, error) {
		log, err := f.a.OpenFile(ctx, f.name, os.O_RDONLY, 0)
		if err != nil {
			return nil, err
		}
		return &growing{ctx: ctx, a: f.a, name: f.name, f: log, turned: f.turned}, nil
	}
	return func(yield func(mailbox.Item, error) bool) {
		yield(mailbox.Item{Name: f.name, ID: f.name, Modified: time.Now(), Open: open}, nil)
	}
}

// Close has nothing to close.
func (followed) Close() error { return nil }

// growing reads a file that is written to, until the context ends. When another file takes its name (a rotated log), it
// goes on with that one; when it becomes shorter, it begins at its start.
type growing struct {
	ctx    context.Context
	a      *app.App
	name   string
	f      *os.File
	offset int64 // in this file
	total  int64
	lines  int64 // of all files
	turned func(lines int64)
	last   byte
	paused bool // the end was told once
}

// Pauses while nothing new is there.
const pollPause = 200 * time.Millisecond

// formatHead is how much event.Read waits for to recognise the format, in octets.
const formatHead = 64 << 10

// Read waits for more. A short log has to be recognised before more comes: its end is told once.
func (g *growing) Read(b []byte) (int, error) {
	for {
		n, err := g.f.Read(b)
		if n > 0 {
			g.offset, g.total, g.last = g.offset+int64(n), g.total+int64(n), b[n-1]
			g.lines += int64(bytes.Count(b[:n], []byte{'\n'}))
			return n, nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, app.FileFault(err)
		}
		if !g.paused && g.total > 0 && g.total < formatHead && g.last == '\n' {
			g.paused = true
			return 0, io.EOF
		}
		changed, err := g.changed()
		switch {
		case err != nil:
			return 0, err
		case changed && g.total > 0 && g.last != '\n': // its last line has no end and will get none
			g.last, b[0] = '\n', '\n'
			g.lines++
			g.turned(g.lines)
			return 1, nil
		case changed:
			g.turned(g.lines)
			continue
		}
		select {
		case <-time.After(pollPause):
		case <-g.ctx.Done():
			return 0, context.Cause(g.ctx)
		}
	}
}

// changed looks whether the name leads to another file, or the file was emptied, and goes to where new lines are.
func (g *growing) changed() (bool, error) {
	now, err := os.Stat(g.name)
	if err != nil { // between two files there may be none
		return false, nil
	}
	open, err := g.f.Stat()
	if err != nil {
		return false, app.FileFault(err)
	}
	switch {
	case !os.SameFile(now, open):
		f, err := g.a.OpenFile(g.ctx, g.name, os.O_RDONLY, 0)
		if err != nil {
			return false, nil
		}
		if rest, err := g.f.Stat(); err == nil && rest.Size() > g.offset { // it was written to meanwhile
			return true, f.Close()
		}
		_ = g.f.Close()
		g.f, g.offset = f, 0
		return true, nil
	case now.Size() < g.offset:
		g.offset = 0
		_, err := g.f.Seek(0, io.SeekStart)
		return true, err
	}
	return false, nil
}

// Close closes the file that is open.
func (g *growing) Close() error { return g.f.Close() }

// renewEvery is how often the output is renewed while a log is followed.
const renewEvery = time.Second

// everySecond calls do until stop is called.
func everySecond(do func()) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	ticks := time.NewTicker(renewEvery)
	go func() {
		defer close(ended)
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				do()
			case <-done:
				return
			}
		}
	}()
	return func() {
		close(done)
		<-ended
	}
}
