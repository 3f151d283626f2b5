package report

import (
	"strings"
	"unicode/utf8"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// Headline is what an output of todoku says first, on one line: its first
// paragraph, and of a report the first finding.
func Headline(output string, l codes.Lang) string {
	lines := strings.Split(strings.Trim(output, "\n"), "\n")
	end := 0
	for end < len(lines) && strings.TrimSpace(lines[end]) != "" {
		end++
	}
	head := joined(withoutCounts(lines[:end]))
	failed := strings.Repeat(" ", saidColumn-2) + mark(diag.Fail).Text + " "
	why := strings.Repeat(" ", saidColumn) + dictionary()[wWhy].In(l)
	for i, line := range lines {
		said, ok := strings.CutPrefix(line, failed)
		if !ok {
			continue
		}
		finding := []string{said}
		for _, more := range lines[i+1:] {
			if !strings.HasPrefix(more, strings.Repeat(" ", saidColumn)) || strings.HasPrefix(more, why) {
				break
			}
			finding = append(finding, more)
		}
		head += " · " + joined(finding)
		break
	}
	const letters = 300
	if r := []rune(head); len(r) > letters {
		head = string(r[:letters]) + "…"
	}
	return head
}

// withoutCounts leaves out how many questions a report took.
func withoutCounts(lines []string) []string {
	var out []string
	for _, line := range lines {
		if strings.HasSuffix(line, " ms") || strings.HasSuffix(line, "ミリ秒") {
			line = strings.TrimRight(line[:max(0, strings.LastIndex(line, "  "))], " ")
		}
		if strings.TrimSpace(line) != "" {
			out = append(out, line)
		}
	}
	return out
}

// joined puts the lines of a wrapped text together again: beside Japanese there
// is no blank between them.
func joined(lines []string) string {
	r := page.NewRuler()
	out := ""
	for _, line := range lines {
		line = strings.Join(strings.Fields(line), " ")
		last, _ := utf8.DecodeLastRuneInString(out)
		first, _ := utf8.DecodeRuneInString(line)
		if out != "" && r.RuneWidth(last) < 2 && r.RuneWidth(first) < 2 {
			out += " "
		}
		out += line
	}
	return out
}
