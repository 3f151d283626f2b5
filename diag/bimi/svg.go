package bimi

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
)

// Bounds of a logo that is read. The profile wants 32 KiB at most.
const (
	MaxSVG         = 1 << 20 // octets, unpacked
	LargeSVG       = 32 << 10
	MaxSVGElements = 20_000
	MaxSVGDepth    = 64
	MaxSVGFaults   = 50 // kinds of faults that are kept
	maxSVGTitle    = 64 // characters (draft-svg-tiny-ps-abrotman: SHOULD)
)

// Bound says what kept a logo from being read to its end.
type Bound string

// The bounds.
const (
	BoundBytes    Bound = "bytes"    // longer than MaxSVG
	BoundElements Bound = "elements" // more than MaxSVGElements
	BoundDepth    Bound = "depth"    // deeper than MaxSVGDepth
	BoundEncoding Bound = "encoding" // a character encoding that is not read
	BoundFaults   Bound = "faults"   // more kinds of faults than are kept
)

// SVG is what a logo says of itself, with what breaks SVG Tiny PS.
type SVG struct {
	Data       []byte // the document, unpacked
	Compressed bool   // it came with gzip (.svgz)
	SHA256     string // of Data, in hex
	Title      string
	Width      float64 // of the picture: of viewBox, else of width and height; 0: not known
	Height     float64
	Faults     []SVGFault // one for each kind and name, in the order of their first lines
	Bound      Bound      // "" where all of it was read
}

// ReadSVG reads a logo: SVG, or SVG packed with gzip (RFC 6170 §5.2).
func ReadSVG(data []byte) *SVG {
	s := &SVG{Data: data}
	if bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		s.Compressed = true
		var err error
		if s.Data, err = unpack(data); err != nil {
			s.Faults = []SVGFault{{Kind: SVGUnpack, Line: 1, Count: 1, Value: err.Error()}}
			return s
		}
	}
	if len(s.Data) > MaxSVG {
		s.Data, s.Bound = s.Data[:MaxSVG], BoundBytes
		return s
	}
	sum := sha256.Sum256(s.Data)
	s.SHA256 = hex.EncodeToString(sum[:])
	r := &svgReader{svg: s, counts: map[svgKey]int{}, table: svgElements(), values: svgValues()}
	r.read()
	return s
}

// Large reports whether the logo is larger than the profile wants.
func (s *SVG) Large() bool { return len(s.Data) > LargeSVG }

// Breaks reports whether a fault breaks the profile.
func (s *SVG) Breaks() bool {
	return slices.ContainsFunc(s.Faults, func(f SVGFault) bool { return f.Kind.Breaks() })
}

func unpack(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(z, MaxSVG+1))
}

// Same reports whether two logos are one: their texts are equal, whatever their ends of lines.
func Same(a, b []byte) bool {
	return bytes.Equal(a, b) || bytes.Equal(newlines(a), newlines(b))
}

func newlines(b []byte) []byte {
	b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
	return bytes.TrimRight(bytes.ReplaceAll(b, []byte("\r"), []byte("\n")), "\n")
}

// svgReader goes through a document once.
type svgReader struct {
	svg    *SVG
	d      *xml.Decoder
	line   int // of the token under way
	path   []string
	seen   int  // elements
	root   bool // the root was there
	titles int
	text   strings.Builder // of the title or desc under way
	counts map[svgKey]int  // place of a fault in svg.Faults
	table  map[string]svgElement
	values map[string]string
}

type svgKey struct {
	kind SVGKind
	name string
}

// fault notes a fault; a second one of its kind and name is counted.
func (r *svgReader) fault(k SVGKind, name, value, expected string) {
	key := svgKey{k, name}
	if i, ok := r.counts[key]; ok {
		r.svg.Faults[i].Count++
		return
	}
	if len(r.svg.Faults) == MaxSVGFaults {
		r.svg.Bound = BoundFaults
		return
	}
	r.counts[key] = len(r.svg.Faults)
	r.svg.Faults = append(r.svg.Faults, SVGFault{Kind: k, Line: r.line, Count: 1, Name: name, Value: value, Expected: expected})
}

var errBound = errors.New("bound")

func (r *svgReader) read() {
	text, ok := utf8Text(r.svg.Data)
	if !ok {
		r.svg.Bound = BoundEncoding
		return
	}
	r.d = xml.NewDecoder(bytes.NewReader(text))
	r.d.CharsetReader = func(label string, in io.Reader) (io.Reader, error) {
		switch strings.ToLower(label) {
		case "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be": // the last are UTF-8 by now
			return in, nil
		}
		r.svg.Bound = BoundEncoding
		return nil, errBound
	}
	for {
		r.line, _ = r.d.InputPos()
		tok, err := r.d.Token()
		switch {
		case err == io.EOF:
			r.end()
			return
		case r.svg.Bound == BoundEncoding:
			return
		case err != nil:
			r.broken(err)
			return
		}
		if r.token(tok) != nil {
			return
		}
	}
}

// broken tells of what is no XML. A document that never was one is told as that.
func (r *svgReader) broken(err error) {
	var syntax *xml.SyntaxError
	detail := err.Error()
	if errors.As(err, &syntax) {
		r.line, detail = syntax.Line, syntax.Msg
	}
	r.fault(SVGNotXML, "", detail, "")
}

// end judges what only the end tells.
func (r *svgReader) end() {
	switch {
	case !r.root:
		r.fault(SVGNotXML, "", "no element", "<svg>")
	case len(r.path) == 0 && r.titles == 0 && !r.has(SVGNotSVG):
		r.fault(SVGTitleMissing, "title", "", "<title>")
	}
}

func (r *svgReader) has(k SVGKind) bool {
	return slices.ContainsFunc(r.svg.Faults, func(f SVGFault) bool { return f.Kind == k })
}

func (r *svgReader) token(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return r.start(t)
	case xml.EndElement:
		r.close()
	case xml.CharData:
		r.chars(string(t))
	case xml.Directive:
		r.fault(SVGDoctype, "<!"+firstWord(string(t))+">", "", "")
	case xml.ProcInst:
		if t.Target == "xml-stylesheet" {
			r.fault(SVGExternal, "<?xml-stylesheet?>", "", "")
		}
	}
	return nil
}

func firstWord(s string) string {
	if f := strings.Fields(s); len(f) > 0 {
		return f[0][:min(len(f[0]), 20)]
	}
	return ""
}

func (r *svgReader) start(t xml.StartElement) error {
	if r.seen++; r.seen > MaxSVGElements {
		r.svg.Bound = BoundElements
		return errBound
	}
	if len(r.path) == MaxSVGDepth {
		r.svg.Bound = BoundDepth
		return errBound
	}
	if len(r.path) == 0 {
		if r.root {
			r.fault(SVGNotXML, "", fmt.Sprintf("a second root element <%s>", t.Name.Local), "")
			return errBound
		}
		r.root = true
		if !r.isRoot(t) {
			return errBound
		}
	}
	name := t.Name.Local
	if t.Name.Space != svgSpace && (t.Name.Space != "" || len(r.path) > 0) {
		name = foreignName(t.Name)
	}
	r.element(name, t)
	r.path = append(r.path, name)
	return nil
}

// isRoot judges the root element; what is no SVG at all is not read on.
func (r *svgReader) isRoot(t xml.StartElement) bool {
	switch {
	case t.Name.Local != "svg":
		r.fault(SVGNotSVG, "<"+t.Name.Local+">", "", "<svg>")
		return false
	case t.Name.Space == "":
		r.fault(SVGNamespace, "xmlns", "", svgSpace)
		r.d.DefaultSpace = svgSpace // the rest is judged as if it were there
		return true
	case t.Name.Space != svgSpace:
		r.fault(SVGNamespace, "xmlns", t.Name.Space, svgSpace)
		return false
	}
	return true
}

func (r *svgReader) close() {
	top := r.path[len(r.path)-1]
	r.path = r.path[:len(r.path)-1]
	switch top {
	case "title":
		if len(r.path) == 1 {
			r.title(strings.Join(strings.Fields(r.text.String()), " "))
		}
	case "desc":
		if strings.TrimSpace(r.text.String()) == "" {
			r.fault(SVGDescEmpty, "desc", "", "")
		}
	}
}

func (r *svgReader) title(text string) {
	switch {
	case text == "":
		r.fault(SVGTitleEmpty, "title", "", "")
	case len([]rune(text)) > maxSVGTitle:
		r.fault(SVGTitleLong, "title", fmt.Sprint(len([]rune(text))), fmt.Sprint(maxSVGTitle))
	}
	if r.svg.Title == "" {
		r.svg.Title = text
	}
}

// chars takes text. It stands in title, desc, text, textArea and metadata only.
func (r *svgReader) chars(s string) {
	words := strings.TrimLeft(s, " \t\r\n\ufeff")
	r.line += strings.Count(s[:len(s)-len(words)], "\n")
	if len(r.path) == 0 {
		if words != "" {
			r.fault(SVGNotXML, "", "text outside of the root element", "")
		}
		return
	}
	switch top := r.path[len(r.path)-1]; top {
	case "title", "desc":
		r.text.WriteString(s)
	case "text", "textArea", "metadata":
	default:
		if _, known := r.table[top]; known && words != "" {
			r.fault(SVGText, "<"+top+">", "", "")
		}
	}
}

// utf8Text is the document in UTF-8; ok is false where its encoding is not read.
func utf8Text(data []byte) (text []byte, ok bool) {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(data, []byte{0xef, 0xbb, 0xbf}):
		return data[3:], true
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return data, true
	}
	units := make([]uint16, 0, len(data)/2)
	for rest := data[2:]; len(rest) >= 2; rest = rest[2:] {
		units = append(units, order.Uint16(rest))
	}
	return []byte(string(utf16.Decode(units))), true
}
