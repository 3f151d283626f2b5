package page

import (
	"context"
	"io"
	"os"
	"time"
)

// lastWait is how long the reader of an output may take after the end of the run.
const lastWait = time.Second

// Until makes writing end with a context: the reader of a pipe or a terminal may be slow or gone, and nobody waits for it
// longer than a second once the context has ended. Files take everything at once. A later call names another context.
func (o *Out) Until(ctx context.Context) *Out {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch w := o.w.(type) {
	case *os.File:
		if info, err := w.Stat(); err == nil && !info.Mode().IsRegular() {
			o.w = &boundedWriter{file: w, ctx: ctx}
		}
	case *boundedWriter:
		w.ctx = ctx
	}
	return o
}

// boundedWriter is a pipe or a terminal. A write waits for its reader, but at most lastWait after the context has ended.
type boundedWriter struct {
	file *os.File
	ctx  context.Context
	kept []byte       // a copy of what is being written: the caller may change its own
	todo chan []byte  // what work writes next; nil before the first write
	done chan written // what came of it
	late error        // why a write was given up; there is no further one
}

type written struct {
	n   int
	err error
}

var _ io.Writer = (*boundedWriter)(nil)

// Fd is for Terminal, which asks the file.
func (p *boundedWriter) Fd() uintptr { return p.file.Fd() }

func (p *boundedWriter) Write(b []byte) (int, error) {
	if p.late != nil {
		return 0, p.late
	}
	if p.todo == nil {
		p.todo, p.done = make(chan []byte), make(chan written, 1)
		go p.work()
	}
	p.kept = append(p.kept[:0], b...)
	p.todo <- p.kept
	select {
	case w := <-p.done:
		return w.n, w.err
	case <-p.ctx.Done():
	}
	last := time.NewTimer(lastWait)
	defer last.Stop()
	select {
	case w := <-p.done:
		return w.n, w.err
	case <-last.C:
		p.late = context.Cause(p.ctx)
		return 0, p.late
	}
}

// work writes, for as long as the program lives.
func (p *boundedWriter) work() {
	for b := range p.todo {
		n, err := p.file.Write(b)
		p.done <- written{n, err}
	}
}
