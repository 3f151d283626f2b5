package report

import _ "embed"

//go:embed schema/report-1.json
var reportSchema string

// SchemaName is what reports call their schema.
const SchemaName = "todoku/report/1"

// Schema is the JSON schema of todoku/report/1.
func Schema() string { return reportSchema }
