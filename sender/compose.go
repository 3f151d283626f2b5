package sender

import (
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
}

// Attachment is a file of a mail.
type Attachment struct {
	Name string
	Type string // "application/pdf"; "" is told by the name
	Data []byte
}

// Header is a further header field.
type Header struct{ Name, Value string }

// Unsubscribe is the way off the list (RFC 2369, RFC 8058).
type Unsubscribe struct {
	URL      string // https
	Mail     string // address
	OneClick bool   // a POST to URL is enough
}

// Message is a complete mail, with CRLF line ends. Only Compose, FromEML and
// Sign make one.
type Message struct {
	From    Address // zero where an .eml has none that can be read
	To, Cc  []Address
	ReplyTo []Address
	Subject string
	ID      string       // Message-ID without brackets, "" where there is none
	Notes   []codes.Text // what is missing or doubtful, for the person who sends
	raw     []byte
	utf8    bool // the header holds UTF-8 as it is
	eight   bool // the body holds 8-bit bytes
}

// Bytes is the mail as it goes out. The caller does not change it.
func (m *Message) Bytes() []byte { return m.raw }

// Size is the number of bytes, as MAIL FROM announces it.
func (m *Message) Size() int64 { return int64(len(m.raw)) }

// NeedsUTF8 reports whether the header takes a server with SMTPUTF8.
func (m *Message) NeedsUTF8() bool { return m.utf8 }

// EightBit reports whether the body takes a server with 8BITMIME.
func (m *Message) EightBit() bool { return m.eight }

// Compose makes the mail of a draft.
func Compose(d Draft) (*Message, error) {
	if d.From.IsZero() {
		return nil, missing("From")
	}
	if len(d.To)+len(d.Cc) == 0 {
		return nil, missing("To")
	}
	charset, err := ParseCharset(string(d.Charset))
	if err != nil {
		return nil, err
	}
	d.Charset = charset
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
	if err := d.body(f); err != nil {
		return nil, err
	}
	m := &Message{From: d.From, To: d.To, Cc: d.Cc, ReplyTo: d.ReplyTo, Subject: d.Subject, ID: d.MessageID, raw: f.Bytes()}
	head, _, _ := strings.Cut(string(m.raw), "\r\n\r\n")
	m.utf8 = !isASCII(head)
	return m, nil
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
	if !ok || !atoms(left) || !isASCII(s) || !atoms(strings.ReplaceAll(right, ":", "")) || len(s) > longWord {
		return "", inputError("Message-ID", FaultMalformed, "%.200q is not of the form word@domain", "%.200q は「文字列@ドメイン」の形ではありません", s)
	}
	return s, nil
}

// ours are the fields that Compose writes itself, or that others add on the way.
const ours = " date from to cc bcc reply-to subject message-id mime-version dkim-signature received return-path list-unsubscribe list-unsubscribe-post "

func (h Header) write(f *fields) error {
	name, err := newHeaderName(h.Name)
	if err != nil {
		return err
	}
	lower := strings.ToLower(name.text)
	if strings.Contains(ours, " "+lower+" ") || strings.HasPrefix(lower, "content-") {
		return inputError(h.Name, FaultMalformed, "has an option of its own and cannot be a further header field", "専用のオプションで指定する項目のため、追加ヘッダーには使用できません")
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
		if !strings.HasPrefix(strings.ToLower(url.text), "https://") || !isASCII(url.text) || strings.ContainsAny(url.text, "<> \t\",") || len(url.text) > longWord {
			return inputError(name, FaultMalformed, "%.200q is no https:// address in plain characters", "%.200q は https:// で始まるURL（半角英数字）ではありません", url.text)
		}
		ways = append(ways, "<"+url.text+">")
	}
	if u.Mail != "" {
		a, err := ParseAddress(name, strings.TrimPrefix(u.Mail, "mailto:"))
		if err != nil {
			return err
		}
		if a.NeedsUTF8() || strings.ContainsAny(a.String(), `"?&%`) {
			return inputError(name, FaultMalformed, "%s cannot stand in a mailto: address", "%s は mailto: に使用できません", a)
		}
		ways = append(ways, "<mailto:"+a.String()+">")
	}
	if u.OneClick && u.URL == "" { // RFC 8058 §3.1: one HTTPS URI
		return inputError(name+"-Post", FaultMissing, "one click needs an https:// address", "ワンクリック登録解除には https:// のURLが必要です")
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
