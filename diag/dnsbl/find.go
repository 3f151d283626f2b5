package dnsbl

import (
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// Source is a list as it is asked: under one of its zones.
type Source struct {
	*List
	zone  string // with the key of a subscriber, where it needs one
	key   string // "" where there is none
	Shown string // the zone without the key: "….zen.dq.spamhaus.net"
}

// Find gives the list of a zone, in the form that DNS knows. A zone that nobody knows is a list of Own. For a zone below one
// that takes subscribers only, what stands before it is the key.
func Find(zone string) Source {
	for _, l := range Lists() {
		for _, k := range l.Keyed {
			if key, ok := strings.CutSuffix(zone, "."+k); ok {
				return Source{l, zone, key, "…." + k}
			}
		}
		if slices.Contains(l.Zones, zone) || slices.Contains(l.Keyed, zone) || !l.Closed.IsZero() && l.at(zone) {
			return Source{List: l, zone: zone, Shown: zone}
		}
	}
	own := Source{List: &List{Name: zone, Kind: Own}, zone: zone, Shown: zone}
	for _, k := range [...]string{"dq.spamhaus.net", "mail.abusix.zone"} { // other zones that take a key
		if key, ok := strings.CutSuffix(zone, "."+k); ok {
			own.key, own.Shown = key, "…."+k
			own.List.Name = own.Shown
		}
	}
	return own
}

// HasKey reports whether a subscriber's key stands before the zone.
func (s Source) HasKey() bool { return s.key != "" }

// at reports whether a name is one of the zones or below one.
func (l *List) at(name string) bool {
	return slices.ContainsFunc(l.Zones, func(z string) bool { return resolve.Within(name, z) })
}

// Named gives the list of an id, as codes names those in replies; ok is false where there is none.
func Named(id string) (l *List, ok bool) {
	all := Lists()
	i := slices.IndexFunc(all, func(l *List) bool { return l.ID == id })
	if i < 0 {
		return nil, false
	}
	return all[i], true
}

// Source is the list, or that which it is a part of, as everybody can ask it; ok is false where nobody can.
func (l *List) Source() (s Source, ok bool) {
	if l.Part.Of != "" {
		whole, found := Named(l.Part.Of)
		if !found {
			return Source{}, false
		}
		l = whole
	}
	if len(l.Zones) == 0 || !l.Closed.IsZero() {
		return Source{}, false
	}
	return Source{List: l, zone: l.Zones[0], Shown: l.Zones[0]}, true
}

// Means reports whether an entry of the list that it is a part of is one that this part has.
func (l *List) Means(e Entry) bool {
	return len(l.Part.Words) == 0 || slices.Contains(l.Part.Words, e.Word)
}

// Public are the zones of the lists that are asked where nobody names one.
func Public() []string {
	var out []string
	for _, l := range Lists() {
		if l.Public {
			out = append(out, l.Zones[0])
		}
	}
	return out
}

// clean takes a subscriber's key out of a text.
func (s Source) clean(text string) string {
	if s.key == "" {
		return text
	}
	return strings.ReplaceAll(text, s.key, "…")
}
