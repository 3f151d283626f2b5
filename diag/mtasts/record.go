// Package mtasts implements MTA-STS (RFC 8461): it reads the record and the policy with all their faults, and tells whether
// a policy covers a mail host. It fetches nothing, makes no findings and prints nothing.
package mtasts

import (
	"slices"
	"strings"
	"time"

	"todoku/diag/resolve"
)

// Record is what the TXT record at _mta-sts says (RFC 8461 §3.1).
type Record struct {
	Text       string   // as published
	ID         string   // changes with the policy; "" where it is absent or not valid
	Extensions []string // other fields, as published: "name=value"
}

// Name is where the record of a domain stands (RFC 8461 §3.1).
func Name(domain string) string { return "_mta-sts." + domain }

// Host is the web server that has the policy of a domain (RFC 8461 §3.3).
func Host(domain string) string { return "mta-sts." + domain }

// URL is where the policy of a domain is (RFC 8461 §3.2).
func URL(domain string) string { return "https://" + Host(domain) + "/.well-known/mta-sts.txt" }

// version begins a record; a text without it is none (RFC 8461 §3.1).
const version = "v=STSv1;"

// IsRecord reports whether a TXT text is an MTA-STS record.
func IsRecord(txt string) bool { return strings.HasPrefix(txt, version) }

// Meant reports whether a TXT text that is no MTA-STS record is meant as one.
func Meant(txt string) bool {
	if IsRecord(txt) {
		return false
	}
	s := strings.ToLower(unwrapped(txt))
	return strings.Contains(s, "stsv") || strings.HasPrefix(s, "v=sts") || strings.HasPrefix(s, "v=mta-sts") || strings.HasPrefix(s, "id=")
}

// unwrapped drops what people and programs write around a record.
func unwrapped(txt string) string {
	return strings.NewReplacer(`"`, "", `\`, "", " ", "", "\t", "", "'", "").Replace(resolve.Plain(txt[:min(len(txt), maxLoose)]))
}

const maxLoose = 4 << 10 // bytes of a text that are read loosely

// maxID is how long an id may be.
const maxID = 32

// ParseRecord reads a record and tells all its faults, in their order. It reads what can be read, also of a text that is no
// MTA-STS record (then BadVersion is among the faults).
func ParseRecord(txt string) (*Record, []Fault) {
	p := recordParser{rec: &Record{Text: txt}}
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
	if !slices.ContainsFunc(p.faults, func(f Fault) bool { return f.Key == "id" }) && p.rec.ID == "" {
		p.fault(MissingKey, len(txt), "id", "", "id=…")
	}
	return p.rec, p.faults
}

type recordParser struct {
	rec    *Record
	faults []Fault
	id     bool // one was there
}

func (p *recordParser) fault(k Kind, at int, key, text, expected string) {
	p.faults = append(p.faults, Fault{Kind: k, Offset: at, Key: key, Text: text, Expected: expected})
}

// version reads what stands before the first semicolon.
func (p *recordParser) version(txt string, end int) {
	switch {
	case IsRecord(txt):
	case txt[:end] == "v=STSv1": // no semicolon behind it
		p.fault(BadVersion, 0, "v", txt, version)
	default:
		p.fault(BadVersion, 0, "v", txt[:end], version)
		// "v=STSv1 id=1": the semicolon is missing, the rest is a field.
		if i := strings.Index(txt[:end], "id="); i > 0 {
			p.field(txt, i, end)
		}
	}
}

// field reads what stands between two semicolons.
func (p *recordParser) field(txt string, start, end int) {
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
	case strings.EqualFold(strings.Trim(name, blanks), "id") && name != "id":
		p.fault(BadKey, start, "id", s, "id=…")
	case !isName(name):
		p.fault(BadKey, start, name, s, "name=value")
	case name == "id" && p.id, name == "v":
		p.fault(Duplicate, start, name, s, "1 × "+name+"=")
	case name == "id":
		p.id = true
		p.takeID(value, start+len("id="))
	case !isRecordValue(value):
		p.fault(BadValue, start+len(name)+1, name, s, "name=value")
	default:
		p.rec.Extensions = append(p.rec.Extensions, s)
		p.fault(UnknownKey, start, name, s, "")
	}
}

func (p *recordParser) takeID(id string, at int) {
	bad := strings.IndexFunc(id, func(r rune) bool { return !isAlnum(r) })
	switch {
	case id == "":
		p.fault(BadValue, at, "id", "id=", "id=…")
	case bad >= 0:
		p.fault(BadValue, at+bad, "id", id, "A-Z a-z 0-9")
	case len(id) > maxID:
		p.fault(BadValue, at+maxID, "id", id, "≤ 32 × A-Z a-z 0-9")
	default:
		p.rec.ID = id
	}
}

const blanks = " \t" // WSP of RFC 5234

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

func isAlnum(r rune) bool { return '0' <= r && r <= '9' || 'a' <= r|0x20 && r|0x20 <= 'z' }

// isName checks for sts-ext-name and sts-policy-ext-name (RFC 8461 §3.1 and §3.2).
func isName(s string) bool {
	for i, r := range s {
		if !isAlnum(r) && (i == 0 || !strings.ContainsRune("_-.", r)) {
			return false
		}
	}
	return s != "" && len(s) <= maxID
}

// isRecordValue checks for sts-ext-value: no "=", ";", blank or control character (RFC 8461 §3.1).
func isRecordValue(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || r == '=' || r == ';' })
}

// String writes the record as it should be published.
func (r Record) String() string {
	return strings.Join(append([]string{"v=STSv1", "id=" + r.ID}, r.Extensions...), "; ") + ";"
}

// NewID is an id for a policy of that time.
func NewID(now time.Time) string { return now.UTC().Format("20060102T150405Z") }

// Mend gives the one record that some texts mean, with the other fields of all of them. Of several ids it takes the last one
// in the order of their letters, which is the newest of those that are times; where none can be read it makes one of now.
func Mend(now time.Time, texts ...string) Record {
	var out Record
	for _, txt := range texts {
		rec, _ := ParseRecord(txt)
		if rec.ID == "" {
			rec.ID = looseID(txt)
		}
		out.ID = max(out.ID, rec.ID)
		for _, e := range rec.Extensions {
			if !slices.Contains(out.Extensions, e) {
				out.Extensions = append(out.Extensions, e)
			}
		}
	}
	if out.ID == "" {
		out.ID = NewID(now)
	}
	out.Text = out.String()
	return out
}

// looseID is an id of a faulty text without the characters that it may not have.
func looseID(txt string) string {
	s := unwrapped(txt)
	i := strings.Index(strings.ToLower(s), "id=")
	if i < 0 {
		return ""
	}
	value, _, _ := strings.Cut(s[i+len("id="):], ";")
	id := strings.Map(func(r rune) rune {
		if isAlnum(r) {
			return r
		}
		return -1
	}, value)
	return id[:min(len(id), maxID)]
}
