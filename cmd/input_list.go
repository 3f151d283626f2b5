package cmd

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

	number int    // of the line, from 1 on
	text   string // without blanks at its ends
	long   bool   // the line was longer than maxListLine, text is its beginning
	err    error  // what ended the list early
}

func readList(in io.Reader) *listReader {
	return &listReader{in: bufio.NewReaderSize(in, maxListLine)}
}

// next goes to the next line that is not empty; false at the end.
func (l *listReader) next() bool {
	for !l.end {
		l.line()
		if l.err != nil {
			return false
		}
		if l.text != "" {
			return true
		}
	}
	return false
}

// line reads one line, the rest of a long one is passed over.
func (l *listReader) line() {
	raw, err := l.in.ReadSlice('\n')
	l.text, l.long = string(raw), false
	for errors.Is(err, bufio.ErrBufferFull) {
		l.long = true
		_, err = l.in.ReadSlice('\n')
	}
	l.end = err != nil
	if l.end && !errors.Is(err, io.EOF) {
		l.err = err
	}
	l.number++
	if l.number == 1 {
		l.text = strings.TrimPrefix(l.text, "\ufeff")
	}
	l.text = strings.TrimSpace(l.text)
}

// splitList is what to do with a list that is too long.
func splitList() codes.Text {
	return codes.Text{EN: "split the list into several", JA: "リストを分割してください"}
}

// tooLong is what is wrong with a line of a list.
func tooLong() error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the line is longer than {n} octets", JA: "行が{n}バイトを超えています"}, codes.Num("n", maxListLine)), codes.Message{})
}

// withoutComment leaves out what follows a # at the beginning or after a blank.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}

// maxComplaints bounds what is said about the bad lines of one run.
const maxComplaints = 20
