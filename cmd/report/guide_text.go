package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// guideText prints a way through the guide for people: the causes, what was looked
// at, the steps.
func guideText(w *page.Out, o Options, g *Guide) error {
	t := makeText(w, o)
	t.guide(g)
	return t.page.Flush()
}

func (t *text) guide(g *Guide) {
	l := t.o.Lang
	head := g.Pattern.Name().In(l) + "  "
	t.para(head, t.page.StringWidth(head), g.Pattern.Title.In(l))
	if known := guideHead(g, l); len(known) > 0 {
		t.para("", 0, strings.Join(known, " · "))
	}
	t.line("")
	for i, c := range g.Causes {
		pointer := "  "
		if c.Chosen {
			pointer = "> "
		}
		label := pointer + causeLabel(i+1).In(l) + "  "
		t.para(label, t.page.StringWidth(label), c.Text.In(l)+provenText(c).In(l))
		t.checkLine(commandLabel(c.Command), c.Command, t.page.StringWidth(label))
	}
	t.guideChecks(g)
	t.guideSteps(g)
	t.line("")
	again := t.guideNext(g)
	t.legend(append(g.commands(), again))
	if note := t.guideMails(g); note != "" {
		t.para("", 0, note)
	}
	next := t.say(wNext) + " "
	t.commandLines(next, t.page.StringWidth(next), again)
}

// guideMails says that a check which sends a mail was not run, where that is so.
func (t *text) guideMails(g *Guide) string {
	if g.Mails || !g.Ran || !g.sends() {
		return ""
	}
	return t.say(wThatMails)
}

// provenText tells that a cause is confirmed.
func provenText(c GuideCause) codes.Text {
	if !c.Proven {
		return codes.Text{}
	}
	return codes.Text{EN: " CONFIRMED", JA: "【確認済み】"}
}

// guideHead are the codes and what is known of the mail.
func guideHead(g *Guide, l codes.Lang) []string {
	var parts []string
	switch {
	case g.Code != "":
		parts = append(parts, codes.Text{EN: "code ", JA: "対象エラーコード "}.In(l)+g.Code)
	case len(g.Codes) > 0:
		parts = append(parts, codes.Text{EN: "codes ", JA: "対象エラーコード "}.In(l)+strings.Join(g.Codes, comma(l)))
	case g.Pattern.ID == "D":
		parts = append(parts, codes.Text{EN: "codes none (the result is ok)", JA: "対象エラーコード なし(送信結果は正常)"}.In(l))
	default:
		parts = append(parts, codes.Text{EN: "codes none", JA: "対象エラーコード なし"}.In(l))
	}
	for _, f := range g.Known {
		parts = append(parts, f.Label.In(l)+" "+shown(f.Value))
	}
	if g.Reply != "" {
		parts = append(parts, codes.Text{EN: "reply ", JA: "応答 "}.In(l)+shown(g.Reply))
	}
	return parts
}

// checkLine is the line to type, at a column.
func (t *text) checkLine(label codes.Text, command codes.Command, column int) {
	if !command.IsZero() {
		t.commandLines(strings.Repeat(" ", column)+label.In(t.o.Lang)+": ", column+2, t.o.SameWorld(command))
	}
}

// guideChecks prints the checks that were run, with their verdicts.
func (t *text) guideChecks(g *Guide) {
	first := true
	for _, p := range g.Way {
		c := p.Check
		if c == nil {
			continue
		}
		if first {
			t.line("")
			t.line(t.say(wLookedAt))
			first = false
		}
		for i, part := range page.CommandLines(t.o.SameWorld(c.Command), t.page.Width-4, t.page.StringWidth) {
			head := page.Words("    ")
			if i == 0 {
				head = append(page.Words("  "), mark(verdictMark(c.Verdict))).Then(" ")
			}
			t.page.Line(head.Then(part))
		}
		if c.Result != "" {
			t.para("      ", 6, shown(c.Result))
		}
	}
}

func (t *text) guideSteps(g *Guide) {
	if len(g.Steps) == 0 {
		return
	}
	t.line("")
	t.line(t.say(wDoThis))
	for i, s := range g.Steps {
		n := fmt.Sprintf("  %d. ", i+1)
		text := stepText(s.Remedy, t.o.Lang)
		if s.State != walk.StepOpen {
			text += codes.Text{EN: " — ", JA: " → "}.In(t.o.Lang) + stateText(s.State).In(t.o.Lang)
		}
		t.para(n, len(n), text)
		t.checkLine(s.label(), s.Command, len(n))
	}
}

// commands are all that the guide tells.
func (g *Guide) commands() []codes.Command {
	var out []codes.Command
	for _, c := range g.Causes {
		out = append(out, c.Command)
	}
	for _, s := range g.Steps {
		out = append(out, s.Command)
	}
	return out
}

// leavesOpen reports whether a step's command leaves one of the places open.
func (g *Guide) leavesOpen(places ...codes.Place) bool {
	return slices.ContainsFunc(g.Steps, func(s GuideStep) bool { return slices.ContainsFunc(places, s.Command.HasOpen) })
}

// sends reports whether a step's check sends a mail.
func (g *Guide) sends() bool {
	return slices.ContainsFunc(g.Steps, func(s GuideStep) bool { return s.Command.SendsMail() })
}

// legend explains the words in capitals that commands leave open.
func (t *text) legend(commands []codes.Command) {
	if words := t.legendText(commands); words != "" {
		t.para("", 0, words)
	}
}

// legendText is legend as a sentence, "" where the commands leave nothing open.
func (t *text) legendText(commands []codes.Command) string {
	var parts []string
	for _, p := range legend(commands) {
		parts = append(parts, p.word+t.tr(" ", "=")+p.In(t.o.Lang))
	}
	if len(parts) == 0 {
		return ""
	}
	return t.tr("Put in: ", "置き換え: ") + strings.Join(parts, comma(t.o.Lang))
}

// guideNext is the command that goes on from here: with a record where checks
// were run, else with what they need to be run.
func (t *text) guideNext(g *Guide) codes.Command {
	for _, p := range g.Way {
		if p.Check != nil && p.Check.Verdict != CheckNotRun {
			return GuideAgain(t.o, g)
		}
	}
	next := guideCommand(g)
	if g.leavesOpen(codes.PlaceHost) {
		next = next.And(codes.Todoku("--via", "HOST"))
	}
	if g.leavesOpen(codes.PlaceSender, codes.PlaceDomain) {
		next = next.And(codes.Todoku("--from", "SENDER"))
	}
	if g.leavesOpen(codes.PlaceAddr) {
		next = next.And(codes.Todoku("--to", "ADDR"))
	}
	if g.leavesOpen(codes.PlaceMailbox) {
		next = next.And(codes.Todoku("--mailbox", "MAILBOX"))
	}
	next = next.And(codes.Todoku("--run"))
	if g.Ran && g.sends() {
		next = next.And(codes.Todoku("--yes"))
	}
	return t.o.SameWorld(next)
}

// GuideAgain is the command that goes the same way and keeps a record.
func GuideAgain(o Options, g *Guide) codes.Command {
	return o.SameWorld(guideCommand(g).And(codes.Todoku("--export", "ticket.md")))
}

func guideCommand(g *Guide) codes.Command {
	c := codes.Todoku("guide", "--pattern", "RULE").With(codes.PlaceRule, g.Pattern.ID)
	if g.Code != "" && len(g.Codes) != 1 {
		c = c.And(codes.Todoku("--code", "CODE").With(codes.PlaceCode, g.Code))
	}
	for _, f := range g.Known {
		c = c.And(codes.Command{Args: []codes.Arg{codes.Arg{Flag: "--" + f.Name, Place: f.Place}.With(f.Value)}}.Without())
	}
	return c
}
