package resolve

import (
	"maps"
	"slices"
)

// Sets lists the record sets of some types that the zone has at a domain and below it, in the order of names. Where it answers
// for the whole domain, those of more that it lacks are listed as gone.
func (z *Zone) Sets(domain string, types []Type, more ...Set) []Set {
	var out []Set
	for _, name := range slices.Sorted(maps.Keys(z.store.names)) {
		if !Within(name, domain) || name[0] == '*' {
			continue
		}
		for _, t := range types {
			if r := z.records(name, t); len(r) > 0 {
				out = append(out, Set{Name: name, Type: t, Records: r, File: z.file})
			}
		}
	}
	for _, s := range more {
		has := slices.ContainsFunc(out, func(o Set) bool { return o.Name == s.Name && (o.Type == s.Type || o.Type == TypeCNAME) })
		if z.covers(s.Name) && !has {
			out = append(out, Set{Name: s.Name, Type: s.Type})
		}
	}
	return out
}

// Covers reports whether the zone answers for a name with certainty: what it lacks there does not exist.
func (z *Zone) Covers(name string) bool { return z.covers(name) }
