package report

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// letterText prints a letter.
func letterText(w *page.Out, o Options, l guide.Letter) error { return w.Lines(letterBody(o, l, true)) }

// letterBody is the letter; with head, the recipient and the subject stand above it.
func letterBody(o Options, l guide.Letter, head bool) string {
	o.Width = letterWidth
	t := makeText(nil, o)
	put := func(text codes.Text) {
		t.para("", 0, text.In(o.Lang))
		t.line("")
	}
	if head {
		to, about := t.tr("To: ", "宛先: "), t.tr("Subject: ", "件名: ")
		t.para(to, t.page.StringWidth(to), l.Recipient())
		t.para(about, t.page.StringWidth(about), subject(l).In(o.Lang))
		t.line("")
	}
	for _, p := range letterOpening(l) {
		put(p)
	}
	t.line("■ " + letterAbout.In(o.Lang))
	for _, f := range letterFacts(l, o.Lang) {
		for i, line := range strings.Split(f.value, "\n") {
			label := f.label + ": "
			if i > 0 {
				label = strings.Repeat(" ", t.page.StringWidth(label))
			}
			t.para("  "+label, 2+t.page.StringWidth(label), shown(line))
		}
	}
	if len(l.Checked) > 0 {
		t.line("")
		t.line("■ " + letterChecked.In(o.Lang))
		for _, c := range l.Checked {
			t.para("  "+t.tr("- ", "・"), 4, shown(c.In(o.Lang)))
		}
	}
	t.line("")
	t.line("■ " + letterAsks.In(o.Lang))
	for i, q := range letterQuestions(l) {
		t.para(fmt.Sprintf("  %d. ", i+1), 5, q.In(o.Lang))
	}
	t.line("")
	put(letterThanks)
	for _, s := range letterSignature(l) {
		t.line(shown(s))
	}
	return strings.TrimRight(t.page.String(), "\n") + "\n"
}

// The parts of a letter, and its end.
var (
	letterAbout   = codes.Text{EN: "The mail", JA: "対象のメール"}
	letterChecked = codes.Text{EN: "What we have checked on our side", JA: "弊社側で確認した内容"}
	letterAsks    = codes.Text{EN: "What we ask you", JA: "ご確認いただきたい内容"}
	letterThanks  = codes.Text{EN: "Thank you for your help.", JA: "以上、お忙しいところ恐れ入りますが、何卒よろしくお願い申し上げます。"}
)

// letterOpening are the first paragraphs: to whom, from whom, and what happened.
func letterOpening(l guide.Letter) []codes.Text {
	domain := resolve.ToUnicode(l.Domain())
	return []codes.Text{{EN: "To the mail administrators of " + domain, JA: domain + " 情報システム部門 メール御担当者様"}, letterGreeting(l), letterHappened(l)}
}

// letterSignature are the lines at the end.
func letterSignature(l guide.Letter) []string {
	return slices.DeleteFunc([]string{l.Company, l.Name, l.Contact}, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// letterHappened says what became of the mail, as far as it is known.
func letterHappened(l guide.Letter) codes.Text {
	ask := codes.Text{EN: " We would be grateful if you looked into it.", JA: "お手数をおかけいたしますが、受信状況をご確認いただけますでしょうか。"}
	said := codes.Text{EN: "A mail of ours to your domain does not seem to have reached its recipient.",
		JA: "弊社から貴ドメイン宛てに送信したメールが、受信者様に届いていないようです。"}
	switch l.Fate {
	case guide.FateRefused:
		said = codes.Text{EN: "A mail of ours was not accepted by your mail server.",
			JA: "弊社から貴ドメイン宛てに送信したメールが、貴ドメインのメールサーバーで受け付けられませんでした。"}
	case guide.FateReturned:
		said = codes.Text{EN: "A mail of ours to your domain was accepted at first and came back afterwards.",
			JA: "弊社から貴ドメイン宛てに送信したメールが、いったん受け付けられた後、エラーメールとして返送されました。"}
	case guide.FateTaken:
		said = codes.Text{EN: "A mail of ours was accepted by your mail server, but does not seem to have reached its recipient.",
			JA: "弊社から貴ドメイン宛てに送信したメールは、メールサーバーには受け付けられましたが、受信者様に届いていないようです。"}
	}
	return codes.Text{EN: said.EN + ask.EN, JA: said.JA + ask.JA}
}

// letterGreeting names the writer, where one is given.
func letterGreeting(l guide.Letter) codes.Text {
	en, ja := l.Name, l.Name
	switch {
	case l.Name == "":
		en, ja = l.Company, l.Company
	case l.Company != "":
		en, ja = l.Name+" of "+l.Company, l.Company+"の"+l.Name
	}
	if en == "" {
		return codes.Text{EN: "Dear colleagues,", JA: "お世話になっております。突然のご連絡にて失礼いたします。"}
	}
	return codes.Text{EN: "Dear colleagues, this is " + strings.TrimSuffix(en, ".") + ".", JA: "お世話になっております。" + ja + "と申します。突然のご連絡にて失礼いたします。"}
}

// letterFact is one line about the mail.
type letterFact struct{ label, value string }

func letterFacts(l guide.Letter, lang codes.Lang) []letterFact {
	tr := func(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(lang) }
	list := []letterFact{
		{tr("sender's address", "送信者E-mailアドレス"), l.From},
		{tr("recipient's address", "宛先E-mailアドレス"), l.To},
		{tr("sent at", "メールを送信した日時"), dateAndTime(l.Time, lang)},
	}
	add := func(en, ja, value string) {
		if value != "" {
			list = append(list, letterFact{tr(en, ja), value})
		}
	}
	if l.IP.IsValid() {
		add("sending address", "送信元IPアドレス", l.IP.String())
	}
	server := l.Host
	if l.Address.IsValid() {
		server = strings.TrimSpace(server + " [" + l.Address.String() + "]")
	}
	add("your server", "宛先メールサーバー", server)
	add("its reply", "サーバーの応答", l.Reply)
	means := func(code string, what codes.Text) string {
		if in := what.In(lang); in != "" {
			return code + tr(" (", "(") + in + tr(")", ")")
		}
		return code
	}
	add("enhanced status code", "拡張ステータスコード", means(l.Enhanced, l.EnhancedMeans))
	add("our delivery code", "メール配信コード", means(l.Code, l.CodeMeans))
	add("Message-ID", "Message-ID", l.MessageID)
	return list
}

// dateAndTime is a date and time with its zone.
func dateAndTime(at time.Time, lang codes.Lang) string {
	_, zone := at.Zone()
	name := at.Format("-0700")
	if zone == 9*60*60 {
		name += " (JST)"
	}
	if lang == codes.Japanese {
		return at.Format("2006年1月2日 15:04:05 ") + name
	}
	return at.Format("2 January 2006 15:04:05 ") + name
}

// letterQuestions words what the letter asks.
func letterQuestions(l guide.Letter) []codes.Text {
	what := codes.Text{EN: "our address " + l.From, JA: "送信者アドレス " + l.From}
	if l.IP.IsValid() {
		what = codes.Text{EN: what.EN + ", its domain or " + l.IP.String(), JA: what.JA + "、そのドメイン、または送信元IPアドレス " + l.IP.String() + " "}
	} else {
		what = codes.Text{EN: what.EN + " or its domain", JA: what.JA + " またはそのドメイン"}
	}
	var out []codes.Text
	for _, q := range l.Questions() {
		switch q {
		case guide.AskWhereItIs:
			out = append(out, codes.Text{EN: "Did this mail arrive, or was it sorted out, held back or deleted (junk folder, quarantine)?",
				JA: "このメールが貴社側で、迷惑メールへの振り分け・隔離・削除の対象になっていないかご確認ください。"})
		case guide.AskListed:
			out = append(out, codes.Text{EN: "Is " + what.EN + " on a list of yours that refuses mail?",
				JA: what.JA + "が、貴社の受信拒否リスト(ブロックリスト)に登録されていないかご確認ください。"})
		case guide.AskHowToArrive:
			out = append(out, codes.Text{EN: "If so: what do we have to do so that the mail arrives?",
				JA: "該当する場合は、その理由と、受信いただくために弊社で必要な対応をご教示ください。"})
		case guide.AskHowToPass:
			out = append(out, codes.Text{EN: "If so, or if there is another reason: what do we have to do so that the mail is accepted?",
				JA: "登録されている場合、または別の理由で拒否されている場合は、その理由と、受信いただくために弊社で必要な対応をご教示ください。"})
		}
	}
	return out
}
