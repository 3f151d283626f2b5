package report

import (
	"cmp"
	"fmt"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/sender/collect"
	"todoku/sender/history"
)

// historyHTML is a page of the list of sendings.
func historyHTML(w *page.Out, o Options) page.Printer[history.Sending] {
	return listPage[history.Sending]{historyTitle, func(t webText) []string { return historyHeads(t.text) },
		historyCells}.open(w, o)
}

// What pages of the history are called.
var (
	historyTitle   = codes.Text{EN: "History", JA: "送信履歴"}
	invalidTitle   = codes.Text{EN: "Invalid addresses", JA: "有効フラグが無効な宛先"}
	unmatchedTitle = codes.Text{EN: "Of no mail in the history", JA: "送信履歴にないメールの通知"}
)

// historyCells are a row of it.
func historyCells(w webText, s history.Sending) []cellView {
	t := sendingPage{text: w.text}
	sign, word := t.resultOf(s)
	out := cells(s.ID, t.shortTime(s.Started), "", cmp.Or(s.Code, "–"), s.Recipient, t.about(s))
	out[2].markedView = styledView(page.Styled{sign}.Then(" " + word))
	return out
}

// keptHTML is everything about one sending of the history.
func keptHTML(s history.Sending, o Options) sendingView {
	t, into := gather(o)
	t.keptFields(s)
	v := sendingView{Rows: into.rows, Transcript: keptTranscriptView(s.Transcript, o)}
	if sessions, err := conversations(s.Transcript); err == nil {
		v.Drawn = conversationPictures(sessions, o)
	}
	if len(s.Events) > 0 {
		part := partView{Head: markedView{Text: t.say(wCameBack)}}
		for _, e := range s.Events {
			part.Lines = append(part.Lines, plainLines(collectPage{t}.eventLines(e))...)
		}
		v.Parts = append(v.Parts, part)
	}
	result, into := gather(o)
	result.keptResult(s)
	sign, word := t.resultOf(s)
	v.Head = styledView(page.Styled{sign}.Then(" " + s.Recipient + "  " + word))
	v.Parts = append(v.Parts, partView{Rows: into.rows})
	v.Steps = into.steps
	return v
}

// invalidHTML is a page of the list of addresses that are invalid.
func invalidHTML(w *page.Out, o Options) page.Printer[history.Validity] {
	heads := func(t webText) []string {
		return []string{t.tr("address", "アドレス"), t.tr("code", "コード"), t.tr("errors in a row", "連続エラー"),
			t.tr("since", "無効になった日")}
	}
	return listPage[history.Validity]{invalidTitle, heads, func(t webText, v history.Validity) []cellView {
		out := cells("", v.Code, fmt.Sprint(v.Errors), v.Changed.In(t.o.Now.Location()).Format(time.DateOnly))
		out[0].markedView = markedLine(diag.Fail, v.Address)
		return out
	}}.open(w, o)
}

// unmatchedHTML is a page of the list of what belongs to no sending.
func unmatchedHTML(w *page.Out, o Options) page.Printer[history.Event] {
	heads := func(t webText) []string {
		return []string{t.tr("recipient", "宛先"), t.tr("time", "日時"), t.tr("event", "イベント"), t.tr("reason", "要因"),
			t.tr("why it belongs to no sending", "該当する送信がない理由"), t.tr("reply", "応答"), t.tr("read from", "読み取り元")}
	}
	return listPage[history.Event]{unmatchedTitle, heads, func(t webText, e history.Event) []cellView {
		p := collectPage{sendingPage{text: t.text}}
		return cells(cmp.Or(e.Recipient, e.MessageID), p.shortTime(e.Time), e.Action, p.reasonTitle(e.Reason), unmatchedText(e.Why).In(t.o.Lang),
			shown(firstLine(e.Reply)), e.File)
	}}.open(w, o)
}

// sentenceView is a page of one sentence.
type sentenceView struct{ Head markedView }

func revalidationHTML(r Revalidation, o Options) sentenceView {
	t := makeText(nil, o.WithWidth())
	return sentenceView{markedLine(diag.OK, t.revalidationWords(r))}
}

// collectView is what a look at the sources told.
type collectView struct {
	Answer      string
	Parts       []collectPartView
	More        string
	OthersTitle string
	Others      []markedView
	All         copyView
}

type collectPartView struct {
	Head markedView
	Rows []rowsView
}

func collectHTML(r *collect.Round, o Options) collectView {
	t := collectPage{makeSendingPage(nil, o.WithWidth())}
	v := collectView{Answer: collectAnswer(r).In(o.Lang), OthersTitle: t.ofNoMail()}
	for i, x := range append(r.Changes[:len(r.Changes):len(r.Changes)], r.Told...) {
		if i == shownChanges {
			v.More = t.moreWords(t.told(r) - i)
			break
		}
		p, into := gather(o)
		collectPage{p}.recorded(x)
		v.Parts = append(v.Parts, collectPartView{into.head, into.rows})
	}
	for i, e := range r.Others {
		if i == shownUnmatched {
			v.Others = append(v.Others, markedView{Text: t.moreWords(int(r.Counts.Unmatched) - i)})
			break
		}
		v.Others = append(v.Others, markedView{Text: t.unmatchedWords(e)})
	}
	if len(r.Others) > 0 {
		v.All = webText{t.text}.command(t.allOfThem(), codes.Todoku("history", "list", "--unmatched"))
	}
	return v
}

// collectTitle is what a page of collections is called.
var collectTitle = codes.Text{EN: "What came back", JA: "返ってきた通知"}
