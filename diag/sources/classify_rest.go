package sources

import "net/netip"

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
	apart     bool // the SPF record names the service, and its mail of the domain is signed otherwise
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
	c := crowdOf(heaps, w.ends)
	pool, shown := heap{addresses: map[netip.Addr]bool{}}, passesOn(w.list)
	for key, h := range heaps {
		class, perhaps, reason := c.judge(h)
		sure := Medium
		// Who passes on signed mail of the domain passes on what is not signed, too. A provider's servers are those of many.
		if h.op.Kind != Provider && shown[key] >= h.mails && (h.proven || class == Forger) {
			class, perhaps, sure, reason = Forwarder, false, Low, AmongForwarded
		}
		for _, m := range h.list {
			m.class, m.perhaps, m.sure, m.reason = class, perhaps, sure, reason
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
	h.apart = h.apart || m.at.lets != nil
	h.named = h.named || len(m.at.hosts) > 0
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
