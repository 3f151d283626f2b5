package batch

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"regexp"
	"slices"
	"sync"

	"todoku/sender/history"
	"todoku/sender/mail"
)

// Composer makes the mails of a batch: of a draft, or the same whole mail for everybody.
type Composer struct {
	Whole  *mail.Message // goes out as it is; nil makes each mail of Draft
	Draft  mail.Draft
	Signer *mail.Signer // nil signs nothing
	From   mail.Address // the envelope sender, where bounces go, unless the batch has another one
	VERP   bool         // the envelope sender names sending and recipient
	Digest string       // of the mail, but for its recipient: the same for the same mail, whenever it is sent
}

// Again is the composer of an earlier mail, which goes out as it was; raw is what the history kept of it. The error is
// a *codes.UserError.
func Again(s history.Sending, raw []byte) (*Composer, error) {
	msg, err := mail.ParseEML(raw)
	if err != nil {
		return nil, err
	}
	c := &Composer{Whole: msg}
	if s.ErrorsTo == "" {
		return c, nil
	}
	c.From, err = mail.ParseAddress("From", s.ErrorsTo)
	if base, _, _, ok := mail.ParseVERP(s.ErrorsTo); ok {
		c.From, c.VERP = base, true
	}
	return c, err
}

// Message makes the mail whose header names these recipients. The error is a *codes.UserError.
func (c *Composer) Message(to, cc []mail.Address) (*mail.Message, error) {
	msg := c.Whole
	if msg == nil {
		d := c.Draft
		d.To, d.Cc = to, cc
		var err error
		if msg, err = mail.Compose(d); err != nil {
			return nil, err
		}
	}
	if c.Signer == nil {
		return msg, nil
	}
	return c.Signer.Sign(msg)
}

// head is whom the reader sees as the sender, and the subject.
func (c *Composer) head() (from mail.Address, subject string) {
	if c.Whole != nil {
		return c.Whole.From, c.Whole.Subject
	}
	return c.Draft.From, c.Draft.Subject
}

// boundary is what mime/multipart puts between parts by chance.
var boundary = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[0-9a-f]{60}`) })

// sameBody tells whether a mail, as the history kept it, has the body of this one.
// Of one that was too large to be kept (nil) nobody knows, and it counts as the same.
func (c *Composer) sameBody() (func(kept []byte) bool, error) {
	msg, err := c.Message([]mail.Address{c.Draft.From}, nil)
	if err != nil {
		return nil, err
	}
	body := func(mail []byte) []byte {
		_, body, _ := bytes.Cut(mail, []byte("\r\n\r\n"))
		return boundary().ReplaceAll(body, nil)
	}
	ours := body(msg.Bytes())
	return func(kept []byte) bool { return kept == nil || bytes.Equal(body(kept), ours) }, nil
}

// TakeDigest fills in the digest of the mail and of who is named in its header. It must be called before Draft.Ready,
// which lets go of the parts.
func (c *Composer) TakeDigest(to, cc []mail.Address) {
	h := sha256.New()
	if c.Whole != nil {
		add(h, []byte("eml"))
		add(h, c.Whole.Pieces()...)
	} else {
		d := c.Draft
		addText(h, "draft", d.From.String(), d.From.Name(), d.Subject, d.Text, d.HTML, string(d.Charset),
			d.Unsubscribe.URL, d.Unsubscribe.Mail, fmt.Sprint(d.Unsubscribe.OneClick))
		for _, a := range d.ReplyTo {
			addText(h, "reply-to", a.String(), a.Name())
		}
		for _, a := range d.Attachments {
			addText(h, "attachment", a.Name)
			add(h, a.Data)
		}
		for _, f := range d.Headers {
			addText(h, "header", f.Name, f.Value)
		}
	}
	for _, a := range slices.Concat(to, cc) {
		addText(h, "to", a.String(), a.Name())
	}
	c.Digest = hex.EncodeToString(h.Sum(nil))
}

// Digest is the same for the same recipients, in any order.
func Digest(recipients []mail.Address) string {
	all := make([]string, len(recipients))
	for i, to := range recipients {
		all[i] = history.Key(to.String())
	}
	slices.Sort(all)
	h := sha256.New()
	addText(h, all...)
	return hex.EncodeToString(h.Sum(nil))
}

// add writes parts so that no two lists of them are the same octets.
func add(h hash.Hash, parts ...[]byte) {
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		h.Write(p)
	}
}

func addText(h hash.Hash, parts ...string) {
	for _, p := range parts {
		add(h, []byte(p))
	}
}
