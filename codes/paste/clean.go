package paste

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxSize bounds what is read of a text; no reply is longer.
const MaxSize = 64 << 10

// clean makes one form of all that arrives: lines end in \n, digits and the
// marks around codes are ASCII, quoted lines lose their mark, and what cannot
// be seen is dropped.
func clean(s string) string { return cleanRecord(withoutColours(bounding(s))) }

// bounding is s up to MaxSize octets.
func bounding(s string) string {
	if len(s) > MaxSize {
		n := MaxSize
		for n > MaxSize-utf8.UTFMax && !utf8.RuneStart(s[n]) {
			n--
		}
		s = s[:n]
	}
	return s
}

// cleanRecord is clean for what never was on a terminal.
func cleanRecord(s string) string {
	if isPlain(s) {
		return strings.Trim(s, " ")
	}
	s = unescaped(s)
	var b strings.Builder
	b.Grow(len(s))
	for line := range strings.Lines(s) {
		cleanLine(&b, withoutCSV(unquoted(line)))
	}
	return strings.TrimSpace(b.String())
}

// isASCII reports whether a text is of ASCII that can be seen, and spaces.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func isPlain(s string) bool {
	return isASCII(s) && !strings.ContainsAny(s, `\&`) && !strings.HasPrefix(s, ">") && !strings.HasPrefix(s, "|") &&
		!strings.HasPrefix(s, `"`) && !strings.Contains(s, "</") && !strings.Contains(s, "%20") && !strings.Contains(s, "=?")
}

// unquoted takes the marks of a quoted mail off a line, "> " or "| "; ">>> " is
// sendmail's mark of a command, "|/" a program's.
func unquoted(line string) string {
	for strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">>> ") || strings.HasPrefix(line, "| ") || line == "|\n" {
		line = strings.TrimPrefix(line[1:], " ")
	}
	return line
}

func cleanLine(b *strings.Builder, line string) {
	if isASCII(strings.TrimSuffix(line, "\n")) {
		b.WriteString(line)
		return
	}
	var last rune
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRuneInString(line[i:])
		next, _ := utf8.DecodeRuneInString(line[i+n:])
		if r == 0x1b {
			n += escapeLength(line[i+n:])
		}
		r = toASCII(r, last, next)
		if r != 0 {
			b.WriteRune(r)
		}
		last = r
		i += n
	}
}

// escapeLength is the length of what follows ESC in a terminal's colour sequence.
func escapeLength(s string) int {
	if !strings.HasPrefix(s, "[") {
		return 0
	}
	for i := 1; i < len(s) && i < 16; i++ {
		if s[i] >= '@' && s[i] <= '~' {
			return i + 1
		}
	}
	return 1
}

// toASCII gives the ASCII form of full-width letters, digits and marks; a colon
// or a full stop only beside a digit, for they also belong to Japanese text.
// It gives 0 for what cannot be seen.
func toASCII(r, last, next rune) rune {
	switch {
	case r == '\n' || r >= ' ' && r <= '~':
		return r
	case strings.ContainsRune("\t\u3000\u00a0", r):
		return ' '
	case isWide(r), strings.ContainsRune("．：；－", r) && (isDigit(last) || isDigit(next)):
		return r - '！' + '!'
	case r == '−' && (isDigit(last) || isDigit(next)):
		return '-'
	case r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
		return 0
	case r == '\u2028' || r == '\u2029':
		return '\n'
	}
	return r
}

// isWide reports whether a character is a full-width letter, digit or mark that never stands for anything but its
// ASCII form.
func isWide(r rune) bool {
	return r >= '０' && r <= '９' || r >= 'Ａ' && r <= 'Ｚ' || r >= 'ａ' && r <= 'ｚ' ||
		strings.ContainsRune("＃＠＜＞［］＝／＿", r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }

// lower is s with ASCII letters in lower case, so that offsets stay the same.
func lower(s string) string {
	for i := range len(s) {
		if c := s[i]; c >= 'A' && c <= 'Z' {
			b := []byte(s)
			for ; i < len(b); i++ {
				if c := b[i]; c >= 'A' && c <= 'Z' {
					b[i] = c + 'a' - 'A'
				}
			}
			return string(b)
		}
	}
	return s
}

// oneLine is s with every run of white space made one space.
func oneLine(s string) string {
	if !strings.Contains(s, "\n") && !strings.Contains(s, "  ") {
		return strings.TrimSpace(s)
	}
	return strings.Join(strings.Fields(s), " ")
}
