package report

import (
	"iter"

	"todoku/cmd/report/page"
	"todoku/sender/history"
)

// Rows writes rows of the history as they come, as CSV, one JSON array or one object a line. An array is closed only
// when all went well: what was cut off does not parse. With mark, CSV begins with a byte order mark.
func Rows[T history.Row](w *page.Out, f page.Format, mark bool, rows iter.Seq2[T, error]) error {
	if f == page.CSV {
		var names T
		return page.WriteCSV(w, mark, names.Columns(), cells(rows))
	}
	return page.Many(w, f, rows)
}

func cells[T history.Row](rows iter.Seq2[T, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for row, err := range rows {
			var line []string
			if err == nil {
				line = row.Cells()
			}
			if !yield(line, err) {
				return
			}
		}
	}
}
