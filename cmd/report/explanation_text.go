package report

import (
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
)

// Columns of what belongs to a numbered step.
const (
	stepIndent = 5
	stepLabel  = 7
)

func explainText(w *page.Out, o Options, e explain.Explanation) error {
	o.Width = max(o.Width, 40)
	t := makeText(w, o)
	words := newWording(o.Lang)
	if len(e.Readings) > 1 || e.Failures > 1 {
		t.para("", 0, words.several(e))
		t.line("")
	}
	pages := words.pages(e)
	for i, s := range pages {
		if i > 0 {
			t.line("")
		}
		t.explanation(words, s)
	}
	if places := words.places(pages); places != "" {
		if pages[len(pages)-1].next.IsZero() {
			t.line("")
		}
		t.para("", 0, "("+words.say(lPlaces)+": "+places+")")
	}
	return t.page.Flush()
}

// brief is enough of an input to know it again.
func brief(input string) string {
	const letters = 30
	if r := []rune(input[:min(len(input), 4*letters)]); len(r) > letters {
		input = string(r[:letters]) + "…"
	}
	return strings.Join(strings.Fields(input), " ")
}

func (t *text) explanation(w wording, s explanationPage) {
	t.explanationHead(s)
	t.line("")
	column := 12
	for _, r := range s.rows {
		column = max(column, t.page.StringWidth(r.label)+2)
	}
	for _, r := range s.rows {
		if r.text == "" {
			t.commandLines(r.label, column, r.command)
			continue
		}
		t.para(r.label, column, r.text)
		t.command(w, column, r.command)
	}
	t.explanationSteps(w, s)
	t.explanationNext(s.nextLabel+": ", s.next)
}

func (t *text) explanationNext(label string, command codes.Command) {
	if command.IsZero() {
		return
	}
	t.line("")
	if line, fits := t.withCommand(page.Words(label), "", command, t.page.Width); fits {
		t.page.Line(line)
		return
	}
	t.line(strings.TrimSpace(label))
	t.commandLines("", 2, command)
}

// explanationHead says what is explained; how sure that is stands at the right where
// there is space.
func (t *text) explanationHead(s explanationPage) {
	if s.isRule {
		t.page.Line(append(marked(s.severity, ""), page.Piece{Text: s.id, Colour: page.Bold}))
		return
	}
	name, id := page.Clean(s.title), page.Clean(s.id)
	if !strings.EqualFold(strings.ReplaceAll(s.id, "-", " "), s.title) {
		name = strings.TrimSpace(id + "  " + name)
	}
	tags := strings.Join(s.tags, " · ")
	gap := t.page.Width - t.page.StringWidth(name) - t.page.StringWidth(tags)
	for i, l := range t.page.Wrap(name, t.page.Width) {
		line := page.Words(l)
		if rest, ok := strings.CutPrefix(l, id); i == 0 && ok {
			line = page.Styled{{Text: id, Colour: page.Bold}}.Then(rest)
		}
		if gap >= 2 {
			line = line.Then(strings.Repeat(" ", gap) + tags)
		}
		t.page.Line(line)
	}
	if gap < 2 {
		t.para("", 2, tags)
	}
}

func (t *text) command(w wording, column int, command codes.Command) {
	if !command.IsZero() {
		t.commandLines(strings.Repeat(" ", column)+w.say(lCheck)+": ", column+2, command)
	}
}

func (t *text) explanationSteps(w wording, s explanationPage) {
	if s.heading != "" {
		t.line("")
		t.line(s.heading)
	}
	for i, step := range s.steps {
		t.para("  "+strconv.Itoa(i+1)+". ", stepIndent, step.text)
		for _, r := range step.rows {
			head := strings.Repeat(" ", stepIndent) + t.page.Pad(r.label, stepLabel)
			if !r.command.IsZero() {
				t.commandLines(head, stepIndent+stepLabel, r.command)
				continue
			}
			t.para(head, stepIndent+stepLabel, r.text)
		}
	}
}
