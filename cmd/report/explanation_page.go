package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide/explain"
)

// explanationPage is one reading of an input in words, before it is laid out as text or Markdown.
type explanationPage struct {
	id, title string
	tags      []string // the kind, and how sure it is
	rows      []explanationRow
	heading   string // of the steps
	steps     []explanationStep
	nextLabel string
	next      codes.Command
	severity  diag.Severity
	isRule    bool
}

// explanationRow is a text with its label, and the command that checks it, if there is one.
type explanationRow struct {
	label, text string
	command     codes.Command
}

type explanationStep struct {
	text string
	rows []explanationRow
}

// wording makes the pages of an explanation in one language.
type wording struct {
	lang   codes.Lang
	labels [labelCount]codes.Text
}

func newWording(l codes.Lang) wording { return wording{l, labels()} }

func (w wording) say(l label, data ...codes.Datum) string {
	return fill(w.labels[l], codes.Data(data), w.lang)
}

func (s *explanationPage) row(label, text string) {
	if text != "" {
		s.rows = append(s.rows, explanationRow{label: label, text: text})
	}
}

// page puts a reading into words. It leaves the steps out if the reading above it has the same ones.
func (w wording) page(r explain.Reading, above *explain.Reading) explanationPage {
	s := explanationPage{id: r.ID, title: shown(titleOf(r, w.lang)), tags: []string{readingText(r.Kind).In(w.lang)}}
	if c := certaintyText(r.Certainty, r.Kind).In(w.lang); c != "" {
		s.tags = append(s.tags, c)
	}
	if r.Rule != nil {
		w.rule(&s, r.Rule)
		return s
	}
	if r.Page != nil {
		w.provider(&s, r)
		return s
	}
	s.row(w.say(lWhen), r.When.In(w.lang))
	s.row(w.say(lMeaning), r.Meaning.In(w.lang))
	w.verdict(&s, r)
	w.causes(&s, r)
	s.row(w.say(lFlag), w.validity(r))
	if r.Pattern.ID != "" || r.Kind == explain.KindClass {
		s.row(w.say(lReasons), w.reasons(r.Reasons))
	}
	title := r.Title.In(w.lang)
	var names []string
	for _, n := range r.Names {
		if r.Kind == explain.KindTerm && n == r.Title.EN { // our translation of a Japanese word, which nobody else uses
			continue
		}
		if same := func(m string) bool { return strings.EqualFold(n, m) }; !same(title) && !slices.ContainsFunc(names, same) {
			names = append(names, n)
		}
	}
	s.row(w.say(namesLabel(r.Kind)), strings.Join(names, comma(w.lang)))
	if r.When.IsZero() {
		w.contacts(&s, r.Contacts)
		s.row(w.say(lSource), strings.Join(textsIn(r.Refs, w.lang), " · "))
	}
	see := slices.Clone(r.See)
	if len(see) > maxNamed {
		more := len(see) - maxNamed
		see = append(see[:maxNamed:maxNamed], codes.Text{EN: fmt.Sprintf("and %d more", more), JA: fmt.Sprintf("ほか%d件", more)}.In(w.lang))
	}
	label := w.say(lSee)
	if len(see) > 0 {
		s.row(label, strings.Join(see, " · "))
		label = ""
	}
	for _, c := range r.Try {
		s.rows = append(s.rows, explanationRow{label: label, command: c})
		label = ""
	}
	if r.Kind == explain.KindDelivery && r.Pattern.ID != "" {
		s.rows = append(s.rows, explanationRow{label: w.say(lGuide), command: r.Filled(codes.Todoku("guide", "CODE"))})
	}
	w.steps(&s, r, above)
	s.next, s.nextLabel = r.Next(), w.say(lNow)
	if r.Delivery.Result == "ok" {
		s.nextLabel = w.say(lMissing)
	}
	return s
}

// maxNamed is how many things to read next are named; JSON has all.
const maxNamed = 12

// namesLabel says what the names of a kind are.
func namesLabel(k explain.Kind) label {
	switch k {
	case explain.KindProvider:
		return lHosts
	case explain.KindWording:
		return lExample
	}
	return lNames
}

// titleOf is what a reading is called. That of a rule is its text, with places for data.
func titleOf(r explain.Reading, l codes.Lang) string {
	if r.Rule != nil {
		return Blanks(r.Title, l)
	}
	return r.Title.In(l)
}

// pages puts all readings into words. A reply code is short if the delivery code that it leads to comes next.
func (w wording) pages(e explain.Explanation) []explanationPage {
	out := make([]explanationPage, len(e.Readings))
	var above *explain.Reading
	for i, r := range e.Readings {
		if r.Kind == explain.KindReplyCode && i+1 < len(e.Readings) && e.Readings[i+1].Kind == explain.KindDelivery {
			r.Pattern, r.Causes, r.Steps, r.Action, r.Delivery = codes.Pattern{}, nil, nil, "", codes.Delivery{}
		}
		out[i] = w.page(r, above)
		above = &r
	}
	return out
}

func (w wording) rule(s *explanationPage, r *diag.Rule) {
	t := text{words: dictionary(), o: Options{Lang: w.lang}}
	s.isRule, s.severity = true, r.Severity
	s.row(t.say(wSeen), Blanks(r.Says, w.lang))
	s.row(t.say(wWhy), Blanks(r.Why, w.lang))
	s.row(t.say(wFix), Blanks(r.Fix, w.lang))
	s.row(t.say(wWho), fill(ownerText(r.Owner), codes.Data{codes.Str("zone", Blanks(codes.Same("{domain}"), w.lang))}, w.lang))
	s.row(t.say(wSeverity), SeverityText(r.Severity).In(w.lang))
	s.row(t.say(wRef), r.Ref)
	s.row(t.say(wCodes), strings.Join(r.Codes, " "))
}

// verdict is what was read, and what follows from it in a few words.
func (w wording) verdict(s *explanationPage, r explain.Reading) {
	second := !r.When.IsZero()
	if r.Kind == explain.KindReply && !second {
		s.rows = append(s.rows, explanationRow{label: w.say(lReply), text: shown(r.Pasted.Reply.String())})
		s.row(w.say(lServer), r.Pasted.Server)
		s.row(w.say(lRecipient), recipientsOf(r))
		if r.Pasted.Context.Event == codes.EventDelayed {
			s.row(w.say(lCode), w.say(lNotYet))
		}
	}
	w.reason(s, r)
	if r.Kind != explain.KindProvider && !second {
		s.row(w.say(lProvider), r.Provider.Name.In(w.lang))
	}
	if r.Delivery.ID != "" && r.Kind != explain.KindDelivery && !second {
		code := r.Delivery.ID + "  " + r.Delivery.Title.In(w.lang)
		if r.Delivery.Certainty == codes.Inferred {
			code += " · " + certaintyText(codes.Inferred, explain.KindDelivery).In(w.lang)
		}
		s.row(w.say(lCode), code)
	}
	if r.Action != "" && r.Action != codes.ActionNone && r.Kind != explain.KindDelivery && r.Kind != explain.KindBlocklist {
		s.row(w.say(lNature), natureText(codes.Verdict{Reason: r.Reason, Delivery: r.Delivery, Permanent: r.Permanent,
			Action: r.Action}).In(w.lang))
		s.row(w.say(lAction), w.action(r))
	}
	s.row(w.say(lPause), w.pause(r.RetryAfter))
	if b := r.Blocklist; b != nil {
		s.row(w.say(lBlocklist), b.Name+"  "+b.Page)
		if !b.Closed.IsZero() {
			s.rows = append(s.rows, explanationRow{text: w.say(lListClosed)})
		}
	}
}

// action is what to do in a few words. A provider for everybody has no IT department to ask.
func (w wording) action(r explain.Reading) string {
	if r.ForAll && r.Action == codes.ActionContactAdmin {
		return codes.Text{EN: "write to the provider's contact for senders", JA: "事業者の送信者向け窓口に問い合わせます"}.In(w.lang)
	}
	return actionText(r.Action).In(w.lang)
}

func (w wording) reason(s *explanationPage, r explain.Reading) {
	name, class := reasonName(r.Reason, w.lang), string(r.Reason.Class)
	switch {
	case r.Kind == explain.KindReason:
		if w.lang != codes.Japanese { // an English word
			s.row(w.say(lClass), class)
		}
	case r.Reason.ID == "" || r.Reason.ID == "unspecified" && r.Kind != explain.KindReply:
	case r.Reason.ID == class || w.lang == codes.Japanese:
		s.row(w.say(lReason), name)
	default:
		s.row(w.say(lReason), name+" · "+class)
	}
}

func (w wording) causes(s *explanationPage, r explain.Reading) {
	if r.Pattern.ID == "" && (r.Kind != explain.KindDelivery || len(r.Causes) < 2) {
		return
	}
	if r.Kind != explain.KindPattern && r.Pattern.ID != "" {
		s.row(r.Pattern.Label().In(w.lang), r.Pattern.Title.In(w.lang)+r.Pattern.ManualNumber().In(w.lang))
	}
	for i, c := range r.Causes {
		s.rows = append(s.rows, explanationRow{causeLabel(i + 1).In(w.lang), c.Text.In(w.lang), r.Filled(c.Check)})
	}
}

// validity says what the error does to the validity of the address.
func (w wording) validity(r explain.Reading) string {
	if r.Kind != explain.KindDelivery && r.Kind != explain.KindReply && r.Kind != explain.KindReplyCode || !r.When.IsZero() {
		return ""
	}
	text := disablesText(r.Delivery.Disables).In(w.lang)
	if r.Delivery.Disables != codes.DisablesAtOnce {
		return text
	}
	again := w.say(lRevalidate, codes.Str("command", page.CommandWithin(r.Filled(codes.Todoku("history", "revalidate", "ADDR")))))
	if w.lang == codes.Japanese {
		return text + "。" + again
	}
	return text + "; " + again
}

// reasons names reasons.
func (w wording) reasons(list []codes.Reason) string {
	var names []string
	for _, r := range list {
		names = append(names, reasonName(r, w.lang))
	}
	return strings.Join(names, comma(w.lang))
}

// pause is a length of time as people say it, "" for none.
func (w wording) pause(d time.Duration) string {
	unit := func(n time.Duration, en, ja string) string {
		if w.lang == codes.Japanese {
			return strconv.Itoa(int(d/n)) + ja
		}
		return fmt.Sprintf("%d %s", d/n, en)
	}
	switch {
	case d <= 0:
		return ""
	case d%time.Hour == 0:
		return unit(time.Hour, "h", "時間")
	case d%time.Minute == 0:
		return unit(time.Minute, "min", "分")
	}
	return unit(time.Second, "s", "秒")
}

func (w wording) steps(s *explanationPage, r explain.Reading, above *explain.Reading) {
	if len(r.Steps) == 0 {
		return
	}
	same := func(a, b codes.Remedy) bool { return a.ID == b.ID }
	if above != nil && slices.EqualFunc(r.Steps, above.Steps, same) {
		s.heading = w.say(lAsAbove)
		return
	}
	s.heading = w.say(lSteps)
	if slices.ContainsFunc(r.Steps, func(r codes.Remedy) bool { return strings.HasPrefix(r.ID, "countermeasure_") }) {
		s.heading = w.say(lCountermeasures)
	}
	for _, step := range r.Steps {
		var rows []explanationRow
		if against := w.against(r, step); against != "" {
			rows = append(rows, explanationRow{label: w.say(lAgainst), text: against})
		}
		if when := step.When.In(w.lang); when != "" {
			rows = append(rows, explanationRow{label: w.say(lOnly), text: when})
		}
		rows = append(rows, explanationRow{label: w.say(lWho), text: remedyOwner(step.Owner).In(w.lang)})
		if step.To != "" {
			rows = append(rows, explanationRow{label: w.say(lReach), text: remedyOwner(step.To).In(w.lang)})
		}
		if r.Kind == explain.KindRemedy { // its text is told already
			s.rows = append(append(s.rows, rows...), explanationRow{label: w.say(lDue), text: urgencyText(step.Urgency).In(w.lang)},
				explanationRow{label: commandLabel(step.Check).In(w.lang), command: step.Check})
			s.heading = ""
			return
		}
		if c := r.StepCommand(step); !c.IsZero() {
			rows = append(rows, explanationRow{label: commandLabel(c).In(w.lang), command: c})
		}
		s.steps = append(s.steps, explanationStep{step.Text.In(w.lang), rows})
	}
}

// against names the causes that a step is against, where the causes have steps of their own: 「要因①」.
func (w wording) against(r explain.Reading, step codes.Remedy) string {
	var numbers []string
	for i, c := range r.Causes {
		if slices.Contains(c.Steps, step.ID) {
			numbers = append(numbers, causeLabel(i+1).In(w.lang))
		}
	}
	if len(numbers) == 0 || r.Pattern.ID == "" {
		return ""
	}
	return strings.Join(numbers, comma(w.lang))
}

// places says what the words in capitals stand for.
func (w wording) places(pages []explanationPage) string {
	var commands []codes.Command
	for _, s := range pages {
		commands = append(commands, s.next)
		for _, r := range s.rows {
			commands = append(commands, r.command)
		}
		for _, step := range s.steps {
			for _, r := range step.rows {
				commands = append(commands, r.command)
			}
		}
	}
	var out []string
	for _, p := range legend(commands) {
		out = append(out, p.word+" "+p.In(w.lang))
	}
	return strings.Join(out, comma(w.lang))
}

// legend are the words in capitals that commands leave open, in the order of
// places.
func legend(commands []codes.Command) []place {
	var open []string
	for _, c := range commands {
		for _, p := range c.Open() {
			open = append(open, p.Word())
		}
	}
	return slices.DeleteFunc(places(), func(p place) bool { return !slices.Contains(open, p.word) })
}
