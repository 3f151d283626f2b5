package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
)

// rowOf is the row of the table of formats in docs/json.md that a document stands in; its own name where none is said.
var rowOf = map[string]string{
	report.OneSending.Name: "history", report.Invalid.Name: "history", report.Revalidations.Name: "history",
	report.Unmatched.Name: "unmatched", report.Export.Name: "export", report.InvalidExport.Name: "export",
}

// TestDocsNameTheFormats compares the table of formats in docs with the one of package report; -update writes it anew.
func TestDocsNameTheFormats(t *testing.T) {
	t.Parallel()
	formats := map[string]string{}
	for _, e := range report.Table() {
		row, names := e.Document, strings.Join(app.FormatNames(e.Formats), ", ")
		if other, said := rowOf[row]; said {
			row = other
		}
		if old, said := formats[row]; said && old != names {
			t.Errorf("%s has other formats than the row %s of docs/json.md: give it a row of its own", e.Document, row)
		}
		formats[row] = names
	}
	for _, name := range []string{"json.md", "json.ja.md"} {
		name = filepath.Join("..", "..", "docs", name)
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		lines, seen := strings.Split(string(data), "\n"), []string{}
		for i, line := range lines {
			cells := strings.Split(line, " | ")
			row := strings.TrimPrefix(cells[0], "| ")
			if names, known := formats[row]; known && len(cells) == 4 {
				cells[2] = names
				lines[i] = strings.Join(cells, " | ")
				seen = append(seen, row)
			}
		}
		for row := range formats {
			if !slices.Contains(seen, row) {
				t.Errorf("%s: the table of formats has no row %s", name, row)
			}
		}
		text := strings.Join(lines, "\n")
		if text == string(data) {
			continue
		}
		if !*update {
			t.Errorf("%s: its table of formats is not that of cmd/report/table.go: go test ./cmd/todoku -run Docs -update writes it anew", name)
		} else if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
