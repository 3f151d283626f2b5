package guide

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/spf"
)

var dmarcNone = &Cause{
	ID: "dmarc-none", Fault: FaultOurs, Looks: lookSender, Counter: remedyDMARC, Answers: refusal,
	Reasons: []string{"dmarc", "authentication", "policy", "unspecified", "spam", "domain_reputation", "delivered"},
	Steps:   []string{"fix_dmarc"},
	Check:   codes.Todoku("check", "dmarc", "DOMAIN"),
	Title:   codes.Text{EN: "no DMARC record", JA: "DMARCレコードがない"},
	Says:    codes.Text{EN: "{domain} has no DMARC record that receivers can read", JA: "{domain} に有効なDMARCレコードがないこと"},
	Sound:   codes.Text{EN: "DMARC: published", JA: "DMARC: 設定済み"},
	judge: func(e *evidence) Outcome {
		return e.dmarc(func(r *diag.Result, f *check.DMARCFacts) Outcome {
			missing := r.Found(check.DMARCNone, check.DMARCMultiple, check.DMARCSyntax, check.DMARCMisplaced,
				check.DMARCCNAMEBroken, check.DMARCPolicyMissing)
			if len(missing) > 0 && !asksFor(r, f) {
				return confirmed(codes.Str("domain", e.fromDomain())).found(missing...)
			}
			if f.Record == "" {
				return open(r.Err)
			}
			return excluded().because("dns", codes.Text{EN: "{name} has one: {record}", JA: "{name} にあります: {record}"}, codes.Str("name", f.Domain), codes.Str("record", f.Record))
		})
	},
}

// asksFor reports whether a record asks receivers for a policy, whatever else is
// wrong with it: a fault in another tag does not make it void (RFC 9989 §4.7).
func asksFor(r *diag.Result, f *check.DMARCFacts) bool {
	switch f.Policy {
	case "":
		return false
	case "none": // that stands there, or is what is left of a p that nobody understands
		return r.Has(check.DMARCPolicyNone) && !r.Has(check.DMARCPolicyMissing)
	}
	return true
}

var dmarcUnaligned = &Cause{
	ID: "dmarc-unaligned", Fault: FaultOurs, Looks: lookSender, Answers: refusal,
	Reasons: []string{"dmarc", "authentication", "policy", "unspecified", "spam", "delivered"},
	Steps:   []string{"fix_alignment"},
	Check:   codes.Todoku("check", "dmarc", "--from", "SENDER", "--spf", "pass:ENVELOPE"),
	Title:   codes.Text{EN: "DMARC not aligned", JA: "DMARCのアライメント不一致"},
	Says:    codes.Text{EN: "neither the SPF domain {mail_from} nor a DKIM domain of the mail belongs to {domain} (DMARC alignment)", JA: "SPFのドメイン {mail_from} もDKIMのドメインもFromの {domain} と一致せず、DMARCの認証に失敗すること"},
	judge: func(e *evidence) Outcome {
		return e.dmarc(func(r *diag.Result, f *check.DMARCFacts) Outcome {
			data := []codes.Datum{codes.Str("domain", e.fromDomain()), codes.Str("mail_from", e.envelopeDomain())}
			if r.Err != nil && !f.SPFAligned && !f.DKIMAligned {
				return open(r.Err)
			}
			if dmarcNone.judge(e).Status == Confirmed { // RFC 9989 §5.3: without a policy nothing is evaluated
				o := open(nil).because("dns", codes.Text{EN: "without a valid DMARC record there is nothing to align with", JA: "有効なDMARCレコードがないため、アライメントは判定されません"})
				o.FollowsFrom = dmarcNone
				return o
			}
			signed := (e.Message == nil || e.Message.Returned) && len(e.Signers) == 0 // whether there is an aligned signature is not known
			result := e.spfResult()
			switch {
			case f.SPFAligned && result == spf.Pass:
				return excluded().because("dns", codes.Text{EN: "SPF passes for {mail_from}, which belongs to {domain}", JA: "{mail_from} のSPFが pass で、Fromの {domain} と一致しています"}, data...)
			case f.DKIMAligned:
				return excluded().because("message", codes.Text{EN: "a signature's domain belongs to {domain}", JA: "署名のドメインがFromの {domain} と一致しています"}, data...)
			case f.SPFAligned && e.spfDefect() != nil:
				o := open(nil, needMessage()).because("dns", codes.Text{EN: "SPF does not pass, so a DKIM signature of {domain} decides", JA: "SPFの認証に失敗しているため、DKIMの結果で決まります"}, data...)
				o.FollowsFrom = e.spfDefect()
				return o
			case f.SPFAligned:
				o := open(nil, needIP()).because("dns", codes.Text{EN: "the SPF domain belongs to {domain}; what SPF says decides", JA: "SPFのドメインはFromの {domain} と一致しています。SPFの認証結果で決まります"}, data...)
				return o
			case e.Beyond.Signatures > 0: // one of the others may be aligned
				return open(nil)
			case !signed || e.unsigned():
				return confirmed(data...).because("dns", codes.Text{EN: "the SPF domain {mail_from} does not belong to {domain}, and no signature does", JA: "SPFのドメイン {mail_from} はFromの {domain} と一致せず、一致する署名もありません"}, data...)
			}
			return open(nil, needMessage()).because("dns", codes.Text{EN: "the SPF domain {mail_from} does not belong to {domain}: a DKIM signature of {domain} has to; it was not seen", JA: "SPFのドメイン {mail_from} はFromの {domain} と一致しません。{domain} のDKIM署名が必要ですが、未確認です"}, data...)
		})
	},
}

// dmarc hands over what the DMARC check saw.
func (e *evidence) dmarc(judge func(*diag.Result, *check.DMARCFacts) Outcome) Outcome {
	r, f := seenBy[*check.DMARCFacts](e)
	if r == nil || e.fromDomain() == "" {
		return open(nil, needFrom())
	}
	if o, gone := e.gone(e.fromDomain()); gone {
		return o
	}
	return judge(r, f)
}

// spfResult is what SPF says of the mail; "" where nobody knows.
func (e *evidence) spfResult() spf.Result {
	if r, f := seenBy[*check.SPFFacts](e); r != nil {
		return f.Result
	}
	return ""
}

// spfDefect is the cause for which SPF does not pass, or nil.
func (e *evidence) spfDefect() *Cause {
	switch e.spfResult() {
	case spf.None:
		return spfNone
	case spf.PermError:
		return spfBroken
	case spf.Fail, spf.SoftFail, spf.Neutral:
		return spfIP
	}
	return nil
}

// unsigned reports whether the domain has no key at all.
func (e *evidence) unsigned() bool { return dkimNone.judge(e).Status == Confirmed }
