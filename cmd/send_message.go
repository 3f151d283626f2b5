package cmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"

	"todoku/codes"
	"todoku/sender"
)

// dkimFlags say how to sign.
type dkimFlags struct{ key, selector, domain string }

// maxAttachments bounds the files of one mail, in octets.
const maxAttachments = sender.MaxMessage

// press makes the mails of a run.
type press struct {
	whole  *sender.Message // --eml or --resend: as it is
	draft  sender.Draft
	signer *sender.Signer
	from   sender.Address // the envelope sender, unless --errors-to says otherwise
	verp   bool           // it was one
	digest string         // of the mail, but for its recipient
}

// press reads everything that the mails are made of.
func (a *app) press(m *mailing) (*press, error) {
	p := &press{from: m.from}
	var err error
	if m.eml != "" {
		if p.whole, err = a.readEML(m.eml); err != nil {
			return nil, err
		}
		for _, note := range p.whole.Notes {
			a.tell(phrase{Text: note})
		}
		if p.from.IsZero() {
			p.from = p.whole.From
		}
		p.digest = digest(m, p)
	} else if p.draft, err = a.compose(m); err != nil {
		return nil, err
	} else {
		p.digest = digest(m, p) // Ready lets go of the parts
		if p.draft, err = p.draft.Ready(); err != nil {
			return nil, inputFault(err)
		}
	}
	if p.from.IsZero() {
		return nil, misuse(say(codes.Text{EN: "there is no sender", JA: "送信者がありません"}), say(codes.Text{EN: "give --from ADDR", JA: "--from ADDR を指定してください"}))
	}
	if m.dkim.key == "" {
		return p, nil
	}
	raw, err := a.readAll("--dkim-key", m.dkim.key, maxSecret)
	if err != nil {
		return nil, err
	}
	domain := m.dkim.domain
	if domain == "" {
		domain = p.from.Domain()
	}
	p.signer, err = sender.NewSigner(domain, m.dkim.selector, raw)
	return p, inputFault(err)
}

// message makes the mail to some recipients.
func (p *press) message(to, cc []sender.Address) (*sender.Message, error) {
	msg := p.whole
	if msg == nil {
		d := p.draft
		d.To, d.Cc = to, cc
		var err error
		if msg, err = sender.Compose(d); err != nil {
			return nil, inputFault(err)
		}
	}
	if p.signer == nil {
		return msg, nil
	}
	return p.signer.Sign(msg)
}

// compose reads the parts of a mail.
func (a *app) compose(m *mailing) (sender.Draft, error) {
	d := sender.Draft{From: m.from, ReplyTo: m.replyTo, Subject: m.subject, Charset: m.charset, Date: a.now()}
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
			if *part.into, err = a.textOf(part.flag, part.value); err != nil {
				return d, err
			}
		}
	}
	left := int64(maxAttachments)
	for _, name := range m.attach {
		raw, err := a.readAll("--attach", name, left)
		if err != nil {
			return d, err
		}
		left -= int64(len(raw))
		d.Attachments = append(d.Attachments, sender.Attachment{Name: filepath.Base(name), Data: raw})
	}
	for _, h := range m.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return d, misuse(say(codes.Text{EN: "--header: %q has no colon", JA: "--header: %q にコロンがありません"}, h), say(codes.Text{EN: "write 'NAME: VALUE'", JA: "'名前: 値' の形で指定してください"}))
		}
		d.Headers = append(d.Headers, sender.Header{Name: strings.TrimSpace(name), Value: strings.TrimSpace(value)})
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
func (a *app) textOf(flag, value string) (string, error) {
	file, isFile := strings.CutPrefix(value, "@")
	if value == "-" {
		file, isFile = "-", true
	}
	if !isFile {
		return value, nil
	}
	raw, err := a.readAll(flag, file, sender.MaxMessage)
	return string(raw), err
}

func (a *app) readEML(name string) (*sender.Message, error) {
	raw, err := a.readAll("--eml", name, sender.MaxMessage)
	if err != nil {
		return nil, err
	}
	return eml(raw)
}

func eml(raw []byte) (*sender.Message, error) {
	msg, err := sender.ParseEML(raw)
	return msg, inputFault(err)
}

// readAll reads a file that a flag names, or standard input, up to a limit.
func (a *app) readAll(flag, name string, limit int64) ([]byte, error) {
	wrong := func(err error) error {
		return &usageError{place: flag + " " + name, cause: bare(err), says: say(codes.Text{EN: "the file cannot be read", JA: "ファイルを読めません"})}
	}
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, wrong(err)
		}
		defer f.Close()
		in = f
	}
	raw, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(raw)) > limit {
		err = errors.New(say(codes.Text{EN: "more than %d bytes", JA: "%d バイトを超えています"}, limit).in(a.lang))
	}
	if err != nil {
		return nil, wrong(err)
	}
	return raw, nil
}
