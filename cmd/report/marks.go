package report

import (
	"fmt"
	"unicode/utf8"

	"todoku/cmd/report/page"
	"todoku/diag"
)

// mark is the sign of a status, one column wide.
func mark(s diag.Status) page.Piece {
	switch s {
	case diag.Fail:
		return page.Piece{Text: "✗", Colour: page.Red}
	case diag.Warn:
		return page.Piece{Text: "!", Colour: page.Yellow}
	case diag.Unknown:
		return page.Piece{Text: "?", Colour: page.Yellow}
	case diag.Info:
		return page.Piece{Text: "i", Colour: page.Blue}
	}
	return page.Piece{Text: "✓", Colour: page.Green}
}

// marked is a mark in front of words.
func marked(s diag.Status, words string) page.Styled { return page.Styled{mark(s)}.Then(" " + words) }

// verdict colours the word that sums up a report.
func verdict(s diag.Status, word string) page.Piece {
	switch s {
	case diag.Fail:
		return page.Piece{Text: word, Colour: page.Red}
	case diag.Warn, diag.Unknown:
		return page.Piece{Text: word, Colour: page.Yellow}
	}
	return page.Piece{Text: word, Colour: page.Green}
}

// Longer values are cut in text; JSON has them in full.
const maxShown = 600

// shown is a value from outside as a person sees it: of bounded length.
func shown(s string) string {
	if len(s) <= maxShown {
		return s
	}
	cut := maxShown
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return fmt.Sprintf("%s… [%d]", s[:cut], len(s))
}
