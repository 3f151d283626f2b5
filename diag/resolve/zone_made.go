package resolve

import (
	"strconv"
	"strings"
)

// ZoneRecord is a record of a zone that stands in a file of another form.
type ZoneRecord struct {
	Name   string // canonical
	Type   Type
	TTL    uint32
	Record Record
	Line   int // of the file
}

// NewZone makes a whole zone of records: what it does not have below its apex does not exist. file is the file that they stand
// in, for the places of answers. It refuses what ParseZone refuses.
func NewZone(file, apex string, records []ZoneRecord) (*Zone, error) {
	var b strings.Builder
	lines := []int{0, 1}
	b.WriteString(dotted(apex) + " 3600 IN SOA . . 1 7200 3600 1209600 300\n")
	for _, r := range records {
		b.WriteString(dotted(r.Name) + " " + strconv.Itoa(int(r.TTL)) + " IN " + r.Type.String() + " " + masterValue(r.Type, r.Record) + "\n")
		lines = append(lines, r.Line)
	}
	return parseLines(strings.NewReader(b.String()), file, maxZoneSize, lines)
}

// dotted is a canonical name as a zone file has it.
func dotted(name string) string { return strings.TrimSuffix(name, ".") + "." }

// masterValue is the value of a record as a zone file has it (RFC 1035 §5.1).
func masterValue(t Type, r Record) string {
	switch t {
	case TypeA, TypeAAAA:
		return r.Addr.String()
	case TypeMX:
		return strconv.Itoa(int(r.Pref)) + " " + dotted(r.Host)
	case TypeTXT, TypeSPF:
		return masterText(r.Text)
	case TypePTR, TypeNS, TypeCNAME, TypeDNAME:
		return dotted(r.Host)
	}
	return r.Text
}

// masterText is a text in quotes, cut into strings of 255 octets.
func masterText(s string) string {
	var b strings.Builder
	for first := true; s != "" || first; first = false {
		part := s[:min(len(s), maxString)]
		s = s[len(part):]
		if !first {
			b.WriteByte(' ')
		}
		b.WriteByte('"')
		for _, c := range []byte(part) {
			switch {
			case c == '"' || c == '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case c < ' ' || c >= 0x7f:
				b.WriteString("\\" + string([]byte{'0' + c/100, '0' + c/10%10, '0' + c%10}))
			default:
				b.WriteByte(c)
			}
		}
		b.WriteByte('"')
	}
	return b.String()
}
