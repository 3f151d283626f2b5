package sources

import (
	"strings"

	"todoku/sender/aggregate"
)

// interned gives texts numbers.
type interned struct {
	ids  map[string]uint32
	list []string
}

// The bounds of texts from outside.
const (
	maxTexts  = 200_000
	maxName   = 253 // octets of a domain name (RFC 1035 §2.3.4)
	maxSigned = 8   // signatures of one mail
)

func newInterned() interned { return interned{ids: map[string]uint32{"": 0}, list: []string{""}} }

// id is the number of a text; false where there are too many.
func (n *interned) id(text []byte) (uint32, bool) {
	if id, ok := n.ids[string(text)]; ok {
		return id, true
	}
	if len(n.list) >= maxTexts {
		return 0, false
	}
	s := string(text)
	id := uint32(len(n.list))
	n.ids[s], n.list = id, append(n.list, s)
	return id, true
}

func (n *interned) text(id uint32) string { return n.list[id] }

// nameOf is a domain as DNS knows it: lower case, without the final dot. "" for what is too long to be one.
func nameOf(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), ".")
	if len(s) > maxName {
		return ""
	}
	return strings.ToLower(s)
}

// mark stands between the parts of a packed text: no name has it.
const mark = 0

// packPart appends a part of a packed text in lower case. What cannot be a name is left out.
func packPart(b []byte, s string) []byte {
	if len(s) > maxName || strings.IndexByte(s, mark) >= 0 {
		s = ""
	}
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 {
			return append(append(b[:len(b)-i], strings.ToLower(s)...), mark)
		}
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		b = append(b, c)
	}
	return append(b, mark)
}

// packSPF writes the SPF result that counts for DMARC: that of MAIL FROM, else of HELO where no other is told (RFC 7489 App.
// C; RFC 9990 §3.1.1.12). Where the domain is not told it is that of the envelope.
func packSPF(b []byte, row *aggregate.Row) []byte {
	at := -1
	for i := range row.SPFResults {
		if row.SPFResults[i].Scope != "helo" {
			at = i
			break
		}
	}
	if at < 0 && len(row.SPFResults) > 0 {
		at = 0
	}
	if at < 0 {
		return b
	}
	domain := row.SPFResults[at].Domain
	if domain == "" {
		domain = row.EnvelopeFrom
	}
	return packPart(packPart(b, strings.TrimSuffix(domain, ".")), row.SPFResults[at].Result)
}

// packDKIM writes the results of DKIM, at most maxSigned.
func packDKIM(b []byte, list []aggregate.DKIMResult) []byte {
	for i := range list[:min(len(list), maxSigned)] {
		b = packPart(packPart(packPart(b, strings.TrimSuffix(list[i].Domain, ".")), list[i].Selector), list[i].Result)
	}
	return b
}

// result is what one check said of a domain.
type result struct{ domain, selector, result string }

// unpackSPF reads what packSPF wrote; no domain where nothing is told.
func unpackSPF(s string) (r result) {
	r.domain, s, _ = strings.Cut(s, "\x00")
	r.result, _, _ = strings.Cut(s, "\x00")
	return r
}

// unpackDKIM reads what packDKIM wrote.
func unpackDKIM(s string) []result {
	var out []result
	for s != "" {
		var r result
		r.domain, s, _ = strings.Cut(s, "\x00")
		r.selector, s, _ = strings.Cut(s, "\x00")
		r.result, s, _ = strings.Cut(s, "\x00")
		out = append(out, r)
	}
	return out
}

// cloned is a policy that keeps nothing of the report it is from.
func cloned(p aggregate.Policy) aggregate.Policy {
	p.Domain, p.P, p.SP, p.NP = strings.Clone(p.Domain), word(p.P), word(p.SP), word(p.NP)
	p.ADKIM, p.ASPF, p.Pct, p.Fo = word(p.ADKIM), word(p.ASPF), word(p.Pct), word(p.Fo)
	p.Testing, p.Discovery, p.VersionReported = word(p.Testing), word(p.Discovery), ""
	return p
}

// word is a short word of a report, in lower case.
func word(s string) string { return strings.ToLower(strings.Clone(s[:min(len(s), 64)])) }
