package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"todoku/codes"
	"todoku/sender"
)

// Sending is how one mail to one recipient went, and what is to be said beside.
type Sending struct {
	sender.Outcome
	From      sender.Address // of the header
	Subject   string
	Size      int64
	Relay     *sender.Relay
	Catalogue *codes.Catalogue
	Kept      bool            // the history has it
	DryRun    bool            // nothing was sent
	Message   *sender.Message // to show in a dry run
}

// Sendings prints how mails go: one as it goes, several as each ends. It serves
// several goroutines.
type Sendings struct {
	mu        sync.Mutex
	format    string
	w         io.Writer
	o         Options
	catalogue *codes.Catalogue
	written   int
	live      *live
}

// NewSendings makes a printer. The error names a format that there is not.
func NewSendings(format string, w io.Writer, o Options, c *codes.Catalogue) (*Sendings, error) {
	switch format {
	case "text", "json", "ndjson":
	default:
		return nil, fmt.Errorf("format %q is none of text, json, ndjson", format)
	}
	return &Sendings{format: format, w: w, o: o.wide(), catalogue: c}, nil
}

// Begin says that a mail is on its way, whose events follow.
func (p *Sendings) Begin(s Sending, j sender.Job) {
	if p.format != "text" {
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
	if p.format == "text" {
		t := makeText(p.w, p.o)
		if p.live != nil && p.live.dialing != "" {
			t.line("")
		}
		t.line("")
		t.para(t.tr("result", "送信結果")+"  ", t.column(), t.tr("given up before the end", "途中で中断しました")+" · todoku history show "+o.ID)
		_, _ = t.w.Write(t.buf.Bytes())
	}
}

// Sending tells how a mail ended.
func (p *Sendings) Sending(s Sending) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.format == "text" {
		t := makeText(p.w, p.o)
		switch {
		case s.DryRun:
			t.rehearsal(s, !p.o.Many)
		case p.o.Many:
			t.sendingLine(s)
		default:
			t.sendingResult(s)
		}
		_, err := p.w.Write(t.buf.Bytes())
		return err
	}
	var b strings.Builder
	if p.format == "json" && p.o.Many {
		b.WriteString(map[bool]string{true: "[\n", false: ",\n"}[p.written == 0])
	}
	p.written++
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if p.format == "json" {
		enc.SetIndent("", "  ")
	}
	if err := enc.Encode(sendingAsJSON(s, p.o.Lang)); err != nil {
		return err
	}
	_, err := io.WriteString(p.w, b.String())
	return err
}

// Count sums up a list of mails, for people.
func (p *Sendings) Count(ok, failed int) {
	if p.format == "text" && p.o.Many && ok+failed > 0 {
		t := makeText(p.w, p.o)
		t.line("")
		t.line(fmt.Sprintf(t.tr("mails: %d   ok: %d   errors: %d", "送信 %d件   正常 %d件   エラー %d件"), ok+failed, ok, failed))
		_, _ = t.w.Write(t.buf.Bytes())
	}
}

// Close ends the output.
func (p *Sendings) Close() error {
	if p.format != "json" || !p.o.Many {
		return nil
	}
	end := "]\n"
	if p.written == 0 {
		end = "[]\n"
	}
	_, err := io.WriteString(p.w, end)
	return err
}

// wide gives a width to what has none.
func (o Options) wide() Options {
	if o.Width <= 0 {
		o.Width = 80
	}
	return o
}

// tr is a fixed text in the language of the output.
func (t *text) tr(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(t.o.Lang) }

// column is where what is said begins, behind the label of a sending's block.
func (t *text) column() int { return t.ruler.StringWidth(t.tr("result", "送信結果")) + 2 }

// labelled prints a paragraph of a sending's block.
func (t *text) labelled(label, s string) {
	if s != "" {
		t.para(t.ruler.pad(label, t.column()), t.column(), s)
	}
}

// Clean makes text from outside fit for a terminal.
func Clean(s string) string { return shown(s) }

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
