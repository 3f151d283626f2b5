package app

import (
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// Findings are the results of a command as values, besides what it printed. The guide needs them: it runs commands and
// reads their results. A command fills in what it has; the rest is nil.
type Findings struct {
	Report    *diag.Report     // of a check
	Diagnosis *guide.Diagnosis // of diagnose, where it looked at a single mail
	Catalogue *codes.Catalogue // with which the diagnosis was made
}

// Confirmed are the ids of the causes that a diagnosis confirmed.
func (f *Findings) Confirmed() []string {
	var ids []string
	if f.Diagnosis != nil {
		for _, o := range f.Diagnosis.Outcomes {
			if o.Status == guide.Confirmed {
				ids = append(ids, o.Cause.ID)
			}
		}
	}
	return ids
}
