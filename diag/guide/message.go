package guide

import (
	"bytes"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/sender/event"
	"todoku/sender/mail"
)

// Message is the mail that was sent, and what can be read from it. It keeps the octets that it was read from.
type Message struct {
	From       string
	To         string
	MailFrom   string // from Return-Path, where it was received
	ID         string
	Signatures []Signature
	Size       int64
	Test       string // the name of a test text for filters that stands in it, or ""
	Beyond     Beyond
	Returned   bool // it is the copy that came back with a bounce; else it is as it was sent
	HeaderOnly bool // its body did not come back
	mail       *check.Mail
}

// Signature is a DKIM signature's domain and selector (RFC 6376 §3.5).
type Signature struct{ Domain, Selector string }

// Beyond says of what a message has more than is taken from it.
type Beyond struct {
	Signatures int // how many more
}

// of are the bounds that matter to a cause.
func (b Beyond) of(c *Cause) []*diag.Bounded {
	switch c {
	case dkimNone, dkimBroken, dmarcUnaligned:
		if b.Signatures > 0 {
			return []*diag.Bounded{{What: codes.Text{EN: "DKIM signatures of the mail", JA: "メールのDKIM署名"}, Limit: maxSignatures, Left: b.Signatures}}
		}
	}
	return nil
}

// Bounds of what is taken from a message.
const (
	MaxMessage    = 16 << 20
	maxSignatures = 10
)

// ReadMessage reads what can tell a cause from a mail. The error is a *codes.UserError; data is kept, and must not be changed.
func ReadMessage(data []byte) (*Message, error) {
	if _, err := mail.Read(data); err != nil {
		return nil, err
	}
	return readMessage(data), nil
}

// ReadReturned reads a mail that came back with a bounce; nil for none. Its octets are kept, and must not be changed.
func ReadReturned(r event.ReturnedMail) *Message {
	if !check.IsMail(r.Data) {
		return nil
	}
	data := r.Data
	if r.Part != event.WholeMail {
		data = data[:len(data)-len(mail.Cut(data).Body)]
	}
	m := readMessage(data)
	m.Returned, m.HeaderOnly = true, r.Part != event.WholeMail
	return m
}

func readMessage(data []byte) *Message {
	m := check.OpenMail(data, check.MailOptions{})
	e := m.Parts
	out := &Message{From: e.Mailbox("From"), To: e.Mailbox("To"), MailFrom: e.Mailbox("Return-Path"),
		ID: e.Get("Message-Id"), Size: int64(len(data)), mail: m}
	out.Signatures, out.Beyond.Signatures = signatures(e.All("DKIM-Signature"))
	text := bytes.ToLower(m.Raw.Body)
	switch {
	case bytes.Contains(text, []byte("xjs*c4jdbqadn1.nsbn3*2idnen*gtube-standard-anti-ube-test-email*c.34x")):
		out.Test = "GTUBE"
	case bytes.Contains(text, []byte("eicar-standard-antivirus-test-file")):
		out.Test = "EICAR"
	}
	return out
}

// signatures are those of a mail, and how many more it has.
func signatures(all []string) (list []Signature, more int) {
	for _, s := range all[:min(len(all), maxSignatures)] {
		list = append(list, Signature{tag(s, "d"), tag(s, "s")})
	}
	return list, len(all) - len(list)
}

// tag gives the value of a tag of a DKIM signature (RFC 6376 §3.2).
func tag(list, name string) string {
	for part := range strings.SplitSeq(list, ";") {
		k, v, _ := strings.Cut(part, "=")
		if strings.TrimSpace(k) == name {
			return strings.ToLower(strings.Join(strings.Fields(v), ""))
		}
	}
	return ""
}
