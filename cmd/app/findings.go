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
