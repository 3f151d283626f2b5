package check

import (
	"bytes"
	"unicode/utf8"

	"todoku/codes"
	"todoku/sender/mail"
)

// octets is what one pass over a mail finds. Lines are counted from 1; 0 stands for none.
type octets struct {
	nul       int // the line of the first NUL
	crlf      int // line ends
	lone      int // CR or LF alone
	loneLine  int // the first line with a line end that the others have not
	long      int // lines of the text over maxLineOctets
	longLine  int
	longest   int
	emptyLine bool // one stands between header and text
}

// maxLineOctets is the limit of a line without its end (RFC 5322 §2.1.1).
const maxLineOctets = 998

// readOctets passes over a mail whose text begins at an offset.
func readOctets(data []byte, body int) octets {
	var o octets
	lfOnly, crOnly, firstLF, firstCR, firstCRLF := 0, 0, 0, 0, 0
	line := 0
	for at := 0; at < len(data); {
		line++
		end := bytes.IndexByte(data[at:], '\n')
		next := len(data)
		if end < 0 {
			end = len(data)
		} else {
			end += at
			next = end + 1
		}
		text := data[at:end]
		switch {
		case end == len(data):
		case len(text) > 0 && text[len(text)-1] == '\r':
			text = text[:len(text)-1]
			o.crlf++
			firstCRLF = first(firstCRLF, line)
		default:
			lfOnly++
			firstLF = first(firstLF, line)
		}
		if n := bytes.Count(text, []byte{'\r'}); n > 0 {
			crOnly += n
			firstCR = first(firstCR, line)
		}
		if o.nul == 0 && bytes.IndexByte(text, 0) >= 0 {
			o.nul = line
		}
		if len(text) > maxLineOctets && at >= body {
			o.long++
			o.longLine = first(o.longLine, line)
			o.longest = max(o.longest, len(text))
		}
		if len(text) == 0 && next == body {
			o.emptyLine = true
		}
		at = next
	}
	o.mixed(lfOnly, crOnly, firstLF, firstCR, firstCRLF)
	return o
}

// mixed tells whether the line ends are of several kinds. A file with LF alone is how systems keep mail.
func (o *octets) mixed(lfOnly, crOnly, firstLF, firstCR, firstCRLF int) {
	switch {
	case o.crlf > 0 && lfOnly > 0:
		o.lone, o.loneLine = lfOnly+crOnly, firstLF
		if o.crlf < lfOnly {
			o.loneLine = firstCRLF
		}
	case crOnly > 0 && o.crlf+lfOnly > 0:
		o.lone, o.loneLine = crOnly, firstCR
	}
}

// first is a line that was met before, or else this one.
func first(before, line int) int {
	if before > 0 {
		return before
	}
	return line
}

// Limits of Gmail for headers, and the size from which a mail is too large for some.
const (
	maxHeaderOctets = 500 << 10
	maxFieldOctets  = 32 << 10
	maxHeaderFields = 5000
	largeMail       = 10 << 20
)

// judgeOctets judges lines, sizes and signs. data is the whole mail.
func (j *headersJudge) judgeOctets(data []byte) {
	o := j.octets
	if o.nul > 0 {
		j.Report(HeadersNUL, j.Domain(), codes.Num("line", o.nul))
	}
	if o.lone > 0 {
		j.Report(HeadersLineEnds, j.Domain(), codes.Num("lone", o.lone), codes.Num("line", o.loneLine))
	}
	if o.long > 0 {
		j.Report(HeadersLineLong, j.Domain(), codes.Num("line", o.longLine), codes.Num("octets", o.longest), codes.Num("count", o.long))
	}
	if len(j.raw.Body) > 0 && !o.emptyLine && len(j.raw.Fields) > 0 {
		j.Report(HeadersEnd, j.Domain())
	}
	if mb := len(data) >> 20; len(data) >= largeMail {
		j.Report(HeadersSize, j.Domain(), codes.Num("megabytes", mb))
	}
	large := j.facts.HeaderSize > maxHeaderOctets || j.facts.Fields > maxHeaderFields
	for _, f := range j.raw.Fields {
		if len(f.Bytes) > maxFieldOctets && !f.Is("To") && !f.Is("Cc") && !f.Is("References") {
			large = true
		}
		j.judgeField(f)
	}
	if large {
		j.Report(HeadersLarge, j.Domain(), codes.Num("kilobytes", j.facts.HeaderSize>>10), codes.Num("fields", j.facts.Fields))
	}
}

// maxTold bounds how many fields with the same fault are reported.
const maxTold = 10

// judgeField judges the octets of one field.
func (j *headersJudge) judgeField(f mail.RawField) {
	if j.Reported() > 20*maxTold {
		return
	}
	if f.Name == "" {
		j.Report(HeadersNoField, j.Domain(), codes.QuotedStart("value", string(f.Bytes), 80))
		return
	}
	longest := 0
	for line := range bytes.Lines(f.Bytes) {
		longest = max(longest, len(bytes.TrimRight(line, "\r\n")))
	}
	if longest > maxLineOctets {
		j.Report(HeadersFieldLong, j.Domain(), codes.Str("field", f.Name), codes.Num("octets", longest))
	}
	switch {
	case !bytes.ContainsFunc(f.Bytes, func(r rune) bool { return r >= utf8.RuneSelf }):
	case utf8.Valid(f.Bytes):
		j.Report(HeadersRawUTF8, j.Domain(), codes.Str("field", f.Name))
	default:
		j.Report(HeadersRaw8Bit, j.Domain(), codes.Str("field", f.Name))
	}
}
