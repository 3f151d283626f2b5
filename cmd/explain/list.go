package explain

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/check"
	"todoku/diag/guide/explain"
)

// listNames are the lists that explain has: the rules of the checks, and those of
// the catalogue.
func listNames() []string {
	names := []string{"rules"}
	for _, l := range explain.Lists() {
		names = append(names, string(l))
	}
	return names
}

// listLine is an entry of a list. Its id is what explain takes.
type listLine struct {
	Kind  explain.Kind `json:"kind"`
	ID    string       `json:"id"`
	Title string       `json:"title"`
	Note  string       `json:"note"`

	note string // in words
}

// ruleLine is a rule in the list of rules (schema todoku/rules/1).
type ruleLine struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Ref      string   `json:"ref"`
	Codes    []string `json:"codes"`
	says     string
	severity string // in words
}

func explainList(a *app.App, c *cobra.Command, o explainOptions, args []string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	if err := usage.CountArgs(c, args, 0, 1); err != nil {
		return err
	}
	kind := "rules"
	if len(args) == 1 {
		kind = args[0]
	}
	if kind, err = app.OneOf(listNames()...)(kind); err != nil {
		return codes.At("--list", err)
	}
	if kind == "rules" {
		return app.PrintOne[report.List](c.Context(), a, form, listRules(a), a.StyleOfOne)
	}
	catalogue, err := a.LoadCatalogue(c.Context(), o.rules)
	if err != nil {
		return err
	}
	lines := listLines{}
	for _, e := range (explain.Explainer{Catalogue: catalogue}).List(explain.List(kind)) {
		lines = append(lines, listLine{e.Kind, e.ID, a.T(e.Title), e.Note, a.T(report.NoteText(e))})
	}
	return app.PrintOne[report.List](c.Context(), a, form, lines, a.StyleOfOne)
}

// listLines is a list of entries.
type listLines []listLine

// Rows are the entries one by one.
func (lines listLines) Rows() []any { return report.RowsOf(lines) }

// Lines sets a list in columns, whose width is that of the terminal's characters; what may be long, words or addresses,
// comes last. An entry is a line, on a terminal it is wrapped.
func (lines listLines) Lines(w *page.Out, _ page.Options) string {
	const short = 24 // at most, of a note that stands in the middle
	screen, wraps := w.Terminal()
	width := page.NewRuler()
	var columns [3]int
	for _, l := range lines {
		for i, s := range [...]string{l.ID, l.note, l.Title} {
			columns[i] = max(columns[i], width.StringWidth(s))
		}
	}
	var b strings.Builder
	for _, l := range lines {
		middle, space, last := l.note, columns[1], l.Title
		if columns[1] > short {
			middle, space, last = l.Title, columns[2], l.note
		}
		head := width.Pad(l.ID, columns[0]) + "  "
		if space > 0 {
			head += width.Pad(middle, space) + "  "
		}
		parts := []string{last}
		if room := screen - 1 - width.StringWidth(head); wraps && room >= 20 {
			parts = page.Lines(last, room)
		}
		for _, part := range parts {
			b.WriteString(strings.TrimRight(head+part, " ") + "\n")
			head = strings.Repeat(" ", width.StringWidth(head))
		}
	}
	return b.String()
}

// ruleLines is the list of the rules of checks.
type ruleLines []ruleLine

func listRules(a *app.App) ruleLines {
	lines := ruleLines{}
	for _, r := range check.Rules() {
		lines = append(lines, ruleLine{r.ID, r.Severity.String(), r.Ref, append([]string{}, r.Codes...), report.Blanks(r.Says, a.Lang),
			a.T(report.SeverityText(r.Severity))})
	}
	return lines
}

// Rows are the rules one by one.
func (lines ruleLines) Rows() []any { return report.RowsOf(lines) }

// Lines is the list for people.
func (lines ruleLines) Lines(w *page.Out, _ page.Options) string {
	screen, wraps := w.Terminal()
	var b strings.Builder
	for _, r := range lines {
		line, says := fmt.Sprintf("%-24s %s %-21s", r.Rule, page.NewRuler().Pad(r.severity, 8), r.Ref), r.says
		if wraps { // what it says has lines of its own
			line, says = strings.TrimRight(line, " "), "\n    "+strings.Join(page.Lines(says, max(screen-5, 20)), "\n    ")
		} else {
			says = "  " + says
		}
		b.WriteString(line + says + "\n")
	}
	return b.String()
}
