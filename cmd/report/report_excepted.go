package report

import (
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// excepted says that a finding does not count, or that it counts again; "" where no exception is about it.
func excepted(f diag.Finding, l codes.Lang) string {
	e := f.Excepted
	if e == nil {
		return ""
	}
	w := wEnded
	if f.Ignored() {
		w = wIgnored
	}
	return fill(dictionary()[w], codes.Data{codes.Str("rule", f.Rule.ID), codes.Str("until", e.Until), codes.Str("reason", e.Reason)}, l)
}

// ignored prints a finding that does not count: what it says, and why it is ignored.
func (t *reportPage) ignored(f diag.Finding) {
	blank := strings.Repeat(" ", textColumn)
	t.para(blank[:textColumn-2]+"- ", textColumn, shown(fill(f.Rule.Says, f.Data, t.o.Lang)))
	t.para(blank, textColumn, shown(excepted(f, t.o.Lang)))
	t.reference(f.Rule)
}
