package letter

import (
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/codes"
	"todoku/diag/guide"
)

// due says on the standard error what the writer has to know before the letter goes out, and refuses an inquiry that
// nobody would answer.
func (l *letter) due(a *app.App, lang codes.Lang) error {
	if l.Kind == guide.LetterInquiry {
		if ours := l.ours(); len(ours) > 0 {
			a.Tell(codes.Say(codes.Text{EN: "do not send this yet: the diagnosis confirmed a fault on our side ({causes}); mend that first",
				JA: "まだ送らないでください。診断で、送信側の問題({causes})を確認しています。先に解消してください"}, codes.Words("causes", titles(ours))))
		}
		if err := l.consumer(a); err != nil {
			return err
		}
	}
	if l.Kind == guide.LetterCustomer {
		a.Tell(codes.Say(codes.Text{EN: "mail to {to} does not arrive: send this by other means (telephone, SMS, another address)",
			JA: "{to} にはメールが届いていません。別の手段(電話、SMS、別のアドレスなど)でお伝えください"}, codes.Str("to", l.To)))
	}
	if blanks := report.LetterBlanks(l.Letter, lang); len(blanks) > 0 {
		a.Tell(codes.Say(codes.Text{EN: "places to fill in: {places} (--company, --name, --contact, --addressee)",
			JA: "記入が必要な箇所: {places}(--company、--name、--contact、--addressee でも指定できます)"}, codes.List("places", blanks)))
	}
	return nil
}

// ours are the confirmed causes that lie on our side.
func (l *letter) ours() (out []*guide.Cause) {
	for _, c := range l.Confirmed {
		if c.Fault == guide.FaultOurs {
			out = append(out, c)
		}
	}
	return out
}

// titles are those of causes, as one text.
func titles(causes []*guide.Cause) codes.Text {
	var en, ja []string
	for _, c := range causes {
		en, ja = append(en, c.Title.EN), append(ja, c.Title.JA)
	}
	return codes.Text{EN: strings.Join(en, ", "), JA: strings.Join(ja, "、")}
}

// consumer handles mailboxes of a provider for everybody: it has no IT department that knows one of them. Where it has
// a form or an address for senders, the letter is for that.
func (l *letter) consumer(a *app.App) error {
	m := l.Mailboxes
	if !m.Known() {
		return nil
	}
	if len(m.Contacts) == 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "the mailbox is at {provider}; no desk for senders is known there", JA: "宛先は{provider}のメールボックスです。送信者向けの問い合わせ窓口は確認できていません"}, codes.Words("provider", m.Name)),
			codes.Say(codes.Text{EN: "write to the recipient: {command}", JA: "受信者へのご案内を作成してください: {command}"}, codes.Typed("command", l.toRecipient())))
	}
	a.Tell(codes.Say(codes.Text{EN: "the mailbox is at {provider}: give the text to {contact}, and write to the recipient, too: {command}",
		JA: "宛先は{provider}のメールボックスです。文面は {contact} に送り、受信者へのご案内も作成してください: {command}"}, codes.Words("provider", m.Name), codes.Str("contact", m.Contacts[0].Address), codes.Typed("command", l.toRecipient())))
	return nil
}

// toRecipient is the command that writes to the recipient in place of the inquiry.
func (l *letter) toRecipient() codes.Command {
	return codes.Todoku("letter", "--to-customer", "--from", "SENDER", "--to", "ADDR").Fill(codes.Values{
		codes.PlaceSender: l.From, codes.PlaceAddr: l.To})
}
