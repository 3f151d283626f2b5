package report

import (
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// guideView is a way through the guide as its template shows it.
type guideView struct {
	Title, Started, Head  string
	Causes, Steps         stepsView
	ChecksTitle, WayTitle string
	Checks                []guideCheckView
	Way                   tableView
	Mails                 string
	Next                  nextView
}

// guideCheckView is a check that was run.
type guideCheckView struct {
	Head    markedView
	Command copyView
	Result  string
	Output  foldView
}

func guideHTML(g *Guide, o Options) guideView {
	t, l := makeWebText(o), o.Lang
	v := guideView{Title: capital(g.Pattern.Name().In(l)) + ": " + g.Pattern.Title.In(l), ChecksTitle: t.say(wLookedAt),
		Started: t.tr("Started:", "開始:") + " " + g.Started.Format("2006-01-02 15:04:05 -0700"),
		Head:    strings.Join(guideHead(g, l), " · "), WayTitle: t.tr("The way", "経過"), Mails: t.guideMails(g)}
	v.Causes.Title, v.Causes.Named = t.tr("Causes", "要因"), true
	for i, c := range g.Causes {
		step := stepView{Text: causeLabel(i+1).In(l) + "  " + c.Text.In(l) + provenText(c).In(l),
			Command: t.command(commandLabel(c.Command).In(l), c.Command)}
		if c.Chosen {
			step.Text += " " + t.tr("(this one)", "(該当)")
		}
		v.Causes.Steps = append(v.Causes.Steps, step)
	}
	v.Way = tableView{Title: v.WayTitle, Stack: true}
	v.Way.Heads = []string{t.tr("time", "時刻"), t.tr("question or check", "質問・確認"), t.tr("answer or result", "回答・結果")}
	for _, p := range g.Way {
		t.passage(&v, p)
	}
	v.Steps = t.guideStepsView(g)
	again := t.guideNext(g)
	v.Next = t.next(t.say(wNext), nil)
	v.Next.Commands = []copyView{t.copyable("", page.Command(again))}
	v.Next.Legend = t.legendText(append(g.commands(), again))
	return v
}

// passage adds what happened on the way: a line of its table, and of a check what it came to.
func (t webText) passage(v *guideView, p Passage) {
	row := cells(p.At.Format("15:04:05"), p.Question.In(t.o.Lang), p.Answer.In(t.o.Lang))
	if c := p.Check; c != nil {
		row[1].Text, row[1].Code = page.Command(t.o.SameWorld(c.Command)), true
		if c.Verdict != CheckNotRun {
			row[2].Text = VerdictName(c.Verdict).In(t.o.Lang) + " (" + t.tr("exit status", "終了ステータス") + " " +
				strconv.Itoa(c.Status) + ", " + c.Took.Round(time.Millisecond).String() + ")"
		}
		v.Checks = append(v.Checks, guideCheckView{Head: markedLine(verdictMark(c.Verdict), VerdictName(c.Verdict).In(t.o.Lang)),
			Command: t.command("", c.Command), Result: shown(c.Result), Output: foldView{t.tr("output", "出力"), c.Output}})
	}
	v.Way.Rows = append(v.Way.Rows, row)
}

func (t webText) guideStepsView(g *Guide) stepsView {
	v := stepsView{Title: t.say(wDoThis)}
	for _, s := range g.Steps {
		step := stepView{Text: stepText(s.Remedy, t.o.Lang), Command: t.command(s.label().In(t.o.Lang), s.Command)}
		if s.State != walk.StepOpen {
			step.Text += codes.Text{EN: " — ", JA: " → "}.In(t.o.Lang) + stateText(s.State).In(t.o.Lang)
		}
		v.Steps = append(v.Steps, step)
	}
	return v
}

// guideTitle is what a page of the guide is called.
var guideTitle = codes.Text{EN: "Guide", JA: "トラブルシューティング"}
