package report

import (
	"fmt"
	"strings"
	"time"

	"todoku/codes"
)

// guideMarkdown is a way through the guide for a ticket.
func guideMarkdown(o Options, g *Guide) string {
	l := o.Lang
	tr := func(en, ja string) string { return codes.Text{EN: en, JA: ja}.In(l) }
	var b strings.Builder
	fmt.Fprintf(&b, "# %s%s: %s\n\n", tr("Pattern ", "パターン"), g.Pattern.ID, g.Pattern.Title.In(l))
	fmt.Fprintf(&b, "- %s %s\n", tr("Started:", "開始:"), g.Started.Format("2006-01-02 15:04:05 -0700"))
	for _, part := range guideHead(g, l) {
		fmt.Fprintf(&b, "- %s\n", inMarkdown(part))
	}
	fmt.Fprintf(&b, "\n## %s\n\n", tr("Causes", "要因"))
	for i, c := range g.Causes {
		chosen := ""
		if c.Chosen {
			chosen = tr(" **(this one)**", " **(該当)**")
		}
		fmt.Fprintf(&b, "%d. %s%s\n", i+1, inMarkdown(c.Text.In(l)), provenText(c).In(l)+chosen)
	}
	if len(g.Way) > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n| %s | %s | %s |\n|---|---|---|\n", tr("The way", "経過"), tr("time", "時刻"), tr("question or check", "質問・確認"), tr("answer or result", "回答・結果"))
	}
	for _, p := range g.Way {
		question, answer := inMarkdown(p.Question.In(l)), inMarkdown(clean(p.Answer.In(l)))
		if c := p.Check; c != nil {
			question = inCode(c.Command)
			if c.Verdict != CheckNotRun {
				answer = fmt.Sprintf("**%s** (%s %d, %s)<br>%s", inMarkdown(verdictText(c.Verdict).In(l)), tr("exit status", "終了ステータス"), c.Status,
					c.Took.Round(time.Millisecond), inMarkdown(shown(c.Result)))
			}
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", p.At.Format("15:04:05"), question, answer)
	}
	if len(g.Steps) > 0 {
		fmt.Fprintf(&b, "\n## %s\n\n", tr("Steps, in this order", "対策(上から順に)"))
	}
	for _, s := range g.Steps {
		box := map[bool]string{true: "x", false: " "}[s.State == StepDone || s.State == StepSolved]
		text := "[" + actorText(s.Remedy.Owner).In(l) + "] " + s.Remedy.Text.In(l)
		if w := s.Remedy.When.In(l); w != "" {
			text += codes.Text{EN: " (" + w + ")", JA: "(" + w + ")"}.In(l)
		}
		fmt.Fprintf(&b, "- [%s] %s (%s)\n", box, inMarkdown(text), stateText(s.State).In(l))
		if s.Command != "" {
			fmt.Fprintf(&b, "  %s %s\n", tr("check:", "確認:"), inCode(s.Command))
		}
	}
	b.WriteString(guideOutputs(g, tr("Output of the checks", "確認の出力")))
	return b.String()
}

// guideOutputs are the full outputs, as evidence. Indented text stays text
// whatever a server put into it.
func guideOutputs(g *Guide, title string) string {
	var b strings.Builder
	for _, p := range g.Way {
		if p.Check == nil || p.Check.Output == "" {
			continue
		}
		if b.Len() == 0 {
			fmt.Fprintf(&b, "\n## %s\n", title)
		}
		fmt.Fprintf(&b, "\n### %s\n\n", inCode(p.Check.Command))
		for line := range strings.Lines(strings.TrimRight(p.Check.Output, "\n")) {
			b.WriteString(strings.TrimRight("    "+clean(strings.TrimRight(line, "\n")), " ") + "\n")
		}
	}
	return b.String()
}

// inCode is a command as code, also in a table.
func inCode(s string) string {
	s = strings.ReplaceAll(clean(s), "|", `\|`)
	if strings.Contains(s, "`") {
		return "`` " + s + " ``"
	}
	return "`" + s + "`"
}
