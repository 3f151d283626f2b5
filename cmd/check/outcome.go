package check

import "todoku/cmd/app"

// outcome is how a run over one or many targets went.
type outcome struct {
	judged   app.ExitStatus // the worst of the reports, each by its own --fail-on
	badInput bool           // some input was no target
	cutShort bool           // the deadline came before the last target
}

// exit gives the exit status of a run: what was found wrong weighs more than
// input that could not be read, and that more than what could not be looked up.
func (o outcome) exit() app.ExitStatus {
	switch {
	case o.judged == app.ExitWrong:
		return app.ExitWrong
	case o.badInput:
		return app.ExitUsage
	case o.cutShort:
		return app.ExitUnknown
	}
	return o.judged
}

// add counts the exit status that one report would have alone.
func (o *outcome) add(s app.ExitStatus) {
	if s == app.ExitWrong || o.judged == app.ExitOK {
		o.judged = s
	}
}
