package resolve

import (
	"slices"

	"github.com/miekg/dns"
)

// Zone is a master file (RFC 1035 §5) that answers instead of DNS. With an SOA
// record it answers for the whole zone; without one only for the record sets
// that it holds, so that one changed record can be tried out.
type Zone struct {
	file  string
	apex  map[string]bool
	store zoneStore
}

// lookup answers when the zone knows. more is the target of an alias that the
// zone does not hold.
func (z *Zone) lookup(k key, a *Answer) (more string, ok bool) {
	at, chain := k.name, []string(nil)
	for {
		owner, exists, covered := z.find(at)
		records := z.records(owner, k.t)
		var alias []Record
		if len(records) == 0 {
			alias = z.records(owner, TypeCNAME)
		}
		status := Found
		switch {
		case len(records) > 0:
		case len(alias) > 0:
			target := alias[0].Host
			if len(chain) == maxChain || slices.Contains(chain, target) || target == k.name {
				more = target // the caller sees the circle
				break
			}
			chain = append(chain, target)
			at = target
			continue
		case covered && exists:
			status = NoData
		case covered:
			status = NoName
		case len(chain) > 0:
			more = at
		default:
			return "", false
		}
		*a = Answer{Name: k.name, Type: k.t, Status: status, Records: records, Chain: chain, Server: z.file, life: maxLife}
		return more, true
	}
}

// records gives the records of a type that stand at a name in the file, each
// once, in the order of the file.
func (z *Zone) records(name string, t Type) []Record {
	var out []Record
	for place := z.store.names[name]; place != noRecord; {
		before, typ, ttl, data := z.store.at(place)
		place = before
		if typ != t {
			continue
		}
		h := dns.RR_Header{Name: ".", Rrtype: uint16(t), Class: dns.ClassINET, Ttl: ttl, Rdlength: uint16(len(data))}
		if rr, _, err := dns.UnpackRRWithHeader(h, data, 0); err == nil { // the parser packed it
			out = append(out, record(rr))
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
		if z.apex[at] {
			return true
		}
		if z.store.has(at, TypeNS) {
			return false
		}
	}
	return z.apex["."]
}
