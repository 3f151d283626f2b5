package check

import (
	"context"
	"encoding/hex"
	"slices"
	"strconv"

	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dane"
	"todoku/diag/probe"
)

// daneServer is what one address of a host shows to a sender with DANE.
type daneServer struct {
	visit    *probe.Visit
	outcomes []dane.Outcome // of the records; nil where no certificate was seen
	noTLS    codes.Text     // why there is no TLS; zero with TLS, or where that is not known
	err      error          // why nothing is known of it
}

// seen reports whether it is known what the server shows.
func (s *daneServer) seen() bool { return s.err == nil }

// accepts reports whether a sender with DANE delivers there. Where no record is usable, TLS is enough (RFC 7672 §2.2).
func (s *daneServer) accepts(records []dane.Record) bool {
	return s.noTLS == (codes.Text{}) && (!dane.Binding(records) || dane.Accepts(s.outcomes))
}

// visit goes to the servers and holds what they show against the records of their host.
func (c *daneRun) visit(ctx context.Context) {
	if c.SMTP == nil {
		c.errs = append(c.errs, offline(c.Domain(), "SMTP"))
		return
	}
	r, err := visitReceivers(ctx, c.Pass, c.o.SMTP)
	if err != nil {
		c.errs = append(c.errs, err)
		return
	}
	c.facts.Visited = true
	c.errs = append(c.errs, r.unseen(c.Domain()))
	for _, h := range c.hosts {
		if len(h.Records) == 0 || h.Cut > 0 { // a record that was not looked at may match
			continue
		}
		for _, v := range r.of(h.Host) {
			s := c.show(ctx, h, v)
			h.servers = append(h.servers, s)
			c.errs = append(c.errs, s.err)
		}
	}
}

// show is what a visit says to a sender with DANE.
func (c *daneRun) show(ctx context.Context, h *daneHost, v *probe.Visit) daneServer {
	how, err := encryptionOf(ctx, v)
	s := daneServer{visit: v, err: err}
	switch {
	case err != nil:
	case how == tlsNotOffered:
		s.noTLS = codes.Text{EN: "STARTTLS is not offered", JA: "STARTTLSに対応していません"}
	case how == tlsRefused:
		s.noTLS = codes.Same(v.TLSReply.String())
	default:
		s.outcomes = dane.Match(h.Records, dane.Shown{Chain: v.TLS.Chain, Names: c.names(h), Now: c.Now()})
	}
	return s
}

// names are those of which a certificate has to hold one: the base of the records, the host, and the domain (RFC 7672 §3.2.2).
func (c *daneRun) names(h *daneHost) []string { return []string{h.Base, h.Host, c.Domain()} }

// judge reports what is wrong with the records and with what the servers show.
func (c *daneRun) judge() {
	var with, without []string // without counts hosts that can take mail only
	none := len(c.hosts) > 0
	for _, h := range c.hosts {
		none = none && h.Err == nil && len(h.Records) == 0 && (len(h.Addresses.Addrs()) > 0 || h.Addresses.Err() == nil)
		switch {
		case h.Err != nil && len(h.Records) == 0:
		case len(h.Records) == 0:
			if len(h.Addresses.Addrs()) > 0 {
				without = append(without, h.Host)
			}
		default:
			c.records(h)
			if h.Security == dane.Secure {
				with = append(with, h.Host)
				c.servers(h)
				c.rollover(h)
			}
		}
	}
	switch {
	case len(with) > 0 && len(without) > 0:
		c.Report(DANEPartial, c.Domain(), codes.List("hosts", without), codes.List("names", with))
	case none:
		c.Report(DANENone, c.Domain(), codes.Str("domain", c.Domain()))
	}
}

// records tells records that nobody can use, and a set that DNSSEC does not secure.
func (c *daneRun) records(h *daneHost) {
	switch {
	case fromFile(h.Answer):
	case h.Security == dane.Insecure:
		c.Report(DANEUnsigned, h.Host, codes.Str("name", h.Unsigned), codes.Words("what", codes.Text{
			EN: "the TLSA records of " + h.Host, JA: h.Host + " のTLSAレコード"})).Saw(h.Answer)
	case h.Security == dane.Unknown && h.Err == nil:
		c.unvalidated(h.Answer)
	}
	for i := range h.Records {
		r := &h.Records[i]
		if r.Usable() {
			continue
		}
		rule := DANEUnusable
		if r.Fault.Malformed() {
			rule = DANESyntax
		}
		f := c.Report(rule, h.Host, codes.Start("record", r.Text, maxDANEShown), codes.Str("host", h.Host), codes.Words("fault", daneFault(r)))
		f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: h.Answer.Name, Type: "TLSA", Value: r.Text,
			TTL: ttlOf(h.Answer, r.Text)})
	}
}

// maxDANEShown bounds the characters of a record that are shown: two lines.
const maxDANEShown = 160

// servers tells the servers at which a sender with DANE would not deliver.
func (c *daneRun) servers(h *daneHost) {
	for i := range h.servers {
		s := &h.servers[i]
		data := []codes.Datum{codes.Str("host", h.Host), codes.Str("address", s.visit.Address.Addr().String())}
		switch {
		case !s.seen() || s.accepts(h.Records):
		case s.noTLS != (codes.Text{}):
			c.Report(DANEStartTLS, h.Host, append(data, codes.Words("reply", s.noTLS))...).Saw(h.Answer)
		default:
			f := c.Report(DANEMismatch, h.Host, append(data, codes.Words("problem", daneProblem(s.outcomes)))...).Saw(h.Answer)
			c.offer(f, h)
		}
	}
}

// offer is the set of records that lets mail pass: those that are there, and one for the key of each server that none
// matches. It is not offered for the host of somebody else.
func (c *daneRun) offer(f *diag.Finding, h *daneHost) {
	name := h.Answer.Name
	if n := len(h.Answer.Chain); n > 0 {
		name = h.Answer.Chain[n-1]
	}
	if !sameOwner(name, c.Domain()) {
		return
	}
	records := slices.Clone(h.Records)
	for i := range h.servers {
		if s := &h.servers[i]; s.seen() && s.noTLS == (codes.Text{}) && !s.accepts(h.Records) {
			r := dane.Parse(keyRecord(s.visit.TLS.Chain[0], h.Records))
			if !slices.ContainsFunc(records, func(o dane.Record) bool { return o.Key() == r.Key() }) {
				records = append(records, r)
			}
		}
	}
	for i := range h.servers {
		s := &h.servers[i]
		shown := dane.Shown{Names: c.names(h), Now: c.Now()}
		if s.seen() && s.noTLS == (codes.Text{}) {
			shown.Chain = s.visit.TLS.Chain
			if !dane.Accepts(dane.Match(records, shown)) {
				return // nothing is offered that does not mend it
			}
		}
	}
	for i := range records {
		if records[i].Usable() {
			f.Publish(name, "TLSA", records[i].Key())
		}
	}
}

// keyRecord is the record 3 1 1 of a certificate's key (RFC 7672 §3.1), or 3 1 2 where a record with that stronger digest
// would pass over it (RFC 7671 §9).
func keyRecord(c *x509.Certificate, beside []dane.Record) string {
	strong := func(r dane.Record) bool {
		return r.Usable() && r.Usage == dane.DANEEE && r.Selector == dane.SPKI && r.Matching == dane.SHA512
	}
	if slices.ContainsFunc(beside, strong) {
		sum := sha512.Sum512(c.RawSubjectPublicKeyInfo)
		return "3 1 2 " + hex.EncodeToString(sum[:])
	}
	sum := sha256.Sum256(c.RawSubjectPublicKeyInfo)
	return "3 1 1 " + hex.EncodeToString(sum[:])
}

// rollover tells a set that has no record for the next certificate (RFC 7671 §8.1): the key could not be replaced without a
// time in which no record matches.
func (c *daneRun) rollover(h *daneHost) {
	if c.o.Visit && !slices.ContainsFunc(h.servers, func(s daneServer) bool { return s.seen() && s.accepts(h.Records) }) {
		return // it does not match now, or nobody saw it
	}
	waiting := slices.ContainsFunc(h.servers, func(s daneServer) bool { return slices.Contains(s.outcomes, dane.NoMatch) })
	if h.Cut == 0 && dane.Binding(h.Records) && !dane.Prepared(h.Records) && !waiting {
		c.Report(DANERollover, h.Host, codes.Str("host", h.Host), codes.Num("n", len(h.Records))).Saw(h.Answer)
	}
}

// would is what a sender with DANE does with mail for the host, and the result that it puts into a TLS report (RFC 8460 §4.3).
func (c *daneRun) would(h *daneHost) (does Would, result string) {
	switch {
	case h.Err != nil, len(h.Records) > 0 && h.Security == dane.Unknown:
		return WouldUnknown, ""
	case len(h.Records) == 0, h.Security != dane.Secure:
		return WouldWithout, "dane-required"
	case !c.facts.Visited:
		return WouldUnvisited, ""
	}
	seen := slices.DeleteFunc(slices.Clone(h.servers), func(s daneServer) bool { return !s.seen() })
	good := slices.IndexFunc(seen, func(s daneServer) bool { return s.accepts(h.Records) })
	switch {
	case good >= 0 && dane.Binding(h.Records):
		return WouldDeliver, ""
	case good >= 0:
		return WouldEncrypt, "tlsa-invalid"
	case len(seen) == 0 || len(seen) < len(h.servers) || h.Addresses.Err() != nil: // what was not seen may take it
		return WouldUnknown, ""
	case seen[0].noTLS != (codes.Text{}):
		return WouldWait, "starttls-not-supported"
	}
	return WouldWait, tlsReport(seen[0].outcomes)
}

// tlsReport is the word of RFC 8460 §4.3.2 for a chain that no record matches.
func tlsReport(outcomes []dane.Outcome) string {
	switch worst(outcomes) {
	case dane.WrongName:
		return "certificate-host-mismatch"
	case dane.Outdated:
		return "certificate-expired"
	case dane.NoPath:
		return "certificate-not-trusted"
	}
	return "validation-failure"
}

// worst is the outcome that tells most of why no record matches: how far the chain came.
func worst(outcomes []dane.Outcome) dane.Outcome {
	for _, o := range []dane.Outcome{dane.WrongName, dane.Outdated, dane.NoPath} {
		if slices.Contains(outcomes, o) {
			return o
		}
	}
	return dane.NoMatch
}

// numbers are the usage, selector and matching type of a record: "3 1 1".
func numbers(r *dane.Record) string {
	return strconv.Itoa(int(r.Usage)) + " " + strconv.Itoa(int(r.Selector)) + " " + strconv.Itoa(int(r.Matching))
}
