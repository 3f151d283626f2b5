package check

import (
	"context"
	"errors"

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
		Rules: []*diag.Rule{MXNone, MXNull, MXNullForm, MXConflictingNull, MXImplicit, MXDuplicate, MXHostName, MXDotMissing, MXLocalName,
			MXVerification, MXCNAME, MXNoAddress, MXPrivateAddress, MXIPLiteral, MXIPv6Only},
		Run: runMX,
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
	hosts := readHosts(ctx, p, route)
	j := &mxJudge{Pass: p, route: route, offer: mendedSet(ctx, p, route, hosts)}
	j.judgeRoute(ctx)
	if route.Answer.Status == resolve.Found {
		for i := range hosts {
			j.judgeHost(&hosts[i])
		}
	}
	j.judgeFamilies()
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
