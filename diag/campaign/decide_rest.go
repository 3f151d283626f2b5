package campaign

import (
	"errors"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/content"
	"todoku/diag/provider"
	"todoku/diag/resolve"
)

// reverse judges the reverse DNS of the sending addresses. With generic a name made from the address does not do.
func (s *sender) reverse(generic, six bool) verdict {
	if s.c.ESP != "" {
		return beside(ofService())
	}
	if s.ptr == nil && s.c.Guess {
		return beside(codes.Say(codes.Text{EN: "the sending addresses are not told", JA: "送信元IPアドレスが指定されていません"}))
	}
	if s.ptr == nil {
		return open(codes.Say(codes.Text{EN: "the sending addresses are not told (ips)", JA: "送信元IPアドレス(ips)が指定されていないため、判断できません"}))
	}
	rules := []*diag.Rule{check.PTRNone, check.PTRMismatch, check.PTRName}
	if generic {
		rules = append(rules, check.PTRGeneric)
	}
	all := ofRules(s.ptr, rules...)
	if six {
		all = onlyIPv6(all)
	}
	switch {
	case len(all) > 0:
		v := failed(codes.Say(codes.Text{EN: "{ip} has no reverse name that does", JA: "{ip} に有効な逆引き(PTR)がありません"}, codes.Str("ip", all[0].Subject)), all...)
		v.ip = all[0].Subject
		return v
	case s.ptr.Err != nil:
		return unknown(noAnswer(), s.ptr.Err)
	}
	return passed(codes.Say(codes.Text{EN: "{ips}: name and address point at each other", JA: "{ips} の逆引きと正引きは一致しています"}, codes.List("ips", addresses(s.c))))
}

func onlyIPv6(all []diag.Finding) []diag.Finding {
	var out []diag.Finding
	for _, f := range all {
		for _, c := range f.Subject {
			if c == ':' {
				out = append(out, f)
				break
			}
		}
	}
	return out
}

// greeting judges the HELO name: a full name that has an address.
func (s *sender) greeting() verdict {
	switch {
	case s.c.ESP != "":
		return beside(ofService())
	case s.c.HELO == "" && s.c.Guess:
		return beside(codes.Say(codes.Text{EN: "no HELO name is told", JA: "HELOの名前が指定されていません"}))
	case s.c.HELO == "":
		return open(codes.Say(codes.Text{EN: "the HELO name is not told (helo)", JA: "HELOで名乗る名前(helo)が指定されていないため、判断できません"}))
	case !isFullName(s.c.HELO):
		return failed(codes.Say(codes.Text{EN: "{name} is not a full host name", JA: "{name} は完全なホスト名(FQDN)ではありません"}, codes.Str("name", s.c.HELO))).mend(ownName())
	case len(s.helo.Addrs()) > 0 || s.c.HELO[0] == '[':
		return passed(codes.Say(codes.Text{EN: "{name} has an address", JA: "{name} の名前解決ができます"}, codes.Str("name", s.c.HELO)))
	case s.helo.Err() != nil:
		return unknown(noAnswer(), s.helo.Err())
	}
	return failed(codes.Say(codes.Text{EN: "{name} has no address in DNS", JA: "{name} の名前解決ができません"}, codes.Str("name", s.c.HELO))).mend(ownName())
}

func ownName() codes.Message {
	return codes.Say(codes.Text{EN: "announce the name that the PTR of the sending address has, and give it an A or AAAA record", JA: "送信元IPアドレスの逆引きと同じ名前を名乗り、その名前のAまたはAAAAレコードを公開してください"})
}

// tls judges what the file says of TLS: nobody sees it from outside.
func (s *sender) tls() verdict {
	switch {
	case s.c.ESP != "":
		return beside(ofService())
	case s.c.TLS == TLSModern:
		return passed(codes.Say(codes.Text{EN: "the campaign says that it sends over TLS", JA: "TLSで送信すると指定されています"}))
	case s.c.TLS == TLSNone:
		return failed(codes.Say(codes.Text{EN: "the campaign says that it sends without TLS 1.2", JA: "TLS 1.2以上では送信しないと指定されています"})).
			mend(codes.Say(codes.Text{EN: "switch STARTTLS with TLS 1.2 or later on for outgoing mail", JA: "送信時のSTARTTLS(TLS 1.2以上)を有効にしてください"}))
	case s.c.Guess:
		return beside(codes.Say(codes.Text{EN: "nothing is told about TLS", JA: "TLSについて指定されていません"}))
	}
	return open(codes.Say(codes.Text{EN: "nothing is told about TLS (tls)", JA: "TLSについて指定されていないため(tls)、判断できません"}))
}

// inDNS judges whether the sender's domains can take mail: an MX or an address. With strict a null MX does not do.
func (s *sender) inDNS(strict bool) verdict {
	var errs error
	for _, r := range s.routes {
		switch {
		case r.err != nil:
			errs = errors.Join(errs, r.err)
		case len(r.route.Hosts) == 0 && !r.route.Null && r.route.Own.Err() != nil:
			errs = errors.Join(errs, r.route.Own.Err())
		case r.route.Answer.Status != resolve.Found && !r.route.Implicit && r.route.Err() == nil:
			return failed(codes.Say(codes.Text{EN: "{domain} has neither MX nor address", JA: "{domain} にMXもアドレスもありません"}, codes.Str("domain", r.domain))).
				mend(codes.Say(codes.Text{EN: "publish an MX record for {domain}", JA: "{domain} のMXレコードを公開してください"}, codes.Str("domain", r.domain)))
		case strict && r.route.Null:
			return failed(codes.Say(codes.Text{EN: "{domain} has a null MX: it takes no mail", JA: "{domain} はnull MXで、メールを受け取りません"}, codes.Str("domain", r.domain))).
				mend(codes.Say(codes.Text{EN: "publish an MX record for {domain}, or send with another domain", JA: "{domain} のMXレコードを公開するか、別のドメインから送信してください"}, codes.Str("domain", r.domain)))
		}
	}
	if errs != nil {
		return unknown(noAnswer(), errs)
	}
	return passed(codes.Say(codes.Text{EN: "{domain} can take mail", JA: "{domain} はメールを受け取れます"}, codes.Str("domain", s.c.Domain)))
}

// ofMail judges what only the mail can tell.
func (s *sender) ofMail(judge func(*mailFacts) verdict) verdict {
	switch {
	case s.mail != nil && s.mail.other != "":
		return s.otherMail()
	case s.mail != nil:
		return judge(s.mail)
	case s.c.Guess:
		return beside(codes.Say(codes.Text{EN: "there is no mail to look at", JA: "確認するメールがありません"}))
	}
	return open(codes.Say(codes.Text{EN: "there is no mail to look at (message)", JA: "メール(message)が指定されていないため、判断できません"}))
}

func oneClick(m *mailFacts) verdict {
	u := m.content.Unsubscribe
	if u.OneClick && u.Signed == content.SignedNo {
		return failed(codes.Say(codes.Text{EN: "List-Unsubscribe and List-Unsubscribe-Post are not both under the DKIM signature", JA: "List-UnsubscribeとList-Unsubscribe-Postの両方がDKIM署名の対象になっていません"})).
			mend(codes.Say(codes.Text{EN: "put both fields into h= of the signature", JA: "両方のヘッダーを署名の h= に含めてください"}))
	}
	if u.OneClick {
		return passed(codes.Say(codes.Text{EN: "List-Unsubscribe and List-Unsubscribe-Post are there", JA: "List-UnsubscribeとList-Unsubscribe-Postがあります"}))
	}
	return failed(codes.Say(codes.Text{EN: "one-click unsubscribe is missing (RFC 8058)", JA: "ワンクリック配信停止(RFC 8058)に対応していません"})).
		mend(codes.Say(codes.Text{EN: "add List-Unsubscribe: <https://…> and List-Unsubscribe-Post: List-Unsubscribe=One-Click, both under the DKIM signature", JA: "List-Unsubscribe: <https://…> と List-Unsubscribe-Post: List-Unsubscribe=One-Click を追加し、両方をDKIM署名の対象にしてください"}))
}

func listUnsubscribe(m *mailFacts) verdict {
	if u := m.content.Unsubscribe; u.HTTPS != "" || u.HTTP != "" || u.Mailto != "" {
		return passed(codes.Say(codes.Text{EN: "List-Unsubscribe is there", JA: "List-Unsubscribeがあります"}))
	}
	return failed(codes.Say(codes.Text{EN: "the field List-Unsubscribe is missing", JA: "List-Unsubscribeヘッダーがありません"})).
		mend(codes.Say(codes.Text{EN: "add List-Unsubscribe with an https: address, better with List-Unsubscribe-Post too", JA: "List-Unsubscribe(https)を追加してください。List-Unsubscribe-Postも付けることを推奨します"}))
}

func visibleWay(m *mailFacts) verdict {
	if u := m.content.Unsubscribe; len(u.URIs) > 0 || u.InText {
		return passed(codes.Say(codes.Text{EN: "there is a way to unsubscribe", JA: "配信停止の方法があります"}))
	}
	return failed(codes.Say(codes.Text{EN: "nothing tells how to unsubscribe", JA: "配信停止の方法が書かれていません"})).
		mend(codes.Say(codes.Text{EN: "put a link to unsubscribe into the text, and List-Unsubscribe into the header", JA: "本文に配信停止のリンクを、ヘッダーにList-Unsubscribeを追加してください"}))
}

func form(m *mailFacts) verdict {
	switch bad := ofRules(m.headers, formRules()...); {
	case len(bad) > 0:
		return failed(codes.Say(codes.Text{EN: "the header has not the form of RFC 5322", JA: "ヘッダーがRFC 5322に沿っていません"}), bad...)
	case m.headers.Err != nil:
		return unknown(codes.Say(codes.Text{EN: "not all of the mail was looked at", JA: "メールのすべては確認できませんでした"}), m.headers.Err)
	}
	return passed(codes.Say(codes.Text{EN: "the header has the form of RFC 5322", JA: "ヘッダーはRFC 5322に沿っています"}))
}

// sized judges a limit of octets.
func sized(f provider.Fact, octets int) verdict {
	limit := int(f.Max)
	if f.Unit == "mb" {
		limit = int(f.Max * (1 << 20))
	}
	if octets <= limit {
		return passed(codes.Say(codes.Text{EN: "{n} octets of {limit}", JA: "{n}バイト(上限{limit}バイト)"},
			codes.Num("n", octets), codes.Num("limit", limit)))
	}
	v := failed(codes.Say(codes.Text{EN: "{n} octets, at most {limit}", JA: "{n}バイトあります(上限{limit}バイト)"},
		codes.Num("n", octets), codes.Num("limit", limit)))
	if f.Needs == "line" {
		return v.mend(codes.Say(codes.Text{EN: "break the lines, or encode the text in quoted-printable or base64", JA: "改行を入れるか、本文をquoted-printableまたはbase64で符号化してください"}))
	}
	return v.mend(codes.Say(codes.Text{EN: "make the mail smaller: put attachments and images on a website and link to them", JA: "添付ファイルや画像をウェブに置いてリンクにするなど、サイズを小さくしてください"}))
}

// fromOutside is the sentence for what nobody sees from outside.
func fromOutside(needs string) verdict {
	switch needs {
	case "complaints":
		return beside(codes.Say(codes.Text{EN: "complaints cannot be seen from outside: look into the provider's tool for senders", JA: "苦情率は外部から確認できません。事業者の送信者向けツールで確認してください"}))
	case "consent":
		return beside(codes.Say(codes.Text{EN: "whether the recipients agreed cannot be seen from outside", JA: "受信者の同意は外部から確認できません"}))
	case "list_hygiene":
		return beside(codes.Say(codes.Text{EN: "how many addresses no longer exist cannot be seen from outside: see the suspicious recipients", JA: "存在しないアドレスの割合は外部から確認できません。疑わしい宛先の欄を参照してください"}))
	case "imprint":
		return beside(codes.Say(codes.Text{EN: "whether there is an imprint cannot be judged here", JA: "発行者情報の有無はここでは判定できません"}))
	case "arc":
		return beside(codes.Say(codes.Text{EN: "it is about forwarded mail only", JA: "転送メールだけが対象です"}))
	}
	return beside(codes.Say(codes.Text{EN: "this cannot be seen from outside", JA: "外部からは確認できません"}))
}
