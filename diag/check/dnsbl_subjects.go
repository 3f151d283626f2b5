package check

import (
	"errors"
	"net/netip"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
	"todoku/diag/dmarc"
	"todoku/diag/mx"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// How many subjects are looked up.
const (
	maxDNSBLAddresses = 256
	maxDNSBLDomains   = 40
)

// dnsblSubjects is what lists are asked about, each once.
type dnsblSubjects struct {
	ips     []netip.Addr
	domains []string
	local   []string // the first of the addresses that are none of the internet, which no list holds
}

// shown are the subjects as facts.
func (s dnsblSubjects) shown() []string {
	out := make([]string, 0, len(s.ips)+len(s.domains))
	for _, ip := range s.ips {
		out = append(out, ip.String())
	}
	return append(out, s.domains...)
}

// subjects collects them: addresses that the internet can see, and domains with their organisational domains, by which most
// lists hold them. The error tells what is beyond the bounds.
func (o DNSBLOptions) subjects(domain string) (s dnsblSubjects, beyond error) {
	left := 0
	add := func(ip netip.Addr) {
		switch ip = ip.Unmap().WithZone(""); {
		case !ip.IsValid() || slices.Contains(s.ips, ip):
		case !mx.Reachable(ip):
			if len(s.local) == 0 {
				s.local = append(s.local, ip.String())
			}
		case len(s.ips) == maxDNSBLAddresses:
			left++
		default:
			s.ips = append(s.ips, ip)
		}
	}
	for _, ip := range o.IPs {
		add(ip)
	}
	if o.Mail != nil {
		add(o.Mail.Envelope.IP)
	}
	unseen := false
	for _, p := range o.Prefixes {
		n := 0
		for ip := p.Masked().Addr(); ip.IsValid() && p.Contains(ip); ip = ip.Next() {
			if n++; n > 2*maxDNSBLAddresses { // larger than anybody wants to count
				unseen = true
				break
			}
			add(ip)
		}
	}
	domains, cut := o.domains(domain)
	s.domains = domains
	return s, errors.Join(beyondAddresses(domain, left, unseen), diag.Beyond(domain, "DNSBL",
		codes.Text{EN: "domains", JA: "ドメイン"}, maxDNSBLDomains, cut))
}

// beyondAddresses tells how many addresses were left out; unseen: more than were counted.
func beyondAddresses(domain string, left int, unseen bool) error {
	what := codes.Text{EN: "sending addresses", JA: "送信元IPアドレス"}
	if unseen {
		return &diag.Bounded{Domain: domain, Type: "DNSBL", What: what, Limit: maxDNSBLAddresses}
	}
	return diag.Beyond(domain, "DNSBL", what, maxDNSBLAddresses, left)
}

// domains are the target's, those that were given, and those of the mail; cut is how many are beyond the bound.
func (o DNSBLOptions) domains(target string) (out []string, cut int) {
	add := func(d string) {
		switch _, err := netip.ParseAddr(d); {
		case d == "" || d == "." || err == nil || !strings.Contains(d, ".") || slices.Contains(out, d):
		case len(out) == maxDNSBLDomains:
			cut++
		default:
			out = append(out, d)
		}
	}
	both := func(name string) {
		if ascii, err := resolve.ToASCII(strings.Trim(name, "[]")); err == nil {
			add(ascii)
			add(dmarc.Registered(ascii))
		}
	}
	for _, d := range append([]string{target}, o.Domains...) {
		both(d)
	}
	if o.Mail == nil {
		return out, cut
	}
	if from, err := dmarc.FromDomains(o.Mail.From()); err == nil {
		for _, d := range from {
			both(d)
		}
	}
	both(o.Mail.Envelope.MailFrom[strings.LastIndexByte(o.Mail.Envelope.MailFrom, '@')+1:])
	read := content.Look(mail.Open(o.Mail.Data), content.Options{})
	for _, l := range read.Links {
		if l.Scheme == "http" || l.Scheme == "https" {
			both(l.Host)
		}
	}
	return out, cut + read.More.Links
}
