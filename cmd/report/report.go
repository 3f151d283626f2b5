// Package report prints documents: reports, diagnoses, letters and others.
//
// table.go lists each document with its formats. A format is a function that opens a page.Printer: its Put prints one
// document, its Close ends the output. forms.go makes printers of functions: each of one that writes a document, asJSON,
// asLines, asRows and asCSV of one that gives its data.
//
// The files are named after the document and the format: diagnosis_text.go, diagnosis_markdown.go, diagnosis_json.go. All
// words that people read are chosen here (words.go, explanation_words.go, values.go) or come from the rules and the
// catalogue; package page lays them out and writes them. The types of a JSON document are its published schema: their
// names must not change.
package report

import "todoku/cmd/report/page"

// Options is how a document should look.
type Options = page.Options
