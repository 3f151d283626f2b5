package send

import (
	"context"
	"path/filepath"
	"strings"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/sender/batch"
	"todoku/sender/mail"
)

// dkimFlags say how to sign.
type dkimFlags struct{ key, selector, domain string }

// maxAttachments bounds the files of one mail, in octets.
const maxAttachments = mail.MaxMessage

// newComposer reads everything that the mails are made of.
// maxKey bounds the file of a private key, in octets.
const maxKey = 64 << 10

func newComposer(ctx context.Context, a *app.App, m *options) (*batch.Composer, error) {
	c := &batch.Composer{From: m.from}
	var err error
	if m.eml != "" {
		if c.Whole, err = readEML(ctx, a, m.eml); err != nil {
			return nil, err
		}
		for _, note := range c.Whole.Notes {
			a.Tell(codes.Message{Text: note})
		}
		if c.From.IsZero() {
			c.From = c.Whole.From
		}
		c.TakeDigest(m.to, m.cc)
	} else if c.Draft, err = compose(ctx, a, m); err != nil {
		return nil, err
	} else {
		c.TakeDigest(m.to, m.cc) // Ready lets go of the parts
		if c.Draft, err = c.Draft.Ready(); err != nil {
			return nil, err
		}
	}
	if c.From.IsZero() {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no sender", JA: "送信者がありません"}), codes.Say(codes.Text{EN: "give --from ADDR", JA: "--from ADDR を指定してください"}))
	}
	if m.dkim.key == "" {
		return c, nil
	}
	raw, err := readFlag(ctx, a, "--dkim-key", m.dkim.key, app.Want{Limit: maxKey, Text: true})
	if err != nil {
		return nil, err
	}
	domain := m.dkim.domain
	if domain == "" {
		domain = c.From.Domain()
	}
	c.Signer, err = mail.NewSigner(domain, m.dkim.selector, raw)
	return c, err
}

// compose reads the parts of a mail.
func compose(ctx context.Context, a *app.App, m *options) (mail.Draft, error) {
	d := mail.Draft{From: m.from, ReplyTo: m.replyTo, Subject: m.subject, Charset: m.charset, Date: a.Now()}
	if m.subject+m.body+m.html == "" && len(m.attach) == 0 {
		d.Subject = a.T(codes.Text{EN: "A test mail", JA: "テストメール"})
		d.Text = a.T(codes.Text{EN: "This is a test of whether mail arrives. Nobody needs to answer it.", JA: "メールが届くかどうかを確認するためのテストです。返信は不要です。"})
	}
	var err error
	for _, part := range []struct {
		flag, value string
		into        *string
	}{{"--body", m.body, &d.Text}, {"--html", m.html, &d.HTML}} {
		if part.value != "" {
			if *part.into, err = textOf(ctx, a, part.flag, part.value); err != nil {
				return d, err
			}
		}
	}
	left := int64(maxAttachments)
	for _, name := range m.attach {
		raw, err := readFlag(ctx, a, "--attach", name, app.Want{Limit: left, Remedy: codes.Text{
			EN: "all attachments of a mail together may have " + app.FormatSize(maxAttachments), JA: "添付ファイルは合計" + app.FormatSize(maxAttachments) + "までです"}})
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
		into := &d.Unsubscribe.Mail
		if strings.HasPrefix(strings.ToLower(u), "https:") {
			into = &d.Unsubscribe.URL
		}
		if *into != "" { // the header has one of each kind
			return d, &codes.UserError{Place: "--list-unsubscribe", Says: codes.Say(codes.Text{EN: "{value} is the second address of its kind", JA: "{value} は同じ種類の2つ目のアドレスです"}, codes.QuotedStart("value", u, 80)),
				Remedy: codes.Say(codes.Text{EN: "give at most one https:// and one mailto: address", JA: "https:// と mailto: は1つずつまで指定してください"})}
		}
		*into = u
	}
	return d, nil
}

// textOf is a text from the command line, from @FILE, or from standard input.
func textOf(ctx context.Context, a *app.App, flag, value string) (string, error) {
	file, isFile := strings.CutPrefix(value, "@")
	if value == "-" {
		file, isFile = "-", true
	}
	if !isFile {
		return value, nil
	}
	raw, err := readFlag(ctx, a, flag, file, app.Want{Limit: mail.MaxMessage, Text: true})
	return string(raw), err
}

func readEML(ctx context.Context, a *app.App, name string) (*mail.Message, error) {
	raw, err := readFlag(ctx, a, "--eml", name, app.Want{Limit: mail.MaxMessage})
	if err != nil {
		return nil, err
	}
	return mail.ParseEML(raw)
}

// readFlag reads a file that a flag names, or standard input.
func readFlag(ctx context.Context, a *app.App, flag, name string, w app.Want) ([]byte, error) {
	raw, err := a.Read(ctx, name, w)
	if err != nil {
		return nil, a.ReadError(flag+" "+name, err, codes.Text{EN: "the file cannot be read", JA: "ファイルを読めません"}, codes.Text{})
	}
	return raw, nil
}
