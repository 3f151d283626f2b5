// Package lists reads lists that users give, one entry a line, and has the errors of their lines.
package lists

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"

	"todoku/codes"
)

// maxListLine is the longest line of a list, in octets; a mail address has at most 254.
const maxListLine = 4096

// Reader reads a list line by line and skips empty lines. After Next its fields describe the line.
type Reader struct {
	in  *bufio.Reader
	end bool

	Number int    // of the line, from 1 on
	Text   string // without blanks at its ends
	Long   bool   // the line was longer than maxListLine, text is its beginning
	Err    error  // why reading ended before the end of the list, nil otherwise
}

// New makes a reader of a list.
func New(in io.Reader) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, maxListLine)}
}

// Next reads the next line that is not empty; false at the end of the list or after an error.
func (l *Reader) Next() bool {
	for !l.end {
		l.line()
		if l.Err != nil {
			return false
		}
		if l.Text != "" {
			return true
		}
	}
	return false
}

// line reads one line; of a line that is too long it skips the rest.
func (l *Reader) line() {
	raw, err := l.in.ReadSlice('\n')
	l.Text, l.Long = Text(string(raw)), false
	for errors.Is(err, bufio.ErrBufferFull) {
		l.Long = true
		_, err = l.in.ReadSlice('\n')
	}
	l.end = err != nil
	if l.end && !errors.Is(err, io.EOF) {
		l.Err = err
	}
	l.Number++
	if l.Number == 1 {
		l.Text = strings.TrimPrefix(l.Text, "\ufeff")
	}
	l.Text = strings.TrimSpace(l.Text)
}

// Text is a line or a cell of a list in UTF-8: lists from Excel on a Japanese system are in code page 932 (Shift_JIS). What is
// neither is given as it is.
func Text(raw string) string {
	if !utf8.ValidString(raw) {
		if s, err := japanese.ShiftJIS.NewDecoder().String(raw); err == nil && !strings.ContainsRune(s, utf8.RuneError) {
			return s
		}
	}
	return raw
}

// Split is the remedy for a list that is too long.
func Split() codes.Text {
	return codes.Text{EN: "split the list into several", JA: "リストを分割してください"}
}

// TooLong is the error of a line for which Reader.Long is set.
func TooLong() error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the line is longer than {n} octets", JA: "行が{n}バイトを超えています"}, codes.Num("n", maxListLine)), codes.Message{})
}
