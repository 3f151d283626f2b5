// Package ticket reads what people write to a support desk about a mail: the delivery codes in their sentences, the result
// of the sending, the symptom, the addresses. It understands Japanese and English, and reads no reply of a server: that is
// what codes/paste does.
package ticket

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
)

// maxText bounds what is read of a text, in octets: people write less.
const maxText = 64 << 10

// Ticket is what a text says about a mail. What it does not say is empty.
type Ticket struct {
	Prose     bool     // it has sentences of a person, Japanese ones
	Codes     []string // delivery codes, each once, in their order
	Recipient string   // address
	Sender    string   // address
	IP        string   // that sends
	Symptom
	Said  []string // words in quotation marks or of another language, that may be those of a server
	Plain string   // the text without the numbers that count, date or name something else
}

// Symptom is what happened to the mail, in the terms of the guide.
type Symptom struct {
	Patterns []string // of the guide that fit, the likely one first; empty: no word of one
	Cause    int      // of the pattern, from 1; 0: not said
	Weak     bool     // told by words that notices of servers have, too
	NoResult bool     // the mail did not arrive, and the result of the sending is not told: it has to be asked for
}

// IsProse reports whether a text has sentences of a person, at much less cost than Read.
func IsProse(text string) bool { return layOut(text).isProse() }

// Read reads a ticket. It never fails.
func Read(c *codes.Catalogue, text string) Ticket {
	p := layOut(text)
	t := Ticket{Prose: p.isProse()}
	own, quoted := numbersIn(c, p.own), numbersIn(c, p.quoted)
	t.Codes, t.Plain = own.codes, own.plain+quoted.plain
	if len(t.Codes) == 0 {
		t.Codes = quoted.codes
	}
	t.Codes = withoutOK(c, t.Codes)
	t.Said = said(p.own)
	t.readAddresses(p)
	if t.Symptom = symptomOf(c, p.own); len(t.Patterns) == 0 {
		if quoted := symptomOf(c, p.quoted); len(quoted.Patterns) > 0 || !t.NoResult {
			t.Symptom = quoted
		}
	}
	if patterns := patternsOf(c, t.Codes); len(patterns) > 0 {
		cause := 0
		if slices.Equal(patterns, t.Patterns) {
			cause = t.Cause
		}
		t.Symptom = Symptom{Patterns: patterns, Cause: cause}
	}
	return t
}

// patternsOf are the patterns of delivery codes, each once.
func patternsOf(c *codes.Catalogue, ids []string) []string {
	var out []string
	for _, id := range ids {
		d, _ := c.Delivery(id)
		if p := (codes.Verdict{Delivery: d}).Pattern(); !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// withoutOK leaves the codes of what was delivered out of a list with errors in it: nobody asks about those.
func withoutOK(c *codes.Catalogue, ids []string) []string {
	failed := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { d, _ := c.Delivery(id); return d.Result == "ok" })
	if len(failed) == 0 {
		return ids
	}
	return failed
}

// normal is a text in the form in which it is read: half-width digits and letters, full-width kana (Unicode's NFKC).
func normal(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			return '\n'
		case r == '\u200b' || r == '\ufeff':
			return -1
		case r == '−' || r == '‐' || r == '‑' || r == '–' || r == '—':
			return '-'
		case r == '〜':
			return '~'
		case unicode.IsSpace(r) && r != '\n' && r != '\t':
			return ' '
		}
		return r
	}, norm.NFKC.String(strings.ReplaceAll(s, "\r\n", "\n")))
}

// isJapanese reports whether a letter is of the Japanese scripts.
func isJapanese(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) }

// compile compiles an expression when it is called: behind sync.OnceValue, when a ticket first needs it. All of them take
// some ten milliseconds, which a start that reads no ticket does not pay.
func compile(expression string) func() *regexp.Regexp {
	return func() *regexp.Regexp { return regexp.MustCompile(expression) }
}
