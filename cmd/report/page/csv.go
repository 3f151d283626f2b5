package page

import (
	"iter"
	"strings"
	"unicode"
)

// WriteCSV writes rows as they come, as RFC 4180 has it: a line of names, CRLF, UTF-8. With mark, a byte order mark
// stands before it, which Excel needs. In each cell hidden characters but line breaks are visible, and what a
// spreadsheet would take for a formula begins with an apostrophe. What was read before an error is written.
func WriteCSV(out *Out, mark bool, names []string, rows iter.Seq2[[]string, error]) error {
	return out.buffered(func(out *Out) error {
		head := csvLine(names)
		if mark {
			head = "\uFEFF" + head
		}
		if err := out.put(head); err != nil {
			return err
		}
		for cells, err := range rows {
			if err != nil {
				return err
			}
			if err := out.put(csvLine(cells)); err != nil {
				return err
			}
		}
		return nil
	})
}

func csvLine(cells []string) string {
	out := make([]string, len(cells))
	for i, c := range cells {
		out[i] = csvCell(c)
	}
	return strings.Join(out, ",") + "\r\n"
}

// csvCell quotes where RFC 4180 §2 asks for it, and where a spreadsheet may separate cells by semicolons or tabs.
func csvCell(s string) string {
	s = harmless(s)
	if !strings.ContainsAny(s, "\",;\n") && !strings.HasPrefix(s, " ") {
		return s
	}
	return `"` + strings.NewReplacer(`"`, `""`, "\n", "\r\n").Replace(s) + `"`
}

// harmless keeps a spreadsheet from calculating what somebody else wrote. Spreadsheets set to Japanese take the
// full-width signs too, and some pass over what stands before a sign and is not seen.
func harmless(s string) string {
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
