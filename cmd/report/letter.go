package report

import (
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// LetterSchemaName is what letters call their schema.
const LetterSchemaName = "todoku/letter/1"

// letterWidth is that of mails, whatever the terminal is like.
const letterWidth = 80

// letterJSON is the schema todoku/letter/1.
type letterJSON struct {
	Schema    string `json:"schema"`
	Lang      string `json:"lang"`
	Recipient string `json:"recipient"`
	Subject   string `json:"subject"`
	Body      string `json:"body"`
	From      string `json:"from"`
	To        string `json:"to"`
	Time      string `json:"time"`
}

func asLetter(l guide.Letter, o Options) letterJSON {
	return letterJSON{LetterSchemaName, string(o.Lang), l.Recipient(), subject(l).In(o.Lang), letterBody(o, l, false),
		l.From, l.To, l.Time.Format(time.RFC3339)}
}

func subject(l guide.Letter) codes.Text {
	domain := resolve.ToUnicode(l.Domain())
	return codes.Text{EN: "Mail to " + domain + " does not arrive: request to look into it",
		JA: "【ご確認のお願い】" + domain + " 宛てのメールが届かない件"}
}

// letterMail is a draft that mail programs open to be looked over and sent.
func letterMail(w *page.Out, o Options, l guide.Letter) error {
	var b strings.Builder
	title := strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", subject(l).In(o.Lang)), "?= =?", "?=\r\n =?")
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\n", l.Recipient(), title)
	b.WriteString("X-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(letterBody(o, l, false), "\n", "\r\n")))
	for len(body) > 76 { // RFC 2045 §6.8
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return w.Mail(b.String())
}
