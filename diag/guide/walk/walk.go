package walk

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"todoku/codes"
	"todoku/diag/guide"
)

// Options say what can be done on the way.
type Options struct {
	Runs   func(codes.Command) bool                                       // the command can be run here
	Read   func(place codes.Place, said string) (value string, err error) // reads a value as the command line does; "" is not known
	Checks bool                                                           // where nobody answers, checks are run
	Mails  bool                                                           // also those that send a mail
}

// State is a way through the guide without its terminal: what is known, the
// position, and what comes next. It does no I/O and knows no clock.
type State struct {
	catalogue *codes.Catalogue
	options   Options

	Position
	behind []Position // to go back to
}

// Position is what a step back restores.
type Position struct {
	Facts    Facts
	Offered  []string // patterns that the symptom fits, nil for all
	NoResult bool     // the mail did not arrive; the result of its sending decides the pattern
	Pattern  codes.Pattern
	Cause    int // from 1; 0 is all of them, -1 not chosen yet
	asked    []string
	pending  *pending
	States   map[string]StepState
	ran      []codes.Command
	Proven   []int // causes of the pattern that a diagnosis confirmed
	stopped  bool
}

// pending is a check that waits for its facts.
type pending struct {
	looks   []codes.Command
	says    codes.Text
	decides bool // looks are those of decisive, whatever becomes known
}

// Turn is what comes next: a question, or a check to run; neither at the end.
type Turn struct {
	Ask   *Question
	Check *Check
	Says  codes.Text // what the check is for
}

// Question is asked of a person, or answered by Fallback where nobody is asked.
type Question struct {
	ID       string
	Says     codes.Text
	Lead     []codes.Text // shown before it
	Step     *StepAsked   // that it is about, shown before it; nil for none
	Choices  []Choice     // nil: free text
	Parse    func(string) (string, error)
	Fallback string
	Proposed string // the choice to begin at; the first where there is none
}

// Choice is one answer to choose.
type Choice struct {
	ID   string
	Key  rune // by which it may be chosen besides its number
	Says codes.Message
}

// Answers of choices.
const (
	ChooseText   = "text"
	ChooseLook   = "look"
	ChooseAll    = "all"
	ChooseRun    = "run"
	ChooseNext   = "next"
	ChooseDone   = "done"
	ChooseLeft   = "left"
	ChooseSolved = "solved"
	ChooseNone   = "none"
	ChooseError  = "error"
)

// Next is what comes next.
func (w *State) Next() Turn {
	if w.stopped {
		return Turn{}
	}
	if w.pending != nil {
		return w.toRun()
	}
	if w.Pattern.ID == "" {
		return Turn{Ask: w.askSymptom()}
	}
	if q := w.askCode(); q != nil {
		return Turn{Ask: q}
	}
	if w.Cause < 0 && w.onlyCause() { // there is nothing to choose
		w.Cause = 1
	}
	for _, ask := range [...]func() *Question{w.askCause, w.askCheck, w.askStep} {
		if q := ask(); q != nil {
			return Turn{Ask: q}
		}
	}
	return Turn{}
}

// onlyCause reports whether there is one cause, and no check that may exclude it.
func (w *State) onlyCause() bool {
	_, may := w.look()
	return !may && len(w.Pattern.Causes) == 1
}

// toRun asks for what the pending check wants, then runs it.
func (w *State) toRun() Turn {
	if w.pending.decides {
		w.pending.looks = w.decisive()
	}
	c := w.fill(w.pending.looks)
	if len(c.Wants) > 0 {
		return Turn{Ask: w.askFact(c.Wants[0], slices.Contains(c.Lacks, c.Wants[0]))}
	}
	return Turn{Check: &c, Says: w.pending.says}
}

// fill makes the best of the commands that look at the same thing with what is
// known: the first that this version has and that nothing lacks.
func (w *State) fill(looks []codes.Command) Check {
	needsCode := func(c codes.Command) bool { return c.HasOpen(codes.PlaceCode) }
	codeAlone := w.Facts.value(codes.PlaceCode) != "" && w.Facts.value(codes.PlaceReply) == "" // a reply says more
	if decides := w.decisive(); !codeAlone && decides != nil && slices.ContainsFunc(looks, needsCode) {
		looks = decides
	}
	var best Check
	for _, v := range looks {
		c := fillCommand(v, w.Facts)
		c.Runnable = w.options.Runs(c.Command)
		switch {
		case c.Runnable && len(c.Lacks) == 0:
			return c
		case best.IsZero() || c.Runnable && (!best.Runnable || c.nearer(best)):
			best = c
		}
	}
	return best
}

// can reports whether a check may be offered: there is one, and it may yet be
// run.
func (w *State) can(looks []codes.Command) (Check, bool) {
	if len(looks) == 0 {
		return Check{}, false
	}
	c := w.fill(looks)
	for _, lack := range c.Lacks {
		if !slices.Contains(c.Wants, lack) { // was asked for and is not known
			return c, false
		}
	}
	return c, c.Runnable && !slices.ContainsFunc(w.ran, c.Same)
}

// decisive is the check that tells the causes of the pattern apart.
func (w *State) decisive() []codes.Command {
	file, asked := w.Facts[codes.PlaceFile]
	diagnose := func(what codes.Command) []codes.Command {
		return []codes.Command{what.And(codes.Todoku("--from", "SENDER", "--to", "ADDR", "--ip", "IP"))}
	}
	switch {
	case w.Pattern.ID == "C" && (file != "" || !asked): // the bounce itself knows best
		return diagnose(codes.Todoku("diagnose", "FILE"))
	case !slices.Contains([]string{"A", "B", "C", "G"}, w.Pattern.ID):
		return nil
	case w.Facts.value(codes.PlaceReply) != "":
		return diagnose(codes.Todoku("diagnose", "REPLY"))
	case w.Facts.value(codes.PlaceCode) != "":
		return diagnose(codes.Todoku("diagnose", "CODE"))
	case w.Pattern.ID == "A": // the most frequent of its codes says as much as any
		return diagnose(codes.Todoku("diagnose", "42550"))
	}
	return []codes.Command{codes.Todoku("check", "recipient", "ADDR")}
}

// Remedies are the steps: those of the cause, else of the code, else of the pattern. A code whose reply tells more than it
// is worked through by the pattern of that.
func (w *State) Remedies() []codes.Remedy {
	ids := w.Pattern.Steps
	if d, ok := w.catalogue.Delivery(w.Facts[codes.PlaceCode]); ok && len(d.Steps) > 0 && d.Pattern == w.Pattern.ID {
		ids = d.Steps
	}
	if w.Cause > 0 && len(w.Pattern.Causes[w.Cause-1].Steps) > 0 {
		ids = w.Pattern.Causes[w.Cause-1].Steps
	}
	var out []codes.Remedy
	for _, id := range ids {
		r, ok := w.catalogue.Remedy(id)
		if r = guide.AtMailbox(w.catalogue, r, w.Facts.value(codes.PlaceAddr)); !ok ||
			slices.ContainsFunc(out, func(o codes.Remedy) bool { return o.ID == r.ID }) {
			continue
		}
		out = append(out, r)
	}
	return out
}

// CodesOf are the delivery codes of a pattern.
func (w *State) CodesOf(pattern string) []codes.Delivery {
	var out []codes.Delivery
	for _, d := range w.catalogue.Deliveries() {
		if d.Pattern == pattern {
			out = append(out, *d)
		}
	}
	return out
}

// Answer takes the answer to a question. What it gives back is how the answer
// is remembered, or why it is none.
func (w *State) Answer(q *Question, said string) (codes.Message, error) {
	if q.Parse != nil {
		v, err := q.Parse(said)
		if err != nil {
			return codes.Message{}, err
		}
		said = v
	}
	before := w.Position.copied()
	w.behind = append(w.behind, before)
	kind, subject, _ := strings.Cut(q.ID, ":")
	switch kind {
	case "symptom":
		w.takeSymptom(said)
	case "fact":
		w.Facts[codes.Place(subject)] = said
		w.afterFact(subject, said)
	case "code":
		w.asked = append(w.asked, "code")
		w.takeCode(said)
	case "cause":
		w.takeCause(said)
	case "check":
		w.asked = append(w.asked, q.ID)
		if said == ChooseRun {
			w.pending = w.causeCheck()
		}
	case "step":
		w.takeStep(subject, said)
	}
	return q.Remembered(said), nil
}

// causeCheck is the check of the chosen cause.
func (w *State) causeCheck() *pending {
	c := w.Pattern.Causes[w.Cause-1]
	return &pending{Looks(c.Check, c.Guide), c.Text, false}
}

// Remembered is an answer as the record has it.
func (q *Question) Remembered(said string) codes.Message {
	for _, c := range q.Choices {
		if c.ID == said {
			return c.Says
		}
	}
	if said == "" {
		return codes.Say(codes.Text{EN: "not known", JA: "不明"})
	}
	return codes.Say(codes.Text{EN: "{said}", JA: "{said}"}, codes.Str("said", said))
}

func (w *State) takeSymptom(said string) {
	w.NoResult = false
	switch said {
	case ChooseText:
		w.asked = append(w.asked, "text")
	case ChooseNone:
		w.Offered = nil
	case ChooseError:
		w.Offered = []string{"A", "B", "C", "G"}
	default:
		w.Enter(said)
	}
}

// Enter begins a pattern.
func (w *State) Enter(id string) {
	w.Pattern, _ = w.catalogue.Pattern(id)
	w.Cause = -1
	if list := w.CodesOf(id); len(list) == 1 && w.Facts[codes.PlaceCode] == "" {
		w.Facts[codes.PlaceCode] = list[0].ID
	}
}

// afterFact reads what was pasted in place of a choice.
func (w *State) afterFact(place, said string) {
	if place != "text" {
		return
	}
	delete(w.Facts, "text")
	w.asked = slices.DeleteFunc(w.asked, func(s string) bool { return s == "text" })
	if said == "" {
		return
	}
	w.Learn(ReadSymptom(w.catalogue, said))
}

// Learn takes what a text says: the pattern where it is clear, else which are
// left to choose from.
func (w *State) Learn(s Symptom) {
	if s.Code != "" {
		w.Facts[codes.PlaceCode] = s.Code
	}
	if s.Reply != "" {
		w.Facts[codes.PlaceReply] = s.Reply
	}
	for place, value := range s.Facts {
		if _, known := w.Facts[place]; !known {
			w.Facts[place] = value
		}
	}
	switch {
	case len(s.Patterns) == 1:
		w.Enter(s.Patterns[0])
		if s.Cause > 0 {
			w.Cause = s.Cause
		}
	case w.Pattern.ID == "":
		w.Offered, w.NoResult = s.Patterns, s.NoResult
	}
}

func (w *State) takeCode(said string) {
	switch said {
	case ChooseText:
		w.asked = append(w.asked, "text")
	case ChooseNone:
	default:
		w.Facts[codes.PlaceCode] = said
	}
}

func (w *State) takeCause(said string) {
	switch said {
	case ChooseLook:
		w.asked = append(w.asked, "look")
		w.pending = &pending{w.decisive(), codes.Text{EN: "which cause it is here", JA: "どの要因にあたるか"}, true}
	case ChooseAll:
		w.Cause = 0
	default:
		for i := range w.Pattern.Causes {
			if said == causeID(i) {
				w.Cause = i + 1
			}
		}
	}
}

func causeID(i int) string { return fmt.Sprintf("cause%d", i+1) }

func (w *State) takeStep(id, said string) {
	switch said {
	case ChooseRun:
		if r, ok := w.catalogue.Remedy(id); ok {
			w.pending = &pending{Looks(r.Check, r.Guide), r.Text, false}
		}
	case ChooseDone:
		w.States[id] = StepDone
	case ChooseLeft:
		w.States[id] = StepLeft
	case ChooseSolved:
		w.States[id] = StepSolved
		w.stopped = true
	case ChooseNext:
		w.States[id] = StepOpen
	}
}

// Done tells that a check was run, or could not be.
func (w *State) Done(c Check) {
	w.ran = append(w.ran, c.Command)
	w.pending = nil
}

// Confirm takes the causes that a diagnosis confirmed.
func (w *State) Confirm(causes []*guide.Cause) {
	for _, c := range causes {
		n := c.Answers.Of(w.Pattern.ID)
		if n > 0 && n <= len(w.Pattern.Causes) && !slices.Contains(w.Proven, n) {
			w.Proven = append(w.Proven, n)
		}
	}
}

// Back goes to where the last question was asked; false where there was none.
func (w *State) Back() bool {
	if len(w.behind) == 0 {
		return false
	}
	last := len(w.behind) - 1
	ran, proven := w.ran, w.Proven
	w.Position, w.behind = w.behind[last], w.behind[:last]
	w.ran, w.Proven = ran, proven // what was run is not run again
	return true
}

func (p Position) copied() Position {
	p.Facts, p.States = maps.Clone(p.Facts), maps.Clone(p.States)
	p.Offered, p.asked, p.ran = slices.Clone(p.Offered), slices.Clone(p.asked), slices.Clone(p.ran)
	return p
}

// Start returns the state before the first question.
func Start(c *codes.Catalogue, o Options) *State {
	return &State{catalogue: c, options: o, Position: Position{Facts: Facts{}, Cause: -1, States: map[string]StepState{}}}
}

// Options are what the state was started with.
func (w *State) Options() Options { return w.options }

// Catalogue is where the patterns and the steps come from.
func (w *State) Catalogue() *codes.Catalogue { return w.catalogue }

// Line is the best of the commands that look at the same thing, as it would be
// typed; none where none can be run here.
func (w *State) Line(looks []codes.Command) codes.Command {
	if len(looks) > 0 {
		if c := w.fill(looks); c.Runnable {
			return c.Command
		}
	}
	return codes.Command{}
}
