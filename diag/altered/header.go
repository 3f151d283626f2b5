package altered

import (
	"crypto/sha256"
	"slices"

	"todoku/diag/dkim"
	"todoku/sender/mail"
)

// ownField stands for the field DKIM-Signature itself in an hedit.
const ownField = -1

// hedit changes one field of the header.
type hedit struct {
	at     int           // its place in the list of fields; ownField; the length of the list for a new one
	field  mail.RawField // what stands there instead
	remove bool
}

// variant is a header that may be the one that was signed.
type variant struct {
	edits   []hedit
	changes []Change
}

// headerSearch looks for the header that a signature was made of.
type headerSearch struct {
	*budget
	sig    signed
	fields []mail.RawField
	keys   []*dkim.Key
	sum    [32]byte // that was signed, of an RSA key
	known  bool     // sum is
	other  bool     // none of the keys made the signature
	order  []int    // the fields that h= names, as places in fields
	canon  [][]byte // their canonical forms
	own    []byte   // the canonical form of the signature
	buf    []byte
}

func newHeaderSearch(b *budget, r mail.Raw, sig signed) *headerSearch {
	s := &headerSearch{budget: b, sig: sig, fields: r.Fields, keys: sig.keys}
	s.order = chosen(r.Fields, sig.Signed, sig.Index)
	for _, i := range s.order {
		s.canon = append(s.canon, dkim.AppendField(nil, sig.Header, r.Fields[i]))
	}
	s.own = dkim.AppendSignatureField(nil, sig.Header, sig.Field)
	return s
}

// chosen is dkim.SelectFields with the places of the fields; the field at own is the signature itself.
func chosen(fields []mail.RawField, names []string, own int) (list []int) {
	taken := make([]bool, len(fields))
	taken[own] = true
next:
	for _, name := range names {
		for i := len(fields) - 1; i >= 0; i-- {
			if !taken[i] && fields[i].Is(name) {
				taken[i] = true
				list = append(list, i)
				continue next
			}
		}
	}
	return list
}

// state says whether the signature is one of the header as it is.
func (s *headerSearch) state() State {
	if len(s.keys) == 0 || s.sig.Algorithm.KeyType() == "" {
		return Unknown
	}
	s.recover()
	if s.matches(nil) {
		return Holds
	}
	return Broken
}

// recover finds the key that made the signature, by what an RSA signature gives back.
func (s *headerSearch) recover() {
	for _, k := range s.keys {
		sum, made, rsa := signedSum(k, s.sig.value)
		if !rsa {
			s.other = false
			return
		}
		s.other = !made
		if made {
			s.sum, s.known = sum, true
			return
		}
	}
}

// holds reports whether the signature is one of this header.
func (s *headerSearch) holds(v variant) bool {
	cost := 10
	if s.known {
		cost = 1
	}
	if !s.budget.header(cost) {
		return false
	}
	return s.matches(v.edits)
}

func (s *headerSearch) matches(edits []hedit) bool {
	sum := sha256.Sum256(s.data(edits))
	if s.known {
		return sum == s.sum
	}
	return slices.ContainsFunc(s.keys, func(k *dkim.Key) bool { return k.Verify(s.sig.Algorithm, sum, s.sig.value) == nil })
}

// data is what is signed (RFC 6376 §3.7) with some fields changed.
func (s *headerSearch) data(edits []hedit) []byte {
	buf := s.buf[:0]
	if slices.ContainsFunc(edits, func(e hedit) bool { return e.remove || e.at >= len(s.fields) }) {
		fields := applied(s.fields, edits)
		for _, i := range chosen(fields, s.sig.Signed, s.ownAt(edits)) {
			buf = dkim.AppendField(buf, s.sig.Header, fields[i])
		}
	} else {
	next:
		for k, i := range s.order {
			for _, e := range edits {
				if e.at == i {
					buf = dkim.AppendField(buf, s.sig.Header, e.field)
					continue next
				}
			}
			buf = append(buf, s.canon[k]...)
		}
	}
	own := s.own
	for _, e := range edits {
		if e.at == ownField {
			own = dkim.AppendSignatureField(nil, s.sig.Header, e.field)
		}
	}
	buf = append(buf, own...)
	s.buf = buf
	return buf
}

// ownAt is the place of the signature after edits.
func (s *headerSearch) ownAt(edits []hedit) int {
	at := s.sig.Index
	for _, e := range edits {
		if e.remove && e.at < s.sig.Index {
			at--
		}
	}
	return at
}

// applied is a list of fields after edits.
func applied(fields []mail.RawField, edits []hedit) []mail.RawField {
	out := make([]mail.RawField, 0, len(fields)+len(edits))
next:
	for i, f := range fields {
		for _, e := range edits {
			if e.at == i {
				if !e.remove {
					out = append(out, e.field)
				}
				continue next
			}
		}
		out = append(out, f)
	}
	for _, e := range edits {
		if e.at >= len(fields) && !e.remove {
			out = append(out, e.field)
		}
	}
	return out
}

// rounds say in which order variants are tried: of how many fields at once, and how many of each field.
var rounds = []struct{ fields, variants int }{
	{1, 8}, {2, 4}, {1, 200}, {2, 10}, {1, 1 << 20}, {3, 4}, {2, 40}, {3, 12}, {2, 1 << 20},
}

// find gives the changes whose undoing makes the signature hold: of one field, of two or of three.
func (s *headerSearch) find(h hints) ([]Change, bool) {
	groups := s.groups(h)
	for _, r := range rounds {
		few := make([][]variant, len(groups))
		for i, g := range groups {
			few[i] = g[:min(len(g), r.variants)]
		}
		if list, ok := s.product(few, variant{}, r.fields); ok || s.spent {
			return list, ok
		}
	}
	return nil, false
}

// product tries one variant each of so many groups at once, with those that are chosen already.
func (s *headerSearch) product(groups [][]variant, chosen variant, n int) ([]Change, bool) {
	for i, g := range groups {
		for _, v := range g {
			both := variant{slices.Concat(chosen.edits, v.edits), slices.Concat(chosen.changes, v.changes)}
			if n > 1 {
				if list, ok := s.product(groups[i+1:], both, n-1); ok {
					return list, true
				}
			} else if s.holds(both) {
				return both.changes, true
			}
			if s.spent {
				return nil, false
			}
		}
	}
	return nil, false
}
