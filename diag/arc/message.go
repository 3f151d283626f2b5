package arc

import (
	"crypto/sha256"
	"slices"
	"strconv"
	"strings"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// messageSignature is an AMS while it is judged: a DKIM signature with another i= and without v= (RFC 8617 §4.1.2).
type messageSignature struct {
	signed
	header, body dkim.Canon
	limit        int64 // l=; -1: none
	loose        bool  // it has no c=
}

// newMessageSignature reads an AMS. Faults are told as of step 4, for the newest one.
func newMessageSignature(p *part, out *Signature) *messageSignature {
	m := &messageSignature{signed: signed{Signature: out, part: p, step: stepMessage}, limit: -1}
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
	if l, there := p.tag("l"); there {
		n, err := strconv.ParseInt(l, 10, 64)
		if err != nil || strings.Trim(l, "0123456789") != "" {
			m.fault(MissingTag, "l", l)
		}
		m.limit = n
	}
	return m
}

// canonicalization reads c=: "simple/simple" without it, and simple for a body that it does not name (RFC 6376 §3.5). As there
// are sealers that mean relaxed when they write no c=, as the suite of the authors of ARC does, judge tries both for a header.
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
		switch strings.ToLower(side.word) {
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
func (m *messageSignature) judge(raw mail.Raw, k keyAnswer, bodies *bodyHashes) {
	body, ok := bodies.get(m.body, m.limit)
	if !ok {
		return
	}
	bh, _ := m.part.tag("bh")
	if m.limit > body.length || !slices.Equal(decoded(bh), body.hash[:]) {
		m.fault(BodyHashMismatch, "bh", "")
	}
	sum := m.sum(raw)
	if m.loose && k.verify(m.alg, sum, m.b) == dkim.SignatureMismatch {
		m.header = dkim.Relaxed
		if relaxed := m.sum(raw); k.verify(m.alg, relaxed, m.b) == "" {
			sum, m.Canon = relaxed, "relaxed/simple"
		}
	}
	m.verify(k, sum, MessageMismatch)
}

// sum is the SHA-256 of what the AMS signs of the header (RFC 6376 §3.7).
func (m *messageSignature) sum(raw mail.Raw) (out [32]byte) {
	others := mail.Raw{Fields: slices.DeleteFunc(slices.Clone(raw.Fields), func(f mail.RawField) bool {
		return f.Name == "" || &f.Bytes[0] == &m.part.field.Bytes[0]
	})}
	h, buf := sha256.New(), []byte(nil)
	for _, f := range dkim.SelectFields(others, m.Headers) {
		buf = dkim.AppendField(buf[:0], m.header, f)
		h.Write(buf)
	}
	h.Write(dkim.AppendSignatureField(buf[:0], m.header, m.part.field))
	h.Sum(out[:0])
	return out
}
