package mx

import (
	"context"
	"math/rand/v2"

	"todoku/diag/resolve"
	"todoku/sender"
)

// Router finds the way of mail in DNS. It is what the sender asks.
type Router struct{ DNS resolve.Resolver }

var _ sender.Router = Router{}

// Route gives the hosts of a domain, best first and those of the same preference in random order. The error is a
// *sender.NoRouteError where the domain does not exist, and the resolver's where nothing is known of any host.
func (r Router) Route(ctx context.Context, domain string) (sender.Route, error) {
	found, err := Lookup(ctx, r.DNS, domain, false)
	if err != nil {
		return sender.Route{}, err
	}
	route := sender.Route{Null: found.Null && len(found.Hosts) == 0, Implicit: found.Implicit}
	if found.Answer.Status == resolve.NoName {
		return route, &sender.NoRouteError{Domain: domain, Reason: sender.NoSuchDomain}
	}
	reachable := false
	for _, h := range found.Hosts {
		host := sender.Host{Name: h.Name, Preference: int(h.Pref), Addresses: h.Addresses.Addrs()}
		reachable = reachable || len(host.Addresses) > 0
		route.Hosts = append(route.Hosts, host)
	}
	spread(route.Hosts)
	if err := found.Err(); err != nil && !reachable { // it may have addresses: nobody said
		return route, err
	}
	return route, nil
}

// spread mixes the hosts of each preference, so that all get their share (RFC
// 5321 §5.1). They come in order.
func spread(hosts []sender.Host) {
	for start := 0; start < len(hosts); {
		end := start + 1
		for end < len(hosts) && hosts[end].Preference == hosts[start].Preference {
			end++
		}
		same := hosts[start:end]
		rand.Shuffle(len(same), func(i, j int) { same[i], same[j] = same[j], same[i] })
		start = end
	}
}
