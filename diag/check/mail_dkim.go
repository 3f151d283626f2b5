package check

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// MailDKIM verifies every signature of a mail.
func MailDKIM(m *Mail) *diag.Check {
	return &diag.Check{
		Name:  "dkim",
		Title: codes.Text{EN: "DKIM", JA: "DKIM"},
		Rules: []*diag.Rule{DKIMUnsigned, DKIMBodyChanged, DKIMHeaderChanged, DKIMSignatureFaulty, DKIMSignatureExpired, DKIMSignatureKey,
			DKIMSignatureExtra, DKIMPartialBody, DKIMEd25519Only, DKIMFieldsUnsigned, DKIM2Signature, DKIMDiffers, DKIMKeyWeak, DKIMTesting,
			DKIMAltered, DKIMAlteredPerhaps, DKIMUnaltered, DKIMOriginalOther},
		Run: func(ctx context.Context, p *diag.Pass) error { return runMailDKIM(ctx, p, m) },
	}
}

// verify judges the signatures of the mail.
func (m *Mail) verify(ctx context.Context, p *diag.Pass) dkim.Report {
	return dkim.Verify(ctx, p.DNS, m.Raw, dkim.Options{Now: p.Now()})
}

// judgeContent looks at the content of the mail, and at what its signatures cover of it. Where none holds, the check of DKIM
// says so.
func (m *Mail) judgeContent(ctx context.Context, p *diag.Pass) error {
	o := ContentOptions{Data: m.Data}
	for _, s := range m.verify(ctx, p).Signatures {
		switch s.Result {
		case dkim.Pass:
			o.Signed = append(o.Signed, s.Signed)
		case dkim.TempError, dkim.Neutral:
			return runContent(p, ContentOptions{Data: m.Data}) // it may cover all
		}
	}
	return runContent(p, o)
}

func runMailDKIM(ctx context.Context, p *diag.Pass, m *Mail) error {
	v := m.verify(ctx, p)
	facts := newMailDKIMFacts(m, v)
	p.Facts(facts)
	j := mailDKIMJudge{Pass: p, mail: m, all: v.Signatures}
	j.passed = slices.ContainsFunc(v.Signatures, func(s *dkim.Signature) bool { return s.Result == dkim.Pass })
	var err error
	left := maxAltered
	for i, s := range v.Signatures {
		if !slices.ContainsFunc(v.Signatures[:i], func(o *dkim.Signature) bool { return alike(s, o) }) {
			j.signature(s)
			if isAltered(s) && left > 0 {
				left--
				facts.Signatures[i].setChanges(j.altered(ctx, s))
			}
		}
		if s.Result == dkim.TempError {
			err = alsoErr(err, s.Answer.Err)
		}
	}
	j.originalOther()
	j.whole(facts)
	what, fields := codes.Text{EN: "DKIM signatures", JA: "DKIM署名"}, codes.Text{EN: "header fields", JA: "ヘッダー"}
	return alsoErr(err, diag.Beyond(p.Domain(), "DKIM", what, len(v.Signatures), v.Over),
		diag.Beyond(p.Domain(), "DKIM", fields, mail.MaxRawFields, m.Raw.Over))
}

// alike reports whether the same is to be said of two signatures.
func alike(s, o *dkim.Signature) bool {
	return s.Domain == o.Domain && s.Selector == o.Selector && s.Reason == o.Reason && s.Algorithm == o.Algorithm
}

// mailDKIMJudge turns signatures into findings.
type mailDKIMJudge struct {
	*diag.Pass
	mail   *Mail
	all    []*dkim.Signature
	passed bool // one of them holds
}

// signature judges one signature.
func (j *mailDKIMJudge) signature(s *dkim.Signature) {
	switch {
	case s.Result == dkim.Pass:
		j.holds(s)
	case s.Result != dkim.Fail && s.Result != dkim.PermError:
	case j.passed:
		j.Report(DKIMSignatureExtra, s.Domain, codes.Str("domain", s.Domain), codes.Str("selector", s.Selector),
			codes.Words("reason", DKIMReason(s.Reason)))
	default:
		j.broken(s)
	}
}

// broken tells of a signature that does not hold where none does.
func (j *mailDKIMJudge) broken(s *dkim.Signature) {
	data := []codes.Datum{codes.Str("domain", s.Domain), codes.Str("selector", s.Selector), codes.Words("reason", DKIMReason(s.Reason))}
	switch s.Reason {
	case dkim.BodyHashMismatch:
		j.Report(DKIMBodyChanged, s.Domain, append(data, codes.Str("computed", base64.StdEncoding.EncodeToString(s.Computed)),
			codes.Str("signed", base64.StdEncoding.EncodeToString(s.BodyHash)))...)
	case dkim.SignatureMismatch:
		j.Report(DKIMHeaderChanged, s.Domain, data...)
	case dkim.Expired:
		j.Report(DKIMSignatureExpired, s.Domain, append(data, codes.Str("expires", s.Expires.UTC().Format(time.RFC3339)))...)
	case dkim.NoKey, dkim.BadKeyRecord, dkim.KeyRevoked, dkim.KeyTooSmall, dkim.KeyAlgorithmMismatch, dkim.HashNotAllowedByKey,
		dkim.ServiceNotAllowedByKey, dkim.IdentityDiffers:
		f := j.Report(DKIMSignatureKey, s.Domain, append(data, codes.Str("name", s.Answer.Name))...)
		for _, text := range s.Answer.Records {
			f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: s.Answer.Name, Type: "TXT", Value: text})
		}
		if len(s.Answer.Records) == 0 {
			f.Evidence = append(f.Evidence, diag.Evidence{Kind: "dns", Name: s.Answer.Name, Type: "TXT"})
		}
	default:
		j.Report(DKIMSignatureFaulty, s.Domain, data...)
	}
}

// strongBits is the size of an RSA key from which nothing is said of it (RFC 8301 §3.2).
const strongBits = 2048

// holds tells what is unwise in a signature that holds.
func (j *mailDKIMJudge) holds(s *dkim.Signature) {
	if s.Limited && s.Unsigned > 0 {
		j.Report(DKIMPartialBody, s.Domain, codes.Str("domain", s.Domain), codes.Num("length", int(s.Limit)),
			codes.Num("unsigned", int(s.Unsigned)))
	}
	var open []string
	for _, name := range [...]string{"Subject", "To", "Date", "Message-ID", "Content-Type"} {
		if !s.Covers(name) && len(j.mail.Raw.All(name)) > 0 {
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		j.Report(DKIMFieldsUnsigned, s.Domain, codes.Str("domain", s.Domain), codes.List("names", open))
	}
	if bits := s.KeyBits(); s.Algorithm.KeyType() == "rsa" && bits < strongBits {
		j.Report(DKIMKeyWeak, s.Selector, codes.Str("name", s.Answer.Name), codes.Num("bits", bits))
	}
	if s.Testing() {
		j.Report(DKIMTesting, s.Selector, codes.Str("name", s.Answer.Name))
	}
}

// whole tells what is wrong with the signatures taken together.
func (j *mailDKIMJudge) whole(f *MailDKIMFacts) {
	if len(j.all) == 0 && j.mail.Raw.Over == 0 {
		j.Report(DKIMUnsigned, j.Target.Name)
	}
	if j.passed && !slices.ContainsFunc(j.all, counts) {
		j.Report(DKIMEd25519Only, j.Target.Name)
	}
	if f.DKIM2 > 0 {
		j.Report(DKIM2Signature, j.Target.Name, codes.Num("n", f.DKIM2))
	}
	theirs, differ := differs(f.Reported, j.result)
	if differ {
		ours := "fail"
		if theirs.Result == "fail" {
			ours = "pass"
		}
		j.Report(DKIMDiffers, theirs.Server, codes.Str("server", theirs.Server), codes.Str("theirs", theirs.Result),
			codes.Str("domain", theirs.Domain), codes.Str("ours", ours))
	}
}

// counts reports whether a signature counts, or may count, where ed25519 is not known.
func counts(s *dkim.Signature) bool {
	switch s.Result {
	case dkim.Fail, dkim.PermError:
		return false
	case dkim.Pass:
		return s.Algorithm.KeyType() != "ed25519"
	}
	return true
}

// result is whether a signature of a domain holds; not known where there is none, or where one could not be judged.
func (j *mailDKIMJudge) result(domain string) (passed, known bool) {
	for _, s := range j.all {
		if strings.EqualFold(s.Domain, domain) {
			passed, known = passed || s.Result == dkim.Pass, true
			if s.Result == dkim.TempError || s.Result == dkim.Neutral {
				return false, false
			}
		}
	}
	return passed, known
}
