package lab

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/miekg/dns"
)

// Word names a way to fail.
type Word string

// The ways in which a name can fail.
const (
	ServFail      Word = "SERVFAIL" // ede=N: with an extended error (RFC 8914)
	Refused       Word = "REFUSED"
	Silence       Word = "SILENCE"       // no answer ever
	Delay         Word = "DELAY"         // ms=N: the answer comes late
	Truncate      Word = "TRUNCATE"      // the answer comes by TCP only
	Garbage       Word = "GARBAGE"       // random bytes behind the right id
	WrongID       Word = "WRONGID"       // the answer to a question that nobody asked
	WrongQuestion Word = "WRONGQUESTION" // the right id, but about another name
	EndlessTCP    Word = "ENDLESSTCP"    // TCP that trickles and never ends
	HugeTXT       Word = "HUGETXT"       // a TXT record of almost 64 KiB
	CNAMELoop     Word = "CNAMELOOP"     // an alias of an alias of itself
	IncludeBomb   Word = "INCLUDEBOMB"   // SPF: each name below includes ten others below, without end
	NoData        Word = "NODATA"        // there are no such records
	Upward        Word = "UPWARD"        // a name server refers to those of the root
	NoAuthority   Word = "NOAUTHORITY"   // a name server answers without the AA bit
)

var words = []Word{ServFail, Refused, Silence, Delay, Truncate, Garbage, WrongID, WrongQuestion, EndlessTCP, HugeTXT,
	CNAMELoop, IncludeBomb, NoData, Upward, NoAuthority}

// Fault is how the answers about a name fail.
type Fault struct {
	Word  Word
	EDE   uint16        // of a SERVFAIL; 0 for none
	Delay time.Duration // of a DELAY
	at    string        // the name that the world's text gives
}

// faultScope is what a fault covers.
type faultScope struct {
	name  string
	below bool   // names below, not the name itself
	t     uint16 // 0: any type
}

// parseFault reads a line $FAULT into the faults of the world, or of one server.
func parseFault(line string, faults map[faultScope]Fault) error {
	line, _, _ = strings.Cut(line, ";")
	fields := strings.Fields(line)
	if len(fields) < 4 || fields[0] != "$FAULT" {
		return fmt.Errorf("%q: want $FAULT NAME TYPE|* WORD", strings.TrimSpace(line))
	}
	at, err := parseWhere(fields[1], fields[2])
	if err != nil {
		return err
	}
	if _, twice := faults[at]; twice {
		return fmt.Errorf("%s %s fails in another way already", fields[1], fields[2])
	}
	f := Fault{Word: Word(fields[3]), at: at.name}
	if !slices.Contains(words, f.Word) {
		return fmt.Errorf("%q is no way to fail", fields[3])
	}
	if err := f.options(fields[4:]); err != nil {
		return err
	}
	faults[at] = f
	return nil
}

func parseWhere(name, typ string) (faultScope, error) {
	full := strings.ToLower(dns.Fqdn(name))
	if _, ok := dns.IsDomainName(full); !ok {
		return faultScope{}, fmt.Errorf("%q is no name", name)
	}
	at := faultScope{name: full}
	if rest, ok := strings.CutPrefix(full, "*."); ok {
		at.name, at.below = rest, true
		if rest == "" {
			at.name = "."
		}
	}
	if typ != "*" {
		if at.t = dns.StringToType[typ]; at.t == 0 {
			return faultScope{}, fmt.Errorf("%q is no record type", typ)
		}
	}
	return at, nil
}

func (f *Fault) options(fields []string) error {
	for _, field := range fields {
		k, v, _ := strings.Cut(field, "=")
		n, err := strconv.ParseUint(v, 10, 16)
		switch {
		case err != nil || n == 0:
			return fmt.Errorf("%q wants a number from 1 to 65535", field)
		case k == "ede" && f.Word == ServFail && f.EDE == 0:
			f.EDE = uint16(n)
		case k == "ms" && f.Word == Delay && f.Delay == 0:
			f.Delay = time.Duration(n) * time.Millisecond
		default:
			return fmt.Errorf("%q does not belong to %s, or stands there twice", field, f.Word)
		}
	}
	if f.Word == Delay && f.Delay == 0 {
		return fmt.Errorf("DELAY wants ms=N")
	}
	return nil
}

// bogus reports whether it is a validating resolver that says so, of records that DNSSEC calls false (RFC 8914 §4.7 to §4.13):
// the name servers know nothing of it.
func (f Fault) bogus() bool { return f.Word == ServFail && 6 <= f.EDE && f.EDE <= 12 }

// faultOf finds how the answer to a question fails.
func (w *World) faultOf(name string, t uint16) Fault { return faultAt(w.faults, name, t) }

// faultAt finds one among faults: the nearest name decides, and there the type before any type.
func faultAt(faults map[faultScope]Fault, name string, t uint16) Fault {
	if len(faults) == 0 {
		return Fault{}
	}
	for at := (faultScope{name: name}); ; at.name, at.below = parent(at.name), true {
		for _, at.t = range [...]uint16{t, 0} {
			if f, ok := faults[at]; ok {
				return f
			}
		}
		if at.name == "." && at.below {
			return Fault{}
		}
	}
}

// lookup answers a question that this fault makes up; ok is false where the
// world itself answers.
func (f Fault) lookup(name string, t uint16) (answer []dns.RR, ok bool) {
	h := dns.RR_Header{Name: name, Rrtype: t, Class: dns.ClassINET, Ttl: 300}
	switch {
	case f.Word == NoData:
		return nil, true
	case f.Word == CNAMELoop:
		return cnameLoop(h), true
	case f.Word == HugeTXT && t == dns.TypeTXT:
		return []dns.RR{&dns.TXT{Hdr: h, Txt: hugeSPF()}}, true
	case f.Word == IncludeBomb && t == dns.TypeTXT:
		return []dns.RR{&dns.TXT{Hdr: h, Txt: includeBomb(name, f.at)}}, true
	}
	return nil, false
}

func cnameLoop(h dns.RR_Header) []dns.RR {
	other := "loop." + h.Name
	if rest, ok := strings.CutPrefix(h.Name, "loop."); ok {
		other = rest
	}
	if _, ok := dns.IsDomainName(other); !ok { // no room for a label more
		other = h.Name
	}
	h.Rrtype = dns.TypeCNAME
	back := h
	back.Name = other
	return []dns.RR{&dns.CNAME{Hdr: h, Target: other}, &dns.CNAME{Hdr: back, Target: h.Name}}
}

// hugeSPF is an SPF record of some 30,000 terms.
func hugeSPF() []string {
	strs := []string{"v=spf1"}
	for range 250 { // of 255 octets each: 64 KiB have no room for more
		strs = append(strs, strings.Repeat(" a", 127))
	}
	return strs
}

// includeBomb is an SPF record whose includes no other name of the tree shares.
func includeBomb(name, under string) []string {
	strs := []string{"v=spf1"}
	for i := range 10 {
		sum := fnv.New64a()
		_, _ = sum.Write(append([]byte(name), byte(i)))
		strs = append(strs, fmt.Sprintf(" include:b%x.%s", sum.Sum64(), strings.TrimSuffix(under, ".")))
	}
	return append(strs, " -all")
}
