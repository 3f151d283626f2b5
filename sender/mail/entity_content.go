package mail

import "strings"

// Source is the text of a part as it was written: decoded, of HTML with its tags. At most the first most octets of the body as it
// came are read; cut tells that there are more.
func (e *Entity) Source(most int) (text string, cut bool) {
	data := e.decoded(most)
	text, odd := decodeText(data, e.charset(data))
	if odd.EN != "" {
		e.notes.add(odd)
	}
	return text, len(e.raw) > most
}

// Octets are the octets of a part without its transfer encoding, of the first most octets of the body as it came.
func (e *Entity) Octets(most int) []byte { return e.decoded(most) }

// Declared are the octets of a part without the transfer encoding that it declares; nothing is guessed. At most the first most octets
// of the body as it came are read.
func (e *Entity) Declared(most int) []byte { return e.asDeclared(most) }

// FileName is the name of a part as an attachment: of Content-Disposition (RFC 2183 §2.3), else of Content-Type; "" where it has none.
func (e *Entity) FileName() string {
	_, rest, _ := strings.Cut(e.Get("Content-Disposition"), ";")
	name := findParam(parseParams(rest), "filename")
	if name == "" {
		name = e.Param("name")
	}
	return e.notes.words(name)
}

// Attached reports whether a part is meant as a file beside the text (RFC 2183 §2.2).
func (e *Entity) Attached() bool {
	kind, _, _ := strings.Cut(e.Get("Content-Disposition"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "attachment") || e.FileName() != "" && !strings.HasPrefix(e.Type, "multipart/")
}
