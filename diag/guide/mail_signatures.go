package guide

import (
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/altered"
	"todoku/diag/check"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
)

// standing is what became of one signature of the mail.
type standing uint8

// The standings. Of a copy that came back with a bounce only those are certain that do not depend on what happened to it since.
const (
	holds       standing = iota
	headerHolds          // over the header; the body did not come back
	keyFails             // its key is missing or cannot be used
	faulty               // of its own
	changed              // the mail is another than the one that was signed
	copyDiffers          // the copy is another one: it may have been cut or converted on its way back
	silentKey            // DNS does not tell the key
	unjudged             // a bound of ours was reached
)

// ofKey are the reasons for which a key cannot serve a signature.
func ofKey() []dkim.Reason {
	return []dkim.Reason{dkim.NoKey, dkim.BadKeyRecord, dkim.KeyRevoked, dkim.KeyTooSmall, dkim.KeyAlgorithmMismatch,
		dkim.HashNotAllowedByKey, dkim.ServiceNotAllowedByKey}
}

// ofOctets are the reasons that compare the mail with what was signed.
func ofOctets() []dkim.Reason {
	return []dkim.Reason{dkim.LengthExceedsBody, dkim.BodyHashMismatch, dkim.SignatureMismatch}
}

// signatureView looks at the signatures of the mail.
type signatureView struct{ *evidence }

// ofCut reports whether a reason may come of a header that was cut or broken into lines anew.
func ofCut(r dkim.Reason) bool {
	return r != dkim.WeakHash && r != dkim.Expired && r != dkim.IdentityDiffers
}

// standing says what became of a signature.
func (v signatureView) standing(s *dkim.Signature) standing {
	switch s.Result {
	case dkim.Pass:
		return holds
	case dkim.TempError:
		return silentKey
	case dkim.Neutral:
		return unjudged
	}
	own := slices.DeleteFunc(slices.Clone(s.Reasons), func(r dkim.Reason) bool {
		return slices.Contains(ofKey(), r) || slices.Contains(ofOctets(), r) || r == dkim.DNSTemporary
	})
	switch {
	case v.signedMail().HeaderOnly && slices.ContainsFunc(own, ofCut):
		return copyDiffers
	case slices.ContainsFunc(s.Reasons, func(r dkim.Reason) bool { return slices.Contains(ofKey(), r) }):
		return keyFails
	case len(own) > 0:
		return faulty
	}
	switch m := v.signedMail(); {
	case !m.Returned, !m.HeaderOnly && s.BodyHolds(): // the body is as it was, and so is the header that came with it
		return changed
	case m.HeaderOnly && s.HeaderHolds():
		return headerHolds
	case !m.HeaderOnly && v.rewritten(s):
		return changed
	}
	return copyDiffers
}

// rewritten reports whether the body of a copy differs from the signed one by what nobody does to a bounce: a text was added or
// replaced, and without that the signature holds. Cuts and conversions may be of the way back.
func (v signatureView) rewritten(s *dkim.Signature) bool {
	r, f := v.checked()
	i := slices.Index(v.mail.signatures, s)
	return r != nil && i < len(f.Signatures) && !s.BodyHolds() && slices.ContainsFunc(f.Signatures[i].Changed, addsText)
}

func addsText(c check.MailChange) bool {
	switch altered.Kind(c.Kind) {
	case altered.FooterAdded, altered.FooterPartAdded, altered.HTMLFooterAdded, altered.BannerAdded, altered.HTMLBannerAdded,
		altered.TextInserted, altered.PixelAdded, altered.LinksRewritten:
		return c.Certain
	}
	return false
}

// checked is what the check of the signatures found; nil where it did not run.
func (v signatureView) checked() (*diag.Result, *check.MailDKIMFacts) {
	if v.mail.signing == nil {
		return nil, nil
	}
	return diag.FactsOf[*check.MailDKIMFacts](v.mail.signing)
}

// relevant are the signatures that count for From: those of its own domain, or all where there are none.
func (v signatureView) relevant() []*dkim.Signature {
	own := slices.DeleteFunc(slices.Clone(v.mail.signatures), func(s *dkim.Signature) bool { return !v.aligned(s) })
	if len(own) > 0 {
		return own
	}
	return v.mail.signatures
}

// aligned reports whether a signature is of the domain of From, or of one that belongs to it (RFC 9989 §4.10.1).
func (v signatureView) aligned(s *dkim.Signature) bool {
	from := v.fromDomain()
	return from != "" && dmarc.Registered(s.Domain) == dmarc.Registered(from)
}

// judge says what the mail's own signatures tell of DKIM. ok is false where they tell nothing, or no more than their keys.
func (v signatureView) judge() (o Outcome, ok bool) {
	if len(v.mail.signatures) == 0 {
		return o, false
	}
	list := v.relevant()
	by := map[standing]*dkim.Signature{}
	for _, s := range list {
		if st := v.standing(s); by[st] == nil {
			by[st] = s
		}
	}
	switch {
	case by[holds] != nil && v.cameChanged(list):
		found := foundIn(v.mail.came, list, check.DKIMBodyChanged, check.DKIMAltered)
		return confirmed(codes.Str("domain", list[0].Domain), changedWhy()).ofMail(found...), true
	case by[holds] != nil:
		return excluded().because("message", codes.Text{EN: "the signature of {signer} (selector {selector}) holds", JA: "{signer} の署名(セレクター {selector})の検証に成功しました"}, nameOf(by[holds])...), true
	case by[headerHolds] != nil:
		return open(nil, needMessage()).because("message", codes.Text{EN: "the signature of {signer} (selector {selector}) holds for the header; the body did not come back", JA: "{signer} の署名(セレクター {selector})は、ヘッダーについては検証に成功しました。本文は返送されていないため、未確認です"}, nameOf(by[headerHolds])...), true
	case by[silentKey] != nil:
		return open(by[silentKey].Answer.Err), true
	case by[unjudged] != nil:
		return open(nil, needMessage()).because("message", codes.Text{EN: "the mail has more header fields than are read", JA: "メールのヘッダーが多すぎるため、署名を検証していません"}), true
	case by[copyDiffers] != nil:
		return open(nil, needMessage()).because("message", v.copyWords(), nameOf(by[copyDiffers])...).ofMail(v.alterations(list)...), true
	case v.otherHolds() && !slices.Contains(v.reasons, "dmarc") && !slices.Contains(v.reasons, "authentication"):
		return open(nil).because("message", codes.Text{EN: "another signature of the mail holds", JA: "メールの別の署名は検証に成功しました"}), true
	case !v.aligned(list[0]) && v.domainOnly():
		return open(nil).because("message", codes.Text{EN: "no signature is of {domain}: the others do not count here", JA: "{domain} の署名がないため、ほかの署名は判定に影響しません"}, codes.Str("domain", v.fromDomain())), true
	case by[faulty] == nil && by[changed] == nil:
		return o, false
	}
	return v.doesNotHold(list, by), true
}

// doesNotHold is the outcome where every signature that counts is broken.
func (v signatureView) doesNotHold(list []*dkim.Signature, by map[standing]*dkim.Signature) Outcome {
	why := codes.Words("why", codes.Text{EN: "the signature itself is faulty", JA: "署名自体に誤りがある"})
	if by[changed] != nil {
		why = changedWhy()
	}
	return confirmed(codes.Str("domain", list[0].Domain), why).ofMail(v.ofSignatures(list)...)
}

// copyWords say how the copy that came back differs.
func (v signatureView) copyWords() codes.Text {
	if v.signedMail().HeaderOnly {
		return codes.Text{EN: "the header that came back does not fit the signature of {signer}: it may have been cut or converted on its way back", JA: "返送されたヘッダーでは {signer} の署名を検証できません。返送時に切り詰めや変換が行われた可能性があります"}
	}
	return codes.Text{EN: "the copy that came back does not fit the signature of {signer}: it may have been cut or converted on its way back", JA: "返送されたメールでは {signer} の署名を検証できません。返送時に切り詰めや変換が行われた可能性があります"}
}

// domainOnly reports whether the error is about the domain of From, for which other signatures do not count.
func (v signatureView) domainOnly() bool {
	return slices.Contains(v.reasons, "dmarc") && !slices.Contains(v.reasons, "dkim") && !slices.Contains(v.reasons, "authentication")
}

// otherHolds reports whether a signature holds that does not count for From.
func (v signatureView) otherHolds() bool {
	return slices.ContainsFunc(v.mail.signatures, func(s *dkim.Signature) bool { return s.Result == dkim.Pass })
}

// ofSignatures are the findings about some signatures.
func (v signatureView) ofSignatures(list []*dkim.Signature) []diag.Finding {
	return append(v.found(list, check.DKIMBodyChanged, check.DKIMHeaderChanged, check.DKIMSignatureFaulty, check.DKIMSignatureExpired,
		check.DKIMSignatureKey, check.DKIMSignatureExtra), v.alterations(list)...)
}

// alterations are the findings about what changed since the mail was signed.
func (v signatureView) alterations(list []*dkim.Signature) []diag.Finding {
	return v.found(list, check.DKIMAltered, check.DKIMAlteredPerhaps)
}

// found are the findings of some rules about some signatures.
func (v signatureView) found(list []*dkim.Signature, rules ...*diag.Rule) []diag.Finding {
	return foundIn(v.mail.signing, list, rules...)
}

// foundIn are the findings of some rules about some signatures in a report; none where there is none.
func foundIn(report *diag.Report, list []*dkim.Signature, rules ...*diag.Rule) []diag.Finding {
	if report == nil {
		return nil
	}
	r, _ := diag.FactsOf[*check.MailDKIMFacts](report)
	if r == nil {
		return nil
	}
	return slices.DeleteFunc(r.Found(rules...), func(f diag.Finding) bool {
		return !slices.ContainsFunc(list, func(s *dkim.Signature) bool { return s.Domain == f.Subject })
	})
}

// cameChanged reports whether the copy that came back has a text that the mail had not when it was sent.
func (v signatureView) cameChanged(list []*dkim.Signature) bool {
	if v.mail.came == nil {
		return false
	}
	_, f := diag.FactsOf[*check.MailDKIMFacts](v.mail.came)
	return f != nil && slices.ContainsFunc(f.Signatures, func(s check.MailSignature) bool {
		return slices.ContainsFunc(list, func(o *dkim.Signature) bool { return o.Domain == s.Domain && o.Selector == s.Selector }) &&
			s.Result == string(dkim.Fail) && slices.ContainsFunc(s.Changed, addsText)
	})
}

func changedWhy() codes.Datum {
	return codes.Words("why", codes.Text{EN: "the mail was changed after it was signed", JA: "署名後にメールが変更されている"})
}

func nameOf(s *dkim.Signature) []codes.Datum {
	return []codes.Datum{codes.Str("signer", s.Domain), codes.Str("selector", s.Selector)}
}
