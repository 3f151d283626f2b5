package sources

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
	"time"

	"todoku/sender/aggregate"
)

// known reports whether a report was there before: one with the same sender, id, domain and time, or one of several rows with
// the same sender, domain, time and rows under another id. A single row may be the same at two hosts of a reporter. It
// remembers the report, and gives the digest of its id.
func (t *Tally) known(m *aggregate.DMARC, domain string) (id uint64, there bool) {
	named := t.digest(func(h *digester) {
		h.text("id", m.Org, m.ID, domain)
		h.number(m.Begin.Unix(), m.End.Unix())
	})
	rows := t.digest(func(h *digester) {
		h.text("rows", m.Org, domain)
		h.number(m.Begin.Unix(), m.End.Unix(), int64(len(m.Rows)))
		for i := range m.Rows {
			h.row(&m.Rows[i])
		}
	})
	switch {
	case m.ID == "":
		named = rows
	case len(m.Rows) < 2:
		rows = named
	}
	return named, t.remember(named, rows)
}

// row takes what a row tells.
func (h *digester) row(r *aggregate.Row) {
	h.text(r.HeaderFrom, r.EnvelopeFrom, r.EnvelopeTo, r.Disposition, r.DKIM, r.SPF)
	a := r.Source.As16()
	h.Write(a[:])
	h.number(r.Count, int64(len(r.DKIMResults)), int64(len(r.SPFResults)), int64(len(r.Overrides)))
	for _, k := range r.DKIMResults {
		h.text(k.Domain, k.Selector, k.Result)
	}
	for _, s := range r.SPFResults {
		h.text(s.Domain, s.Scope, s.Result)
	}
	for _, o := range r.Overrides {
		h.text(o.Type)
	}
}

// ended keeps how much was taken of a report that was cut, so that only the rest counts when it comes again.
func (t *Tally) ended(c *current, r *aggregate.Report) {
	cut := slices.ContainsFunc(r.Faults, func(f aggregate.Fault) bool {
		return f.Kind == aggregate.Truncated || f.Kind == aggregate.BadJSON
	})
	_, remembered := t.seen[c.id]
	switch {
	case cut && remembered:
		t.cut[c.id] = max(c.taken, c.skip)
	case c.again && !cut:
		delete(t.cut, c.id)
		if !c.lost {
			t.counts.Lost--
		}
	}
}

// remember keeps the digests of a report, and reports whether one of them was there.
func (t *Tally) remember(digests ...uint64) bool {
	for _, d := range digests {
		if _, there := t.seen[d]; there {
			return true
		}
	}
	if len(t.seen) >= 2*MaxReports {
		t.counts.Unknown++
		return false
	}
	for _, d := range digests {
		t.seen[d] = struct{}{}
	}
	return false
}

// digester makes a number of what a report holds.
type digester struct{ maphash.Hash }

func (t *Tally) digest(write func(*digester)) uint64 {
	var h digester
	h.SetSeed(t.seed)
	write(&h)
	return h.Sum64()
}

// text takes texts, each with its end.
func (h *digester) text(list ...string) {
	for _, s := range list {
		h.WriteString(s)
		h.WriteByte(0)
	}
}

func (h *digester) number(list ...int64) {
	var b [8]byte
	for _, n := range list {
		binary.LittleEndian.PutUint64(b[:], uint64(n))
		h.Write(b[:])
	}
}

// span is a time that reports cover, in seconds.
type span struct{ begin, end int64 }

// The bounds of overlapping.
const (
	maxSpans  = 512
	tolerated = 3600 // seconds: the zones and clocks of reporters
)

// covers adds the time of a report, and reports whether a part of it was covered before.
func (r *reporter) covers(begin, end time.Time) bool {
	s := span{begin.Unix(), end.Unix()}
	if s.end <= s.begin {
		return false
	}
	at, _ := slices.BinarySearchFunc(r.spans, s, func(a, b span) int { return cmp.Compare(a.end, b.begin) })
	overlaps := at < len(r.spans) && min(r.spans[at].end, s.end)-max(r.spans[at].begin, s.begin) > tolerated ||
		at+1 < len(r.spans) && s.end-r.spans[at+1].begin > tolerated
	to := at
	for to < len(r.spans) && r.spans[to].begin <= s.end {
		s.begin, s.end = min(s.begin, r.spans[to].begin), max(s.end, r.spans[to].end)
		to++
	}
	if to > at || len(r.spans) < maxSpans {
		r.spans = slices.Replace(r.spans, at, to, s)
	}
	return overlaps
}

// reporter is the one who sent a report; nil beyond the bound.
func (d *tallied) reporter(m *aggregate.DMARC) *reporter {
	org := m.Org
	if org == "" {
		org = m.Email
	}
	org = org[:min(len(org), maxName)]
	r := d.reporters[org]
	if r == nil {
		if len(d.reporters) >= MaxReporters {
			return nil
		}
		org = string(append([]byte{}, org...))
		r = &reporter{org: org, bit: 1 << min(len(d.reporters), 63), discovery: map[string]int64{}}
		d.reporters[org] = r
	}
	return r
}

// count counts a report of a reporter; nil is all those beyond the bound.
func (d *tallied) count(r *reporter, m *aggregate.DMARC, counts *Counts) {
	if r == nil {
		d.more++
		return
	}
	r.reports++
	widen(&r.first, &r.last, m.Begin, m.End)
	if how := word(m.Policy.Discovery); how != "" && (len(r.discovery) < 8 || r.discovery[how] > 0) {
		r.discovery[how]++
	}
	if r.covers(m.Begin, m.End) {
		counts.Overlapping++
	}
}
