package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/triage"
)

// triageText prints a triage for people.
func triageText(w *page.Out, o Options, r *triage.Triage) error {
	t := makeText(w, o)
	t.para("", 0, fill(codes.Text{EN: "{failed} of {ended} failed.", JA: "{ended}件のうち{failed}件が失敗しました。"},
		codes.Data{codes.Num("failed", int(r.Counts.Trouble())), codes.Num("ended", int(r.Counts.Ended()))}, o.Lang))
	return t.page.Flush()
}

func patternText(*triage.Group, triage.Pattern) codes.Text { return codes.Text{} }
