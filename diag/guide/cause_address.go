package guide

import (
	"cmp"
	"errors"
	"net/mail"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/typo"
)

var addressWrong = &Cause{
	ID: "address-wrong", Fault: FaultAddress, Session: true, Answers: Answers{A: 1, B: 2, C: 3, G: 2},
	Reasons: []string{"user_unknown", "address_syntax", "mailbox_moved", "unspecified"},
	Steps:   []string{"verify_address", "ask_customer_address"},
	Check:   codes.Todoku("check", "recipient", "ADDR", "--rcpt"),
	Title:   codes.Text{EN: "address wrong", JA: "宛先アドレスの誤り"},
	Says:    codes.Text{EN: "the address {to} does not exist", JA: "宛先アドレス {to} が存在しないこと"},
	judge: func(e *evidence) Outcome {
		to := codes.Str("to", e.To)
		if !strings.Contains(e.To, "@") {
			return open(nil, needTo())
		}
		local := e.To[:strings.LastIndexByte(e.To, '@')]
		if _, err := mail.ParseAddress(e.To); err != nil && !check.OldDots(local, e.toDomain()) {
			return confirmed(to).because("input", codes.Text{EN: "{to} is no address that mail can go to", JA: "{to} はアドレスの書式に合っていません"}, to)
		}
		if o, gone := e.noDomain(); gone { // then the part after @ is what is wrong
			o = open(nil).because("dns", codes.Text{EN: "the part after @ takes no mail", JA: "@より後ろのドメインがメールを受け取れません"})
			o.FollowsFrom = recipientDomain
			return o
		}
		classes := []codes.Class{codes.ClassUserUnknown}
		if !slices.Contains(e.reasons, "mailbox_disabled") { // else that is what it means
			classes = append(classes, codes.ClassMailboxDisabled)
		}
		if v := refused(e.visits, classes...); v != nil && v.Stage == codes.StageRcpt {
			return confirmed(to).because("smtp", says(), spoke(v)...)
		}
		return e.nowTaken()
	},
}

// says is what a server said just now.
func says() codes.Text {
	return codes.Text{EN: "{host} says now: {reply}", JA: "{host} の現在の応答: {reply}"}
}

func spoke(v *Visit) []codes.Datum {
	reply := codes.Str("reply", v.Reply.String())
	if v.Err != nil {
		reply = codes.Failure("reply", v.Err)
	}
	return []codes.Datum{codes.Str("host", v.Host), codes.Str("address", v.Address.String()), reply}
}

// nowTaken excludes what keeps a recipient from being taken, where it is taken now.
func (e *evidence) nowTaken() Outcome {
	v := accepted(e.visits)
	if v != nil && e.afterMessage() {
		return open(nil).because("smtp", codes.Text{EN: "{host} takes the address now ({reply}); the error came after the message, which is not sent", JA: "{host} は現在この宛先を受け付けます({reply})。エラーは本文の送信後のもので、本文は送信していません"}, spoke(v)...)
	}
	if v != nil {
		return excluded().because("smtp", codes.Text{EN: "{host} takes the address now: {reply}", JA: "{host} は現在この宛先を受け付けます: {reply}"}, spoke(v)...)
	}
	return e.notSeen()
}

// afterMessage reports whether the error came so late that a visit cannot meet it.
func (e *evidence) afterMessage() bool {
	return e.Context.Stage == codes.StageBody || e.Context.Stage == codes.StageData
}

// notSeen is for what only the receiving server can show, and did not.
func (e *evidence) notSeen() Outcome {
	switch {
	case e.To == "":
		return open(nil, needTo())
	case e.routeErr != nil:
		return open(e.routeErr)
	case e.env.SMTP == nil:
		return open(nil).because("smtp", codes.Text{EN: "no server was asked (--offline or --no-smtp)", JA: "サーバーには問い合わせていません(--offline または --no-smtp)"})
	}
	for i := range e.visits {
		v := &e.visits[i]
		if v.Err != nil {
			return open(nil).because("smtp", codes.Text{EN: "{host} could not be asked: {reply}", JA: "{host} に問い合わせできません: {reply}"}, spoke(v)...)
		}
		if v.Reply.Code != 0 {
			return open(nil).because("smtp", says(), spoke(v)...)
		}
	}
	if e.route != nil && len(visitable(e.route)) == 0 {
		return open(nil).because("smtp", codes.Text{EN: "no mail server of {domain} has an address that can be asked",
			JA: "{domain} のメールサーバーに、問い合わせできるアドレスがありません"}, codes.Str("domain", e.toDomain()))
	}
	return open(nil)
}

var recipientDomain = &Cause{
	ID: "recipient-domain", Fault: FaultAddress, Session: true, Answers: Answers{A: 1, B: 2, C: 3, G: 1},
	Reasons: []string{"user_unknown", "domain_unknown", "no_mail_host", "dns_failure", "connection_failed", "expired",
		"relay_denied", "address_syntax", "unspecified"},
	Steps: []string{"check_recipient_domain", "ask_customer_address"}, Check: codes.Todoku("check", "recipient", "ADDR"),
	Title: codes.Text{EN: "recipient's domain takes no mail", JA: "宛先ドメインがメールを受け取れない"},
	Says:  codes.Text{EN: "{domain} {how}", JA: "{domain} が{how}こと"},
	judge: func(e *evidence) Outcome {
		if e.toDomain() == "" {
			return open(nil, needTo())
		}
		o, gone := e.noDomain()
		if v := refused(e.visits, codes.ClassHostUnknown); v != nil && !gone && !slices.ContainsFunc(e.visits, takesMail) {
			how := codes.Words("how", codes.Text{EN: "has a mail server that takes no mail", JA: "メールを受け取らないメールサーバーを登録している"})
			return confirmed(codes.Str("domain", e.toDomain()), how).because("smtp", says(), spoke(v)...)
		}
		// A server spoke for the domain, whatever it meant.
		o.yields = gone && e.Reply.Code >= 400 && e.Verdict.Reason.ID == "unspecified"
		return o
	},
}

// noDomain judges the route to the recipient, and reports whether there is none.
func (e *evidence) noDomain() (Outcome, bool) {
	domain := codes.Str("domain", e.toDomain())
	gone := func(how codes.Text, politely string) (Outcome, bool) {
		o := confirmed(domain, codes.Words("how", how)).because("dns", codes.Text{EN: "{domain} {how}", JA: "{domain} は{how}"}, domain,
			codes.Words("how", codes.Text{EN: how.EN, JA: politely}))
		if near, ok := typo.Suggest(e.toDomain()); ok {
			o = o.because("input", codes.Text{EN: "did you mean {near}?", JA: "{near} の入力誤りではありませんか"}, codes.Str("near", near))
		}
		return o.shown(diag.Seen(e.route.Answer)...), true
	}
	var bad *resolve.Error
	switch {
	case errors.As(e.routeErr, &bad) && bad.Kind == resolve.KindName:
		e.route.Answer.Name = e.toDomain()
		return gone(codes.Text{EN: "is no domain name", JA: "ドメイン名として正しくない"}, "ドメイン名として正しくありません")
	case e.routeErr != nil:
		return open(e.routeErr), false
	case e.route == nil:
		return open(nil, needTo()), false
	case e.route.Answer.Status == resolve.NoName:
		return gone(codes.Text{EN: "does not exist", JA: "存在しない"}, "存在しません")
	case e.route.Null && len(e.route.Hosts) == 0 || e.route.Null && len(e.route.Answer.Records) == 1:
		return gone(codes.Text{EN: "declares that it takes no mail (null MX)", JA: "メールを受け取らないと宣言している(null MX)"}, "メールを受け取らないと宣言しています(null MX)")
	case len(e.route.Hosts) == 0 && e.route.Own.Err() == nil:
		return gone(codes.Text{EN: "has no mail server (neither MX nor address)", JA: "メールサーバーを登録していない(MXレコードもA・AAAAレコードもない)"}, "メールサーバーを登録していません(MXレコードもA・AAAAレコードもありません)")
	}
	reachable, unknown := false, false
	for _, h := range e.route.Hosts {
		reachable = reachable || len(h.Addresses.Addrs()) > 0
		unknown = unknown || h.Addresses.Err() != nil
	}
	switch {
	case reachable:
		return excluded().because("dns", codes.Text{EN: "{domain} has mail servers: {host}", JA: "{domain} のメールサーバー: {host}"}, domain, codes.Str("host", e.route.Hosts[0].Name)).shown(diag.Seen(e.route.Answer)...), false
	case unknown:
		return open(e.route.Err()), false
	}
	o, _ := gone(codes.Text{EN: "names mail servers that have no address", JA: "A・AAAAレコードのないメールサーバーを登録している"}, "A・AAAAレコードのないメールサーバーを登録しています")
	return o.of(FaultTheirs), true
}

var mailboxFull = &Cause{
	ID: "mailbox-full", Fault: FaultTheirs, Session: true, Answers: Answers{A: 1, B: 2, C: 3},
	Reasons: []string{"mailbox_full"},
	Steps:   []string{"ask_recipient_space", "wait_retry"},
	Check:   codes.Todoku("check", "recipient", "ADDR", "--rcpt"),
	Title:   codes.Text{EN: "mailbox full", JA: "メールボックスの容量超過"},
	Says:    codes.Text{EN: "the mailbox of {to} is full", JA: "{to} のメールボックスの容量が足りないこと"},
	judge:   func(e *evidence) Outcome { return e.stated(codes.ClassMailboxFull) },
}

var mailboxDisabled = &Cause{
	ID: "mailbox-disabled", Fault: FaultAddress, Session: true, Answers: Answers{A: 1, B: 2, C: 3, G: 2},
	Reasons: []string{"mailbox_disabled"},
	Steps:   []string{"ask_customer_address", "remove_address"},
	Check:   codes.Todoku("check", "recipient", "ADDR", "--rcpt"),
	Title:   codes.Text{EN: "mailbox switched off", JA: "メールボックスの停止"},
	Says:    codes.Text{EN: "the mailbox of {to} was switched off", JA: "{to} のメールボックスが停止されていること"},
	judge: func(e *evidence) Outcome {
		if slices.Contains(e.reasons, "user_unknown") {
			return e.stated(codes.ClassMailboxDisabled)
		}
		return e.stated(codes.ClassMailboxDisabled, codes.ClassUserUnknown)
	},
}

// stated is for what a receiver knows of its own mailboxes. It is confirmed when
// the server says so again. The words of the reply are enough for a full
// mailbox only: it is taken at RCPT and refused later, so nothing can speak
// against them, while a mailbox that is switched off is refused at RCPT.
func (e *evidence) stated(classes ...codes.Class) Outcome {
	who := codes.Words("to", codes.Text{EN: cmp.Or(e.To, "the recipient"), JA: cmp.Or(e.To, "受信者")})
	if v := refused(e.visits, classes...); v != nil {
		return confirmed(who).because("smtp", says(), spoke(v)...)
	}
	switch {
	case !e.plainly() || classes[0] != codes.ClassMailboxFull: // what a RCPT can contradict
		return e.nowTaken()
	case e.To != "" && (e.routeErr != nil || e.route == nil):
		return e.notSeen()
	}
	return confirmed(who).because("reply", codes.Text{EN: "the receiver says so itself: {reply}", JA: "受信側自身の応答です: {reply}"}, codes.Str("reply", e.Reply.String()))
}

// plainly reports whether the words of the reply say what it is about, and have
// no second sense.
func (e *evidence) plainly() bool {
	v := e.Verdict
	return v.Other == nil && len(e.Reply.Lines) > 0 && v.Certainty != codes.Unconfirmed && v.Certainty != codes.Inferred
}

var recipientRefuses = &Cause{
	ID: "recipient-refuses", Fault: FaultRecipient, Session: true, Answers: refusal,
	Reasons: []string{"recipient_refuses", "list_restricted", "policy", "spam", "unspecified", "suppressed"},
	Steps:   []string{remedyAllow, remedyAsk},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "refused by the receiver's own rules", JA: "受信側の設定による受信拒否"},
	Says:    codes.Text{EN: "the recipient's own settings refuse the sender", JA: "受信者側の設定で送信者が拒否されていること"},
	judge: func(e *evidence) Outcome {
		r := e.Verdict.Reason.ID
		if (r == "recipient_refuses" || r == "list_restricted") && e.plainly() && (e.To == "" || e.route != nil && e.routeErr == nil) {
			return confirmed().because("reply", codes.Text{EN: "the receiver says so itself: {reply}", JA: "受信側自身の応答です: {reply}"}, codes.Str("reply", e.Reply.String()))
		}
		return open(nil).because("input", codes.Text{EN: "a blocklist of the receiver's own cannot be seen from outside", JA: "受信側独自の拒否リストは外部から確認できません"})
	},
}
