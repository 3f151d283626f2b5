package cmd

import (
	"bytes"
	"context"
	"path/filepath"
	"regexp"
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// dkimFlags say how to sign.
type dkimFlags struct{ key, selector, domain string }

// maxAttachments bounds the files of one mail, in octets.
const maxAttachments = mail.MaxMessage

// press makes the mails of a run.
type press struct {
	whole  *mail.Message // --eml or --resend: as it is
	draft  mail.Draft
	signer *mail.Signer
	from   mail.Address // the envelope sender, unless --errors-to says otherwise
	verp   bool         // it was one
	digest string       // of the mail, but for its recipient
}

// press reads everything that the mails are made of.
func (a *app) press(ctx context.Context, m *mailing) (*press, error) {
	p := &press{from: m.from}
	var err error
	if m.eml != "" {
		if p.whole, err = a.readEML(ctx, m.eml); err != nil {
			return nil, err
		}
		for _, note := range p.whole.Notes {
			a.tell(codes.Message{Text: note})
		}
		if p.from.IsZero() {
			p.from = p.whole.From
		}
		p.digest = digest(m, p)
	} else if p.draft, err = a.compose(ctx, m); err != nil {
		return nil, err
	} else {
		p.digest = digest(m, p) // Ready lets go of the parts
		if p.draft, err = p.draft.Ready(); err != nil {
			return nil, err
		}
	}
	if p.from.IsZero() {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no sender", JA: "送信者がありません"}), codes.Say(codes.Text{EN: "give --from ADDR", JA: "--from ADDR を指定してください"}))
	}
	if m.dkim.key == "" {
		return p, nil
	}
	raw, err := a.readFlag(ctx, "--dkim-key", m.dkim.key, want{limit: maxSecret, text: true})
	if err != nil {
		return nil, err
	}
	domain := m.dkim.domain
	if domain == "" {
		domain = p.from.Domain()
	}
	p.signer, err = mail.NewSigner(domain, m.dkim.selector, raw)
	return p, err
}

// message makes the mail to some recipients.
func (p *press) message(to, cc []mail.Address) (*mail.Message, error) {
	msg := p.whole
	if msg == nil {
		d := p.draft
		d.To, d.Cc = to, cc
		var err error
		if msg, err = mail.Compose(d); err != nil {
			return nil, err
		}
	}
	if p.signer == nil {
		return msg, nil
	}
	return p.signer.Sign(msg)
}

// boundary is what mime/multipart puts between parts by chance.
var boundary = regexp.MustCompile(`[0-9a-f]{60}`)

// sameMail tells whether a mail, as the history kept it, has the body of this one.
// Of one that was too large to be kept (nil) nobody knows, and it counts as the same.
func (p *press) sameMail() (func(kept []byte) bool, error) {
	msg, err := p.message([]mail.Address{p.draft.From}, nil)
	if err != nil {
		return nil, err
	}
	body := func(mail []byte) []byte {
		_, body, _ := bytes.Cut(mail, []byte("\r\n\r\n"))
		return boundary.ReplaceAll(body, nil)
	}
	ours := body(msg.Bytes())
	return func(kept []byte) bool { return kept == nil || bytes.Equal(body(kept), ours) }, nil
}

// compose reads the parts of a mail.
func (a *app) compose(ctx context.Context, m *mailing) (mail.Draft, error) {
	d := mail.Draft{From: m.from, ReplyTo: m.replyTo, Subject: m.subject, Charset: m.charset, Date: a.now()}
	if m.subject+m.body+m.html == "" && len(m.attach) == 0 {
		d.Subject = a.t(codes.Text{EN: "A test mail", JA: "テストメール"})
		d.Text = a.t(codes.Text{EN: "This is a test of whether mail arrives. Nobody needs to answer it.", JA: "メールが届くかどうかを確認するためのテストです。返信は不要です。"})
	}
	var err error
	for _, part := range []struct {
		flag, value string
		into        *string
	}{{"--body", m.body, &d.Text}, {"--html", m.html, &d.HTML}} {
		if part.value != "" {
			if *part.into, err = a.textOf(ctx, part.flag, part.value); err != nil {
				return d, err
			}
		}
	}
	left := int64(maxAttachments)
	for _, name := range m.attach {
		raw, err := a.readFlag(ctx, "--attach", name, want{limit: left, less: codes.Text{
			EN: "all attachments of a mail together may have " + amount(maxAttachments), JA: "添付ファイルは合計" + amount(maxAttachments) + "までです"}})
		if err != nil {
			return d, err
		}
		left -= int64(len(raw))
		d.Attachments = append(d.Attachments, mail.Attachment{Name: filepath.Base(name), Data: raw})
	}
	for _, h := range m.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return d, codes.Wrong(codes.Say(codes.Text{EN: "--header: {value} has no colon", JA: "--header: {value} にコロンがありません"}, codes.Quoted("value", h)), codes.Say(codes.Text{EN: "write 'NAME: VALUE'", JA: "'名前: 値' の形で指定してください"}))
		}
		d.Headers = append(d.Headers, mail.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
	}
	d.Unsubscribe.OneClick = m.oneClick
	for _, u := range m.unsubscribe {
		if strings.HasPrefix(strings.ToLower(u), "https:") {
			d.Unsubscribe.URL = u
		} else {
			d.Unsubscribe.Mail = u
		}
	}
	return d, nil
}

// textOf is a text from the command line, from @FILE, or from standard input.
func (a *app) textOf(ctx context.Context, flag, value string) (string, error) {
	file, isFile := strings.CutPrefix(value, "@")
	if value == "-" {
		file, isFile = "-", true
	}
	if !isFile {
		return value, nil
	}
	raw, err := a.readFlag(ctx, flag, file, want{limit: mail.MaxMessage, text: true})
	return string(raw), err
}

func (a *app) readEML(ctx context.Context, name string) (*mail.Message, error) {
	raw, err := a.readFlag(ctx, "--eml", name, want{limit: mail.MaxMessage})
	if err != nil {
		return nil, err
	}
	return eml(raw)
}

func eml(raw []byte) (*mail.Message, error) {
	msg, err := mail.ParseEML(raw)
	return msg, err
}

// readFlag reads a file that a flag names, or standard input.
func (a *app) readFlag(ctx context.Context, flag, name string, w want) ([]byte, error) {
	raw, err := a.read(ctx, name, w)
	if err != nil {
		return nil, a.unread(flag+" "+name, err, codes.Text{EN: "the file cannot be read", JA: "ファイルを読めません"}, codes.Text{})
	}
	return raw, nil
}
