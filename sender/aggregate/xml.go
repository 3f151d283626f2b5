package aggregate

import (
	"bytes"
	"errors"
	"io"
)

// Bounds of XML, in octets.
const (
	maxText = 64 << 10
	maxTag  = 8 << 10

	minBuffer = 8 << 10 // most reports are small
	maxBuffer = 128 << 10
)

// tag is what the scanner stopped at.
type tag uint8

const (
	atEnd tag = iota
	startTag
	endTag
)

// scanner takes XML apart, tag by tag (XML 1.0), in the memory of one text and one tag. It knows no DTD and no entities but the
// five and numbers, so that nothing grows. What is no tag is text: "<" within an address does not end a report.
type scanner struct {
	r   io.Reader
	err error // of r
	buf []byte
	// full says that a read filled the buffer, so that there is probably much more.
	full bool
	// What is needed begins at start: the text before the next tag. pos is where the scanner looks next.
	start, pos, end int
	lines, lined    int // line ends before buf[lined]

	name   []byte // of the tag, without a prefix; it lasts until next
	other  bool   // the name had a prefix: it may be of another namespace
	attrs  []byte // of a start tag, as they stand
	empty  bool   // the start tag is its own end tag
	acc    []byte // text that does not stand in one piece
	piece  bool   // acc holds what was before buf[start]
	two    bool   // the text is within characters of two octets
	looked int    // how much of the text was looked at for that, from start
	text   []byte // the text before the tag; it lasts until next
	faults faults
}

// newScanner scans r. The memory is taken over.
func newScanner(r io.Reader, memory []byte) *scanner {
	if memory == nil {
		memory = make([]byte, minBuffer)
	}
	return &scanner{r: r, buf: memory}
}

// line is the line at which the scanner looks, from 1.
func (s *scanner) line() int {
	s.countLines(s.pos)
	return s.lines + 1
}

// countLines counts the line ends before a place, each once.
func (s *scanner) countLines(to int) {
	if to > s.lined {
		s.lines += bytes.Count(s.buf[s.lined:to], newline)
		s.lined = to
	}
}

var newline = []byte("\n")

// errTooLong says that a text and a tag do not fit into the memory; the bounds of both see to it that they do.
var errTooLong = errors.New("a piece of XML is too long")

// fault tells of something at pos. The line is counted only where it is told.
func (s *scanner) fault(kind FaultKind, value []byte, lost bool) {
	v := shorten(string(value[:min(len(value), 2*maxValue)]))
	if !s.faults.again(kind, v, lost) {
		s.faults.add(kind, s.line(), v, lost)
	}
}

// fill reads more behind what is there, and keeps what begins at start. It reports whether there is more.
func (s *scanner) fill() bool {
	if s.err != nil {
		return false
	}
	s.countLines(s.start)
	s.lined -= s.start
	copy(s.buf, s.buf[s.start:s.end])
	s.end, s.pos, s.start = s.end-s.start, s.pos-s.start, 0
	if (s.full || s.end > len(s.buf)/2) && len(s.buf) < maxBuffer {
		s.buf = append(s.buf, make([]byte, len(s.buf))...)
	}
	if s.end == len(s.buf) {
		s.err = errTooLong
		return false
	}
	for range 100 {
		n, err := s.r.Read(s.buf[s.end:])
		s.end += n
		s.err, s.full = err, s.end == len(s.buf)
		if n > 0 || err != nil {
			return n > 0
		}
	}
	s.err = io.ErrNoProgress
	return false
}

// has reports whether n octets are there from pos on.
func (s *scanner) has(n int) bool {
	for s.end-s.pos < n {
		if !s.fill() {
			return false
		}
	}
	return true
}

// next goes to the next tag.
func (s *scanner) next() tag {
	s.acc, s.piece, s.two, s.looked = s.acc[:0], false, false, 0
	s.start = s.pos
	for {
		if s.pos-s.start > maxText {
			s.keep(s.pos, false)
		}
		i := bytes.IndexByte(s.buf[s.pos:s.end], '<')
		if i < 0 {
			s.pos = s.end
			if s.pos-s.start > maxText {
				continue
			}
			if !s.fill() {
				s.finish(s.pos)
				return atEnd
			}
			continue
		}
		s.pos += i
		if s.inJIS() || !s.has(2) {
			s.pos++
			continue
		}
		switch c := s.buf[s.pos+1]; {
		case c == '/' || nameClass[c]&nameStart != 0:
			if t := s.tag(); t != atEnd {
				return t
			}
		case c == '!':
			s.declaration()
		case c == '?':
			s.finishPiece()
			s.skip("?>")
		default:
			s.noTag()
		}
	}
}

// inJIS reports whether pos lies within characters of two octets of ISO-2022-JP (RFC 1468), of which each octet may look
// like "<".
func (s *scanner) inJIS() bool {
	for at := s.start + s.looked; at < s.pos; {
		i := bytes.IndexByte(s.buf[at:s.pos], 0x1b)
		if i < 0 {
			break
		}
		at += i + 1
		s.two = s.buf[at] == '$'
	}
	s.looked = s.pos - s.start
	return s.two
}

// noTag tells that the "<" at pos is text, and goes on behind it.
func (s *scanner) noTag() {
	s.has(20)
	s.fault(BadXML, s.buf[s.pos:min(s.end, s.pos+20)], false)
	s.pos++
}

// keep takes the text from start to end into acc, and begins anew behind it.
func (s *scanner) keep(end int, raw bool) {
	text := s.buf[s.start:end]
	if len(s.acc)+len(text) > maxText {
		s.fault(LongText, nil, false)
		text = text[:max(0, maxText-len(s.acc))]
	}
	if raw {
		s.acc = append(s.acc, text...)
	} else {
		s.acc = s.unescape(s.acc, text)
	}
	s.piece, s.start, s.looked = true, end, 0
}

// finish makes text of what stands before end.
func (s *scanner) finish(end int) {
	text := s.buf[s.start:end]
	if !s.piece && len(text) <= maxText && bytes.IndexByte(text, '&') < 0 {
		s.text = text
		return
	}
	s.keep(end, false)
	s.text = s.acc
}

// finishPiece keeps the text before something that is no tag.
func (s *scanner) finishPiece() { s.keep(s.pos, false) }

// skip passes over what ends with a mark, from pos on.
func (s *scanner) skip(mark string) {
	for {
		if i := bytes.Index(s.buf[s.pos:s.end], []byte(mark)); i >= 0 {
			s.pos += i + len(mark)
			s.start = s.pos
			return
		}
		s.pos = max(s.pos, s.end-len(mark)+1)
		s.start = s.pos
		if !s.fill() {
			s.pos = s.end
			s.start = s.pos
			return
		}
	}
}

// declaration passes over "<!…>": a comment, a DTD, or takes the text of CDATA.
func (s *scanner) declaration() {
	switch {
	case s.has(4) && string(s.buf[s.pos:s.pos+4]) == "<!--":
		s.finishPiece()
		s.pos += 4
		s.skip("-->")
	case s.has(9) && string(s.buf[s.pos:s.pos+9]) == "<![CDATA[":
		s.finishPiece()
		s.pos += 9
		s.start = s.pos
		s.cdata()
	case s.has(9) && bytes.EqualFold(s.buf[s.pos:s.pos+9], []byte("<!DOCTYPE")):
		s.finishPiece()
		s.fault(HasDTD, nil, false)
		s.doctype()
	default:
		s.noTag()
	}
}

// cdata takes text as it is, up to "]]>".
func (s *scanner) cdata() {
	for {
		if i := bytes.Index(s.buf[s.pos:s.end], []byte("]]>")); i >= 0 {
			s.pos += i
			s.keep(s.pos, true)
			s.pos += 3
			s.start = s.pos
			return
		}
		s.pos = max(s.pos, s.end-2)
		if s.pos-s.start > maxText {
			s.keep(s.pos, true)
		}
		if !s.fill() {
			s.pos = s.end
			s.keep(s.pos, true)
			return
		}
	}
}

// doctype passes over a DTD, with what stands in its brackets.
func (s *scanner) doctype() {
	s.pos += 9
	inner := 0
	for {
		for ; s.pos < s.end; s.pos++ {
			switch s.buf[s.pos] {
			case '[':
				inner++
			case ']':
				inner--
			case '>':
				if inner <= 0 {
					s.pos++
					s.start = s.pos
					return
				}
			}
		}
		s.start = s.pos
		if !s.fill() {
			return
		}
	}
}
