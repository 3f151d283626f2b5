package guide

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"syscall"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

var greylisted = &Cause{
	ID: "greylisted", Fault: FaultTheirs, Session: true, Answers: Answers{A: 2, B: 1, C: 1},
	Reasons: []string{"greylisted"},
	Steps:   []string{"wait_retry"},
	Check:   codes.Todoku("check", "recipient", "ADDR", "--rcpt"),
	Title:   codes.Text{EN: "greylisting", JA: "グレイリスト"},
	Says:    codes.Text{EN: "{host} puts off senders that it does not know yet (greylisting)", JA: "グレイリストにより、{host} が初めての送信者を一時的に拒否していること"},
	judge: func(e *evidence) Outcome {
		for i := range e.visits {
			if v := &e.visits[i]; v.Err == nil && v.Reply.Code/100 == 4 && v.Verdict.Reason.ID == "greylisted" {
				return confirmed(spoke(v)...).because("smtp", says(), spoke(v)...)
			}
		}
		return e.nowTaken()
	},
}

var tooLarge = &Cause{
	ID: "too-large", Fault: FaultOurs, Session: true, Answers: refusal,
	Reasons: []string{"too_large"},
	Steps:   []string{"reduce_size"},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "mail too large", JA: "メールのサイズ超過"},
	Says:    codes.Text{EN: "the mail has {size} bytes and {host} takes {limit}", JA: "メールが{size}バイトで、{host} の上限{limit}バイトを超えていること"},
	judge: func(e *evidence) Outcome {
		for i := range e.visits {
			v := &e.visits[i]
			if v.Size == 0 {
				continue
			}
			if e.Size == 0 {
				return open(nil, needMessage()).because("smtp", codes.Text{EN: "{host} takes {limit} bytes; the size of the mail is not known", JA: "{host} の上限は{limit}バイトです。メールのサイズが不明です"}, codes.Str("host", v.Host), codes.Num("limit", int(v.Size)))
			}
			data := []codes.Datum{codes.Str("host", v.Host), codes.Num("limit", int(v.Size)), codes.Num("size", int(e.Size))}
			if e.Size > v.Size {
				return confirmed(data...).because("smtp", codes.Text{EN: "{host} takes {limit} bytes, the mail has {size}", JA: "{host} の上限は{limit}バイト、メールは{size}バイトです"}, data...)
			}
			return excluded().because("smtp", codes.Text{EN: "{host} takes {limit} bytes, the mail has only {size}", JA: "{host} の上限は{limit}バイトで、メールは{size}バイトしかありません"}, data...)
		}
		return e.notSeen()
	},
}

var relay = &Cause{
	ID: "relay", Fault: FaultTheirs, Session: true, Answers: refusal,
	Reasons: []string{"relay_denied", "login_required"},
	Steps:   []string{"check_own_server", "authenticate_smtp", "check_recipient_domain"},
	Check:   codes.Todoku("check", "recipient", "ADDR", "--rcpt"),
	Title:   codes.Text{EN: "wrong server, or it does not relay", JA: "接続先の誤り・中継の拒否"},
	Says:    codes.Text{EN: "{host} does not take mail for {domain}", JA: "{host} が {domain} 宛てのメールを受け付けないこと"},
	judge: func(e *evidence) Outcome {
		domain := codes.Str("domain", e.toDomain())
		for i := range e.visits { // an MX asks nobody for a login
			if v := &e.visits[i]; v.Err == nil && (v.Verdict.Reason.Class == codes.ClassRelayDenied || v.Verdict.Reason.ID == "login_required") {
				return confirmed(append(spoke(v), domain)...).because("smtp", says(), spoke(v)...)
			}
		}
		host := strings.TrimSuffix(strings.ToLower(e.Context.Host), ".")
		if host != "" && strings.ContainsAny(host, "abcdefghijklmnopqrstuvwxyz") && e.route != nil && e.routeErr == nil &&
			len(e.route.Hosts) > 0 {
			for _, h := range e.route.Hosts {
				if h.Name == host {
					return e.nowTaken()
				}
			}
			data := []codes.Datum{codes.Str("host", host), domain, codes.Str("mx", e.route.Hosts[0].Name)}
			return confirmed(data...).of(FaultOurs).because("dns", codes.Text{EN: "{host}, which refused, is no MX of {domain}; {mx} is", JA: "拒否した {host} は {domain} のMXではありません(MXは {mx})"}, data...).shown(diag.Seen(e.route.Answer)...)
		}
		return e.nowTaken()
	},
}

var recipientServer = &Cause{
	ID: "recipient-server-trouble", Fault: FaultTheirs, Session: true, Looks: lookControl, Answers: Answers{A: 2, B: 1, C: 1},
	Reasons: []string{"system_error", "system_full", "protocol_error", "connection_failed", "expired", "dns_failure", "unspecified"},
	Steps:   []string{"wait_server", "contact_recipient_admin"},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "receiving server in trouble", JA: "宛先メールサーバーの障害"},
	Says:    codes.Text{EN: "the receiving server {host} is in trouble", JA: "宛先メールサーバー {host} に障害があること"},
	judge: func(e *evidence) Outcome {
		for i := range e.visits { // one that works is enough for mail to arrive
			v := &e.visits[i]
			if v.Err == nil && e.afterMessage() && v.Stage == codes.StageRcpt {
				return e.nowTaken()
			}
			if v.Err == nil && (v.Reply.Code/100 == 2 || v.Verdict.Reason.Class != codes.ClassSystemError &&
				v.Verdict.Reason.ID != "unspecified" && v.Stage == codes.StageRcpt) {
				return excluded().because("smtp", codes.Text{EN: "{host} answers now: {reply}", JA: "{host} は現在応答しています: {reply}"}, spoke(v)...)
			}
		}
		for i := range e.visits {
			v := &e.visits[i]
			switch {
			case v.Err == nil && v.Reply.Code >= 400 && (v.Verdict.Reason.Class == codes.ClassSystemError ||
				v.Verdict.Reason.ID == "unspecified" || v.Verdict.Reason.Class == codes.ClassRateLimited &&
				!slices.Contains(e.reasons, "rate_limited")):
				return confirmed(spoke(v)...).because("smtp", says(), spoke(v)...)
			case v.Err != nil && v.Stage != codes.StageConnect:
				return confirmed(spoke(v)...).because("smtp", codes.Text{EN: "{host} breaks off: {reply}", JA: "{host} が途中で切断します: {reply}"}, spoke(v)...)
			case v.Err != nil && e.someUnseen(): // one of the others may work
				return open(nil)
			case v.Err != nil && connected(e.control) != nil: // it is not our network
				return confirmed(spoke(v)...).because("smtp", codes.Text{EN: "{host} cannot be reached ({reply}), others can", JA: "{host} に接続できません({reply})。ほかのサーバーには接続できます"}, spoke(v)...)
			}
		}
		return e.notSeen()
	},
}

var ownNetwork = &Cause{
	ID: "own-network", Fault: FaultOurs, Session: true, Looks: lookSender | lookControl, Answers: refusal,
	Reasons: []string{"connection_failed", "expired"},
	Steps:   []string{"check_own_network"},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "our own network (port 25)", JA: "送信側ネットワーク(25番ポート)"},
	Says:    codes.Text{EN: "no mail server can be reached from here: port 25 is blocked in our own network", JA: "送信側のネットワークで25番ポートが遮断されていること"},
	judge: func(e *evidence) Outcome {
		all := slices.Concat(e.visits, e.control)
		if v := connected(all); v != nil {
			return excluded().because("smtp", codes.Text{EN: "{host} was reached from here", JA: "ここから {host} に接続できました"}, spoke(v)...)
		}
		if len(all) == 0 {
			return e.notSeen()
		}
		if slices.ContainsFunc(all, func(v Visit) bool { return errors.Is(v.Err, syscall.ECONNREFUSED) }) { // somebody answered
			return e.notSeen()
		}
		if e.someUnseen() { // one of the others may be reached
			return open(nil)
		}
		// One alone may be away; two that have nothing to do with each other are not, while DNS answers.
		if len(e.visits) > 0 && len(e.control) > 0 {
			return confirmed(spoke(&all[0])...).because("smtp", codes.Text{EN: "neither {host} nor another server can be reached: {reply}", JA: "{host} にもほかのサーバーにも接続できません: {reply}"}, spoke(&all[0])...)
		}
		return e.notSeen()
	},
}

var dnsTrouble = &Cause{
	ID: "dns-trouble", Fault: FaultTheirs, Looks: lookSender, Answers: refusal,
	Reasons: []string{"dns_failure", "domain_unknown", "expired"},
	Steps:   []string{"fix_dns_recipient", "wait_retry"},
	Check:   codes.Todoku("check", "recipient", "ADDR"),
	Title:   codes.Text{EN: "DNS in trouble", JA: "DNSの障害"},
	Says:    codes.Text{EN: "the name servers of {domain} do not answer properly ({rcode})", JA: "{domain} のネームサーバーが {rcode} を返し、正しく応答しないこと"},
	judge: func(e *evidence) Outcome {
		domain := codes.Str("domain", e.toDomain())
		if e.toDomain() == "" {
			return open(nil, needTo())
		}
		err := e.routeErr
		if err == nil && e.route != nil {
			err = e.route.Err()
		}
		f := e.unresolved()
		switch {
		case err == nil:
			return excluded().because("dns", codes.Text{EN: "DNS of {domain} answers now", JA: "{domain} のDNSは現在応答しています"}, domain)
		case f != nil && e.dnsWorks():
			data := []codes.Datum{domain, codes.Str("rcode", cmp.Or(f.Rcode, string(f.Kind))), codes.Str("server", f.Server)}
			return e.servers.proved(confirmed(data...).because("dns", codes.Text{EN: "{rcode} for {domain} from {server}, while other domains answer", JA: "{server} から {domain} について {rcode} が返ります(ほかのドメインは正常)"}, data...))
		case len(e.servers.broken()) > 0 && e.dnsWorks():
			rcode := "DNS"
			if f := failure(err); f != nil {
				rcode = cmp.Or(f.Rcode, string(f.Kind))
			}
			return e.servers.proved(confirmed(domain, codes.Str("rcode", rcode)))
		}
		return open(err)
	},
}

// unresolved is why no mail can find its way to the recipient's domain: every
// question about the domain, or about the addresses of each of its hosts, ends
// in SERVFAIL, or the MX question in a circle of aliases. A single SERVFAIL, and
// what our own resolver refuses or does not know, say nothing about the domain.
func (e *evidence) unresolved() *resolve.Error {
	if e.route == nil {
		return nil
	}
	if e.routeErr != nil {
		f := failure(e.routeErr)
		if f != nil && (f.Kind == resolve.KindLoop || f.Kind == resolve.KindServFail && lame(e.route.Own)) {
			return f
		}
		return nil
	}
	for _, h := range e.route.Hosts {
		if !lame(h.Addresses) {
			return nil
		}
	}
	return failure(e.route.Err())
}

// lame reports that the servers of a name fail for whatever is asked of it.
func lame(h resolve.Host) bool {
	for _, err := range []error{h.Err4, h.Err6} {
		if f := failure(err); f == nil || f.Kind != resolve.KindServFail {
			return false
		}
	}
	return true
}

// dnsWorks reports whether DNS answers for the sender's own domain.
func (e *evidence) dnsWorks() bool {
	r, _ := seenBy[*check.SPFFacts](e)
	return r != nil && r.Err == nil
}

var forwarding = &Cause{
	ID: "forwarding", Fault: FaultTheirs, Answers: Answers{A: 2, B: 2, C: 2},
	Reasons: []string{"mail_loop", "spf", "dmarc"},
	Steps:   []string{"check_forwarding", "contact_recipient_admin"},
	Title:   codes.Text{EN: "forwarding", JA: "転送"},
	Says:    codes.Text{EN: "the mail was forwarded from {to} to {final} and refused there", JA: "{to} から {final} への転送先で拒否されたこと"},
	judge: func(e *evidence) Outcome {
		data := []codes.Datum{codes.Str("to", e.To), codes.Str("final", e.Forwarded)}
		switch {
		case e.Forwarded == "" || e.To == "":
			return open(nil, Need{NeedBounce, codes.Text{EN: "the bounce itself (.eml), which tells both addresses", JA: "届いたエラーメール(.eml)。両方のアドレスが分かります"}}).
				because("input", codes.Text{EN: "only the bounce itself tells whether the mail was sent on", JA: "転送されたかどうかは、エラーメールがないと分かりません"})
		case !strings.EqualFold(e.Forwarded, e.To):
			return confirmed(data...).because("message", codes.Text{EN: "the bounce tells of {to} and of {final}", JA: "エラーメールの宛先: {to}、最終の宛先: {final}"}, data...)
		}
		return excluded().because("message", codes.Text{EN: "the bounce knows {to} only", JA: "エラーメールの宛先は {to} だけです"}, data...)
	},
}

// patience is how long a mail may stand in the queue.
const patience = 10 * time.Minute

var queue = &Cause{
	ID: "queue", Fault: FaultOurs, Answers: refusal,
	Reasons: []string{"queued"},
	Steps:   []string{"wait_queue", "contact_support_queue"},
	Check:   codes.Todoku("history", "list"),
	Title:   codes.Text{EN: "waiting in the queue", JA: "送信待ち(準備中)"},
	Says:    codes.Text{EN: "the mail has been waiting for {minutes} minutes", JA: "メールが{minutes}分間、送信待ちのままであること"},
	judge: func(e *evidence) Outcome {
		waits := e.env.Now().Sub(e.Waiting.Since)
		minutes := codes.Num("minutes", int(waits.Minutes()))
		switch {
		case e.Waiting.Done:
			return excluded().because("history", codes.Text{EN: "the sending has an end in the history", JA: "履歴では送信が完了しています"})
		case waits >= patience:
			return confirmed(minutes).because("history", codes.Text{EN: "unfinished for {minutes} minutes; ten are normal", JA: "{minutes}分間未完了です(通常は10分以内)"}, minutes)
		}
		return open(nil).because("history", codes.Text{EN: "waiting for {minutes} minutes; up to ten are normal", JA: "送信待ちは{minutes}分です(10分までは正常)"}, minutes)
	},
}
