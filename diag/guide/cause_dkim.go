package guide

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

func aboutDKIM() []string {
	return []string{"dkim", "dmarc", "authentication", "policy", "unspecified", "spam", "ip_reputation", "domain_reputation", "delivered"}
}

var dkimNone = &Cause{
	ID: "dkim-none", Fault: FaultOurs, Looks: lookSender, Counter: remedyDKIM, Answers: refusal,
	Reasons: aboutDKIM(),
	Steps:   []string{"countermeasure_dkim"},
	Check:   codes.Todoku("check", "domain", "DOMAIN"),
	Title:   codes.Text{EN: "no DKIM signature or key", JA: "DKIMの署名・鍵がない"},
	Says:    codes.Text{EN: "the mail has no DKIM signature of {domain}", JA: "{domain} のDKIM署名がないこと"},
	Sound:   codes.Text{EN: "DKIM: set up", JA: "DKIM: 設定済み"},
	judge: func(e *evidence) Outcome {
		domain := codes.Str("domain", e.signer())
		if e.Message != nil && (len(e.signedMail().Signatures) > 0 || !e.Message.Returned) { // a copy may be older than the signature
			if len(e.signedMail().Signatures) == 0 {
				return confirmed(domain).because("message", codes.Text{EN: "the mail has no DKIM-Signature header", JA: "メールにDKIM-Signatureヘッダーがありません"})
			}
			s := e.signedMail().Signatures[0]
			return excluded().because("message", codes.Text{EN: "the mail is signed: d={signer} s={selector}", JA: "署名されています(d={signer} s={selector})"}, codes.Str("signer", s.Domain), codes.Str("selector", s.Selector))
		}
		if len(e.Signers) > 0 {
			return excluded().because("input", codes.Text{EN: "the mail is signed: d={signer}", JA: "署名されています(d={signer})"}, codes.Str("signer", e.Signers[0]))
		}
		return e.dkim(func(r *diag.Result, f *check.DKIMFacts) Outcome {
			switch {
			case len(f.Selectors) > 0 && len(e.Selectors) > 0:
				return excluded().because("dns", codes.Text{EN: "the key of selector {selector} is published", JA: "セレクター {selector} の公開鍵があります"}, codes.Str("selector", f.Selectors[0].Selector))
			case len(f.Selectors) > 0:
				return open(nil, needMessage()).because("dns", codes.Text{EN: "a key is published (selector {selector}); whether the mail was signed is not known", JA: "公開鍵はあります(セレクター {selector})。メールに署名されていたかは不明です"}, codes.Str("selector", f.Selectors[0].Selector))
			case len(e.Selectors) > 0:
				return excluded().because("input", codes.Text{EN: "the mail was signed; its key is missing", JA: "署名はありますが、公開鍵がありません"})
			case e.belowErr == nil && e.below.NoSuchName():
				// RFC 8020: nothing is below a name that does not exist. Some servers say so of a name with others below it: that is why
				// the selectors were asked for too.
				return confirmed(domain).because("dns", codes.Text{EN: "_domainkey.{domain} does not exist, and none of {probed} usual selectors has a key", JA: "_domainkey.{domain} が存在せず、よくあるセレクター{probed}個にも公開鍵がありません"}, domain, codes.Num("probed", f.Probed)).shown(diag.Evidence{Kind: "dns", Name: "_domainkey." + e.signer(), Type: "TXT"})
			}
			return open(e.belowErr, needSelector()).because("dns", codes.Text{EN: "none of {probed} usual selectors has a key; others may", JA: "よくあるセレクター{probed}個には公開鍵がありません(ほかの名前の可能性があります)"}, codes.Num("probed", f.Probed))
		})
	},
}

var dkimBroken = &Cause{
	ID: "dkim-broken", Fault: FaultOurs, Looks: lookSender, Counter: remedyDKIM, Answers: refusal,
	Reasons: aboutDKIM(),
	Steps:   []string{"fix_dkim"},
	Check:   codes.Todoku("check", "domain", "DOMAIN", "--selector", "NAME"),
	Title:   codes.Text{EN: "DKIM key/signature broken", JA: "DKIMの公開鍵・署名の不備"},
	Says:    codes.Text{EN: "the DKIM signature of {domain} does not hold: {why}", JA: "{why}ため、{domain} のDKIM署名の検証に失敗すること"},
	judge: func(e *evidence) Outcome {
		if o, ok := (signatureView{e}).judge(); ok {
			return o
		}
		o := e.dkim(e.judgeKeys)
		if o.Status == Excluded && len(e.mail.signatures) > 0 { // the key is in order, and not for this signature
			return signatureView{e}.keyUnfit()
		}
		return o
	},
}

// judgeKeys says what the keys tell, whether the mail was seen or not.
func (e *evidence) judgeKeys(r *diag.Result, f *check.DKIMFacts) Outcome {
	known := len(e.Selectors) > 0
	faults := r.Found(check.DKIMSelectorNone, check.DKIMCNAMEBroken, check.DKIMMultiple, check.DKIMSyntax,
		check.DKIMKeySplit, check.DKIMKeyUnusable, check.DKIMKeyShort, check.DKIMRevoked, check.DKIMKeyType, check.DKIMKeyLarge)
	switch {
	case len(faults) > 0 && (known || len(faults) >= len(f.Selectors)): // every key that there is
		return confirmed(codes.Str("domain", e.signer()), keyWhy()).found(faults...)
	case len(faults) > 0:
		return open(nil, needSelector()).found(faults...)
	case len(f.Selectors) == 0 && !known:
		return excluded().because("dns", codes.Text{EN: "no key was found that could be broken", JA: "公開鍵が見つかっていません"})
	case known && e.Missing:
		return open(nil, needMessage()).because("dns", codes.Text{EN: "the key of selector {selector} is in order; whether a mail keeps its signature shows a new one (--message FILE)", JA: "セレクター {selector} の公開鍵に問題はありません。署名が検証できるかは、新しいメール(--message FILE)で確認できます"}, codes.Str("selector", e.Selectors[0]))
	case known: // the mail is signed with this key
		return excluded().because("dns", codes.Text{EN: "the key of selector {selector} is in order", JA: "セレクター {selector} の公開鍵に問題はありません"}, codes.Str("selector", e.Selectors[0]))
	}
	return open(nil, needMessage()).because("dns", codes.Text{EN: "the key of selector {selector} is in order; the mail's signature was not seen", JA: "セレクター {selector} の公開鍵に問題はありません。メールの署名は未確認です"}, codes.Str("selector", f.Selectors[0].Selector))
}

// keyUnfit is the outcome where no signature that counts can be verified with its key.
func (v signatureView) keyUnfit() Outcome {
	list := v.relevant()
	return confirmed(codes.Str("domain", list[0].Domain), keyWhy()).ofMail(v.ofSignatures(list)...)
}

func keyWhy() codes.Datum {
	return codes.Words("why", codes.Text{EN: "its key is missing or broken", JA: "公開鍵がないか誤っている"})
}

// dkim hands over what the DKIM check saw of the keys.
func (e *evidence) dkim(judge func(*diag.Result, *check.DKIMFacts) Outcome) Outcome {
	r, f := seenBy[*check.DKIMFacts](e)
	if r == nil {
		return open(nil, needFrom())
	}
	if o, gone := e.gone(e.signer()); gone {
		return o
	}
	if r.Err != nil && len(f.Selectors) == 0 && len(r.Findings) == 0 {
		return open(r.Err)
	}
	return judge(r, f)
}
