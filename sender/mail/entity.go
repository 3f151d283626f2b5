package mail

import (
	"bytes"
	"strings"
	"time"

	"todoku/codes"
)

// Entity is a mail or a part of one (RFC 2045 §2.4) as somebody got it, whatever is wrong with it. Its body is decoded when
// it is asked for. It keeps the data that it was opened from.
type Entity struct {
	Type   string    // "text/plain", in lower case; what it is, where the header does not say
	Parts  []*Entity // of a multipart
	fields []field
	params []param // of Content-Type
	raw    []byte  // the body as it came
	notes  *notes
}

// Bounds of one mail. What lies beyond is passed over, and a note says so.
const (
	maxDepth  = 12
	maxParts  = 200
	maxFields = 1000
)

// notes are the oddities of a mail, each once, and what is left of its bounds.
type notes struct {
	list  []codes.Text
	parts int
}

func (n *notes) add(t codes.Text) {
	for _, have := range n.list {
		if have == t {
			return
		}
	}
	n.list = append(n.list, t)
}

// Open takes a mail apart; it keeps data. It never fails: what is broken is read as far as it goes, and Notes tells so.
func Open(data []byte) *Entity {
	n := &notes{parts: maxParts}
	if !bytes.Contains(data[:min(len(data), 4<<10)], []byte("\n")) && bytes.Contains(data, []byte("\r")) {
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
		n.add(oddLineEnds)
	}
	e := openPart(data, n, 0)
	return e
}

// openPart takes apart what stands at a depth of the structure.
func openPart(data []byte, n *notes, depth int) *Entity {
	e := &Entity{notes: n}
	e.fields, e.raw = cutHeader(data, n, depth == 0)
	e.readType()
	if strings.HasPrefix(e.Type, "multipart/") {
		e.split(depth)
	}
	return e
}

// readType reads Content-Type (RFC 2045 §5).
func (e *Entity) readType() {
	value := e.Get("Content-Type")
	kind, rest, _ := strings.Cut(value, ";")
	e.Type = strings.ToLower(strings.TrimSpace(kind))
	if !strings.Contains(e.Type, "/") {
		e.Type = "text/plain"
	}
	e.params = parseParams(rest)
}

// Notes are the oddities that were met so far in the whole mail.
func (e *Entity) Notes() []codes.Text { return e.notes.list }

// Param is a parameter of Content-Type; "" where there is none.
func (e *Entity) Param(name string) string { return findParam(e.params, name) }

// Get is the value of the first field of a name on one line, as it came; "" where there is none.
func (e *Entity) Get(name string) string {
	for i := range e.fields {
		if e.fields[i].is(name) {
			return unfold(e.fields[i].value)
		}
	}
	return ""
}

// Has reports whether there is a field of a name.
func (e *Entity) Has(name string) bool {
	for i := range e.fields {
		if e.fields[i].is(name) {
			return true
		}
	}
	return false
}

// All are the values of all fields of a name.
func (e *Entity) All(name string) []string {
	var out []string
	for i := range e.fields {
		if e.fields[i].is(name) {
			out = append(out, unfold(e.fields[i].value))
		}
	}
	return out
}

// Words is the value of a field for people: encoded words (RFC 2047) are decoded.
func (e *Entity) Words(name string) string { return e.notes.words(e.Get(name)) }

// Mailbox is the address that a field begins with; "" where it has none.
func (e *Entity) Mailbox(name string) string {
	value := e.Get(name)
	if value == "" {
		return ""
	}
	return AddressIn(value)
}

// Date is the time of a field; false where it has none that can be read.
func (e *Entity) Date(name string) (time.Time, bool) { return ParseDate(e.Get(name)) }

// InnerHeader is the header of the mail that a part of type message/rfc822 or text/rfc822-headers holds.
func (e *Entity) InnerHeader() *Entity {
	h := &Entity{notes: e.notes}
	h.fields, _ = cutHeader(e.octets(), e.notes, false)
	return h
}

// InnerMail is the whole mail that such a part holds, at a depth of the structure.
func (e *Entity) InnerMail(depth int) *Entity { return openPart(e.octets(), e.notes, depth) }

// Size is the length of the body as it came, in octets.
func (e *Entity) Size() int { return len(e.raw) }

var (
	oddLineEnds = codes.Text{EN: "its lines end in CR alone", JA: "行末が CR だけです"}
	oddHeader   = codes.Text{EN: "its header has lines that are no fields", JA: "ヘッダーにフィールドではない行があります"}
	oddFromLine = codes.Text{EN: "it begins with the From line of a mailbox file", JA: "mbox の From 行で始まっています"}
	oddLong     = codes.Text{EN: "its header is too long: the rest of it was passed over", JA: "ヘッダーが長すぎるため、残りは読んでいません"}
)
