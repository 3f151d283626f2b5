package aggregate

import (
	"strings"

	"todoku/codes"
)

// Fault is what was odd about an input, and how it was read.
type Fault struct {
	Kind  FaultKind
	Line  int    // of XML, from 1, where it was met first; 0 where lines say nothing
	Value string // what stood there, the first octets of it; "" for nothing
	Count int    // how often it was met, at least 1
	Lost  bool   // something is missing from what was read
}

// FaultKind tells faults apart.
type FaultKind string

// The faults of what was opened. Those that say "not read" lose something.
const (
	NotReport     FaultKind = "not_report"     // neither an aggregate report nor one about TLS; Value is what it is, where known
	FailureReport FaultKind = "failure_report" // a report about one mail (RFC 6591): todoku triage reads it
	Truncated     FaultKind = "truncated"      // it ends too early: what came before was read
	Damaged       FaultKind = "damaged"        // an archive that cannot be unpacked, or not to its end; Value says why
	TooLarge      FaultKind = "too_large"      // the bound of octets was reached; Value is what the input came to
	NestedArchive FaultKind = "nested_archive" // an archive in an archive: not read
	Encrypted     FaultKind = "encrypted"      // an entry of a zip that wants a password: not read
	OtherArchive  FaultKind = "other_archive"  // packed in a way that is not known here: not read; Value names it
	TooManyParts  FaultKind = "too_many_parts" // entries of an archive, parts of a mail: the rest was not read
	Trailing      FaultKind = "trailing"       // octets behind the end of a gzip: passed over
	OtherName     FaultKind = "other_name"     // the name says something else than the content; Value is the name
	Repacked      FaultKind = "repacked"       // packed or encoded twice: unpacked twice
	JunkBefore    FaultKind = "junk_before"    // octets before the report: passed over
)

// The faults of a report.
const (
	BadCharset     FaultKind = "bad_charset"     // a text is not in the charset that is declared: it was found out
	HasDTD         FaultKind = "has_dtd"         // a DTD, which is never read
	UnknownEntity  FaultKind = "unknown_entity"  // "&name;" that XML itself does not have: stays as it is
	BadXML         FaultKind = "bad_xml"         // tags that do not match, "<" within a text: read as far as it can be told
	TooDeep        FaultKind = "too_deep"        // elements nested too deep: passed over
	LongText       FaultKind = "long_text"       // a text was cut
	UnknownElement FaultKind = "unknown_element" // passed over; Value is its name
	Missing        FaultKind = "missing"         // Value is the element
	Repeated       FaultKind = "repeated"        // an element that may stand once: the first counts; Value is its name
	BadNumber      FaultKind = "bad_number"      // a number that cannot be read
	BadTime        FaultKind = "bad_time"        // a time that cannot be read
	BadAddress     FaultKind = "bad_address"     // an address that cannot be read: the row counts without it
	BadPeriod      FaultKind = "bad_period"      // it ends before it begins
	RowLost        FaultKind = "row_lost"        // a record without a number of mails that can be read: not counted
	TooManyResults FaultKind = "too_many"        // more of something than is read: the rest was passed over; Value names it
	BadJSON        FaultKind = "bad_json"        // what came before was read
)

const maxValue = 80 // octets of Fault.Value

// faults are those of one report, each kind and value once.
type faults struct{ list []Fault }

// maxFaults bounds the list; what is not on it any more still counts as lost.
const maxFaults = 100

// add tells of a fault.
func (f *faults) add(kind FaultKind, line int, value string, lost bool) {
	value = shorten(value)
	if !f.again(kind, value, lost) {
		f.list = append(f.list, Fault{Kind: kind, Line: line, Value: value, Count: 1, Lost: lost})
	}
}

// again counts a fault that was told already; false where it was not.
func (f *faults) again(kind FaultKind, value string, lost bool) bool {
	for i := range f.list {
		have := &f.list[i]
		if have.Kind == kind && (have.Value == value || !kind.byValue()) {
			have.Count++
			have.Lost = have.Lost || lost
			return true
		}
	}
	if len(f.list) == maxFaults {
		f.list[maxFaults-1].Lost = f.list[maxFaults-1].Lost || lost
		return true
	}
	return false
}

// shorten is the beginning of a value, as text.
func shorten(value string) string {
	return strings.ToValidUTF8(value[:min(len(value), maxValue)], "\uFFFD")
}

// byValue reports whether each value of a kind is told.
func (k FaultKind) byValue() bool {
	return k == UnknownElement || k == Missing || k == Repeated || k == TooManyResults || k == NotReport
}

// Message says what was odd, for people.
func (f Fault) Message() codes.Message {
	value := codes.Quoted("value", f.Value)
	if f.Kind == Damaged || f.Kind == TooLarge || f.Kind == OtherArchive || f.Kind == BadCharset {
		value = codes.Str("value", f.Value)
	}
	return codes.Say(f.Kind.text(), value, codes.Num("line", f.Line), codes.Num("count", f.Count))
}
