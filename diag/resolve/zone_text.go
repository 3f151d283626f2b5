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
	in   *bufio.Reader
	file string
	err  error // io.EOF at the end

	line, read   int    // the line under way; octets so far
	ended, began int    // the lines on which the last whole entry and the one under way began
	entry        int    // octets of the entry under way
	start        []byte // its first octets
	depth        int    // open parentheses
	quoted       bool
	comment      bool
	escaped      bool
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
	return &codes.UserError{Place: fmt.Sprintf("%s:%d", z.file, z.line), Says: says, Remedy: codes.Say(remedy)}
}

// recordFault is the fault of the record that was read last.
func (z *zoneText) recordFault(says codes.Message, remedy codes.Text) *codes.UserError {
	in := z.fault(says, remedy)
	if z.entry == 0 {
		in.Place = fmt.Sprintf("%s:%d", z.file, z.ended)
	}
	return in
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
	switch {
	case b == '\n':
		z.line++
		z.comment, z.escaped = false, false
		if z.depth == 0 && !z.quoted {
			z.entry, z.start = 0, z.start[:0]
			z.ended, z.began = z.began, z.line
		}
	case z.comment:
	case z.escaped:
		z.escaped = false
	case b == '\\':
		z.escaped = true
	case b == '"':
		z.quoted = !z.quoted
	case z.quoted:
	case b == ';':
		z.comment = true
	case b == '(':
		z.depth++
	case b == ')':
		z.depth = max(z.depth-1, 0)
	}
}
