package report

import (
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// countedText says how many reports there are of each status.
func (t *text) countedText(written [diag.Fail + 1]int) string {
	parts := []string{t.say(wChecked, codes.Num("n", sum(written)))}
	for s, of := range written {
		if of > 0 {
			parts = append(parts, statusText(diag.Status(s)).In(t.o.Lang)+" "+strconv.Itoa(of))
		}
	}
	return strings.Join(parts, " · ")
}

// counted is the status under which a report is counted: where it only informs, nothing is wrong, and its word is the same.
func counted(s diag.Status) diag.Status {
	if s == diag.Info {
		return diag.OK
	}
	return s
}

// sum is how many there are of all.
func sum(n [diag.Fail + 1]int) int {
	all := 0
	for _, of := range n {
		all += of
	}
	return all
}
