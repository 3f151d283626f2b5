package mail

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/codes"

	"golang.org/x/text/encoding/japanese"
)

// PartFault is what is wrong with the form of a part of a mail (RFC 2045, RFC 2046).
type PartFault struct {
	Kind  PartFaultKind
	Value string // what the part declares: a charset, an encoding, a boundary
	Real  string // what it has instead, where that is known
}

// PartFaultKind tells the faults of parts apart.
type PartFaultKind string

// The faults of parts.
const (
	BoundaryMissing  PartFaultKind = "boundary_missing" // a multipart names none, or none that stands in its body
	BoundaryOpen     PartFaultKind = "boundary_open"    // the closing delimiter is missing
	TransferUnknown  PartFaultKind = "transfer_unknown"
	TransferOfParts  PartFaultKind = "transfer_of_parts" // a multipart or a mail within in base64 or quoted-printable (RFC 2045 §6.4)
	TransferBroken   PartFaultKind = "transfer_broken"   // what is declared as base64 is none
	EightBit         PartFaultKind = "eight_bit"         // octets beyond ASCII where 7bit is declared, or nothing
	CharsetMissing   PartFaultKind = "charset_missing"   // a text beyond ASCII without a declared charset
	CharsetUnknown   PartFaultKind = "charset_unknown"
	CharsetWrong     PartFaultKind = "charset_wrong"
	ContentTypeWrong PartFaultKind = "content_type_wrong" // Content-Type without a type and a subtype
)

// maxFaultText bounds how much of a text is held against its charset, in octets.
const maxFaultText = 1 << 20

// Faults are what is wrong with a part itself; those of the parts within are theirs.
func (e *Entity) Faults() (out []PartFault) {
	add := func(k PartFaultKind, value, real string) { out = append(out, PartFault{k, value, real}) }
	kind, _, _ := strings.Cut(e.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if main, sub, ok := strings.Cut(kind, "/"); e.Has("Content-Type") && (!ok || main == "" || sub == "") {
		add(ContentTypeWrong, kind, "")
	}
	if strings.HasPrefix(kind, "multipart/") {
		e.multipartFaults(add)
	}
	e.transferFaults(kind, add)
	if strings.HasPrefix(e.Type, "text/") && !strings.HasPrefix(kind, "multipart/") {
		e.charsetFaults(add)
	}
	return out
}

func (e *Entity) multipartFaults(add func(PartFaultKind, string, string)) {
	boundary := e.Param("boundary")
	if boundary == "" || !hasDelimiter(e.raw, boundary) {
		add(BoundaryMissing, boundary, guessBoundary(e.raw))
		return
	}
	for rest, last := e.raw, false; !last; {
		var ok bool
		if _, rest, last, ok = cutDelimiter(rest, boundary); !ok {
			add(BoundaryOpen, boundary, "")
			return
		}
	}
}

func (e *Entity) transferFaults(kind string, add func(PartFaultKind, string, string)) {
	declared, _, _ := strings.Cut(e.Get("Content-Transfer-Encoding"), ";")
	declared = strings.ToLower(strings.TrimSpace(declared))
	encoded := false
	switch strings.Trim(declared, `"'`) {
	case "base64":
		encoded = true
		if _, ok := fromBase64(e.raw[:min(len(e.raw), maxFaultText)]); !ok {
			add(TransferBroken, declared, "")
		}
	case "quoted-printable":
		encoded = true
	case "7bit", "":
		if !utf8Free(e.raw) && !strings.HasPrefix(kind, "multipart/") {
			add(EightBit, declared, "")
		}
		return
	case "8bit", "binary":
		return
	default:
		if strings.HasPrefix(declared, "x-") { // private ones are allowed (RFC 2045 §6.3)
			return
		}
		add(TransferUnknown, declared, "")
		return
	}
	if encoded && (strings.HasPrefix(kind, "multipart/") || kind == "message/rfc822") {
		add(TransferOfParts, declared, "")
	}
}

// utf8Free reports whether octets are all ASCII.
func utf8Free(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (e *Entity) charsetFaults(add func(PartFaultKind, string, string)) {
	data := e.asDeclared(maxFaultText)
	declared := e.charset(data)
	name := strings.ToLower(strings.Trim(declared, " \"'"))
	known := KnowsCharset(name)
	if !known {
		add(CharsetUnknown, declared, "")
	}
	if isPlainASCII(data) || !known {
		return
	}
	_, odd := decodeText(data, declared)
	wide := !utf8Free(data) // ISO-2022-JP has seven bits (RFC 1468)
	if odd.EN == "" && name != "" && !(wide && encodingOf(name) == japanese.ISO2022JP) {
		return
	}
	_, real := detect(data)
	if utf8.Valid(data) && !bytes.Contains(data, escKana) {
		real = "UTF-8"
	}
	if name == "" {
		add(CharsetMissing, "", real)
		return
	}
	add(CharsetWrong, declared, real)
}

// asDeclared is the body without the transfer encoding that is declared: nothing is guessed.
func (e *Entity) asDeclared(most int) []byte {
	raw := e.raw[:min(len(e.raw), most)]
	if len(e.raw) > most { // no character is cut
		raw = raw[:bytes.LastIndexByte(raw, '\n')+1]
	}
	declared, _, _ := strings.Cut(e.Get("Content-Transfer-Encoding"), ";")
	switch strings.ToLower(strings.Trim(declared, " \t\"'")) {
	case "base64":
		out, _ := fromBase64(raw)
		return out
	case "quoted-printable":
		return fromQuoted(raw)
	}
	return raw
}

// KnowsCharset reports whether there is a charset of a name; "" is ASCII. Some of them are never read here.
func KnowsCharset(name string) bool {
	if encodingOf(name) != nil {
		return true
	}
	switch strings.ToLower(name) {
	case "", "us-ascii", "ascii", "utf-8", "utf8", "unicode-1-1-utf-8", "utf-7", "unicode-1-1-utf-7", "utf-32", "utf-32be", "utf-32le",
		"iso-2022-kr", "iso-2022-cn", "iso-2022-cn-ext", "iso-8859-6-e", "iso-8859-6-i", "iso-8859-8-e", "viscii", "hp-roman8", "cp858",
		"ibm00858", "tscii", "ptcp154", "cesu-8", "scsu", "bocu-1", "unknown-8bit":
		return true
	}
	return false
}

// Incomplete tells of what a mail has more than is read, and how many are read; 0 where it was read whole.
func (e *Entity) Incomplete() (what codes.Text, limit int) {
	for _, n := range e.notes.list {
		switch n {
		case oddLong:
			return codes.Text{EN: "header fields", JA: "ヘッダー"}, maxFields
		case oddMany:
			return codes.Text{EN: "parts of a mail", JA: "メールのパート"}, maxParts
		case oddDeep:
			return codes.Text{EN: "layers of parts", JA: "パートの階層"}, maxDepth
		}
	}
	return what, 0
}

// CutOff reports whether the last part of a mail has no end, so that some of it may be missing.
func (e *Entity) CutOff() bool { return slices.Contains(e.notes.list, oddEnd) }
