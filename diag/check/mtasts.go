package check

import (
	"context"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mtasts"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

// MTASTSOptions is what the MTA-STS check may be told.
type MTASTSOptions struct {
	Visit bool        // fetch the policy, and hold the mail servers against it
	SMTP  SMTPOptions // of the visits, so that they are shared with the SMTP check
}

// MTASTS looks for the record of MTA-STS (RFC 8461), and with Visit also at the policy, and at what a sender that applies it
// does with each mail host.
func MTASTS(o MTASTSOptions) *diag.Check {
	return &diag.Check{
		Name:  "mtasts",
		Title: codes.Text{EN: "MTA-STS", JA: "MTA-STS"},
		Rules: []*diag.Rule{MTASTSSyntax, MTASTSMultiple, MTASTSFetch, MTASTSCertificate, MTASTSMXMismatch, MTASTSStartTLSNone,
			MTASTSTesting, MTASTSWouldFail, MTASTSRedirect, MTASTSContentType, MTASTSMaxAge, MTASTSNoRecord, MTASTSMisplaced, MTASTSNone,
			MTASTSModeNone, MTASTSMXUnused, MTASTSIgnored},
		Run: func(ctx context.Context, p *diag.Pass) error { return runMTASTS(ctx, p, o) },
	}
}

// maxPolicyFaults bounds what a hostile record or policy can make us tell.
const maxPolicyFaults = 20

// mtastsRun is one run of the check.
type mtastsRun struct {
	*diag.Pass
	facts  *MTASTSFacts
	found  stated
	usable bool // there is one record, without a fault: senders go on to the policy
	body   string
	policy *mtasts.Policy // nil: none that senders can read
	left   int            // faults beyond the bound
	told   []told
}

func runMTASTS(ctx context.Context, p *diag.Pass, o MTASTSOptions) error {
	c := &mtastsRun{Pass: p, facts: newMTASTSFacts(p.Domain())}
	p.Facts(c.facts)
	a, err := p.DNS.Ask(ctx, mtasts.Name(p.Domain()), resolve.TypeTXT)
	if err != nil {
		return err
	}
	c.found = statedIn(a, mtasts.IsRecord, mtasts.Meant)
	c.record(ctx)
	switch {
	case !o.Visit:
		c.facts.unvisited = a.Name
	case c.usable:
		err = c.visit(ctx, o)
	case len(c.found.all()) == 0 && !p.Writing():
		c.orphan(ctx)
	}
	return alsoErr(err, diag.Beyond(p.Domain(), "MTA-STS", codes.Text{EN: "faults of a policy", JA: "ポリシーの誤り"}, maxPolicyFaults, c.left))
}

// visit fetches the policy while the mail servers are visited, and holds one against the others.
func (c *mtastsRun) visit(ctx context.Context, o MTASTSOptions) error {
	if c.Web == nil || c.SMTP == nil {
		return offline(mtasts.Host(c.Domain()), "HTTPS")
	}
	var wg sync.WaitGroup
	var page probe.Page
	wg.Go(func() { page = fetch(ctx, c.Pass, c.facts.URL, mtasts.MaxSize) })
	mail, routeErr := visitReceivers(ctx, c.Pass, o.SMTP)
	wg.Wait()
	if err := c.page(ctx, &page); err != nil {
		return err // without the policy nothing is judged
	}
	if c.policy == nil {
		return nil
	}
	c.lifetime()
	if routeErr != nil {
		return routeErr
	}
	return c.hosts(ctx, &mail)
}

// orphan looks for a policy that no record tells of: senders do not look for it.
func (c *mtastsRun) orphan(ctx context.Context) {
	if c.Web == nil {
		return
	}
	page := fetch(ctx, c.Pass, c.facts.URL, mtasts.MaxSize)
	if page.Status != 200 || page.Cut { // what keeps us from seeing it keeps nobody from sending
		return
	}
	policy, faults := mtasts.ParsePolicy(string(page.Body))
	if mtasts.Broken(faults) || policy.Mode == mtasts.None {
		return
	}
	c.facts.takePage(&page)
	f := c.found.saw(c.Report(MTASTSNoRecord, c.found.answer.Name, codes.Str("name", c.found.answer.Name), codes.Str("url", c.facts.URL),
		codes.Str("mode", string(policy.Mode))))
	f.Publish(c.found.place(), "TXT", mtasts.Mend(c.Now(), c.found.all()...).String())
}
