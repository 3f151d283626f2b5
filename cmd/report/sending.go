package report

import (
	"fmt"
	"sync"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/mail"
)

// Sending is how one mail to one recipient went, and what is to be said beside.
type Sending struct {
	sender.Outcome
	From     mail.Address // of the header
	Subject  string
	Size     int64
	Relay    *sender.Relay
	Kept     bool          // the history has it
	List     string        // id of the list that it belongs to
	Expected []Expected    // what mailboxes that are looked into have of it
	DryRun   bool          // nothing was sent
	Message  *mail.Message // to show in a dry run
}

// SendingOutput prints how mails go: people see one as it goes and several as each ends, programs read each as it ends.
// It serves several goroutines.
type SendingOutput struct {
	mu      sync.Mutex
	printer page.Printer[Sending]
	people  *textSendings // the same printer where people read, else nil
}

// OpenSendings begins an output in a format of the table.
func OpenSendings(f page.Form[Sending], w *page.Out, o Options) *SendingOutput {
	p := f.Open(w, o)
	people, _ := page.First(p).(*textSendings)
	return &SendingOutput{printer: p, people: people}
}

// forPeople runs f alone, where people read.
func (p *SendingOutput) forPeople(f func(*textSendings)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.people != nil {
		f(p.people)
	}
}

// Begin says that a mail is on its way, whose events follow.
func (p *SendingOutput) Begin(s Sending, j sender.Job) {
	p.forPeople(func(t *textSendings) { t.begin(s, j) })
}

// Dial says that a server is being called; an empty address is not known.
func (p *SendingOutput) Dial(host, address string) {
	p.forPeople(func(t *textSendings) {
		if t.live != nil {
			t.live.dial(host, address)
		}
	})
}

// Event tells what happens, as it happens.
func (p *SendingOutput) Event(e sender.Event) {
	p.forPeople(func(t *textSendings) {
		if t.live != nil {
			t.live.event(e)
		}
	})
}

// Broken tells of a mail that was given up on the way. An error of writing is told at the end.
func (p *SendingOutput) Broken(s Sending) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.people != nil {
		p.people.broken(s)
		return
	}
	_ = p.printer.Put(s)
}

// Sending tells how a mail ended.
func (p *SendingOutput) Sending(s Sending) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.printer.Put(s)
}

// Count sums up a list of mails, for people. The list has an id where the history keeps it.
func (p *SendingOutput) Count(ok, failed int, list string) {
	p.forPeople(func(t *textSendings) { t.count(ok, failed, list) })
}

// Close ends the output.
func (p *SendingOutput) Close() error { return p.printer.Close() }

// textSendings prints for people. What it cannot write of an event it cannot write at the end either, so the end tells.
type textSendings struct {
	w    *page.Out
	o    Options
	live *liveSending // nil before the first mail that is shown as it goes
}

func sendingText(w *page.Out, o Options) page.Printer[Sending] {
	return &textSendings{w: w, o: o.WithWidth()}
}

func (p *textSendings) begin(s Sending, j sender.Job) {
	p.live = &liveSending{sendingPage: makeSendingPage(p.w, p.o)}
	p.live.head(s, j)
}

func (p *textSendings) broken(s Sending) {
	t := makeSendingPage(p.w, p.o)
	if p.live != nil && p.live.dialing != "" {
		t.line("")
	}
	t.line("")
	t.labelledCommand(t.tr("result", "送信結果"), page.Words(t.tr("given up before the end", "途中で中断しました")), " · ",
		t.showSending(s))
	_ = t.page.Flush()
}

// Put tells how a mail ended.
func (p *textSendings) Put(s Sending) error {
	t := makeSendingPage(p.w, p.o)
	switch {
	case s.DryRun:
		t.dryRun(s, !p.o.Many)
	case p.o.Many:
		t.sendingLine(s)
	default:
		t.sendingResult(s)
	}
	return t.page.Flush()
}

func (p *textSendings) count(ok, failed int, list string) {
	if !p.o.Many || ok+failed == 0 {
		return
	}
	t := makeSendingPage(p.w, p.o)
	t.line("")
	t.line(t.countWords(ok, failed))
	if list != "" {
		t.line(t.tr("list: ", "リスト: ") + list)
	}
	_ = t.page.Flush()
}

// countWords sum up a list of mails.
func (t *text) countWords(ok, failed int) string {
	return fmt.Sprintf(t.tr("mails: %d   ok: %d   errors: %d", "送信 %d件   正常 %d件   エラー %d件"), ok+failed, ok, failed)
}

// Close has nothing to end.
func (p *textSendings) Close() error { return nil }

// sendingPage prints a sending for people, as it goes, at its end, and from the history.
type sendingPage struct {
	*text
	into *gathered // nil: it is printed
}

func makeSendingPage(w *page.Out, o Options) sendingPage { return sendingPage{text: makeText(w, o)} }

// tr is a fixed text in the language of the output.
func (t *text) tr(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(t.o.Lang) }

// column is where what is said begins, behind the label of a sending's block.
func (t sendingPage) column() int { return t.page.StringWidth(t.tr("result", "送信結果")) + 2 }

// labelled prints a paragraph of a sending's block.
func (t sendingPage) labelled(label, s string) {
	if s != "" {
		t.labelledStyled(label, page.Words(s))
	}
}

// labelledStyled is labelled for a text in colours.
func (t sendingPage) labelledStyled(label string, s page.Styled) {
	if t.into != nil {
		t.into.rows = labelled(t.into.rows, label, itemView{markedView: styledView(s)})
		return
	}
	t.page.Para(page.Words(t.page.Pad(label, t.column())), t.column(), s)
}

// millis is a length of time as people read it.
func (t *text) millis(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf(t.tr("%d ms", "%dミリ秒"), d.Milliseconds())
	}
	return t.span(d)
}

// span is a wait, in its largest units.
func (t *text) span(d time.Duration) string {
	if d < time.Second {
		return t.millis(d)
	}
	d = d.Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf(t.tr("%d s", "%d秒"), int(d.Seconds()))
	case d < time.Hour && d%time.Minute == 0:
		return fmt.Sprintf(t.tr("%d min", "%d分"), int(d.Minutes()))
	case d < time.Hour:
		return fmt.Sprintf(t.tr("%d min %d s", "%d分%d秒"), int(d.Minutes()), int(d.Seconds())%60)
	case d%time.Hour < time.Minute:
		return fmt.Sprintf(t.tr("%d h", "%d時間"), int(d.Hours()))
	}
	return fmt.Sprintf(t.tr("%d h %d min", "%d時間%d分"), int(d.Hours()), int(d.Minutes())%60)
}
