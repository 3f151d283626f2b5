package serve

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// guideBody is a page of the guide. ID is "" before the first question.
type guideBody struct {
	ID, Problem string
	N           int // passages so far
	Way         []passageView
	Ask         *questionView
	Steps       []stepView // at the end
	Solved      bool
	Pattern     string
	Command     string
}

type passageView struct{ Says, Answer, Command, Verdict, Result string }

type questionView struct {
	Lead    []string
	Step    string
	Details []string
	Says    string
	Long    bool // the answer may be a text
	Choices []choiceView
}

type choiceView struct {
	ID, Says string
	Proposed bool
}

type stepView struct{ Says, State string }

// body is the page of a way.
func (s guides) body(id string, g *walkthrough, f frame) guideBody {
	b := guideBody{ID: id, N: len(g.passages), Pattern: g.state.Pattern.ID}
	in := func(t codes.Text) string { return page.Clean(t.In(f.Lang)) }
	for _, p := range g.passages {
		v := passageView{Says: in(p.says), Answer: in(p.answer), Verdict: in(p.verdict), Result: p.result}
		if !p.check.IsZero() {
			v.Command = page.Command(p.check.In(s.worldArgs))
		}
		b.Way = append(b.Way, v)
	}
	if turn := g.state.Next(); turn.Ask != nil && len(g.passages) < maxPassages {
		b.Ask = questionOf(turn.Ask, f)
		return b
	}
	for _, r := range g.state.Remedies() {
		state := g.state.States[r.ID]
		b.Solved = b.Solved || state == walk.StepSolved
		b.Steps = append(b.Steps, stepView{in(r.Text), f.T(stateEN(state), stateJA(state))})
	}
	if b.Pattern != "" {
		b.Command = page.Command(codes.Todoku("guide", "--pattern", "RULE").With(codes.PlaceRule, b.Pattern).In(s.worldArgs))
	}
	return b
}

func stateEN(s walk.StepState) string {
	switch s {
	case walk.StepDone:
		return "done"
	case walk.StepSolved:
		return "solved it"
	}
	return "still to do"
}

func stateJA(s walk.StepState) string {
	switch s {
	case walk.StepDone:
		return "実施済み"
	case walk.StepSolved:
		return "解決"
	}
	return "未実施"
}

// questionOf is a question as its page shows it.
func questionOf(q *walk.Question, f frame) *questionView {
	in := func(t codes.Text) string { return page.Clean(t.In(f.Lang)) }
	v := &questionView{Says: in(q.Says), Long: q.ID == "fact:"+string(codes.PlaceReply) || q.ID == "symptom:text"}
	for _, l := range q.Lead {
		v.Lead = append(v.Lead, in(l))
	}
	if q.Step != nil {
		v.Step = in(q.Step.Remedy.Text)
	}
	if place, isFact := strings.CutPrefix(q.ID, "fact:"); isFact {
		v.Says = in(walk.FactLabel(codes.Place(place))) + f.T(" (leave empty what is not known)", "(分からない場合は空欄)")
	}
	for i, c := range q.Choices {
		v.Choices = append(v.Choices, choiceView{c.ID, page.Message(c.Says, f.Lang), c.ID == q.Proposed || q.Proposed == "" && i == 0})
	}
	return v
}
