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
		Rules: []*diag.Rule{PTRNone, PTRMismatch, PTRGeneric, PTRMXNone, PTRMXMismatch},
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
	answer    resolve.Answer
	confirmed []string
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
		names := []string{}
		for _, rec := range r.answer.Records {
			names = append(names, rec.Host)
		}
		facts.Addresses = append(facts.Addresses, PTRAddress{Address: r.ip.String(), Source: source, Names: names,
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
	seen, left := map[netip.Addr]bool{}, 0
	add := func(ip netip.Addr, host string) {
		ip = ip.Unmap()
		switch {
		case seen[ip]:
		case len(out) == maxPTRAddresses:
			left++
		default:
			out = append(out, &reverse{ip: ip, host: host})
		}
		seen[ip] = true
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
	holds := make([]bool, len(records))
	var wg sync.WaitGroup
	for i, rec := range records {
		wg.Go(func() {
			var a resolve.Answer
			a, errs[i] = p.DNS.Ask(ctx, rec.Host, recordType(r.ip))
			holds[i] = slices.ContainsFunc(a.Records, func(x resolve.Record) bool { return x.Addr.Unmap() == r.ip })
		})
	}
	wg.Wait()
	for i, rec := range records {
		if holds[i] {
			r.confirmed = append(r.confirmed, rec.Host)
		}
		var fail *resolve.Error
		if errors.As(errs[i], &fail) && fail.Kind == resolve.KindName {
			errs[i] = nil // a PTR that names nothing is a fault of the domain, not of our view
		}
	}
	if more := len(r.answer.Records) - len(records); more > 0 {
		names := codes.Text{EN: "PTR names of " + r.ip.String(), JA: r.ip.String() + "の逆引き名"}
		errs = append(errs, diag.Beyond(p.Domain(), "PTR", names, maxPTRNames, more))
	}
	r.err = errors.Join(r.err, errors.Join(errs...))
}

// recordType is the type of the record that holds an address.
func recordType(ip netip.Addr) resolve.Type {
	if ip.Is4() {
		return resolve.TypeA
	}
	return resolve.TypeAAAA
}

func (r *reverse) judge(p *diag.Pass) {
	none, mismatch := PTRNone, PTRMismatch
	if r.host != "" {
		none, mismatch = PTRMXNone, PTRMXMismatch
	}
	ip := r.ip.String()
	switch {
	case len(r.confirmed) > 0:
		if r.host == "" && generic(r.ip, r.confirmed[0]) {
			p.Report(PTRGeneric, ip, codes.Str("address", ip), codes.Str("name", r.confirmed[0])).
				Saw(r.answer).Publish(resolve.Reverse(r.ip), "PTR", r.mailName(p))
		}
	case r.err != nil: // not all was seen: no verdict
	case len(r.answer.Records) == 0:
		p.Report(none, ip, codes.Str("address", ip), codes.Str("host", r.host)).Saw(r.answer).Publish(resolve.Reverse(r.ip), "PTR", r.mailName(p))
	default:
		name := r.answer.Records[0].Host
		f := p.Report(mismatch, ip, codes.Str("address", ip), codes.Str("host", r.host), codes.Str("name", name)).Saw(r.answer)
		f.Publish(name, recordType(r.ip).String(), ip)
	}
}

// mailName is the name that the address should have.
func (r *reverse) mailName(p *diag.Pass) string {
	if r.host != "" {
		return fqdn(r.host)
	}
	return "mail." + fqdn(p.Domain())
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
