package guide

import (
	"fmt"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// leadLines are what is shown before a question.
func leadLines(q *walk.Question) []codes.Text {
	if q.Step == nil {
		return q.Lead
	}
	r, who := q.Step.Remedy, report.Actor(q.Step.Remedy)
	lead := []codes.Text{{EN: fmt.Sprintf("Step %d of %d [%s] %s", q.Step.N, q.Step.Of, who.EN, r.Text.EN), JA: fmt.Sprintf("手順%d/%d [%s] %s", q.Step.N, q.Step.Of, who.JA, r.Text.JA)}}
	if !r.When.IsZero() {
		lead = append(lead, codes.Text{EN: "Only when: " + r.When.EN, JA: "条件: " + r.When.JA})
	}
	return lead
}

// questionLine is the n-th question on one line.
func questionLine(n int, q *walk.Question) codes.Text {
	return codes.Text{EN: fmt.Sprintf("Question %d: %s", n, q.Says.EN), JA: fmt.Sprintf("質問%d: %s", n, q.Says.JA)}
}

// bothLanguages is a message as a text, its commands as they are typed.
func bothLanguages(m codes.Message) codes.Text {
	return codes.Text{EN: page.Message(m, codes.English), JA: page.Message(m, codes.Japanese)}
}
