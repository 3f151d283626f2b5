package content

import (
	"strings"
	"unicode/utf8"
)

// codeLines tells lines of program code in a text from those of prose.
type codeLines struct {
	fence bool // between two lines ```
	last  bool // the line before was code
}

// is reports whether the next line is code, the text of another mail, or a change of a file.
func (c *codeLines) is(line string) bool {
	text := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(text, "```"), strings.HasPrefix(text, "~~~"):
		c.fence = !c.fence
		return true
	case c.fence, strings.HasPrefix(line, ">"):
		return true
	case text == "":
		return false
	}
	indented := strings.HasPrefix(line, "    ") || strings.HasPrefix(line, "\t")
	c.last = looksCode(text) || indented && c.last
	return c.last
}

// looksCode reports whether a line is of a program, a configuration file or a change of one.
func looksCode(s string) bool {
	for _, sign := range [...]string{"=>", "();", ");", "={", "</", "/>", "&&", "!=", "({", "})", "=\"", "='", "':", "\":",
		"console.", "printf", "print(", "function ", "f\"", "f'", "#include", "System.out"} {
		if strings.Contains(s, sign) {
			return true
		}
	}
	for _, start := range [...]string{"$ ", "// ", "/* ", "const ", "SELECT ", "INSERT ", "@@ ", "+++ ", "diff --git", "<?xml", "<!--"} {
		if strings.HasPrefix(s, start) {
			return true
		}
	}
	for _, start := range [...]string{"# ", "import ", "from ", "let ", "var ", "return ", "echo ", "export ", "UPDATE ", "def ", "class ",
		"if (",
		"for (", "for %", "while (", "set ", "SET ", "cd ", "location ", "server ", "- name:"} {
		if strings.HasPrefix(s, start) && strings.ContainsAny(s, "=;(%:") && !prose(s) {
			return true
		}
	}
	last, _ := utf8.DecodeLastRuneInString(s)
	return last == ';' || last == '{' || s == "}" || s == "}}" || s == "]"
}

// prose reports whether a line that begins like code goes on like a sentence: with words beyond ASCII, or an end of a sentence.
func prose(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) || strings.HasSuffix(s, ".") || strings.HasSuffix(s,
		",") ||
		strings.HasSuffix(s, "!")
}
