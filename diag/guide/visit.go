package guide

import (
	"context"
	"net/netip"
	"slices"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/probe"
)

// Visit is what a receiving server said when it was asked just now.
type Visit = probe.Visit

// maxVisits bounds how many addresses of a domain are visited.
const maxVisits = 4

// visitable are the hosts of a route that can be visited, one address of each.
func visitable(route *mx.Route) []Visit {
	var out []Visit
	for _, h := range route.Hosts {
		for _, ip := range h.Addresses.Addrs() {
			if mx.Reachable(ip) {
				out = append(out, Visit{Host: h.Name, Address: netip.AddrPortFrom(ip, probe.Port)})
				break
			}
		}
	}
	return out
}

// unvisited says that a route has more hosts than are visited, else nil.
func unvisited(route *mx.Route, domain string) *diag.Bounded {
	left := len(visitable(route)) - maxVisits
	if left <= 0 {
		return nil
	}
	return &diag.Bounded{Domain: domain, Type: "SMTP", What: codes.Text{EN: "mail servers of " + domain, JA: domain + " のメールサーバー"}, Limit: maxVisits, Left: left}
}

// visit asks the first hosts of a route, side by side. A visit that our own end
// broke off, or that a bundle does not have, says nothing about the host, and is left out.
func (env Env) visit(ctx context.Context, route *mx.Route, how probe.Depth, to ...string) []Visit {
	out := visitable(route)
	out = out[:min(len(out), maxVisits)]
	ended := make([]bool, len(out))
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() {
			out[i] = env.SMTP.Visit(ctx, out[i].Host, out[i].Address, how, to...)
			ended[i] = ctx.Err() != nil && (out[i].Err != nil || out[i].TLSErr != nil) || out[i].Unrecorded()
		})
	}
	wg.Wait()
	var whole []Visit
	for i, v := range out {
		if !ended[i] {
			whole = append(whole, v)
		}
	}
	return whole
}

// accepted is a visit at which the recipient was taken.
func accepted(list []Visit) *Visit {
	for i := range list {
		if list[i].Stage == codes.StageRcpt && list[i].Err == nil && list[i].Reply.Code/100 == 2 {
			return &list[i]
		}
	}
	return nil
}

// refused is a visit that ended with a reply for one of the reasons.
func refused(list []Visit, classes ...codes.Class) *Visit {
	for i := range list {
		v := &list[i]
		if v.Err == nil && v.Reply.Code >= 400 && slices.Contains(classes, v.Verdict.Reason.Class) {
			return v
		}
	}
	return nil
}

// takesMail reports whether a visited server may take mail: all but those that
// say that they never do (RFC 7504).
func takesMail(v Visit) bool {
	return v.Err != nil || v.Verdict.Reason.Class != codes.ClassHostUnknown
}

// connected is a visit that reached its server.
func connected(list []Visit) *Visit {
	for i := range list {
		if list[i].Connected() {
			return &list[i]
		}
	}
	return nil
}
