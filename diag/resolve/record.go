package resolve

import (
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// aliasAt gives the target of a name's CNAME, or of the one that a DNAME above it makes (RFC 6672 §3.4: a server may leave
// that one out), or "".
func aliasAt(rrs []dns.RR, owner string) string {
	renames := ""
	for _, rr := range rrs {
		if rr.Header().Class != dns.ClassINET {
			continue
		}
		switch v := rr.(type) {
		case *dns.CNAME:
			if sameName(v.Hdr.Name, owner) {
				return fromWire(v.Target)
			}
		case *dns.DNAME:
			if above := fromWire(v.Hdr.Name); above != owner && Within(owner, above) {
				renames = renamed(owner, above, fromWire(v.Target))
			}
		}
	}
	return renames
}

// recordsAt gives the records of a name and type, class IN, each once.
func recordsAt(rrs []dns.RR, owner string, t Type) []Record {
	wanted := func(rr dns.RR) bool {
		h := rr.Header()
		return h.Rrtype == uint16(t) && h.Class == dns.ClassINET && sameName(h.Name, owner)
	}
	n := 0
	for _, rr := range rrs {
		if wanted(rr) {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	out := make([]Record, 0, n)
	for _, rr := range rrs {
		if wanted(rr) {
			out = append(out, record(rr))
		}
	}
	return unique(out)
}

// fewRecords is up to how many records comparing all of them with each other costs less than a map.
const fewRecords = 16

// allDiffer reports whether no record stands there twice, whatever the TTL.
func allDiffer(records []Record) bool {
	for i := range records {
		for j := range i {
			if records[i].sameData(&records[j]) {
				return false
			}
		}
	}
	return true
}

// sameData reports whether two records say the same, whatever their TTLs.
func (r *Record) sameData(other *Record) bool {
	one := *r
	one.TTL, one.line = other.TTL, other.line
	return one == *other
}

// unique drops the repeats of records (RFC 2181 §5: a set holds no duplicates);
// of different TTLs the lowest counts (§5.2). The order stays.
func unique(records []Record) []Record {
	if len(records) < 2 || len(records) <= fewRecords && allDiffer(records) {
		return records
	}
	return merged(records)
}

// merged is unique for records with repeats, or with very many. Its variables are large: inlined, they would take stack from
// every question.
//
//go:noinline
func merged(records []Record) []Record {
	first := make(map[Record]int, len(records))
	out := records[:0]
	for _, r := range records {
		data := r
		data.TTL, data.line = 0, 0
		if at, twice := first[data]; twice {
			out[at].TTL = min(out[at].TTL, r.TTL)
			continue
		}
		first[data] = len(out)
		out = append(out, r)
	}
	return out
}

func record(rr dns.RR) Record {
	h := rr.Header()
	r := Record{TTL: h.Ttl}
	switch v := rr.(type) {
	case *dns.A:
		if ip, ok := netip.AddrFromSlice(v.A.To4()); ok {
			r.Addr = ip
		}
	case *dns.AAAA:
		if ip, ok := netip.AddrFromSlice(v.AAAA.To16()); ok {
			r.Addr = ip // an IPv4-mapped address stays what DNS said
		}
	case *dns.MX:
		r.Pref, r.Host = v.Preference, fromWire(v.Mx)
	case *dns.PTR:
		r.Host = fromWire(v.Ptr)
	case *dns.NS:
		r.Host = fromWire(v.Ns)
	case *dns.CNAME:
		r.Host = fromWire(v.Target)
	case *dns.DNAME:
		r.Host = fromWire(v.Target)
	case *dns.TXT:
		r.Text, r.cuts = joinText(v.Txt)
	case *dns.SPF:
		r.Text, r.cuts = joinText(v.Txt)
	default:
		r.Text = strings.TrimPrefix(rr.String(), h.String())
	}
	return r
}

// joinText joins the strings of a TXT record without blanks (RFC 7208 §3.3) and
// takes back the library's escapes. cuts tells where they were joined: two
// records with the same text in other strings are two (RFC 1035 §3.3.14).
func joinText(parts []string) (text, cuts string) {
	if len(parts) == 1 {
		return unescaped(parts[0]), ""
	}
	var b strings.Builder
	lengths := make([]byte, 0, len(parts))
	for _, p := range parts {
		p = unescaped(p)
		b.WriteString(p)
		lengths = append(lengths, byte(len(p))) // a string has 255 octets at most
	}
	return b.String(), string(lengths)
}

// unescaped gives the octets of a string that the library escaped.
func unescaped(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] != '\\' || i+1 == len(s):
			b = append(b, s[i])
		case i+3 < len(s) && isDigit(s[i+1]) && isDigit(s[i+2]) && isDigit(s[i+3]):
			b = append(b, (s[i+1]-'0')*100+(s[i+2]-'0')*10+s[i+3]-'0')
			i += 3
		default:
			i++
			b = append(b, s[i])
		}
	}
	return string(b)
}
