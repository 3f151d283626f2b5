package campaign

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// The bounds of a line, in octets, and of a row of several lines: what is longer names no recipient.
const (
	maxLine = 64 << 10
	maxRow  = 256 << 10
)

// OpenQuote says that a cell begins with a quote and does not end, or only where another one begins: what stands behind it
// cannot be told from the cell.
type OpenQuote struct{ Line int }

func (e *OpenQuote) Error() string {
	return fmt.Sprintf("line %d: a cell begins with a quote and does not end", e.Line)
}

// Addresses reads recipients, one a line, or a column of a CSV file (RFC 4180; also with semicolons and tabs, and in code page 932
// as Excel writes it on a Japanese system). The first line may name the columns. A row without an address comes with "". The
// error is that of reading or an *OpenQuote, and the last that comes.
func Addresses(in io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		t := table{in: bufio.NewReaderSize(in, maxLine)}
		for {
			row, number, err := t.row()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					yield(Line{Number: number}, err)
				}
				return
			}
			address, ok := t.address(row)
			if ok && !yield(Line{address, number}, nil) {
				return
			}
		}
	}
}

// table reads the rows of a file.
type table struct {
	in     *bufio.Reader
	lines  int
	end    bool
	rows   int
	comma  byte // between cells; 0 for a list
	column int  // of the addresses; -1: any cell with an @
}

// row reads a row: a line, and more of them where quotes are open. number is that of its first line.
func (t *table) row() (row string, number int, err error) {
	for row == "" {
		if row, err = t.line(); err != nil {
			return "", t.lines + 1, err
		}
		number = t.lines
		if t.rows == 0 {
			row = strings.TrimPrefix(row, "\ufeff")
			t.comma, t.column = separator(row), -1
		}
		row = strings.TrimSpace(row)
	}
	if q := (quotes{comma: t.comma}); t.comma != 0 && q.open(row) {
		var b strings.Builder
		b.WriteString(row)
		for open := true; open; {
			more, err := t.line()
			switch {
			case errors.Is(err, io.EOF), b.Len() >= maxRow:
				return "", number, &OpenQuote{number}
			case err != nil:
				return "", number, err
			}
			b.WriteString("\n" + more)
			if open = q.open("\n" + more); q.torn { // the quote that began another cell, lines below
				return "", number, &OpenQuote{number}
			}
		}
		row = b.String()
	}
	t.rows++
	return row, number, nil
}

// quotes follows the quotes of a row from line to line, as split reads them: only one at the start of a cell opens it. Those of
// 5" and O"Neil are like letters.
type quotes struct {
	comma byte
	at    place
	torn  bool // something stands between the quote that ends a cell and the next cell
}

type place uint8

const (
	cellStart place = iota
	cellPlain
	cellQuoted
	cellClosed // behind a quote in a quoted cell: the end, or the first of two
)

// open reads on, and reports whether the row ends inside quotes.
func (q *quotes) open(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c == '"' && (q.at == cellStart || q.at == cellClosed):
			q.at = cellQuoted
		case q.at == cellQuoted && c == '"':
			q.at = cellClosed
		case q.at != cellQuoted && c == q.comma:
			q.at = cellStart
		case q.at == cellClosed, q.at == cellStart && c != ' ':
			q.torn = q.torn || q.at == cellClosed && c != ' '
			q.at = cellPlain
		}
	}
	return q.at == cellQuoted
}

// line reads a line; of one that is too long the rest is skipped.
func (t *table) line() (string, error) {
	if t.end {
		return "", io.EOF
	}
	raw, err := t.in.ReadSlice('\n')
	raw = bytes.TrimRight(raw, "\r\n")
	text := fromCP932(raw)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = t.in.ReadSlice('\n')
	}
	t.lines++
	switch {
	case errors.Is(err, io.EOF):
		t.end = true
		if len(raw) == 0 {
			return "", io.EOF
		}
	case err != nil:
		return "", err
	}
	return text, nil
}

func fromCP932(line []byte) string {
	if !utf8.Valid(line) {
		if s, err := japanese.ShiftJIS.NewDecoder().Bytes(line); err == nil && !bytes.ContainsRune(s, utf8.RuneError) {
			return string(s)
		}
	}
	return string(line)
}

// separator is what stands between the cells of a first row; 0 where there is one cell.
func separator(row string) byte {
	for _, c := range []byte{',', ';', '\t'} {
		if strings.IndexByte(row, c) >= 0 {
			return c
		}
	}
	return 0
}

// address is the address of a row. ok is false for the row that names the columns, and for comments of a list.
func (t *table) address(row string) (address string, ok bool) {
	first := t.rows == 1
	if t.comma == 0 {
		if first && !strings.Contains(row, "@") || row[0] == '#' {
			return "", false
		}
		return bare(row), true
	}
	cells := split(row, t.comma)
	if first {
		if !strings.Contains(row, "@") {
			t.column = slices.IndexFunc(cells, isTitle)
			return "", false
		}
		t.column = slices.IndexFunc(cells, func(c string) bool { return strings.Contains(c, "@") })
	}
	switch i := t.column; {
	case i >= 0 && i < len(cells):
		return bare(cells[i]), true
	case i >= 0:
		return "", true
	}
	if i := slices.IndexFunc(cells, func(c string) bool { return strings.Contains(c, "@") }); i >= 0 {
		return bare(cells[i]), true
	}
	return "", true
}

// isTitle reports whether a column of that title holds the addresses.
func isTitle(cell string) bool {
	cell = strings.ToLower(strings.NewReplacer(" ", "", "-", "", "_", "", "　", "").Replace(cell))
	return slices.Contains([]string{"email", "mail", "address", "emailaddress", "mailaddress", "recipient", "to", "rcpt",
		"メールアドレス", "メール", "アドレス", "eメール", "eメールアドレス", "宛先", "宛先アドレス"}, cell)
}

// bare is an address without a name and blanks around it.
func bare(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = strings.TrimSpace(s[i+1 : len(s)-1])
	}
	return s
}

// split takes the cells of a row apart; quotes go around a cell, and stand doubled inside (RFC 4180 §2).
func split(row string, comma byte) []string {
	var out []string
	for {
		var cell string
		if trimmed := strings.TrimLeft(row, " "); strings.HasPrefix(trimmed, `"`) {
			cell, row = quoted(trimmed[1:])
			if i := strings.IndexByte(row, comma); i >= 0 {
				row = row[i:]
			} else {
				row = ""
			}
		} else if i := strings.IndexByte(row, comma); i >= 0 {
			cell, row = row[:i], row[i:]
		} else {
			cell, row = row, ""
		}
		out = append(out, strings.TrimSpace(cell))
		if row == "" {
			return out
		}
		row = row[1:]
	}
}

// quoted reads up to the quote that ends a cell.
func quoted(s string) (cell, rest string) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			b.WriteString(s)
			return b.String(), ""
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s
		}
		b.WriteByte('"')
		s = s[1:]
	}
}
