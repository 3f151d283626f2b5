package resolve

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"todoku/codes"
)

// What a zone file may hold, in octets; more is a mistake or an attack.
const (
	maxZoneBytes = 64 << 20  // of the file
	maxEntry     = 512 << 10 // of a line, or of what stands in one pair of parentheses: a record has 64 KiB at most
	maxGenerate  = 4 << 10   // of a $GENERATE line, which is repeated up to 65,536 times
)

// zoneText hands a zone file to the parser octet by octet. It refuses what is
// no text and what is too long before the parser holds it, and knows the line.
type zoneText struct {
	in    *bufio.Reader
	file  string
	err   error // io.EOF at the end
	lines []int // of the file of which the text was made, by the line of the text; nil: it is the file

	line, read   int    // the line under way; octets so far
	ended, began int    // the lines on which the last whole entry and the one under way began
	entry        int    // octets of the entry under way
	start        []byte // its first octets
	token        int    // octets of the text or word under way
	longest      int    // of those of the entry
	before       int    // the longest of the entry before
	depth        int    // open parentheses
	quoted       bool
	comment      bool
	escaped      int // how many octets behind a backslash may yet belong to it
}

// newZoneText reads the byte order mark, if there is one.
func newZoneText(r io.Reader, file string) *zoneText {
	z := &zoneText{in: bufio.NewReaderSize(r, 64<<10), file: file, line: 1, began: 1, start: make([]byte, 0, len(generate))}
	head, _ := z.in.Peek(4)
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = z.in.Discard(3)
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")), bytes.IndexByte(head, 0) >= 0:
		z.err = z.fault(codes.Say(codes.Text{EN: "the file is UTF-16 or UTF-32, or no text at all", JA: "UTF-16・UTF-32のファイル、またはテキスト以外のファイルです"}),
			codes.Text{EN: "save it as UTF-8", JA: "UTF-8で保存し直してください"})
	}
	return z
}

// generate is the directive that makes many records of one line (of BIND; no RFC).
const generate = "$GENERATE"

func (z *zoneText) fault(says codes.Message, remedy codes.Text) *codes.UserError {
	return &codes.UserError{Place: fmt.Sprintf("%s:%d", z.file, z.inFile(z.line)), Says: says, Remedy: codes.Say(remedy)}
}

// inFile is a line of the text as a line of the file.
func (z *zoneText) inFile(line int) int {
	if line < len(z.lines) {
		return z.lines[line]
	}
	return line
}

// recordFault is the fault of the record that was read last.
func (z *zoneText) recordFault(says codes.Message, remedy codes.Text) *codes.UserError {
	in := z.fault(says, remedy)
	in.Place = z.recordPlace()
	return in
}

// longestToken is how many octets the longest text or word of the record has that was read last.
func (z *zoneText) longestToken() int {
	if z.entry == 0 {
		return z.before
	}
	return z.longest
}

// tooLong is the fault of an entry beyond its bound.
func (z *zoneText) tooLong(limit int) *codes.UserError {
	return z.fault(codes.Say(codes.Text{EN: "one entry is longer than {n} KiB", JA: "1つのエントリーが{n}KiBを超えています"}, codes.Num("n", limit>>10)),
		codes.Text{EN: "close its parentheses and quotes; a record holds 64 KiB at most", JA: "括弧や引用符が閉じているか確認してください。1レコードの上限は64KiBです"})
}

// Read is for callers that need no line numbers.
func (z *zoneText) Read(p []byte) (int, error) {
	for i := range p {
		b, err := z.ReadByte()
		if err != nil {
			return i, err
		}
		p[i] = b
	}
	return len(p), nil
}

// ReadByte implements io.ByteReader, which the parser prefers.
func (z *zoneText) ReadByte() (byte, error) {
	if z.err != nil {
		return 0, z.err
	}
	b, err := z.in.ReadByte()
	if err != nil {
		z.err = err
		return 0, err
	}
	z.read++
	z.follow(b)
	z.judge(b)
	return b, z.err
}

// judge compares what was read with the bounds.
func (z *zoneText) judge(b byte) {
	switch {
	case b == 0:
		z.err = z.fault(codes.Say(codes.Text{EN: "a NUL octet: this is no text", JA: "NULバイトが含まれています。テキストファイルではありません"}),
			codes.Text{EN: "give a zone file as text in UTF-8", JA: "UTF-8のテキスト形式のゾーンファイルを指定してください"})
	case z.read > maxZoneBytes:
		z.err = z.fault(codes.Say(codes.Text{EN: "the zone file is larger than {n} MiB", JA: "ゾーンファイルが{n}MiBを超えています"}, codes.Num("n", maxZoneBytes>>20)), lessZone())
	case z.entry > maxEntry:
		z.err = z.tooLong(maxEntry)
	case z.entry > maxGenerate && bytes.EqualFold(z.start, []byte(generate)):
		z.err = z.tooLong(maxGenerate)
	}
}

// lessZone is the remedy of a zone that is too large.
func lessZone() codes.Text {
	return codes.Text{EN: "give only the part of the zone that the check needs", JA: "検査に必要な部分だけを抜き出して指定してください"}
}

// follow keeps the state of the text (RFC 1035 §5.1): an entry ends at the end
// of a line outside of parentheses.
func (z *zoneText) follow(b byte) {
	z.entry++
	if len(z.start) < len(generate) {
		z.start = append(z.start, b)
	}
	if z.escaped > 0 && z.escaped < 3 && !isDigit(b) {
		z.escaped = 0
	}
	switch {
	case b == '\n':
		z.endOfLine()
	case z.comment:
	case z.escaped == 3 && !isDigit(b): // RFC 1035 §5.1: \X is one octet, and so is \DDD
		z.escaped = 0
	case z.escaped > 0:
		z.escaped--
	case b == '\\':
		z.escaped = 3
		z.grow()
	case b == '"':
		z.quoted = !z.quoted
		z.token = 0
	case z.quoted:
		z.grow()
	case b == ';':
		z.comment, z.token = true, 0
	case b == '(':
		z.depth++
		z.token = 0
	case b == ')':
		z.depth = max(z.depth-1, 0)
		z.token = 0
	case b == ' ' || b == '\t' || b == '\r':
		z.token = 0
	default:
		z.grow()
	}
}

// grow counts an octet of a text or word.
func (z *zoneText) grow() {
	z.token++
	z.longest = max(z.longest, z.token)
}

// endOfLine ends a comment and mostly the entry. A quoted text ends on its line, unless the end of the line is escaped.
func (z *zoneText) endOfLine() {
	if z.quoted && z.escaped != 3 {
		z.err = z.fault(codes.Say(codes.Text{EN: "the text that begins with a double quote does not end on its line", JA: "二重引用符で始まる文字列が、その行で閉じていません"}),
			codes.Text{EN: "end it with a double quote, and begin it again on the next line; parentheses join the lines of one record",
				JA: "行末で二重引用符を閉じ、次の行で新しく始めてください。複数行にわたるレコードは括弧で囲みます"})
	}
	z.line++
	z.comment, z.escaped = false, 0
	if z.quoted {
		return
	}
	z.token = 0
	if z.depth == 0 {
		z.entry, z.start = 0, z.start[:0]
		z.ended, z.began = z.began, z.line
		z.before, z.longest = z.longest, 0
	}
}
