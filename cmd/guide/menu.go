package guide

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/walk"
)

// menu is a question with choices as a terminal shows it. It knows nothing of
// the terminal but its size.
type menu struct {
	lang     codes.Lang
	n        int
	q        *walk.Question
	selected int
}

// handle moves in the menu. chosen is the answer, "" as long as there is none.
func (m *menu) handle(k key) (chosen string, err error) {
	last := len(m.q.Choices) - 1
	switch k {
	case keyUp:
		m.selected = (m.selected + last) % (last + 1)
	case keyDown:
		m.selected = (m.selected + 1) % (last + 1)
	case keyFirst:
		m.selected = 0
	case keyLast:
		m.selected = last
	case keyEnter:
		return m.q.Choices[m.selected].ID, nil
	case keyBack, keyLeft, keyErase:
		return "", errBack
	case keyEnd:
		return "", errEnded
	case keyInterrupt:
		return "", app.ErrInterrupted
	default:
		folded, _ := utf8.DecodeRuneInString(norm.NFKC.String(string(rune(k)))) // 1 of a Japanese keyboard
		if k > 0 {
			return m.handleCharacter(folded)
		}
	}
	return "", nil
}

// handleCharacter takes a number or a letter; j and k move as in other programs.
func (m *menu) handleCharacter(r rune) (string, error) {
	if r >= '1' && r <= '9' && len(m.q.Choices) > 9 { // 1 may be the beginning of 12
		m.selected = min(int(r-'1'), len(m.q.Choices)-1)
		return "", nil
	}
	if said, err := parseAnswer(m.q, string(r)); err == nil || err == errBack || err == errEnded {
		return said, err
	}
	switch r {
	case 'j':
		return m.handle(keyDown)
	case 'k':
		return m.handle(keyUp)
	}
	return "", nil
}

// lines are the rows of the menu on a screen of a size. Where they do not fit,
// each choice has one line and those around the selected one are shown.
func (m *menu) lines(columns, height int) []string {
	columns = max(columns-1, 20) // the last column would wrap on some terminals
	var head []string
	for _, s := range leadLines(m.q) {
		head = append(head, page.Lines(s.In(m.lang), columns)...)
	}
	head = append(head, page.Lines(questionLine(m.n, m.q).In(m.lang), columns)...)
	keys := codes.Text{EN: "↑ ↓ Enter, or the number · b back · q end", JA: "↑ ↓ Enter または番号 · b 戻る · q 終了"}.In(m.lang)
	if hasKey(m.q, 'B') { // b is a choice here
		keys = codes.Text{EN: "↑ ↓ Enter, the number or the letter · q end", JA: "↑ ↓ Enter、番号またはアルファベット · q 終了"}.In(m.lang)
	}
	foot := []string{cut(keys, columns)}
	var body [][]string
	total := 0
	for i, c := range m.q.Choices {
		lines := m.choice(i, c, columns)
		body = append(body, lines)
		total += len(lines)
	}
	if room := max(height-1, 3) - len(head) - len(foot); total > room {
		if room < 3 { // the question gives way to the choices
			head = head[max(0, len(head)-1):]
			room = max(height-1, 3) - len(head) - len(foot)
		}
		body = m.window(body, max(room, 1), columns)
	}
	rows := head
	for _, lines := range body {
		rows = append(rows, lines...)
	}
	return append(rows, foot...)
}

func (m *menu) choice(i int, c walk.Choice, columns int) []string {
	mark := "  "
	if i == m.selected {
		mark = "> "
	}
	number := strconv.Itoa(i+1) + ". "
	indent := len(mark + number)
	lines := page.Lines(page.Message(c.Says, m.lang), columns-indent)
	for j := range lines {
		if j == 0 {
			lines[j] = mark + number + lines[j]
		} else {
			lines[j] = strings.Repeat(" ", indent) + lines[j]
		}
		lines[j] = cut(lines[j], columns)
	}
	return lines
}

// window keeps the choices around the selected one, a line each.
func (m *menu) window(body [][]string, room, columns int) [][]string {
	first := min(max(0, m.selected-room/2), max(0, len(body)-room))
	last := min(len(body), first+room)
	var out [][]string
	for i := first; i < last; i++ {
		line := body[i][0]
		if len(body[i]) > 1 {
			line = cut(line+" …", columns)
		}
		out = append(out, []string{line})
	}
	return out
}

// cut shortens a line to a width.
func cut(s string, columns int) string {
	if page.Columns(s) <= columns {
		return s
	}
	r := []rune(s)
	for len(r) > 0 && page.Columns(string(r))+1 > columns {
		r = r[:len(r)-1]
	}
	return string(r) + "…"
}

// height is how many lines of a screen rows take after it was made narrower.
func height(rows []string, columns int) int {
	n := 0
	for _, row := range rows {
		n += max(1, (page.Columns(row)+max(columns, 1)-1)/max(columns, 1))
	}
	return n
}
