package diag

// WhatIf holds a report against that of the same target without a change that is only meant.
type WhatIf struct {
	Before  *Report
	Changes []Change // in the order of the report, then what is not there any more
}

// Change is what becomes of one finding, or of a check that could not look.
type Change struct {
	Check   *Check
	Rule    *Rule // nil: of the check as a whole, which could not look before or after
	Subject string
	Turn    Turn
}

// Turn is what becomes of a finding.
type Turn string

// The turns. Unknown is one where nobody can tell, because the check could not look before or cannot after.
const (
	TurnNew     Turn = "new"
	TurnChanged Turn = "changed" // it says something else
	TurnSame    Turn = "same"
	TurnMended  Turn = "mended"
	TurnUnknown Turn = "unknown"
)

// Turns lists all of them, in the order in which people read them.
func Turns() []Turn { return []Turn{TurnMended, TurnNew, TurnChanged, TurnSame, TurnUnknown} }

// Of lists the changes with one turn.
func (w *WhatIf) Of(t Turn) (out []Change) {
	for _, c := range w.Changes {
		if c.Turn == t {
			out = append(out, c)
		}
	}
	return out
}
