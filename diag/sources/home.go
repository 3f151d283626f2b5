package sources

import (
	"net/netip"
	"slices"

	"todoku/diag/provider"
)

// keyHomes are the operators from which a signature with a key of the domain passes.
type keyHomes struct {
	pass  map[string]int64 // mails by the key of the operator
	known map[string]int64 // those of them that are ours for another reason
}

// nameOperators names the operator of each source: by the domain's SPF record, by a name of the address, by what passes.
func (w *work) nameOperators() {
	byKey := map[netip.Addr]map[named]int64{}
	for _, m := range w.list {
		note := func(k result, by OperatorBy) {
			if k.result != "pass" || k.domain == "" || w.isOurs(k.domain) {
				return
			}
			if byKey[m.key.source] == nil {
				byKey[m.key.source] = map[named]int64{}
			}
			n := w.operators.of(k.domain, by)
			byKey[m.key.source][n] = sum(byKey[m.key.source][n], m.mails)
		}
		for _, k := range m.dkim {
			note(k, NamedByDKIM)
		}
		note(m.spf, NamedByEnvelope)
	}
	for ip, s := range w.sources {
		s.byMX = w.mx[ip]
		for _, name := range s.names {
			r := s.records[name]
			if s.lets == nil && r.passes() {
				s.lets = r
			}
			s.wide = s.wide || r.wide
		}
		for _, host := range s.hosts {
			s.own = s.own || w.isOurs(host)
		}
		s.own = s.own || s.byMX
		s.named = w.namedBy(s, byKey[ip])
	}
}

// namedBy is the operator of a source.
func (w *work) namedBy(s *source, passing map[named]int64) named {
	switch {
	case s.lets != nil && s.lets.include != "":
		return w.operators.of(s.lets.include, NamedBySPF)
	case s.lets != nil:
		return ours(w.name, NamedBySPF)
	case s.byMX:
		return ours(w.name, NamedByMX)
	case s.own:
		return ours(w.name, NamedByPTR)
	case len(s.hosts) > 0:
		return w.operators.of(s.hosts[0], NamedByPTR)
	}
	var best named
	most := int64(-1)
	for n, mails := range passing {
		if mails > most || mails == most && (n.op.By == NamedByDKIM && best.op.By != NamedByDKIM || n.op.By == best.op.By && n.key < best.key) {
			best, most = n, mails
		}
	}
	return best
}

// operatorKey tells operators apart; an address without a known operator is one of its own, of IPv6 its network.
func (s *source) operatorKey() string {
	if s.named.key != "" {
		return s.named.key
	}
	return "address:" + s.site().String()
}

// siteBits is the prefix of IPv6 that one site has: whoever has one address there has all (RFC 6177 §2, RFC 7421).
const siteBits = 64

// site is the address where one who sends counts as one: of IPv6 the first of its network.
func (s *source) site() netip.Addr {
	if !s.ip.Is6() {
		return s.ip
	}
	return netip.PrefixFrom(s.ip, siteBits).Masked().Addr()
}

// maxKeys bounds the keys of a domain: who has more rotates them by the day, and the oldest matter least.
const maxKeys = 20_000

// findKeys finds from where the keys of the domain sign.
func (w *work) findKeys() {
	for _, m := range w.list {
		for _, k := range m.dkim {
			if k.result != "pass" || !w.isOurs(k.domain) {
				continue
			}
			k.result = ""
			h := w.keys[k]
			if h == nil {
				if len(w.keys) >= maxKeys {
					continue
				}
				h = &keyHomes{pass: map[string]int64{}, known: map[string]int64{}}
				w.keys[k] = h
			}
			key := m.at.operatorKey()
			h.pass[key] = sum(h.pass[key], m.mails)
			if m.passSPF && !m.at.wide || m.at.own || m.at.lets != nil {
				h.known[key] = sum(h.known[key], m.mails)
			}
		}
	}
}

// signedShare is how many times as much of a service's mail is signed for the domain, at least, where what is not stands apart.
const signedShare = 10

// findServices finds mails that stand apart: from a sending service, with nothing of the domain but their source, where a key of
// the domain signs nearly all others.
func (w *work) findServices() {
	signs, bare := map[string]int64{}, map[string]int64{} // mails by the key of the operator
	for _, m := range w.list {
		ours := func(k result) bool { return w.isOurs(k.domain) }
		m.apart = !m.passSPF && m.at.named.op.Role == provider.ESP && !ours(m.spf) && !slices.ContainsFunc(m.dkim, ours)
		switch key := m.at.operatorKey(); {
		case m.passDKIM:
			signs[key] = sum(signs[key], m.mails)
		case m.apart:
			bare[key] = sum(bare[key], m.mails)
		}
	}
	for _, m := range w.list {
		key := m.at.operatorKey()
		m.apart = m.apart && signs[key]/signedShare >= bare[key]
	}
}

// atHome reports whether a signature of the domain that passes here comes from where the key is: sure where others tell so too.
func (w *work) atHome(m *mails) (home bool, sure Sure) {
	key := m.at.operatorKey()
	for _, k := range m.dkim {
		if k.result != "pass" || !w.isOurs(k.domain) {
			continue
		}
		k.result = ""
		h := w.keys[k]
		switch {
		case h == nil:
			continue
		case h.known[key] > 0:
			return true, High
		case len(h.known) > 0: // the key is with others
			continue
		}
		best, most := "", int64(0)
		for op, n := range h.pass {
			if n > most || n == most && op < best {
				best, most = op, n
			}
		}
		if best == key {
			return true, Medium
		}
	}
	return false, High
}
