package sender

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Bounds of sessions that go on with the next mail. Servers close what stays
// idle, and many end a session after so many mails.
const (
	idleTime     = 2 * time.Second
	idleSessions = 64
	sessionMails = 100
)

// idle holds sessions that have delivered a mail and wait for the next one to
// the same server. The server's turn decides who may take one.
type idle struct {
	sync.Mutex
	byServer map[string][]*idleSession // by address: one host may have several names
	count    int
	limit    map[string]int // mails in one session, of servers that wanted no more
}

// idleSession is a session without a mail.
type idleSession struct {
	Session
	to    Server
	mails int // delivered in it
	end   *time.Timer
}

// take gives a session with the server at an address, nil where there is none.
func (i *idle) take(addr string) *idleSession {
	i.Lock()
	defer i.Unlock()
	all := i.byServer[addr]
	if len(all) == 0 {
		return nil
	}
	w := all[len(all)-1]
	w.end.Stop()
	i.remove(addr, len(all)-1)
	return w
}

func (i *idle) remove(addr string, n int) {
	i.count--
	if i.byServer[addr] = slices.Delete(i.byServer[addr], n, n+1); len(i.byServer[addr]) == 0 {
		delete(i.byServer, addr)
	}
}

// put keeps a session for a while; false says that there is no room.
func (i *idle) put(to Server, s Session, mails int) bool {
	if mails >= sessionMails {
		return false
	}
	i.Lock()
	defer i.Unlock()
	if most, known := i.limit[to.Addr]; known && mails >= most || i.count >= idleSessions {
		return false
	}
	if i.byServer == nil {
		i.byServer = map[string][]*idleSession{}
	}
	w := &idleSession{Session: s, to: to, mails: mails}
	w.end = time.AfterFunc(idleTime, func() {
		if i.drop(w) {
			w.Quit(context.Background())
		}
	})
	i.byServer[to.Addr] = append(i.byServer[to.Addr], w)
	i.count++
	return true
}

// learn keeps in mind that a server wanted no further mail in a session after so
// many. Each try that fails costs a mail up to the time limit of one step.
func (i *idle) learn(addr string, mails int) {
	i.Lock()
	defer i.Unlock()
	if i.limit == nil {
		i.limit = map[string]int{}
	}
	i.limit[addr] = mails
}

// drop takes a session out; false says that somebody was faster.
func (i *idle) drop(w *idleSession) bool {
	i.Lock()
	defer i.Unlock()
	n := slices.Index(i.byServer[w.to.Addr], w)
	if n >= 0 {
		i.remove(w.to.Addr, n)
	}
	return n >= 0
}

// Close ends the sessions that wait for a next mail.
func (d *Deliverer) Close() {
	d.idle.Lock()
	all := d.idle.byServer
	d.idle.byServer, d.idle.count = nil, 0
	d.idle.Unlock()
	var wg sync.WaitGroup
	for _, sessions := range all {
		for _, w := range sessions {
			w.end.Stop() // where it has rung already, drop finds nothing any more
			wg.Go(func() { w.Quit(context.Background()) })
		}
	}
	wg.Wait()
}
