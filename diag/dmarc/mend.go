package dmarc

import (
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// Mend gives the one record that some texts mean, of which each may be faulty in any way: with all policy words and all
// addresses for reports that can be read. Where two texts or tags contradict each other, the stricter policy counts. ok
// is false where a policy word or an address stands there that cannot be placed, or where the policy may be among what
// cannot be read: such a record needs a person.
func Mend(texts ...string) (rec Record, ok bool) {
	var all []meant
	unread := false
	for _, text := range texts {
		m := read(text)
		if m.lost {
			return Record{}, false
		}
		unread = unread || m.unread
		all = append(all, m)
	}
	// The strictest record gives what only one can give.
	slices.SortStableFunc(all, func(a, b meant) int { return b.rec.P.Strength() - a.rec.P.Strength() })
	for i, m := range all {
		if i == 0 {
			rec = m.rec
			continue
		}
		rec.join(&m.rec)
	}
	if rec.P == "" && !unread {
		rec.P = None // RFC 9989 §4.7: what a record without p asks for
	}
	return rec, rec.P != "" && rec.sound()
}

// join adds what another record has and this one lacks.
func (r *Record) join(other *Record) {
	r.RUA, r.RUF = withAll(r.RUA, other.RUA), withAll(r.RUF, other.RUF)
	r.SP, r.NP = stricter(r.SP, other.SP, r.P), stricter(r.NP, other.NP, r.P)
	r.StrictDKIM, r.StrictSPF = r.StrictDKIM || other.StrictDKIM, r.StrictSPF || other.StrictSPF
	if r.PSD == 'u' {
		r.PSD = other.PSD
	}
	if r.FO == "" {
		r.FO = other.FO
	}
}

// stricter is a policy for subdomains, or that of another record where it asks for more than this one does.
func stricter(own, other, above Policy) Policy {
	if own == "" {
		own = above
		if other.Strength() <= above.Strength() {
			return ""
		}
	}
	if other.Strength() > own.Strength() {
		return other
	}
	return own
}

// withAll is a list with the addresses of another that it lacks.
func withAll(list, more []URI) []URI {
	list = slices.Clip(list)
	for _, u := range more {
		if !slices.ContainsFunc(list, func(known URI) bool { return strings.EqualFold(known.Text, u.Text) }) {
			list = append(list, u)
		}
	}
	return list
}

// sound reports whether the record, written anew, reads the same and has no fault.
func (r *Record) sound() bool {
	again, faults := Parse(r.String())
	return again.String() == r.String() && !slices.ContainsFunc(faults, func(f Fault) bool { return f.Kind.Breaks() })
}

// Meant reports whether a TXT text that is no DMARC record is meant as one, or as a part of one: it has a policy, addresses
// for reports, or nearly the version.
func Meant(txt string) bool {
	if IsDMARC(txt) {
		return false
	}
	m := read(txt)
	reports := len(m.rec.RUA)+len(m.rec.RUF) > 0
	return m.version || m.policy && reports || !m.other && (m.policy || reports)
}

// meant is what a text means, read with all the faults that people and programs make.
type meant struct {
	rec     Record
	version bool // it names DMARC where the version stands
	policy  bool // it has a policy
	other   bool // it is a record of another kind
	unread  bool // other words stand where they cannot be placed
	lost    bool // a policy word or an address stands where it cannot be placed
}

var (
	// unwrapped drops what people and programs write around a record and its parts.
	unwrapped = strings.NewReplacer(`"`, "", `\`, "", "<", "", ">", "", "{", "", "}", "", "[", "", "]", "", "|", ";")
	// unspaced drops what parts the letters of a name.
	unspaced = strings.NewReplacer(" ", "", "-", "", "=", "")
)

// read reads a text loosely: tags are found by their names wherever they stand, values by what they can be.
func read(txt string) meant {
	txt = txt[:min(len(txt), maxLoose)]
	s := unwrapped.Replace(resolve.Plain(txt))
	s = strings.Join(strings.Fields(s), " ")
	m := meant{rec: Record{Text: txt, PSD: 'u'}}
	tags := findTags(s)
	head := s
	if len(tags) > 0 {
		head = s[:tags[0].start]
	}
	m.begin(head)
	for _, t := range tags {
		m.take(t)
	}
	return m
}

const maxLoose = 8 << 10 // bytes of a text that are read loosely

// begin reads what stands before the first tag.
func (m *meant) begin(head string) {
	word := strings.Trim(head, blanks+",.;:'-")
	switch {
	case nearly(word, "dmarc1", 1), nearly(word, "v=dmarc1", 2):
		m.version = true
	case m.kind(word):
	default:
		m.leave(head)
	}
}

// kind looks at the value of v.
func (m *meant) kind(value string) bool {
	v := strings.ToLower(unspaced.Replace(value))
	for _, w := range [...]string{"spf", "dkim", "bimi", "sts", "tlsrpt"} {
		m.other = m.other || strings.HasPrefix(v, w) || strings.HasPrefix(v, "v"+w)
	}
	return m.other
}

// holdsMeaning reports whether a text has a policy word or an address.
func holdsMeaning(text string) bool {
	return strings.Contains(text, "@") || strings.ContainsFunc(text, isLetter) && slices.ContainsFunc(words(text), isPolicy)
}

func isPolicy(w string) bool { return w == "none" || w == "quarantine" || w == "reject" }

// words lists the runs of letters of a text, in lower case.
func words(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !isLetter(r) })
}

func isLetter(r rune) bool { return 'a' <= r|0x20 && r|0x20 <= 'z' }
