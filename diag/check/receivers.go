package check

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"syscall"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// maxSMTPVisits bounds the addresses that are visited.
const maxSMTPVisits = 20

// receiving is the route of a domain's mail, and a visit to each address of it. The checks of the receiving side that have
// the same options see the same visits: the run makes each once.
type receiving struct {
	route     *mx.Route
	visits    []probe.Visit // host by host, in the order of the route
	cut       int           // addresses beyond the bound
	recipient string        // that was asked about, "" for nobody
	stray     string        // a recipient that cannot exist
}

// offline is the error of a check that had to touch the network, and may not.
func offline(name, typ string) error {
	return &resolve.Error{Kind: KindOffline, Name: name, Type: typ, Says: kindSays(KindOffline)}
}

// visitReceivers finds the route of the target's mail and visits its servers. The error is that of the route: there is
// none then. A null MX, a domain without hosts and visits that failed are no errors. The pass has to have SMTP.
func visitReceivers(ctx context.Context, p *diag.Pass, o SMTPOptions) (receiving, error) {
	route, err := mx.Lookup(ctx, p.DNS, p.Domain(), true)
	r := receiving{route: route, visits: o.Seen}
	if err != nil || len(route.Hosts) == 0 {
		return r, err
	}
	if o.Seen != nil {
		for _, addresses := range (&receiving{route: route}).plan() {
			unseen := func(v probe.Visit) bool {
				return !slices.ContainsFunc(o.Seen, func(s probe.Visit) bool { return s.Host == v.Host })
			}
			if len(addresses) > 0 && unseen(addresses[0]) {
				r.cut += len(addresses)
			}
		}
		return r, nil
	}
	to, all := []string{}, []string{"postmaster@" + p.Domain()}
	if local := p.Target.Local(); o.Rcpt && wellFormed(local, p.Domain()) != malformed {
		r.recipient = local + "@" + p.Domain() // a name of DNS: few servers know SMTPUTF8
		r.stray = p.SMTP.Stray() + "@" + p.Domain()
		to, all = []string{r.recipient}, append(all, r.recipient, r.stray)
	}
	r.visit(ctx, p.SMTP, to, all)
	return r, nil
}

// visit goes to all addresses, host by host side by side, and to those of one
// host one after the other. Each is asked about to; the first that talks to us
// about all.
func (r *receiving) visit(ctx context.Context, run *probe.Run, to, all []string) {
	var wg sync.WaitGroup
	for _, visits := range r.plan() {
		wg.Go(func() {
			for i := range visits {
				v := &visits[i]
				if v == &r.visits[0] {
					*v = run.Visit(ctx, v.Host, v.Address, probe.Depth{}, all...)
				} else {
					*v = run.Visit(ctx, v.Host, v.Address, probe.Depth{}, to...)
				}
			}
		})
	}
	wg.Wait()
	talks := func(v probe.Visit) bool { return v.Err == nil && v.EHLO != nil && !v.NoTLS() }
	if i := slices.IndexFunc(r.visits, talks); i > 0 {
		v := &r.visits[i]
		*v = run.Visit(ctx, v.Host, v.Address, probe.Depth{}, all...)
	}
}

// plan lists the addresses to visit, those of each host together.
func (r *receiving) plan() [][]probe.Visit {
	var ends []int
	for _, h := range r.route.Hosts {
		for _, ip := range h.Addresses.Addrs() {
			switch {
			case !mx.Reachable(ip): // the MX check tells it
			case len(r.visits) == maxSMTPVisits:
				r.cut++
			default:
				r.visits = append(r.visits, probe.Visit{Host: h.Name, Address: netip.AddrPortFrom(ip, probe.Port)})
			}
		}
		ends = append(ends, len(r.visits))
	}
	hosts, from := make([][]probe.Visit, len(ends)), 0
	for i, end := range ends {
		hosts[i], from = r.visits[from:end], end
	}
	return hosts
}

// talks reports whether one of a host's addresses is open to us.
func (r *receiving) talks(host string) bool {
	return slices.ContainsFunc(r.visits, func(v probe.Visit) bool { return v.Host == host && v.Connected() })
}

// of lists the visits to a host that say something about it: where one of its addresses is open to us, those that are closed,
// or to which we have no way, are the SMTP check's matter.
func (r *receiving) of(host string) []*probe.Visit {
	var out []*probe.Visit
	talks := r.talks(host)
	for i := range r.visits {
		if v := &r.visits[i]; v.Host == host && (!talks || !v.NoWayOut() && !errors.Is(v.Err, syscall.ECONNREFUSED)) {
			out = append(out, v)
		}
	}
	return out
}

// encryption is how TLS with a server went.
type encryption int

const (
	encrypted     encryption = iota // whatever its certificate is worth
	tlsNotOffered                   //
	tlsRefused                      // for good
)

// encryptionOf tells how TLS with a server went. The error is what keeps us from knowing it: nobody answered, or STARTTLS was
// put off, broken off or not answered in TLS.
func encryptionOf(ctx context.Context, v *probe.Visit) (encryption, error) {
	switch {
	case v.TLS != nil:
		return encrypted, nil
	case ctx.Err() != nil && (v.Err != nil || v.TLSErr != nil): // our time was up, not theirs
		return 0, ctx.Err()
	case v.EHLO == nil && v.Err != nil:
		return 0, unseen(v, v.Err)
	case v.EHLO == nil:
		return 0, undecided(v, v.Host, "SMTP", v.Reply)
	case !v.STARTTLS:
		return tlsNotOffered, nil
	case v.TLSErr != nil:
		return 0, unseen(v, v.TLSErr)
	case v.TLSReply.Code >= 500:
		return tlsRefused, nil
	}
	return 0, undecided(v, v.Host, "STARTTLS", v.TLSReply)
}

// unjudged is the error of a certificate that our own machine cannot verify.
func unjudged(name, typ, server string) error {
	return &resolve.Error{Kind: KindNoRoots, Name: name, Type: typ, Server: server, Says: kindSays(KindNoRoots)}
}

// unseen is what was not looked at of a route: addresses that DNS did not give, and what is beyond a bound.
func (r *receiving) unseen(domain string) error {
	addresses := diag.Beyond(domain, "SMTP", codes.Text{EN: "addresses of mail servers", JA: "メールサーバーのアドレス"}, maxSMTPVisits, r.cut)
	hosts := diag.Beyond(domain, "SMTP", codes.Text{EN: "MX hosts", JA: "MXホスト"}, mx.MaxHosts, r.route.Cut)
	return errors.Join(r.route.Err(), addresses, hosts)
}
