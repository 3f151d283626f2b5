package page

// Format is a form of output, as --format names it.
type Format string

// The formats.
const (
	TextFormat Format = "text"
	Markup     Format = "markdown"
	JSON       Format = "json"
	NDJSON     Format = "ndjson"
	CSVFormat  Format = "csv"
	Mail       Format = "eml"
)
