package report

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/netip"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
)

// LetterSchemaName is what letters call their schema.
const LetterSchemaName = "todoku/letter/1"

// Letter is the inquiry to the recipient's administrator. From, To and Time are
// always there; of the rest only what is known is written.
type Letter struct {
	From, To  string
	Time      time.Time
	IP        netip.Addr
	Host      string     // that answered
	Address   netip.Addr // and its address
	Reply     string     // line by line
	MessageID string
	Fate      Fate
	Subject   string // of the mail; never written, but Redacted looks for it

	Code, Enhanced           string // delivery code, enhanced status code
	CodeMeans, EnhancedMeans codes.Text

	Checked []string // what was looked at on our side, a line each
	Company string   // of the writer
	Name    string
	Contact string
}

// Fate is what is known to have become of the mail.
type Fate uint8

// The fates. Where nothing is known, the letter claims nothing.
const (
	LetterUnknown  Fate = iota
	LetterRefused       // their server said no
	LetterReturned      // it came back after it had been accepted
	LetterTaken         // their server said yes, and nobody saw it
)

// Recipient is where the inquiry goes: every domain has this mailbox
// (RFC 5321 §4.5.1).
func (l Letter) Recipient() string { return "postmaster@" + l.domain() }

func (l Letter) domain() string { return l.To[strings.LastIndexByte(l.To, '@')+1:] }

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

func asLetter(l Letter, o Options) letterJSON {
	return letterJSON{LetterSchemaName, string(o.Lang), l.Recipient(), subject(l).In(o.Lang), written(o, l, false), l.From, l.To, l.Time.Format(time.RFC3339)}
}

func subject(l Letter) codes.Text {
	domain := resolve.ToUnicode(l.domain())
	return codes.Text{EN: "Mail to " + domain + " does not arrive: request to look into it",
		JA: "【ご確認のお願い】" + domain + " 宛てのメールが届かない件"}
}

// letterMail is a draft that mail programs open to be looked over and sent.
func letterMail(w *page.Out, o Options, l Letter) error {
	var b strings.Builder
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\n", l.Recipient(), strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", subject(l).In(o.Lang)), "?= =?", "?=\r\n =?"))
	b.WriteString("X-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(written(o, l, false), "\n", "\r\n")))
	for len(body) > 76 { // RFC 2045 §6.8
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return w.Mail(b.String())
}
