package guide

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// dialogue goes a way through the guide with somebody who answers, runs the
// checks and keeps the record.
type dialogue struct {
	app      *app.App
	checks   checkRunner
	walk     *walk.State
	form     page.Form[*report.Guide]
	screen   *page.Out
	ask      asker // nil: nobody answers, and nothing is shown on the way
	options  dialogueOptions
	started  time.Time
	asked    int
	passages []report.Passage
}

// dialogueOptions say with whom a dialogue is held, and what becomes of its record.
type dialogueOptions struct {
	byPerson    bool // a person at a terminal answers
	printRecord bool // the record is the output
	exported    bool // the record goes to a file
}

// checkRunner runs a check of the guide. color is whether its output is shown in
// colours.
type checkRunner interface {
	runCheck(ctx context.Context, c codes.Command, color bool) *checkResult
}

// asker puts a question to somebody. Its error is errEnded, errBack or that of
// the context.
type asker func(ctx context.Context, n int, q *walk.Question) (string, error)

// What somebody may do instead of answering.
var (
	errEnded = errors.New("ended")
	errBack  = errors.New("back")
)

// run goes on until the guide ends, or the answers do.
func (d *dialogue) run(ctx context.Context) error {
	for {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		t := d.walk.Next()
		switch {
		case t.Check != nil:
			if err := d.runCheck(ctx, *t.Check, t.Says); err != nil {
				return err
			}
		case t.Ask == nil:
			d.end()
			return nil
		default:
			ended, err := d.question(ctx, t.Ask)
			if err != nil || ended {
				return err
			}
		}
	}
}

// question puts one question and takes the answer.
func (d *dialogue) question(ctx context.Context, q *walk.Question) (ended bool, err error) {
	if d.ask == nil {
		if d.walk.Pattern.ID == "" { // nobody can choose one
			return true, missingSymptom(d.walk)
		}
		_, err := d.walk.Answer(q, q.Fallback)
		return err != nil, err
	}
	said, err := d.ask(ctx, d.asked+1, q)
	switch {
	case errors.Is(err, errBack):
		if !d.walk.Back() {
			d.say(codes.Text{EN: "This is the first question.", JA: "最初の質問です。"})
		} else {
			d.asked--
		}
		return false, nil
	case errors.Is(err, errEnded) && d.walk.Pattern.ID == "" && d.options.byPerson: // a person may end it without a choice
		return true, nil
	case errors.Is(err, errEnded) && d.walk.Pattern.ID == "":
		return true, missingSymptom(d.walk)
	case errors.Is(err, errEnded):
		d.end()
		return true, nil
	case errors.Is(err, app.ErrInterrupted):
		return true, app.ExitInterrupted
	case err != nil:
		return true, err
	}
	answer, err := d.walk.Answer(q, said)
	if err != nil { // the asker has parsed it already
		return true, err
	}
	d.asked++
	says := q.Says
	if lead := leadLines(q); len(lead) > 0 {
		says = lead[0]
	}
	d.passages = append(d.passages, report.Passage{At: d.app.Now(), ID: q.ID, Question: says, Answer: bothLanguages(answer)})
	return false, nil
}

// missingSymptom is the usage error where the pattern is not known and nobody
// chooses it.
func missingSymptom(w *walk.State) error {
	says := codes.Say(codes.Text{EN: "the symptom is missing", JA: "事象が指定されていません"})
	if w.NoResult {
		return codes.Wrong(codes.Say(codes.Text{EN: "the result of the sending is missing: error or ok decides how to go on", JA: "送信結果が分かりません。「エラー」か「正常」かで手順が変わります"}),
			codes.Say(codes.Text{EN: "error: give the code, as in {command}; ok: {other}", JA: "「エラー」の場合は {command} のようにコードを、「正常」の場合は {other} を指定してください"},
				codes.Typed("command", codes.Todoku("guide", "42553")), codes.Typed("other", codes.Todoku("guide", "--pattern", "D"))))
	}
	if offered := w.Offered; len(offered) > 0 {
		says = codes.Say(codes.Text{EN: "the symptom fits several patterns: {patterns}", JA: "該当する事象のパターンが複数あります: {patterns}"}, codes.List("patterns", offered))
	}
	return codes.Wrong(says, codes.Say(codes.Text{EN: "answer the first question, or give it: {command}, {other}", JA: "最初の質問に答えるか、{command}、{other} のように指定してください"},
		codes.Typed("command", codes.Todoku("guide", "42553")), codes.Typed("other", codes.Todoku("guide", "--pattern", "A"))))
}

// say shows a line of our own on the way.
func (d *dialogue) say(t codes.Text) {
	if d.ask != nil {
		d.screen.Say(d.app.T(t))
	}
}

// end tells what is left to do.
func (d *dialogue) end() {
	if d.ask == nil || d.options.printRecord {
		return
	}
	var left []string
	solved := false
	for i, r := range d.walk.Remedies() {
		s := d.walk.States[r.ID]
		solved = solved || s == walk.StepSolved
		if s != walk.StepDone && s != walk.StepSolved {
			left = append(left, fmt.Sprint(i+1))
		}
	}
	d.screen.Say("")
	switch {
	case solved:
		d.say(codes.Text{EN: "Solved.", JA: "解決しました。"})
	case len(left) > 0:
		d.say(codes.Text{EN: "Steps left: " + strings.Join(left, ", ") + ".", JA: "残っている手順: " + strings.Join(left, "、")})
	default:
		d.say(codes.Text{EN: "All steps are done.", JA: "すべての手順を実施しました。"})
	}
	if !d.options.exported {
		again := report.GuideAgain(d.app.Style(d.screen, false), d.record())
		d.say(codes.Text{EN: "Again, with a record for a ticket:", JA: "もう一度、記録を残す場合:"})
		d.say(codes.Same("  " + page.Command(again)))
	}
}

// runCheck runs a check as the command line would, and shows and keeps what it says.
func (d *dialogue) runCheck(ctx context.Context, c walk.Check, says codes.Text) error {
	d.walk.Done(c)
	check := &report.GuideCheck{Command: c.Command, Verdict: report.CheckNotRun}
	passage := report.Passage{At: d.app.Now(), ID: "check", Question: says, Check: check}
	if len(c.Lacks) > 0 {
		lack := walk.FactLabel(c.Lacks[0])
		passage.Answer = codes.Text{EN: "not run: " + lack.EN + " is not known", JA: "未実行: " + lack.JA + "が不明です"}
		check.Result = d.app.T(passage.Answer)
		d.say(passage.Answer)
		d.passages = append(d.passages, passage)
		return nil
	}
	if _, watched := d.app.Stderr.Terminal(); d.ask == nil && watched {
		d.app.Tell(codes.Say(codes.Text{EN: "running {command}", JA: "実行中: {command}"}, codes.Typed("command", c.Command)))
	}
	d.say(codes.Text{EN: "Running: " + page.Command(c.Command), JA: "実行中: " + page.Command(c.Command)})
	color := d.ask != nil && d.app.Style(d.screen, false).Color
	r := d.checks.runCheck(ctx, c.Command, color)
	d.walk.Confirm(r.causes)
	check.Causes, check.Status, check.Took = r.causes, int(r.status), r.took
	check.Output, check.Result = r.output.String(), r.headline
	check.Verdict = verdictOf(c, r.status)
	passage.Answer = report.VerdictName(check.Verdict)
	if d.ask != nil {
		d.screen.Say("")
		d.screen.Replay(&r.output)
		d.screen.Say("")
	}
	d.say(codes.Text{EN: fmt.Sprintf("Exit status %d: %s.", r.status, passage.Answer.EN), JA: fmt.Sprintf("終了ステータス %d: %s", r.status, passage.Answer.JA)})
	d.passages = append(d.passages, passage)
	if r.status == app.ExitInterrupted {
		return app.ExitInterrupted
	}
	return nil
}

// verdictOf is what an exit status means for the guide. A diagnosis that ends well has an answer,
// which may be a cause that is confirmed.
func verdictOf(c walk.Check, s app.ExitStatus) report.GuideVerdict {
	switch {
	case !c.Judges() && (s == app.ExitOK || s == app.ExitWrong), c.Name() == "diagnose" && s == app.ExitOK:
		return report.CheckAnswer
	case s == app.ExitOK:
		return report.CheckOK
	case s == app.ExitWrong:
		return report.CheckWrong
	}
	return report.CheckUnknown
}
