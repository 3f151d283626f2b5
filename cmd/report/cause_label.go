package report

import (
	"strconv"
	"unicode"

	"todoku/codes"
)

// causeLabel numbers a cause of a pattern, as manuals do.
func causeLabel(n int) codes.Text {
	return codes.Text{EN: "cause " + strconv.Itoa(n), JA: "要因" + codes.Circled(n)}
}

// capital is a text with its first letter in upper case.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
