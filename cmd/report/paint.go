package report

import (
	"github.com/fatih/color"

	"todoku/diag"
)

// painter colours the marks and the records to paste, nothing else. It belongs
// to one stream: the library's own switch knows standard output only.
type painter struct{ red, yellow, green, blue, bold *color.Color }

func newPainter(on bool) painter {
	p := painter{color.New(color.FgRed, color.Bold), color.New(color.FgYellow, color.Bold), color.New(color.FgGreen), color.New(color.FgCyan), color.New(color.Bold)}
	for _, c := range []*color.Color{p.red, p.yellow, p.green, p.blue, p.bold} {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return p
}

// mark is the sign of a status, one column wide.
func (p painter) mark(s diag.Status) string {
	switch s {
	case diag.Fail:
		return p.red.Sprint("✗")
	case diag.Warn:
		return p.yellow.Sprint("!")
	case diag.Unknown:
		return p.yellow.Sprint("?")
	case diag.Info:
		return p.blue.Sprint("i")
	}
	return p.green.Sprint("✓")
}

// verdict colours the word that sums up a report.
func (p painter) verdict(s diag.Status, word string) string {
	switch s {
	case diag.Fail:
		return p.red.Sprint(word)
	case diag.Warn, diag.Unknown:
		return p.yellow.Sprint(word)
	}
	return p.green.Sprint(word)
}
