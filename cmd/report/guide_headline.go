package report

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// maxHeadline bounds a headline, in letters.
const maxHeadline = 300

// Headline is a text as the line that stands for it.
func Headline(s string) string {
	if r := []rune(s); len(r) > maxHeadline {
		return string(r[:maxHeadline]) + "…"
	}
	return s
}

// ReportHeadline is what a report says first, on one line: its verdict, and the
// first thing that is wrong.
func ReportHeadline(r *diag.Report, l codes.Lang) string {
	name, status, counts := verdictOn(r, l)
	line := name + " " + status + " " + counts
	for _, res := range r.Results {
		for _, f := range res.Findings {
			if f.Rule.Severity == diag.Fail && !f.Ignored() {
				return Headline(blanks(line + " · " + shown(fill(f.Rule.Says, f.Data, l))))
			}
		}
	}
	return Headline(blanks(line))
}

// DiagnosisHeadline is the sentence with which a diagnosis answers.
func DiagnosisHeadline(d *guide.Diagnosis, l codes.Lang, c *codes.Catalogue) string {
	p := makeDiagnoses(nil, Options{Lang: l, Catalogue: c})
	return Headline(blanks(p.Answer(d)))
}

// blanks puts single blanks between the words of a text.
func blanks(s string) string { return strings.Join(strings.Fields(s), " ") }
