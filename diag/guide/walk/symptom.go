package walk

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/guide/ticket"
)

// Symptom is what somebody's words say about the mail.
type Symptom struct {
	ticket.Symptom
	Code  string // delivery code
	Reply string // what a server said
	Facts Facts  // of the mail
}

// ReadSymptom understands a letter, a code, a reply or a log line, or a ticket.
func ReadSymptom(c *codes.Catalogue, said string) Symptom {
	text := strings.TrimSpace(norm.NFKC.String(said))
	if p, ok := c.PatternNamed(text); ok {
		return Symptom{Symptom: ticket.Symptom{Patterns: []string{p.ID}}}
	}
	k := guide.Read(c, said)
	s := Symptom{Symptom: k.Told(), Code: k.Code, Facts: Facts{}}
	if k.Reply.Code > 0 {
		s.Code = k.Verdict.Delivery.ID
	}
	if len(s.Patterns) > 1 || s.NoResult { // which it is, is asked
		s.Code = ""
	}
	if k.Reply.Code > 0 && len(k.Reply.Lines) > 0 || !k.Reply.Enhanced.IsZero() {
		s.Reply = strings.Join(strings.Fields(said), " ")
		if strings.ContainsFunc(said, isKana) { // a person wrote around it
			s.Reply = k.Reply.String()
		}
	}
	for place, value := range map[codes.Place]string{codes.PlaceSender: k.MailFrom, codes.PlaceAddr: k.To} {
		if place.Takes(value) && value != "" {
			s.Facts[place] = value
		}
	}
	if k.IP.IsValid() {
		s.Facts[codes.PlaceIP] = k.IP.String()
	}
	return s
}

func isKana(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }
