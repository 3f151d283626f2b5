// Package mx finds the hosts and addresses that take a domain's mail
// (RFC 5321 §5.1, RFC 7505). It judges nothing.
package mx

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"

	"todoku/diag/resolve"
)

// MaxHosts bounds the hosts of a route: nobody needs more. A longer set is cut,
// and Route.Cut says so.
const MaxHosts = 30

// Route is the way of mail to a domain.
type Route struct {
	Answer   resolve.Answer // the MX question
	Hosts    []Host         // by preference, each name once
	Null     bool           // a null MX stands in the set (RFC 7505 §3)
	Implicit bool           // no MX: the domain's own addresses take mail (RFC 5321 §5.1)
	Repeated []string       // hosts that stand in the set more than once
	Cut      int            // hosts beyond the bound, not looked at
	Own      resolve.Host   // the domain's own addresses, where they were asked for
}

// Host is one mail host.
type Host struct {
	Name      string
	Pref      uint16
	Literal   netip.Addr // valid when an address stands where a name should
	Addresses resolve.Host
}

// Lookup finds the route. The error is about the MX question; what could not
// be found out about a host stands with it (Route.Err). With eager the domain's
// own addresses are asked for in the same round trip, in case there is no MX.
func Lookup(ctx context.Context, r resolve.Resolver, domain string, eager bool) (*Route, error) {
	route := new(Route)
	var wg sync.WaitGroup
	if eager {
		wg.Go(func() { route.Own = resolve.AskHost(ctx, r, domain) })
	}
	var err error
	route.Answer, err = r.Ask(ctx, domain, resolve.TypeMX)
	switch {
	case err != nil:
	case route.Answer.Status == resolve.Found:
		route.list(route.Answer.Records)
		for i := range route.Hosts {
			if h := &route.Hosts[i]; !h.Literal.IsValid() {
				wg.Go(func() { h.Addresses = resolve.AskHost(ctx, r, h.Name) })
			}
		}
	case route.Answer.Status == resolve.NoData && !eager:
		route.Own = resolve.AskHost(ctx, r, domain)
	}
	wg.Wait()
	if err == nil && route.Answer.Status == resolve.NoData {
		route.implicit(domain)
	}
	return route, err
}

// implicit takes the domain itself as the host when it has an address, or when
// that is not known.
func (rt *Route) implicit(domain string) {
	rt.Implicit = len(rt.Own.Addrs()) > 0
	if rt.Implicit || rt.Own.Err() != nil {
		rt.Hosts = []Host{{Name: domain, Addresses: rt.Own}}
	}
}

// Sorted gives MX records by preference, those of the same preference by name. The slice is a copy.
func Sorted(records []resolve.Record) []resolve.Record {
	return slices.SortedStableFunc(slices.Values(records), func(a, b resolve.Record) int {
		return cmp.Or(cmp.Compare(a.Pref, b.Pref), cmp.Compare(a.Host, b.Host))
	})
}

func (rt *Route) list(records []resolve.Record) {
	for _, rec := range Sorted(records) {
		switch {
		case rec.Host == ".":
			rt.Null = true
		case slices.ContainsFunc(rt.Hosts, func(h Host) bool { return h.Name == rec.Host }):
			if !slices.Contains(rt.Repeated, rec.Host) {
				rt.Repeated = append(rt.Repeated, rec.Host)
			}
		case len(rt.Hosts) == MaxHosts:
			rt.Cut++
		default:
			h := Host{Name: rec.Host, Pref: rec.Pref}
			h.Literal, _ = netip.ParseAddr(rec.Host)
			rt.Hosts = append(rt.Hosts, h)
		}
	}
}

// Err joins what could not be found out about the hosts.
func (rt *Route) Err() error {
	var errs []error
	for _, h := range rt.Hosts {
		errs = append(errs, h.Addresses.Err())
	}
	return errors.Join(errs...)
}

// Takes reports whether the host has an address.
func (h Host) Takes() bool { return len(h.Addresses.V4.Records)+len(h.Addresses.V6.Records) > 0 }
