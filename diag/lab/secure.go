package lab

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"github.com/miekg/dns"
)

// parseSecure reads a line $SECURE NAME: answers about NAME and all names below it carry the AD bit, as those of a zone that
// is signed do from a resolver that validates (RFC 4035 §3.2.3).
func (w *World) parseSecure(line string) error {
	line, _, _ = strings.Cut(line, ";")
	fields := strings.Fields(line)
	if len(fields) != 2 {
		return fmt.Errorf("%q: want $SECURE NAME", strings.TrimSpace(line))
	}
	at, err := parseWhere(fields[1], "*")
	if err != nil || at.below {
		return fmt.Errorf("%q is no name", fields[1])
	}
	w.secure[at.name] = true
	return nil
}

// isSecure reports whether a name is at or below one of $SECURE.
func (w *World) isSecure(name string) bool {
	for at := strings.ToLower(name); ; at = parent(at) {
		if w.secure[at] {
			return true
		}
		if at == "." {
			return false
		}
	}
}

// authentic reports whether an answer is secure: the name asked and all names that its aliases lead to.
func (w *World) authentic(name string, answer []dns.RR) bool {
	if len(w.secure) == 0 || !w.isSecure(name) {
		return false
	}
	for _, rr := range answer {
		if c, ok := rr.(*dns.CNAME); ok && !w.isSecure(c.Target) {
			return false
		}
	}
	return true
}

// ofLab marks a TLSA record whose data is that of a certificate of the lab: "lab:leaf:mx.name.test".
const ofLab = "lab:"

// parseTLSA reads a line $TLSA OWNER USAGE SELECTOR MATCHING leaf|ca HOST: a TLSA record (RFC 6698 §2.1) of the certificate
// that the receiver named HOST shows, or of the last one of its chain. It is worked out when it is asked for, as the keys of a
// lab are made when it runs.
func (w *World) parseTLSA(line string) error {
	line, _, _ = strings.Cut(line, ";")
	fields := strings.Fields(line)
	if len(fields) != 7 || fields[5] != "leaf" && fields[5] != "ca" {
		return fmt.Errorf("%q: want $TLSA OWNER USAGE SELECTOR MATCHING leaf|ca HOST", strings.TrimSpace(line))
	}
	owner, ok := dns.Fqdn(strings.ToLower(fields[1])), true
	var n [3]uint8
	for i, f := range fields[2:5] {
		v, err := strconv.ParseUint(f, 10, 8)
		n[i], ok = uint8(v), ok && err == nil
	}
	if _, name := dns.IsDomainName(owner); !ok || !name {
		return fmt.Errorf("%q: want a name and three numbers up to 255", strings.TrimSpace(line))
	}
	return w.add(&dns.TLSA{Hdr: dns.RR_Header{Name: owner, Rrtype: dns.TypeTLSA, Class: dns.ClassINET, Ttl: 300}, Usage: n[0],
		Selector: n[1], MatchingType: n[2], Certificate: ofLab + fields[5] + ":" + strings.ToLower(strings.TrimSuffix(fields[6], "."))})
}

// withCertificates fills in the TLSA records of the lab's own certificates. One that cannot be made is left out.
func (l *Lab) withCertificates(rrs []dns.RR) []dns.RR {
	out := rrs
	for i, rr := range rrs {
		t, ok := rr.(*dns.TLSA)
		if !ok {
			continue
		}
		rest, ours := strings.CutPrefix(t.Certificate, ofLab)
		if !ours {
			continue
		}
		if &out[0] == &rrs[0] {
			out = append([]dns.RR(nil), rrs...)
		}
		which, host, _ := strings.Cut(rest, ":")
		filled := *t
		filled.Certificate = l.mail.association(host, which == "ca", t.Selector, t.MatchingType)
		out[i] = &filled
	}
	return out
}

// association is the data of a TLSA record for a certificate of a host (RFC 6698 §2.1.2 and §2.1.3), in hexadecimal.
func (p *mailServers) association(host string, ca bool, selector, matching uint8) string {
	for _, h := range p.order {
		if !strings.EqualFold(h.Name, host) {
			continue
		}
		own, err := h.authority(ca)
		if err != nil {
			return ""
		}
		data := own.Raw
		if selector == 1 {
			data = own.RawSubjectPublicKeyInfo
		}
		switch matching {
		case 1:
			sum := sha256.Sum256(data)
			data = sum[:]
		case 2:
			sum := sha512.Sum512(data)
			data = sum[:]
		}
		return hex.EncodeToString(data)
	}
	return ""
}
