package baseline

import (
	"cmp"

	"todoku/diag"
)

// Compare tells what becomes of each finding from one report of a target to another. Only checks that ran in both are
// compared. Where one of the two could not look, what the other found is neither new nor mended: nobody knows.
func Compare(before, after *diag.Report) *diag.WhatIf {
	w := &diag.WhatIf{Before: before}
	old, now := findings(before), findings(after)
	in := func(r *diag.Report, c *diag.Check) *diag.Result {
		for i := range r.Results {
			if r.Results[i].Check.Name == c.Name {
				return &r.Results[i]
			}
		}
		return nil
	}
	for _, res := range after.Results {
		was := in(before, res.Check)
		if was == nil {
			continue
		}
		for _, f := range res.Findings {
			known := KnownOf(res.Check, f)
			turn := known.turn(old)
			if turn == diag.TurnNew && !Looked(known, before) {
				turn = diag.TurnUnknown
			}
			w.Changes = append(w.Changes, diag.Change{Check: res.Check, Rule: f.Rule, Subject: f.Subject, Turn: turn})
		}
		if was.Err != nil || res.Err != nil {
			subject := cmp.Or(after.Target.ASCII, after.Target.Name)
			w.Changes = append(w.Changes, diag.Change{Check: res.Check, Subject: subject, Turn: diag.TurnUnknown})
		}
	}
	for _, res := range before.Results {
		if in(after, res.Check) == nil {
			continue
		}
		for _, f := range res.Findings {
			known := KnownOf(res.Check, f)
			switch {
			case known.turn(now) != diag.TurnNew: // told with the findings of after
			case Looked(known, after):
				w.Changes = append(w.Changes, diag.Change{Check: res.Check, Rule: f.Rule, Subject: f.Subject, Turn: diag.TurnMended})
			default:
				w.Changes = append(w.Changes, diag.Change{Check: res.Check, Rule: f.Rule, Subject: f.Subject, Turn: diag.TurnUnknown})
			}
		}
	}
	return w
}
