package report

import (
	"encoding/json"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

// sendingView is a mail that was sent as its template shows it. Of several each is folded under its line.
type sendingView struct {
	Brief          bool
	Head           markedView
	Route, Subject string
	Rows           []rowsView
	Steps          stepsView
	Transcript     foldView
	Drawn          drawnView
	Parts          []partView
	Note           string
	Mail           foldView
}

// partView is a block below: what a mailbox has of the mail, what was told of it later.
type partView struct {
	Head  markedView
	Rows  []rowsView
	Lines []markedView
}

// transcriptWidth is how many columns the transcript of a page has.
const transcriptWidth = 96

// sendingsHTML prints how mails went: one in full, several each folded under its line, with their number at the end.
func sendingsHTML(w *page.Out, o Options) page.Printer[Sending] {
	return &sendingPages{HTML: page.NewHTML(w, sendingTitle, o), many: o.Many}
}

type sendingPages struct {
	*page.HTML
	many, begun bool
	ok, failed  int
}

// Put writes a mail.
func (p *sendingPages) Put(s Sending) error {
	if p.many && !p.begun {
		p.begun = true
		if err := page.Part(p.HTML, templates().Lookup("list-title"), func(o Options) string { return sendingTitle.In(o.Lang) }); err != nil {
			return err
		}
	}
	switch {
	case s.DryRun:
	case s.Result == history.Failed:
		p.failed++
	default:
		p.ok++
	}
	return page.Part(p.HTML, templates().Lookup("sending.tmpl"), func(o Options) sendingView { return sendingHTML(s, o) })
}

// Close writes the number of mails, and the end of the page.
func (p *sendingPages) Close() error {
	if p.ok+p.failed > 0 && p.many {
		err := page.Part(p.HTML, templates().Lookup("counted"), func(o Options) string {
			return makeText(nil, o.WithWidth()).countWords(p.ok, p.failed)
		})
		if err != nil {
			return err
		}
	}
	return p.HTML.Close()
}

func sendingHTML(s Sending, o Options) sendingView {
	t, into := gather(o)
	v := sendingView{Brief: o.Many, Route: t.route(s, s.Outcome.From.String(), s.To.String()), Subject: shown(s.Subject),
		Transcript: transcriptView(s.Sessions, o), Drawn: conversationPictures(s.Sessions, o)}
	status, code, to, rest := t.lineWords(s)
	switch {
	case s.DryRun:
		t.dryRun(s, false)
		v.Note = t.say(wNotSent)
		v.Head = markedView{Text: v.Route}
		v.Route = ""
	default:
		t.sendingResult(s)
		v.Head = markedLine(status, strings.TrimSpace(code+"  "+to+"  "+rest))
	}
	if s.DryRun && !o.Many && s.Message != nil {
		v.Mail = foldView{t.tr("the mail", "メール"), mailText(s)}
	}
	v.Rows, v.Steps = into.rows, into.steps
	for _, e := range s.Expected {
		t, into := gather(o)
		expectedPage{t}.expected(e)
		v.Parts = append(v.Parts, partView{Head: into.head, Rows: into.rows})
	}
	return v
}

// mailText is a mail as it would be sent.
func mailText(s Sending) string {
	var b strings.Builder
	for _, piece := range s.Message.Pieces() {
		b.Write(piece)
	}
	return strings.ReplaceAll(b.String(), "\r\n", "\n")
}

// transcriptView are sessions as text has them.
func transcriptView(sessions []sender.Conversation, o Options) foldView {
	o.Width = transcriptWidth
	t := makeSendingPage(nil, o)
	t.transcript(sessions)
	return foldView{transcriptWord(o.Lang), t.page.String()}
}

// keptTranscriptView is the transcript of the history; what cannot be read as one is shown as it is.
func keptTranscriptView(raw json.RawMessage, o Options) foldView {
	sessions, err := conversations(raw)
	if err != nil {
		return foldView{transcriptWord(o.Lang), page.Clean(shown(string(raw)))}
	}
	return transcriptView(sessions, o)
}

func transcriptWord(l codes.Lang) string {
	return codes.Text{EN: "transcript", JA: "通信記録"}.In(l)
}

// sendingTitle is what a page of sendings is called.
var sendingTitle = codes.Text{EN: "Sending", JA: "送信"}
