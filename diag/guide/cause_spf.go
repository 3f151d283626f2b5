package guide

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/spf"
)

// aboutSPF are the reasons that complain of SPF, or of something that SPF is part of.
func aboutSPF() []string {
	return []string{"spf", "dmarc", "authentication", "policy", "unspecified", "spam", "ip_reputation",
		"domain_reputation", "sender_refused", "delivered"}
}

var spfNone = &Cause{
	ID: "spf-none", Fault: FaultOurs, Looks: lookSender, Counter: remedySPF, Answers: refusal,
	Reasons: aboutSPF(),
	Steps:   []string{"countermeasure_spf"},
	Check:   codes.Todoku("check", "spf", "ENVELOPE", "--ip", "IP"),
	Title:   codes.Text{EN: "no SPF record", JA: "SPFレコードがない"},
	Says:    codes.Text{EN: "{domain} has no SPF record", JA: "{domain} にSPFレコードがないこと"},
	Sound:   codes.Text{EN: "SPF: published", JA: "SPF: 設定済み"},
	judge: func(e *evidence) Outcome {
		return e.spf(func(r *diag.Result, f *check.SPFFacts) Outcome {
			if missing := r.Found(check.SPFNone); len(missing) > 0 {
				return confirmed(codes.Str("domain", f.Domain)).found(missing...)
			}
			return excluded().because("dns", codes.Text{EN: "{domain} has one: {record}", JA: "{domain} にあります: {record}"}, codes.Str("domain", f.Domain), codes.Str("record", f.Record))
		})
	},
}

var spfBroken = &Cause{
	ID: "spf-broken", Fault: FaultOurs, Looks: lookSender, Counter: remedySPF, Answers: refusal,
	Reasons: aboutSPF(),
	Steps:   []string{"fix_spf"},
	Check:   codes.Todoku("check", "spf", "ENVELOPE", "--ip", "IP"),
	Title:   codes.Text{EN: "SPF record broken", JA: "SPFレコードの誤り"},
	Says:    codes.Text{EN: "receivers cannot evaluate the SPF record of {domain} (permerror)", JA: "{domain} のSPFレコードが誤っており、受信側で評価できない(permerror)こと"},
	judge: func(e *evidence) Outcome {
		return e.spf(func(r *diag.Result, f *check.SPFFacts) Outcome {
			faults := r.Found(check.SPFMultiple, check.SPFSyntax, check.SPFLookups, check.SPFVoidLookups, check.SPFLoop,
				check.SPFIncludeNone, check.SPFRedirectNone, check.SPFMXHosts)
			switch {
			case f.Result == spf.PermError && len(faults) > 0:
				return confirmed(codes.Str("domain", f.Domain)).found(faults...)
			case f.Result == spf.PermError:
				return confirmed(codes.Str("domain", f.Domain)).because("dns", codes.Text{EN: "permerror: {record}", JA: "permerror: {record}"}, codes.Str("record", f.Record))
			case r.Has(check.SPFNone):
				return excluded().because("dns", codes.Text{EN: "there is no record at all", JA: "レコード自体がありません"})
			case len(faults) > 0 && f.Result == "": // not evaluated for want of an address
				return confirmed(codes.Str("domain", f.Domain)).found(faults...)
			}
			if len(faults) == 0 {
				return excluded().because("dns", codes.Text{EN: "it can be evaluated, with {lookups} of 10 look-ups", JA: "評価できます(DNS参照 {lookups}回、上限10回)"}, codes.Num("lookups", f.Lookups))
			}
			// For this address the evaluation ends before it comes to the fault.
			says := codes.Text{EN: "for {ip} the evaluation ends ({result}) before the fault", JA: "{ip} については、誤りの手前で評価が終わります({result})"}
			data := []codes.Datum{codes.Str("ip", e.IP.String()), codes.Str("result", string(f.Result))}
			if e.saysPermError() {
				return confirmed(codes.Str("domain", f.Domain)).found(faults...).because("reply", codes.Text{EN: "the receiver says so: {reply}", JA: "受信側の応答にもあります: {reply}"}, codes.Str("reply", e.Reply.String()))
			}
			return open(nil).found(faults...).because("dns", says, data...)
		})
	},
}

var spfIP = &Cause{
	ID: "spf-ip", Fault: FaultOurs, Looks: lookSender, Counter: remedySPF, Answers: refusal,
	Reasons: aboutSPF(),
	Steps:   []string{"fix_spf"},
	Check:   codes.Todoku("check", "spf", "ENVELOPE", "--ip", "IP"),
	Title:   codes.Text{EN: "SPF does not cover the sending address", JA: "送信元IPアドレスがSPFの対象外"},
	Says:    codes.Text{EN: "the SPF record of {domain} does not cover {ip}", JA: "{domain} のSPFレコードが送信元の {ip} を許可していないこと"},
	Sound:   codes.Text{EN: "SPF: published, and it allows the sending address", JA: "SPF: 設定済み(送信元IPアドレスを許可しています)"},
	judge: func(e *evidence) Outcome {
		return e.spf(func(r *diag.Result, f *check.SPFFacts) Outcome {
			if r.Has(check.SPFNone) {
				return excluded().because("dns", codes.Text{EN: "there is no record that could cover it", JA: "レコード自体がありません"})
			}
			if !e.IP.IsValid() {
				return open(nil, needIP()).because("input", codes.Text{EN: "the sending address is not known; the record is {record}", JA: "送信元IPアドレスが不明です。レコード: {record}"}, codes.Str("record", f.Record))
			}
			data := []codes.Datum{codes.Str("domain", f.Domain), codes.Str("ip", e.IP.String()),
				codes.Str("result", string(f.Result)), codes.Str("mechanism", f.Mechanism)}
			switch f.Result {
			case spf.Pass:
				return excluded().because("dns", codes.Text{EN: "pass for {ip} by {mechanism}", JA: "{ip} は {mechanism} により pass です"}, data...)
			case spf.Fail, spf.SoftFail, spf.Neutral:
				o := confirmed(data...).because("dns", codes.Text{EN: "{result} for {ip} by {mechanism}", JA: "{ip} は {mechanism} により {result} です"}, data...)
				o.Findings = r.Found(check.SPFIPFail)
				for _, finding := range o.Findings {
					o = o.shown(finding.Evidence...)
				}
				return o
			case spf.PermError:
				return excluded().because("dns", codes.Text{EN: "the record cannot be evaluated for any address", JA: "レコードに誤りがあり、どのアドレスについても評価できません"})
			}
			return open(r.Err)
		})
	},
}

// saysPermError reports whether the receiver says that it could not evaluate the record (RFC 7208 §2.6.7, RFC 7372 §3.1).
func (e *evidence) saysPermError() bool {
	if e.Reply.Enhanced.Status() == "7.24" {
		return true
	}
	text := strings.ToLower(e.Reply.Text())
	for _, word := range [...]string{"permerror", "perm error", "perm_error", "permanent error", "too many dns", "too many lookups",
		"too many look-ups", "lookup limit", "lookups exceeded", "参照回数", "ルックアップ"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}

// spf hands over what the SPF check saw, if it saw enough.
func (e *evidence) spf(judge func(*diag.Result, *check.SPFFacts) Outcome) Outcome {
	r, f := seenBy[*check.SPFFacts](e)
	if r == nil {
		return open(nil, needFrom())
	}
	if o, gone := e.gone(e.envelopeDomain()); gone {
		return o
	}
	if r.Err != nil && (f.Record == "" || f.Result == spf.TempError || f.Result == "") {
		return open(r.Err)
	}
	return judge(r, f)
}
