package report

import (
	"encoding/base64"
	"fmt"
	"mime"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/diag/guide"
)

// LetterSchemaName is what letters call their schema.
const LetterSchemaName = "todoku/letter/1"

// letterJSON is the schema todoku/letter/1.
type letterJSON struct {
	Schema    string   `json:"schema"`
	Kind      string   `json:"kind"`
	Lang      string   `json:"lang"`
	Recipient string   `json:"recipient"`
	Subject   string   `json:"subject"`
	Body      string   `json:"body"`
	From      string   `json:"from"`
	To        string   `json:"to"`
	Time      string   `json:"time"`   // "" where it is not known
	Blanks    []string `json:"blanks"` // places in the body that the writer has to fill in
}

func asLetter(l guide.Letter, o Options) letterJSON {
	out := letterJSON{Schema: LetterSchemaName, Kind: letterKind(l.Kind), Lang: string(o.Lang), Recipient: addressed(l),
		Subject: compose(l, o.Lang).subject, Body: letterBody(o, l, false), From: l.From, To: l.To, Blanks: notNil(LetterBlanks(l, o.Lang))}
	if !l.Time.IsZero() {
		out.Time = l.Time.Format(time.RFC3339)
	}
	return out
}

// letterKind is what JSON calls a kind.
func letterKind(k guide.LetterKind) string {
	switch k {
	case guide.LetterCustomer:
		return "to-customer"
	case guide.LetterReply:
		return "reply"
	}
	return "inquiry"
}

// letterMail is a draft that mail programs open to be looked over and sent.
func letterMail(w *page.Out, o Options, l guide.Letter) error {
	var b strings.Builder
	title := strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", compose(l, o.Lang).subject), "?= =?", "?=\r\n =?")
	if to := addressed(l); strings.Contains(to, "@") { // a form of the web is no recipient
		fmt.Fprintf(&b, "To: %s\r\n", to)
	}
	fmt.Fprintf(&b, "Subject: %s\r\n", title)
	b.WriteString("X-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(letterBody(o, l, false), "\n", "\r\n")))
	for len(body) > 76 { // RFC 2045 §6.8
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return w.Mail(b.String())
}
