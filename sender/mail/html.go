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

// textOfHTML is the words of HTML, in lines as a browser would show them. It follows no standard: it takes what is written
// in any mail, however broken.
func textOfHTML(s string) string {
	var t htmlText
	t.Grow(len(s) / 2)
	for s != "" {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			t.words(s)
			break
		}
		t.words(s[:i])
		name, closing, after, ok := cutTag(s[i:])
		if ok {
			t.tag(name, closing)
			s = after
			continue
		}
		if t.hidden == "" {
			t.WriteByte('<')
		}
		s = s[i+1:]
	}
	return t.String()
}

// htmlText is the text of HTML as far as it was read.
type htmlText struct {
	strings.Builder
	hidden string // the open tag whose words nobody sees
	pre    int    // how many <pre> are open
}

// tag takes a tag.
func (t *htmlText) tag(name string, closing bool) {
	if t.hidden != "" {
		if closing && name == t.hidden || t.hidden == "head" && name == "body" {
			t.hidden = ""
		}
		return
	}
	switch tag := " " + name + " "; {
	case strings.Contains(hiddenTags, tag):
		if !closing {
			t.hidden = name
		}
	case name == "pre" && closing:
		t.pre = max(0, t.pre-1)
		t.newLine()
	case name == "pre":
		t.pre++
		t.newLine()
	case name == "td" || name == "th":
		t.WriteByte(' ')
	case name == "br" || name == "hr":
		t.WriteByte('\n')
	case name == "p" || name == "table" || len(name) == 2 && name[0] == 'h':
		t.newLine()
		t.WriteByte('\n')
	case strings.Contains(blockTags, tag):
		t.newLine()
	}
}

func (t *htmlText) newLine() {
	if s := t.String(); s != "" && !strings.HasSuffix(s, "\n") {
		t.WriteByte('\n')
	}
}

// space parts two words.
func (t *htmlText) space() {
	if s := t.String(); s != "" && !strings.HasSuffix(s, "\n") && !strings.HasSuffix(s, " ") {
		t.WriteByte(' ')
	}
}

// words takes text between tags: runs of white space are one space.
func (t *htmlText) words(s string) {
	if s == "" || t.hidden != "" {
		return
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = strings.ReplaceAll(html.UnescapeString(s), "\u00a0", " ")
	}
	if t.pre > 0 {
		t.WriteString(s)
		return
	}
	parted := s[0] <= ' '
	for word := range strings.FieldsSeq(s) {
		if parted {
			t.space()
		}
		t.WriteString(word)
		parted = true
	}
	if s[len(s)-1] <= ' ' {
		t.space()
	}
}

// cutTag reads a tag or a comment. false: the bracket is one of the text, such as that of an address.
func cutTag(s string) (name string, closing bool, after string, ok bool) {
	if strings.HasPrefix(s, "<!--") {
		return "!", false, afterComment(s), true
	}
	rest, closing := strings.CutPrefix(s[1:], "/")
	end := 0
	for end < len(rest) && isTagByte(rest[end]) {
		end++
	}
	if end == 0 || end == len(rest) || strings.IndexByte(" \t\r\n/>", rest[end]) < 0 {
		return "", false, "", false
	}
	return strings.ToLower(rest[:end]), closing, afterTag(rest[end:]), true
}

func isTagByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigitByte(c) || c == ':' || c == '!' || c == '?'
}

// afterTag is what follows a tag, of which s is what stands behind its name. A bracket in quotation marks is one of a value.
func afterTag(s string) string {
	quote := byte(0)
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case (c == '"' || c == '\'') && i > 0 && s[i-1] == '=':
			quote = c
		case c == '>':
			return s[i+1:]
		}
	}
	_, after, _ := strings.Cut(s, ">") // an open quotation mark
	return after
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
