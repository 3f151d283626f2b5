package sender

import (
	"fmt"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender/mail"
)

// Notice is the short mail that tells the address for errors (「エラー時返信先」) of
// an immediate error, which makes no bounce. It holds both languages, goes out
// with an empty envelope sender and asks for no automatic answer. details is
// where to read on; from is the sender of the mail.
func Notice(o Outcome, from, to mail.Address, details string) (*mail.Message, error) {
	return mail.Compose(mail.Draft{
		From: from, To: []mail.Address{to}, Date: o.Started.Add(o.Elapsed),
		Subject: fmt.Sprintf("送信エラー %s / Mail not delivered: %s", o.Verdict.Delivery.ID, o.To),
		Text:    noticeText(o, from, details, codes.Japanese) + "\n" + noticeText(o, from, details, codes.English),
		Headers: []mail.Header{ // RFC 3834 §5
			{Name: "Auto-Submitted", Value: "auto-generated"}, {Name: "X-Auto-Response-Suppress", Value: "All"}},
	})
}

func noticeText(o Outcome, from mail.Address, details string, l codes.Lang) string {
	v := o.Verdict
	reply := o.Reply.String()
	if reply == "" {
		reply = codes.Text{EN: "(none)", JA: "(なし)"}.In(l)
	}
	meaning := v.Meaning
	if meaning.IsZero() {
		meaning = v.Reason.Meaning
	}
	var b strings.Builder
	row := func(label codes.Text, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", label.In(l), onOneLine(value))
		}
	}
	b.WriteString(codes.Text{
		EN: "The following mail could not be delivered.\n\n",
		JA: "次のメールを配信できませんでした。\n\n",
	}.In(l))
	row(codes.Text{EN: "Sender", JA: "送信者E-mailアドレス"}, from.String())
	row(codes.Text{EN: "Recipient", JA: "宛先E-mailアドレス"}, o.To.String())
	row(codes.Text{EN: "Sent", JA: "メールを送信した日時"}, sentAt(o.Started, l))
	row(codes.Text{EN: "Message-ID", JA: "Message-ID"}, o.MessageID)
	row(codes.Text{EN: "Delivery code", JA: "メール配信コード"}, v.Delivery.ID+" "+v.Delivery.Title.In(l))
	row(codes.Text{EN: "Receiving server", JA: "宛先メールサーバー"}, o.Host)
	row(codes.Text{EN: "Reply", JA: "応答"}, reply)
	row(codes.Text{EN: "Meaning", JA: "意味"}, meaning.In(l))
	for i, r := range v.Remedies {
		if i == 3 {
			break
		}
		row(codes.Text{EN: fmt.Sprintf("Step %d", i+1), JA: fmt.Sprintf("対処%d", i+1)}, r.Text.In(l))
	}
	row(codes.Text{EN: "Details", JA: "詳細"}, details)
	return b.String()
}

// sentAt is when a mail was sent: in Japanese with the time of Japan, as the people who read it have it.
func sentAt(at time.Time, l codes.Lang) string {
	if l == codes.Japanese {
		return codes.JapaneseTime(at)
	}
	return at.Format(time.RFC1123Z)
}

// onOneLine keeps what a server said on its line.
func onOneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}
