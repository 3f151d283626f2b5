package dnsbl

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"

	"todoku/diag/resolve"
)

// maxReason bounds the words of a list that are kept, in octets.
const maxReason = 400

// tests are the entries for tests (RFC 5782 §5): must is there, mustNot is not.
type tests struct{ must, mustNot string }

var (
	tests4       = tests{"2.0.0.127", "1.0.0.127"}
	tests6       = tests{"2" + mappedTail, "1" + mappedTail} // ::FFFF:7F00:2 and ::FFFF:7F00:1
	testsDomains = tests{"test", "invalid"}
)

// maxName is how many octets a name has at most (RFC 1035 §2.3.4): what is longer below the zone is not on the list.
const maxName = 253

const mappedTail = ".0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0"

// Kinds are what the list is to be asked about: Addresses, Domains or both. Of a list of Own its entries for tests tell. It is
// both where neither is there, and a test that fails excludes nothing.
func (s Source) Kinds(ctx context.Context, r resolve.Resolver) (out []Kind) {
	if s.Kind != Own {
		return slices.DeleteFunc([]Kind{Addresses, Domains}, func(k Kind) bool { return !s.Takes(k) })
	}
	var wg sync.WaitGroup
	var there [2]bool
	for i, label := range [...]string{tests4.must, testsDomains.must} {
		wg.Go(func() {
			entries, _, err := s.read(ctx, r, label)
			there[i] = err != nil || len(entries) > 0
		})
	}
	wg.Wait()
	if !there[0] && !there[1] { // it may hold IPv6 only
		entries, _, err := s.read(ctx, r, tests6.must)
		there[0] = err == nil && len(entries) > 0
	}
	for i, k := range [...]Kind{Addresses, Domains} {
		if there[i] || !there[0] && !there[1] {
			out = append(out, k)
		}
	}
	return out
}

// Address asks the list about an address (RFC 5782 §2.1, §2.4).
func (s Source) Address(ctx context.Context, r resolve.Resolver, ip netip.Addr) Listing {
	ip = ip.Unmap()
	label := strings.TrimSuffix(strings.TrimSuffix(resolve.Reverse(ip), ".in-addr.arpa"), ".ip6.arpa")
	if ip.Is4() {
		return s.ask(ctx, r, Addresses, ip.String(), label, tests4)
	}
	return s.ask(ctx, r, Addresses, ip.String(), label, tests6)
}

// Domain asks the list about a domain (§2.2), in the form that DNS knows.
func (s Source) Domain(ctx context.Context, r resolve.Resolver, domain string) Listing {
	return s.ask(ctx, r, Domains, domain, domain, testsDomains)
}

// ask puts the question and those of the tests side by side. A run asks each test once, however many subjects there are.
func (s Source) ask(ctx context.Context, r resolve.Resolver, kind Kind, subject, label string, t tests) Listing {
	l := Listing{List: s.List, Zone: s.Shown, Subject: subject}
	switch {
	case !s.Closed.IsZero():
		l.Err = &Dead{Zone: s.Shown, End: Closed, Since: s.Closed}
	case !s.Takes(kind):
		l.Err = &Dead{Zone: s.Shown, End: OtherKind}
	}
	if l.Err != nil || len(label)+len(".")+len(s.zone) > maxName {
		return l
	}
	var mustNot, must error
	var wg sync.WaitGroup
	wg.Go(func() { mustNot = s.absent(ctx, r, t.mustNot) })
	if s.Kind == Addresses || s.Kind == Domains || s.Kind == Own {
		wg.Go(func() { must = s.present(ctx, r, t) })
	}
	l.Entries, l.Answer, l.Err = s.read(ctx, r, label)
	wg.Wait()
	if l.Err == nil {
		l.Err = mustNot
	}
	if l.Err == nil {
		l.Err = s.weigh(ctx, r, must, t, &l)
	}
	switch {
	case l.Err != nil:
		l.Entries = nil
	case l.Has(Bad, Policy, Minor):
		l.Reason = s.reason(ctx, r, label)
	}
	return l
}

// weigh decides what a missing entry for tests means. A list that has that of IPv4 or that of IPv6 is alive, and holds no
// addresses of the other kind.
func (s Source) weigh(ctx context.Context, r resolve.Resolver, must error, t tests, l *Listing) error {
	other := map[tests]tests{tests6: tests4, tests4: tests6}[t]
	if missing(must) && other.must != "" {
		must = s.present(ctx, r, other)
		if must == nil && len(l.Entries) == 0 {
			return &Dead{Zone: s.Shown, End: NoFamily}
		}
	}
	if missing(must) {
		l.Untested, must = true, nil
	}
	return must
}

// missing reports whether an error says that the entry for tests is not there.
func missing(err error) bool {
	var dead *Dead
	return errors.As(err, &dead) && dead.End == Empty
}

// present looks for an entry for tests that every list has. The error says that it is missing (Empty), or what kept us from
// seeing it.
func (s Source) present(ctx context.Context, r resolve.Resolver, t tests) error {
	labels := []string{t.must}
	if t == testsDomains {
		labels = append(labels, s.Tests...)
	}
	var failed error
	for _, label := range labels {
		entries, _, err := s.read(ctx, r, label)
		if err == nil && len(entries) > 0 {
			return nil
		}
		if failed == nil {
			failed = err
		}
	}
	if failed == nil {
		failed = &Dead{Zone: s.Shown, End: Empty}
	}
	return failed
}

// absent looks for the entry that no list may have.
func (s Source) absent(ctx context.Context, r resolve.Resolver, label string) error {
	entries, _, err := s.read(ctx, r, label)
	if err == nil && len(entries) > 0 {
		err = &Dead{Zone: s.Shown, End: Wildcard}
	}
	return err
}

// read asks for a name below the zone and reads the answer. An answer with one address that is no entry counts for nothing.
func (s Source) read(ctx context.Context, r resolve.Resolver, label string) ([]Entry, resolve.Answer, error) {
	a, err := r.Ask(ctx, label+"."+s.zone, resolve.TypeA)
	if err != nil {
		return nil, resolve.Answer{}, s.hidden(err)
	}
	if s.key != "" {
		a.Name, a.Chain = s.clean(a.Name), nil
	}
	var out []Entry
	sorted := slices.SortedFunc(slices.Values(a.Records), func(a, b resolve.Record) int { return a.Addr.Compare(b.Addr) })
	for _, record := range sorted[:min(len(sorted), maxCodes)] { // the order in which they come says nothing
		for _, e := range s.Read(record.Addr) {
			switch e.Sense {
			case Parked:
				return nil, a, &Dead{Zone: s.Shown, End: NotAList}
			case Refused:
				return nil, a, &Refusal{Zone: s.Shown, Why: e.why}
			}
			out = append(out, e)
		}
	}
	return out, a, nil
}

// maxCodes bounds the addresses of an answer that are read; a list has a few at most.
const maxCodes = 32

// reason are the list's own words for an entry, with the key of a subscriber taken out.
func (s Source) reason(ctx context.Context, r resolve.Resolver, label string) string {
	a, err := r.Ask(ctx, label+"."+s.zone, resolve.TypeTXT)
	if err != nil {
		return "" // the entry counts without words
	}
	texts := slices.Sorted(slices.Values(a.Texts()))
	text := strings.ToValidUTF8(s.clean(strings.Join(texts[:min(len(texts), maxCodes)], " ")), "\uFFFD")
	if len(text) > maxReason {
		text = strings.ToValidUTF8(text[:maxReason], "") + "…"
	}
	return text
}

// hidden is an error of DNS without the key of a subscriber in it.
func (s Source) hidden(err error) error {
	var dns *resolve.Error
	if s.key == "" || !errors.As(err, &dns) {
		return err
	}
	shown := *dns
	shown.Name, shown.Message, shown.Server = s.clean(dns.Name), s.clean(dns.Message), s.clean(dns.Server)
	return &shown
}
