package report

import (
	"net/url"
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
)

// letterView is a letter as its template shows it: whom it is for, and the text to copy.
type letterView struct {
	Subject        string
	Head           []rowsView
	Link, LinkText string
	Body           copyView
	Blanks         string
}

func letterHTML(l guide.Letter, o Options) letterView {
	t, subject := makeWebText(o), compose(l, o.Lang).subject
	v := letterView{Subject: subject, Body: t.block(letterBody(o, l, false))}
	to := addressed(l)
	if to != "" {
		v.Head = labelled(v.Head, t.tr("To", "宛先"), textItem(to))
	}
	v.Head = labelled(v.Head, t.tr("Subject", "件名"), itemView{Command: t.copyable("", subject)})
	switch {
	case strings.HasPrefix(to, "https://"): // a form of the provider, of the catalogue
		v.Link, v.LinkText = to, t.tr("Open the form, and paste the text", "フォームを開いて、本文を貼り付ける")
	case strings.Contains(to, "@"):
		v.Link = (&url.URL{Scheme: "mailto", Opaque: url.PathEscape(to), RawQuery: "subject=" + url.PathEscape(subject)}).String()
		v.LinkText = t.tr("Begin a mail with this subject, and paste the text", "この件名でメールを作成し、本文を貼り付ける")
	}
	if blanks := LetterBlanks(l, o.Lang); len(blanks) > 0 {
		v.Blanks = t.tr("Fill in: ", "記入が必要な箇所: ") + strings.Join(blanks, comma(o.Lang))
	}
	return v
}

// letterTitle is what a page of letters is called.
var letterTitle = codes.Text{EN: "Letter", JA: "文面"}
