package check

import (
	"cmp"
	"context"
	"crypto/x509"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/bimi"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// BIMIOptions is what the BIMI check may be told.
type BIMIOptions struct {
	Visit    bool           // fetch the logo and the certificate
	Roots    *x509.CertPool // that sign certificates of marks; nil: those of the world, and without any trust is not judged
	Selector string         // of the record; "": default
}

const bimiDefault = "default"

// BIMI looks at the logo that a domain publishes: the record, whether DMARC lets receivers show the logo, and, where servers
// are visited, the logo itself and the certificate of the mark.
func BIMI(o BIMIOptions) *diag.Check {
	return &diag.Check{
		Name:  "bimi",
		Title: codes.Text{EN: "BIMI", JA: "BIMI"},
		Brief: !o.Visit,
		Rules: []*diag.Rule{BIMINone, BIMIDeclined, BIMIMultiple, BIMIMisplaced, BIMISyntax, BIMIIgnoredTag, BIMIDMARC, BIMIFetch, BIMIRedirect,
			BIMISVG, BIMILogoLarge, BIMILogoShape, BIMINoCertificate, BIMICertificate, BIMICertificateExpiring, BIMICertificateProfile},
		Run: func(ctx context.Context, p *diag.Pass) error { return runBIMI(ctx, p, o) },
	}
}

// bimiRun is one run of the check.
type bimiRun struct {
	*diag.Pass
	o        BIMIOptions
	selector string
	facts    *BIMIFacts
	walk     *dmarc.Walk
	found    stated // at the name that counts
	domain   string // whose that is
	record   *bimi.Record
	left     int // faults beyond the bounds
}

func runBIMI(ctx context.Context, p *diag.Pass, o BIMIOptions) error {
	c := &bimiRun{Pass: p, o: o, selector: cmp.Or(o.Selector, bimiDefault)}
	c.facts = &BIMIFacts{Selector: c.selector}
	p.Facts(c.facts)
	err := c.look(ctx)
	c.facts.Result = c.result(err)
	return err
}

func (c *bimiRun) look(ctx context.Context) error {
	if err := c.find(ctx); err != nil {
		return err
	}
	err := c.judge()
	if c.record != nil && !c.record.Declined() {
		err = alsoErr(err, c.dmarc())
		if c.o.Visit {
			err = alsoErr(err, c.visit(ctx))
		}
	}
	return alsoErr(err, diag.Beyond(c.Domain(), "BIMI", codes.Text{EN: "faults", JA: "誤り"}, maxBIMIFaults, c.left))
}

// find looks for the record (section "Assertion Record Discovery"): at the domain, then at its organisational domain.
func (c *bimiRun) find(ctx context.Context) error {
	c.domain = c.Domain()
	var answer resolve.Answer
	var err error
	var wg sync.WaitGroup
	wg.Go(func() { c.walk = dmarc.Discover(ctx, c.DNS, c.Domain()) })
	answer, err = c.ask(ctx, c.domain)
	wg.Wait()
	c.facts.OrgDomain = c.org()
	if err != nil {
		return err
	}
	c.found = statedIn(answer, bimi.IsBIMI, bimi.Meant)
	if len(c.found.all()) > 0 || c.Domain() == dmarc.Registered(c.Domain()) {
		return nil
	}
	if c.walk.Err != nil {
		return c.walk.Err
	}
	if c.org() == c.Domain() {
		return nil
	}
	if answer, err = c.ask(ctx, c.org()); err != nil {
		return err
	}
	if above := statedIn(answer, bimi.IsBIMI, bimi.Meant); len(above.all()) > 0 {
		c.found, c.domain = above, c.org()
	}
	return nil
}

func (c *bimiRun) ask(ctx context.Context, domain string) (resolve.Answer, error) {
	return c.DNS.Ask(ctx, c.selector+"._bimi."+domain, resolve.TypeTXT)
}

// org is the organisational domain: by the tree walk, or by the public suffix list where no DMARC record says one.
func (c *bimiRun) org() string {
	if c.walk.Org == "" || c.walk.Policy == nil {
		return dmarc.Registered(c.Domain())
	}
	return c.walk.Org
}

// result is the word that a receiver would write (section "Affix BIMI Status"); "" where that takes a visit.
func (c *bimiRun) result(err error) string {
	failed := false
	for i := range c.Reported() {
		failed = failed || c.Finding(i).Rule.Severity == diag.Fail
	}
	switch {
	case err != nil:
		return "temperror"
	case c.found.answer.Name != "" && len(c.found.all()) == 0:
		return "none"
	case c.facts.Declined:
		return "declined"
	case failed:
		return "fail"
	case c.facts.DMARCOK != nil && !*c.facts.DMARCOK:
		return "skipped"
	case c.facts.Visited:
		return "pass"
	}
	return ""
}
