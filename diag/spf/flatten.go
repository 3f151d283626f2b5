package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// flat is for whom a record passes: a set of addresses, and the terms that
// depend on the message or on names of the client.
type flat struct {
	pass []netip.Prefix
	kept []string // terms without qualifier, as they read in another record
}

// flattener works out for whom a record passes. A term before which somebody
// was turned away must not be moved, so some records cannot be flattened.
type flattener struct {
	tree    *Tree
	path    []*Source
	turned  []netip.Prefix // addresses that got another result than pass
	unknown bool           // a term that we cannot foresee turned somebody away
	flat
}

// passes is for whom check_host() of a source gives pass; ok is false where
// that cannot be said by addresses and movable terms alone.
func (t *Tree) passes(s *Source, path []*Source) (flat, bool) {
	// Who takes part in a loop fails from wherever the loop is entered, so an
	// outcome holds for every path.
	if known, ok := t.flats[s]; ok {
		return known.flat, known.ok
	}
	f := flattener{tree: t, path: path}
	ok := f.record(s)
	f.pass = normal(f.pass)
	ok = ok && len(f.pass) <= maxPrefixes && len(f.kept) <= MaxLookups
	if t.flats == nil {
		t.flats = map[*Source]outcome{}
	}
	t.flats[s] = outcome{f.flat, ok}
	return f.flat, ok
}

// outcome is a result of passes.
type outcome struct {
	flat
	ok bool
}

// Records and exceptions beyond these bounds are not worked out: no person
// writes such a record.
const (
	maxFlattenable = 8192
	maxTurned      = 100
)

func (f *flattener) record(s *Source) bool {
	if s == nil || s.Err != nil || s.found == nil || len(s.Faults) > 0 || len(s.Record.Text) > maxFlattenable || slices.Contains(f.path, s) {
		return false
	}
	f.path = append(slices.Clip(f.path), s)
	for i := range s.Record.Terms {
		t := &s.Record.Terms[i]
		if t.Kind == All {
			return f.decide(t.Qualifier, everything())
		}
		if t.IsMechanism() && !f.mechanism(s, i) {
			return false
		}
	}
	for i := range s.Record.Terms {
		if s.Record.Terms[i].Kind == Redirect {
			return s.found[i].expanded && f.record(f.tree.sources[strings.ToLower(s.found[i].target)])
		}
	}
	return true
}

func (f *flattener) mechanism(s *Source, i int) bool {
	t, found := &s.Record.Terms[i], &s.found[i]
	switch t.Kind {
	case Include:
		if !found.expanded {
			return false
		}
		below, ok := f.tree.passes(f.tree.sources[strings.ToLower(found.target)], f.path)
		if !ok {
			return false
		}
		return f.decide(t.Qualifier, below.pass) && f.depends(t.Qualifier, below.kept...)
	case PTR, Exists:
		text, ok := t.elsewhere(s.Domain)
		return ok && f.depends(t.Qualifier, text)
	}
	set, ok := matches(t, found)
	if ok {
		return f.decide(t.Qualifier, set)
	}
	text, ok := t.elsewhere(s.Domain)
	return ok && f.depends(t.Qualifier, text)
}

// matches is the set of addresses that a mechanism matches, as DNS is now; ok
// is false where a message or the client's name decides.
func matches(t *Term, f *found) (set []netip.Prefix, ok bool) {
	switch t.Kind {
	case All:
		return everything(), true
	case IP4, IP6:
		if t.Prefix.Addr().Is4In6() { // RFC 7208 §5: such a client counts as IPv4
			return nil, true
		}
		return []netip.Prefix{t.Prefix}, true
	case A, MX:
		if !f.expanded || f.err != nil || f.cut || f.tooMany {
			return nil, false
		}
		for _, a := range f.addrs {
			bits := t.Bits6
			if a.Is4() {
				bits = t.Bits4
			}
			set = append(set, netip.PrefixFrom(a, int(bits)).Masked())
		}
		return normal(set), true
	}
	return nil, false
}

// decide notes that a set of addresses gets its result here.
func (f *flattener) decide(qualifier byte, set []netip.Prefix) bool {
	if len(set) == 0 {
		return true
	}
	if qualifier != '+' {
		f.turned = normal(append(slices.Clip(f.turned), set...))
		return len(f.turned) <= maxTurned
	}
	f.pass = append(f.pass, subtract(set, f.turned)...)
	return !f.unknown && len(f.pass) <= 4*maxPrefixes
}

// depends notes terms that match for reasons that we cannot foresee.
func (f *flattener) depends(qualifier byte, terms ...string) bool {
	if len(terms) == 0 {
		return true
	}
	if qualifier != '+' {
		f.unknown = true
		return true
	}
	f.kept = append(f.kept, terms...)
	return !f.unknown && len(f.turned) == 0
}

// elsewhere writes a mechanism without its qualifier so that it means the same
// in another domain's record; ok is false where it cannot (%{p} prefers names
// of the record's domain).
func (t *Term) elsewhere(domain string) (text string, ok bool) {
	text = t.Text
	if isQualifier(text[0]) {
		text = text[1:]
	}
	if strings.IndexByte(domain, '%') >= 0 {
		return "", false
	}
	name := len(t.Name())
	if t.Domain == "" {
		switch t.Kind {
		case A, MX, PTR: // RFC 7208 §4.8: no domain-spec means the record's domain
			return text[:name] + ":" + domain + text[name:], true
		}
		return text, true
	}
	if !t.Domain.HasMacro() {
		return text, true
	}
	b := append(make([]byte, 0, 128), text[:name+1]...)
	for p := range t.Domain.Parts() {
		switch p.Macro.Letter {
		case 'p':
			return "", false
		case 'd':
			b = p.Macro.transform(b, domain)
		default:
			b = append(b, p.Text...)
		}
	}
	return string(append(b, text[name+1+len(t.Domain):]...)), true
}
