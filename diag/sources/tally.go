package sources

import (
	"hash/maphash"
	"math"
	"strings"
	"time"

	"todoku/diag/resolve"
	"todoku/sender/aggregate"
)

// Tally adds reports up. It is not for several goroutines at once.
type Tally struct {
	options Options
	counts  Counts
	seen    map[uint64]struct{}
	cut     map[uint64]int // of reports that were cut: how many rows or policies were taken
	texts   interned
	domains map[string]*tallied
	list    []*tallied
	streams map[streamKey]*stream
	tls     map[string]*tlsTally
	serial  int64 // of the TLS report that is added
	first   time.Time
	last    time.Time
	scratch []byte
	seed    maphash.Seed
	passing bool     // the parts of a report that is not counted are being passed over
	current *current // the report whose parts come
}

// current is a report of which parts come.
type current struct {
	domain *tallied
	by     *reporter
	middle int32
	policy aggregate.Policy
	lost   bool // something of it could not be read
	id     uint64
	again  bool // it was there before, but cut
	skip   int  // rows that were taken then
	taken  int  // rows that were read
}

// tallied is what is counted of one domain.
type tallied struct {
	name       string
	id         uint32
	policy     aggregate.Policy // of the latest report
	policyTime time.Time
	first      time.Time
	last       time.Time
	days       days
	mails      int64
	beyond     int64
	reporters  map[string]*reporter
	more       int64 // reports of reporters beyond MaxReporters
	streams    []*stream
}

// reporter is one who reports about a domain.
type reporter struct {
	org         string
	reports     int64
	mails       int64
	first, last time.Time
	days        days
	spans       []span
	discovery   map[string]int64
	bit         uint64 // in stream.reporters
}

// New makes an empty Tally.
func New(o Options) *Tally {
	return &Tally{options: o, seen: map[uint64]struct{}{}, cut: map[uint64]int{}, texts: newInterned(), domains: map[string]*tallied{},
		streams: map[streamKey]*stream{}, tls: map[string]*tlsTally{}, seed: maphash.MakeSeed()}
}

// Add counts a report. It keeps nothing of it.
func (t *Tally) Add(r *aggregate.Report) {
	if r.DMARC != nil {
		t.addDMARC(r)
	}
	if r.TLS != nil {
		t.addTLS(r)
	}
}

// asked reports whether reports of this time about this domain count.
func (t *Tally) asked(begin, end time.Time, domain string) bool {
	o := t.options
	switch {
	case !o.Since.IsZero() && !end.After(o.Since), !o.Until.IsZero() && !begin.Before(o.Until):
		return false
	case o.Domain != "" && !resolve.Within(domain, o.Domain) && !resolve.Within(o.Domain, domain):
		return false
	}
	return true
}

func (t *Tally) addDMARC(r *aggregate.Report) {
	if r.Part == 0 {
		t.passing = !t.begin(r)
	}
	if t.passing {
		return
	}
	c := t.current
	if r.Lost() && !c.lost { // a truncation shows in the last part
		c.lost = true
		if !c.again {
			t.counts.Lost++
		}
	}
	rows := r.DMARC.Rows
	rows = rows[max(0, min(len(rows), c.skip-c.taken)):]
	c.taken += len(r.DMARC.Rows)
	if !r.More {
		t.ended(c, r)
	}
	for i := range rows {
		if c.domain == nil {
			t.counts.Rows++
			t.counts.Beyond = sum(t.counts.Beyond, rows[i].Count)
			continue
		}
		t.addRow(c, &rows[i])
	}
}

// begin counts a report by its first part, and reports whether its rows count.
func (t *Tally) begin(r *aggregate.Report) bool {
	m := r.DMARC
	name := nameOf(m.Policy.Domain)
	if name == "" && len(m.Rows) > 0 {
		name = nameOf(m.Rows[0].HeaderFrom)
	}
	if !t.asked(m.Begin, m.End, name) {
		t.counts.Outside++
		return false
	}
	id, again := t.known(m, name)
	skip, cut := t.cut[id]
	switch {
	case !again:
		t.counts.DMARC++
	case cut:
		t.counts.Duplicates++
	default:
		t.counts.Duplicates++
		return false
	}
	d := t.domain(name)
	t.current = &current{domain: d, policy: m.Policy, id: id, again: again, skip: skip}
	if d == nil {
		return true
	}
	widen(&t.first, &t.last, m.Begin, m.End)
	widen(&d.first, &d.last, m.Begin, m.End)
	if !m.End.Before(d.policyTime) {
		d.policy, d.policyTime = cloned(m.Policy), m.End
	}
	rep := d.reporter(m)
	if !again {
		d.count(rep, m, &t.counts)
	}
	t.current.by = rep
	t.current.middle = reportDays(m.Begin, m.End, func(day int32) {
		d.days.add(day)
		if rep != nil {
			rep.days.add(day)
		}
	})
	return true
}

// widen makes a time hold another one.
func widen(first, last *time.Time, begin, end time.Time) {
	if !begin.IsZero() && begin.Unix() > 0 && (first.IsZero() || begin.Before(*first)) {
		*first = begin
	}
	if end.After(*last) {
		*last = end
	}
}

// reportDays calls add for the days of a report, and gives the one that its mails count for: the one in its middle. Most
// reports are of a day, of the zone of the reporter.
func reportDays(begin, end time.Time, add func(int32)) (middle int32) {
	const most = 40 // a report of more days than that has a fault
	middle = dayOf(begin.Add(end.Sub(begin) / 2))
	if end.Sub(begin) < 36*time.Hour || end.Sub(begin) > most*24*time.Hour {
		add(middle)
		return middle
	}
	for day := dayOf(begin); day <= dayOf(end.Add(-time.Second)); day++ {
		add(day)
	}
	return middle
}

// domain is what is counted of a domain; nil beyond the bound.
func (t *Tally) domain(name string) *tallied {
	d := t.domains[name]
	if d == nil {
		if len(t.list) >= MaxDomains {
			return nil
		}
		name = strings.Clone(name)
		d = &tallied{name: name, id: uint32(len(t.list)), reporters: map[string]*reporter{}}
		t.domains[name], t.list = d, append(t.list, d)
	}
	return d
}

// Add adds mails; it stays at the largest number.
func Add(a, b int64) int64 { return sum(a, b) }

// sum adds mails; it stays at the largest number.
func sum(a, b int64) int64 {
	if b <= 0 {
		return a
	}
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}
