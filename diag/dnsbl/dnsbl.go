// Package dnsbl asks blocklists that are published in DNS (RFC 5782).
package dnsbl

import (
	"context"
	"errors"
	"net/netip"
	"strings"

	"todoku/diag/resolve"
)

// Listing is what one list says about one address or domain.
type Listing struct {
	Zone    string
	Subject string
	Listed  bool
	Reason  string         // the list's own words, from its TXT record
	Answer  resolve.Answer // its addresses are the codes of the list: 127.0.0.2 and the like
	Err     error          // the list gave no answer that counts; it is not known then
}

// ErrRefused is the answer of a list that does not serve our resolver: it says
// nothing about the address.
var ErrRefused = errors.New("the list does not answer this resolver")

// Address asks a list about an address (RFC 5782 §2.1, §2.4).
func Address(ctx context.Context, r resolve.Resolver, zone string, ip netip.Addr) Listing {
	reversed := strings.TrimSuffix(strings.TrimSuffix(resolve.Reverse(ip), ".in-addr.arpa"), ".ip6.arpa")
	return ask(ctx, r, zone, ip.Unmap().String(), reversed)
}

// Domain asks a list of domains (§2.2).
func Domain(ctx context.Context, r resolve.Resolver, zone, domain string) Listing {
	return ask(ctx, r, zone, domain, domain)
}

func ask(ctx context.Context, r resolve.Resolver, zone, subject, label string) Listing {
	l := Listing{Zone: zone, Subject: subject}
	name := label + "." + zone
	l.Answer, l.Err = r.Ask(ctx, name, resolve.TypeA)
	if l.Err != nil {
		return l
	}
	for _, record := range l.Answer.Records {
		switch a := record.Addr.As4(); {
		case !record.Addr.Is4() || a[0] != 127:
			l.Err = ErrRefused // a wildcard or a parked zone: no list answers so (§2.1)
		case a[1] == 255 && a[2] == 255: // Spamhaus: 127.255.255.252, .254, .255
			l.Err = ErrRefused
		case a == [4]byte{127, 0, 0, 1}: // URIBL, SURBL: query refused
			l.Err = ErrRefused
		default:
			l.Listed = true
		}
	}
	if l.Listed {
		l.Err = nil
		if txt, err := r.Ask(ctx, name, resolve.TypeTXT); err == nil {
			l.Reason = strings.Join(txt.Texts(), " ")
		}
	}
	return l
}
