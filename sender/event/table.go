package event

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// table is how the rows of a table are read: what its columns tell.
type table struct {
	*knownService
	sep     byte
	columns []column
	wanted  int    // columns up to the last one that tells something
	first   []byte // the name of the first column, as it is written
	bare    bool   // the table has no heading
}

// column is what a column tells.
type column struct {
	field      field
	rank       uint8
	mark, hint bool
}

// cells splits a row at its separator. Of a quoted cell the quotation marks are taken off; doubled says that some are doubled in
// it. The last cell of an open row has no closing mark.
type cells struct {
	row  []byte
	sep  byte
	i    int
	end  bool
	open bool
}

// next is the next cell.
func (c *cells) next() (cell []byte, doubled bool) {
	rest := c.row[c.i:]
	if len(rest) == 0 || rest[0] != '"' {
		n := bytes.IndexByte(rest, c.sep)
		if n < 0 {
			c.end = true
			return rest, false
		}
		c.i += n + 1
		return rest[:n], false
	}
	for from := 1; ; {
		n := bytes.IndexByte(rest[from:], '"')
		if n < 0 {
			c.open, c.end = true, true
			return rest[1:], doubled
		}
		at := from + n
		switch {
		case at+1 == len(rest):
			c.end = true
			return rest[1:at], doubled
		case rest[at+1] == c.sep:
			c.i += at + 2
			return rest[1:at], doubled
		case rest[at+1] == '"':
			doubled = true
			from = at + 2
		default: // a mark within the text, which nobody doubled
			from = at + 1
		}
	}
}

// take reads the cells of a row that tell something into v, and returns how many cells it has; it counts no further than wanted.
func (t *table) take(v *values, row []byte) (count int, open bool) {
	v.reset()
	c := cells{row: row, sep: t.sep}
	for !c.end && count < t.wanted {
		cell, doubled := c.next()
		col := &t.columns[count]
		count++
		v.marked, v.hinted = v.marked || col.mark, v.hinted || col.hint
		if len(cell) == 0 || col.field == fieldNone || !v.wants(col.field, col.rank) {
			continue
		}
		from := len(v.buf)
		if doubled {
			v.buf = append(v.buf, bytes.ReplaceAll(cell, []byte(`""`), []byte(`"`))...)
		} else {
			v.buf = append(v.buf, cell...)
		}
		v.set(col.field, col.rank, from)
	}
	if c.end {
		return count, c.open
	}
	return count, c.stillOpen()
}

// stillOpen reports whether the rest of the row ends within a quoted cell.
func (c *cells) stillOpen() bool {
	if bytes.IndexByte(c.row[c.i:], '"') < 0 {
		return false
	}
	for !c.end {
		c.next()
	}
	return c.open
}

// inUTF8 is a row as text: tables from Excel on a Japanese system are in code page 932.
func inUTF8(row []byte) []byte {
	if !utf8.Valid(row) {
		if s, err := japanese.ShiftJIS.NewDecoder().Bytes(row); err == nil && !bytes.ContainsRune(s, utf8.RuneError) {
			return s
		}
	}
	return row
}

// maxName is how long the name of a column may be.
const maxName = 80

// separators are what stands between the cells of a row, the usual one first.
const separators = ",\t;|"

// heading reads a row as the names of columns; nil where no service is known by them.
func (r *rows) heading(row []byte) *table {
	row = inUTF8(bytes.TrimPrefix(row, []byte("\ufeff")))
	row = bytes.TrimPrefix(row, []byte("#Fields: "))
	var best *table
	most := 0
	for i := range len(separators) {
		if bytes.IndexByte(row, separators[i]) < 0 {
			continue
		}
		names, first := columnNames(row, separators[i])
		for k := range r.known {
			if columns, score := r.known[k].columns(names); score > most {
				most = score
				best = &table{knownService: &r.known[k], sep: separators[i], columns: columns, first: first}
			}
		}
	}
	if best != nil {
		for i, c := range best.columns {
			if c.field != fieldNone {
				best.wanted = i + 1
			}
		}
	}
	return best
}

// columnNames are the names of the columns of a table, as squeeze writes them; first is the first as it is written.
func columnNames(row []byte, sep byte) (names []string, first []byte) {
	for c := (cells{row: row, sep: sep}); !c.end && len(names) < 200; {
		cell, _ := c.next()
		if len(cell) > maxName {
			return nil, nil
		}
		if names == nil {
			first = bytes.Clone(bytes.Trim(cell, `"`))
		}
		names = append(names, squeeze(string(cell)))
	}
	return names, first
}

// namedColumns are what columns tell, by their names as squeeze writes them.
func (s *service) namedColumns() map[string]column {
	named := map[string]column{}
	for f, list := range s.names {
		for i, name := range list {
			named[squeeze(name)] = column{field: f, rank: uint8(i + 1)}
		}
	}
	for f, list := range s.names { // of "delivery-status.code" the last word alone, where nothing else has it
		for i, name := range list {
			last := squeeze(name[strings.LastIndexByte(name, '.')+1:])
			if old, taken := named[last]; !taken || old.rank > 100 && old.field > f {
				named[last] = column{field: f, rank: uint8(101 + i)}
			}
		}
	}
	for _, name := range s.marks {
		c := named[squeeze(name)]
		c.mark = true
		named[squeeze(name)] = c
	}
	for _, name := range s.hints {
		c := named[squeeze(name)]
		c.hint = true
		named[squeeze(name)] = c
	}
	return named
}

// columns says what columns of these names tell, and how well they fit the service; 0 is not at all.
func (k *knownService) columns(names []string) ([]column, int) {
	out, score := make([]column, len(names)), 0
	var has [fieldCount]bool
	for i, name := range names {
		c := k.named[name]
		out[i] = c
		has[c.field] = true
		if c.field != fieldNone {
			score += 2
		}
		if c.mark {
			score += 4
		}
		if c.hint {
			score++
		}
	}
	needs := k.needs
	if needs == nil {
		needs = []field{fieldRecipient}
	}
	for _, f := range needs {
		if !has[f] {
			return nil, 0
		}
	}
	if !has[fieldKind] && k.always == "" || score < leastScore {
		return nil, 0
	}
	if k.guess {
		score = 1 // every other service is better
	}
	return out, score
}

// leastScore is how well the columns must fit: a mark, or what the recipient, the kind and two more tell.
const leastScore = 8
