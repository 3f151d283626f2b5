package send

import (
	"errors"

	"todoku/cmd/report"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// explainRefusal makes a *codes.UserError of what a batch refuses; other errors stay.
func (d *sendRun) explainRefusal(err error) error {
	var invalid *batch.InvalidError
	var again *batch.ResumeError
	switch {
	case errors.As(err, &invalid):
		return d.markedInvalid(invalid.Validity)
	case errors.As(err, &again):
		return d.resumeError(again)
	}
	return err
}

// markedInvalid is the error of an address that the history marks invalid.
func (d *sendRun) markedInvalid(v history.Validity) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "{address} is marked invalid: errors in a row: {n}, the last one {code}", JA: "{address} は有効フラグが無効です(連続エラー{n}回、最後のコード {code})"}, codes.Str("address", v.Address), codes.Num("n", v.Errors), codes.Str("code", v.Code)),
		codes.Say(codes.Text{EN: "after mending the cause: {command}; or send all the same with --force",
			JA: "原因を解消したら {command} を実行してください。--force を付けるとそのまま送信します"}, codes.Typed("command", d.inHistory(codes.Todoku("history", "revalidate", "ADDR").With(codes.PlaceAddr, v.Address)))))
}

// resumeError tells why a list is not resumed, or a mail not sent again.
func (d *sendRun) resumeError(e *batch.ResumeError) error {
	switch e.Fault {
	case batch.ListBusy:
		return codes.Wrong(codes.Say(codes.Text{EN: "another process is sending this mail to these recipients (list {list})", JA: "別のプロセスが同じメールを同じ宛先に送信中です(リスト {list})"}, codes.Str("list", e.ID)),
			codes.Say(codes.Text{EN: "wait for its end; if it is cut short, --continue={list} goes on with it", JA: "終了をお待ちください。中断した場合は、--continue={list} で続けられます"}, codes.Str("list", e.ID)))
	case batch.NoList:
		return noList(e.ID)
	case batch.AmbiguousID:
		return sendings.Ambiguous(e.ID)
	case batch.OtherMail:
		return codes.Wrong(codes.Say(codes.Text{EN: "this is not the mail of the list {list}", JA: "メールの内容がリスト {list} のものと異なります"}, codes.Str("list", e.ID)), sameMail())
	case batch.Unfinished:
		return codes.Wrong(codes.Say(codes.Text{EN: "the list {list} has these recipients, another mail, and was not sent to its end", JA: "リスト {list} は宛先が同じでメールの内容が異なり、送信が最後まで終わっていません"}, codes.Str("list", e.ID)), sameMail())
	case batch.OtherRecipients:
		return codes.Wrong(codes.Say(codes.Text{EN: "the list {list} has this mail and some of these recipients, but not the same ones", JA: "リスト {list} は同じメールで、宛先の一部が重複していますが、全体は一致しません"}, codes.Str("list", e.ID)),
			codes.Say(codes.Text{EN: "--continue={list} goes on with it and adds the others; without --continue everybody on this list gets the mail", JA: "そのリストを続け、残りの宛先を加えるには --continue={list} を指定してください。--continue を付けなければ、このリストの全員に送信します"}, codes.Str("list", e.ID)))
	case batch.NoSending:
		return sendings.NoSuch(e.ID)
	case batch.NotKept:
		return codes.Wrong(codes.Say(codes.Text{EN: "the mail of {id} was not kept (only up to 1 MiB is)", JA: "{id} のメールは保存されていません(保存できるのは1 MiBまで)"}, codes.Str("id", e.ID)),
			codes.Say(codes.Text{EN: "send it anew, with --eml FILE for example", JA: "--eml FILE などで新しく送信してください"}))
	case batch.SendingBusy:
		return codes.Wrong(codes.Say(codes.Text{EN: "another process works on {id}", JA: "{id} は別のプロセスが処理中です"}, codes.Str("id", e.ID)),
			codes.Say(codes.Text{EN: "wait for it; {command} tells how it stands", JA: "終了をお待ちください。状況は {command} で確認できます"}, codes.Typed("command", d.inHistory(report.ShowSending(e.ID)))))
	}
	return codes.Wrong(sentBefore(e), codes.Say(codes.Text{EN: "give --yes to send it again", JA: "再送するには --yes を付けてください"}))
}

// sentBefore tells how a mail ended that may not go out again unasked.
func sentBefore(e *batch.ResumeError) codes.Message {
	switch e.Fault {
	case batch.EndUnknown:
		return codes.Say(codes.Text{EN: "nobody knows how {id} ended: the server may have taken the mail", JA: "{id} の結果は不明です。サーバーがすでに受け取っている可能性があります"}, codes.Str("id", e.ID))
	case batch.Perhaps:
		return codes.Say(codes.Text{EN: "{id} is perhaps delivered: nobody knows whether the server took it", JA: "{id} は配信された可能性があります。サーバーが受け取ったかどうかは分かりません"}, codes.Str("id", e.ID))
	case batch.Taken:
		return codes.Say(codes.Text{EN: "{id} was taken by the server already ({code})", JA: "{id} はすでにサーバーが受け取っています({code})"}, codes.Str("id", e.ID), codes.Str("code", e.Code))
	}
	return codes.Say(codes.Text{EN: "{id} was sent already and refused ({code})", JA: "{id} は送信済みで、エラーになっています({code})"}, codes.Str("id", e.ID), codes.Str("code", e.Code))
}

func noList(id string) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the history has no list {list}", JA: "送信履歴にリスト {list} はありません"}, codes.Quoted("list", id)),
		codes.Say(codes.Text{EN: "send tells the id at its start; without an id, --continue finds the list by its recipients and its mail", JA: "IDは送信の開始時に表示されます。IDを省略すると、宛先とメールの内容からリストを探します"}))
}

func sameMail() codes.Message {
	return codes.Say(codes.Text{EN: "give --subject, --body and the rest as they were to go on with it; without --continue everybody on this list gets the new mail",
		JA: "続けるには --subject や --body などを元のとおりに指定してください。--continue を付けなければ、新しいメールをこのリストの全員に送信します"})
}
