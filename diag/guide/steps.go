package guide

import (
	"cmp"
	"slices"
	"time"

	"todoku/codes"
	"todoku/diag/check"
)

// stepper puts together the steps of a diagnosis.
type stepper struct {
	*evidence
	d *Diagnosis
}

// steps puts together what to do: the confirmed causes in the order of the
// guide, else what the error calls for by itself.
func (e stepper) steps() {
	if e.Unread() && !e.SymptomAlone() { // then nothing is to be done
		return
	}
	if e.SymptomAlone() {
		e.ofPattern()
		return
	}
	if e.perhapsDelivered() {
		for _, r := range e.Verdict.Remedies {
			e.add(r.ID, Step{Check: e.fillRemedy(r)})
		}
		e.against()
		return
	}
	missing, known := e.against()
	refusal := slices.ContainsFunc(e.d.Outcomes, func(o Outcome) bool { return o.Suspected && o.Cause.Authentication() })
	switch {
	case refusal:
		e.counter(missing, known)
	case !known:
		for _, r := range e.Verdict.Remedies {
			e.add(r.ID, Step{Check: e.fillRemedy(r)})
		}
	}
	if !known && e.bare() {
		e.add("read_reply", Step{Check: e.check("read_reply")})
		slices.SortStableFunc(e.d.Steps, func(x, y Step) int { return cmp.Compare(x.place(), y.place()) })
	}
	e.d.Letter = slices.ContainsFunc(e.d.Steps, func(s Step) bool {
		return slices.Contains([]string{remedyAsk, remedyAdmin, remedyOwnIT, remedyProvider}, s.Remedy.ID)
	})
}

// ofPattern adds the steps of the pattern that the symptom shows.
func (e stepper) ofPattern() {
	p, _ := e.env.Codes.Pattern(e.Pattern())
	for _, id := range p.Steps {
		e.add(id, Step{Check: e.check(id)})
	}
}

// against adds the steps against the confirmed causes, and reports whether there is one, and one that is about SPF or DKIM.
func (e stepper) against() (authentication, known bool) {
	for i := range e.d.Outcomes {
		o := &e.d.Outcomes[i]
		if o.Status != Confirmed {
			continue
		}
		known = true
		authentication = authentication || o.Cause.Authentication()
		for n, id := range o.remedies() {
			s := Step{Cause: o.Cause, Check: e.fill(o.check())}
			if n == 0 {
				s.Fixes = o.Findings
			}
			e.add(id, s)
		}
	}
	return authentication, known
}

// check is the command that looks again.
func (o *Outcome) check() codes.Command {
	if o.byMail { // the next mail has to be looked at
		return codes.Todoku("check", "message", "FILE")
	}
	return o.Cause.Check
}

// remedies are the ids of the steps against the cause as it was seen.
func (o *Outcome) remedies() []string {
	if o.steps != nil {
		return o.steps
	}
	return o.Cause.Steps
}

// counter adds the countermeasures against a refusal. What is confirmed is
// mended first, and both SPF and DKIM before anybody waits or writes.
func (e stepper) counter(missing, known bool) {
	for _, id := range e.countermeasures() {
		later := id == remedyWait || id == remedyAsk
		switch {
		case later && known && e.over():
		case later && known:
			if r, ok := e.env.Codes.Remedy(id); ok {
				e.d.Spare = append(e.d.Spare, r)
			}
		case later && e.inPlace(), !known && !e.decided(id), missing && !later && e.undecided(id):
			e.add(id, Step{Check: e.check(id)})
			e.reword(id)
		}
	}
	slices.SortStableFunc(e.d.Steps, func(x, y Step) int { return cmp.Compare(x.place(), y.place()) })
}

// over reports whether all that is confirmed was there when the mail was refused, and is mended by now.
func (e stepper) over() bool {
	return !slices.ContainsFunc(e.d.Outcomes, func(o Outcome) bool {
		return o.Status == Confirmed && (o.then == nil || o.then.Stands())
	})
}

// reword lets a countermeasure that is in place as far as DNS shows say what is left to look at.
func (e stepper) reword(remedy string) {
	i := slices.IndexFunc(e.d.Steps, func(s Step) bool { return s.Remedy.ID == remedy })
	other, ok := e.env.Codes.Remedy(e.inDNS(remedy))
	if i < 0 || !ok {
		return
	}
	step := &e.d.Steps[i]
	step.Remedy.Text, step.Remedy.Owner = other.Text, other.Owner
	step.Check = e.fillRemedy(other)
	if remedy == remedySPF { // the address is what it is about
		step.Check = other.Check.Fill(codes.Values{codes.PlaceDomain: e.envelopeDomain()})
	}
}

// inDNS is the remedy whose words fit a countermeasure that DNS shows to be in place; "" where it does not.
func (e stepper) inDNS(remedy string) string {
	is := func(cause *Cause, s Status) bool {
		return slices.ContainsFunc(e.d.Outcomes, func(o Outcome) bool { return o.Cause == cause && o.Suspected && o.Status == s })
	}
	_, keys := seenBy[*check.DKIMFacts](e.evidence)
	switch {
	case remedy == remedySPF && is(spfNone, Excluded) && is(spfBroken, Excluded):
		return remedySPFCovers
	case remedy == remedyDKIM && !is(dkimNone, Confirmed) && is(dkimBroken, Open) && keys != nil && len(keys.Selectors) > 0:
		return remedySigned
	}
	return ""
}

// place is where the guide has a step: what is missing first, then with its cause, else at the end.
func (s Step) place() int {
	if s.Remedy.ID == "read_reply" {
		return -1
	}
	all := Causes()
	at := slices.IndexFunc(all, func(c *Cause) bool { return c.Authentication() && c.Counter == s.Remedy.ID })
	if at < 0 {
		at = slices.Index(all, s.Cause)
	}
	if at < 0 {
		return len(all)
	}
	return at
}

// countermeasures are those of the guide in their order; a mail that was taken
// and is not seen, or came back later, has more of them (patterns D and C).
func (e *evidence) countermeasures() []string {
	id := e.Pattern()
	if e.Verdict.Reason.ID == "delivered" {
		id = "D"
	}
	if p, ok := e.env.Codes.Pattern(id); ok && (id == "C" || id == "D") {
		return p.Steps
	}
	return []string{remedySPF, remedyDKIM, remedyWait, remedyAsk}
}

// inPlace reports whether SPF is seen to be in order and nothing speaks against DKIM.
func (e stepper) inPlace() bool {
	for _, o := range e.d.Outcomes {
		if o.Cause.Counter == remedySPF && o.Suspected && o.Status != Excluded || o.Cause.Authentication() && o.Status == Confirmed {
			return false
		}
	}
	return true
}

// decided reports whether a countermeasure is seen to be in place.
func (e stepper) decided(remedy string) bool {
	about := e.about(remedy)
	return len(about) > 0 && !slices.ContainsFunc(about, func(s Status) bool { return s != Excluded })
}

// undecided reports whether nobody knows if a countermeasure is in place.
func (e stepper) undecided(remedy string) bool {
	about := e.about(remedy)
	return slices.Contains(about, Open) && !slices.Contains(about, Confirmed)
}

// about are the verdicts on the causes that a countermeasure is against.
func (e stepper) about(remedy string) (all []Status) {
	for _, o := range e.d.Outcomes {
		if o.Suspected && o.Cause.Counter == remedy {
			all = append(all, o.Status)
		}
	}
	return all
}

func (e stepper) add(remedy string, s Step) {
	if remedy == "wait_retry" && e.Verdict.Permanent == codes.Yes { // nobody tries again by itself
		remedy = "wait_resend"
	}
	r, ok := e.env.Codes.Remedy(remedy)
	if m := mailboxesOf(e.toDomain()); ok && m.Known() {
		if r = AtProvider(e.env.Codes, r, len(m.Contacts) > 0); r.ID != remedy {
			s.Check = e.fillRemedy(r)
		}
	}
	if !ok || slices.ContainsFunc(e.d.Steps, func(x Step) bool { return x.Remedy.ID == r.ID }) {
		return
	}
	s.Remedy = r
	e.d.Steps = append(e.d.Steps, s)
}

func (e *evidence) check(remedy string) codes.Command {
	r, _ := e.env.Codes.Remedy(remedy)
	return e.fillRemedy(r)
}

// fillRemedy puts what is known into a remedy's command. A diagnosis knows no
// id of the history: where it knows sender and recipient, they tell the mail.
func (e *evidence) fillRemedy(r codes.Remedy) codes.Command {
	values := e.values()
	values[codes.PlaceDomain] = e.envelopeDomain()
	check := e.again(r.Check)
	if check.HasOpen(codes.PlaceID) && values.Know(codes.PlaceSender, codes.PlaceAddr) {
		if i := slices.IndexFunc(r.Guide, func(other codes.Command) bool { return !other.HasOpen(codes.PlaceID) }); i >= 0 {
			check = e.Quoting(r.Guide[i])
		}
	}
	return known(check.Fill(values))
}

// again is a command that diagnoses the reply with something more: the mail is known already, from its file where there
// are several, else from the last diagnosis.
func (e *evidence) again(c codes.Command) codes.Command {
	if c.Name() != "diagnose" || !c.HasOpen(codes.PlaceReply) {
		return c
	}
	known := codes.Todoku("diagnose", "--last")
	if e.File != "" {
		known = codes.Todoku("diagnose", "FILE").With(codes.PlaceFile, e.File)
	}
	c.Args = slices.DeleteFunc(slices.Clone(c.Args), func(a codes.Arg) bool { return a.Place == codes.PlaceReply })
	return known.And(c)
}

// fill puts what is known into a cause's command.
func (e *evidence) fill(check codes.Command) codes.Command {
	return known(check.Fill(e.values()))
}

// known is a command without the flags that a look can do without.
func known(c codes.Command) codes.Command {
	return c.Without(codes.PlaceIP, codes.PlaceHELO, codes.PlaceSelector, codes.PlaceRecipientDomain)
}

// values are what is known of the mail. The time is that of the sending: no
// other is.
func (e *evidence) values() codes.Values {
	values := codes.Values{
		codes.PlaceDomain: e.fromDomain(), codes.PlaceEnvelope: e.envelopeDomain(),
		codes.PlaceSender: e.From, codes.PlaceAddr: e.To, codes.PlaceRecipientDomain: e.toDomain(),
		codes.PlaceHELO: e.HELO,
	}
	if e.IP.IsValid() {
		values[codes.PlaceIP] = e.IP.String()
	}
	if !e.Time.IsZero() {
		values[codes.PlaceTime] = e.Time.Format(time.RFC3339)
	}
	if len(e.Selectors) > 0 {
		values[codes.PlaceSelector] = e.Selectors[0]
	}
	return values
}
