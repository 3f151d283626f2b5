package page

import (
	"fmt"
	"strconv"
	"strings"
)

// MD is Markdown. A constant is Markdown as it stands; of a value, Escaped, Code, CodeCell and Block make Markdown that
// shows it and does nothing else. Nobody outside this package converts a string to it: thus data cannot become markup.
type MD string

// Markdown writes for tickets and wikis (CommonMark and GitHub's tables). What is written waits for Flush.
type Markdown struct {
	out *Out
	buf strings.Builder
}

// NewMarkdown makes a Markdown.
func NewMarkdown(out *Out) *Markdown { return &Markdown{out: out} }

// Put writes a format of package fmt with its values.
func (m *Markdown) Put(format MD, values ...MD) { m.buf.WriteString(string(Filled(format, values...))) }

// Row writes a row of a table.
func (m *Markdown) Row(cells ...MD) {
	for _, c := range cells {
		m.Put("| %s ", c)
	}
	m.Put("|\n")
}

// Flush passes on what was written.
func (m *Markdown) Flush() error {
	s := m.buf.String()
	m.buf.Reset()
	return m.out.put(s)
}

// Filled puts values into a format of package fmt.
func Filled(format MD, values ...MD) MD {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return MD(fmt.Sprintf(string(format), args...))
}

// Escaped is a text that shows as it is: no markup, no HTML, no link (CommonMark §2.4, §6.6; GFM §6.9), on one line, also
// in a table.
func Escaped(s string) MD {
	s = Clean(s)
	begin := len(s) - len(strings.TrimLeft(s, " "))
	var b strings.Builder
	for i, c := range s {
		switch {
		case strings.ContainsRune("\\`*_{}[]<>#|~&!$", c),
			c == ':' && strings.HasPrefix(s[i:], "://"),
			c == '.' && i >= 3 && strings.EqualFold(s[i-3:i], "www"),
			i == begin && startsBlock(s[begin:]),
			(c == '.' || c == ')') && i > begin && strings.Trim(s[begin:i], "0123456789") == "": // a list
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return MD(b.String())
}

// startsBlock reports whether a text would begin a list or underline a heading.
func startsBlock(s string) bool {
	return strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "+ ") || strings.Trim(s, "-") == "" || strings.Trim(s, "=") == "" || s == "+"
}

// Code is a text as code. The fence is longer than any run of backticks inside (CommonMark §6.1).
func Code(s string) MD {
	s = Clean(s)
	if s == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(s)+1)
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") || strings.HasPrefix(s, " ") && strings.HasSuffix(s, " ") {
		s = " " + s + " "
	}
	return MD(fence + s + fence)
}

// CodeCell is a text as code in a table. There a bar ends the cell also in code, and no escape brings it back in all
// cases: with a bar it is said in words.
func CodeCell(s string) MD {
	if strings.Contains(s, "|") {
		return Escaped(s)
	}
	return Code(s)
}

// Item is the number of a list's item, and the indent of what belongs to it.
func Item(n int) (number, indent MD) {
	number = MD(strconv.Itoa(n) + ". ")
	return number, MD(strings.Repeat(" ", len(number)))
}

// Block is a text of several lines as code, its lines behind an indent that is that of its list item.
func Block(indent int, text string) MD {
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	margin := strings.Repeat(" ", indent)
	var b strings.Builder
	b.WriteString(margin + fence + "\n")
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimRight(margin+Clean(strings.TrimRight(line, "\r\n")), " ") + "\n")
	}
	b.WriteString(margin + fence + "\n")
	return MD(b.String())
}

// longestRun is the length of the longest run of backticks.
func longestRun(s string) int {
	longest, run := 0, 0
	for i := range len(s) {
		if s[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}
