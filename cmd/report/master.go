package report

import (
	"fmt"
	"strings"

	"todoku/diag"
)

// masterLine writes a record as a master file has it, a TXT value in strings of at
// most 255 octets (RFC 1035 §3.3.14, §5.1).
func masterLine(r diag.Record) string {
	value := r.Value
	if r.Type == "TXT" {
		value = quote(value)
	}
	return strings.TrimSuffix(r.Name, ".") + ". IN " + r.Type + " " + value
}

const maxString = 255 // octets of one character-string (RFC 1035 §3.3)

func quote(s string) string {
	parts := textStrings(s)
	for i := range parts {
		parts[i] = escape(parts[i])
	}
	return strings.Join(parts, " ")
}

// textStrings divides a text into the strings of a TXT record.
func textStrings(s string) []string {
	var parts []string
	for len(s) > maxString {
		n := cutAt(s)
		parts = append(parts, s[:n])
		s = s[n:]
	}
	return append(parts, s)
}

// cutAt is where a long value is cut: behind a blank where there is one in the second half of the string. Whoever pastes
// the strings into a form that puts a blank between them then breaks no word.
func cutAt(s string) int {
	if i := strings.LastIndexByte(s[:maxString], ' '); i >= maxString/2 {
		return i + 1
	}
	return maxString
}

func escape(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 0x20 || c >= 0x7f:
			fmt.Fprintf(&b, `\%03d`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
