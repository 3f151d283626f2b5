// Package report prints documents: reports, diagnoses, letters and others. It is where data become words; the writers
// of package page write them.
package report

import "todoku/cmd/report/page"

// Options is how a document should look.
type Options = page.Options
