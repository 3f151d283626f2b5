package report

import (
	"todoku/codes"
	"todoku/diag/guide"
)

// answer is the letter to our own customer, who asked why a mail did not arrive.
func (c composer) answer() composed {
	return composed{
		subject: c.tr("Your question about mail to "+c.domain(), "【ご回答】"+c.domain()+"宛てのメールが届かない件について"),
		head:    c.lines("Dear "+c.person()+",", c.person()+" 様"),
		opening: [][]string{
			c.lines("", "いつもお世話になっております。", c.writer()+"です。"),
			c.lines("Thank you for your question about the mail to "+c.To+" that did not arrive. Here is what we found.",
				"お問い合わせいただきました、"+c.To+"宛ての",
				"メールが届かない件について、確認した結果をご報告いたします。"),
		},
		sections: c.present(c.mail(),
			letterSection{title: c.tr("What we found", "確認した結果"), items: c.found()},
			letterSection{title: c.tr("What to do", "ご対応いただきたいこと"), items: c.todo(), numbered: true},
			letterSection{title: c.tr("What nobody on our side can know", "弊社では確認できないこと"), items: c.unknowable()}),
		closing: [][]string{c.lines("Please write to us if the mail still does not arrive after that, or if you have any questions.",
			"上記の対応の後も届かない場合や、ご不明な点がございましたら、",
			"お手数ですが、ご連絡くださいますようお願いいたします。")},
		signature: c.signed(),
	}
}

// found is what became of the mail, why, and what was confirmed.
func (c composer) found() []letterItem {
	out := []letterItem{c.became()}
	switch v := c.Verdict; {
	case c.Matter == guide.MatterTaken || v.Reason.ID == "unspecified":
	case v.Reason.ID != "":
		out = append(out, c.point("By the server's reply: "+v.Meaning.EN,
			"サーバーの応答から読み取れる理由: "+v.Reason.Title.JA, v.Meaning.JA))
	case v.Delivery.ID != "":
		out = append(out, c.point("By the delivery code: "+v.Delivery.Meaning.EN, v.Delivery.Meaning.JA))
	}
	for _, cause := range c.Confirmed {
		out = append(out, c.point("A check confirmed: "+cause.Title.EN, "検査で確認した要因: "+cause.Title.JA))
	}
	for _, checked := range c.Checked {
		out = append(out, c.point("In order: "+checked.In(c.lang), "問題のない項目: "+checked.In(c.lang)))
	}
	return out
}

// became says what became of the mail.
func (c composer) became() letterItem {
	switch {
	case c.Fate == guide.FateReturned:
		return c.point("The recipient's mail server accepted the mail, and later it came back.",
			"宛先メールサーバーがいったん受け取った後に、エラーメールが返送されました。")
	case c.Fate == guide.FateTaken:
		return c.point("The recipient's mail server accepted the mail (result: ok).",
			"宛先メールサーバーは、メールを正常に受け取っています(送信結果は「正常」)。")
	case c.Matter == guide.MatterDomain:
		return c.point("No mail server of the recipient's domain was found.",
			"宛先のドメインに、メールを受け取るサーバーが見つかりませんでした。")
	case c.Fate == guide.FateRefused && c.Matter == guide.MatterServer:
		return c.point("The recipient's mail server could not process the mail.",
			"宛先メールサーバーが、メールを正常に処理できませんでした。")
	case c.Fate == guide.FateRefused:
		return c.point("The recipient's mail server did not accept the mail.",
			"宛先メールサーバーが、メールを受け付けませんでした。")
	}
	return c.point("Whether the recipient's mail server took the mail is not known.",
		"宛先メールサーバーがメールを受け取ったかどうかは、確認できていません。")
}

// todo are the steps of our customer, in their order.
func (c composer) todo() (out []letterItem) {
	for _, r := range c.Todo {
		if r.When.IsZero() {
			out = append(out, c.point(r.Text.EN, r.Text.JA))
		} else {
			out = append(out, c.point("If "+r.When.EN+": "+r.Text.EN, r.When.JA+"は、"+r.Text.JA))
		}
	}
	return out
}

// unknowable is what only the recipient's side knows. It is said before anybody asks.
func (c composer) unknowable() []letterItem {
	add := func(all ...codes.Text) (out []letterItem) {
		for _, t := range all {
			out = append(out, c.point(t.EN, t.JA))
		}
		return out
	}
	lifted := codes.Text{EN: "When a restriction is lifted depends on the recipient's side; we can name no time.", JA: "制限が解除される時期は宛先により異なるため、明言できません。"}
	inside := codes.Text{EN: "What happens to a mail after their server took it (junk folder, quarantine, deletion) is not visible from outside.", JA: "宛先メールサーバーが受け取った後の扱い(迷惑メールフォルダーへの振り分け、隔離、削除など)は、弊社からは確認できません。"}
	switch c.Matter {
	case guide.MatterAddress:
		return add(codes.Text{EN: "Whether somebody still uses the address is known to the recipient and their administrator only.", JA: "そのアドレスが現在も使われているかどうかは、受信者様ご本人または宛先の管理者でなければ分かりません。"})
	case guide.MatterDomain:
		return add(codes.Text{EN: "Whether and when the owner of the domain mends it is not known to us.", JA: "宛先のドメインの設定が直るかどうか、またその時期は、弊社では分かりません。"})
	case guide.MatterFull:
		return add(codes.Text{EN: "When there is space in the mailbox again depends on the recipient.", JA: "メールボックスの空き容量がいつ確保されるかは、受信者様によるため、明言できません。"})
	case guide.MatterServer:
		return add(codes.Text{EN: "The trouble is on the recipient's mail server; we cannot look into it in detail.", JA: "宛先メールサーバー側の事象のため、弊社では詳細な調査ができません。"},
			codes.Text{EN: "When it is over is not known to us.", JA: "復旧の時期は、弊社では分かりません。"})
	case guide.MatterLimited:
		return add(codes.Text{EN: "How much is too much differs from server to server and is not published.", JA: "制限の基準は宛先メールサーバーにより異なり、公開されていないため、調査できません。"}, lifted)
	case guide.MatterTaken, guide.MatterAfter:
		return add(inside)
	case guide.MatterUnknown:
		return add(codes.Text{EN: "The code and the reply of the server are not known; with them we can tell more.", JA: "配信コードとサーバーの応答が分からないため、理由を特定できません。これらが分かれば、さらに絞り込めます。"}, inside)
	}
	return add(codes.Text{EN: "By what rule a server refuses mail differs from server to server and is not published, so we cannot look into it further.", JA: "受信を拒否する基準は宛先メールサーバーにより異なり、公開されていないため、弊社では詳細な調査ができません。"},
		codes.Text{EN: "Whether you are on the recipient's own blocklist is not visible from outside.", JA: "宛先の受信拒否リスト(ブラックリスト)への登録状況は、弊社からは確認できません。"}, lifted)
}
