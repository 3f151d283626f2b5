package mail

import (
	"html"
	"strings"
)

// blockTags begin a new line.
const blockTags = " p div br tr li ul ol table h1 h2 h3 h4 h5 h6 hr pre blockquote dt dd dl section article header " +
	"footer title center form tbody "

// hiddenTags hold no words for people.
const hiddenTags = " style script head noscript template "

// TextOfHTML is the words of HTML, in lines as a browser would show them. It follows no standard: it takes what is written
// in any mail, however broken.
func TextOfHTML(s string) string {
	var b strings.Builder
	b.Grow(len(s) / 2)
	hidden, pre := "", 0
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			i = len(s)
		}
		if hidden == "" {
			writeWords(&b, s[:i], pre > 0)
		}
		if s = s[i:]; s == "" {
			break
		}
		name, closing, after, ok := cutTag(s)
		if !ok {
			if hidden == "" {
				b.WriteByte('<')
			}
			s = s[1:]
			continue
		}
		s = after
		switch tag := " " + name + " "; {
		case hidden != "":
			if closing && name == hidden || hidden == "head" && name == "body" {
				hidden = ""
			}
		case strings.Contains(hiddenTags, tag) && !closing:
			hidden = name
		case name == "pre":
			pre = max(0, pre+map[bool]int{true: -1, false: 1}[closing])
			newLine(&b)
		case name == "td" || name == "th":
			b.WriteByte(' ')
		case name == "br" || name == "hr":
			b.WriteByte('\n')
		case name == "p" || name == "table" || len(name) == 2 && name[0] == 'h':
			newLine(&b)
			b.WriteByte('\n')
		case strings.Contains(blockTags, tag):
			newLine(&b)
		}
	}
	return b.String()
}

func newLine(b *strings.Builder) {
	if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
		b.WriteByte('\n')
	}
}

// writeWords writes text between tags: runs of white space are one space.
func writeWords(b *strings.Builder, s string, pre bool) {
	if s == "" {
		return
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = strings.ReplaceAll(html.UnescapeString(s), "\u00a0", " ")
	}
	if pre {
		b.WriteString(s)
		return
	}
	space := s[0] <= ' '
	for word := range strings.FieldsSeq(s) {
		if have := b.String(); space && have != "" && have[len(have)-1] != '\n' && have[len(have)-1] != ' ' {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		space = true
	}
	if s[len(s)-1] <= ' ' {
		if have := b.String(); have != "" && have[len(have)-1] != '\n' && have[len(have)-1] != ' ' {
			b.WriteByte(' ')
		}
	}
}

// cutTag reads a tag or a comment. false: the bracket is one of the text, such as that of an address.
func cutTag(s string) (name string, closing bool, after string, ok bool) {
	if strings.HasPrefix(s, "<!--") {
		return "!", false, afterComment(s), true
	}
	i := 1
	if strings.HasPrefix(s, "</") {
		closing, i = true, 2
	}
	start := i
	for i < len(s) && (s[i] >= 'a' && s[i] <= 'z' || s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9' ||
		s[i] == ':' || s[i] == '!' || s[i] == '?') {
		i++
	}
	if i == start || i == len(s) || strings.IndexByte(" \t\r\n/>", s[i]) < 0 {
		return "", false, "", false
	}
	name = strings.ToLower(s[start:i])
	quote := byte(0)
	for ; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && s[i-1] == '=':
			quote = c
		case c == '>':
			return name, closing, s[i+1:], true
		}
	}
	_, after, _ = strings.Cut(s, ">") // an open quotation mark
	return name, closing, after, true
}

// maxComment bounds how far the end of a comment is looked for, in octets: most mails with an open one have many of them.
const maxComment = 64 << 10

// afterComment is what follows a comment. One that is not closed ends with its tag.
func afterComment(s string) string {
	if end := strings.Index(s[4:min(len(s), maxComment)], "-->"); end >= 0 {
		return s[4+end+3:]
	}
	_, after, _ := strings.Cut(s, ">")
	return after
}
