package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// dialogue goes a way through the guide with somebody who answers, runs the
// checks and keeps the record.
type dialogue struct {
	app     *app
	walk    *trail
	form    page.Form[*report.Guide]
	screen  *page.Out
	ask     asker // nil: nobody answers
	talks   bool
	person  bool // at a terminal
	silent  bool // nothing is shown on the way
	reprint bool // the record is the output
	kept    bool // in a file
	started time.Time
	asked   int
	way     []report.Passage
}

// asker puts a question to somebody. Its error is errEnded, errBack or that of
// the context.
type asker func(ctx context.Context, n int, q *question) (string, error)

// What somebody may do instead of answering.
var (
	errEnded = errors.New("ended")
	errBack  = errors.New("back")
)

// through goes on until the end of the guide, or of whoever answers.
func (d *dialogue) through(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		t := d.walk.next()
		switch {
		case t.check != nil:
			if err := d.run(ctx, *t.check, t.says); err != nil {
				return err
			}
		case t.ask == nil:
			d.farewell()
			return nil
		default:
			ended, err := d.question(ctx, t.ask)
			if err != nil || ended {
				return err
			}
		}
	}
}

// question puts one question and takes the answer.
func (d *dialogue) question(ctx context.Context, q *question) (ended bool, err error) {
	if d.ask == nil {
		if d.walk.pattern.ID == "" { // nobody can choose one
			return true, missingSymptom(d.walk.offered)
		}
		_, err := d.walk.answer(q, q.fallback)
		return err != nil, err
	}
	said, err := d.ask(ctx, d.asked+1, q)
	switch {
	case errors.Is(err, errBack):
		if !d.walk.back() {
			d.say(codes.Text{EN: "This is the first question.", JA: "最初の質問です。"})
		} else {
			d.asked--
		}
		return false, nil
	case errors.Is(err, errEnded) && d.walk.pattern.ID == "" && d.person: // thought better of it
		return true, nil
	case errors.Is(err, errEnded) && d.walk.pattern.ID == "":
		return true, missingSymptom(d.walk.offered)
	case errors.Is(err, errEnded):
		d.farewell()
		return true, nil
	case errors.Is(err, errInterrupted):
		return true, exitInterrupted
	case err != nil:
		return true, err
	}
	answer, err := d.walk.answer(q, said)
	if err != nil { // the asker has parsed it already
		return true, err
	}
	d.asked++
	says := q.says
	if len(q.lead) > 0 {
		says = q.lead[0]
	}
	d.way = append(d.way, report.Passage{At: d.app.now(), ID: q.id, Question: says, Answer: answer})
	return false, nil
}

// missingSymptom is the usage error where the pattern is not known and nobody
// chooses it. offered are the patterns that the given words fit, nil for none.
func missingSymptom(offered []string) error {
	says := codes.Say(codes.Text{EN: "the symptom is missing", JA: "事象が指定されていません"})
	if len(offered) > 0 {
		says = codes.Say(codes.Text{EN: "the symptom fits several patterns: {patterns}", JA: "該当する事象のパターンが複数あります: {patterns}"}, codes.List("patterns", offered))
	}
	return codes.Wrong(says, codes.Say(codes.Text{EN: "answer the first question, or give it: {command}, {other}", JA: "最初の質問に答えるか、{command}、{other} のように指定してください"},
		codes.Typed("command", codes.Todoku("guide", "42553")), codes.Typed("other", codes.Todoku("guide", "--pattern", "A"))))
}

// say shows a line of our own on the way.
func (d *dialogue) say(t codes.Text) {
	if !d.silent {
		d.screen.Say(d.app.t(t))
	}
}

// farewell ends a dialogue with what is left to do.
func (d *dialogue) farewell() {
	if !d.talks || d.reprint {
		return
	}
	var left []string
	solved := false
	for i, r := range d.walk.remedies() {
		s := d.walk.states[r.ID]
		solved = solved || s == report.StepSolved
		if s != report.StepDone && s != report.StepSolved {
			left = append(left, fmt.Sprint(i+1))
		}
	}
	d.screen.Say("")
	switch {
	case solved:
		d.say(codes.Text{EN: "Solved.", JA: "解決しました。"})
	case len(left) > 0:
		d.say(codes.Text{EN: "Steps left: " + strings.Join(left, ", ") + ".", JA: "残っている手順: " + strings.Join(left, ", ")})
	default:
		d.say(codes.Text{EN: "All steps are done.", JA: "すべての手順を実施しました。"})
	}
	if !d.kept {
		again := report.GuideAgain(d.app.style(d.screen, false), d.record())
		d.say(codes.Text{EN: "Again, with a record for a ticket:", JA: "もう一度、記録を残す場合:"})
		d.say(told(codes.Text{EN: "  ", JA: "  "}, again))
	}
}

// run runs a check as the command line would, and shows and keeps what it says.
func (d *dialogue) run(ctx context.Context, c command, says codes.Text) error {
	d.walk.done(c)
	check := &report.GuideCheck{Command: c.Command, Verdict: report.CheckNotRun}
	passage := report.Passage{At: d.app.now(), ID: "check", Question: says, Check: check}
	if len(c.lacks) > 0 {
		lack := factLabel(c.lacks[0])
		passage.Answer = codes.Text{EN: "not run: " + lack.EN + " is not known", JA: "未実行: " + lack.JA + "が不明です"}
		check.Result = d.app.t(passage.Answer)
		d.say(passage.Answer)
		d.way = append(d.way, passage)
		return nil
	}
	if _, watched := d.app.stderr.Terminal(); d.silent && watched {
		d.app.tell(codes.Say(codes.Text{EN: "running {command}", JA: "実行中: {command}"}, codes.Typed("command", c.Command)))
	}
	d.say(codes.Text{EN: "Running: " + page.Command(c.Command), JA: "実行中: " + page.Command(c.Command)})
	color := d.screen != nil && d.app.style(d.screen, false).Color && !d.silent && d.talks
	r := d.app.runCheck(ctx, c.Command, color)
	d.walk.confirm(r.causes)
	check.Causes, check.Status, check.Took = r.causes, int(r.status), r.took
	check.Output, check.Result = r.output.String(), r.head
	check.Verdict = verdictOf(c, r.status)
	passage.Answer = report.VerdictName(check.Verdict)
	if !d.silent {
		d.screen.Say("")
		d.screen.Replay(&r.output)
		d.screen.Say("")
	}
	d.say(codes.Text{EN: fmt.Sprintf("Exit status %d: %s.", r.status, passage.Answer.EN), JA: fmt.Sprintf("終了ステータス %d: %s", r.status, passage.Answer.JA)})
	d.way = append(d.way, passage)
	if r.status == exitInterrupted {
		return exitInterrupted
	}
	return nil
}

// verdictOf reads an exit status. A diagnosis that ends well has an answer,
// which may be a cause that is confirmed.
func verdictOf(c command, s exitStatus) report.GuideVerdict {
	switch {
	case !c.judges() && (s == exitOK || s == exitWrong), c.Name() == "diagnose" && s == exitOK:
		return report.CheckAnswer
	case s == exitOK:
		return report.CheckOK
	case s == exitWrong:
		return report.CheckWrong
	}
	return report.CheckUnknown
}
