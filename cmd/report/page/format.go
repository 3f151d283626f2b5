package page

import "slices"

// Format is a form of output, as --format names it.
type Format string

// The formats.
const (
	TextFormat Format = "text"
	Markup     Format = "markdown"
	JSON       Format = "json"
	NDJSON     Format = "ndjson"
	CSV        Format = "csv"
	Mail       Format = "eml"
)

// Document is a kind of output.
type Document string

// The documents.
const (
	Report      Document = "report"
	Diagnosis   Document = "diagnosis"
	Explanation Document = "explanation"
	Guide       Document = "guide"
	Letter      Document = "letter"
	Sending     Document = "sending"
	History     Document = "history" // its list, one of it, a flag of it
	Export      Document = "export"  // of the history
	List        Document = "list"    // the version, the lab, codes, rules, ids
)

// Documents lists all documents.
func Documents() []Document {
	return []Document{Report, Diagnosis, Explanation, Guide, Letter, Sending, History, Export, List}
}

// Formats lists the formats of a document, its default first. This is the one table of them.
func Formats(d Document) []Format {
	switch d {
	case Diagnosis, Explanation, Guide:
		return []Format{TextFormat, JSON, NDJSON, Markup}
	case Letter:
		return []Format{TextFormat, Markup, Mail, JSON, NDJSON}
	case Export:
		return []Format{CSV, JSON, NDJSON}
	}
	return []Format{TextFormat, JSON, NDJSON}
}

// Has reports whether a document has a format.
func (d Document) Has(f Format) bool { return slices.Contains(Formats(d), f) }
