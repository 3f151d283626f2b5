package cmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/check"
)

// listKinds are the lists that explain has; rules are those of the checks.
func listKinds() []string {
	return []string{"rules", "codes", "replies", "enhanced", "reasons", "patterns", "remedies", "providers", "wordings", "blocklists", "terms"}
}

// listLine is an entry of a list. Its id is what explain takes.
type listLine struct {
	Kind  report.Kind `json:"kind"`
	ID    string      `json:"id"`
	Title string      `json:"title"`
	Note  string      `json:"note"`
	text  codes.Text
}

// ruleLine is a rule in the list of rules (schema todoku/rules/1).
type ruleLine struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Ref      string   `json:"ref"`
	Codes    []string `json:"codes"`
	says     string
}

func (a *app) explainList(c *cobra.Command, o explainOptions, args []string) error {
	form, err := formOf(a, report.Lists)
	if err != nil {
		return err
	}
	if err := countArgs(c, args, 0, 1); err != nil {
		return err
	}
	kind := "rules"
	if len(args) == 1 {
		kind = args[0]
	}
	if _, err := oneOf(listKinds()...)(kind); err != nil {
		return codes.At("--list", err)
	}
	if kind == "rules" {
		return printOne[report.List](c.Context(), a, form, a.ruleLines(), a.styleOfOne)
	}
	catalogue, err := a.loadCatalogue(c.Context(), o.rules)
	if err != nil {
		return err
	}
	lines := book{catalogue}.list(kind)
	for i := range lines {
		lines[i].Title = a.t(lines[i].text)
	}
	return printOne[report.List](c.Context(), a, form, listLines(lines), a.styleOfOne)
}

// listLines is a list of entries.
type listLines []listLine

// Lines sets a list in columns, whose width is that of the terminal's characters; what may be long, words or addresses,
// comes last. An entry is a line, on a terminal it is wrapped.
func (lines listLines) Lines(w *page.Out, _ page.Options) string {
	const short = 24 // at most, of a note that stands in the middle
	screen, wraps := w.Terminal()
	width := runewidth.Condition{StrictEmojiNeutral: true}
	var columns [3]int
	for _, l := range lines {
		for i, s := range [...]string{l.ID, l.Note, l.Title} {
			columns[i] = max(columns[i], width.StringWidth(s))
		}
	}
	var b strings.Builder
	for _, l := range lines {
		middle, space, last := l.Note, columns[1], l.Title
		if columns[1] > short {
			middle, space, last = l.Title, columns[2], l.Note
		}
		head := width.FillRight(l.ID, columns[0]) + "  "
		if space > 0 {
			head += width.FillRight(middle, space) + "  "
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

func (c book) list(kind string) []listLine {
	switch kind {
	case "codes":
		return lineUp(c.Deliveries(), func(d *codes.Delivery) listLine {
			return listLine{Kind: report.KindDelivery, ID: d.ID, text: d.Title, Note: string(d.Certainty)}
		})
	case "replies":
		return lineUp(c.Basics(), func(b *codes.Basic) listLine {
			return listLine{Kind: report.KindReplyCode, ID: strconv.Itoa(b.Code), text: b.Title, Note: b.Ref}
		})
	case "enhanced":
		return lineUp(c.Statuses(), func(s *codes.Status) listLine {
			return listLine{Kind: report.KindEnhanced, ID: s.Code, text: s.Title, Note: s.Ref}
		})
	case "reasons":
		return lineUp(c.Reasons(), func(r *codes.Reason) listLine {
			return listLine{Kind: report.KindReason, ID: r.ID, text: r.Title, Note: string(r.Class)}
		})
	case "patterns":
		return lineUp(c.Patterns(), func(p *codes.Pattern) listLine {
			return listLine{Kind: report.KindPattern, ID: p.ID, text: p.Title}
		})
	case "remedies":
		return lineUp(c.Remedies(), func(r *codes.Remedy) listLine {
			return listLine{Kind: report.KindRemedy, ID: r.ID, text: r.Text, Note: string(r.Owner)}
		})
	case "providers":
		return lineUp(c.Providers(), func(p *codes.Provider) listLine {
			return listLine{Kind: report.KindProvider, ID: p.ID, text: p.Name, Note: strconv.Itoa(len(p.Rules))}
		})
	case "wordings":
		return lineUp(c.Rules(), func(r *codes.Rule) listLine {
			return listLine{Kind: report.KindWording, ID: r.ID, text: codes.Text{EN: r.EN, JA: r.JA}, Note: r.Reason}
		})
	case "blocklists":
		return lineUp(c.Blocklists(), func(b *codes.Blocklist) listLine {
			return listLine{Kind: report.KindBlocklist, ID: b.ID, text: codes.Text{EN: b.Name, JA: b.Name}, Note: b.Lookup}
		})
	}
	return lineUp(c.Terms(), func(t *codes.Term) listLine {
		return listLine{Kind: report.KindTerm, ID: t.ID, text: t.Title}
	})
}

func lineUp[T any](entries []*T, line func(*T) listLine) []listLine {
	out := make([]listLine, len(entries))
	for i, e := range entries {
		out[i] = line(e)
	}
	return out
}

// ruleLines is the list of the rules of checks.
type ruleLines []ruleLine

func (a *app) ruleLines() ruleLines {
	lines := ruleLines{}
	for _, r := range check.Rules() {
		lines = append(lines, ruleLine{r.ID, r.Severity.String(), r.Ref, append([]string{}, r.Codes...), a.t(r.Says)})
	}
	return lines
}

// Lines is the list for people.
func (lines ruleLines) Lines(w *page.Out, _ page.Options) string {
	screen, wraps := w.Terminal()
	var b strings.Builder
	for _, r := range lines {
		line, says := fmt.Sprintf("%-24s %-5s %-21s", r.Rule, r.Severity, r.Ref), report.Blanks(r.says)
		if wraps { // what it says has lines of its own
			line, says = strings.TrimRight(line, " "), "\n    "+strings.Join(page.Lines(says, max(screen-5, 20)), "\n    ")
		} else {
			says = "  " + says
		}
		b.WriteString(line + says + "\n")
	}
	return b.String()
}
