package report

import (
	"strconv"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// guideMarkdown writes a way through the guide for a ticket.
func guideMarkdown(w *page.Out, o Options, g *Guide) error {
	m := guideMarked{page.NewMarkdown(w), o}
	m.guide(g)
	return m.Flush()
}

// guideMarked writes the parts of it.
type guideMarked struct {
	*page.Markdown
	o Options
}

func (m guideMarked) tr(en, ja string) page.MD {
	return page.Escaped(codes.Text{EN: en, JA: ja}.In(m.o.Lang))
}

func (m guideMarked) guide(g *Guide) {
	m.Put("# %s: %s\n\n", page.Escaped(capital(g.Pattern.Name().In(m.o.Lang))), page.Escaped(g.Pattern.Title.In(m.o.Lang)))
	m.Put("- %s %s\n", m.tr("Started:", "開始:"), page.Escaped(g.Started.Format("2006-01-02 15:04:05 -0700")))
	for _, part := range guideHead(g, m.o.Lang) {
		m.Put("- %s\n", page.Escaped(part))
	}
	m.Put("\n## %s\n\n", m.tr("Causes", "要因"))
	for i, c := range g.Causes {
		number, _ := page.Item(i + 1)
		m.Put("%s%s%s", number, page.Escaped(c.Text.In(m.o.Lang)), page.Escaped(provenText(c).In(m.o.Lang)))
		if c.Chosen {
			m.Put(" **%s**", m.tr("(this one)", "(該当)"))
		}
		m.Put("\n")
	}
	m.way(g)
	m.steps(g)
	m.outputs(g)
}

func (m guideMarked) way(g *Guide) {
	if len(g.Way) == 0 {
		return
	}
	m.Put("\n## %s\n\n", m.tr("The way", "経過"))
	m.Row(m.tr("time", "時刻"), m.tr("question or check", "質問・確認"), m.tr("answer or result", "回答・結果"))
	m.Put("|---|---|---|\n")
	for _, p := range g.Way {
		question, answer := page.Escaped(p.Question.In(m.o.Lang)), page.Escaped(p.Answer.In(m.o.Lang))
		if c := p.Check; c != nil {
			question = page.CodeCell(page.Command(m.o.SameWorld(c.Command)))
			if c.Verdict != CheckNotRun {
				answer = page.Filled("**%s** (%s %s, %s)<br>%s", page.Escaped(VerdictName(c.Verdict).In(m.o.Lang)),
					m.tr("exit status", "終了ステータス"),
					page.Escaped(strconv.Itoa(c.Status)), page.Escaped(c.Took.Round(time.Millisecond).String()), page.Escaped(shown(c.Result)))
			}
		}
		m.Row(page.Escaped(p.At.Format("15:04:05")), question, answer)
	}
}

func (m guideMarked) steps(g *Guide) {
	if len(g.Steps) > 0 {
		m.Put("\n## %s\n\n", m.tr("Steps, in this order", "対策(上から順に)"))
	}
	for _, s := range g.Steps {
		box := map[bool]page.MD{true: "x", false: " "}[s.State == walk.StepDone || s.State == walk.StepSolved]
		m.Put("- [%s] %s (%s)\n", box, page.Escaped(stepText(s.Remedy, m.o.Lang)), page.Escaped(stateText(s.State).In(m.o.Lang)))
		if check := m.o.SameWorld(s.Command); !check.IsZero() {
			m.Put("  %s: %s\n", page.Escaped(s.label().In(m.o.Lang)), page.Code(page.Command(check)))
		}
	}
}

// outputs are the full outputs, as evidence: text whatever a server put into it.
func (m guideMarked) outputs(g *Guide) {
	first := true
	for _, p := range g.Way {
		if p.Check == nil || p.Check.Output == "" {
			continue
		}
		if first {
			m.Put("\n## %s\n", m.tr("Output of the checks", "確認の出力"))
			first = false
		}
		m.Put("\n### %s\n\n%s", page.Code(page.Command(m.o.SameWorld(p.Check.Command))), page.Block(0, p.Check.Output))
	}
}
