package cmd

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"todoku/cmd/report"
	"todoku/codes"
	"todoku/diag/guide"
)

// trail is the way through the guide without its terminal: what is known, where
// we stand, and what comes next. It does no I/O and knows no clock.
type trail struct {
	catalogue *codes.Catalogue
	available func(codes.Command) bool // the command can be run here
	checks    bool                     // where nobody answers, checks are run
	mails     bool                     // also those that send a mail
	exists    func(file string) bool

	spot
	behind []spot // to go back to
}

// spot is where we stand on the way.
type spot struct {
	facts   facts
	offered []string // patterns that the symptom fits, nil for all
	pattern codes.Pattern
	cause   int // from 1; 0 is all of them, -1 not chosen yet
	asked   []string
	pending *pending
	states  map[string]report.StepState
	ran     []codes.Command
	proven  []int // causes of the pattern that a diagnosis confirmed
	stopped bool
}

// pending is a check that waits for its facts.
type pending struct {
	looks   []codes.Command
	says    codes.Text
	decides bool // looks are those of decisive, whatever becomes known
}

// turn is what comes next: a question, or a check to run; neither at the end.
type turn struct {
	ask   *question
	check *command
	says  codes.Text // what the check is for
}

// question is asked of a person, or answered by fallback where nobody is asked.
type question struct {
	id       string
	says     codes.Text
	lead     []codes.Text // shown before it
	choices  []choice     // nil: free text
	parse    func(string) (string, error)
	fallback string
	proposed string // the choice to begin at; the first where there is none
}

// choice is one answer to choose.
type choice struct {
	id   string
	key  rune // by which it may be chosen besides its number
	says codes.Text
}

// Answers of choices.
const (
	chooseText   = "text"
	chooseLook   = "look"
	chooseAll    = "all"
	chooseRun    = "run"
	chooseNext   = "next"
	chooseDone   = "done"
	chooseLeft   = "left"
	chooseSolved = "solved"
	chooseNone   = "none"
)

// next is what comes next.
func (w *trail) next() turn {
	if w.stopped {
		return turn{}
	}
	if w.pending != nil {
		return w.toRun()
	}
	if w.pattern.ID == "" {
		return turn{ask: w.askSymptom()}
	}
	for _, ask := range [...]func() *question{w.askCode, w.askCause, w.askCheck, w.askStep} {
		if q := ask(); q != nil {
			return turn{ask: q}
		}
	}
	return turn{}
}

// toRun asks for what the pending check wants, then runs it.
func (w *trail) toRun() turn {
	if w.pending.decides {
		w.pending.looks = w.decisive()
	}
	c := w.fill(w.pending.looks)
	if len(c.wants) > 0 {
		return turn{ask: w.askFact(c.wants[0], slices.Contains(c.lacks, c.wants[0]))}
	}
	return turn{check: &c, says: w.pending.says}
}

// fill makes the best of the commands that look at the same thing with what is
// known: the first that this version has and that nothing lacks.
func (w *trail) fill(looks []codes.Command) command {
	needsCode := func(c codes.Command) bool { return c.Leaves(codes.PlaceCode) }
	if decides := w.decisive(); w.facts.value(codes.PlaceCode) == "" && decides != nil && slices.ContainsFunc(looks, needsCode) {
		looks = decides
	}
	var best command
	for _, v := range looks {
		c := fillCommand(v, w.facts)
		c.runable = w.available(c.Command)
		switch {
		case c.runable && len(c.lacks) == 0:
			return c
		case best.IsZero() || c.runable && (!best.runable || c.nearer(best)):
			best = c
		}
	}
	return best
}

// can reports whether a check may be offered: there is one, and it may yet be
// run.
func (w *trail) can(looks []codes.Command) (command, bool) {
	if len(looks) == 0 {
		return command{}, false
	}
	c := w.fill(looks)
	for _, lack := range c.lacks {
		if !slices.Contains(c.wants, lack) { // was asked for and is not known
			return c, false
		}
	}
	return c, c.runable && !slices.ContainsFunc(w.ran, c.Same)
}

// decisive is the check that tells the causes of the pattern apart.
func (w *trail) decisive() []codes.Command {
	file, asked := w.facts[codes.PlaceFile]
	diagnose := func(what codes.Command) []codes.Command {
		return []codes.Command{what.And(codes.Todoku("--from", "SENDER", "--to", "ADDR", "--ip", "IP"))}
	}
	switch {
	case w.pattern.ID == "C" && (file != "" || !asked): // the bounce itself knows best
		return diagnose(codes.Todoku("diagnose", "FILE"))
	case !slices.Contains([]string{"A", "B", "C", "G"}, w.pattern.ID):
		return nil
	case w.facts.value(codes.PlaceReply) != "":
		return diagnose(codes.Todoku("diagnose", "REPLY"))
	case w.facts.value(codes.PlaceCode) != "":
		return diagnose(codes.Todoku("diagnose", "CODE"))
	case w.pattern.ID == "A": // the most frequent of its codes says as much as any
		return diagnose(codes.Todoku("diagnose", "42550"))
	}
	return []codes.Command{codes.Todoku("check", "recipient", "ADDR")}
}

// remedies are the steps: those of the cause, else of the code, else of the
// pattern.
func (w *trail) remedies() []codes.Remedy {
	ids := w.pattern.Steps
	if d, ok := w.catalogue.Delivery(w.facts[codes.PlaceCode]); ok && len(d.Steps) > 0 {
		ids = d.Steps
	}
	if w.cause > 0 && len(w.pattern.Causes[w.cause-1].Steps) > 0 {
		ids = w.pattern.Causes[w.cause-1].Steps
	}
	var out []codes.Remedy
	for _, id := range ids {
		if r, ok := w.catalogue.Remedy(id); ok {
			out = append(out, r)
		}
	}
	return out
}

// codesOf are the delivery codes of a pattern.
func (w *trail) codesOf(pattern string) []codes.Delivery {
	var out []codes.Delivery
	for _, d := range w.catalogue.Deliveries() {
		if d.Pattern == pattern {
			out = append(out, *d)
		}
	}
	return out
}

// answer takes the answer to a question. What it gives back is how the answer
// is remembered, or why it is none.
func (w *trail) answer(q *question, said string) (codes.Text, error) {
	if q.parse != nil {
		v, err := q.parse(said)
		if err != nil {
			return codes.Text{}, err
		}
		said = v
	}
	before := w.spot.copied()
	w.behind = append(w.behind, before)
	kind, subject, _ := strings.Cut(q.id, ":")
	switch kind {
	case "symptom":
		w.takeSymptom(said)
	case "fact":
		w.facts[codes.Place(subject)] = said
		w.afterFact(subject, said)
	case "code":
		w.asked = append(w.asked, "code")
		w.takeCode(said)
	case "cause":
		w.takeCause(said)
	case "check":
		w.asked = append(w.asked, q.id)
		if said == chooseRun {
			w.pending = w.causeCheck()
		}
	case "step":
		w.takeStep(subject, said)
	}
	return q.remembered(said), nil
}

// causeCheck is the check of the chosen cause.
func (w *trail) causeCheck() *pending {
	c := w.pattern.Causes[w.cause-1]
	return &pending{looks(c.Check, c.Guide), c.Text, false}
}

// remembered is an answer as the record has it.
func (q *question) remembered(said string) codes.Text {
	for _, c := range q.choices {
		if c.id == said {
			return c.says
		}
	}
	if said == "" {
		return codes.Text{EN: "not known", JA: "不明"}
	}
	return codes.Text{EN: said, JA: said}
}

func (w *trail) takeSymptom(said string) {
	switch said {
	case chooseText:
		w.asked = append(w.asked, "text")
	case chooseNone:
		w.offered = nil
	default:
		w.enter(said)
	}
}

// enter begins a pattern.
func (w *trail) enter(id string) {
	w.pattern, _ = w.catalogue.Pattern(id)
	w.cause = -1
	if list := w.codesOf(id); len(list) == 1 && w.facts[codes.PlaceCode] == "" {
		w.facts[codes.PlaceCode] = list[0].ID
	}
}

// afterFact reads what was pasted in place of a choice.
func (w *trail) afterFact(place, said string) {
	if place != "text" {
		return
	}
	delete(w.facts, "text")
	w.asked = slices.DeleteFunc(w.asked, func(s string) bool { return s == "text" })
	if said == "" {
		return
	}
	w.learn(readSymptom(w.catalogue, said))
}

// learn takes what a text says: the pattern where it is clear, else which are
// left to choose from.
func (w *trail) learn(s symptom) {
	if s.code != "" {
		w.facts[codes.PlaceCode] = s.code
	}
	if s.reply != "" {
		w.facts[codes.PlaceReply] = s.reply
	}
	switch {
	case len(s.patterns) == 1:
		w.enter(s.patterns[0])
	case w.pattern.ID == "":
		w.offered = s.patterns
	}
}

func (w *trail) takeCode(said string) {
	switch said {
	case chooseText:
		w.asked = append(w.asked, "text")
	case chooseNone:
	default:
		w.facts[codes.PlaceCode] = said
	}
}

func (w *trail) takeCause(said string) {
	switch said {
	case chooseLook:
		w.asked = append(w.asked, "look")
		w.pending = &pending{w.decisive(), codes.Text{EN: "which cause it is here", JA: "どの要因にあたるか"}, true}
	case chooseAll:
		w.cause = 0
	default:
		for i := range w.pattern.Causes {
			if said == causeID(i) {
				w.cause = i + 1
			}
		}
	}
}

func causeID(i int) string { return fmt.Sprintf("cause%d", i+1) }

func (w *trail) takeStep(id, said string) {
	switch said {
	case chooseRun:
		if r, ok := w.catalogue.Remedy(id); ok {
			w.pending = &pending{looks(r.Check, r.Guide), r.Text, false}
		}
	case chooseDone:
		w.states[id] = report.StepDone
	case chooseLeft:
		w.states[id] = report.StepLeft
	case chooseSolved:
		w.states[id] = report.StepSolved
		w.stopped = true
	case chooseNext:
		w.states[id] = report.StepOpen
	}
}

// done tells that a check was run, or could not be.
func (w *trail) done(c command) {
	w.ran = append(w.ran, c.Command)
	w.pending = nil
}

// confirm takes the causes that a diagnosis confirmed.
func (w *trail) confirm(ids []string) {
	for _, id := range ids {
		c := guide.FindCause(id)
		if c == nil {
			continue
		}
		n := c.Answers.Of(w.pattern.ID)
		if n > 0 && n <= len(w.pattern.Causes) && !slices.Contains(w.proven, n) {
			w.proven = append(w.proven, n)
		}
	}
}

// back goes to where the last question was asked; false where there was none.
func (w *trail) back() bool {
	if len(w.behind) == 0 {
		return false
	}
	last := len(w.behind) - 1
	ran, proven := w.ran, w.proven
	w.spot, w.behind = w.behind[last], w.behind[:last]
	w.ran, w.proven = ran, proven // what was run is not run again
	return true
}

func (p spot) copied() spot {
	p.facts, p.states = maps.Clone(p.facts), maps.Clone(p.states)
	p.offered, p.asked, p.ran = slices.Clone(p.offered), slices.Clone(p.asked), slices.Clone(p.ran)
	return p
}

// startTrail stands at the beginning.
func startTrail(c *codes.Catalogue, available func(codes.Command) bool, exists func(string) bool) *trail {
	return &trail{catalogue: c, available: available, exists: exists, spot: spot{facts: facts{}, cause: -1, states: map[string]report.StepState{}}}
}
