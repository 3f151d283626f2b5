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

// Nobody needs more hosts; a longer set is cut (and Route.Cut says so).
const maxHosts = 30

// Route is the way of mail to a domain.
type Route struct {
	Answer   resolve.Answer // the MX question
	Hosts    []Host         // by preference, each name once
	Null     bool           // a null MX stands in the set (RFC 7505 §3)
	Implicit bool           // no MX: the domain's own addresses take mail (RFC 5321 §5.1)
	Repeated []string       // hosts that stand in the set more than once
	Cut      int            // hosts beyond the bound, not looked at
}

// Host is one mail host.
type Host struct {
	Name      string
	Pref      uint16
	Literal   netip.Addr // valid when an address stands where a name should
	Addresses resolve.Host
}

// Lookup finds the route. The error is about the MX question; what could not
// be found out about a host stands with it (Route.Err).
func Lookup(ctx context.Context, r resolve.Resolver, domain string) (*Route, error) {
	a, err := r.Ask(ctx, domain, resolve.TypeMX)
	if err != nil {
		return nil, err
	}
	route := &Route{Answer: a}
	if a.Status != resolve.Found {
		if a.Status == resolve.NoData {
			route.implicit(ctx, r, domain)
		}
		return route, nil
	}
	route.list(a.Records)
	var wg sync.WaitGroup
	for i := range route.Hosts {
		h := &route.Hosts[i]
		if h.Literal.IsValid() {
			continue
		}
		wg.Go(func() { h.Addresses = resolve.AskHost(ctx, r, h.Name) })
	}
	wg.Wait()
	return route, nil
}

// implicit takes the domain itself as the host when it has an address, or when
// that is not known.
func (rt *Route) implicit(ctx context.Context, r resolve.Resolver, domain string) {
	host := resolve.AskHost(ctx, r, domain)
	if len(host.Addrs()) > 0 || host.Err() != nil {
		rt.Implicit = len(host.Addrs()) > 0
		rt.Hosts = []Host{{Name: domain, Addresses: host}}
	}
}

func (rt *Route) list(records []resolve.Record) {
	records = slices.Clone(records)
	slices.SortStableFunc(records, func(a, b resolve.Record) int {
		return cmp.Or(cmp.Compare(a.Pref, b.Pref), cmp.Compare(a.Host, b.Host))
	})
	for _, rec := range records {
		switch {
		case rec.Host == ".":
			rt.Null = true
		case slices.ContainsFunc(rt.Hosts, func(h Host) bool { return h.Name == rec.Host }):
			if !slices.Contains(rt.Repeated, rec.Host) {
				rt.Repeated = append(rt.Repeated, rec.Host)
			}
		case len(rt.Hosts) == maxHosts:
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
