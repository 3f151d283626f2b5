// Package tlsrpt implements the record of SMTP TLS Reporting (RFC 8460): it reads it with all its faults, and tells where
// reports go. It makes no findings and prints nothing.
package tlsrpt

import (
	"slices"
	"strings"

	"todoku/diag/resolve"
)

// Record is what the TXT record at _smtp._tls says (RFC 8460 §3): valid values only, the rest as if it were not there.
type Record struct {
	Text       string   // as published
	RUA        []URI    // where reports go
	Extensions []string // other fields, as published: "name=value"
}

// Name is where the record of a domain stands (RFC 8460 §3).
func Name(domain string) string { return "_smtp._tls." + domain }

// version begins a record; a text without it is none (RFC 8460 §3).
const version = "v=TLSRPTv1;"

// IsRecord reports whether a TXT text is a TLS-RPT record.
func IsRecord(txt string) bool { return strings.HasPrefix(txt, version) }

// Meant reports whether a TXT text that is no TLS-RPT record is meant as one.
func Meant(txt string) bool {
	if IsRecord(txt) {
		return false
	}
	s := strings.ToLower(unwrapped(txt))
	return strings.Contains(s, "tlsrpt") || strings.HasPrefix(s, "v=tls") || strings.HasPrefix(s, "rua=")
}

// unwrapped drops what people and programs write around a record.
func unwrapped(txt string) string {
	return strings.NewReplacer(`"`, "", `\`, "", " ", "", "\t", "", "'", "").Replace(resolve.Plain(txt[:min(len(txt), maxLoose)]))
}

const maxLoose = 4 << 10 // bytes of a text that are read loosely

// Parse reads a record and tells all its faults, in their order. It reads what can be read, also of a text that is no
// TLS-RPT record (then BadVersion is among the faults).
func Parse(txt string) (*Record, []Fault) {
	p := parser{rec: &Record{Text: txt}}
	for start, n := 0, 0; start <= len(txt); n++ {
		end := strings.IndexByte(txt[start:], ';')
		if end < 0 {
			end = len(txt)
		} else {
			end += start
		}
		if n == 0 {
			p.version(txt, end)
		} else {
			p.field(txt, start, end)
		}
		start = end + 1
	}
	if !p.rua {
		p.fault(MissingRUA, len(txt), "rua", "", "rua=mailto:…")
	}
	return p.rec, p.faults
}

type parser struct {
	rec    *Record
	faults []Fault
	rua    bool // one was there
}

func (p *parser) fault(k Kind, at int, key, text, expected string) {
	p.faults = append(p.faults, Fault{Kind: k, Offset: at, Key: key, Text: text, Expected: expected})
}

// version reads what stands before the first semicolon.
func (p *parser) version(txt string, end int) {
	switch {
	case IsRecord(txt):
	case txt[:end] == "v=TLSRPTv1": // no semicolon behind it
		p.fault(BadVersion, 0, "v", txt, version)
	default:
		p.fault(BadVersion, 0, "v", txt[:end], version)
		// "v=TLSRPTv1 rua=…": the semicolon is missing, the rest is a field.
		if i := strings.Index(txt[:end], "rua="); i > 0 {
			p.field(txt, i, end)
		}
	}
}

// field reads what stands between two semicolons.
func (p *parser) field(txt string, start, end int) {
	last := end == len(txt)
	for start < end && isBlank(txt[start]) {
		start++
	}
	for end > start && isBlank(txt[end-1]) {
		end--
	}
	s := txt[start:end]
	name, value, ok := strings.Cut(s, "=")
	switch {
	case s == "" && last: // a semicolon at the end is allowed
	case s == "":
		p.fault(EmptyField, start, "", ";", "name=value")
	case !ok:
		p.fault(NoValue, start, "", s, "name=value")
	case strings.EqualFold(strings.Trim(name, blanks), "rua") && name != "rua":
		p.rua = true
		p.fault(BadKey, start, "rua", s, "rua=mailto:…")
	case !isName(name):
		p.fault(BadKey, start, name, s, "name=value")
	case name == "rua" && p.rua, name == "v":
		p.fault(Duplicate, start, name, s, "1 × "+name+"=")
	case name == "rua":
		p.rua = true
		p.uris(value, start+len("rua="))
	case !isValue(value):
		p.fault(BadValue, start+len(name)+1, name, s, "name=value")
	default:
		p.rec.Extensions = append(p.rec.Extensions, s)
		p.fault(UnknownKey, start, name, s, "")
	}
}

const blanks = " \t" // WSP of RFC 5234

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isAlnum(r rune) bool { return '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' }

// isName checks for tlsrpt-ext-name (RFC 8460 §3).
func isName(s string) bool {
	for i, r := range s {
		if !isAlnum(r) && (i == 0 || !strings.ContainsRune("_-.", r)) {
			return false
		}
	}
	return s != "" && len(s) <= 32
}

// isValue checks for tlsrpt-ext-value: no "=", ";", blank or control character (RFC 8460 §3).
func isValue(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '=' || r == ';' })
}

// String writes the record as it should be published.
func (r Record) String() string {
	uris := make([]string, len(r.RUA))
	for i, u := range r.RUA {
		uris[i] = u.Text
	}
	return strings.Join(append([]string{"v=TLSRPTv1", "rua=" + strings.Join(uris, ",")}, r.Extensions...), "; ")
}

// Mend gives the one record that some texts mean, with the destinations and the other fields of all of them. ok is false
// where no destination can be read, or where something that looks like one cannot: such a record needs a person.
func Mend(texts ...string) (out Record, ok bool) {
	lost := false
	for _, txt := range texts {
		rec, _ := Parse(txt)
		uris, left := looseURIs(txt)
		lost = lost || left
		for _, u := range slices.Concat(rec.RUA, uris) {
			if !slices.ContainsFunc(out.RUA, func(o URI) bool { return strings.EqualFold(o.Text, u.Text) }) {
				out.RUA = append(out.RUA, u)
			}
		}
		for _, e := range rec.Extensions {
			if !slices.Contains(out.Extensions, e) {
				out.Extensions = append(out.Extensions, e)
			}
		}
	}
	out.Text = out.String()
	_, faults := Parse(out.Text)
	return out, !lost && len(out.RUA) > 0 && !Broken(faults)
}
