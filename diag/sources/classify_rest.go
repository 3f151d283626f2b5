package sources

import (
	"net/netip"

	"todoku/diag/provider"
)

// heap is mails that nothing has judged yet, from one operator.
type heap struct {
	list      []*mails
	op        Operator
	mails     int64
	days      days
	addresses map[netip.Addr]bool // of IPv6 the networks
	reporters uint64
	proven    bool // SPF or DKIM passes for somebody
	named     bool // an address has a name that leads back to it: servers of services have one
}

// The bounds of the second judgement.
const (
	fewAddresses  = 4  // servers of one who sends regularly
	manyAddresses = 10 // of a forger, so that it is sure
	burstMails    = 50
)

// judgeRest judges what the first look left: by how regular it is, from how many addresses, seen by how many.
func (w *work) judgeRest() {
	heaps := map[string]*heap{}
	for _, m := range w.list {
		if m.class != "" {
			continue
		}
		key := m.at.operatorKey()
		h := heaps[key]
		if h == nil {
			h = &heap{op: m.at.named.op, addresses: map[netip.Addr]bool{}}
			heaps[key] = h
		}
		h.add(m)
		h.proven = h.proven || w.authenticated(m)
	}
	weekly := 0
	for _, h := range heaps {
		if w.rhythmOf(h).weekly {
			weekly++
		}
	}
	pool := heap{addresses: map[netip.Addr]bool{}}
	for _, h := range heaps {
		class, perhaps, reason := w.judgeHeap(h, weekly)
		for _, m := range h.list {
			m.class, m.perhaps, m.sure, m.reason = class, perhaps, Medium, reason
			if class != Forger {
				continue
			}
			if why := w.ignorance(m); why != "" { // what nobody could look at is not forged
				m.class, m.sure, m.reason = Unknown, Low, why
				continue
			}
			pool.add(m)
		}
	}
	w.judgePool(&pool)
}

func (h *heap) add(m *mails) {
	h.list = append(h.list, m)
	h.mails = sum(h.mails, m.mails)
	h.days.merge(&m.days)
	h.addresses[m.at.site()] = true
	h.reporters |= m.reporters
	h.named = h.named || len(m.at.hosts) > 0
}

// judgeHeap judges the mails of one operator, to which nothing ties the domain. weekly is how many operators send by the week:
// where they are many, it is a forger with many addresses.
func (w *work) judgeHeap(h *heap, weekly int) (c Class, perhaps bool, why ReasonID) {
	r := w.rhythmOf(h)
	switch {
	case h.op.Role == provider.ESP && r.regular:
		return Unknown, true, ServiceRegular
	case h.op.Role == provider.ESP:
		return Unknown, false, ServiceOnce
	case h.proven && r.regular && r.days > 3 && (h.named || len(h.addresses) <= manyAddresses):
		return Unknown, true, OtherRegular
	case h.proven && h.named && (r.span > 3 || h.mails < burstMails):
		return Unknown, false, OtherOnce
	case r.regular && len(h.addresses) <= fewAddresses && (r.often || r.weekly && weekly <= fewAddresses):
		return Unknown, true, ServerRegular
	}
	return Forger, false, NoTie
}

// rhythm is how regularly mails come.
type rhythm struct {
	days    int
	span    int32 // from the first day to the last one
	regular bool  // again and again for long, and over at least half of the time since they began
	often   bool  // on two days of five since they began
	weekly  bool
}

// longEnough is for how many days mails come at least that are regular, where the reports are of a longer time.
const longEnough = 21

// rhythmOf measures from the first mail to the end of the reports: a server may be new. Days of a wrong clock do not count.
func (w *work) rhythmOf(h *heap) (r rhythm) {
	list := h.days.within(w.ends[0], w.ends[1])
	if len(list) == 0 {
		return r
	}
	first, last := list[0], list[len(list)-1]
	since, whole := w.ends[1]-first+1, w.ends[1]-w.ends[0]+1
	r.days, r.span = len(list), last-first+1
	r.regular = r.days >= 3 && 2*r.span >= since && (2*r.span >= whole || r.span >= longEnough)
	r.often = int32(r.days)*5 >= 2*since
	r.weekly = everyWeek(list)
	return r
}

// everyWeek reports whether days, in their order, come by the week: a month at least, on one day of the week or beside it, and
// with at most a quarter of the weeks left out.
func everyWeek(list []int32) bool {
	weeks, before := int32(0), int32(-1)
	for _, day := range list {
		at := day - list[0] + 1 // a day early is of the week to come
		if at%7 > 2 {
			return false
		}
		if at/7 != before {
			weeks, before = weeks+1, at/7
		}
	}
	return weeks >= 4 && weeks*4 >= (before+1)*3
}

// judgePool judges all mails that may be forged together: a few of them from one source may be anything.
func (w *work) judgePool(pool *heap) {
	few := len(pool.addresses) < 3 && reporters(pool.reporters) < 2 && pool.mails < burstMails
	sure := len(pool.addresses) >= manyAddresses || reporters(pool.reporters) >= 3
	for _, m := range pool.list {
		switch {
		case few:
			m.class, m.sure, m.reason = Unknown, Low, TooFew
		case sure:
			m.sure = High
		}
	}
}
