package report

import (
	"fmt"
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
)

// fixZone writes lines of zone files (RFC 1035 §5.1), with what stands now as comments.
func fixZone(f Fix, l codes.Lang) string {
	var b strings.Builder
	commented(&b, ";", fixHead(f, l))
	for _, zone := range f.zones() {
		b.WriteString("\n")
		commented(&b, ";", codes.Text{EN: "zone ", JA: "ゾーン "}.In(l)+zone)
		for _, c := range f.in(zone) {
			b.WriteString("\n")
			commented(&b, ";", fixReasons(c, l)...)
			for _, v := range c.Was {
				commented(&b, ";", "was: "+zoneLine(c, v))
			}
			for _, v := range c.Values {
				b.WriteString(zoneLine(c, v) + "\n")
			}
		}
	}
	if notes := FixNotes(f, l); len(notes) > 0 {
		b.WriteString("\n")
		commented(&b, ";", notes...)
	}
	return b.String()
}

// zoneLine is a value of a set as a zone file has it. On a wildcard the name is written as it is.
func zoneLine(c fix.Change, value string) string {
	_, data, _ := strings.Cut(masterLine(diag.Record{Type: c.Type, Value: value}), " IN "+c.Type+" ")
	return fmt.Sprintf("%s. %d IN %s %s", c.Name, c.TTL, c.Type, data)
}
