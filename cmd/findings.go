package cmd

import (
	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// findings are the values that a command came to, besides what it printed; nil
// where it has none of the kind.
type findings struct {
	report    *diag.Report
	diagnosis *guide.Diagnosis
	catalogue *codes.Catalogue // with which the diagnosis was made
}

// confirmed are the ids of the causes that a diagnosis confirmed.
func (f *findings) confirmed() []string {
	var ids []string
	if f.diagnosis != nil {
		for _, o := range f.diagnosis.Outcomes {
			if o.Status == guide.Confirmed {
				ids = append(ids, o.Cause.ID)
			}
		}
	}
	return ids
}

// commandMaker makes the command of a name, "check spf"; nil where there is none. What it finds goes to f.
type commandMaker func(a *app, name string, f *findings) *cobra.Command
