package guide

import (
	"context"
	"slices"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/typo"
)

var senderDomain = &Cause{
	ID: "sender-domain", Fault: FaultOurs, Looks: lookSender, Answers: refusal,
	Reasons: aboutSender(),
	Steps:   []string{"fix_sender_address"},
	Check:   codes.Todoku("check", "domain", "DOMAIN"),
	Title:   codes.Text{EN: "sender's domain does not exist", JA: "送信者ドメインが存在しない"},
	Says:    codes.Text{EN: "the sender's domain {domain} does not exist", JA: "送信者ドメイン {domain} が存在しないこと"},
	judge: func(e *evidence) Outcome {
		if len(e.senders) == 0 {
			return open(nil, needFrom())
		}
		for _, a := range e.senders {
			if a.err != nil || a.answer.Status != resolve.NoName || len(a.answer.Chain) > 0 {
				continue
			}
			domain := codes.Str("domain", a.domain)
			o := confirmed(domain).because("dns", codes.Text{EN: "{domain} is not in DNS (NXDOMAIN)", JA: "{domain} はDNSに存在しません(NXDOMAIN)"}, domain).
				shown(diag.Evidence{Kind: "dns", Name: a.domain, Type: "TXT"})
			if near, ok := typo.Suggest(a.domain); ok {
				o = o.because("input", codes.Text{EN: "did you mean {near}?", JA: "{near} の入力誤りではありませんか"}, codes.Str("near", near))
			}
			return o
		}
		for _, a := range e.senders {
			if a.err != nil {
				return open(a.err)
			}
		}
		return excluded().because("dns", codes.Text{EN: "{domain} is in DNS", JA: "{domain} はDNSにあります"}, codes.Str("domain", e.senders[0].domain))
	},
}

// aboutSender are the reasons that may come from a sender's domain that does not exist.
func aboutSender() []string {
	out := slices.Concat(aboutSPF(), aboutDKIM())
	slices.Sort(out)
	return slices.Compact(out)
}

// senderName is a domain of the sender, and whether it is in DNS.
type senderName struct {
	domain string
	answer resolve.Answer
	err    error
}

// senderNames are the domains of the sender that are to be looked at: those of From and of the envelope.
func (c *Case) senderNames() []senderName {
	var out []senderName
	for _, d := range []string{c.fromDomain(), c.envelopeDomain()} {
		if d != "" && !slices.ContainsFunc(out, func(n senderName) bool { return n.domain == d }) {
			out = append(out, senderName{domain: d})
		}
	}
	return out
}

// lookUp asks DNS for the domain.
func (n *senderName) lookUp(ctx context.Context, dns resolve.Resolver) {
	n.answer, n.err = dns.Ask(ctx, n.domain, resolve.TypeTXT)
}

// gone is the verdict on records of a domain of the sender that does not exist.
func (e *evidence) gone(domain string) (Outcome, bool) {
	for _, n := range e.senders {
		if n.domain == domain && n.err == nil && n.answer.NoSuchName() {
			o := open(nil).because("dns", codes.Text{EN: "the domain itself does not exist", JA: "ドメイン自体が存在しません"})
			o.FollowsFrom = senderDomain
			return o, true
		}
	}
	return Outcome{}, false
}
