package sources

import (
	"hash/maphash"
	"math"
	"net/netip"
	"strconv"
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

// stream is mails that are alike: the same source, the same domains, the same results.
type stream struct {
	key       streamKey
	mails     int64
	done      [3]int64 // mails by what was done with them: nothing, quarantine, reject
	days      days
	reporters uint64 // a bit for each of the first 63; the last one is all others
}

// streamKey is what mails have in common.
type streamKey struct {
	source   netip.Addr
	domain   uint32 // of Tally.list
	from     uint32 // the domain of the From header
	spf      uint32 // the results, as packed writes them
	dkim     uint32
	said     said
	override override
}

// said is what the reporter concluded, and on which policy.
type said uint16

const (
	saidDKIM   said = 1 << iota // DKIM passes and is aligned
	saidSPF                     // SPF passes and is aligned
	strictDKIM                  // adkim=s
	strictSPF                   // aspf=s
	wasQuarantine
	wasReject
)

// override is why a receiver did something else than the policy asks for (RFC 7489 App. C, RFC 9990 §3.1.1.8).
type override uint8

const (
	forwarded override = 1 << iota
	mailingList
	trustedForwarder
	sampledOut // by pct, or by t=y
	arcPassed
	localPolicy
	otherOverride
)

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

// onPolicy is what a report says of the policy, as far as the streams keep it.
func onPolicy(p aggregate.Policy) said {
	var s said
	if p.ADKIM == "s" {
		s |= strictDKIM
	}
	if p.ASPF == "s" {
		s |= strictSPF
	}
	return s
}

// strengthThen is what a policy asked for mail from a domain, for all of it: where some of it was spared (t=y, RFC 9989 §4.7;
// pct, RFC 7489 §6.6.4) the next lower word. Nobody knows whether a subdomain was there then, so the weaker of sp and np counts.
func strengthThen(p aggregate.Policy, domain, from string) int {
	n := disposed(policyFor(p, domain, from))
	if from != domain && p.NP != "" {
		n = min(n, disposed(p.NP))
	}
	if pct, err := strconv.Atoi(p.Pct); p.Testing == "y" || err == nil && pct < 100 {
		n = max(0, n-1)
	}
	return n
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

// wants reports whether a row counts: of a report about a domain above the one that is asked for only some do.
func (t *Tally) wants(c *current, row *aggregate.Row) bool {
	o := t.options.Domain
	return o == "" || resolve.Within(c.domain.name, o) || resolve.Within(nameOf(row.HeaderFrom), o)
}

// addRow counts a row of the current report.
func (t *Tally) addRow(c *current, row *aggregate.Row) {
	if !t.wants(c, row) {
		return
	}
	d, rep := c.domain, c.by
	t.counts.Rows++
	if row.Count <= 0 {
		return
	}
	d.mails = sum(d.mails, row.Count)
	bit := uint64(1) << 63
	if rep != nil {
		rep.mails = sum(rep.mails, row.Count)
		bit = rep.bit
	}
	key, ok := t.keyOf(c, row)
	s := t.streams[key]
	if !ok || s == nil && len(t.streams) >= MaxStreams {
		d.beyond = sum(d.beyond, row.Count)
		t.counts.Beyond = sum(t.counts.Beyond, row.Count)
		return
	}
	if s == nil {
		s = &stream{key: key}
		t.streams[key] = s
		d.streams = append(d.streams, s)
	}
	s.mails = sum(s.mails, row.Count)
	at := disposed(row.Disposition)
	s.done[at] = sum(s.done[at], row.Count)
	s.days.add(c.middle)
	s.reporters |= bit
}

// disposed is what was done with mails: 0 nothing, 1 quarantine, 2 reject.
func disposed(word string) int {
	switch word {
	case "quarantine":
		return 1
	case "reject":
		return 2
	}
	return 0
}

// keyOf is what the mails of a row have in common with others; false where there are too many different ones.
func (t *Tally) keyOf(c *current, row *aggregate.Row) (k streamKey, ok bool) {
	from := nameOf(row.HeaderFrom)
	if from == "" {
		from = c.domain.name
	}
	k = streamKey{source: row.Source.Unmap().WithZone(""), domain: c.domain.id, said: onPolicy(c.policy)}
	if row.DKIM == "pass" {
		k.said |= saidDKIM
	}
	if row.SPF == "pass" {
		k.said |= saidSPF
	}
	switch strengthThen(c.policy, c.domain.name, from) {
	case 1:
		k.said |= wasQuarantine
	case 2:
		k.said |= wasReject
	}
	for _, o := range row.Overrides {
		k.override |= overrideOf(o)
	}
	var room [3]bool
	k.from, room[0] = t.texts.id([]byte(from))
	t.scratch = packSPF(t.scratch[:0], row)
	k.spf, room[1] = t.texts.id(t.scratch)
	t.scratch = packDKIM(t.scratch[:0], row.DKIMResults)
	k.dkim, room[2] = t.texts.id(t.scratch)
	return k, room == [3]bool{true, true, true}
}

// policyFor is the word of a policy of a domain for mail from it or from a domain below it.
func policyFor(p aggregate.Policy, domain, from string) string {
	if from != domain && p.SP != "" {
		return p.SP
	}
	return p.P
}

// overrideOf reads the type of an override.
func overrideOf(o aggregate.Override) override {
	switch o.Type {
	case "forwarded":
		return forwarded
	case "mailing_list":
		return mailingList
	case "trusted_forwarder":
		return trustedForwarder
	case "sampled_out", "policy_test_mode": // the policy of that time spared it (t=y, RFC 9990)
		return sampledOut
	case "local_policy":
		switch said := strings.ToLower(o.Comment[:min(len(o.Comment), 256)]); {
		case strings.Contains(said, "arc=pass"):
			return arcPassed
		case strings.Contains(said, "arc="): // a chain that did not help
			return otherOverride
		}
		return localPolicy
	case "":
		return 0
	}
	return otherOverride
}
