package app

import (
	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// Findings are the values that a command came to, besides what it printed; nil
// where it has none of the kind.
type Findings struct {
	Report    *diag.Report
	Diagnosis *guide.Diagnosis
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

// CommandMaker makes the command of a name, "check spf"; nil where there is none. What it finds goes to f.
type CommandMaker func(a *App, name string, f *Findings) *cobra.Command
