package mail

import (
	"bytes"
	"crypto/rand"
	"strings"
	"time"

	"todoku/codes"
)

// Draft is what a mail is made of.
type Draft struct {
	From        Address
	To, Cc      []Address
	ReplyTo     []Address
	Subject     string
	Text, HTML  string // with LF or CRLF
	Attachments []Attachment
	Unsubscribe Unsubscribe
	Headers     []Header // more of them
	Charset     Charset  // "" is UTF-8
	Date        time.Time
	MessageID   string // without brackets; "" makes one at the domain of From

	builtBody *part // by Ready
}

// Attachment is a file of a mail.
type Attachment struct {
	Name string
	Type string // "application/pdf"; "" is told by the name
	Data []byte
}

// Header is a further header field.
type Header struct{ Name, Value string }

// Unsubscribe is how a reader leaves the list (RFC 2369 §3.2, RFC 8058).
type Unsubscribe struct {
	URL      string // https
	Mail     string // address
	OneClick bool   // a POST to URL is enough
}

// Message is a complete mail, with CRLF line ends. Only Compose, ParseEML and
// Sign make one.
type Message struct {
	From     Address // zero where an .eml has none that can be read
	To, Cc   []Address
	ReplyTo  []Address
	Subject  string
	ID       string       // Message-ID without brackets, "" where there is none
	Notes    []codes.Text // what is missing or doubtful, for the person who sends
	head     []byte       // its fields
	body     [][]byte     // the empty line and what follows, in pieces; mails to several recipients share them
	utf8     bool         // the header holds UTF-8 as it is
	eightBit bool         // the body holds 8-bit bytes
}

// Pieces are the mail as it goes out, one after the other. Nobody changes them.
func (m *Message) Pieces() [][]byte { return append([][]byte{m.head}, m.body...) }

// Bytes is the mail as it goes out, copied into one piece.
func (m *Message) Bytes() []byte { return bytes.Join(m.Pieces(), nil) }

// Size is the number of bytes, as MAIL FROM announces it.
func (m *Message) Size() int64 {
	n := len(m.head)
	for _, piece := range m.body {
		n += len(piece)
	}
	return int64(n)
}

// NeedsUTF8 reports whether the header takes a server with SMTPUTF8.
func (m *Message) NeedsUTF8() bool { return m.utf8 }

// EightBit reports whether the body takes a server with 8BITMIME.
func (m *Message) EightBit() bool { return m.eightBit }

// Ready gives the draft with its text, its HTML and its attachments made into the
// body of a mail, which all mails that Compose makes of it share.
func (d Draft) Ready() (Draft, error) {
	charset, err := ParseCharset(string(d.Charset))
	if err != nil {
		return d, err
	}
	d.Charset = charset
	p, err := d.body()
	if err != nil {
		return d, err
	}
	p.body = append([][]byte{[]byte("\r\n")}, p.body...)
	d.builtBody, d.Text, d.HTML, d.Attachments = &p, "", "", nil
	return d, nil
}

// Compose makes the mail of a draft (RFC 5322, RFC 2045). The error is a *codes.UserError whose place is the field:
// something is missing, or cannot be written in the charset.
func Compose(d Draft) (*Message, error) {
	if d.From.IsZero() {
		return nil, Missing("From")
	}
	if len(d.To)+len(d.Cc) == 0 {
		return nil, Missing("To")
	}
	if d.builtBody == nil {
		var err error
		if d, err = d.Ready(); err != nil {
			return nil, err
		}
	}
	if d.Date.IsZero() {
		d.Date = time.Now()
	}
	if d.MessageID == "" {
		d.MessageID = strings.ToLower(rand.Text()) + "@" + strings.Trim(d.From.Domain(), "[]")
	}
	f := &fields{charset: d.Charset}
	if err := d.head(f); err != nil {
		return nil, err
	}
	f.Write(d.builtBody.header)
	head := f.Bytes()
	return &Message{From: d.From, To: d.To, Cc: d.Cc, ReplyTo: d.ReplyTo, Subject: d.Subject, ID: d.MessageID, head: head,
		body: d.builtBody.body, utf8: !isASCII(string(head))}, nil
}

// head writes the header without the fields of MIME.
func (d *Draft) head(f *fields) error {
	subject, err := oneLine("Subject", d.Subject)
	if err != nil {
		return err
	}
	f.plain("Date", d.Date.Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	for _, list := range []struct {
		name string
		of   []Address
	}{{"From", []Address{d.From}}, {"To", d.To}, {"Cc", d.Cc}, {"Reply-To", d.ReplyTo}} {
		if len(list.of) == 0 {
			continue
		}
		if err := f.addresses(list.name, list.of); err != nil {
			return err
		}
	}
	if err := f.text("Subject", subject); err != nil {
		return err
	}
	id, err := messageID(d.MessageID)
	if err != nil {
		return err
	}
	f.plain("Message-ID", "<"+id+">")
	if err := d.Unsubscribe.write(f); err != nil {
		return err
	}
	for _, h := range d.Headers {
		if err := h.write(f); err != nil {
			return err
		}
	}
	f.plain("MIME-Version", "1.0")
	return nil
}

func messageID(s string) (string, error) {
	s = strings.TrimSuffix(strings.TrimPrefix(s, "<"), ">")
	left, right, ok := strings.Cut(s, "@")
	if !ok || !isAtomText(left) || !isASCII(s) || !isAtomText(strings.ReplaceAll(right, ":", "")) || len(s) > longWord {
		return "", codes.WrongAt("Message-ID", codes.Text{EN: "{value} is not of the form word@domain", JA: "{value} は「文字列@ドメイン」の形ではありません"}, codes.QuotedStart("value", s, 200))
	}
	return s, nil
}

// reservedFields are the fields that Compose writes itself, or that others add on the way.
const reservedFields = " date from to cc bcc reply-to subject message-id mime-version dkim-signature received return-path " +
	"list-unsubscribe list-unsubscribe-post "

func (h Header) write(f *fields) error {
	name, err := newHeaderName(h.Name)
	if err != nil {
		return err
	}
	lower := strings.ToLower(name.text)
	if strings.Contains(reservedFields, " "+lower+" ") || strings.HasPrefix(lower, "content-") {
		return codes.WrongAt(h.Name, codes.Text{EN: "has an option of its own and cannot be a further header field", JA: "専用のオプションで指定する項目のため、追加ヘッダーには使用できません"})
	}
	value, err := oneLine(name.text, h.Value)
	if err != nil {
		return err
	}
	return f.text(name.text, value)
}

func (u Unsubscribe) write(f *fields) error {
	const name = "List-Unsubscribe"
	var ways []string
	if u.URL != "" {
		url, err := oneLine(name, u.URL)
		if err != nil {
			return err
		}
		if !strings.HasPrefix(strings.ToLower(url.text), "https://") || !isASCII(url.text) ||
			strings.ContainsAny(url.text, "<> \t\",") || len(url.text) > longWord {
			return codes.WrongAt(name, codes.Text{EN: "{value} is no https:// address in plain characters", JA: "{value} は https:// で始まるURL(半角英数字)ではありません"}, codes.QuotedStart("value", url.text, 200))
		}
		ways = append(ways, "<"+url.text+">")
	}
	if u.Mail != "" {
		a, err := ParseAddress(name, strings.TrimPrefix(u.Mail, "mailto:"))
		if err != nil {
			return err
		}
		if a.NeedsUTF8() || strings.ContainsAny(a.String(), `"?&%`) {
			return codes.WrongAt(name, codes.Text{EN: "{address} cannot stand in a mailto: address", JA: "{address} は mailto: に使用できません"}, codes.Str("address", a.String()))
		}
		ways = append(ways, "<mailto:"+a.String()+">")
	}
	if u.OneClick && u.URL == "" { // RFC 8058 §3.1: one HTTPS URI
		return codes.WrongAt(name+"-Post", codes.Text{EN: "one click needs an https:// address", JA: "ワンクリック登録解除には https:// のURLが必要です"})
	}
	if len(ways) == 0 {
		return nil
	}
	f.plain(name, strings.Join(ways, ", "))
	if u.OneClick {
		f.plain(name+"-Post", "List-Unsubscribe=One-Click")
	}
	return nil
}
