package spf

import (
	"net/netip"
	"slices"
	"strings"
)

// Mend writes the record that a faulty one most likely means. ok is false when
// any fault in it needs a person.
func Mend(record string) (mended string, ok bool) {
	r, faults := Parse(strings.Map(plainSpace, record))
	if len(faults) == 0 {
		return r.Text, true
	}
	if faults[0].Kind == FaultVersion {
		return "", false
	}
	b := []byte("v=spf1")
	for i := range r.Terms {
		t := &r.Terms[i]
		text := t.Text
		if t.Kind == Invalid {
			if text, ok = mendTerm(text); !ok {
				return "", false
			}
		}
		b = append(append(b, ' '), text...)
	}
	if _, faults = Parse(string(b)); len(faults) > 0 {
		return "", false
	}
	return string(b), true
}

// plainSpace turns what people paste for a space into one.
func plainSpace(r rune) rune {
	switch r {
	case '\t', '\r', '\n', '\u00a0', '\u3000':
		return ' '
	}
	return r
}

// mendTerm tries what people get wrong most often.
func mendTerm(term string) (string, bool) {
	sign, text := "", strings.TrimRight(strings.Trim(term, `"'`), ".,;")
	if text != "" && isQualifier(text[0]) {
		sign, text = text[:1], text[1:]
	}
	tries := []string{text}
	name, arg, colon := strings.Cut(text, ":")
	switch strings.ToLower(name) {
	case "redirect", "exp":
		tries = append(tries, name+"="+arg)
	case "a", "mx", "ip", "ipv4", "ipv6", "ip4", "ip6":
		if network, ok := mendNetwork(arg); ok {
			tries = append(tries, network)
		}
	case "all":
		tries = append(tries, "all")
	}
	if network, ok := mendNetwork(text); ok && !colon {
		tries = append(tries, network)
	}
	for _, t := range tries {
		if _, faults := Parse("v=spf1 " + sign + t); len(faults) == 0 && t != "" {
			return sign + t, true
		}
	}
	return "", false
}

// mendNetwork writes an address or block as the mechanism for its family.
func mendNetwork(s string) (string, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return networkTerm(p), true
	}
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return "", false
	}
	return networkTerm(netip.PrefixFrom(a, a.BitLen())), true
}

// Meant reports whether a TXT record that is no SPF record was probably meant
// to be one, and what it should read.
func Meant(txt string) (record string, ok bool) {
	s := strings.TrimSpace(strings.Map(plainSpace, txt))
	s = strings.TrimSpace(strings.Trim(s, `"'`))
	if IsSPF(txt) || len(s) < 4 {
		return "", false
	}
	for _, start := range []string{"v=spf1", "v=spf 1", "v:spf1", "v = spf1", "v= spf1", "spf1", "v=spf"} {
		if len(s) >= len(start) && strings.EqualFold(s[:len(start)], start) {
			return Mend(strings.TrimSpace("v=spf1 " + strings.TrimLeft(s[len(start):], " ,;:.")))
		}
	}
	return "", false
}

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

// WithAll writes a record with another result for everybody else.
func (r *Record) WithAll(all string) string {
	s := r.Without(func(t *Term) bool { return t.Kind == All || t.Kind == Redirect || t.matchesAll() })
	if t := r.Exp(); t != nil { // keep modifiers at the end
		s = strings.Replace(s, " "+t.Text, "", 1) + " " + all + " " + t.Text
		return s
	}
	return s + " " + all
}

// AllLast writes a record with all behind the other mechanisms and without the
// redirect that it hides (RFC 7208 §6.1).
func (r *Record) AllLast() string {
	all := r.All()
	if all == nil {
		return r.Text
	}
	return (&Record{Text: r.Text, Terms: slices.DeleteFunc(slices.Clone(r.Terms),
		func(t Term) bool { return t.Kind == All || t.Kind == Redirect })}).WithAll(all.Text)
}

// Join makes one record of several: all their mechanisms, each once, and the
// milder of their results for everybody else. ok is false when one is faulty.
func Join(records []string) (record string, ok bool) {
	all := ""
	b := []byte("v=spf1")
	seen := map[string]bool{}
	for _, text := range records {
		r, faults := Parse(text)
		if len(faults) > 0 {
			return "", false
		}
		for i := range r.Terms {
			t := &r.Terms[i]
			term := t.Text
			switch t.Kind {
			case All:
				if all == "" || t.Qualifier == '~' {
					all = string(t.Qualifier) + "all"
				}
				continue
			case Redirect:
				term = "include:" + string(t.Domain)
			case Exp, Unknown:
				continue
			}
			if key := strings.ToLower(term); !seen[key] {
				seen[key] = true
				b = append(append(b, ' '), term...)
			}
		}
	}
	// Everybody passes, or nobody is judged, in no record that is to help.
	if all != "-all" {
		all = "~all"
	}
	return string(b) + " " + all, true
}

// NetworkTerm writes a set of addresses as an ip4 or ip6 mechanism.
func NetworkTerm(p netip.Prefix) string { return networkTerm(p.Masked()) }
