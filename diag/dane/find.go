package dane

import (
	"context"
	"sync"

	"todoku/diag/resolve"
)

// MaxRecords bounds the records of a set that are looked at.
const MaxRecords = 50

// Prefix stands before the name of a mail server to make the name of its TLSA records (RFC 7672 §2.2.3).
const Prefix = "_25._tcp."

// Set is the TLSA records of a mail server.
type Set struct {
	Host      string         // the MX host
	Addresses resolve.Host   // of the host
	Base      string         // the name below which the records stand; it is the first name that a certificate may hold
	Answer    resolve.Answer // that decided
	Records   []Record       // each once
	Cut       int            // records beyond MaxRecords
	Security  Security       // of the answer; "" where there are no records
	Unsigned  string         // the name that is not signed, where the answer is Insecure
	Err       error          // why the records, or whether they are secure, are not known
}

// Find looks up the TLSA records of an MX host. Where the host is an alias and all of it is secure, the records of its last
// name come first (RFC 7672 §2.2.2); where there are none, and where the alias leads to a zone that is not signed, those of
// the host's own name count.
func Find(ctx context.Context, r resolve.Resolver, host string) *Set {
	s := &Set{Host: host, Base: host}
	var wg sync.WaitGroup
	wg.Go(func() { s.Addresses = resolve.AskHost(ctx, r, host) })
	own, err := r.Ask(ctx, Prefix+host, resolve.TypeTLSA)
	wg.Wait()
	if end := s.Addresses.Alias(); end != "" && (s.Addresses.V4.Authentic || s.Addresses.V6.Authentic) {
		expanded, failed := r.Ask(ctx, Prefix+end, resolve.TypeTLSA)
		switch {
		case failed != nil: // RFC 7672 §2.1.2: no answer is no absence
			s.Base, s.Err = end, failed
			return s
		case expanded.Status == resolve.Found && expanded.Authentic:
			s.Base, own, err = end, expanded, nil
		}
	}
	if err != nil {
		s.Err = err
		return s
	}
	s.Answer = own
	if own.Status != resolve.Found {
		return s
	}
	s.read(own.Records)
	if s.Security = Unknown; !own.FromFile { // a zone file does not say whether its zone will be signed
		s.Security, s.Unsigned, s.Err = SecurityOf(ctx, r, own)
	}
	return s
}

// read parses the records, each once.
func (s *Set) read(records []resolve.Record) {
	seen := map[string]bool{}
	for _, rec := range records {
		r := Parse(rec.Text)
		key := r.Key()
		switch {
		case r.Fault != Unreadable && seen[key]:
		case len(s.Records) == MaxRecords:
			s.Cut++
		default:
			seen[key] = true
			s.Records = append(s.Records, r)
		}
	}
}
