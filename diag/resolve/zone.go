package resolve

import (
	"slices"

	"github.com/miekg/dns"
)

// Zone is a master file (RFC 1035 §5) that answers instead of DNS. With an SOA
// record it answers for the whole zone; without one only for the record sets
// that it holds, so that one changed record can be tried out.
type Zone struct {
	file   string
	apex   map[string]dns.RR // names with an SOA record, and it
	dnames map[string]dname
	store  zoneStore
}

// dname is where the names below a name are found instead (RFC 6672 §2.2).
type dname struct {
	target string
	ttl    uint32
	place  string // "FILE:LINE"
}

// lookup answers when the zone knows. more is the target of an alias that the
// zone does not hold.
func (z *Zone) lookup(k key, a *Answer) (more string, ok bool) {
	*a = Answer{Name: k.name, Type: k.t, Server: z.file, FromFile: true, life: maxLife}
	for at := k.name; ; {
		owner, exists, covered := z.find(at)
		target, ttl := "", uint32(0)
		if a.Records = z.records(owner, k.t); len(a.Records) == 0 {
			target, ttl = z.alias(owner, at)
		}
		switch {
		case len(a.Records) > 0:
			a.Status = Found
		case target != "" && k.t == TypeCNAME: // RFC 6672 §3.1: the alias that a DNAME makes
			a.Records = []Record{{TTL: ttl, Host: target}}
		case target != "" && a.closes(target):
			a.Status = NoData
		case target != "" && len(a.Chain) < maxChain:
			a.Chain = append(a.Chain, target)
			at = target
			continue
		case target != "":
			a.Chain, more = append(a.Chain, target), target // the caller sees that there are too many
		case covered && exists:
			a.Status = NoData
		case covered:
			a.Status = NoName
		case len(a.Chain) > 0:
			more = at
		default:
			return "", false
		}
		return more, true
	}
}

// alias is the target of the CNAME record of owner, where at is found, or of the one that a DNAME above at makes; "" without.
func (z *Zone) alias(owner, at string) (target string, ttl uint32) {
	if r := z.records(owner, TypeCNAME); len(r) > 0 {
		return r[0].Host, r[0].TTL
	}
	if len(z.dnames) == 0 || owner != "" {
		return "", 0
	}
	for above := Parent(at); above != ""; above = Parent(above) {
		if d, ok := z.dnames[above]; ok {
			return renamed(at, above, d.target), d.ttl
		}
	}
	return "", 0
}

// renamed is a name with its end replaced as a DNAME record does it (RFC 6672 §2.2).
func renamed(name, end, target string) string {
	if target == "." {
		return name[:len(name)-len(end)-1]
	}
	return name[:len(name)-len(end)] + target
}

// records gives the records of a type that stand at a name in the file, each
// once, in the order of the file.
func (z *Zone) records(name string, t Type) []Record {
	var out []Record
	for place := z.store.names[name]; place != noRecord; {
		r := z.store.at(place)
		place = r.before
		if r.t != t {
			continue
		}
		h := dns.RR_Header{Name: ".", Rrtype: uint16(t), Class: dns.ClassINET, Ttl: r.ttl, Rdlength: uint16(len(r.data))}
		if rr, _, err := dns.UnpackRRWithHeader(h, r.data, 0); err == nil { // the parser packed it
			out = append(out, record(rr))
			out[len(out)-1].line = r.line
		}
	}
	slices.Reverse(out)
	return unique(out)
}

// find gives the name in the file whose records answer for a name, whether the
// name exists, and whether the zone answers for it with certainty.
func (z *Zone) find(name string) (owner string, exists, covered bool) {
	covered = z.covers(name)
	if _, exists = z.store.names[name]; exists {
		return name, true, covered
	}
	for at := Parent(name); at != ""; at = Parent(at) { // RFC 4592 §2.2.1: the closest encloser's wildcard
		if _, ok := z.store.names["*."+at]; ok {
			return "*." + at, true, covered
		}
		if _, ok := z.store.names[at]; ok {
			break
		}
	}
	return "", false, covered
}

// covers reports whether a name is inside the zone and not delegated away.
func (z *Zone) covers(name string) bool {
	for at := name; at != ""; at = Parent(at) {
		if _, ok := z.apex[at]; ok {
			return true
		}
		if z.store.has(at, TypeNS) {
			return false
		}
	}
	_, root := z.apex["."]
	return root
}
