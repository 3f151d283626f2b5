// Package ns finds the name servers of a domain's zone and asks each of them at each address. Find goes from the zone above
// down to the zone that holds the domain, and gives the delegation as the servers above tell it. Look asks the servers of the
// delegation, and those that the zone itself names, for the same records. What they say is data; who judges it is above.
package ns

import (
	"context"
	"errors"
	"net/netip"
	"slices"

	"todoku/diag/resolve"
)

// Asker asks one server what it knows itself, by its address; *resolve.Direct is one.
type Asker interface {
	Ask(ctx context.Context, at netip.AddrPort, name string, t resolve.Type) (resolve.Said, error)
}

// Port is where name servers listen.
const Port = 53

// Delegation is how the zone that holds a domain is reached.
type Delegation struct {
	Domain  string
	Zone    string               // that holds the domain; "" where the domain does not exist
	Parent  string               // the zone above it, "." for the root; of a domain that does not exist the zone that says so
	Servers []resolve.NameServer // that the zone above names, with the addresses that it gives
	Merged  bool                 // one server has both zones, so that what the zone above says cannot be seen
	From    string               // the server of the zone above that said so
	DS      []resolve.Record     // the zone above says that the zone is signed (RFC 4034 §5)
	ErrDS   error                // why that is not known
	More    int                  // servers and addresses beyond the bounds
}

// Bounds of the way down.
const (
	maxReferrals = 8 // from zone to zone
	maxTries     = 4 // addresses of one zone
	maxSilent    = 2 // of these that say nothing: each costs the whole time of a question
)

// finder is one search.
type finder struct {
	r resolve.Resolver
	a Asker
}

// Find finds the zone that holds a domain and its delegation. r tells where the zone above is, and the addresses of name
// servers that come without. The error says whom nobody could ask; where some servers below are broken, it is nil, and the
// delegation ends where they are.
func Find(ctx context.Context, r resolve.Resolver, a Asker, domain string) (*Delegation, error) {
	f := finder{r, a}
	d, err := f.descend(ctx, domain)
	if err == nil && d.Zone != "" && d.Servers == nil { // the domain is a name inside the zone where the search began
		zone := d.Zone
		if d, err = f.descend(ctx, zone); err == nil {
			d.Domain = domain
		}
	}
	return d, err
}

// descend goes down from the first zone above a name that the resolver knows.
func (f finder) descend(ctx context.Context, name string) (*Delegation, error) {
	zone, servers, err := f.above(ctx, name)
	if err != nil {
		return nil, err
	}
	d := &Delegation{Domain: name}
	for range maxReferrals {
		said, at, err := f.askAny(ctx, servers, zone, name)
		switch {
		case err != nil && d.Zone != "": // the servers of the zone are broken: that is for Look
			return d, ctx.Err()
		case err != nil:
			return nil, err
		case said.Cut != "":
			d.Zone, d.Parent, d.Servers, d.More, d.From = said.Cut, zone, said.Servers, said.More, said.Server
			d.Merged = false
			d.sign(ctx, f.a, at)
			if zone = said.Cut; zone == name {
				return d, nil
			}
			servers = said.Servers
		case said.Status == resolve.Found && len(said.Chain) == 0: // the servers of the zone above have this one, too
			*d = Delegation{Domain: name, Zone: name, Parent: zone, From: said.Server, Merged: true}
			for _, r := range said.Records {
				d.Servers = append(d.Servers, resolve.NameServer{Host: r.Host, TTL: r.TTL})
			}
			d.sign(ctx, f.a, at)
			return d, nil
		case said.Status == resolve.NoName && len(said.Chain) == 0:
			return &Delegation{Domain: name, Parent: zone, From: said.Server}, nil
		case said.Zone != "" && said.Zone != d.Zone: // where these servers have a deeper zone than they were asked for
			return &Delegation{Domain: name, Zone: said.Zone}, nil
		case d.Zone == "":
			d.Zone = zone
			return d, nil
		default:
			return d, nil
		}
	}
	return nil, &resolve.Error{Kind: resolve.KindLoop, Name: name, Type: "NS", Message: "too many zones on the way"}
}

// sign asks the zone above whether the zone is signed.
func (d *Delegation) sign(ctx context.Context, a Asker, at netip.AddrPort) {
	said, err := a.Ask(ctx, at, d.Zone, resolve.TypeDS)
	d.DS, d.ErrDS = nil, err
	switch {
	case err != nil:
	case !said.Answered():
		d.ErrDS = &resolve.Error{Kind: resolve.KindMangled, Name: d.Zone, Type: "DS", Server: said.Server, Rcode: said.Rcode,
			EDE: said.EDE, Direct: true, Message: "no answer of the zone above"}
	default:
		d.DS = said.Records
	}
}

// above finds the nearest zone above a name that the resolver knows, with its servers. A zone that the resolver cannot tell
// about may be the broken one: the one above it is as good to begin with.
func (f finder) above(ctx context.Context, name string) (zone string, servers []resolve.NameServer, err error) {
	var failed error
	for at := name; at != "."; {
		if at = resolve.Parent(at); at == "" {
			at = "."
		}
		a, err := f.r.Ask(ctx, at, resolve.TypeNS)
		switch {
		case ctx.Err() != nil:
			return "", nil, ctx.Err()
		case err != nil && failed == nil:
			failed = err
		case err == nil && len(a.Chain) == 0 && len(a.Records) > 0:
			for _, r := range a.Records {
				servers = append(servers, resolve.NameServer{Host: r.Host, TTL: r.TTL})
			}
			return at, servers, nil
		}
	}
	if failed == nil {
		failed = &resolve.Error{Kind: resolve.KindMangled, Name: name, Type: "NS", Message: "the resolver knows no zone above this name"}
	}
	return "", nil, failed
}

// askAny asks the servers of a zone one after the other about the NS records of a name, until one answers or refers further
// down. The error is that of the first.
func (f finder) askAny(ctx context.Context, servers []resolve.NameServer, zone, name string) (resolve.Said, netip.AddrPort, error) {
	var failed error
	tries, silent := 0, 0
	for _, s := range servers {
		addrs := s.Addrs
		if len(addrs) == 0 {
			h := resolve.AskHost(ctx, f.r, s.Host)
			addrs = h.Addrs()
			failed = first(failed, h.Err())
		}
		for _, ip := range addrs {
			if tries == maxTries || silent == maxSilent || ctx.Err() != nil {
				return resolve.Said{}, netip.AddrPort{}, errors.Join(failed, ctx.Err())
			}
			at := netip.AddrPortFrom(ip, Port)
			said, err := f.a.Ask(ctx, at, name, resolve.TypeNS)
			down := said.Cut != "" && said.Cut != zone && resolve.Within(name, said.Cut) && (zone == "." || resolve.Within(said.Cut, zone))
			if err == nil && (said.Answered() || down) {
				return said, at, nil
			}
			if err == nil {
				err = &resolve.Error{Kind: resolve.KindMangled, Name: name, Type: "NS", Server: said.Server, Rcode: said.Rcode,
					EDE: said.EDE, Direct: true, Message: "a server of " + zone + " neither answers nor refers to others"}
			}
			if failed = first(failed, err); !noWay(err) {
				tries++
			}
			if timedOut(err) {
				silent++
			}
		}
	}
	if failed == nil {
		failed = &resolve.Error{Kind: resolve.KindName, Name: zone, Type: "NS", Message: "the name servers have no address"}
	}
	return resolve.Said{}, netip.AddrPort{}, failed
}

func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// noWay reports that this machine has no way to the server's network.
func noWay(err error) bool {
	var fail *resolve.Error
	return errors.As(err, &fail) && fail.NoWay()
}

// timedOut reports that nothing came.
func timedOut(err error) bool {
	var fail *resolve.Error
	return errors.As(err, &fail) && fail.Kind == resolve.KindTimeout
}

// Hosts lists the names of the delegation, sorted.
func (d *Delegation) Hosts() []string {
	out := make([]string, 0, len(d.Servers))
	for _, s := range d.Servers {
		out = append(out, s.Host)
	}
	slices.Sort(out)
	return out
}
