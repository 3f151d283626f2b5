package check

import (
	"context"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/content"
	"todoku/sender/mail"
)

// ContentOptions is what the check of a mail's content may be told.
type ContentOptions struct {
	Data   []byte     // the mail as octets; it is read and not changed
	Signed [][]string // names of the fields under each valid DKIM signature (h=); nil: nobody looked
	Bulk   bool       // the mail goes to many, whatever it looks like
}

// Content looks at what the text and the structure of one mail give away.
func Content(o ContentOptions) *diag.Check {
	return &diag.Check{
		Name:  "content",
		Title: codes.Text{EN: "Content", JA: "内容"},
		Rules: []*diag.Rule{
			ContentPlaceholder, ContentPlaceholderMaybe, ContentNameMissing, ContentProgramValue, ContentSubjectReply, ContentSubjectShouts,
			ContentLinkElsewhere, ContentLinkTracked, ContentLinkHTTP, ContentLinkShort, ContentLinkIP, ContentLinkLookalike,
			ContentLinkDisguised, ContentLinkProgram, ContentLinkBroken, ContentLinkEmpty, ContentLinkLocal,
			ContentPlainNone, ContentPlainEmpty, ContentPlainDiffers, ContentHTMLLarge, ContentActive, ContentHidden,
			ContentImageOnly, ContentImageAlt, ContentImageHTTP, ContentFileRefused, ContentFileLocked, ContentFileMacros,
			ContentUnsubscribeNone, ContentUnsubscribeAdvised, ContentUnsubscribeClick, ContentUnsubscribeMultiple,
			ContentUnsubscribeSyntax, ContentUnsubscribeUnsigned, ContentUnsubscribeText, ContentLawSender,
		},
		Run: func(_ context.Context, p *diag.Pass) error { return runContent(p, o) },
	}
}

// contentJudge judges the content of one mail.
type contentJudge struct {
	*diag.Pass
	*content.Content
}

func runContent(p *diag.Pass, o ContentOptions) error {
	entity := mail.Open(o.Data)
	j := &contentJudge{p, content.Look(entity, content.Options{Signed: o.Signed, Bulk: o.Bulk})}
	p.Facts(&ContentFacts{j.Content, len(o.Data) == 0})
	if len(o.Data) == 0 {
		return nil
	}
	j.judgePlaceholders()
	j.judgeSubject()
	j.judgeLinks()
	j.judgeTexts()
	j.judgeMarkup()
	j.judgeFiles()
	j.judgeUnsubscribe()
	return j.bounds(entity)
}

// bounds tells what was not looked at.
func (j *contentJudge) bounds(e *mail.Entity) error {
	beyond := func(what codes.Text, limit, left int) error {
		return &diag.Bounded{Domain: j.Domain(), Type: "content", What: what, Limit: limit, Left: left}
	}
	switch m := j.More; {
	case m.Links > 0:
		return beyond(codes.Text{EN: "links", JA: "リンク"}, len(j.Links), m.Links)
	case m.Files > 0:
		return beyond(codes.Text{EN: "attachments", JA: "添付ファイル"}, len(j.Files), m.Files)
	case m.Text:
		return beyond(codes.Text{EN: "octets of a text", JA: "本文のバイト数"}, content.MaxSource, 0)
	}
	return incomplete(j.Pass, "content", e)
}
