// Package guide finds out why a mail did not arrive, as the troubleshooting guide does it.
//
// Read makes a Case of a pasted error. Run finds the causes that are documented for its error (Causes), runs the checks
// and visits to servers that these causes need, and lets the judge of each cause look at the evidence. An Outcome is
// confirmed or excluded by evidence; it is open where something could not be looked at. The Diagnosis has the outcomes in
// the order of the guide, and the steps against the confirmed causes in the order in which they are to be done.
//
// A file cause_NAME.go holds causes with their judges. The package prints nothing: cmd/report puts a diagnosis into words.
package guide

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"sync"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide/ticket"
	"todoku/diag/resolve"
	"todoku/diag/watch/past"
	"todoku/sender/event"
)

// Status is the verdict on a cause.
type Status string

// The verdicts. Confirmed and excluded rest on evidence; what could not be
// looked at is open.
const (
	Confirmed Status = "confirmed"
	Excluded  Status = "excluded"
	Open      Status = "open"
)

// Case is a mail that did not arrive, as far as anything is known about it.
type Case struct {
	Input     string
	File      string       // the file of Input, where there are several
	Format    string       // of Input: "reply", "postfix", "code" …
	Action    event.Action // what became of the mail, where a record says so
	Reply     codes.Reply
	Context   codes.Context
	Verdict   codes.Verdict
	Code      string         // the delivery code that the input names, "" where it names none; the first of several
	Named     []string       // all delivery codes that the input names
	Symptom   ticket.Symptom // what people's words in the input tell beside the verdict
	From      string         // address or domain of the From header
	MailFrom  string         // the envelope sender; "" is From
	To        string         // address or domain of the recipient
	IP        netip.Addr
	HELO      string
	Selectors []string // of the mail's DKIM signature
	Signers   []string // d= of its signatures
	Beyond    Beyond   // what the mail has more of
	Time      time.Time
	At        time.Time   // when it was refused, as a record has it; zero where none says so
	Clock     event.Clock // of At
	Size      int64       // octets of the message
	Message   *Message
	Came      *Message // the copy that came back, where Message is the mail as it was sent
	Missing   bool     // the mail itself was looked at before, and is not at hand now
	Waiting   *Waiting // of a mail in a queue of our own
	Forwarded string   // the address that it was sent on to
	Only      []string // causes to look at; nil is all
}

// Arrived reports whether what was read says that the mail has arrived at the receiving server.
func (k *Case) Arrived() bool {
	switch k.Verdict.Reason.ID {
	case "delivered", "complaint", "auto_reply":
		return true
	}
	return false
}

// Waiting is how long a mail stands in the queue.
type Waiting struct {
	Since time.Time
	Done  bool
}

// Cause is one documented reason for an error. Adding one is adding an entry.
type Cause struct {
	ID      string
	Fault   Fault         // whose it is; an outcome may know better
	Title   codes.Text    // in a table
	Says    codes.Text    // the end of "refused because …"; in Japanese a phrase that ends in こと
	Reasons []string      // of codes: an error with one of them complains of this
	Session bool          // the receiving server has to be asked
	Looks   Look          // what else has to be looked at for it
	Answers Answers       // which cause of the guide's patterns it is
	Counter string        // the countermeasure of the guide that is against it, a remedy of codes; "" for none of them
	Steps   []string      // remedies, in order
	Sound   codes.Text    // what a letter may say where this was looked at and excluded: "SPF: published"; or nothing
	Check   codes.Command // that looks again
	judge   func(*evidence) Outcome
}

// Outcome is the verdict on a cause with what it rests on.
type Outcome struct {
	Cause       *Cause
	Suspected   bool // the error complains of it
	Status      Status
	Proofs      []Proof
	Data        codes.Data // for Cause.Says
	Needs       []Need
	FollowsFrom *Cause       // the cause that this one follows from, or nil
	yields      bool         // confirmed only where nothing else is
	cut         bool         // not looked at: the run ended first
	fault       Fault        // whose it is, where the cause alone does not tell; else ""
	steps       []string     // remedies, where those of the cause do not fit; else nil
	byMail      bool         // the mail itself shows it
	then        *past.Change // by which it is confirmed, where nothing shows it now
	Findings    []diag.Finding
	Err         error // why nothing could be seen
}

// Proof is one thing that was seen, or that was not.
type Proof struct {
	Kind string // "dns", "smtp", "reply", "message", "history", "input"
	Says codes.Text
	Data codes.Data
	Seen []diag.Evidence
	Past *past.Change // what changed, of the kind "history"; nil: something else
}

// Wanted is a kind of thing that would decide an open cause.
type Wanted int

// The things that one may be asked for.
const (
	NeedFrom Wanted = iota
	NeedTo
	NeedIP
	NeedSelector
	NeedMessage
	NeedHistory
	NeedBounce
)

// Need is what would decide an open cause.
type Need struct {
	What Wanted
	Says codes.Text
}

// Step is something to do.
type Step struct {
	Remedy codes.Remedy
	Cause  *Cause         // that it is against; nil: the error by itself calls for it
	Fixes  []diag.Finding // with what to publish
	Check  codes.Command
}

// Diagnosis is the answer.
type Diagnosis struct {
	Case     *Case
	Outcomes []Outcome // in the order of the guide
	Steps    []Step
	Spare    []codes.Remedy // documented for the error, and not needed before Steps are done
	Letter   bool           // an inquiry to the recipient's administrator is due
	Started  time.Time
	Elapsed  time.Duration
	Queries  diag.Queries
	Visits   []Visit // to the recipient's servers, just now
	Silent   bool    // nobody answered: nothing was looked at
	Cut      error   // why the look ended before everything was looked at: the cause of the context's end; nil: it did not
	Late     bool    // with Cut: a deadline ended it, not an interrupt
}

// Answer is the first confirmed cause, or nil.
func (d *Diagnosis) Answer() *Outcome {
	for i := range d.Outcomes {
		if d.Outcomes[i].Status == Confirmed {
			return &d.Outcomes[i]
		}
	}
	return nil
}

// Confirmed lists the confirmed causes.
func (d *Diagnosis) Confirmed() []*Cause {
	var out []*Cause
	for _, o := range d.Outcomes {
		if o.Status == Confirmed {
			out = append(out, o.Cause)
		}
	}
	return out
}

// Count tells how many of the suspected causes have a status.
func (d *Diagnosis) Count(s Status) int {
	n := 0
	for _, o := range d.Outcomes {
		if o.Suspected && o.Status == s {
			n++
		}
	}
	return n
}

// Needs lists what would decide the open causes, each once.
func (d *Diagnosis) Needs() []Need {
	var out []Need
	for _, o := range d.Outcomes {
		for _, n := range o.Needs {
			if o.Suspected && o.Status == Open && o.FollowsFrom == nil && !slices.ContainsFunc(out, func(m Need) bool { return m.What == n.What }) {
				out = append(out, n)
			}
		}
	}
	return out
}

// Run looks at everything that the error may come from, side by side, and
// judges each cause by what was seen.
func Run(ctx context.Context, env Env, c *Case) *Diagnosis {
	started := env.Now()
	session := resolve.NewSession(env.DNS)
	count := &counter{Resolver: session}
	env.DNS = count
	e := &evidence{Case: c, env: env, reasons: reasons(c)}
	var early sync.WaitGroup
	asked := e.aboutSender()
	if asked { // it need not wait for the provider's name
		early.Go(func() { e.lookAtSender(ctx, c) })
	}
	known := env.recognise(ctx, c)
	e.Case, e.reasons = known, reasons(known)
	e.gather(ctx, !asked && e.aboutSender())
	early.Wait()
	e.silent = count.silent()
	outcomes := e.verdicts()
	if !count.asked() && slices.ContainsFunc(outcomes, byWordsAlone) {
		// These verdicts rest on the reply text alone. Ask for the root NS to know whether DNS works at all.
		if _, err := env.DNS.Ask(ctx, ".", resolve.TypeNS); err != nil {
			e.silent = true
			outcomes = e.verdicts()
		}
	}
	d := &Diagnosis{Case: known, Outcomes: outcomes, Started: started, Visits: e.visits, Silent: e.silent}
	if diag.CauseOfEnd(ctx) != nil {
		d.cutShort(ctx)
	}
	e.leftOut(d.Outcomes)
	pastView{e}.join(d.Outcomes)
	follow(d.Outcomes)
	stepper{e, d}.steps()
	d.Queries.Sent, d.Queries.Unique = session.Counts()
	d.Elapsed = env.Now().Sub(started)
	return d
}

// recognise reads the reply again with the server's name where the text does
// not tell it: the provider's own sense of a code comes before the registry's.
func (env Env) recognise(ctx context.Context, c *Case) *Case {
	domain := c.toDomain()
	if c.Context.Host != "" || domain == "" || len(c.Reply.Lines) == 0 {
		return c
	}
	known := *c
	known.Context.Host = domain
	if a, err := env.DNS.Ask(ctx, domain, resolve.TypeMX); err == nil && len(a.Records) > 0 {
		best := slices.MinFunc(a.Records, func(x, y resolve.Record) int { return cmp.Compare(x.Pref, y.Pref) })
		known.Context.Host = best.Host
	}
	known.classify(env.Codes)
	return &known
}

// reasons are what the error may mean: its reading, and the second one; of a
// code without a word of the server all that is documented for it.
func reasons(c *Case) []string {
	if c.perhapsDelivered() { // what could keep it from the inbox
		return []string{"delivered"}
	}
	if c.Arrived() && c.Verdict.Reason.ID != "delivered" { // somebody or something answered: nothing is to be found out
		return []string{c.Verdict.Reason.ID}
	}
	out := []string{c.Verdict.Reason.ID}
	if c.Verdict.Other != nil {
		out = append(out, c.Verdict.Other.Reason.ID)
	}
	if len(c.Reply.Lines) == 0 {
		out = append(out, c.Verdict.Delivery.Reasons...)
	}
	if c.Waiting != nil {
		out = append(out, "queued")
	}
	return out
}

// perhapsDelivered reports whether the mail went out to its end: it must not be sent again before somebody asked.
func (c *Case) perhapsDelivered() bool { return c.Verdict.Delivery.ID == codes.DeliveryNoReply }

// bare reports whether a refusal was given by its code alone, without a word of the server.
func (c *Case) bare() bool {
	return c.Reply.Code >= 400 && len(c.Reply.Lines) == 0 && c.Reply.Enhanced.IsZero()
}

// complains reports whether the error may be about a cause.
func (e *evidence) complains(c *Cause) bool {
	if e.Only != nil && !slices.Contains(e.Only, c.ID) {
		return false
	}
	return slices.ContainsFunc(e.reasons, func(r string) bool { return slices.Contains(c.Reasons, r) })
}

func (e *evidence) verdict(c *Cause) Outcome {
	var o Outcome
	switch suspected := e.complains(c); {
	case e.silent:
		o = open(nil).because("dns", codes.Text{EN: "nobody answered: nothing could be looked up", JA: "どこからも応答がなく、何も確認できませんでした"})
	case !suspected:
		o = excluded().because("reply", e.elsewhere())
	default:
		o = c.judge(e)
	}
	o.Cause, o.Suspected = c, e.complains(c)
	return o
}

func (e *evidence) verdicts() []Outcome {
	var out []Outcome
	for _, cause := range Causes() {
		out = append(out, e.verdict(cause))
	}
	return out
}

// leftOut tells of the suspected causes that were looked at what our bounds kept
// from the look.
func (e *evidence) leftOut(all []Outcome) {
	for i := range all {
		o := &all[i]
		if !o.Suspected || o.cut || e.silent {
			continue
		}
		if o.Cause.Session && e.unseen != nil {
			*o = o.because("smtp", e.unseen.Says())
		}
		if o.Cause == mailContent && e.mail.moreLinks {
			b := diag.Bounded{What: codes.Text{EN: "domains of links", JA: "リンク先のドメイン"}, Limit: maxLinks}
			*o = o.because("message", b.Says())
		}
		for _, b := range e.Beyond.of(o.Cause) {
			*o = o.because("message", b.Says())
		}
	}
}

// byWordsAlone is what the reply says and nobody was asked about.
func byWordsAlone(o Outcome) bool {
	return o.Status == Confirmed && len(o.Proofs) > 0 && o.Proofs[0].Kind == "reply"
}

// follow marks what is only the consequence of another confirmed cause, and
// opens what stands back behind one.
func follow(all []Outcome) {
	for i := range all {
		if all[i].yields && slices.ContainsFunc(all, func(o Outcome) bool { return o.Status == Confirmed && !o.yields }) {
			all[i].Status = Open
		}
		if all[i].Status == Open && all[i].FollowsFrom != nil &&
			!slices.ContainsFunc(all, func(o Outcome) bool { return o.Cause == all[i].FollowsFrom && o.Status == Confirmed }) {
			all[i].FollowsFrom = nil
		}
	}
}

// counter knows whether anybody answered.
type counter struct {
	resolve.Resolver
	mu               sync.Mutex
	answered, failed int
}

func (c *counter) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	a, err := c.Resolver.Ask(ctx, name, t)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failed++
	} else {
		c.answered++
	}
	return a, err
}

func (c *counter) asked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed+c.answered > 0
}

func (c *counter) silent() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed > 0 && c.answered == 0
}
