package page

import (
	"errors"
	"strings"
	"unicode"
)

// Table writes rows as CSV as they come, as RFC 4180 has it: a line of names, CRLF, UTF-8. In each cell hidden
// characters but line breaks are visible, and what a spreadsheet would take for a formula begins with an apostrophe.
// Not for several goroutines.
type Table struct {
	parts *parts
	out   *Out
	head  string // the line of names; "" once it is written
}

// NewTable makes a table with its names. With mark, a byte order mark stands before it, which Excel needs.
func NewTable(out *Out, mark bool, names []string) *Table {
	head := csvLine(names)
	if mark {
		head = "\uFEFF" + head
	}
	p := &parts{out: out}
	return &Table{parts: p, out: To(p), head: head}
}

// Put writes a row.
func (t *Table) Put(cells []string) error {
	head := t.head
	t.head = ""
	return t.out.put(head + csvLine(cells))
}

// Flush writes what has been collected, the line of names in any case.
func (t *Table) Flush() error {
	head := t.head
	t.head = ""
	return errors.Join(t.out.put(head), t.parts.flush())
}

// Close ends the table; without a row it has its line of names.
func (t *Table) Close() error { return t.Flush() }

func csvLine(cells []string) string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = csvCell(c)
	}
	return strings.Join(out, ",") + "\r\n"
}

// csvCell quotes where RFC 4180 §2 asks for it, and where a spreadsheet may separate cells by semicolons or tabs.
func csvCell(s string) string {
	s = noFormula(s)
	if !strings.ContainsAny(s, "\",;\n") && !strings.HasPrefix(s, " ") {
		return s
	}
	return `"` + strings.NewReplacer(`"`, `""`, "\n", "\r\n").Replace(s) + `"`
}

// noFormula puts an apostrophe before a cell that a spreadsheet would take for a formula. Spreadsheets set to Japanese take the
// full-width signs too, and some pass over what stands before a sign and is not seen.
func noFormula(s string) string {
	seen := strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || Hidden(r) || r == '"' || r == '\'' || r == '“' || r == '”'
	})
	formula := strings.HasPrefix(s, "\t") || strings.HasPrefix(s, "\r") || strings.HasPrefix(s, "\n") ||
		strings.IndexFunc(seen, func(r rune) bool { return strings.ContainsRune("=+-@＝＋－＠﹦﹢﹣﹫", r) }) == 0
	s = cleaned(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	if formula && !strings.HasPrefix(s, "'") {
		return "'" + s
	}
	return s
}
