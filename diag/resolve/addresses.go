package resolve

import (
	"context"
	"errors"
	"net/netip"
	"sync"
)

// Host is the answers to the questions for the addresses of a host. An error belongs to the answer of the same number.
type Host struct {
	V4, V6     Answer
	Err4, Err6 error
}

// AskHost asks for both kinds of addresses of a name at once.
func AskHost(ctx context.Context, r Resolver, name string) Host {
	var h Host
	var wg sync.WaitGroup
	wg.Go(func() { h.V6, h.Err6 = r.Ask(ctx, name, TypeAAAA) })
	h.V4, h.Err4 = r.Ask(ctx, name, TypeA)
	wg.Wait()
	return h
}

// Addrs lists the addresses, IPv4 first.
func (h Host) Addrs() []netip.Addr {
	out := make([]netip.Addr, 0, len(h.V4.Records)+len(h.V6.Records))
	for _, r := range h.V4.Records {
		out = append(out, r.Addr)
	}
	for _, r := range h.V6.Records {
		out = append(out, r.Addr)
	}
	return out
}

// Err is why some addresses are not known, or nil.
func (h Host) Err() error { return errors.Join(h.Err4, h.Err6) }

// Alias is the name that the host is an alias of, or "".
func (h Host) Alias() string {
	for _, a := range []Answer{h.V4, h.V6} {
		if n := len(a.Chain); n > 0 {
			return a.Chain[n-1]
		}
	}
	return ""
}
