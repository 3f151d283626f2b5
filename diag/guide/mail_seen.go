package guide

import (
	"context"
	"slices"
	"sync"
	"time"

	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dkim"
	"todoku/diag/dnsbl"
)

// seenMail is what was seen of the mail itself.
type seenMail struct {
	signatures []*dkim.Signature
	signing    *diag.Report    // of the check of its signatures; nil where nobody asked
	came       *diag.Report    // of the check of the copy that came back, held against the mail; nil where there is none
	links      []dnsbl.Listing // what lists of domains say of the hosts that it links to
	moreLinks  bool            // it has more than were asked about
	form       *diag.Report    // of the checks of its form and content; nil where nobody asked
}

// lookAtMail verifies the signatures of the mail, and looks at its form and content, as far as the error may be about them.
func (e *evidence) lookAtMail(ctx context.Context) {
	m := e.Message.mail
	target, env := m.Target(""), e.env.Env
	var wg sync.WaitGroup
	defer wg.Wait()
	if e.wants(lookLinks) {
		wg.Go(func() {
			e.mail.form = diag.Run(ctx, env, target, []*diag.Check{check.Headers(check.HeadersOptions{Data: m.Data}),
				check.Content(check.ContentOptions{Data: m.Data})})
			contentView{e}.askLinks(ctx)
		})
	}
	if e.wants(lookSender) {
		e.lookAtSignatures(ctx, target)
	}
}

// lookAtSignatures verifies the signatures of the mail, and of the copy that came back.
func (e *evidence) lookAtSignatures(ctx context.Context, target diag.Target) {
	m, env := e.signedMail(), e.env.Env
	if len(m.Signatures) == 0 {
		return
	}
	env.Now = e.sentAt
	e.mail.signatures = dkim.Verify(ctx, env.DNS, m.mail.Raw, dkim.Options{Now: e.sentAt()}).Signatures
	if !m.HeaderOnly || slices.ContainsFunc(e.mail.signatures, func(s *dkim.Signature) bool { return s.Result == dkim.PermError }) {
		e.mail.signing = diag.Run(ctx, env, target, []*diag.Check{check.MailDKIM(m.mail)})
	}
	if c := e.Came; c != nil && c != m && !c.HeaderOnly {
		held := check.OpenMail(c.mail.Data, check.MailOptions{Original: m.mail.Data})
		e.mail.came = diag.Run(ctx, env, target, []*diag.Check{check.MailDKIM(held)})
	}
}

// sentAt is the time at which the mail was refused or sent, against which the end of a signature is held; the present where nobody
// tells.
func (e *evidence) sentAt() time.Time {
	now, at := e.env.Now(), e.Time
	if at.IsZero() {
		at, _ = e.Message.mail.Parts.Date("Date")
	}
	if at.IsZero() || at.After(now) {
		return now
	}
	return at
}

// ofMail takes over findings about the mail.
func (o Outcome) ofMail(list ...diag.Finding) Outcome {
	o.byMail = true
	for _, f := range list {
		o.Findings = append(o.Findings, f)
		o = o.because("message", f.Rule.Says, f.Data...).shown(f.Evidence...)
	}
	return o
}
