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
	From      mail.Address // of the header
	Subject   string
	Size      int64
	Relay     *sender.Relay
	Catalogue *codes.Catalogue
	Kept      bool          // the history has it
	List      string        // id of the list that it belongs to
	DryRun    bool          // nothing was sent
	Message   *mail.Message // to show in a dry run
}

// Sendings prints how mails go: one as it goes, several as each ends. It serves
// several goroutines.
type Sendings struct {
	mu        sync.Mutex
	stream    *page.Stream // nil where people read
	w         *page.Out
	o         Options
	catalogue *codes.Catalogue
	live      *live
}

// NewSendings makes a printer. The error names a format that there is not.
func NewSendings(f page.Format, w *page.Out, o Options, c *codes.Catalogue) (*Sendings, error) {
	p := &Sendings{w: w, o: o.wide(), catalogue: c}
	if f != page.TextFormat {
		p.stream = page.NewStream(w, f, o.Many)
	}
	return p, known(page.Sending, f)
}

// Begin says that a mail is on its way, whose events follow.
func (p *Sendings) Begin(s Sending, j sender.Job) {
	if p.stream != nil {
		return
	}
	p.live = newLive(makeText(p.w, p.o), p.catalogue)
	p.live.head(s, j)
}

// Dial says that a server is being called; an empty address is not known.
func (p *Sendings) Dial(host, address string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != nil {
		p.live.dial(host, address)
	}
}

// Event tells what happens, as it happens. It cannot fail usefully: what
// cannot be written now cannot be written at the end either.
func (p *Sendings) Event(e sender.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live != nil {
		p.live.event(e)
	}
}

// Broken tells of a mail that was given up on the way.
func (p *Sendings) Broken(o sender.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stream == nil {
		t := makeText(p.w, p.o)
		if p.live != nil && p.live.dialing != "" {
			t.line("")
		}
		t.line("")
		t.labelledCommand(t.tr("result", "送信結果"), page.Words(t.tr("given up before the end", "途中で中断しました")), " · ", t.o.here(ShowSending(o.ID)))
		_ = t.page.Flush() // the end of the run tells of it
	}
}

// Sending tells how a mail ended.
func (p *Sendings) Sending(s Sending) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stream != nil {
		return p.stream.Put(sendingAsJSON(s, p.o.Lang))
	}
	t := makeText(p.w, p.o)
	switch {
	case s.DryRun:
		t.rehearsal(s, !p.o.Many)
	case p.o.Many:
		t.sendingLine(s)
	default:
		t.sendingResult(s)
	}
	return t.page.Flush()
}

// Count sums up a list of mails, for people. The list has an id where the history keeps it.
func (p *Sendings) Count(ok, failed int, list string) {
	if p.stream == nil && p.o.Many && ok+failed > 0 {
		t := makeText(p.w, p.o)
		t.line("")
		t.line(fmt.Sprintf(t.tr("mails: %d   ok: %d   errors: %d", "送信 %d件   正常 %d件   エラー %d件"), ok+failed, ok, failed))
		if list != "" {
			t.line(t.tr("list: ", "リスト: ") + list)
		}
		_ = t.page.Flush() // the end of the run tells of it
	}
}

// Close ends the output.
func (p *Sendings) Close() error {
	if p.stream == nil {
		return nil
	}
	return p.stream.Close()
}

// tr is a fixed text in the language of the output.
func (t *text) tr(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(t.o.Lang) }

// column is where what is said begins, behind the label of a sending's block.
func (t *text) column() int { return t.page.StringWidth(t.tr("result", "送信結果")) + 2 }

// labelled prints a paragraph of a sending's block.
func (t *text) labelled(label, s string) {
	if s != "" {
		t.labelledStyled(label, page.Words(s))
	}
}

// labelledStyled is labelled for a text in inks.
func (t *text) labelledStyled(label string, s page.Styled) {
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
