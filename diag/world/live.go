package world

import (
	"context"

	"todoku/diag/resolve"
)

// FirstHand asks the name servers of a domain's own zone about that zone, and
// others as before: resolvers remember old records for as long as their TTL says.
// Where another DNS was given, or those servers cannot be found, it is r itself.
// done frees what was opened.
func (w *World) FirstHand(ctx context.Context, r resolve.Resolver, domain string) (live resolve.Resolver, done func()) {
	o := w.options
	if o.Lab || o.Offline || len(o.Zones) > 0 || len(o.Servers) > 0 || domain == "" {
		return r, func() {}
	}
	zone, servers, err := resolve.Authorities(ctx, r, domain)
	if err != nil {
		return r, func() {}
	}
	own, err := resolve.New(resolve.Options{Servers: servers, Timeout: o.Timeout})
	if err != nil {
		return r, func() {}
	}
	return resolve.Split{Zone: zone, Inside: own, Outside: r}, own.Close
}
