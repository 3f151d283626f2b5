package paste

import (
	"bytes"
	"strings"
)

// escNames are how ESC is written out, or what a terminal shows for it.
var escNames = [...]string{`\u001b`, `\u001B`, `\x1b`, `\x1B`, `\033`, `\e`, "^[", "␛", "\x1b"}

// withoutColours takes out the sequences that set a colour, "ESC[31m", with ESC as it is, written out, or lost on the way.
func withoutColours(s string) string {
	if !strings.Contains(s, "[0m") && !strings.Contains(s, "[m") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		n := 0
		if s[i] == '[' {
			n = colourLength(s[i:])
			if n == len("[m") && i+n < len(s) && isWordByte(s[i+n]) && !bytes.HasSuffix(out, []byte("\x1b")) { // "[mx.example]"
				n = 0
			}
		}
		if n == 0 {
			out = append(out, s[i])
			continue
		}
		for _, esc := range escNames {
			if bytes.HasSuffix(out, []byte(esc)) {
				out = out[:len(out)-len(esc)]
				break
			}
		}
		i += n - 1
	}
	return string(out)
}

// colourLength is the length of "[31m" at the start of a text, 0 where it stands not there.
func colourLength(s string) int {
	for i := 1; i < len(s) && i < 12; i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}
