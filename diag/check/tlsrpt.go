package check

import (
	"context"
	"errors"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/tlsrpt"
)

// TLSRPTOptions is what the TLS-RPT check may be told.
type TLSRPTOptions struct{}

// TLSRPT looks for the record of SMTP TLS Reporting (RFC 8460), and whether its reports can arrive where they go.
func TLSRPT(TLSRPTOptions) *diag.Check {
	return &diag.Check{
		Name:  "tlsrpt",
		Title: codes.Text{EN: "TLS-RPT", JA: "TLS-RPT"},
		Rules: []*diag.Rule{TLSRPTSyntax, TLSRPTMultiple, TLSRPTNoMX, TLSRPTNoHost, TLSRPTURIScheme, TLSRPTMisplaced,
			TLSRPTNone, TLSRPTIgnored},
		Run: runTLSRPT,
	}
}

// maxReportsTo bounds the destinations that are looked at.
const maxReportsTo = 20

// tlsrptRun is one run of the check.
type tlsrptRun struct {
	*diag.Pass
	facts *TLSRPTFacts
	found stated
}

func runTLSRPT(ctx context.Context, p *diag.Pass) error {
	c := &tlsrptRun{Pass: p, facts: &TLSRPTFacts{RUA: []string{}, Reports: []TLSRPTDestination{}}}
	p.Facts(c.facts)
	a, err := p.DNS.Ask(ctx, tlsrpt.Name(p.Domain()), resolve.TypeTXT)
	if err != nil {
		return err
	}
	c.found = statedIn(a, tlsrpt.IsRecord, tlsrpt.Meant)
	rec := c.record(ctx)
	if rec == nil {
		return nil
	}
	left := len(rec.RUA) - maxReportsTo
	return errors.Join(c.destinations(ctx, rec.RUA[:min(len(rec.RUA), maxReportsTo)]),
		diag.Beyond(p.Domain(), "TLS-RPT", codes.Text{EN: "addresses for reports", JA: "レポート送信先"}, maxReportsTo, left))
}

// record judges the record, and gives what senders read; nil where they read none.
func (c *tlsrptRun) record(ctx context.Context) *tlsrpt.Record {
	name, s := c.found.answer.Name, &c.found
	switch {
	case len(s.records) > 1:
		c.offer(s.saw(c.Report(TLSRPTMultiple, name, codes.Str("name", name), codes.Num("count", len(s.records)),
			codes.List("records", s.records))))
		return nil
	case len(s.records) == 0 && len(s.strays) == 0:
		if text, at := misplaced(ctx, c.Pass, tlsrpt.IsRecord); text != "" {
			f := c.Report(TLSRPTMisplaced, name, codes.Str("name", name), codes.Str("place", c.Domain()), codes.Str("record", beginning(text)))
			if rec, ok := tlsrpt.Mend(text); ok {
				f.Publish(s.place(), "TXT", rec.String())
			}
			f.Saw(at)
			return nil
		}
		f := s.saw(c.Report(TLSRPTNone, name, codes.Str("domain", c.Domain()), codes.Str("name", name)))
		f.Publish(s.place(), "TXT", "v=TLSRPTv1; rua=mailto:tls-reports@"+c.Domain())
		return nil
	}
	text := s.all()[0]
	rec, faults := tlsrpt.Parse(text)
	c.facts.take(rec)
	var ignored, schemes []string
	told := false
	for _, f := range faults {
		switch {
		case f.Kind == tlsrpt.OtherScheme:
			schemes = append(schemes, beginning(f.Text))
		case !f.Kind.Breaks():
			ignored = append(ignored, beginning(f.Text))
		case !told: // the first is enough to mend it
			told = true
			c.offer(s.saw(c.Report(TLSRPTSyntax, name, codes.Str("name", name), inRecord(f.Offset), codes.Num("offset", f.Offset),
				codes.Str("fault", string(f.Kind)), codes.Start("text", f.Text, maxTheirs), codes.Str("expected", f.Expected))))
		}
	}
	if len(schemes) > 0 {
		s.saw(c.Report(TLSRPTURIScheme, name, codes.Str("name", name), codes.List("uris", schemes)))
	}
	if len(ignored) > 0 {
		s.saw(c.Report(TLSRPTIgnored, name, codes.Str("name", name), codes.List("terms", ignored)))
	}
	if len(s.records) == 0 {
		return nil
	}
	return rec
}

// offer publishes the one record that the texts mean, where it can be read.
func (c *tlsrptRun) offer(f *diag.Finding) {
	if rec, ok := tlsrpt.Mend(c.found.all()...); ok {
		f.Publish(c.found.place(), "TXT", rec.String())
	}
}

// destinations looks whether reports can arrive: at a domain that takes mail, or at a host that exists.
func (c *tlsrptRun) destinations(ctx context.Context, uris []tlsrpt.URI) error {
	type seen struct {
		mx   resolve.Answer
		host resolve.Host
		tri  codes.Tri
		err  error
	}
	all := make([]seen, len(uris))
	var wg sync.WaitGroup
	for i, u := range uris {
		s := &all[i]
		switch {
		case u.Mail != "":
			wg.Go(func() { s.mx, s.host, s.tri, s.err = receivesMail(ctx, c.DNS, u.Mail) })
		case u.Web != "":
			wg.Go(func() { s.host, s.tri, s.err = exists(ctx, c.DNS, u.Web) })
		}
	}
	wg.Wait()
	var errs []error
	for i, u := range uris {
		s := &all[i]
		errs = append(errs, s.err)
		c.facts.Reports = append(c.facts.Reports, TLSRPTDestination{URI: u.Text, Domain: u.Mail + u.Web, Receives: answer(s.tri)})
		if s.tri != codes.No {
			continue
		}
		rule := TLSRPTNoHost
		if u.Mail != "" {
			rule = TLSRPTNoMX
		}
		f := c.Report(rule, u.Mail+u.Web, codes.Str("uri", beginning(u.Text)), codes.Str("destination", u.Mail+u.Web))
		if u.Mail != "" {
			f.Saw(s.mx)
		}
		if u.Web != "" || s.mx.Status == resolve.NoData {
			f.Saw(s.host.V4).Saw(s.host.V6)
		}
	}
	return errors.Join(errs...)
}

// receivesMail asks whether a domain can receive mail at all: it has an MX record that is not null (RFC 7505), or without MX an
// address (RFC 5321 §5.1).
func receivesMail(ctx context.Context, r resolve.Resolver, domain string) (mx resolve.Answer, host resolve.Host, takes codes.Tri,
	err error) {
	if mx, err = r.Ask(ctx, domain, resolve.TypeMX); err != nil {
		return mx, host, codes.Unknown, err
	}
	for _, rec := range mx.Records {
		if rec.Host != "." {
			return mx, host, codes.Yes, nil
		}
	}
	if mx.Status != resolve.NoData {
		return mx, host, codes.No, nil
	}
	host, takes, err = exists(ctx, r, domain)
	return mx, host, takes, err
}

// exists asks whether a host has an address, or is one.
func exists(ctx context.Context, r resolve.Resolver, name string) (resolve.Host, codes.Tri, error) {
	if isAddress(name) {
		return resolve.Host{}, codes.Yes, nil
	}
	h := resolve.AskHost(ctx, r, name)
	switch {
	case len(h.Addrs()) > 0:
		return h, codes.Yes, nil
	case h.Err() != nil:
		return h, codes.Unknown, h.Err()
	}
	return h, codes.No, nil
}
