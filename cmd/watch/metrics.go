package watch

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/serve/guard"
	"todoku/codes"
	"todoku/diag/watch/metrics"
)

// Bounds of a server that only a monitoring system asks.
const (
	headerPatience = 5 * time.Second
	idlePatience   = time.Minute
	writePatience  = 15 * time.Second
	maxHeader      = 16 << 10
	maxScrapers    = 64 // connections
)

// serve answers GET /metrics and GET /healthz at an address, until the returned function is called.
func (o *running) serve(ctx context.Context, a *app.App) (end func(), err error) {
	q, err := queueToRead(ctx, o.store)
	if err != nil {
		return nil, err
	}
	e := &metrics.Exporter{Now: a.Now, Version: app.Version, Read: func(ctx context.Context) (f metrics.Figures, err error) {
		if f.Overview, err = o.store.Overview(ctx); err == nil {
			f.Queue, err = q.Depth(ctx)
		}
		return f, err
	}}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", o.listen)
	if err != nil {
		return nil, guard.CannotListen(err)
	}
	o.also = e.Count
	h, err := guarded(a, l.Addr(), e.Handler())
	if err != nil {
		_ = l.Close()
		return nil, err
	}
	bounded := guard.Bounded(l, maxScrapers)
	web := &http.Server{Handler: h, ConnState: bounded.State, ReadHeaderTimeout: headerPatience,
		IdleTimeout: idlePatience, WriteTimeout: writePatience,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0)}
	var wg sync.WaitGroup
	wg.Go(func() { _ = web.Serve(bounded) }) // it ends by Close
	a.Tell(codes.Say(codes.Text{EN: "listening on http://{address}/metrics", JA: "http://{address}/metrics で受け付けています"},
		codes.Str("address", l.Addr().String())))
	return func() { _ = web.Close(); wg.Wait() }, nil
}

// guarded lets only this machine's own names for itself through, where only this machine can ask: a page in a browser that leads
// here by another name (DNS rebinding) reads no names of domains.
func guarded(a *app.App, at net.Addr, h http.Handler) (http.Handler, error) {
	to, err := netip.ParseAddrPort(at.String())
	if err != nil || !to.Addr().Unmap().IsLoopback() {
		return h, nil
	}
	g, err := guard.New(guard.Guard{Now: a.Now, Refuse: func(w http.ResponseWriter, _ *http.Request, why guard.Reason) {
		http.Error(w, string(why), why.Status())
	}})
	if err != nil {
		return nil, err
	}
	return g.Wrap(h, func(string) bool { return true }), nil
}
