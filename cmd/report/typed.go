package report

import (
	"todoku/cmd/report/page"
	"todoku/codes"
)

// here is a command to type as it has to be typed to look at the same world, or
// into the same history: with the flags that named it.
func (o Options) here(c codes.Command) codes.Command {
	switch c.Name() {
	case "check", "diagnose", "guide":
		return c.In(o.World)
	case "send":
		return c.In(o.World).And(codes.Command{Args: o.History})
	case "history", "letter":
		return c.And(codes.Command{Args: o.History})
	}
	return c
}

// typed prints a command to type. Where one line is too short for it, the
// others end in the shell's mark for that: it can be pasted as it stands.
func (t *text) typed(head string, column int, c codes.Command) {
	for i, l := range page.CommandLines(c, max(t.page.Width-max(column, t.page.StringWidth(head)), 20), t.page.StringWidth) {
		if i > 0 {
			head = ""
		}
		t.line(t.page.Pad(head, column) + l)
	}
}
