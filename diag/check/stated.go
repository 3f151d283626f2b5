package check

import (
	"context"
	"fmt"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
)

// stated is what stands at a name where a protocol wants one TXT record.
type stated struct {
	answer  resolve.Answer
	records []string // of the protocol
	strays  []string // meant as such, and not read by anybody
}

// statedIn sorts the texts of an answer.
func statedIn(a resolve.Answer, is, meant func(string) bool) stated {
	s := stated{answer: a}
	for _, t := range a.Texts() {
		switch {
		case is(t):
			s.records = append(s.records, t)
		case meant(t):
			s.strays = append(s.strays, t)
		}
	}
	return s
}

// all are the records and the texts that are meant as such.
func (s *stated) all() []string {
	return append(s.records[:len(s.records):len(s.records)], s.strays...)
}

// place is the name that holds the record: an alias is mended where it leads.
func (s *stated) place() string {
	if n := len(s.answer.Chain); n > 0 {
		return s.answer.Chain[n-1]
	}
	return s.answer.Name
}

// saw shows a finding what DNS answered, with the way of aliases where nothing is at its end.
func (s *stated) saw(f *diag.Finding) *diag.Finding {
	if len(s.answer.Records) == 0 && len(s.answer.Chain) > 0 {
		return sawAlias(f, s.answer)
	}
	return f.Saw(s.answer)
}

// inRecord is a place in a record, in words.
func inRecord(offset int) codes.Datum {
	return codes.Words("where", codes.Text{EN: fmt.Sprintf("position %d", offset), JA: fmt.Sprintf("%dバイト目", offset)})
}

// maxTheirs is how many characters of a text of theirs are shown.
const maxTheirs = 200

// beginning is the beginning of a text, as long as is shown.
func beginning(s string) string { return codes.Start("", s, maxTheirs).String() }

// misplaced is a record that stands at the domain itself, where nobody looks for it; "" where there is none, or where that
// is not known. The check of SPF asks the same question.
func misplaced(ctx context.Context, p *diag.Pass, is func(string) bool) (string, resolve.Answer) {
	a, err := p.DNS.Ask(ctx, p.Domain(), resolve.TypeTXT)
	if err != nil {
		return "", a
	}
	for _, t := range a.Texts() {
		if is(t) {
			return t, a
		}
	}
	return "", a
}
