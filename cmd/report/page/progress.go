package page

import (
	"sync"
	"time"

	"todoku/codes"
)

// Progress is a line of the terminal that tells how far something is, from the first second on. What is printed to another
// place meanwhile goes through ClearWhile. A nil Progress shows nothing.
type Progress struct {
	out   *Out
	lang  codes.Lang
	line  func(took time.Duration) codes.Message
	start time.Time
	mu    sync.Mutex // held while the line or something in its place is written
	stop  func()
}

// ShowProgress shows a line each second anew, until Stop is called. Where the place is no terminal nothing is shown.
func (o *Out) ShowProgress(l codes.Lang, line func(took time.Duration) codes.Message) *Progress {
	if _, watching := o.Terminal(); !watching {
		return &Progress{out: o, stop: func() {}}
	}
	return o.showAtEach(time.NewTicker(time.Second), l, line)
}

// showAtEach replaces the line at each tick.
func (o *Out) showAtEach(ticks *time.Ticker, l codes.Lang, line func(took time.Duration) codes.Message) *Progress {
	p, ended := &Progress{out: o, lang: l, line: line, start: time.Now()}, make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		defer ticks.Stop()
		for {
			select {
			case <-ticks.C:
				p.show()
			case <-ended:
				return
			}
		}
	})
	p.stop = sync.OnceFunc(func() {
		close(ended)
		wg.Wait()
		p.ClearWhile(func() {})
	})
	return p
}

// show writes the line.
func (p *Progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.Status(Message(p.line(time.Since(p.start)), p.lang))
}

// ClearWhile removes the line and runs print before it can come back.
func (p *Progress) ClearWhile(print func()) {
	if p == nil {
		print()
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out.ClearStatus()
	print()
}

// Stop removes the line for good. It may be called several times.
func (p *Progress) Stop() {
	if p != nil {
		p.stop()
	}
}
