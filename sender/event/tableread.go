package event

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

const (
	// maxTables is how many kinds of rows one input may have at a time.
	maxTables = 8
	// maxRow is how long a row over several lines may be, in octets.
	maxRow = 256 << 10
	// maxRowLines is over how many lines a row may go.
	maxRowLines = 200
)

// isTable reports whether the beginning of an input is a table of a service.
func isTable(head []byte) bool {
	r := newRows(nil)
	tries := 0
	var guessed *table // it is one if its rows say so
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			continue
		}
		if guessed != nil {
			guessed.take(&r.v, inUTF8(line))
			r.v.settle()
			if _, known := guessed.kindOf(&r.v); known && isAddress(bareAddress(r.v.get(fieldRecipient))) {
				return true
			}
		}
		t := r.heading(line)
		switch {
		case t != nil && t.guess:
			guessed = t
		case t != nil, r.bareRow(line) != nil:
			return true
		}
		if tries++; tries == 40 {
			return false
		}
	}
	return false
}

// readTable reads the rows of a table. Its heading may come again, and change.
func (in *input) readTable() error {
	r := newRows(in)
	var tables []*table // those met last, first
	for {
		row, n := r.lineAt(0)
		if n == 0 {
			return r.end()
		}
		err := in.ctx.Err()
		if err != nil {
			return err
		}
		r.line = r.w.line
		var t *table
		switch {
		case len(row) == 0:
		case len(tables) == 0 || isHeading(row, tables[0]):
			t = r.tableOf(row)
		case row[0] == '#':
		default:
			if n, t, err = r.row(tables, row, n); err != nil {
				return err
			}
		}
		if t != nil {
			tables = slices.Insert(tables, 0, t)
			tables = tables[:min(len(tables), maxTables)]
			r.name(t.name)
			if t.bare {
				continue // no heading: the row is one of the table
			}
		}
		r.w.pass(n)
	}
}

// isHeading reports whether a row is a heading, as far as its beginning tells.
func isHeading(row []byte, t *table) bool {
	if row[0] == '#' {
		return bytes.HasPrefix(row, []byte("#Fields: "))
	}
	if t.bare {
		return false
	}
	row = bytes.TrimPrefix(row, []byte("\ufeff"))
	return bytes.HasPrefix(bytes.TrimPrefix(row, []byte{'"'}), t.first)
}

// tableOf is the table that a row is the heading of, or that a row without any heading belongs to; nil for none.
func (r *rows) tableOf(row []byte) *table {
	if t := r.heading(row); t != nil {
		return t
	}
	return r.bareRow(row)
}

// row reads the row that begins with a line of n octets, and returns the octets that it takes; a table, where it is a heading.
func (r *rows) row(tables []*table, line []byte, n int) (int, *table, error) {
	t := tables[0]
	count, open := t.take(&r.v, line)
	if open {
		line, n, open = r.longRow(t, line, n)
		count, _ = t.take(&r.v, line)
	}
	if !utf8.Valid(r.v.buf) {
		line = inUTF8(line)
		count, _ = t.take(&r.v, line)
	}
	if count < t.wanted {
		for _, other := range tables[1:] {
			if c, _ := other.take(&r.v, line); c == other.wanted {
				t, count = other, c
				break
			}
		}
	}
	r.v.settle()
	whole := !open && r.complete(t.service) && (count == t.wanted || !t.strict)
	what, known := r.kindOf(t.service)
	if !whole || !known {
		if h := r.heading(line); h != nil {
			return n, h, nil
		}
	}
	if !whole {
		if open || count != t.wanted || !known || !what.silent && what.action != Other { // a step may name nobody
			r.in.Input.Unread++
		}
		return n, nil, nil
	}
	r.wasted = 0
	return n, nil, r.record(t.service)
}

// longRow is a row over several lines: a quoted cell holds line ends. Where a later line is whole in itself, or no closing mark
// comes, the row is cut off, and it is its first line only.
func (r *rows) longRow(t *table, line []byte, n int) (row []byte, length int, open bool) {
	length = n
	for range maxRowLines {
		if r.waste(length) {
			break
		}
		next, size := r.lineAt(length)
		if size == 0 || length+size > maxRow {
			break
		}
		length += size
		if bytes.IndexByte(next, '"') < 0 {
			continue
		}
		if count, open := t.take(&r.v, next); !open && count == t.wanted && len(t.columns) > 2 {
			break
		}
		row := bytes.TrimRight(r.w.data()[:length], "\r\n")
		if _, open := t.take(&r.v, row); !open {
			return row, length, false
		}
	}
	return r.w.data()[:len(line)], n, true
}

// lineAt is the line that begins at a place in the window, without its end; n is its length with it, 0 where there is none.
func (r *rows) lineAt(at int) (line []byte, n int) {
	for {
		data := r.w.data()[at:]
		if i := bytes.IndexByte(data, '\n'); i >= 0 {
			return bytes.TrimSuffix(data[:i], []byte{'\r'}), i + 1
		}
		if !r.w.more() {
			data = r.w.data()[at:]
			return data, len(data)
		}
	}
}
