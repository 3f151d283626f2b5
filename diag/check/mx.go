package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/resolve"
)

// MX looks at where mail to the domain goes: bounces and replies come back
// that way, and receivers distrust a sender that cannot be answered.
func MX() *diag.Check {
	return &diag.Check{
		Name:  "mx",
		Title: codes.Text{EN: "MX", JA: "MX"},
		Rules: []*diag.Rule{MXNone, MXNull, MXConflictingNull, MXImplicit, MXDuplicate, MXCNAME, MXNoAddress, MXPrivateAddress, MXIPLiteral},
		Run:   runMX,
	}
}

func runMX(ctx context.Context, p *diag.Pass) error {
	facts := &MXFacts{Hosts: []MXHost{}}
	p.Facts(facts)
	route, err := mx.Lookup(ctx, p.DNS, p.Domain(), p.Eager)
	if err != nil {
		return err
	}
	facts.NullMX = route.Null && len(route.Hosts) == 0
	facts.Implicit = route.Implicit
	if len(route.Answer.Records) > 0 {
		facts.TTL = route.Answer.Records[0].TTL
	}
	for _, h := range route.Hosts {
		facts.Hosts = append(facts.Hosts, MXHost{Host: h.Name, Preference: int(h.Pref), Addresses: addressStrings(h)})
		if by, ok := p.Providers.ByMX(h.Name); ok && facts.Provider == "" {
			facts.Provider = by.Name.EN
		}
	}
	judgeRoute(p, route)
	if route.Answer.Status == resolve.Found {
		for _, h := range route.Hosts {
			judgeHost(p, route, h)
		}
	}
	err = diag.Beyond(p.Domain(), "MX", codes.Text{EN: "MX hosts", JA: "MXホスト"}, mx.MaxHosts, route.Cut)
	if route.Answer.Status == resolve.Found { // what was asked and failed is told, needed or not
		err = errors.Join(err, route.Own.Err())
	}
	return errors.Join(route.Err(), err)
}

// addressStrings lists where the host takes mail: its addresses, or the one
// that stands in the record itself.
func addressStrings(h mx.Host) []string {
	out := []string{}
	for _, a := range h.Addresses.Addrs() {
		out = append(out, a.String())
	}
	return out
}

func judgeRoute(p *diag.Pass, route *mx.Route) {
	d := p.Domain()
	switch {
	case route.Null && len(route.Hosts) > 0:
		f := p.Report(MXConflictingNull, d, codes.List("hosts", names(route.Hosts))).Saw(route.Answer)
		if route.Cut > 0 || slices.ContainsFunc(route.Hosts, func(h mx.Host) bool { return h.Literal.IsValid() }) {
			break // the set is not whole, or not right
		}
		for _, h := range route.Hosts {
			f.Publish(d, "MX", fmt.Sprintf("%d %s.", h.Pref, h.Name))
		}
	case route.Null:
		p.Report(MXNull, d).Saw(route.Answer)
	case route.Implicit:
		host := route.Hosts[0]
		p.Report(MXImplicit, d, codes.List("addresses", addressStrings(host))).Saw(host.Addresses.V4).Publish(d, "MX", "10 mail."+d+".")
	case len(route.Hosts) == 0: // an address that could not be looked up stands in Hosts with its error
		status := "nodata"
		if route.Answer.Status == resolve.NoName {
			status = "nxdomain"
		}
		p.Report(MXNone, d, codes.Str("status", status)).Saw(route.Answer).Publish(d, "MX", "10 mail."+d+".")
	}
	if len(route.Repeated) > 0 {
		p.Report(MXDuplicate, d, codes.List("hosts", route.Repeated)).Saw(route.Answer)
	}
}

func names(hosts []mx.Host) []string {
	out := make([]string, len(hosts))
	for i, h := range hosts {
		out[i] = h.Name
	}
	return out
}

func judgeHost(p *diag.Pass, route *mx.Route, h mx.Host) {
	d := p.Domain()
	if h.Literal.IsValid() {
		p.Report(MXIPLiteral, h.Name, codes.Str("host", h.Name), codes.Num("preference", int(h.Pref))).
			Saw(route.Answer).Publish(d, "MX", fmt.Sprintf("%d mail.%s.", h.Pref, d))
		return
	}
	if alias := h.Addresses.Alias(); alias != "" {
		p.Report(MXCNAME, h.Name, codes.Str("host", h.Name), codes.Str("alias", alias)).
			Saw(route.Answer).Publish(d, "MX", fmt.Sprintf("%d %s.", h.Pref, alias))
	}
	if !h.Takes() {
		if h.Addresses.Err() == nil {
			p.Report(MXNoAddress, h.Name, codes.Str("host", h.Name), codes.Num("preference", int(h.Pref))).Saw(h.Addresses.V4).Saw(h.Addresses.V6)
		}
		return
	}
	var bad []string
	for _, ip := range h.Addresses.Addrs() {
		if !mx.Reachable(ip) {
			bad = append(bad, ip.String())
		}
	}
	if len(bad) > 0 {
		f := p.Report(MXPrivateAddress, h.Name, codes.Str("host", h.Name), codes.List("addresses", bad))
		for _, a := range []resolve.Answer{h.Addresses.V4, h.Addresses.V6} {
			if anyUnreachable(a) {
				f.Saw(a)
			}
		}
	}
}

func anyUnreachable(a resolve.Answer) bool {
	for _, r := range a.Records {
		if !mx.Reachable(r.Addr) {
			return true
		}
	}
	return false
}

// fqdn is a name as a zone file has it.
func fqdn(name string) string { return strings.TrimSuffix(name, ".") + "." }
