package page

import (
	"bytes"
	"context"
	"io"
	"os"
	"time"
)

// lastWait is how long the reader of an output may take after the end of the run.
const lastWait = time.Second

// Until makes writing end with a context: the reader of a pipe or a terminal may be slow or gone, and nobody waits for it
// longer than a second once the context has ended. Files take everything at once.
func (o *Out) Until(ctx context.Context) *Out {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f, ok := o.w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
			o.w = &patient{f, ctx}
		}
	}
	return o
}

// patient is a file whose writes wait for its reader.
type patient struct {
	file *os.File
	ctx  context.Context
}

var _ io.Writer = (*patient)(nil)

// Fd tells terminals.
func (p *patient) Fd() uintptr { return p.file.Fd() }

func (p *patient) Write(b []byte) (int, error) {
	type written struct {
		n   int
		err error
	}
	done := make(chan written, 1)
	kept := bytes.Clone(b) // the caller may go on with b while the write waits
	go func() {
		n, err := p.file.Write(kept)
		done <- written{n, err}
	}()
	select {
	case w := <-done:
		return w.n, w.err
	case <-p.ctx.Done():
	}
	last := time.NewTimer(lastWait)
	defer last.Stop()
	select {
	case w := <-done:
		return w.n, w.err
	case <-last.C:
		return 0, context.Cause(p.ctx)
	}
}
