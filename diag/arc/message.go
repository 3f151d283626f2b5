package arc

import (
	"slices"
	"strconv"
	"strings"

	"todoku/diag/dkim"
)

// messageSignature is an AMS while it is judged: a DKIM signature with another i= and without v= (RFC 8617 §4.1.2).
type messageSignature struct {
	signed
	header, body dkim.Canon
	limit        int64 // l=; -1: none
	loose        bool  // it has no c=
}

// newMessageSignature reads an AMS, and tells the faults that its text shows.
func newMessageSignature(p *part, out *Signature) *messageSignature {
	m := &messageSignature{signed: signed{Signature: out, part: p, step: stepStructure}, limit: -1}
	m.read("a", "b", "bh", "d", "h", "s")
	h, _ := p.tag("h")
	for name := range strings.SplitSeq(dkim.Plain(h), ":") {
		if name != "" { // RFC 8617 does not forbid an empty h=, and an empty name selects nothing
			m.Headers = append(m.Headers, name)
		}
	}
	if slices.ContainsFunc(m.Headers, func(n string) bool { return strings.EqualFold(n, AS.Field()) }) { // RFC 8617 §4.1.2
		m.fault(SealHTag, "h", AS.Field())
	}
	m.canonicalization()
	if q, there := p.tag("q"); there && !slices.Contains(strings.Split(dkim.Plain(q), ":"), "dns/txt") { // RFC 6376 §3.5
		m.fault(NoKey, "q", q)
	}
	if l, there := p.tag("l"); there {
		n, err := strconv.ParseInt(l, 10, 64)
		if err != nil || strings.Trim(l, "0123456789") != "" {
			m.fault(MissingTag, "l", l)
		}
		m.limit = n
	}
	return m
}

// canonicalization reads c=: "simple/simple" without it, and simple for a body that it does not name (RFC 6376 §3.5). There
// are sealers that mean relaxed when they write no c=, as the suite of the authors of ARC does: judge then tries both.
func (m *messageSignature) canonicalization() {
	c, there := m.part.tag("c")
	if !there {
		c, m.loose = "simple/simple", true
	}
	header, body, named := strings.Cut(c, "/")
	if !named {
		body = "simple"
	}
	for _, side := range []struct {
		word string
		to   *dkim.Canon
	}{{header, &m.header}, {body, &m.body}} {
		switch side.word {
		case "simple":
		case "relaxed":
			*side.to = dkim.Relaxed
		default:
			m.fault(BadCanonicalization, "c", c)
			return
		}
	}
	m.Canon = m.header.String() + "/" + m.body.String()
}

// judge holds the AMS against the mail.
func (m *messageSignature) judge(header *headerFields, k keyAnswer, bodies *bodyHashes) {
	m.step = stepMessage
	body, ok := m.fits(bodies)
	if m.loose && !body {
		m.body = dkim.Relaxed
		body, ok = m.fits(bodies)
	}
	fields, also := header.selected(m.Headers, m.part.field)
	if !ok || !also {
		return
	}
	if !body {
		m.fault(BodyHashMismatch, "bh", "")
	}
	sum := m.sum(fields)
	if m.loose && k.verify(m.alg, sum, m.b) == dkim.SignatureMismatch {
		m.header = dkim.Relaxed
		sum = m.sum(fields)
	}
	m.verify(k, sum, MessageMismatch)
	m.Canon = m.header.String() + "/" + m.body.String()
}

// fits reports whether the body has the hash of bh=; ok is false where bodies were hashed too often to tell.
func (m *messageSignature) fits(bodies *bodyHashes) (fits, ok bool) {
	sum, ok := bodies.get(m.body, m.limit)
	bh, _ := m.part.tag("bh")
	return ok && m.limit <= sum.length && slices.Equal(decoded(bh), sum.hash[:]), ok
}
