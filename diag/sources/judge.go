package sources

import (
	"cmp"
	"context"
	"math/bits"
	"net/netip"
	"slices"
	"strings"
	"time"

	"todoku/diag/resolve"
)

// judging is a judgement under way.
type judging struct {
	ctx       context.Context
	tally     *Tally
	world     World
	change    *Change
	now       time.Time
	orgs      *orgs
	operators *operators
	asker     *asker // nil: nobody is asked
	result    *Result
}

// mails are the mails of a stream, as they are judged.
type mails struct {
	*stream
	from     string
	spf      result
	dkim     []result
	passDKIM bool // for an aligned domain, under the policy of that time
	passSPF  bool
	differs  [2]bool // DKIM, SPF: the reporter concluded something else
	open     bool    // the receiver could not look at what decides
	apart    bool    // a service sent it that signs nearly all mail of the domain, and not this
	at       *source
	class    Class
	perhaps  bool
	sure     Sure
	reason   ReasonID
}

// passes reports whether DMARC passes.
func (m *mails) passes() bool { return m.passDKIM || m.passSPF }

// Judge asks DNS about the sources, and says what the reports tell. change is a policy that is only meant, or nil. Nothing
// may be added meanwhile. The error is the end of ctx.
func (t *Tally) Judge(ctx context.Context, w World, change *Change, now time.Time) (*Result, error) {
	if w.Most == 0 {
		w.Most = DefaultMost
	}
	j := &judging{ctx: ctx, tally: t, world: w, change: change, now: now, operators: newOperators(w.Providers)}
	j.orgs = newOrgs(w.DNS)
	j.result = &Result{Counts: t.counts, First: t.first, Last: t.last, WhatIf: change, Now: now, Why: NobodyAsked}
	if w.DNS != nil {
		j.asker = &asker{ctx: ctx, dns: w.DNS, providers: w.Providers}
		j.result.Why = AskedAll
	}
	works := make([]*work, len(t.list))
	for _, d := range t.list { // before any domain that others may have made up
		j.orgs.need(d.name)
	}
	for i, d := range t.list {
		works[i] = j.work(d)
	}
	if j.asker != nil {
		j.orgs.walk(j.asker)
	}
	for _, d := range works {
		d.align()
	}
	j.ask(works)
	for _, d := range works {
		// A broken report may tell of no domain, and one of a domain above the one that is asked for of no mail from that.
		if d.mails > 0 || d.name != "" && resolve.Within(d.name, cmp.Or(t.options.Domain, d.name)) {
			j.result.Domains = append(j.result.Domains, d.judge())
		}
	}
	slices.SortStableFunc(j.result.Domains, func(a, b *Domain) int { return compare(a.Mails, b.Mails, a.Name, b.Name) })
	j.result.TLS = t.judgeTLS()
	return j.result, ctx.Err()
}

// compare puts the larger number first, then goes by names.
func compare(a, b int64, nameA, nameB string) int {
	return cmp.Or(cmp.Compare(b, a), strings.Compare(nameA, nameB))
}

// work is a domain that is being judged.
type work struct {
	*judging
	*tallied
	list    []*mails
	sources map[netip.Addr]*source
	mx      map[netip.Addr]bool
	mxErr   error                // why there may be more of them
	keys    map[result]*keyHomes // selectors of the domain
	ends    [2]int32             // the first and the last day with reports
}

// source is an address, for one domain.
type source struct {
	*address
	names   []string               // the SPF records of this domain that are evaluated for the address: its own first
	records map[string]*authorised // by these names; address has those of all domains
	named   named
	own     bool // its name leads back to it and is one of the domain, or it is a mail host of the domain
	byMX    bool
	lets    *authorised // the SPF record that lets the source pass now; nil: none does, or nobody knows
	wide    bool        // the record lets nearly everybody pass, this source among them
}

// work prepares a domain: its mails, and what will be asked for.
func (j *judging) work(d *tallied) *work {
	w := &work{judging: j, tallied: d, sources: map[netip.Addr]*source{}, keys: map[result]*keyHomes{}}
	w.ends[0], w.ends[1] = d.days.bulk()
	for _, s := range d.streams {
		m := &mails{stream: s, from: j.tally.texts.text(s.key.from), spf: unpackSPF(j.tally.texts.text(s.key.spf)),
			dkim: unpackDKIM(j.tally.texts.text(s.key.dkim))}
		w.list = append(w.list, m)
		if related(d.name, m.from) {
			j.orgs.need(m.from)
		}
		for _, k := range append(m.dkim, m.spf) {
			if k.domain != m.from && related(m.from, k.domain) {
				j.orgs.need(m.from)
				j.orgs.need(k.domain)
			}
		}
	}
	return w
}

// align says of all mails whether SPF and DKIM pass for an aligned domain.
func (w *work) align() {
	for _, m := range w.list {
		m.passDKIM, m.passSPF = w.alignedBy(m, m.key.said&strictDKIM != 0, m.key.said&strictSPF != 0)
		m.differs[0] = len(m.dkim) > 0 && m.passDKIM != (m.key.said&saidDKIM != 0)
		m.differs[1] = m.spf.result != "" && m.passSPF != (m.key.said&saidSPF != 0)
		m.open = w.isOpen(m, m.spf)
		for _, k := range m.dkim {
			m.open = m.open || w.isOpen(m, k)
		}
	}
}

// isOpen reports whether the receiver could not look at a result that decides.
func (w *work) isOpen(m *mails, k result) bool {
	return k.result == "temperror" && w.orgs.aligned(m.from, k.domain, false)
}

// alignedBy says whether DKIM and SPF pass for an aligned domain. Where a report does not tell the results of a method, the
// reporter's conclusion counts.
func (w *work) alignedBy(m *mails, strictDKIM, strictSPF bool) (byDKIM, bySPF bool) {
	for _, k := range m.dkim {
		byDKIM = byDKIM || k.result == "pass" && w.orgs.aligned(m.from, k.domain, strictDKIM)
	}
	if len(m.dkim) == 0 {
		byDKIM = m.key.said&saidDKIM != 0
	}
	bySPF = m.spf.result == "pass" && w.orgs.aligned(m.from, m.spf.domain, strictSPF)
	if m.spf.result == "" {
		bySPF = m.key.said&saidSPF != 0
	}
	return byDKIM, bySPF
}

// isOurs reports whether a name is the domain's, or of the same organisation.
func (w *work) isOurs(name string) bool {
	return name == w.name || related(w.name, name) && w.orgs.same(w.name, name)
}

// ask asks about the addresses of all domains.
func (j *judging) ask(works []*work) {
	all := map[netip.Addr]*address{}
	for _, w := range works {
		for _, m := range w.list {
			a := all[m.key.source]
			if a == nil {
				a = &address{ip: m.key.source}
				all[m.key.source] = a
			}
			a.mails = sum(a.mails, m.mails)
			s := w.sources[m.key.source]
			if s == nil {
				s = &source{address: a}
				w.sources[m.key.source] = s
				a.sources = append(a.sources, s)
			}
			m.at = s
			if j.asker != nil {
				s.names = append(s.names, w.recordsOf(m)...)
			}
		}
		for _, s := range w.sources {
			s.need(w.name)
		}
	}
	if j.asker == nil {
		return
	}
	sideBySide(len(works), func(i int) {
		works[i].mxErr = errNoAnswer
		if !j.asker.ended() {
			works[i].mx, works[i].mxErr = j.asker.mailHosts(works[i].name)
		}
	})
	j.result.Asked, j.result.NotAsked = j.asker.askAll(all, j.world.Most)
	if j.asker.silent() {
		j.result.Why = Silent
	}
}

// need notes the SPF records that will be evaluated for the source, that of the domain itself first. The order of the mails
// does not matter.
func (s *source) need(domain string) {
	slices.SortFunc(s.names, func(a, b string) int {
		switch {
		case a == b:
			return 0
		case a == domain:
			return -1
		case b == domain:
			return 1
		}
		return strings.Compare(a, b)
	})
	s.names = slices.Compact(s.names)
	s.names = slices.Clone(s.names[:min(len(s.names), maxRecords)])
	s.records = make(map[string]*authorised, len(s.names))
	for _, name := range s.names {
		r := s.address.records[name]
		if r == nil {
			if s.address.records == nil {
				s.address.records = map[string]*authorised{}
			}
			r = &authorised{}
			s.address.records[name] = r
		}
		s.records[name] = r
	}
}

// maxRecords is how many SPF records of a domain are evaluated for an address.
const maxRecords = 6

// recordsOf names the SPF records of ours that may let the source of mails pass: that of the domain itself, that of the From
// header's domain, and that of the envelope. What another domain lets pass says nothing of this one.
func (w *work) recordsOf(m *mails) []string {
	out := []string{w.name}
	for _, name := range []string{m.from, m.spf.domain} {
		if name != "" && !slices.Contains(out, name) && w.isOurs(name) {
			out = append(out, name)
		}
	}
	return out
}

// judge judges a domain.
func (w *work) judge() *Domain {
	w.nameOperators()
	w.findKeys()
	w.findServices()
	for _, m := range w.list {
		w.judgeAlone(m)
	}
	judgeBroken(w.list)
	w.judgeRest()
	d := w.report()
	if w.change != nil {
		d.WhatIf = w.whatIf(d)
	}
	return d
}

// reporters is how many reporters a mask means; the last bit is several of them.
func reporters(mask uint64) int { return bits.OnesCount64(mask) }
