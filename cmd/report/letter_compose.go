package report

import (
	"cmp"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// composed is a letter in a language, before it has a form.
type composed struct {
	subject   string
	head      []string   // whom it is for, line by line
	opening   [][]string // paragraphs, line by line
	sections  []letterSection
	closing   [][]string
	signature []string
}

// letterSection is a part of a letter with a heading.
type letterSection struct {
	title    string
	items    []letterItem
	numbered bool
	after    []string // lines below the items
}

// letterItem is one point of a section.
type letterItem struct {
	label string // "" for none
	lines []string
}

// composer writes a letter in a language.
type composer struct {
	guide.Letter
	lang codes.Lang
}

// compose writes a letter.
func compose(l guide.Letter, lang codes.Lang) composed {
	c := composer{l, lang}
	switch l.Kind {
	case guide.LetterCustomer:
		return c.notice()
	case guide.LetterReply:
		return c.answer()
	}
	return c.inquiry()
}

func (c composer) tr(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(c.lang) }

// lines are sentences of a paragraph. Japanese mails break a line after each; English ones run on.
func (c composer) lines(en string, ja ...string) []string {
	if c.lang == codes.Japanese {
		return ja
	}
	return []string{en}
}

// point is an item without a label.
func (c composer) point(en string, ja ...string) letterItem {
	return letterItem{lines: c.lines(en, ja...)}
}

// blank is a place that the writer has to fill in.
func (c composer) blank(en, ja string) string { return c.tr("["+en+"]", "【"+ja+"】") }

// The writer, with a place to fill in for what is not given.
func (c composer) company() string { return cmp.Or(c.Company, c.blank("company", "会社名")) }
func (c composer) name() string    { return cmp.Or(c.Name, c.blank("name", "氏名")) }
func (c composer) contact() string {
	return cmp.Or(c.Contact, c.blank("e-mail, telephone", "連絡先のメールアドレス・電話番号"))
}

// writer says who writes. Only Japanese letters say it at the beginning.
func (c composer) writer() string { return c.company() + "の" + c.name() }

func (c composer) signed() []string {
	return []string{"-- ", c.tr(c.name()+", "+c.company(), c.company()+" "+c.name()), c.contact()}
}

// domain is the recipient's, as people read it.
func (c composer) domain() string { return resolve.ToUnicode(c.Domain()) }

// mail is the section with the facts about the mail.
func (c composer) mail() letterSection {
	s := letterSection{title: c.tr("The mail", "対象のメール")}
	add := func(en, ja, value string) {
		if value != "" {
			s.items = append(s.items, letterItem{c.tr(en, ja), strings.Split(value, "\n")})
		}
	}
	add("sender's address", "送信者E-mailアドレス", c.From)
	add("recipient's address", "宛先E-mailアドレス", c.To)
	if !c.Time.IsZero() {
		add("sent at", "メールを送信した日時", dateAndTime(c.Time, c.lang))
	}
	add("subject", "件名", c.Subject)
	if c.Kind == guide.LetterCustomer && c.Mailboxes.Known() {
		return s
	}
	add("server's reply", "サーバーの応答", c.Reply)
	server := c.Host
	if c.Address.IsValid() {
		server = strings.TrimSpace(server + " [" + c.Address.String() + "]")
	}
	add("replied by", "応答したサーバー", server)
	if c.IP.IsValid() {
		add("sending IP address", "送信元IPアドレス", c.IP.String())
	}
	add("Message-ID", "Message-ID", c.MessageID)
	if c.Kind == guide.LetterReply && c.Code != "" {
		add("delivery code", "メール配信コード", c.Code+" "+c.Verdict.Delivery.Title.In(c.lang))
	}
	return s
}

// dateAndTime is a date and time with its zone; a Japanese letter has the time of Japan.
func dateAndTime(at time.Time, lang codes.Lang) string {
	if lang == codes.Japanese {
		return codes.JapaneseTime(at)
	}
	said := at.Format("2 January 2006 15:04:05 -0700")
	if _, zone := at.Zone(); zone == 9*60*60 {
		said += " (JST)"
	}
	return said
}

// LetterBlanks are the places of a letter that its writer has to fill in.
func LetterBlanks(l guide.Letter, lang codes.Lang) (out []string) {
	c := composer{l, lang}
	for _, place := range []struct {
		open  bool
		shown string
	}{{l.Company == "", c.company()}, {l.Name == "", c.name()}, {l.Contact == "", c.contact()},
		{l.Addressee == "" && l.Kind != guide.LetterInquiry, c.person()}} {
		if place.open {
			out = append(out, place.shown)
		}
	}
	return out
}

// person is whom the letter is for.
func (c composer) person() string {
	return cmp.Or(c.Addressee, c.blank("name of the customer", "お客様のお名前"))
}
