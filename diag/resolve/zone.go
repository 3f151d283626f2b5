package resolve

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/miekg/dns"
)

// A zone file may hold this much; more is a mistake ($GENERATE makes many
// records of one line).
const (
	maxZoneBytes   = 64 << 20
	maxZoneRecords = 500_000
)

// Zone is a master file (RFC 1035 §5) that answers instead of DNS. With an SOA
// record it answers for the whole zone; without one only for the record sets
// that it holds, so that one changed record can be tried out.
type Zone struct {
	file  string
	apex  map[string]bool
	names map[string]map[Type][]Record // also empty non-terminals, with an empty map
}

// ParseZone reads a master file. Relative names need an $ORIGIN. The error
// tells file and line.
func ParseZone(r io.Reader, file string) (*Zone, error) {
	z := &Zone{file: file, apex: map[string]bool{}, names: map[string]map[Type][]Record{}}
	limited := &io.LimitedReader{R: r, N: maxZoneBytes}
	p := dns.NewZoneParser(bufio.NewReader(limited), "", file)
	p.SetDefaultTTL(3600)
	n := 0
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if n++; n > maxZoneRecords {
			return nil, fmt.Errorf("zone file %s: more than %d records", file, maxZoneRecords)
		}
		if err := z.add(rr); err != nil {
			return nil, fmt.Errorf("zone file %s: %w", file, err)
		}
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("zone file %s: %w", file, err)
	}
	if limited.N <= 0 {
		return nil, fmt.Errorf("zone file %s: larger than %d MiB", file, maxZoneBytes>>20)
	}
	if len(z.names) == 0 {
		return nil, fmt.Errorf("zone file %s: %w", file, errors.New("no records in it"))
	}
	return z, nil
}

func (z *Zone) add(rr dns.RR) error {
	name, t := fromWire(rr.Header().Name), Type(rr.Header().Rrtype)
	rec := record(rr)
	switch t {
	case TypeMX, TypeCNAME, TypePTR, TypeNS:
		if rec.Host == "" { // the library lets it pass
			return fmt.Errorf("the %s record of %s names no host", t, name)
		}
	}
	if t == TypeSOA {
		z.apex[name] = true
	}
	if z.names[name] == nil {
		z.names[name] = map[Type][]Record{}
	}
	z.names[name][t] = append(z.names[name][t], rec)
	for at := Parent(name); at != "" && z.names[at] == nil; at = Parent(at) {
		z.names[at] = map[Type][]Record{}
	}
	return nil
}

// lookup answers when the zone knows. more is the target of an alias that the
// zone does not hold.
func (z *Zone) lookup(k key, a *Answer) (more string, ok bool) {
	at, chain := k.name, []string(nil)
	for {
		sets, exists, covered := z.find(at)
		records, has := sets[k.t]
		alias := sets[TypeCNAME]
		status := Found
		switch {
		case has:
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
		*a = Answer{Name: k.name, Type: k.t, Status: status, Records: records, Chain: chain, Server: z.file}
		return more, true
	}
}

// find gives the record sets of a name, whether it exists, and whether the
// zone answers for it with certainty.
func (z *Zone) find(name string) (sets map[Type][]Record, exists, covered bool) {
	sets, exists = z.names[name]
	covered = z.covers(name)
	if exists {
		return sets, true, covered
	}
	for at := Parent(name); at != ""; at = Parent(at) { // RFC 4592 §2.2.1: the closest encloser's wildcard
		if sets, ok := z.names["*."+at]; ok {
			return sets, true, covered
		}
		if _, ok := z.names[at]; ok {
			break
		}
	}
	return nil, false, covered
}

// covers reports whether a name is inside the zone and not delegated away.
func (z *Zone) covers(name string) bool {
	for at := name; at != ""; at = Parent(at) {
		if z.apex[at] {
			return true
		}
		if len(z.names[at][TypeNS]) > 0 {
			return false
		}
	}
	return z.apex["."]
}
