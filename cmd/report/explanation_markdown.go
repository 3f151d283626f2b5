package report

import (
	"fmt"
	"io"
	"strings"
)

// explainMarkdown prints an explanation for an issue tracker or a wiki.
func explainMarkdown(w io.Writer, o Options, e Explanation) error {
	words := newWording(o.Lang)
	var b strings.Builder
	sheets := words.sheets(e)
	for i, s := range sheets {
		if i > 0 {
			b.WriteByte('\n')
		}
		writeMarkdown(&b, words, s)
	}
	if places := words.places(sheets); places != "" {
		fmt.Fprintf(&b, "\n(%s: %s)\n", words.say(lPlaces), places)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeMarkdown(b *strings.Builder, w wording, s sheet) {
	title := "`" + s.id + "` " + inMarkdown(s.title)
	if s.id == "" {
		title = inMarkdown(s.title)
	}
	fmt.Fprintf(b, "## %s\n\n*%s*\n\n", strings.TrimSpace(title), strings.Join(s.tags, " · "))
	for _, r := range s.rows {
		writeRow(b, w, "", r)
	}
	switch {
	case s.heading != "" && len(s.steps) == 0:
		fmt.Fprintf(b, "\n%s\n", s.heading)
	case s.heading != "":
		fmt.Fprintf(b, "\n### %s\n\n", s.heading)
	}
	for i, step := range s.steps {
		fmt.Fprintf(b, "%d. %s\n", i+1, inMarkdown(step.text))
		for _, r := range step.rows {
			writeRow(b, w, "   ", r)
		}
	}
	if s.next != "" {
		fmt.Fprintf(b, "\n%s: `%s`\n", s.nextLabel, s.next)
	}
}

func writeRow(b *strings.Builder, w wording, indent string, r sheetRow) {
	b.WriteString(indent + "- ")
	if r.label != "" {
		b.WriteString("**" + r.label + "** ")
	}
	b.WriteString(inMarkdown(r.text))
	switch {
	case r.command != "" && r.text == "":
		b.WriteString("`" + r.command + "`")
	case r.command != "":
		b.WriteString(" (" + w.say(lCheck) + ": `" + r.command + "`)")
	}
	b.WriteByte('\n')
}

// inMarkdown keeps words of others from becoming markup.
func inMarkdown(s string) string {
	var b strings.Builder
	for _, c := range s {
		if strings.ContainsRune("\\`*_{}[]<>#|~&!", c) {
			b.WriteByte('\\')
		}
		b.WriteRune(c)
	}
	return b.String()
}
