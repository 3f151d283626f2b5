package report

import (
	"cmp"
	"slices"

	"todoku/codes"
	"todoku/diag/dnsbl"
	"todoku/diag/guide"
)

// inquiry is the letter to the recipient's administrator.
func (c composer) inquiry() composed {
	to := cmp.Or(c.Addressee, c.Mailboxes.Name.In(c.lang), c.domain())
	return composed{
		subject: c.tr("Mail to "+c.domain()+" does not arrive: please look into it", "【ご確認のお願い】"+c.domain()+
			"宛てメールの受信状況について"),
		head: c.lines("Dear mail administrators of "+to+",",
			to, "メールシステム ご担当者様"),
		opening: [][]string{
			c.lines("", "突然のご連絡にて失礼いたします。", c.writer()+"と申します。"),
			c.happened(),
		},
		sections: c.present(c.mail(), c.inOrder(), letterSection{title: c.tr("What we ask you",
			"ご確認いただきたい事項"), numbered: true, items: c.questions(),
			after: c.promise()}),
		closing: [][]string{c.lines("Thank you for your help.",
			"ご多用のところ恐れ入りますが、ご教示いただけますと幸いです。",
			"何卒よろしくお願い申し上げます。")},
		signature: c.signed(),
	}
}

// present leaves out sections without items.
func (c composer) present(all ...letterSection) (out []letterSection) {
	for _, s := range all {
		if len(s.items) > 0 {
			out = append(out, s)
		}
	}
	return out
}

// happened says what became of the mail, as far as it is known.
func (c composer) happened() []string {
	en, ja := c.fate()
	if c.lang == codes.Japanese {
		return slices.Concat([]string{"弊社より貴組織のドメイン(" + c.domain() + ")宛てに送信した"}, ja,
			[]string{"お手数をおかけいたしますが、受信状況をご確認いただけますでしょうか。"})
	}
	return []string{"We sent the mail below to your domain (" + c.domain() + "). " + en + " We would be grateful if you looked into it."}
}

// fate is what became of the mail; in Japanese the end of a sentence.
func (c composer) fate() (en string, ja []string) {
	switch {
	case c.Fate == guide.FateReturned:
		return "Your mail server accepted it, and later it came back.",
			[]string{"下記のメールが、いったん受け付けられた後、", "エラーメールとして返送されました。"}
	case c.Fate == guide.FateTaken:
		return "Your mail server accepted it, but the recipient does not seem to have it.",
			[]string{"下記のメールが、貴組織のメールサーバーには受け付けられましたが、",
				"受信者様に届いていないようです。"}
	case c.Matter == guide.MatterDomain:
		return "It could not be delivered, since no mail server of your domain was found.",
			[]string{"下記のメールが、受信用のメールサーバーが見つからず、", "お届けできておりません。"}
	case c.Matter == guide.MatterServer || c.Matter == guide.MatterLimited || c.Matter == guide.MatterFull:
		return "Your mail server could not take it, so it was not delivered.",
			[]string{"下記のメールが、貴組織のメールサーバーで受け付けられず、", "お届けできておりません。"}
	case c.Fate == guide.FateRefused:
		return "Your mail server refused it, so it was not delivered.",
			[]string{"下記のメールが、貴組織のメールサーバーに拒否され、", "お届けできておりません。"}
	}
	return "The recipient does not seem to have it.", []string{"下記のメールが、受信者様に届いていないようです。"}
}

// inOrder is the section with what was looked at on our side.
func (c composer) inOrder() letterSection {
	s := letterSection{title: c.tr("What we have checked on our side", "弊社で確認済みの事項")}
	for _, checked := range c.Checked {
		s.items = append(s.items, letterItem{lines: []string{checked.In(c.lang)}})
	}
	return s
}

// questions are what the letter asks: they follow from what became of the mail.
func (c composer) questions() []letterItem {
	reason := c.point("If so: why, and what do we have to do so that our mail is accepted?",
		"該当する場合は、その理由と、弊社で必要な対応")
	switch c.Matter {
	case guide.MatterAddress:
		return []letterItem{
			c.point("Is the recipient's address above valid at present?", "上記の宛先E-mailアドレスが、現在も有効かどうか"),
			c.point("If it is: why was the mail not accepted, and what do we have to do?",
				"有効な場合は、受け付けられなかった理由と、弊社で必要な対応"),
		}
	case guide.MatterDomain:
		return []letterItem{
			c.point("Is your domain in DNS as it should be, with the MX records of your mail servers?",
				"貴組織のドメインのDNS設定(MXレコード)が、正しく公開されているか"),
			c.point("If the domain takes no mail: is there another address for it?",
				"メールを受信しないドメインの場合は、ほかに連絡できる宛先があるか"),
		}
	case guide.MatterFull:
		return []letterItem{
			c.point("Is the mailbox of the recipient full?", "上記の宛先のメールボックスが、容量の上限に達していないか"),
			c.point("When may we send again?", "再送してよい時期"),
		}
	case guide.MatterLimited:
		return []letterItem{
			c.point("Do you limit the number of mails or connections from us?",
				"弊社からのメールの通数や接続数に、制限がかかっていないか"),
			c.point("If so: at what pace may we send?", "制限がある場合は、受信していただける通数や間隔の目安"),
		}
	case guide.MatterServer:
		return []letterItem{
			c.point("Was your mail server in trouble at the time above (fault, overload, maintenance)?",
				"上記の日時に、貴組織のメールサーバーで障害、高負荷、",
				"メンテナンスなどが発生していなかったか"),
			c.point("Does it take mail again, and when may we send again?",
				"現在は正常に受信できる状態か。また、再送してよい時期"),
			c.point("Do you restrict connections from our sending address?",
				"弊社の送信元IPアドレスからの接続を制限していないか"),
		}
	case guide.MatterAfter:
		return []letterItem{
			c.point("Was this mail refused after it had been accepted, by a filter, a security product or a server that it was forwarded to?",
				"このメールが、受信後の迷惑メールフィルター、セキュリティ製品、",
				"または転送先のサーバーで拒否されていないか"),
			reason,
		}
	case guide.MatterTaken:
		return []letterItem{
			c.point("Was this mail put into a junk folder, held back (quarantine) or deleted?",
				"このメールが、迷惑メールへの振り分け、隔離、または削除の", "対象になっていないか"),
			c.listed(), reason,
		}
	case guide.MatterUnknown:
		return []letterItem{c.point("Did this mail reach your mail server?",
			"このメールが、貴組織のメールサーバーに届いているか"), c.listed(), reason}
	}
	return c.refusal(reason)
}

// refusal asks why the receiver does not want the mail.
func (c composer) refusal(reason letterItem) []letterItem {
	if c.onPublicList() {
		return []letterItem{
			c.point("Besides the blocklist that your server named: is our mail refused by a list or a junk filter of your own?",
				"サーバーの応答にある公開ブロックリストのほかに、貴組織独自の",
				"受信拒否リストや迷惑メールフィルターの対象になっていないか"),
			c.point("Will you take our mail once we are off that blocklist, and is there anything else that we have to do?",
				"公開ブロックリストからの解除後に、受信していただけるか。",
				"また、ほかに弊社で必要な対応"),
		}
	}
	return []letterItem{c.listed(), reason}
}

// onPublicList reports whether the server named a blocklist that its operator takes us off, not the receiver.
func (c composer) onPublicList() bool {
	if c.Fate != guide.FateRefused || c.Verdict.Blocklist == nil {
		return false
	}
	l, known := dnsbl.Named(c.Verdict.Blocklist.ID)
	return known && l.Closed.IsZero()
}

// listed asks whether the sender is on a list that refuses mail.
func (c composer) listed() letterItem {
	if c.IP.IsValid() {
		return c.point("Is the sender's address above, its domain or the sending address refused by a blocklist or a junk filter of yours?",
			"上記の送信者アドレス、ドメイン、または送信元IPアドレスが、",
			"受信拒否リスト(ブラックリスト)や迷惑メールフィルターの", "対象になっていないか")
	}
	return c.point("Is the sender's address above or its domain refused by a blocklist or a junk filter of yours?",
		"上記の送信者アドレスまたはそのドメインが、受信拒否リスト",
		"(ブラックリスト)や迷惑メールフィルターの対象になっていないか")
}

// promise says what we do ourselves.
func (c composer) promise() []string {
	if c.Matter == guide.MatterAddress {
		return c.lines("If the address is no longer in use, we shall stop sending to it.",
			"現在ご利用のないアドレスの場合は、弊社からの配信を停止いたします。")
	}
	if c.onPublicList() {
		return c.lines("We find out why we are on that blocklist, and ask its operator ourselves to take us off.",
			"公開ブロックリストへの登録については、弊社で原因を調査のうえ、",
			"運営者へ解除を申請いたします。")
	}
	return nil
}
