package mail

import (
	"bytes"
	"strings"
)

// Raw is a mail as octets: its header fields exactly as they stand, and its body. Both are parts of the octets that Cut
// was given, not copies: whoever changes those changes these.
type Raw struct {
	Fields []RawField
	Body   []byte // what follows the empty line; nil where there is none
	Over   int    // fields beyond the bound of MaxRawFields, which were not read
}

// RawField is one header field: Bytes is all of it, from the first octet of the name to the last of the value, folds
// included, without the line end behind it. A line that is no field (RFC 5322 §2.2) has the Name "".
type RawField struct {
	Name  string // as written, without blanks
	Bytes []byte
}

// MaxRawFields bounds the fields that Cut reads.
const MaxRawFields = 10_000

// Cut takes a mail apart. The From line of a mailbox file, empty lines and a byte order mark before the header are passed
// over. LF alone ends a line as CRLF does. A line that begins with a blank belongs to the field before it, also where it
// has nothing but blanks (RFC 5322 §4.2). Where the empty line is missing, the body begins with the first line that is no
// field and that no field follows.
func Cut(data []byte) Raw {
	var r Raw
	for rest := skipBefore(data, &notes{}, true); len(rest) > 0; {
		line, after := cutLine(rest)
		if len(line) == 0 {
			r.Body = after
			return r
		}
		name, ok := []byte(nil), false
		if line[0] != ' ' && line[0] != '\t' {
			name, ok = rawName(line)
		}
		if !ok && startsBody(after, len(r.Fields)) {
			r.Body = rest
			return r
		}
		for len(after) > 0 && (after[0] == ' ' || after[0] == '\t') {
			_, after = cutLine(after)
		}
		if len(r.Fields) == MaxRawFields {
			r.Over++
		} else {
			if r.Fields == nil {
				r.Fields = make([]RawField, 0, 32)
			}
			whole := rest[: len(rest)-len(after) : len(rest)-len(after)]
			r.Fields = append(r.Fields, RawField{Name: string(name), Bytes: withoutEnd(whole)})
		}
		rest = after
	}
	return r
}

// rawName is the name that a line begins with, of any length (RFC 5322 §2.2).
func rawName(line []byte) ([]byte, bool) {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 {
		return nil, false
	}
	name := bytes.TrimRight(line[:colon], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return nil, false
		}
	}
	return name, true
}

// withoutEnd drops one line end.
func withoutEnd(b []byte) []byte {
	return bytes.TrimSuffix(bytes.TrimSuffix(b, []byte("\n")), []byte("\r"))
}

// Is reports whether the field has a name, in any case.
func (f RawField) Is(name string) bool {
	return len(f.Name) == len(name) && strings.EqualFold(f.Name, name)
}

// RawValue is what stands behind the colon, as it stands.
func (f RawField) RawValue() []byte {
	_, value, _ := bytes.Cut(f.Bytes, []byte(":"))
	return value
}

// Value is the value on one line, without blanks around it.
func (f RawField) Value() string { return unfold(f.RawValue()) }

// Get is the value of the first field with a name; "" where there is none.
func (r Raw) Get(name string) string {
	for _, f := range r.Fields {
		if f.Is(name) {
			return f.Value()
		}
	}
	return ""
}

// All lists the fields with a name, from the top.
func (r Raw) All(name string) (list []RawField) {
	for _, f := range r.Fields {
		if f.Is(name) {
			list = append(list, f)
		}
	}
	return list
}
