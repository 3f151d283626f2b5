package check

import (
	"context"
	"errors"
	"strings"
	"sync"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
)

// DMARCOptions is what the DMARC check may be told.
type DMARCOptions struct {
	Auth        *dmarc.Input // results of SPF and DKIM for a mail, to be evaluated; nil: none
	SendingOnly bool         // nothing about where reports go
	Untold      error        // why a result of Auth that is temperror is not known, where it is no question that failed; nil: one failed
}

// DMARC looks for the policy that governs mail from the domain, at where its
// reports go, and, given results of SPF and DKIM, at what receivers make of
// them.
func DMARC(o DMARCOptions) *diag.Check {
	return &diag.Check{
		Name:  "dmarc",
		Title: codes.Text{EN: "DMARC", JA: "DMARC"},
		Rules: []*diag.Rule{DMARCNone, DMARCNoDomain, DMARCMultiple, DMARCMisplaced, DMARCCNAMEBroken, DMARCSyntax,
			DMARCPolicyNone, DMARCPolicyMissing, DMARCPolicyOrder, DMARCTesting, DMARCSubdomainWeaker,
			DMARCRemovedTag, DMARCDefaultTag, DMARCIgnoredTag, DMARCNoRUA, DMARCURIScheme, DMARCRUAUnauthorised, DMARCRUANoMX, DMARCPSLDiffers,
			DMARCFail, DMARCFromInvalid, DMARCFromSeveral},
		Run: func(ctx context.Context, p *diag.Pass) error {
			_, err := runDMARC(ctx, p, o)
			return err
		},
	}
}

func runDMARC(ctx context.Context, p *diag.Pass, o DMARCOptions) (*DMARCFacts, error) {
	facts := newDMARCFacts()
	p.Facts(facts)
	j := dmarcJudge{Pass: p}
	var verdict dmarc.Evaluation
	var wg sync.WaitGroup
	if o.Auth != nil {
		wg.Go(func() { verdict = dmarc.Evaluate(ctx, p.DNS, *o.Auth) })
	}
	j.walk = dmarc.Discover(ctx, p.DNS, p.Domain())
	err := alsoErr(j.walk.Err, j.walk.SelfErr)
	var reports []dmarc.Destination
	if s := j.walk.Policy; s != nil && !j.walk.FromSuffix() && j.walk.Ours(s.Domain) && !o.SendingOnly {
		var cut int
		reports, cut = j.walk.Destinations(ctx, p.DNS)
		err = alsoErr(err, diag.Beyond(p.Domain(), "DMARC", codes.Text{EN: "addresses for reports", JA: "レポート送信先"}, dmarc.MaxDestinations, cut))
	}
	j.around(ctx)
	wg.Wait()
	err = alsoErr(err, j.blind)
	facts.takeWalk(j.walk)
	if o.Auth != nil { // what was asked comes first
		facts.takeVerdict(verdict, o.Auth.From)
		j.verdict(verdict, o.Auth.From)
		err = alsoErr(err, orUntold(verdict, o.Untold))
	}
	j.place()
	j.record()
	for _, d := range reports {
		facts.Reports = append(facts.Reports, reportTo(d))
		j.report(d)
		err = alsoErr(err, d.Err)
	}
	err = alsoErr(err, diag.Beyond(p.Domain(), "DMARC", codes.Text{EN: "faults of a record", JA: "レコードの誤り"}, maxDMARCFaults, j.left))
	j.readers()
	return facts, err
}

// orUntold is why the verdict on a mail is not known: untold, where that is why a result is missing.
func orUntold(e dmarc.Evaluation, untold error) error {
	if untold != nil && e.Result == "temperror" && !failed(e) {
		return untold
	}
	return e.Err
}

// failed reports whether a question about one of the domains had no answer.
func failed(e dmarc.Evaluation) bool {
	var of *resolve.Error
	return errors.As(e.Err, &of)
}

// alsoErr adds errors that are not there yet: the walk and the evaluation ask
// the same questions.
func alsoErr(err error, more ...error) error {
	for _, e := range more {
		var list interface{ Unwrap() []error }
		switch {
		case e == nil:
		case errors.As(e, &list):
			err = alsoErr(err, list.Unwrap()...)
		case !errors.Is(err, e):
			err = errors.Join(err, e)
		}
	}
	return err
}

// takeWalk takes what the walk found.
func (f *DMARCFacts) takeWalk(w *dmarc.Walk) {
	f.OrgDomain = w.Org
	for _, s := range w.Steps {
		f.Queries = append(f.Queries, s.Name)
		f.Walk = append(f.Walk, DMARCStep{Name: s.Name, Status: s.Status(), Record: strings.Join(s.Texts, "\n")})
	}
	if old := w.Old(); old.Known {
		f.PSLOrgDomain, f.PSLPolicy = old.Org, string(old.Policy)
		if old.Record != nil {
			f.PSLRecord = old.Record.Text
		}
	}
	if w.Policy == nil {
		return
	}
	rec := w.Policy.Record
	p, sp, np := rec.Policies()
	if above := w.OrgRecord(); above != nil && w.Policy.Domain != w.Org { // sp and np count there only (RFC 9989 §4.7)
		_, sp, np = above.Policies()
	}
	f.Record, f.Domain, f.TTL = rec.Text, w.Policy.Domain, ttlOf(w.Policy.Answer, rec.Text)
	f.Policy, f.SubdomainPolicy, f.NonexistentPolicy = string(p), string(sp), string(np)
	f.Testing, f.AlignmentSPF, f.AlignmentDKIM = rec.Testing, alignment(rec.StrictSPF), alignment(rec.StrictDKIM)
	for _, u := range rec.RUA {
		f.RUA = append(f.RUA, u.Text)
	}
	for _, u := range rec.RUF {
		f.RUF = append(f.RUF, u.Text)
	}
	if published, known := w.Published(); known {
		f.AppliedPolicy = string(rec.Applied(published))
	}
}

func ttlOf(a resolve.Answer, text string) uint32 {
	for _, r := range a.Records {
		if r.Text == text {
			return r.TTL
		}
	}
	return 0
}

func alignment(strict bool) string {
	if strict {
		return "strict"
	}
	return "relaxed"
}

// takeVerdict takes the verdict on a mail.
func (f *DMARCFacts) takeVerdict(e dmarc.Evaluation, from string) {
	f.Result, f.PSLResult, f.From, f.AppliedPolicy = e.Result, e.Old, from, string(e.Applied)
	f.SPFAligned, f.DKIMAligned, f.spf, f.dkim = e.SPFAligned, e.DKIMAligned, e.SPF, e.DKIM
	f.author = e.Domain
}
