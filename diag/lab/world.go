// Package lab is a small internet in one process: real DNS, mail and web servers on loopback that show every
// documented failure. Users try todoku on it (--lab), and the tests run on it.
package lab

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// World is what the lab's DNS knows, where it fails, and who takes mail.
type World struct {
	names  map[string][]dns.RR // lower case, with the final dot; empty non-terminals too
	faults map[faultScope]Fault
	secure map[string]bool              // $SECURE: answers here and below carry the AD bit
	own    map[netip.Addr]*ownKnowledge // $AT: what one name server says in another way
	size   int
	mail   []site // who takes mail, in the order of Put
	web    []webSite
	marks  func() (*MarkAuthority, error) // nil: there are no marks
}

// Bounds of a world text.
const (
	maxWorldBytes   = 32 << 20
	maxWorldRecords = 500_000
)

// ParseWorld reads a master file (RFC 1035 §5) with lines for what fails, for what DNSSEC signs, and for TLSA records of the
// lab's own certificates:
//
//	$FAULT NAME TYPE|* WORD [ede=N] [ms=N] [; comment]
//	$SECURE NAME
//	$TLSA OWNER USAGE SELECTOR MATCHING leaf|ca HOST
//	$AT ADDRESS $FAULT … | RECORD
//
// Names are absolute; in $FAULT *.NAME means everything below. ede belongs to SERVFAIL, ms to DELAY. The error tells file and line.
func ParseWorld(r io.Reader, file string) (*World, error) {
	in := &io.LimitedReader{R: r, N: maxWorldBytes + 1}
	w, err := parse(in, file, maxWorldRecords)
	if in.N == 0 { // what was read is only a part, whatever it looked like
		return nil, fmt.Errorf("%s: longer than %d bytes", file, maxWorldBytes)
	}
	return w, err
}

func parse(r io.Reader, file string, records int) (*World, error) {
	w := &World{names: map[string][]dns.RR{".": nil}, faults: map[faultScope]Fault{}, secure: map[string]bool{},
		own: map[netip.Addr]*ownKnowledge{}}
	lines := &faultLines{sc: bufio.NewScanner(r), world: w, file: file}
	lines.sc.Buffer(nil, 1<<20)
	p := dns.NewZoneParser(lines, "", file)
	p.SetDefaultTTL(300)
	var err error
	for rr, ok := p.Next(); ok && err == nil; rr, ok = p.Next() {
		if w.size >= records {
			return nil, fmt.Errorf("%s: more than %d records", file, records)
		}
		if err = w.add(rr); err != nil {
			err = fmt.Errorf("%s: %w", file, err)
		}
	}
	for _, err := range [...]error{lines.err, err, p.Err()} {
		if err != nil {
			return nil, err
		}
	}
	return w, nil
}

// faultLines reads a world text, keeps its own lines and hands on the rest;
// an empty line in their place keeps the numbers of the others.
type faultLines struct {
	sc    *bufio.Scanner
	world *World
	file  string
	n     int
	rest  bytes.Buffer
	err   error
}

func (f *faultLines) Read(b []byte) (int, error) {
	for f.rest.Len() == 0 {
		if f.err != nil {
			return 0, f.err
		}
		if !f.sc.Scan() {
			if err := f.sc.Err(); err != nil {
				f.err = fmt.Errorf("%s:%d: %w", f.file, f.n+1, err)
				return 0, f.err
			}
			return 0, io.EOF
		}
		f.n++
		f.line(f.sc.Bytes())
	}
	return f.rest.Read(b)
}

func (f *faultLines) line(line []byte) {
	var err error
	switch word := bytes.TrimSpace(line); {
	case bytes.HasPrefix(word, []byte("$FAULT")):
		err = parseFault(string(line), f.world.faults)
	case bytes.HasPrefix(word, []byte("$AT")):
		err = f.world.parseAt(string(line))
	case bytes.HasPrefix(word, []byte("$SECURE")):
		err = f.world.parseSecure(string(line))
	case bytes.HasPrefix(word, []byte("$TLSA")):
		err = f.world.parseTLSA(string(line))
	default:
		f.rest.Write(line)
	}
	if err != nil {
		f.err = fmt.Errorf("%s:%d: %w", f.file, f.n, err)
	}
	f.rest.WriteByte('\n')
}

func (w *World) add(rr dns.RR) error {
	name := strings.ToLower(rr.Header().Name)
	have := w.names[name]
	// RFC 2181 §10.1: an alias has no other data.
	if len(have) > 0 && (rr.Header().Rrtype == dns.TypeCNAME || have[0].Header().Rrtype == dns.TypeCNAME) {
		return fmt.Errorf("%s is an alias (CNAME) and has other records", name)
	}
	w.names[name] = append(have, rr)
	w.size++
	for at := name; at != "."; {
		at = parent(at)
		if _, ok := w.names[at]; ok {
			return nil
		}
		w.names[at] = nil
	}
	return nil
}

// parent is the name one label up; the root's is the root.
func parent(name string) string {
	i, end := dns.NextLabel(name, 0)
	if end {
		return "."
	}
	return name[i:]
}

// maxChain is how many aliases an answer follows.
const maxChain = 20

// lookup answers like a recursive resolver: with the whole chain of aliases.
func (w *World) lookup(name string, t uint16) (answer []dns.RR, rcode int) {
	for range maxChain {
		rrs, owner := w.find(name)
		if owner == "" {
			return answer, dns.RcodeNameError
		}
		var alias *dns.CNAME
		for _, rr := range rrs {
			if rr.Header().Rrtype == t {
				answer = append(answer, named(rr, owner, name))
			} else if c, ok := rr.(*dns.CNAME); ok {
				alias = c
			}
		}
		if alias == nil {
			break
		}
		answer = append(answer, named(alias, owner, name))
		name = strings.ToLower(alias.Target)
		if owns(answer, name) { // a circle, shown once
			break
		}
	}
	return answer, dns.RcodeSuccess
}

func owns(rrs []dns.RR, name string) bool {
	for _, rr := range rrs {
		if strings.EqualFold(rr.Header().Name, name) {
			return true
		}
	}
	return false
}

// find gives the records of a name, or those of the wildcard of its closest
// encloser (RFC 4592 §2.2.1), and who owns them: "" when the name does not exist.
func (w *World) find(name string) (rrs []dns.RR, owner string) {
	if rrs, ok := w.names[name]; ok {
		return rrs, name
	}
	for at := parent(name); at != "."; at = parent(at) {
		if rrs, ok := w.names["*."+at]; ok {
			return rrs, "*." + at
		}
		if _, ok := w.names[at]; ok {
			break
		}
	}
	return nil, ""
}

// named gives a wildcard's record the name that was asked for.
func named(rr dns.RR, owner, name string) dns.RR {
	if owner == name {
		return rr
	}
	rr = dns.Copy(rr)
	rr.Header().Name = name
	return rr
}
