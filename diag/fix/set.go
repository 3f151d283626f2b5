package fix

import (
	"slices"
	"strings"

	"todoku/diag"
	"todoku/diag/bimi"
	"todoku/diag/dkim"
	"todoku/diag/dmarc"
	"todoku/diag/mtasts"
	"todoku/diag/resolve"
	"todoku/diag/spf"
	"todoku/diag/tlsrpt"
)

// set is a record set that findings offer records for.
type set struct {
	name  string
	typ   resolve.Type
	slots []*slot
	now   resolve.Answer
}

// slot is one thing that a set holds: one SPF record, one DMARC record, or all MX records.
type slot struct {
	of       kind
	variants []variant // what is offered, each differs from the others
	pick     int
}

// variant is what some findings offer for a slot.
type variant struct {
	values   []string
	findings []diag.Finding
}

// kind is what a TXT record is for; "" for one of no known use, and for other types.
type kind string

const (
	kindSPF    kind = "spf"
	kindDKIM   kind = "dkim"
	kindDMARC  kind = "dmarc"
	kindMTASTS kind = "mtasts"
	kindTLSRPT kind = "tlsrpt"
	kindBIMI   kind = "bimi"
)

// kindOf tells what a text is, or is meant as.
func kindOf(text string) kind {
	switch {
	case spf.IsSPF(text), spf.NearMiss(text) != "":
		return kindSPF
	case dmarc.IsDMARC(text), dmarc.Meant(text):
		return kindDMARC
	case mtasts.IsRecord(text), mtasts.Meant(text):
		return kindMTASTS
	case tlsrpt.IsRecord(text), tlsrpt.Meant(text):
		return kindTLSRPT
	case bimi.IsBIMI(text), bimi.Meant(text):
		return kindBIMI
	case dkim.IsKey(text):
		return kindDKIM
	}
	return ""
}

// types that findings offer.
func typeOf(name string) (resolve.Type, bool) {
	for _, t := range []resolve.Type{resolve.TypeTXT, resolve.TypeMX, resolve.TypePTR, resolve.TypeA, resolve.TypeAAAA, resolve.TypeTLSA} {
		if t.String() == name {
			return t, true
		}
	}
	return 0, false
}

// offered gathers what the findings of a report offer, by place. What the worst findings offer comes first.
func offered(r *diag.Report) []*set {
	var findings []diag.Finding
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if !f.Ignored() {
				findings = append(findings, f)
			}
		}
	}
	slices.SortStableFunc(findings, func(a, b diag.Finding) int { return int(b.Rule.Severity) - int(a.Rule.Severity) })
	var sets []*set
	for _, f := range findings {
		for i, rec := range f.Records {
			name := resolve.Lower(strings.TrimSuffix(rec.Name, "."))
			same := func(o diag.Record) bool {
				return o.Type == rec.Type && resolve.Lower(strings.TrimSuffix(o.Name, ".")) == name
			}
			t, known := typeOf(rec.Type)
			if !known || slices.ContainsFunc(f.Records[:i], same) {
				continue
			}
			var values []string
			for _, o := range f.Records[i:] {
				if same(o) {
					values = append(values, o.Value)
				}
			}
			at := slices.IndexFunc(sets, func(s *set) bool { return s.name == name && s.typ == t })
			if at < 0 {
				at, sets = len(sets), append(sets, &set{name: name, typ: t})
			}
			sets[at].offer(values, f)
		}
	}
	return sets
}

// offer adds what a finding offers. Addresses are added to those that are there, so each is a slot of its own.
func (s *set) offer(values []string, f diag.Finding) {
	of := kind("")
	switch s.typ {
	case resolve.TypeTXT:
		of = kindOf(values[0])
	case resolve.TypeA, resolve.TypeAAAA:
		of = kind(strings.Join(values, " "))
	}
	i := slices.IndexFunc(s.slots, func(o *slot) bool { return o.of == of })
	if i < 0 {
		i, s.slots = len(s.slots), append(s.slots, &slot{of: of})
	}
	in := s.slots[i]
	for j := range in.variants {
		if slices.Equal(in.variants[j].values, values) {
			in.variants[j].findings = append(in.variants[j].findings, f)
			return
		}
	}
	in.variants = append(in.variants, variant{values, []diag.Finding{f}})
}

// findings lists all that ask for a change of the set.
func (s *set) findings() []diag.Finding {
	var out []diag.Finding
	for _, slot := range s.slots {
		for _, v := range slot.variants {
			out = append(out, v.findings...)
		}
	}
	return out
}

// picks are the variants that are taken.
func (s *set) picks() []variant {
	out := make([]variant, len(s.slots))
	for i, slot := range s.slots {
		out[i] = slot.variants[slot.pick]
	}
	return out
}

// TTLs of records, in seconds: of those that are new, and the least, as a resolver counts down what it knows.
const (
	usualTTL = 3600
	leastTTL = 300
)

// change is the set with some variants in place.
func (s *set) change(picks []variant) Change {
	c := Change{Name: s.name, Type: s.typ.String(), TTL: usualTTL, Findings: s.findings()}
	if len(s.now.Records) > 0 {
		c.TTL = leastTTL
	}
	for _, r := range s.now.Records {
		c.TTL = max(c.TTL, r.TTL)
		text := s.value(r)
		c.Was = append(c.Was, text)
		if s.keeps(text) {
			c.Values = append(c.Values, text)
		}
	}
	for _, v := range picks {
		for _, value := range v.values {
			if !slices.Contains(c.Values, value) {
				c.Values = append(c.Values, value)
			}
		}
	}
	if same := slices.Clone(c.Values); len(same) == len(c.Was) { // the order of a set says nothing
		was := slices.Clone(c.Was)
		slices.Sort(same)
		slices.Sort(was)
		if slices.Equal(same, was) {
			c.Values = c.Was
		}
	}
	return c
}

// keeps reports whether a value that stands in the set stays there. A set of MX, PTR or TLSA records is offered as a whole.
// A name that begins with an underscore is there for one use: only what is plainly for another stays.
func (s *set) keeps(value string) bool {
	switch s.typ {
	case resolve.TypeA, resolve.TypeAAAA:
		return true
	case resolve.TypeTXT:
	default:
		return false
	}
	of := kindOf(value)
	replaced := slices.ContainsFunc(s.slots, func(o *slot) bool { return o.of == of })
	if !strings.HasPrefix(s.name, "_") && !strings.Contains(s.name, "._") {
		return of == "" || !replaced
	}
	return of != "" && !replaced
}

// value writes a record as a zone file has it, a TXT record as its text.
func (s *set) value(r resolve.Record) string {
	v := r.Value(s.typ)
	if s.typ == resolve.TypeMX || s.typ == resolve.TypePTR {
		return strings.TrimSuffix(v, ".") + "."
	}
	return v
}

// meant is the set with its picks in place. ok is false where one of its values is none of its type.
func (s *set) meant() (out resolve.Set, ok bool) {
	c := s.change(s.picks())
	out = resolve.Set{Name: s.name, Type: s.typ}
	for _, v := range c.Values {
		r := resolve.Record{Text: v}
		if s.typ != resolve.TypeTXT {
			if r, ok = resolve.ParseValue(s.typ, v); !ok {
				return out, false
			}
		}
		r.TTL = c.TTL
		out.Records = append(out.Records, r)
	}
	return out, true
}

// plain reports whether the name and all values but texts consist of characters that mean nothing else in any form.
func (s *set) plain() bool {
	if _, ok := s.meant(); !ok || !isPlain(s.name, "") {
		return false
	}
	c := s.change(s.picks())
	return s.typ == resolve.TypeTXT || !slices.ContainsFunc(slices.Concat(c.Was, c.Values), func(v string) bool { return !isPlain(v, " :") })
}

func isPlain(s, also string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._*/"+also, c) >= 0:
		default:
			return false
		}
	}
	return s != ""
}
