package report

import (
	"fmt"
	"slices"
	"strings"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/fix"
)

// route53Batch is the body of ChangeResourceRecordSets, as `aws route53 change-resource-record-sets --change-batch` takes it.
type route53Batch struct {
	Comment string          `json:"Comment,omitempty"`
	Changes []route53Change `json:"Changes"`
}

type route53Change struct {
	Action            string     `json:"Action"`
	ResourceRecordSet route53Set `json:"ResourceRecordSet"`
}

type route53Set struct {
	Name            string         `json:"Name"`
	Type            string         `json:"Type"`
	TTL             uint32         `json:"TTL"`
	ResourceRecords []route53Value `json:"ResourceRecords"`
}

type route53Value struct {
	Value string `json:"Value"`
}

// maxBatchComment is how many characters the comment of a batch may have.
const maxBatchComment = 256

// fixRoute53 writes the changes of one zone.
func fixRoute53(f Fix, l codes.Lang) string {
	batch := route53Batch{Comment: fixHead(f, l), Changes: []route53Change{}}
	var rules []string
	for _, c := range f.first() {
		set := route53Set{Name: c.Name + ".", Type: c.Type, TTL: c.TTL}
		for _, v := range c.Values {
			set.ResourceRecords = append(set.ResourceRecords, route53Value{route53Text(c, v)})
		}
		batch.Changes = append(batch.Changes, route53Change{"UPSERT", set})
		for _, x := range c.Findings {
			if !slices.Contains(rules, x.Rule.ID) {
				rules = append(rules, x.Rule.ID)
			}
		}
	}
	if said := batch.Comment + " (" + strings.Join(rules, " ") + ")"; len(rules) > 0 && len([]rune(said)) <= maxBatchComment {
		batch.Comment = said
	}
	if len([]rune(batch.Comment)) > maxBatchComment { // of a very long name: without a comment the batch is taken
		batch.Comment = ""
	}
	return page.Indented(batch)
}

// route53Text is a value as Route 53 has it: a text in strings of 255 octets, an octet that is no printable ASCII as three
// octal digits.
func route53Text(c fix.Change, value string) string {
	if c.Type != "TXT" {
		return value
	}
	var parts []string
	for _, s := range textStrings(value) {
		var b strings.Builder
		for i := range len(s) {
			switch o := s[i]; {
			case o == '"' || o == '\\':
				b.WriteByte('\\')
				b.WriteByte(o)
			case o < 0x20 || o >= 0x7f:
				fmt.Fprintf(&b, `\%03o`, o)
			default:
				b.WriteByte(o)
			}
		}
		parts = append(parts, `"`+b.String()+`"`)
	}
	return strings.Join(parts, " ")
}
