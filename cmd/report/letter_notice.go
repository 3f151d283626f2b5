package report

import (
	"cmp"

	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// notice is the letter to the recipient: please look into the junk folder, and let our mail in.
func (c composer) notice() composed {
	domain := resolve.ToUnicode(c.FromDomain())
	head := c.lines("Dear "+c.person()+",", c.person()+" 様")
	why := c.lines("A mail of ours does not seem to have reached you. We would be grateful if you looked at the following.",
		"弊社からお送りしたメールが、お手元に届いていないようです。",
		"お手数をおかけいたしますが、次の点をご確認いただけますでしょうか。")
	if c.Matter == guide.MatterFull {
		why = c.lines("A mail of ours could not be delivered, since your mailbox is full. We would be grateful if you looked at the following.",
			"弊社からお送りしたメールが、メールボックスの容量不足のため、",
			"お手元に届いておりません。",
			"お手数をおかけいたしますが、次の点をご確認いただけますでしょうか。")
	}
	return composed{
		subject: c.tr("So that mail from "+domain+" reaches you", "【ご確認のお願い】"+domain+"からのメールの受信について"),
		head:    head,
		opening: [][]string{c.lines("", "いつもお世話になっております。", c.writer()+"です。"), why},
		sections: c.present(c.mail(),
			letterSection{title: c.tr("What we ask you", "ご確認いただきたいこと"), items: c.requests(domain), numbered: true},
			letterSection{title: c.tr("Settings of "+c.Mailboxes.Name.EN, c.Mailboxes.Name.JA+"の設定"), items: c.settings()}),
		closing: [][]string{c.lines("If our mail still does not arrive, please tell us. You can also give us another address.",
			"ご確認いただいても届かない場合や、別のメールアドレスでの",
			"受信をご希望の場合は、お手数ですが、下記までご連絡ください。")},
		signature: c.signed(),
	}
}

// requests are what the recipient can do.
func (c composer) requests(domain string) []letterItem {
	if c.Matter == guide.MatterFull {
		return []letterItem{c.point("Please delete mail that you do not need, so that there is space in the mailbox.",
			"不要なメールを削除し、メールボックスの空き容量を確保してください。"),
			c.point("Please tell us when you have done so: we shall send our mail again.",
				"容量を確保されましたら、お知らせください。再送いたします。")}
	}
	out := []letterItem{
		c.point("Please look into the junk folder. If our mail is there, mark it as not junk.",
			"迷惑メールフォルダーに、弊社からのメールがないかご確認ください。",
			"ある場合は、「迷惑メールではない」などの操作をお願いいたします。"),
		c.point("Please let mail from "+domain+" in: add the domain to the allowed senders.",
			domain+"からのメールを受信できるよう、受信許可の設定",
			"(ドメイン指定受信、受信許可リストなど)に、次のドメインの",
			"ご登録をお願いいたします。", "  "+domain)}
	if !c.Mailboxes.Known() {
		out = append(out,
			c.point("If it still does not arrive, please show this mail to your IT department: it can find our mail by the points above.",
				"それでも届かない場合は、お手数ですが、貴社の情報システム部門",
				"(メールサーバーの管理者)に、上記「対象のメール」の内容を", "お伝えいただけますでしょうか。"))
	}
	return out
}

// settings is where the recipient lets mail in: the first setting that is known of his provider. The others are for those who
// help him.
func (c composer) settings() []letterItem {
	if c.Matter == guide.MatterFull || len(c.Mailboxes.Settings) == 0 { // no setting helps
		return nil
	}
	s := c.Mailboxes.Settings[0]
	return []letterItem{c.point(s.EN, s.JA)}
}

// addressed is where an inquiry goes: a provider has a form or an address for it.
func addressed(l guide.Letter) string {
	if l.Kind == guide.LetterInquiry && len(l.Mailboxes.Contacts) > 0 {
		return cmp.Or(l.Mailboxes.Contacts[0].Address, l.Recipient())
	}
	return l.Recipient()
}
