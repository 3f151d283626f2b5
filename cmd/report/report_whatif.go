package report

import (
	"todoku/codes"
	"todoku/diag"
)

// whatIfJSON is the part of a report that is of a world with a change: the report of the world as it is, and what becomes of
// each finding.
type whatIfJSON struct {
	Before  reportJSON `json:"before"`
	Changes []turnJSON `json:"changes"`
}

type turnJSON struct {
	Check   string    `json:"check"`
	Rule    string    `json:"rule"` // "": of the check as a whole
	Subject string    `json:"subject"`
	Change  diag.Turn `json:"change"`
}

func asWhatIf(w *diag.WhatIf, o Options) *whatIfJSON {
	if w == nil {
		return nil
	}
	out := &whatIfJSON{Before: asReport(w.Before, o), Changes: make([]turnJSON, len(w.Changes))}
	for i, c := range w.Changes {
		out.Changes[i] = turnJSON{Check: c.Check.Name, Subject: c.Subject, Change: c.Turn}
		if c.Rule != nil {
			out.Changes[i].Rule = c.Rule.ID
		}
	}
	return out
}

// turnText is a turn in words.
func turnText(t diag.Turn) codes.Text {
	switch t {
	case diag.TurnNew:
		return codes.Text{EN: "new", JA: "新規"}
	case diag.TurnChanged:
		return codes.Text{EN: "changed", JA: "変化"}
	case diag.TurnMended:
		return codes.Text{EN: "mended", JA: "解消"}
	case diag.TurnUnknown:
		return codes.Text{EN: "unknown", JA: "確認できず"}
	}
	return codes.Text{EN: "stays", JA: "変わらず"}
}

// turned is what became of a finding, in words.
func turned(c diag.Change, l codes.Lang) string {
	what := c.Check.Title.In(l)
	if c.Rule != nil {
		what = c.Rule.ID
	}
	return fill(dictionary()[wTurned], codes.Data{codes.Words("turn", turnText(c.Turn)), codes.Str("rule", what),
		codes.Str("subject", c.Subject)}, l)
}

// whatIfView is a comparison in words: how many findings turned how, and below it the checks whose status differs and the
// findings.
type whatIfView struct {
	Head  string
	Lines []turnView
}

type turnView struct {
	Class string // a status, for the colour
	Text  string
}

func whatIfWords(r *diag.Report, l codes.Lang) (v whatIfView) {
	w := r.WhatIf
	if w == nil {
		return v
	}
	var counts codes.Data
	for _, t := range diag.Turns() {
		counts = append(counts, codes.Num(string(t), len(w.Of(t))))
	}
	v.Head = fill(dictionary()[wWhatIf], counts, l)
	for _, was := range w.Before.Results {
		for _, is := range r.Results {
			before, after := resultText(was).In(l), resultText(is).In(l)
			if was.Check.Name == is.Check.Name && before != after {
				v.Lines = append(v.Lines, turnView{is.Status().String(), fill(dictionary()[wBecomes], codes.Data{
					codes.Str("check", is.Check.Title.In(l)), codes.Str("before", before), codes.Str("after", after)}, l)})
			}
		}
	}
	for _, t := range diag.Turns() {
		for _, c := range w.Of(t) {
			v.Lines = append(v.Lines, turnView{turnStatus(c).String(), turned(c, l)})
		}
	}
	return v
}

// turnStatus is the status of which a turn has the colour.
func turnStatus(c diag.Change) diag.Status {
	switch {
	case c.Turn == diag.TurnMended:
		return diag.OK
	case c.Turn == diag.TurnUnknown || c.Rule == nil:
		return diag.Unknown
	}
	return c.Rule.Severity
}

// whatIf says what the change does, finding by finding.
func (t *reportPage) whatIf(r *diag.Report) {
	v := whatIfWords(r, t.o.Lang)
	if v.Head == "" {
		return
	}
	t.line("")
	t.para("", 0, v.Head)
	for _, line := range v.Lines {
		t.para("  ", 2, line.Text)
	}
}

// turns gives out what became of the findings of a report, each once.
type turns []diag.Change

// turnsOf are those of a report; none where nothing was compared.
func turnsOf(r *diag.Report) turns {
	if r.WhatIf == nil {
		return nil
	}
	return append(turns{}, r.WhatIf.Changes...)
}

// take is the turn of a finding, "" without one; a nil rule is the check that could not look.
func (t *turns) take(c *diag.Check, rule *diag.Rule, subject string) diag.Turn {
	for i, x := range *t {
		if x.Check.Name == c.Name && x.Rule == rule && (rule == nil || x.Subject == subject) && x.Turn != diag.TurnMended {
			*t = append((*t)[:i:i], (*t)[i+1:]...)
			return x.Turn
		}
	}
	return ""
}

// mendedRows are rows of what is not there any more.
func mendedRows(r *diag.Report, l codes.Lang) (out []row) {
	if r.WhatIf == nil {
		return nil
	}
	for _, c := range r.WhatIf.Of(diag.TurnMended) {
		out = append(out, row{Target: r.Target.Name, Check: c.Check, Status: diag.OK, Rule: c.Rule, Subject: c.Subject,
			Message: turned(c, l), Turn: c.Turn})
	}
	return out
}
