// Package lab is a small internet in one process: real DNS servers on loopback
// in which every documented failure can be met. Users try todoku on it
// (--lab); our tests play on it.
package lab

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// World is what the lab's DNS knows, and where it fails.
type World struct {
	names  map[string]map[uint16][]dns.RR // lower case, with the final dot; empty non-terminals too
	faults map[question]Fault
	size   int
}

type question struct {
	name string // "*." in front: everything below
	t    uint16 // 0: any type
}

// Word names a way to fail.
type Word string

// The ways in which a name can fail.
const (
	ServFail      Word = "SERVFAIL"
	Refused       Word = "REFUSED"
	Silence       Word = "SILENCE"       // no answer ever
	Delay         Word = "DELAY"         // ms=N: the answer comes late
	Truncate      Word = "TRUNCATE"      // the answer comes by TCP only
	Garbage       Word = "GARBAGE"       // random bytes behind the right id
	WrongID       Word = "WRONGID"       //
	WrongQuestion Word = "WRONGQUESTION" //
	EndlessTCP    Word = "ENDLESSTCP"    // TCP that trickles and never ends
)

// Fault is how the answers about a name fail.
type Fault struct {
	Word  Word
	EDE   uint16        // extended error of a SERVFAIL (RFC 8914); 0 for none
	Delay time.Duration // of a DELAY
}

// Bounds of a world text.
const (
	maxWorldBytes   = 32 << 20
	maxWorldRecords = 500_000
)

// ParseWorld reads a master file (RFC 1035 §5) with lines for what fails:
//
//	$FAULT NAME TYPE|* WORD [ede=N] [ms=N]
//
// NAME is absolute; *.NAME means everything below. The error tells file and line.
func ParseWorld(r io.Reader, file string) (*World, error) {
	w := newWorld()
	var zone strings.Builder
	sc := bufio.NewScanner(io.LimitReader(r, maxWorldBytes))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		line := sc.Text()
		if fields := strings.Fields(line); len(fields) > 0 && fields[0] == "$FAULT" {
			if err := w.parseFault(fields[1:]); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, n, err)
			}
			line = "" // the zone's own errors keep their line numbers
		}
		zone.WriteString(line + "\n")
	}
	if err := sc.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	p := dns.NewZoneParser(strings.NewReader(zone.String()), "", file)
	p.SetDefaultTTL(300)
	for rr, ok := p.Next(); ok; rr, ok = p.Next() {
		if w.size >= maxWorldRecords {
			return nil, fmt.Errorf("%s: more than %d records", file, maxWorldRecords)
		}
		w.add(rr)
	}
	if err := p.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return w, nil
}

func newWorld() *World {
	return &World{names: map[string]map[uint16][]dns.RR{}, faults: map[question]Fault{}}
}

func (w *World) parseFault(fields []string) error {
	if len(fields) < 3 {
		return fmt.Errorf("$FAULT wants NAME TYPE WORD")
	}
	q := question{name: strings.ToLower(dns.Fqdn(fields[0]))}
	if fields[1] != "*" {
		t, ok := dns.StringToType[fields[1]]
		if !ok {
			return fmt.Errorf("%q is no record type", fields[1])
		}
		q.t = t
	}
	f := Fault{Word: Word(fields[2])}
	switch f.Word {
	case ServFail, Refused, Silence, Delay, Truncate, Garbage, WrongID, WrongQuestion, EndlessTCP:
	default:
		return fmt.Errorf("%q is no way to fail", fields[2])
	}
	for _, opt := range fields[3:] {
		k, v, _ := strings.Cut(opt, "=")
		n, err := strconv.ParseUint(v, 10, 16)
		switch {
		case err != nil:
			return fmt.Errorf("%q wants a number", opt)
		case k == "ede":
			f.EDE = uint16(n)
		case k == "ms":
			f.Delay = time.Duration(n) * time.Millisecond
		default:
			return fmt.Errorf("%q is no option", opt)
		}
	}
	w.faults[q] = f
	return nil
}

func (w *World) add(rr dns.RR) {
	name := strings.ToLower(rr.Header().Name)
	if w.names[name] == nil {
		w.names[name] = map[uint16][]dns.RR{}
	}
	t := rr.Header().Rrtype
	w.names[name][t] = append(w.names[name][t], rr)
	w.size++
	for at := parent(name); at != "." && w.names[at] == nil; at = parent(at) {
		w.names[at] = map[uint16][]dns.RR{}
	}
}

// parent is the name one label up; the root's is the root.
func parent(name string) string {
	i, end := dns.NextLabel(name, 0)
	if end {
		return "."
	}
	return name[i:]
}

// faultOf finds how the answer to a question fails.
func (w *World) faultOf(name string, t uint16) (Fault, bool) {
	if len(w.faults) == 0 {
		return Fault{}, false
	}
	prefix := ""
	for at := name; ; at = parent(at) {
		for _, q := range [...]question{{prefix + at, t}, {prefix + at, 0}} {
			if f, ok := w.faults[q]; ok {
				return f, true
			}
		}
		if at == "." {
			return Fault{}, false
		}
		prefix = "*."
	}
}

// lookup answers like a recursive resolver: with the whole chain of aliases.
func (w *World) lookup(name string, t uint16) (answer []dns.RR, rcode int) {
	seen := map[string]bool{}
	for !seen[name] && len(seen) < 20 {
		seen[name] = true
		sets, owner := w.find(name)
		if sets == nil {
			return answer, dns.RcodeNameError
		}
		if rrs := sets[t]; len(rrs) > 0 {
			return append(answer, named(rrs, owner, name)...), dns.RcodeSuccess
		}
		alias := sets[dns.TypeCNAME]
		if len(alias) == 0 || t == dns.TypeCNAME {
			return answer, dns.RcodeSuccess
		}
		answer = append(answer, named(alias[:1], owner, name)...)
		name = strings.ToLower(alias[0].(*dns.CNAME).Target)
	}
	return answer, dns.RcodeSuccess
}

// find gives the record sets of a name, or those of the wildcard of its closest
// encloser (RFC 4592 §2.2.1).
func (w *World) find(name string) (sets map[uint16][]dns.RR, owner string) {
	if sets, ok := w.names[name]; ok {
		return sets, name
	}
	for at := parent(name); at != "."; at = parent(at) {
		if sets, ok := w.names["*."+at]; ok {
			return sets, "*." + at
		}
		if _, ok := w.names[at]; ok {
			break
		}
	}
	return nil, ""
}

// named gives a wildcard's records the name that was asked for.
func named(rrs []dns.RR, owner, name string) []dns.RR {
	if owner == name {
		return rrs
	}
	out := make([]dns.RR, len(rrs))
	for i, rr := range rrs {
		out[i] = dns.Copy(rr)
		out[i].Header().Name = name
	}
	return out
}
