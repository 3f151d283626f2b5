package campaign

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// mailFacts is what the mail itself tells.
type mailFacts struct {
	size       int // octets
	longest    int // octets of the longest line, with its end
	faults     []codes.Message
	content    *content.Content
	signatures []signature
}

// signature is a DKIM signature that the mail has already.
type signature struct {
	domain string
	status Status
	reason string // of DESIGN §5, "" for pass
	err    error
}

// once are the fields that stand at most once in a mail (RFC 5322 §3.6).
func once() []string {
	return []string{"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID", "In-Reply-To", "References"}
}

// readMail reads a mail, and verifies the signatures that it has.
func readMail(ctx context.Context, env diag.Env, data []byte) *mailFacts {
	f := &mailFacts{size: len(data)}
	for line := range bytes.Lines(data) {
		f.longest = max(f.longest, len(bytes.TrimRight(line, "\r\n"))+2)
	}
	signed := f.verify(ctx, env, data)
	e := mail.Open(data)
	f.form(e)
	f.content = content.Look(e, content.Options{Signed: signed, Bulk: true})
	return f
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

// form looks for what keeps the mail from being one of RFC 5322.
func (f *mailFacts) form(e *mail.Entity) {
	bad := func(m codes.Message) { f.faults = append(f.faults, m) }
	for _, name := range once() {
		if n := len(e.All(name)); n > 1 {
			bad(codes.Say(codes.Text{EN: "the field {name} stands {n} times", JA: "{name} ヘッダーが{n}個あります"}, codes.Str("name", name), codes.Num("n", n)))
		}
	}
	if strings.TrimSpace(e.Get("From")) == "" {
		bad(codes.Say(codes.Text{EN: "From: is missing", JA: "Fromヘッダーがありません"}))
	} else if _, _, end := mail.NextAddress(e.Get("From")); end > 0 {
		if more, _, _ := mail.NextAddress(e.Get("From")[end:]); more != "" {
			bad(codes.Say(codes.Text{EN: "From: has several addresses", JA: "Fromに複数のアドレスがあります"}))
		}
	}
	if id := strings.TrimSpace(e.Get("Message-ID")); id == "" {
		bad(codes.Say(codes.Text{EN: "Message-ID: is missing", JA: "Message-IDがありません"}))
	} else if !strings.HasPrefix(id, "<") || !strings.HasSuffix(id, ">") || !strings.Contains(id, "@") {
		bad(codes.Say(codes.Text{EN: "Message-ID: is not written as <…@…>", JA: "Message-IDが <…@…> の形になっていません"}))
	}
	if _, ok := e.Date("Date"); !ok {
		bad(codes.Say(codes.Text{EN: "Date: is missing or cannot be read", JA: "Dateがないか、読めません"}))
	}
}

// dkim judges the signatures that the mail has. passing are the domains of those that pass.
func (f *mailFacts) dkim() (v verdict, passing []string) {
	var failed, open []string
	var errs error
	for _, s := range f.signatures {
		switch s.status {
		case Pass:
			passing = append(passing, s.domain)
		case Unknown:
			open, errs = append(open, s.domain), errors.Join(errs, s.err)
		default:
			failed = append(failed, s.domain+" ("+s.reason+")")
		}
	}
	switch {
	case len(passing) > 0:
		return passed(codes.Say(codes.Text{EN: "the mail's signature of {domains} passes", JA: "メールの {domains} の署名は検証に成功します"}, codes.List("domains", passing))), passing
	case len(open) > 0:
		return unknown(noAnswer(), errs), nil
	}
	return verdict{status: Fail, why: codes.Say(codes.Text{EN: "no signature of the mail passes: {signatures}", JA: "メールの署名の検証に成功しません: {signatures}"}, codes.List("signatures", failed))}.
		mend(codes.Say(codes.Text{EN: "sign the mail as it leaves, after all changes of its text and header", JA: "本文とヘッダーの変更をすべて終えてから、送信時に署名してください"})), nil
}

// placeholders are those that nobody filled in.
func (f *mailFacts) placeholders() []content.Placeholder {
	return slices.DeleteFunc(slices.Clone(f.content.Placeholders), func(p content.Placeholder) bool { return !p.Certain })
}
