package app

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"todoku/codes"
)

// maxListLine bounds a line of a list, in octets: no address is longer.
const maxListLine = 4096

// listReader reads the lines of a list that say something, one at a time.
type listReader struct {
	in  *bufio.Reader
	end bool

	Number int    // of the line, from 1 on
	Text   string // without blanks at its ends
	Long   bool   // the line was longer than maxListLine, text is its beginning
	Err    error  // what ended the list early
}

func ReadList(in io.Reader) *listReader {
	return &listReader{in: bufio.NewReaderSize(in, maxListLine)}
}

// Next goes to the next line that is not empty; false at the end.
func (l *listReader) Next() bool {
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

// line reads one line, the rest of a long one is passed over.
func (l *listReader) line() {
	raw, err := l.in.ReadSlice('\n')
	l.Text, l.Long = string(raw), false
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

// SplitList is what to do with a list that is too long.
func SplitList() codes.Text {
	return codes.Text{EN: "split the list into several", JA: "リストを分割してください"}
}

// TooLong is what is wrong with a line of a list.
func TooLong() error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the line is longer than {n} octets", JA: "行が{n}バイトを超えています"}, codes.Num("n", maxListLine)), codes.Message{})
}

// WithoutComment leaves out what follows a # at the beginning or after a blank.
func WithoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// MaxComplaints bounds what is said about the bad lines of one run.
const MaxComplaints = 20
