package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
)

// explanationView is an explanation as its template shows it.
type explanationView struct {
	Several string
	Pages   []readingView
	Places  string
}

// readingView is one reading.
type readingView struct {
	Head            markedView
	ID, Title, Tags string
	Rows            []rowsView
	AsAbove         string // instead of steps
	Steps           stepsView
	Next            copyView
}

func explainView(e explain.Explanation, o Options) explanationView {
	t, words := makeWebText(o), newWording(o.Lang)
	v := explanationView{}
	if len(e.Readings) > 1 || e.Failures > 1 {
		v.Several = words.several(e)
	}
	pages := words.pages(e)
	for _, s := range pages {
		v.Pages = append(v.Pages, t.reading(words, s))
	}
	if places := words.places(pages); places != "" {
		v.Places = words.say(lPlaces) + ": " + places
	}
	return v
}

func (t webText) reading(w wording, s explanationPage) readingView {
	v := readingView{ID: s.id, Title: s.title, Tags: strings.Join(s.tags, " · "), Next: t.copyable(s.nextLabel, page.Command(s.next))}
	if s.isRule {
		v.Head = markedLine(s.severity, "")
	}
	if strings.EqualFold(strings.ReplaceAll(s.id, "-", " "), s.title) {
		v.ID = ""
	}
	for _, r := range s.rows {
		v.Rows = labelled(v.Rows, r.label, t.explained(w, r))
	}
	if len(s.steps) == 0 {
		v.AsAbove = s.heading
		return v
	}
	v.Steps.Title = s.heading
	for _, step := range s.steps {
		x := stepView{Text: step.text}
		for _, r := range step.rows {
			x.Rows = labelled(x.Rows, r.label, t.explained(w, r))
		}
		v.Steps.Steps = append(v.Steps.Steps, x)
	}
	return v
}

// explained is a row with its command.
func (t webText) explained(w wording, r explanationRow) itemView {
	item := textItem(r.text)
	label := ""
	if r.text != "" {
		label = w.say(lCheck)
	}
	item.Command = t.copyable(label, page.Command(r.command))
	return item
}

// explanationTitle is what a page of explanations is called.
var explanationTitle = codes.Text{EN: "Explanation", JA: "解説"}
