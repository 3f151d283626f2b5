package report

import (
	"strconv"
	"unicode"

	"todoku/codes"
)

// causeLabel numbers a cause of a pattern, as manuals do.
func causeLabel(n int) codes.Text {
	said := codes.Text{EN: "cause " + strconv.Itoa(n), JA: "要因" + strconv.Itoa(n)}
	if n >= 1 && n <= 20 {
		said.JA = "要因" + string('①'+rune(n-1))
	}
	return said
}

// patternLabel is a pattern in short.
func patternLabel(p codes.Pattern) codes.Text {
	return codes.Text{EN: "pattern " + p.ID, JA: "パターン" + p.ID}
}

// manualNumber is the manual's own number of a pattern, behind its title.
func manualNumber(p codes.Pattern) codes.Text {
	if p.Manual == "" {
		return codes.Text{}
	}
	return codes.Text{EN: " (the manual's pattern " + p.Manual + ")", JA: "(マニュアルのパターン" + p.Manual + ")"}
}

// capital is a text with its first letter in upper case.
func capital(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}
