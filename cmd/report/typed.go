package report

import (
	"slices"
	"strings"

	"todoku/cmd/report/page"
)

// here is a command to type as it has to be typed to look at the same world:
// with the flags that named it.
func (o Options) here(command string) string {
	rest, ok := strings.CutPrefix(command, "todoku ")
	name, _, _ := strings.Cut(rest, " ")
	if o.World == "" || !ok || !slices.Contains([]string{"check", "diagnose", "send", "guide"}, name) {
		return command
	}
	return "todoku " + o.World + " " + rest
}

// typed prints a command to type. Where one line is too short for it, the
// others end in the shell's mark for that: it can be pasted as it stands.
func (t *text) typed(head string, column int, command string) {
	for i, l := range wrapCommand(t.page.Ruler, page.Clean(command), max(t.page.Width-max(column, t.page.StringWidth(head)), 20)) {
		if i > 0 {
			head = ""
		}
		t.line(t.page.Pad(head, column) + l)
	}
}

// wrapCommand breaks a command between its words, a flag and its value being
// one.
func wrapCommand(r page.Ruler, command string, width int) []string {
	if r.StringWidth(command) <= width {
		return []string{command}
	}
	var lines []string
	line := ""
	for _, w := range commandWords(command) {
		if line != "" && r.StringWidth(line+" "+w+` \`) > width {
			lines = append(lines, line+` \`)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+w, " ")
	}
	return append(lines, line)
}

// commandWords splits a command at blanks outside quotes.
func commandWords(command string) []string {
	var out []string
	quoted, start := false, 0
	for i, c := range command + " " {
		switch {
		case c == '\'':
			quoted = !quoted
		case c == ' ' && !quoted || i == len(command):
			w := command[start:i]
			if n := len(out) - 1; n >= 0 && strings.HasPrefix(out[n], "--") && !strings.Contains(out[n], " ") && !strings.HasPrefix(w, "--") {
				out[n] += " " + w
			} else {
				out = append(out, w)
			}
			start = i + 1
		}
	}
	return out
}
