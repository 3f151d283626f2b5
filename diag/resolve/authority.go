package resolve

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
)

// maxAuthorities bounds the servers of a zone that are used.
const maxAuthorities = 8

// Authorities finds the zone that a domain is in, and the addresses (HOST:PORT, at most eight) of the name servers of the
// zone. They have the present records, while a resolver may still have old ones in its cache. The error is an *Error,
// or says that the name servers have no address.
func Authorities(ctx context.Context, r Resolver, domain string) (zone string, servers []string, err error) {
	for zone = strings.TrimSuffix(domain, "."); zone != ""; zone = Parent(zone) {
		a, err := r.Ask(ctx, zone, TypeNS)
		if err != nil {
			return "", nil, err
		}
		if len(a.Chain) > 0 { // the servers of another zone
			continue
		}
		for _, ns := range a.Records {
			host := AskHost(ctx, r, ns.Host)
			for _, ip := range host.Addrs() {
				if len(servers) < maxAuthorities {
					servers = append(servers, netip.AddrPortFrom(ip, 53).String())
				}
			}
			err = host.Err()
		}
		if len(servers) > 0 {
			return zone, servers, nil
		}
		if len(a.Records) > 0 {
			return "", nil, fmt.Errorf("the name servers of %s have no address: %w", zone, err)
		}
	}
	return "", nil, &Error{Kind: KindName, Name: domain, Type: "NS", Message: "no zone holds this name"}
}

// Split asks one resolver about the names of a zone and another about the rest.
type Split struct {
	Zone            string
	Inside, Outside Resolver
}

// Ask asks Inside about names in the zone, else Outside.
func (s Split) Ask(ctx context.Context, name string, t Type) (Answer, error) {
	if Within(name, s.Zone) {
		return s.Inside.Ask(ctx, name, t)
	}
	return s.Outside.Ask(ctx, name, t)
}
