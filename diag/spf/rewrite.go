package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// Insert writes a record with more mechanisms in front of the term at an
// offset; past the last mechanism they come before the modifiers.
func (r *Record) Insert(offset int, terms ...string) string {
	b := []byte("v=spf1")
	put := false
	for i := range r.Terms {
		t := &r.Terms[i]
		if !put && (t.Offset >= offset || t.Kind == All || t.Kind == Redirect || t.Kind == Exp) {
			put = true
			for _, term := range terms {
				b = append(append(b, ' '), term...)
			}
		}
		b = append(append(b, ' '), t.Text...)
	}
	if !put {
		for _, term := range terms {
			b = append(append(b, ' '), term...)
		}
	}
	return string(b)
}

// Without writes a record without the terms that drop chooses.
func (r *Record) Without(drop func(*Term) bool) string {
	b := []byte("v=spf1")
	for i := range r.Terms {
		if t := &r.Terms[i]; !drop(t) {
			b = append(append(b, ' '), t.Text...)
		}
	}
	return string(b)
}

// WithAll writes a record with another result for everybody else, and without the terms that drop chooses.
func (r *Record) WithAll(all string, drop func(*Term) bool) string {
	s := r.Without(func(t *Term) bool { return t.Kind == All || drop(t) })
	if t := r.Exp(); t != nil { // keep modifiers at the end
		s = strings.Replace(s, " "+t.Text, "", 1) + " " + all + " " + t.Text
		return s
	}
	return s + " " + all
}

// Narrowed writes a record with another result for everybody else, without the blocks that wide chooses: of hosts their
// own addresses stay (a for a/0).
func (r *Record) Narrowed(all string, wide func(*Term) bool) string {
	rest := &Record{Terms: slices.Clone(r.Terms)}
	for i := range rest.Terms {
		t := &rest.Terms[i]
		host, _, sized := strings.Cut(t.Text, "/")
		if wide(t) && sized && (t.Kind == A || t.Kind == MX) && !t.Domain.HasMacro() {
			t.Text = host
		}
	}
	return rest.WithAll(all, wide)
}

// none drops no term.
func none(*Term) bool { return false }

// AllLast writes a record so that all its terms are read, in the ways in which that can be done, the best first. Beside
// all nobody reads a redirect (RFC 7208 §6.1), which names senders and a result for everybody else: it takes the place of
// all, or its senders are included.
func (r *Record) AllLast() []string {
	all := r.All()
	if all == nil {
		return []string{r.Text}
	}
	rest := &Record{Text: r.Text, Terms: slices.DeleteFunc(slices.Clone(r.Terms), func(t Term) bool { return t.Kind == All })}
	redirect := r.Redirect()
	if redirect == nil {
		return []string{rest.WithAll(all.Text, none)}
	}
	include := rest.WithAll("include:"+string(redirect.Domain)+" "+all.Text, func(t *Term) bool { return t.Kind == Redirect })
	return []string{rest.Without(none), include}
}

// BlocksFirst writes a record with its ip4 and ip6 terms in front of those that ask DNS, where that changes nothing else:
// only while all of them let pass.
func (r *Record) BlocksFirst() string {
	var blocks, asking, rest []string
	for i := range r.Terms {
		switch t := &r.Terms[i]; {
		case rest != nil, t.Qualifier != '+' || t.Kind == All:
			rest = append(rest, t.Text)
		case t.Kind == IP4 || t.Kind == IP6:
			blocks = append(blocks, t.Text)
		default:
			asking = append(asking, t.Text)
		}
	}
	return strings.Join(slices.Concat([]string{"v=spf1"}, blocks, asking, rest), " ")
}

// ListsSenders reports whether a record lets anybody pass, or may do so.
func ListsSenders(record string) bool {
	r, _ := Parse(record)
	return slices.ContainsFunc(r.Terms, func(t Term) bool {
		switch t.Kind {
		case Invalid, Redirect:
			return true
		case All:
			return t.Qualifier == '+'
		}
		return t.IsMechanism() && t.Qualifier != '-'
	})
}

// NetworkTerm writes a set of addresses as an ip4 or ip6 mechanism.
func NetworkTerm(p netip.Prefix) string { return networkTerm(p.Masked()) }
