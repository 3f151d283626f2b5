package report

import (
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/guide/walk"
)

// GuideSchemaName is what a way through the guide calls its schema.
const GuideSchemaName = "todoku/guide/1"

// Guide is a way through the troubleshooting guide.
type Guide struct {
	Started time.Time
	Elapsed time.Duration
	Pattern codes.Pattern
	Codes   []string // delivery codes of the pattern
	Code    string   // of this mail
	Reply   string
	Known   []GuideFact
	Causes  []GuideCause
	Steps   []GuideStep
	Way     []Passage
	Ran     bool // checks were to be run
	Mails   bool // also those that send a mail
}

// GuideFact is something known of the mail.
type GuideFact struct {
	Name  string // of the flag: "from"
	Place codes.Place
	Label codes.Text
	Value string
}

// GuideCause is a cause of the pattern.
type GuideCause struct {
	Text    codes.Text
	Command codes.Command // that confirms or excludes it
	Chosen  bool
	Proven  bool // a check confirmed it
}

// GuideStep is one step of the remedy.
type GuideStep struct {
	Remedy  codes.Remedy
	Command codes.Command
	Found   GuideVerdict // what the command came to on the way; "": not run, or no answer to this step
	State   walk.StepState
}

// label stands before the command of a step; it says what the command came to.
func (s GuideStep) label() codes.Text {
	label := commandLabel(s.Command)
	if s.Found == "" || s.Found == CheckNotRun {
		return label
	}
	found := VerdictName(s.Found)
	return codes.Text{EN: label.EN + " (" + found.EN + ")", JA: label.JA + "(" + found.JA + ")"}
}

// Passage is one thing that happened on the way: a question with its answer, or
// a check with its result.
type Passage struct {
	At       time.Time
	ID       string     // "symptom", "step:countermeasure_spf", "check"
	Question codes.Text // of a check: what for
	Answer   codes.Text
	Check    *GuideCheck // nil of a question
}

// GuideVerdict is what a check came to.
type GuideVerdict string

// The verdicts of checks.
const (
	CheckOK      GuideVerdict = "ok"       // looked, nothing is wrong
	CheckWrong   GuideVerdict = "wrong"    // looked, something is wrong
	CheckUnknown GuideVerdict = "unknown"  // could not look
	CheckAnswer  GuideVerdict = "answered" // says something that is no verdict
	CheckNotRun  GuideVerdict = "not_run"
)

// GuideCheck is a check that was run, or could not be.
type GuideCheck struct {
	Command codes.Command
	Verdict GuideVerdict
	Status  int            // the command's exit status
	Result  string         // its first paragraph
	Causes  []*guide.Cause // that a diagnosis confirmed
	Output  string
	Took    time.Duration
}

// verdictMark is the status whose sign a check's verdict has.
func verdictMark(v GuideVerdict) diag.Status {
	switch v {
	case CheckOK:
		return diag.OK
	case CheckWrong:
		return diag.Fail
	case CheckAnswer:
		return diag.Info
	}
	return diag.Unknown
}

// VerdictName is what a check came to, in words.
func VerdictName(v GuideVerdict) codes.Text {
	switch v {
	case CheckOK:
		return codes.Text{EN: "nothing wrong found", JA: "問題は見つかりませんでした"}
	case CheckWrong:
		return codes.Text{EN: "something is wrong", JA: "問題があります"}
	case CheckAnswer:
		return codes.Text{EN: "answered", JA: "実行しました"}
	case CheckNotRun:
		return codes.Text{EN: "not run", JA: "未実行"}
	}
	return codes.Text{EN: "could not look", JA: "確認できませんでした"}
}

func stateText(s walk.StepState) codes.Text {
	switch s {
	case walk.StepDone:
		return codes.Text{EN: "done", JA: "実施済み"}
	case walk.StepLeft:
		return codes.Text{EN: "left for later", JA: "後で実施"}
	case walk.StepSolved:
		return codes.Text{EN: "solved", JA: "解決"}
	}
	return codes.Text{EN: "open", JA: "未実施"}
}
