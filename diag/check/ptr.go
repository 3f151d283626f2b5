package check

import (
	"context"
	"encoding/hex"
	"errors"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/resolve"
)

// PTROptions is what the PTR check may be told.
type PTROptions struct {
	IPs         []netip.Addr // addresses that send the domain's mail
	SendingOnly bool         // nothing about the MX hosts
}

// PTR looks at the reverse DNS of the sending addresses and of the MX hosts,
// with forward confirmation.
func PTR(o PTROptions) *diag.Check {
	return &diag.Check{
		Name:  "ptr",
		Title: codes.Text{EN: "PTR", JA: "逆引き"},
		Rules: []*diag.Rule{PTRNone, PTRMismatch, PTRName, PTRGeneric, PTRAlias, PTRMXNone, PTRMXMismatch},
		Run:   func(ctx context.Context, p *diag.Pass) error { return runPTR(ctx, p, o) },
	}
}

// Nobody needs more: what is beyond these bounds is not looked at.
const (
	maxPTRAddresses = 40
	maxPTRNames     = 10 // RFC 7208 §4.6.4 has the same bound
)

// reverse is the reverse DNS of one address.
type reverse struct {
	ip        netip.Addr
	host      string // the MX host that has it, or "" for a sending address
	known     string // a host of the domain's mail that has it, or ""
	answer    resolve.Answer
	confirmed []string
	alias     string // the end of the aliases where all confirmed names are aliases, or ""
	own       string // a name of the PTR records to which the domain's owner can give the address, or ""
	proper    string // the name that the address should have, or ""
	free      bool   // proper has no address yet
	err       error
}

func runPTR(ctx context.Context, p *diag.Pass, o PTROptions) error {
	facts := &PTRFacts{Addresses: []PTRAddress{}}
	p.Facts(facts)
	list, err := ptrAddresses(ctx, p, o)
	var wg sync.WaitGroup
	for _, r := range list {
		wg.Go(func() { r.look(ctx, p) })
	}
	wg.Wait()
	for _, r := range list {
		source := "ip"
		if r.host != "" {
			source = r.host
		}
		facts.Addresses = append(facts.Addresses, PTRAddress{Address: r.ip.String(), Source: source, Names: r.names(),
			Confirmed: append([]string{}, r.confirmed...)})
		r.judge(p)
		err = errors.Join(err, r.err)
	}
	return err
}

// ptrAddresses lists the sending addresses and then those of the MX hosts, each
// once. A domain without MX sends nobody to its own address on purpose, so
// that one is left out.
func ptrAddresses(ctx context.Context, p *diag.Pass, o PTROptions) ([]*reverse, error) {
	var out []*reverse
	seen, left := map[netip.Addr]*reverse{}, 0
	add := func(ip netip.Addr, host string) {
		ip = ip.Unmap()
		switch before := seen[ip]; {
		case before != nil:
			if before.known == "" {
				before.known = host
			}
		case len(out) == maxPTRAddresses:
			left++
		default:
			seen[ip] = &reverse{ip: ip, host: host, known: host}
			out = append(out, seen[ip])
		}
	}
	cut := func() error {
		return diag.Beyond(p.Domain(), "PTR", codes.Text{EN: "addresses of senders and MX hosts", JA: "送信元とMXホストのアドレス"}, maxPTRAddresses, left)
	}
	for _, ip := range o.IPs {
		add(ip, "")
	}
	if o.SendingOnly {
		return out, cut()
	}
	route, err := mx.Lookup(ctx, p.DNS, p.Domain(), false)
	if err != nil || route.Answer.Status != resolve.Found {
		return out, errors.Join(err, cut())
	}
	for _, h := range route.Hosts {
		for _, ip := range h.Addresses.Addrs() {
			if mx.Reachable(ip) {
				add(ip, h.Name)
			}
		}
	}
	return out, errors.Join(route.Err(), cut())
}

func (r *reverse) look(ctx context.Context, p *diag.Pass) {
	r.answer, r.err = p.DNS.Ask(ctx, resolve.Reverse(r.ip), resolve.TypePTR)
	records := r.answer.Records[:min(len(r.answer.Records), maxPTRNames)]
	errs := make([]error, len(records))
	forward := make([]resolve.Answer, len(records))
	var wg sync.WaitGroup
	for i, rec := range records {
		wg.Go(func() { forward[i], errs[i] = p.DNS.Ask(ctx, rec.Host, recordType(r.ip)) })
	}
	wg.Wait()
	r.confirm(records, forward)
	for i, err := range errs {
		var fail *resolve.Error
		if errors.As(err, &fail) && fail.Kind == resolve.KindName {
			errs[i] = nil // a PTR that names nothing is a fault of the domain, not of our view
		}
		if errs[i] == nil && r.own == "" && mx.HostName(records[i].Host) && len(forward[i].Chain) == 0 &&
			sameOwner(records[i].Host, p.Domain()) && !mx.Read(records[i].Host, p.Domain()).Doubled {
			r.own = records[i].Host
		}
	}
	if more := len(r.answer.Records) - len(records); more > 0 {
		names := codes.Text{EN: "PTR names of " + r.ip.String(), JA: r.ip.String() + "の逆引き名"}
		errs = append(errs, diag.Beyond(p.Domain(), "PTR", names, maxPTRNames, more))
	}
	r.err = errors.Join(r.err, errors.Join(errs...))
	if len(r.confirmed) == 0 && r.err == nil && r.own == "" || len(r.confirmed) > 0 && r.host == "" && r.generic() {
		r.proper, r.free = nameFor(ctx, p, r.ip, r.candidates(p.Domain()))
	}
}

// names are those that the PTR records hold.
func (r *reverse) names() []string {
	out := make([]string, 0, len(r.answer.Records))
	for _, rec := range r.answer.Records {
		out = append(out, rec.Host)
	}
	return out
}

// confirm keeps the names whose addresses hold the address: those that are no alias first.
func (r *reverse) confirm(records []resolve.Record, forward []resolve.Answer) {
	var aliases []string
	for i, rec := range records {
		a := forward[i]
		switch {
		case !slices.ContainsFunc(a.Records, func(x resolve.Record) bool { return x.Addr == r.ip }):
		case len(a.Chain) == 0:
			r.confirmed = append(r.confirmed, rec.Host)
		default:
			aliases = append(aliases, rec.Host)
			r.alias = a.Chain[len(a.Chain)-1]
		}
	}
	if len(r.confirmed) > 0 {
		r.alias = ""
	}
	r.confirmed = append(r.confirmed, aliases...)
}

// generic reports whether all confirmed names look made from the address.
func (r *reverse) generic() bool {
	return !slices.ContainsFunc(r.confirmed, func(name string) bool { return !generic(r.ip, name) })
}

// candidates are the names that the address may be meant to have, likeliest first: what its PTR records were meant to say,
// the mail host that has it, and the usual ones. The address of somebody else's mail host can have the name of that only.
func (r *reverse) candidates(domain string) []string {
	if r.known != "" && !sameOwner(r.known, domain) {
		return []string{r.known}
	}
	var out []string
	add := func(name string) {
		if sameOwner(name, domain) && !strings.Contains(name, ".arpa.") && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, rec := range r.answer.Records[:min(len(r.answer.Records), maxPTRNames)] {
		for zone := resolve.Reverse(r.ip); zone != ""; zone = resolve.Parent(zone) { // the dot at the end is missing
			if rest, ok := strings.CutSuffix(rec.Host, "."+zone); ok {
				add(rest)
				break
			}
		}
		reading := mx.Read(rec.Host, domain)
		if mx.HostName(rec.Host) && !reading.Doubled { // it says what it is meant to say
			continue
		}
		for _, meant := range reading.Meant {
			for _, h := range meant.Hosts {
				add(h)
			}
		}
	}
	out = out[:min(len(out), maxMeant)]
	add(r.known)
	for _, name := range newNames(domain) {
		add(name)
	}
	return out
}

// recordType is the type of the record that holds an address.
func recordType(ip netip.Addr) resolve.Type {
	if ip.Is4() {
		return resolve.TypeA
	}
	return resolve.TypeAAAA
}

func (r *reverse) judge(p *diag.Pass) {
	ip := r.ip.String()
	names := r.names()
	data := []codes.Datum{codes.Str("address", ip), codes.Str("host", r.host), codes.List("names", names)}
	switch {
	case len(r.confirmed) > 0 && r.host != "":
	case len(r.confirmed) > 0 && r.generic():
		r.publish(p.Report(PTRGeneric, ip, codes.Str("address", ip), codes.Str("name", r.confirmed[0])).Saw(r.answer))
	case r.alias != "":
		f := p.Report(PTRAlias, ip, codes.Str("address", ip), codes.Str("name", r.confirmed[0]), codes.Str("alias", r.alias)).Saw(r.answer)
		if mx.HostName(r.alias) {
			f.Publish(r.pointer(), "PTR", fqdn(r.alias))
		}
	case len(r.confirmed) > 0:
	case r.err != nil: // not all was seen: no verdict
	case len(names) == 0:
		r.publish(p.Report(r.rule(PTRNone, PTRMXNone), ip, data[:2]...).Saw(r.answer))
	case !slices.ContainsFunc(names, mx.HostName):
		r.publish(p.Report(r.rule(PTRName, PTRMXMismatch), ip, data...).Saw(r.answer))
	default:
		r.publish(p.Report(r.rule(PTRMismatch, PTRMXMismatch), ip, append(data, codes.Str("name", names[0]))...).Saw(r.answer))
	}
}

// rule is the one for a sending address, or that for a mail host.
func (r *reverse) rule(sending, host *diag.Rule) *diag.Rule {
	if r.host != "" {
		return host
	}
	return sending
}

// publish offers what makes name and address point at each other: the address for the name that the PTR record has, where
// the domain's owner can give it, else a PTR record with a proper name.
func (r *reverse) publish(f *diag.Finding) {
	address := recordType(r.ip).String()
	switch {
	case r.own != "" && len(r.confirmed) == 0:
		f.Publish(r.own, address, r.ip.String())
	case r.proper != "":
		f.Publish(r.pointer(), "PTR", fqdn(r.proper))
		if r.free {
			f.Publish(r.proper, address, r.ip.String())
		}
	}
}

// pointer is the name that holds the PTR records: where the network gave the address away by an alias, the end of it
// (RFC 2317 §4), as nothing stands beside a CNAME.
func (r *reverse) pointer() string {
	if n := len(r.answer.Chain); n > 0 {
		return r.answer.Chain[n-1]
	}
	return resolve.Reverse(r.ip)
}

// generic reports whether a name looks made from the address, as access
// providers and clouds name addresses that they rent out.
func generic(ip netip.Addr, name string) bool {
	for _, word := range [...]string{"dynamic", "dyn-", "dhcp", "dsl", "dialup", "ppp", "pool", "cable", "broadband"} {
		if i := strings.Index(name, word); i >= 0 && strings.ContainsAny(name, "0123456789") && (i == 0 || !isLetter(name[i-1])) {
			return true
		}
	}
	if !ip.Is4() {
		return false
	}
	numbers := strings.FieldsFunc(name, func(c rune) bool { return c < '0' || c > '9' })
	hits := 0
	octets := ip.As4()
	for _, octet := range octets {
		s := strconv.Itoa(int(octet))
		if slices.ContainsFunc(numbers, func(n string) bool { return strings.TrimLeft(n, "0") == s || n == s }) {
			hits++
		}
	}
	return hits == 4 || strings.Contains(name, hex.EncodeToString(octets[:])) // clouds write c0000207
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' }
