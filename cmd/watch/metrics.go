package watch

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
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
	web := &http.Server{Handler: e.Handler(), ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience, WriteTimeout: writePatience,
		MaxHeaderBytes: maxHeader, ErrorLog: log.New(io.Discard, "", 0)}
	var wg sync.WaitGroup
	wg.Go(func() { _ = web.Serve(l) }) // it ends by Close
	a.Tell(codes.Say(codes.Text{EN: "listening on http://{address}/metrics", JA: "http://{address}/metrics で受け付けています"},
		codes.Str("address", l.Addr().String())))
	return func() { _ = web.Close(); wg.Wait() }, nil
}
