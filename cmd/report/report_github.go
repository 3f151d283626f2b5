package report

import (
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag"
)

// reportGitHub prints reports as workflow commands of GitHub Actions: an annotation for each finding and for each check that
// could not look, at the line of the zone file that holds the record. What is ignored has none. A report in which nothing was
// found prints nothing.
func reportGitHub(w *page.Out, o Options) page.Printer[*diag.Report] { return annotations{w, o} }

type annotations struct {
	w *page.Out
	o Options
}

// Put writes the annotations of one report.
func (p annotations) Put(r *diag.Report) error {
	var b strings.Builder
	for _, x := range rowsOf(r, p.o.Lang) {
		if x.Rule == nil && x.Status != diag.Unknown || x.Ignored {
			continue
		}
		b.WriteString("::" + annotationLevel(x.Status) + " ")
		if at := x.place(); !at.IsZero() {
			b.WriteString("file=" + propertyText(at.File) + ",line=" + strconv.Itoa(at.Line) + ",")
		}
		text := page.Clean(x.Message)
		if advice := x.advice(p.o.Lang); advice != "" {
			text += "\n" + advice
		}
		b.WriteString("title=" + propertyText(x.id()+": "+x.Subject) + "::" + commandText(text) + "\n")
	}
	return p.w.Lines(b.String())
}

// Close ends the output: there is nothing more to say.
func (annotations) Close() error { return nil }

// annotationLevel is the word of GitHub for a status.
func annotationLevel(s diag.Status) string {
	switch s {
	case diag.Fail:
		return "error"
	case diag.Warn, diag.Unknown:
		return "warning"
	}
	return "notice"
}

// commandText is a text as a workflow command holds it: of one line.
func commandText(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// propertyText is a text as a property of a workflow command.
func propertyText(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(page.Clean(s))
}
