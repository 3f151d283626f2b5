package check

import (
	"todoku/cmd/app"
	"todoku/diag"
)

// outcome is how a run over one or many targets went.
type outcome struct {
	worst    diag.Status
	badInput bool // some input was no target
	cutShort bool // the deadline came before the last target
}

// exit gives the exit status of a run: what was found wrong weighs more than
// input that could not be read, and that more than what could not be looked up.
func (o outcome) exit(t app.Threshold) app.ExitStatus {
	s := t.Exit(o.worst)
	switch {
	case s == app.ExitWrong:
		return app.ExitWrong
	case o.badInput:
		return app.ExitUsage
	case o.cutShort:
		return app.ExitUnknown
	}
	return s
}
