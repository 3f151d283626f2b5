package sources

import (
	"slices"
	"time"

	"todoku/sender/aggregate"
)

// Loss is what a change of the policy does to mails that fail.
type Loss struct {
	Lost       int64 // mails that arrived, and would be put aside or refused
	Already    int64 // mails to which the policy of their time did as much
	Harder     int64 // mails that were put aside, and would be refused
	Overridden int64 // mails that receivers let pass in spite of a policy, or for a reason of their own
	Mended     int64 // mails whose source SPF did not let pass then, and does now
}

// worse is how many mails are worse off than before. Who looks for mail finds what was put aside, and nothing that is refused.
func (l *Loss) worse() int64 { return sum(l.Lost, l.Harder) }

func (l *Loss) merge(o Loss) {
	l.Lost, l.Already, l.Harder = sum(l.Lost, o.Lost), sum(l.Already, o.Already), sum(l.Harder, o.Harder)
	l.Overridden, l.Mended = sum(l.Overridden, o.Overridden), sum(l.Mended, o.Mended)
}

// costs is a Loss under way. Receivers spare a part of some mails (pct): all of these are counted, and the part is taken once,
// at the end, so that many small numbers do not vanish.
type costs struct {
	Loss
	partly int64 // mails that would be put aside by pct
}

func (c *costs) merge(o costs) {
	c.Loss.merge(o.Loss)
	c.partly = sum(c.partly, o.partly)
}

// total is what is lost where pct mails of a hundred are not spared.
func (c *costs) total(pct int) Loss {
	l := c.Loss
	l.Lost = sum(l.Lost, c.partly/100*int64(pct)+(c.partly%100*int64(pct)+99)/100)
	return l
}

// above reports whether part is more than n of every of mails; of is more than n.
func above(part, mails, n, of int64) bool { return part > mails/of*n+mails%of*n/of }

// Verdict is the answer about a change.
type Verdict string

// The verdicts.
const (
	Safe  Verdict = "safe"
	After Verdict = "safe_after" // when the steps are done
	Never Verdict = "not_yet"
)

// Outcome is what a change would cost a domain.
type Outcome struct {
	Policy     aggregate.Policy // as it would be published
	Pct        int
	Ours       Loss
	Forwarders Loss
	Unknown    Loss
	Perhaps    Loss // of Unknown, the part that may be ours
	Forgers    Loss
	OursMails  int64 // all mails that are ours
	Days       int
	Verdict    Verdict
	Sure       Sure
	Doubts     []Doubt
	Steps      []Step // the one for the most mail first
}

// PerDay is how many mails of a number that is.
func (o *Outcome) PerDay(mails int64) float64 { return float64(mails) / float64(max(1, o.Days)) }

// Step is what has to be done before a change.
type Step struct {
	Group *Group
	Mend
}

// DoubtID says what makes an outcome less sure.
type DoubtID string

// The doubts.
const (
	ShortTime     DoubtID = "short"          // less than two weeks
	MissingDays   DoubtID = "gaps"           // days without any report
	OldReports    DoubtID = "old"            // the last report is some days old
	OneReporter   DoubtID = "one_reporter"   // only one reports
	BigMissing    DoubtID = "big_missing"    // one of the big receivers does not report
	BigPartly     DoubtID = "big_partly"     // one of them reports of less than half of the time
	ManyUnknown   DoubtID = "many_unknown"   // much of what fails is unknown
	UnaskedDNS    DoubtID = "dns"            // DNS was not asked, or did not answer
	BeyondBound   DoubtID = "beyond"         // mails beyond a bound are in no group
	PolicyUnheard DoubtID = "policy_changed" // the policy of the reports is not the one that is published now
)

// Doubt is one of them, with its figure.
type Doubt struct {
	ID    DoubtID
	N     int64
	Names []string
}

// The bounds of an outcome.
const (
	enoughDays   = 14
	recentDays   = 4
	manyPercent  = 1 // of the mails that are ours or unknown
	mostPercent  = 5
	fewPerMille  = 1 // of our mails: signatures break on the way now and then
	bigFromMails = 500
)

// lose counts what the change does to the mails of a group.
func (w *work) lose(g *Group, list []*mails) {
	if w.change == nil {
		return
	}
	p := w.meant()
	for _, m := range list {
		g.costs.merge(w.lossOf(m, p))
	}
	g.Loss = g.costs.total(w.change.Pct)
}

// lossOf is what a policy does to the mails of a stream.
func (w *work) lossOf(m *mails, p aggregate.Policy) (l costs) {
	byDKIM, bySPF := w.alignedBy(m, p.ADKIM == "s", p.ASPF == "s")
	meant := w.strength(p, m.from)
	if byDKIM || bySPF || meant == 0 {
		return l
	}
	if r := m.at.records[m.spf.domain]; r != nil && m.at.asked && r.passes() && w.orgs.aligned(m.from, m.spf.domain, p.ASPF == "s") {
		l.Mended = m.mails
		return l
	}
	was := 0
	switch {
	case m.key.said&wasReject != 0:
		was = 2
	case m.key.said&wasQuarantine != 0:
		was = 1
	}
	l.Already = m.done[2]
	if meant == 1 {
		l.Already = sum(l.Already, m.done[1])
	} else {
		l.Harder = m.done[1]
	}
	arrived := m.done[0]
	switch {
	case m.passes(): // it fails only by what is meant
		l.Lost = arrived
	case m.key.override&(passedOn|localPolicy) != 0, was > 0 && m.key.override&sampledOut == 0:
		l.Overridden = arrived
	default:
		l.Lost = arrived
	}
	if meant == 1 { // of reject, the rest is put aside
		l.Lost, l.partly = 0, l.Lost
	}
	return l
}

// whatIf sums up what the change costs, and judges it.
func (w *work) whatIf(d *Domain) *Outcome {
	o := &Outcome{Policy: w.meant(), Pct: w.change.Pct, OursMails: d.ByClass[Ours].Mails, Days: max(1, d.Days)}
	byClass, perhaps := map[Class]costs{}, costs{}
	for _, g := range d.Groups {
		c := byClass[g.Class]
		c.merge(g.costs)
		byClass[g.Class] = c
		if g.Class == Unknown && g.Perhaps {
			perhaps.merge(g.costs)
		}
		if (g.Class == Ours || g.Perhaps) && g.Loss.worse() > 0 {
			for _, m := range g.first {
				o.Steps = append(o.Steps, Step{g, m})
				if g.Perhaps { // first somebody has to say whose it is
					break
				}
			}
		}
	}
	for c, to := range map[Class]*Loss{Ours: &o.Ours, Forwarder: &o.Forwarders, Forger: &o.Forgers, Unknown: &o.Unknown} {
		all := byClass[c]
		*to = all.total(o.Pct)
	}
	o.Perhaps = perhaps.total(o.Pct)
	slices.SortStableFunc(o.Steps, func(a, b Step) int { return compare(a.Mails, b.Mails, "", "") })
	o.doubt(w, d)
	legitimate := sum(o.OursMails, d.ByClass[Unknown].Mails)
	switch {
	case o.Sure == Low, o.Perhaps.worse() > 0, above(o.Unknown.Lost, legitimate, manyPercent, 100):
		o.Verdict = Never
	case above(o.Ours.worse(), o.OursMails, fewPerMille, 1000):
		o.Verdict = After
	default:
		o.Verdict = Safe
	}
	return o
}

// doubtBig adds what the big receivers do not tell.
func (w *work) doubtBig(d *Domain, add func(id DoubtID, isLow bool, n int64, names ...string)) {
	missing, partly := bigMissing(d, w.ends)
	all := len(missing)+len(partly) == len(bigReporters())
	if len(missing) > 0 {
		add(BigMissing, all, int64(len(missing)), missing...)
	}
	if len(partly) > 0 {
		add(BigPartly, all, int64(len(partly)), partly...)
	}
}

// doubt says how sure the outcome is, and why not more.
func (o *Outcome) doubt(w *work, d *Domain) {
	low := false
	add := func(id DoubtID, isLow bool, n int64, names ...string) {
		o.Doubts = append(o.Doubts, Doubt{id, n, names})
		low = low || isLow
	}
	span := int(w.ends[1]-w.ends[0]) + 1
	if span < enoughDays {
		add(ShortTime, true, int64(span))
	}
	missing := 0
	for _, g := range d.Gaps {
		missing += g.Days()
	}
	if missing > 0 {
		add(MissingDays, missing > span/4, int64(missing))
	}
	if age := int64(dayOf(w.now) - w.ends[1]); age > recentDays && w.ends[1] >= 0 {
		add(OldReports, false, age, timeOf(w.ends[1]).Format(time.DateOnly))
	}
	if len(d.Reporters) == 1 && d.More == 0 {
		add(OneReporter, true, 1)
	}
	if d.Mails >= bigFromMails {
		w.doubtBig(d, add)
	}
	legitimate := sum(o.OursMails, d.ByClass[Unknown].Mails)
	if n := o.Unknown.Lost; above(n, legitimate, manyPercent, 100) {
		add(ManyUnknown, above(n, legitimate, mostPercent, 100), n)
	}
	if w.result.Why != AskedAll || d.Err != nil {
		add(UnaskedDNS, false, 0)
	}
	if w.changed() {
		add(PolicyUnheard, false, 0)
	}
	if d.Beyond > 0 {
		add(BeyondBound, above(d.Beyond, d.Mails, mostPercent, 100), d.Beyond)
	}
	switch {
	case low:
		o.Sure = Low
	case len(o.Doubts) > 0:
		o.Sure = Medium
	default:
		o.Sure = High
	}
}
