package check

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/resolve"
)

// mxHost is a host of the route with what its letters say and what was probably meant.
type mxHost struct {
	mx.Host
	reading mx.Reading
	meant   []string     // the hosts with addresses that were probably meant
	pref    int          // their preference
	added   string       // the domain that was added to what was meant, or ""
	wild    bool         // an address stands in place of its name, and its own addresses are those of the wildcard
	new     []netip.Addr // the addresses that meant[0] needs yet, where it is to be made
}

// mxJudge judges the MX records of a domain.
type mxJudge struct {
	*diag.Pass
	route   *mx.Route
	offer   []diag.Record // the whole mended set, or none
	offered bool
}

// readHosts reads all hosts, and finds for those that are wrong what was meant.
func readHosts(ctx context.Context, p *diag.Pass, route *mx.Route) []mxHost {
	hosts := make([]mxHost, len(route.Hosts))
	var wg sync.WaitGroup
	for i, h := range route.Hosts {
		m := &hosts[i]
		m.Host, m.pref, m.reading = h, int(h.Pref), mx.Read(h.Name, p.Domain())
		if m.sound() && !m.suspicious(p.Domain()) || h.Addresses.Err() != nil {
			continue
		}
		wg.Go(func() { m.find(ctx, p) })
	}
	wg.Wait()
	return hosts
}

// written is the address that stands in place of a name, as in 192.0.2.25.example.jp. A name that has just this address works.
func (m *mxHost) written() (ip netip.Addr, ok bool) {
	if ip = m.reading.Address; m.Literal.IsValid() {
		ip = m.Literal
	}
	return ip, ip.IsValid() && !slices.Contains(m.Addresses.Addrs(), ip)
}

// literal reports an address in place of a name, to which no mail gets: at most to the host of a wildcard.
func (m *mxHost) literal() bool {
	_, ok := m.written()
	return ok && (m.wild || !m.Takes())
}

// local reports a name of the own machine or network.
func (m *mxHost) local() bool { return m.reading.Local && !m.reachable() }

// verifies reports a name that only shows Microsoft 365 whose the domain is. It never exists (RFC 6761 §6.4).
func (m *mxHost) verifies() bool {
	return m.local() && strings.HasSuffix(strings.ToLower(strings.TrimSuffix(m.Name, ".")), ".msv1.invalid")
}

// reachable reports whether an address of the host can be reached from the internet.
func (m *mxHost) reachable() bool { return slices.ContainsFunc(m.Addresses.Addrs(), mx.Reachable) }

// sound reports a host with which nothing is wrong.
func (m *mxHost) sound() bool {
	_, written := m.written()
	return !written && !m.local() && !m.reading.Bad && !m.reading.Doubled && takesMail(m.Addresses)
}

// takesMail reports whether a name has addresses of its own, all of which can be reached.
func takesMail(h resolve.Host) bool {
	all := h.Addrs()
	unreachable := slices.ContainsFunc(all, func(ip netip.Addr) bool { return !mx.Reachable(ip) })
	return len(all) > 0 && !unreachable && h.Alias() == "" && h.Err() == nil
}

// maxMeant bounds the names that are tried for one host.
const maxMeant = 8

// find looks for the host that was meant, among names that exist.
func (m *mxHost) find(ctx context.Context, p *diag.Pass) {
	if p.Writing() { // nobody who writes to a domain mends its records
		return
	}
	ip, written := m.written()
	switch {
	case written:
		m.wild = m.Takes() && m.wildcard(ctx, p)
		if name, free := nameFor(ctx, p, ip, newNames(p.Domain())); name != "" {
			m.meant = []string{name}
			if free {
				m.new = []netip.Addr{ip}
			}
		}
		return
	case m.Addresses.Alias() != "":
		if end := m.Addresses.Alias(); takesMail(resolve.AskHost(ctx, p.DNS, end)) && mx.HostName(end) {
			m.meant = []string{end}
		}
		return
	case m.Takes() && !m.reading.Bad && !m.reading.Doubled && !m.wildcard(ctx, p):
		return
	}
	for _, c := range m.reading.Meant[:min(len(m.reading.Meant), maxMeant)] {
		if m.is(ctx, p, c) {
			return
		}
	}
	m.looksFull(p.Domain())
}

// is takes hosts that may be meant for those that are, if they exist.
func (m *mxHost) is(ctx context.Context, p *diag.Pass, c mx.Meant) bool {
	if slices.Contains(c.Hosts, m.Name) || m.Takes() && c.Added == "" && !m.reading.Bad {
		return false
	}
	if m.rename(ctx, p, c) {
		return true
	}
	absent := func(h string) bool { return !takesMail(resolve.AskHost(ctx, p.DNS, h)) }
	if (c.Added == "" || !ofProvider(p, c.Hosts)) && slices.ContainsFunc(c.Hosts, absent) {
		return false
	}
	m.meant, m.added = c.Hosts, c.Added
	if c.Pref >= 0 {
		m.pref = c.Pref
	}
	return true
}

// looksFull takes what stands before the domain for a whole name of somebody else, as it has the form of one, and there is no
// host of the name as it is.
func (m *mxHost) looksFull(domain string) {
	for _, c := range m.reading.Meant {
		added := c.Added != "" && len(c.Hosts) == 1 && strings.Count(c.Hosts[0], ".") > 1
		if m.added == "" && !m.Takes() && added && fullName(c.Hosts[0], domain) {
			m.added = c.Added
		}
	}
}

// ofProvider reports a host of a mail service that everybody knows.
func ofProvider(p *diag.Pass, hosts []string) bool {
	if len(hosts) != 1 {
		return false
	}
	_, known := p.Providers.ByMX(hosts[0])
	return known
}

// rename takes a proper name that is free for a host whose own is none but has addresses: mail-gw for mail_gw.
func (m *mxHost) rename(ctx context.Context, p *diag.Pass, c mx.Meant) bool {
	if !m.reading.Bad || !takesMail(m.Addresses) || len(c.Hosts) != 1 || !sameOwner(c.Hosts[0], p.Domain()) {
		return false
	}
	there := resolve.AskHost(ctx, p.DNS, c.Hosts[0])
	if there.Err() != nil || len(there.Addrs()) > 0 || there.Alias() != "" {
		return false
	}
	m.meant, m.new = c.Hosts, m.Addresses.Addrs()
	return true
}

// suspicious reports a name with addresses that may be another one with the domain added to it: its end before the domain is
// that of a full name.
func (m *mxHost) suspicious(domain string) bool {
	return slices.ContainsFunc(m.reading.Meant, func(c mx.Meant) bool {
		return c.Added != "" && len(c.Hosts) == 1 && fullName(c.Hosts[0], domain)
	})
}

// wildcard reports whether the addresses of the host are those of the wildcard of its domain: nobody made the name.
func (m *mxHost) wildcard(ctx context.Context, p *diag.Pass) bool {
	any := resolve.AskHost(ctx, p.DNS, "*."+p.Domain())
	return len(any.Addrs()) > 0 && slices.Equal(any.Addrs(), m.Addresses.Addrs())
}

// nameFor finds a host name of the domain's owner that has an address: the first of some names, or the one that the address
// itself leads to. Where none has it, it proposes the first that is free and can be given the address. "" where there is none.
func nameFor(ctx context.Context, p *diag.Pass, ip netip.Addr, names []string) (name string, free bool) {
	if !mx.Reachable(ip) {
		return "", false
	}
	unused := ""
	for _, name := range names {
		if !mx.HostName(name) {
			continue
		}
		h := resolve.AskHost(ctx, p.DNS, name)
		if takesMail(h) && slices.Contains(h.Addrs(), ip) {
			return name, false
		}
		if unused == "" && h.Err() == nil && len(h.Addrs()) == 0 && h.Alias() == "" && sameOwner(name, p.Domain()) {
			unused = name
		}
	}
	if a, err := p.DNS.Ask(ctx, resolve.Reverse(ip), resolve.TypePTR); err == nil && len(a.Records) == 1 {
		name := a.Records[0].Host
		if h := resolve.AskHost(ctx, p.DNS, name); mx.HostName(name) && takesMail(h) && slices.Contains(h.Addrs(), ip) && !generic(ip, name) {
			return name, false
		}
	}
	return unused, unused != ""
}

// usualNames are those that a domain's mail server mostly has.
func usualNames(domain string) []string { return []string{"mail." + domain, "mx." + domain} }

// newNames are the usual ones, and those that may be free where they are taken.
func newNames(domain string) []string {
	return append(usualNames(domain), "mail2."+domain, "mx2."+domain)
}

// usualHost is the first of the usual names that has addresses, or "".
func usualHost(ctx context.Context, p *diag.Pass) string {
	for _, name := range usualNames(p.Domain()) {
		if takesMail(resolve.AskHost(ctx, p.DNS, name)) {
			return name
		}
	}
	return ""
}

// mendedSet is the whole set of MX records with what is wrong in it mended, and the addresses that it needs; nil where a part
// of it cannot be mended, or not all is known.
func mendedSet(ctx context.Context, p *diag.Pass, route *mx.Route, hosts []mxHost) []diag.Record {
	if p.Writing() || route.Cut > 0 || route.Err() != nil || route.Answer.Status != resolve.Found {
		return nil
	}
	var out, needs []diag.Record
	seen := map[string]bool{}
	add := func(pref int, host string) {
		if !seen[host] {
			seen[host] = true
			out = append(out, diag.Record{Name: p.Domain(), Type: "MX", Value: fmt.Sprintf("%d %s", pref, fqdn(host))})
		}
	}
	local := 0
	for i := range hosts {
		switch m := &hosts[i]; {
		case len(m.meant) > 0:
			for _, h := range m.meant {
				add(m.pref, h)
			}
			for _, ip := range m.new {
				needs = append(needs, diag.Record{Name: m.meant[0], Type: recordType(ip).String(), Value: ip.String()})
			}
		case m.local():
			local++
		case m.sound():
			add(m.pref, m.Name)
		default:
			return nil
		}
	}
	if len(out) == 0 && local > 0 {
		if host := usualHost(ctx, p); host != "" {
			add(hosts[0].pref, host)
		}
	}
	if len(out) == 0 && (local > 0 || route.Null) {
		return nullMX(p.Domain(), hosts)
	}
	return append(out, needs...)
}

// nullMX is the record of a domain that takes no mail (RFC 7505 §3). A host such as mail.internal is a server, though nobody
// reaches it: its owner wants mail.
func nullMX(domain string, hosts []mxHost) []diag.Record {
	if slices.ContainsFunc(hosts, func(m mxHost) bool {
		return m.local() && !strings.Contains(m.Name, "localhost") && topLevel(m.Name) != "invalid"
	}) {
		return nil
	}
	return []diag.Record{{Name: domain, Type: "MX", Value: "0 ."}}
}
