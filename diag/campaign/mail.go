package campaign

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/content"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/sender/mail"
)

// mailFacts is what the mail itself tells.
type mailFacts struct {
	size       int          // octets
	longest    int          // octets of the longest line, with its end
	headers    *diag.Result // of the check headers
	content    *content.Content
	signatures []signature
	other      string // a domain of From that is not the campaign's: what the mail is like says nothing then; "" mostly
}

// signature is a DKIM signature that the mail has already.
type signature struct {
	domain string
	status Status
	reason string // of DESIGN §5, "" for pass
	err    error
}

// readMail reads a mail of a domain, and verifies the signatures that it has.
func readMail(ctx context.Context, env diag.Env, domain string, data []byte) *mailFacts {
	f := &mailFacts{size: len(data), other: otherAuthor(domain, data)}
	for line := range bytes.Lines(data) {
		f.longest = max(f.longest, len(bytes.TrimRight(line, "\r\n"))+2)
	}
	signed := f.verify(ctx, env, data)
	f.headers = one(ctx, env, domain, check.Headers(check.HeadersOptions{Data: data}))
	f.content = content.Look(mail.Open(data), content.Options{Signed: signed, Bulk: true})
	return f
}

// otherAuthor is a domain of From that is not the one that the campaign names; "" where there is none, or none that can be read.
func otherAuthor(domain string, data []byte) string {
	for _, from := range mail.Cut(data).All("From") {
		domains, err := dmarc.FromDomains(from.Value())
		if err != nil {
			continue // that it cannot be read is a fault of its form
		}
		for _, d := range domains {
			if d != domain {
				return d
			}
		}
	}
	return ""
}

// otherMail is the verdict on everything that only the campaign's own mail can tell, where the mail is another one.
func (s *sender) otherMail() verdict {
	return open(codes.Say(codes.Text{
		EN: "the mail (message) is from {other}, the campaign (from) is from {from}: nothing is known of the campaign's own mail",
		JA: "メール(message)の差出人は {other} ですが、キャンペーンの from は {from} です。このキャンペーンのメールとしては判断できません"},
		codes.Str("other", s.mail.other), codes.Str("from", s.c.Domain))).
		mend(codes.Say(codes.Text{EN: "give the mail of this campaign, or correct from", JA: "このキャンペーンのメールを指定するか、from を修正してください"}))
}

// verify judges the signatures (RFC 6376 §6.1). It gives the fields under those that pass; nil where there is none at all: the mail
// is signed when it leaves.
func (f *mailFacts) verify(ctx context.Context, env diag.Env, data []byte) (signed [][]string) {
	for _, s := range dkim.Verify(ctx, env.DNS, mail.Cut(data), dkim.Options{Now: env.Now()}).Signatures {
		x := signature{domain: s.Domain, status: Fail, reason: string(s.Reason)}
		switch s.Result {
		case dkim.Pass:
			x.status = Pass
			signed = append(signed, s.Signed)
		case dkim.TempError, dkim.Neutral:
			x.status, x.err = Unknown, s.Answer.Err
		}
		f.signatures = append(f.signatures, x)
	}
	if f.signatures != nil && signed == nil {
		signed = [][]string{}
	}
	return signed
}

// formRules are what keeps a mail from being one of RFC 5322 as providers ask for it.
func formRules() []*diag.Rule {
	return []*diag.Rule{check.HeadersFromMissing, check.HeadersFromMultiple, check.HeadersFromInvalid, check.HeadersFromSeveral,
		check.HeadersSenderMissing, check.HeadersDateMissing, check.HeadersDateInvalid, check.HeadersMessageIDMissing,
		check.HeadersMessageIDInvalid, check.HeadersDuplicate, check.HeadersNUL, check.HeadersRaw8Bit, check.HeadersBoundary}
}

// dkim judges the signatures that the mail has. passing are the domains of those that pass.
func (f *mailFacts) dkim() (v verdict, passing []string) {
	var open []string
	var faults, faultsJA []string
	var errs error
	for _, s := range f.signatures {
		switch s.status {
		case Pass:
			passing = append(passing, s.domain)
		case Unknown:
			open, errs = append(open, s.domain), errors.Join(errs, s.err)
		default:
			why := check.DKIMReason(dkim.Reason(s.reason))
			faults, faultsJA = append(faults, s.domain+" ("+why.EN+")"), append(faultsJA, s.domain+"("+why.JA+")")
		}
	}
	switch {
	case len(passing) > 0:
		return passed(codes.Say(codes.Text{EN: "the mail's signature of {domains} passes", JA: "メールの {domains} の署名は検証に成功します"}, codes.List("domains", passing))), passing
	case len(open) > 0:
		return unknown(noAnswer(), errs), nil
	}
	return verdict{status: Fail, why: codes.Say(codes.Text{EN: "no signature of the mail passes: {signatures}", JA: "メールの署名の検証に成功しません: {signatures}"},
		codes.Words("signatures", codes.Text{EN: strings.Join(faults, "; "), JA: strings.Join(faultsJA, "、")}))}.
		mend(codes.Say(codes.Text{EN: "sign the mail as it leaves, after all changes of its text and header", JA: "本文とヘッダーの変更をすべて終えてから、送信時に署名してください"})), nil
}

// placeholders are those that nobody filled in.
func (f *mailFacts) placeholders() []content.Placeholder {
	return slices.DeleteFunc(slices.Clone(f.content.Placeholders), func(p content.Placeholder) bool { return !p.Certain })
}
