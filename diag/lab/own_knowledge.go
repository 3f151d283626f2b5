package lab

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// ownKnowledge is what one name server says in another way than the world does.
type ownKnowledge struct {
	sets   map[setKey][]dns.RR // in place of those of the world
	names  map[string]bool     // of sets
	faults map[faultScope]Fault
}

// setKey is the name and type of a set of records.
type setKey struct {
	name string // lower case, with the final dot
	t    uint16
}

func newOwnKnowledge() *ownKnowledge {
	return &ownKnowledge{sets: map[setKey][]dns.RR{}, names: map[string]bool{}, faults: map[faultScope]Fault{}}
}

// parseAt reads a line $AT ADDRESS and what follows: a fault, or a record that this name server has in place of all that the
// world has of the same name and type. Names are absolute.
func (w *World) parseAt(line string) error {
	fields := strings.Fields(line)
	if len(fields) < 5 {
		return fmt.Errorf("%q: want $AT ADDRESS $FAULT … or a record", strings.TrimSpace(line))
	}
	ip, err := netip.ParseAddr(fields[1])
	if err != nil {
		return fmt.Errorf("%q is no address", fields[1])
	}
	own := w.own[ip]
	if own == nil {
		own = newOwnKnowledge()
		w.own[ip] = own
	}
	_, rest, _ := strings.Cut(line, fields[1])
	rest = strings.TrimSpace(rest)
	if strings.HasPrefix(rest, "$FAULT") {
		return parseFault(rest, own.faults)
	}
	rr, err := dns.NewRR("$TTL 300\n" + rest)
	switch {
	case err != nil:
		return err
	case rr == nil:
		return fmt.Errorf("%q holds no record", rest)
	case w.size >= maxWorldRecords:
		return fmt.Errorf("more than %d records", maxWorldRecords)
	}
	w.size++
	k := setKey{strings.ToLower(rr.Header().Name), rr.Header().Rrtype}
	own.sets[k], own.names[k.name] = append(own.sets[k], rr), true
	return nil
}
