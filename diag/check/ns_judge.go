package check

import (
	"cmp"
	"errors"
	"net/netip"
	"slices"
	"strconv"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/ns"
	"todoku/diag/resolve"
)

// judge reports what is wrong, and returns what could not be seen.
func (c *nsRun) judge() error {
	errHosts := c.judgeHosts()
	errs := []error{errHosts, c.judgeServers()}
	c.judgeKeys()
	c.judgeDelegation()
	for i, q := range c.survey.Questions[:len(c.survey.Questions)-1] {
		groups := c.survey.Compare(i, c.keep(q))
		if len(groups) > 1 {
			c.differs(q, groups)
		}
		c.judgeTTL(q, i)
	}
	c.judgeSerials()
	if errHosts == nil {
		c.judgeNetworks()
	}
	left := c.survey.Left + c.delegation.More
	return errors.Join(append(errs, diag.Beyond(c.Domain(), "NS", codes.Text{EN: "addresses of name servers", JA: "ネームサーバーのアドレス"},
		ns.MaxServers, left))...)
}

// judgeHosts looks at the names of the name servers and their addresses.
func (c *nsRun) judgeHosts() error {
	var errs []error
	for _, h := range c.survey.Hosts {
		zone, host := codes.Str("zone", c.delegation.Zone), codes.Str("host", h.Name)
		alias, known := h.Found.Alias(), h.Found.Err() == nil
		switch {
		case alias != "":
			c.Report(NSAlias, h.Name, zone, host, codes.Str("alias", alias)).Saw(h.Found.V4)
		case known && len(h.Addrs()) == 0:
			c.Report(NSNoAddress, h.Name, zone, host).Saw(h.Found.V4).Saw(h.Found.V6)
		}
		var private []string
		for _, ip := range h.Addrs() {
			if !mx.Reachable(ip) {
				private = append(private, ip.String())
			}
		}
		if len(private) > 0 {
			c.Report(NSPrivateAddress, h.Name, zone, host, codes.List("addresses", private)).Saw(h.Found.V4).Saw(h.Found.V6)
		}
		if found := h.Found.Addrs(); known && len(found) > 0 {
			var wrong []string
			for _, ip := range h.Glue {
				if !slices.Contains(found, ip) {
					wrong = append(wrong, ip.String())
				}
			}
			if len(wrong) > 0 {
				c.Report(NSGlueDiffers, h.Name, zone, host, codes.Str("parent", c.delegation.Parent), codes.List("addresses", wrong),
					codes.List("own", texts(found))).Saw(h.Found.V4).Saw(h.Found.V6)
			}
		}
		if !known && alias == "" && (!c.facts.Bogus || len(h.Glue) == 0) { // of a bogus zone the resolver tells no address
			errs = append(errs, h.Found.Err())
		}
	}
	return errors.Join(errs...)
}

func texts(list []netip.Addr) []string {
	out := make([]string, len(list))
	for i, ip := range list {
		out[i] = ip.String()
	}
	return out
}

// judgeServers looks at how each server stands to the zone. Of a server that cannot be heard one question is told.
func (c *nsRun) judgeServers() error {
	var errs []error
	for _, v := range c.survey.Servers {
		standing, fault := c.survey.Standing(v)
		switch {
		case standing == ns.Lame:
			f := c.Report(NSLame, v.Address.String(), codes.Str("zone", c.delegation.Zone), codes.Str("host", v.Host.Name),
				codes.Str("address", v.Address.String()), codes.Words("fault", lameText(fault, v.SOA.Said)))
			f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: c.delegation.Zone, Type: "SOA", Value: lameValue(v.SOA.Said),
				Server: v.Address.String()})
		case !mx.Reachable(v.Address), c.noWayTo(v):
		default:
			errs = append(errs, unheard(v))
		}
	}
	return errors.Join(errs...)
}

// unheard is why a server could not be heard: the error of the first question that has one.
func unheard(v *ns.Server) error {
	for _, r := range append([]ns.Reply{v.SOA, v.NS}, v.Replies...) {
		switch said := r.Said; {
		case r.Err != nil:
			return r.Err
		case said.Rcode == "SERVFAIL" || said.Rcode == "REFUSED" || said.Rcode != "NOERROR" && said.Rcode != "NXDOMAIN":
			kind := map[string]resolve.Kind{"SERVFAIL": resolve.KindServFail, "REFUSED": resolve.KindRefused}[said.Rcode]
			return &resolve.Error{Kind: cmp.Or(kind, resolve.KindRcode), Name: said.Name, Type: said.Type.String(), Server: said.Server,
				Rcode: said.Rcode, EDE: said.EDE, Direct: true}
		case said.Cut == "" && !said.Authoritative:
			return &resolve.Error{Kind: resolve.KindMangled, Name: said.Name, Type: said.Type.String(), Server: said.Server,
				Message: "an answer without authority", Direct: true}
		}
	}
	if said := v.SOA.Said; said.Status != resolve.Found { // it gives the zone's NS records, and so it is not lame
		return &resolve.Error{Kind: resolve.KindMangled, Name: said.Name, Type: said.Type.String(), Server: said.Server,
			Message: "a zone without an SOA record", Direct: true}
	}
	return nil
}

// noWayTo reports that nobody could hear a server because this machine has no way to IPv6, and that the host was heard at
// another address: that is told as a fact.
func (c *nsRun) noWayTo(v *ns.Server) bool {
	if !v.Address.Is6() || !v.NoWay() {
		return false
	}
	return slices.ContainsFunc(c.survey.Servers, func(o *ns.Server) bool { return o.Host == v.Host && o.Address.Is4() }) &&
		!slices.ContainsFunc(c.survey.Servers, func(o *ns.Server) bool { return o.Address.Is6() && !o.NoWay() })
}

// judgeDelegation compares the name servers that the zone above names with those of the zone itself.
func (c *nsRun) judgeDelegation() {
	groups := c.survey.CompareOwn()
	d := c.delegation
	switch {
	case len(groups) > 1:
		c.differs(ns.Question{Name: d.Zone, Type: resolve.TypeNS}, groups)
		return
	case len(groups) == 0 || d.Merged || d.More > 0:
		return
	}
	above, own := d.Hosts(), groups[0].Values
	only := func(a, b []string) []string {
		return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
	}
	more, less := only(above, own), only(own, above)
	if len(more) == 0 && len(less) == 0 {
		return
	}
	f := c.Report(NSParentDiffers, d.Zone, codes.Str("zone", d.Zone), codes.Str("parent", d.Parent), codes.List("delegation", above),
		codes.List("own", own), codes.List("only_parent", more), codes.List("only_zone", less))
	for _, s := range d.Servers {
		f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: d.Zone, Type: "NS", Value: s.Host, TTL: s.TTL, Server: d.From})
	}
	f.Evidence = append(f.Evidence, groupEvidence(d.Zone, resolve.TypeNS, groups)...)
}

// differs reports servers that do not give the same records. Those with the newest zone are right; where that decides
// nothing, the larger group is named as the others.
func (c *nsRun) differs(q ns.Question, groups []ns.Group) {
	c.different = true
	newest, same, known := c.survey.Newest()
	best := 0
	rank := func(g ns.Group) (n int) {
		for _, v := range g.Servers {
			if serial, ok := v.Serial(); known && ok && serial == newest {
				n += 2 * ns.MaxServers
			}
			n++
		}
		return n
	}
	for i, g := range groups {
		if rank(g) > rank(groups[best]) {
			best = i
		}
	}
	var behind []string
	for i, g := range groups {
		for _, v := range g.Servers {
			if i != best {
				behind = append(behind, serverName(v))
			}
		}
	}
	versions := codes.Text{EN: "all have the zone with the serial number " + number(newest),
		JA: "ゾーンのシリアル番号はすべて " + number(newest) + " です"}
	if !same {
		versions = codes.Text{EN: "the newest zone has the serial number " + number(newest), JA: "最新のゾーンのシリアル番号は " + number(newest) + " です"}
	}
	what := q.Type.String()
	if c.keep(q) != nil {
		what = "SPF"
	}
	f := c.Report(NSDiffers, q.Name, codes.Str("zone", c.delegation.Zone), codes.Str("name", q.Name), codes.Str("type", what),
		codes.List("behind", behind), codes.Words("versions", versions))
	f.Evidence = append(f.Evidence, groupEvidence(q.Name, q.Type, groups)...)
}

// serverName names a server with its address and the version of the zone that it has.
func serverName(v *ns.Server) string {
	name := v.Host.Name + " [" + v.Address.String() + "]"
	if serial, ok := v.Serial(); ok {
		name += " (" + number(serial) + ")"
	}
	return name
}

func number(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// groupEvidence is what each server said.
func groupEvidence(name string, t resolve.Type, groups []ns.Group) []diag.Evidence {
	var out []diag.Evidence
	for _, g := range groups {
		values := g.Values
		if len(values) == 0 {
			values = []string{""}
		}
		var ttl uint32
		if len(g.Records) > 0 {
			ttl = g.Records[0].TTL
		}
		for _, v := range g.Servers {
			for _, value := range values {
				out = append(out, diag.Evidence{Kind: "dns", Name: name, Type: t.String(), Value: value, TTL: ttl, Server: v.Address.String()})
			}
		}
	}
	return out
}

// judgeSerials tells that some servers have an older zone, where no record for mail shows it.
func (c *nsRun) judgeSerials() {
	newest, same, known := c.survey.Newest()
	if !known || same || c.different {
		return
	}
	var behind []string
	for _, v := range c.survey.Servers {
		if standing, _ := c.survey.Standing(v); standing != ns.Authoritative {
			continue
		}
		if serial, ok := v.Serial(); ok && serial != newest {
			behind = append(behind, serverName(v))
		}
	}
	c.Report(NSSerialDiffers, c.delegation.Zone, codes.Str("zone", c.delegation.Zone), codes.List("behind", behind),
		codes.Str("serial", number(newest)))
}

// judgeNetworks tells where all servers are behind one line (RFC 2182 §3.1).
func (c *nsRun) judgeNetworks() {
	var hosts, networks []string
	others := false // the zone itself names more: ns-parent-differs tells that
	v4, v6 := map[netip.Prefix]*ns.Host{}, map[netip.Prefix]*ns.Host{}
	shared := false // a network has two of them: one over IPv4 and one over IPv6 are on no line that is known to be the same
	for _, h := range c.survey.Hosts {
		if !h.Delegated {
			others = true
			continue
		}
		hosts = append(hosts, h.Name)
		for _, ip := range h.Addrs() {
			seen, bits := v4, 24
			if ip.Is6() && !ip.Is4In6() {
				seen, bits = v6, 48
			}
			p, err := ip.Unmap().Prefix(bits)
			if err != nil {
				continue
			}
			if at, there := seen[p]; there {
				shared = shared || at != h
				continue
			}
			seen[p] = h
			networks = append(networks, p.String())
		}
	}
	zone := codes.Str("zone", c.delegation.Zone)
	switch {
	case len(hosts) == 1 && others:
	case len(hosts) == 1:
		c.Report(NSOneServer, c.delegation.Zone, zone, codes.Str("host", hosts[0]))
	case shared && len(v4) <= 1 && len(v6) <= 1:
		c.Report(NSSingleNetwork, c.delegation.Zone, zone, codes.List("hosts", hosts), codes.List("networks", networks))
	}
}

// longTTL is the TTL in seconds above which a change takes inconveniently long.
const longTTL = 24 * 60 * 60

// judgeTTL tells a record that resolvers remember for more than a day, by the TTL that its own servers give.
func (c *nsRun) judgeTTL(q ns.Question, i int) {
	var ttl uint32
	var seen []diag.Evidence
	keep := c.keep(q)
	for _, v := range c.survey.Servers {
		for _, r := range v.Replies[i].Said.Records {
			if v.Replies[i].Said.Answered() && r.TTL > ttl && len(v.Replies[i].Said.Chain) == 0 && (keep == nil || keep(r)) {
				ttl = r.TTL
				seen = []diag.Evidence{{Kind: "dns", Name: q.Name, Type: q.Type.String(), Value: ns.Value(r), TTL: ttl, Server: v.Address.String()}}
			}
		}
	}
	if ttl <= longTTL {
		return
	}
	what := q.Type.String()
	if keep != nil {
		what = "SPF"
	}
	f := c.Report(TTLLong, q.Name, codes.Str("name", q.Name), codes.Str("type", what), codes.Num("seconds", int(ttl)),
		codes.Words("time", inDays(ttl)))
	f.Evidence = seen
}

// inDays is a long time in words.
func inDays(seconds uint32) codes.Text {
	n := strconv.FormatFloat(float64(seconds)/longTTL, 'f', -1, 32)
	if len(n) > 4 {
		n = strconv.FormatFloat(float64(seconds)/longTTL, 'f', 1, 32)
	}
	return codes.Text{EN: n + " days", JA: n + "日"}
}
