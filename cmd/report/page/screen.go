package page

import (
	"fmt"
	"strings"
)

// clearLine goes to the begin of a line, and empties it.
const clearLine = "\r\x1b[K"

// Status shows a passing line: what is written next takes its place. The place is a terminal.
func (o *Out) Status(s string) { _ = o.write([]byte(clearLine+Clean(s)), true) }

// ClearStatus takes a passing line away, for what another place writes to the same terminal.
func (o *Out) ClearStatus() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.passing && o.err == nil {
		_, o.err = o.w.Write([]byte(clearLine))
	}
	o.passing = false
}

// Clear empties the screen, and goes to its top. The place is a terminal.
func (o *Out) Clear() { _ = o.put("\x1b[H\x1b[2J") }

// Prompt writes a line that an answer follows. Err has its error.
func (o *Out) Prompt(s string) { _ = o.put(Clean(s)) }

// Say writes a line of a dialogue. Err has its error.
func (o *Out) Say(s string) { _ = o.put(Clean(s) + "\n") }

// Screen shows menus on a terminal in raw mode.
type Screen struct {
	Out    *Out
	Colour bool
}

// Cursor shows or hides the cursor.
func (s Screen) Cursor(shown bool) {
	_ = s.Out.put(map[bool]string{true: "\x1b[?25h", false: "\x1b[?25l"}[shown])
}

// MarkPaste lets the terminal mark what is pasted ("bracketed paste"), or ends that.
func (s Screen) MarkPaste(on bool) {
	_ = s.Out.put(map[bool]string{true: "\x1b[?2004h", false: "\x1b[?2004l"}[on])
}

// Text writes a text that goes on from where the cursor is.
func (s Screen) Text(text string) {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Clean(lines[i])
	}
	_ = s.Out.put(strings.Join(lines, "\r\n"))
}

// EraseText takes a text off the screen that ends in the row of the cursor.
func (s Screen) EraseText(rows int) {
	if rows > 1 {
		_ = s.Out.put(fmt.Sprintf("\x1b[%dA", rows-1))
	}
	_ = s.Out.put("\r\x1b[J")
}

// Rows writes rows, the marked ones in bold.
func (s Screen) Rows(rows []string, marked func(string) bool) {
	var b strings.Builder
	for _, row := range rows {
		row = Clean(row)
		if s.Colour && marked(row) {
			row = "\x1b[1m" + row + "\x1b[0m"
		}
		b.WriteString(row + "\r\n")
	}
	_ = s.Out.put(b.String())
}

// Erase takes the last rows off the screen.
func (s Screen) Erase(rows int) { _ = s.Out.put(fmt.Sprintf("\x1b[%dA\r\x1b[J", rows)) }
