package report

import (
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/netip"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/resolve"
)

//go:embed schema/letter-1.json
var letterSchema string

// LetterSchema is the JSON schema of todoku/letter/1.
func LetterSchema() string { return letterSchema }

// LetterSchemaName is what letters call their schema.
const LetterSchemaName = "todoku/letter/1"

// LetterFormats lists the formats of WriteLetter.
func LetterFormats() []string { return []string{"text", "markdown", "eml", "json", "ndjson"} }

// Letter is the inquiry to the recipient's administrator. From, To and Time are
// always there; of the rest only what is known is written.
type Letter struct {
	From, To  string
	Time      time.Time
	IP        netip.Addr
	Host      string // that answered
	Address   string // and its address
	Reply     string // line by line
	MessageID string
	Checked   []string // what was looked at on our side, a line each
	Company   string   // of the writer
	Name      string
	Contact   string
}

// Recipient is where the inquiry goes: every domain has this mailbox
// (RFC 5321 §4.5.1).
func (l Letter) Recipient() string { return "postmaster@" + l.domain() }

func (l Letter) domain() string { return l.To[strings.LastIndexByte(l.To, '@')+1:] }

// Redacted hides what must not leave: names of mailboxes, addresses of private
// networks, and the left part of the Message-ID.
func (l Letter) Redacted() Letter {
	l.Reply = withoutMailboxes(l.Reply)
	l.From, l.To, l.MessageID = masked(l.From), masked(l.To), masked(l.MessageID)
	if l.IP.IsPrivate() || l.IP.IsLoopback() || l.IP.IsLinkLocalUnicast() {
		l.IP = netip.Addr{}
	}
	checked := make([]string, len(l.Checked))
	for i, c := range l.Checked {
		checked[i] = withoutMailboxes(c)
	}
	l.Checked = checked
	return l
}

// masked leaves the first letter of what stands before the @.
func masked(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	local := strings.TrimPrefix(address[:at], "<")
	open := address[:at-len(local)]
	for i, c := range local {
		if i == 0 {
			local = string(c) + "***"
			break
		}
	}
	return open + local + address[at:]
}

// withoutMailboxes masks the addresses in a text.
func withoutMailboxes(s string) string {
	end := func(c rune) bool { return strings.ContainsRune(" \t\n<>()[]:;,\"'", c) }
	var b strings.Builder
	for len(s) > 0 {
		i := strings.IndexFunc(s, end)
		if i < 0 {
			i = len(s)
		}
		b.WriteString(masked(s[:i]))
		if s = s[i:]; s != "" {
			b.WriteByte(s[0])
			s = s[1:]
		}
	}
	return b.String()
}

// WriteLetter prints a letter in its language.
func WriteLetter(format string, w io.Writer, o Options, l Letter, lang codes.Lang) error {
	o = o.wide()
	o.Lang = lang
	switch format {
	case "text":
		_, err := io.WriteString(w, letterText(o, l, true))
		return err
	case "markdown":
		_, err := io.WriteString(w, "**"+inMarkdown(subject(l).In(lang))+"**\n\n"+letterMarkdown(letterText(o, l, false)))
		return err
	case "eml":
		_, err := io.WriteString(w, letterMail(o, l))
		return err
	case "json", "ndjson":
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		if format == "json" {
			enc.SetIndent("", "  ")
		}
		return enc.Encode(letterJSON{LetterSchemaName, string(lang), l.Recipient(), subject(l).In(lang), letterText(o, l, false), l.From, l.To, l.Time.Format(time.RFC3339)})
	}
	return fmt.Errorf("format %q is none of %s", format, strings.Join(LetterFormats(), ", "))
}

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

func subject(l Letter) codes.Text {
	domain := resolve.ToUnicode(l.domain())
	return codes.Text{EN: "Mail to " + domain + " is not accepted: request to look at it",
		JA: "【ご確認のお願い】" + domain + " 宛てのメールが受信されない件"}
}

// letterMail is a draft that mail programs open to be looked over and sent.
func letterMail(o Options, l Letter) string {
	var b strings.Builder
	fmt.Fprintf(&b, "To: %s\r\nSubject: %s\r\n", l.Recipient(), strings.ReplaceAll(mime.BEncoding.Encode("UTF-8", subject(l).In(o.Lang)), "?= =?", "?=\r\n =?"))
	b.WriteString("X-Unsent: 1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(letterText(o, l, false), "\n", "\r\n")))
	for len(body) > 76 { // RFC 2045 §6.8
		b.WriteString(body[:76] + "\r\n")
		body = body[76:]
	}
	b.WriteString(body + "\r\n")
	return b.String()
}

// letterMarkdown makes the headings bold and the facts a list.
func letterMarkdown(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "■ "):
			b.WriteString("**" + inMarkdown(strings.TrimPrefix(line, "■ ")) + "**\n\n")
		case strings.HasPrefix(line, "  "):
			b.WriteString("- " + inMarkdown(strings.TrimSpace(line)) + "\n")
		default:
			b.WriteString(inMarkdown(line) + "\n")
		}
	}
	return b.String()
}
