package explain

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dnsbl"
)

// Fold makes one of the forms in which people write the same word: 「ＳＰＦ」,
// "Envelope-Sender", "envelope sender".
func Fold(s string) string {
	s = strings.Trim(norm.NFKC.String(s), " \t\r\n\"'「」『』【】.。`?!")
	return strings.Join(strings.FieldsFunc(strings.ToLower(s),
		func(r rune) bool { return r == ' ' || r == '-' || r == '_' || r == '　' }), " ")
}

// unannounced takes off the words that people put before a code: "SMTP error
// 550", 「エラーコード42553」.
func unannounced(word string) string {
	for _, said := range []string{"smtp", "delivery", "reply", "status", "error", "code", "メール配信", "配信",
		"エラー", "応答", "コード"} {
		word = strings.TrimLeft(strings.TrimPrefix(word, said), " :")
	}
	return word
}

// known looks a folded word up in everything that has a name.
func (x Explainer) known(word string) []Reading {
	var out []Reading
	for _, look := range []func(string) []Reading{x.delivery, x.replyCode, x.enhanced, x.rule, x.reason, x.pattern,
		x.provider, x.term, x.blocklist, x.wording, x.remedy, x.class} {
		out = append(out, look(word)...)
	}
	return out
}

func (x Explainer) rule(word string) []Reading {
	for _, r := range check.Rules() {
		if Fold(r.ID) == word {
			action := codes.ActionFixSender
			if r.Owner == diag.OwnerDNS {
				action = codes.ActionFixDNS
			}
			return []Reading{{Kind: KindRule, ID: r.ID, Title: r.Says, Rule: r, Action: action,
				Certainty: codes.Documented, Refs: []codes.Text{codes.Same(r.Ref)}}}
		}
	}
	return nil
}

func (x Explainer) reason(word string) []Reading {
	for _, r := range x.Reasons() {
		if Fold(r.ID) == word || Fold(r.Title.EN) == word || Fold(r.Title.JA) == word {
			return []Reading{x.reasonReading(*r)}
		}
	}
	return nil
}

func (x Explainer) reasonReading(r codes.Reason) Reading {
	out := Reading{Kind: KindReason, ID: r.ID, Title: r.Title, Meaning: r.Meaning, Reason: r, Permanent: r.Permanent,
		Action: r.Action, Certainty: codes.General,
		Steps: x.remedies(r.Remedies), Causes: []codes.Cause{{Text: r.Meaning}}}
	out.Delivery, _ = x.Delivery(r.Delivery)
	for _, s := range x.Statuses() {
		if s.Reason == r.ID && len(out.See) < maxSee {
			out.See = append(out.See, s.Code)
		}
	}
	return out
}

// maxSee bounds what is named to read next.
const maxSee = 8

func (x Explainer) class(word string) []Reading {
	var in []codes.Reason
	for _, r := range x.Reasons() {
		if Fold(string(r.Class)) == word {
			in = append(in, *r)
		}
	}
	if len(in) == 0 || len(in) == 1 && Fold(in[0].ID) == word {
		return nil
	}
	class := in[0].Class
	meaning := classMeaning(class)
	return []Reading{{Kind: KindClass, ID: string(class), Meaning: meaning, Reason: codes.Reason{Class: class},
		Reasons: in, Certainty: codes.General, Causes: []codes.Cause{{Text: meaning}}}}
}

func (x Explainer) pattern(word string) []Reading {
	p, ok := x.PatternNamed(word)
	if !ok {
		return nil
	}
	out := Reading{Kind: KindPattern, ID: p.ID, Title: p.Title, Pattern: p, Causes: p.Causes,
		Steps: x.remedies(p.Steps), Certainty: codes.Documented}
	for _, d := range x.Deliveries() {
		if d.Pattern == p.ID {
			out.See = append(out.See, d.ID)
		}
	}
	return []Reading{out}
}

func (x Explainer) term(word string) []Reading {
	for _, t := range x.Terms() {
		names := append([]string{t.ID, t.Title.EN, t.Title.JA}, t.Aliases...)
		if slices.ContainsFunc(append(names, t.Keys...), func(n string) bool { return sameName(n, word) }) {
			names = slices.DeleteFunc(names[1:], func(n string) bool { return Fold(n) == Fold(t.ID) })
			return []Reading{{Kind: KindTerm, ID: t.ID, Title: t.Title, Meaning: t.Meaning,
				Names: slices.Compact(names), See: t.See, Try: t.Try, Certainty: codes.General}}
		}
	}
	return nil
}

func (x Explainer) blocklist(word string) []Reading {
	for _, l := range dnsbl.Lists() {
		if Fold(l.ID) == word || Fold(l.Name) == word {
			return []Reading{x.blocklistReading(l)}
		}
	}
	return nil
}

func (x Explainer) blocklistReading(l *dnsbl.List) Reading {
	r, _ := x.Reason("blocklisted")
	out := x.reasonReading(r)
	out.Kind, out.ID, out.Title, out.Blocklist, out.Delivery = KindBlocklist, l.ID, codes.Same(l.Name), l, codes.Delivery{}
	out.Meaning = codes.Text{EN: "A public list of addresses that sent unwanted mail; receivers ask it by DNS.", JA: "迷惑メールの送信元IPアドレスの公開リストで、受信側がDNSで参照します。"}
	other := "delist_domain"
	if l.HoldsDomains() {
		out.Meaning = codes.Text{EN: "A public list of domains that stand in unwanted mail; receivers ask it by DNS.", JA: "迷惑メールに使われるドメインの公開リストで、受信側がDNSで参照します。"}
		other = "delist_ip"
	}
	out.Steps = slices.DeleteFunc(out.Steps, func(r codes.Remedy) bool { return r.ID == other })
	if note := l.Note; !note.IsZero() {
		out.Meaning = codes.Text{EN: out.Meaning.EN + " Good to know: " + note.EN + ".", JA: out.Meaning.JA + note.JA + "。"}
	}
	if !l.Closed.IsZero() {
		out.Meaning = codes.Text{EN: out.Meaning.EN + " It is closed (" + l.Closed.EN + ") and lists nobody.",
			JA: out.Meaning.JA + "現在は閉鎖されており(" + l.Closed.JA + ")、登録はありません。"}
		out.Steps, out.Action = x.remedies([]string{"contact_recipient_admin"}), codes.ActionContactAdmin
	}
	return out
}

func (x Explainer) remedy(word string) []Reading {
	for _, r := range x.Remedies() {
		if Fold(r.ID) == word {
			return []Reading{{Kind: KindRemedy, ID: r.ID, Meaning: r.Text, Steps: []codes.Remedy{*r},
				Certainty: codes.General}}
		}
	}
	return nil
}

// remedies are steps by their ids.
func (x Explainer) remedies(ids []string) []codes.Remedy {
	var out []codes.Remedy
	for _, id := range ids {
		if r, ok := x.Remedy(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// IDs lists what Explain takes by name.
func (x Explainer) IDs() []string {
	var out []string
	for _, r := range check.Rules() {
		out = append(out, r.ID)
	}
	for _, kind := range Lists() {
		for _, e := range x.List(kind) {
			out = append(out, e.ID)
		}
	}
	return out
}

// classMeaning says what the reasons of a class have in common.
func classMeaning(c codes.Class) codes.Text {
	return map[codes.Class]codes.Text{
		codes.ClassUserUnknown:      {EN: "The address does not exist, or is not written as one.", JA: "宛先アドレスが存在しないか、書式が誤っています。"},
		codes.ClassMailboxDisabled:  {EN: "The mailbox exists and takes no mail.", JA: "メールボックスは存在しますが、停止しています。"},
		codes.ClassMailboxFull:      {EN: "The mailbox has no space.", JA: "メールボックスの容量が不足しています。"},
		codes.ClassHostUnknown:      {EN: "The recipient's domain has no server that takes mail.", JA: "宛先ドメインに、メールを受け取るサーバーがありません。"},
		codes.ClassNetworkOrExpired: {EN: "The receiving server was not reached, or not in time.", JA: "宛先メールサーバーに接続できないか、期限内に届きませんでした。"},
		codes.ClassTooLarge:         {EN: "The mail is too large.", JA: "メールのサイズが上限を超えています。"},
		codes.ClassSpamContent:      {EN: "The content of the mail was refused.", JA: "メールの内容が原因で拒否されました。"},
		codes.ClassPolicyBlock:      {EN: "The receiver refuses the sender: authentication, reputation, blocklists, reverse DNS or rules of its own.", JA: "受信側が送信元を拒否しています(送信ドメイン認証、評価、ブロックリスト、逆引き、独自の規則など)。"},
		codes.ClassRateLimited:      {EN: "Too many mails came at a time.", JA: "短時間の送信量が上限を超えました。"},
		codes.ClassRelayDenied:      {EN: "The server does not take mail for this domain from this client.", JA: "サーバーが、この送信元からこの宛先への中継を許可していません。"},
		codes.ClassSystemError:      {EN: "The receiving server is in trouble.", JA: "宛先メールサーバー側で障害が起きています。"},
		codes.ClassUnspecified:      {EN: "The reply does not say why.", JA: "応答に理由が示されていません。"},
	}[c]
}
