package walk

// StepState is how far a step is.
type StepState string

// The states of steps.
const (
	StepOpen   StepState = "open"   // not come to
	StepDone   StepState = "done"   // somebody says so
	StepLeft   StepState = "left"   // for later
	StepSolved StepState = "solved" // the mail arrives since
)
