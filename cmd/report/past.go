package report

import (
	"strings"

	"todoku/codes"
	"todoku/diag/triage"
	"todoku/diag/watch/past"
)

// pastJSON is something that changed at a domain before its mail was refused.
type pastJSON struct {
	Kind         past.Kind `json:"kind"`
	Domain       string    `json:"domain"`
	Name         string    `json:"name"` // of the record set; "" where it is about a finding or a check
	Type         string    `json:"type"`
	Before       []string  `json:"before"` // its records, as far as they count
	After        []string  `json:"after"`
	Lost         []string  `json:"lost"` // terms of the only record
	Check        string    `json:"check"`
	Rule         string    `json:"rule"`
	Subject      string    `json:"subject"`
	Since        string    `json:"since"` // the looks between which it changed
	Until        string    `json:"until"`
	MendedSince  string    `json:"mended_since"` // and those between which it was undone; "": it still stands
	MendedUntil  string    `json:"mended_until"`
	FirstRefusal string    `json:"first_refusal"`
	Refusals     int64     `json:"refusals"`
	Text         string    `json:"text"`
}

func asChange(c past.Change, l codes.Lang) pastJSON {
	return pastJSON{Kind: c.Kind, Domain: c.Domain, Name: c.Name, Type: c.Type, Before: asTexts(c.Before), After: asTexts(c.After),
		Lost: asTexts(c.Lost), Check: c.Check, Rule: c.Rule, Subject: asText(c.Subject), Since: timeJSON(c.Since), Until: timeJSON(c.Until),
		MendedSince: timeJSON(c.MendedSince), MendedUntil: timeJSON(c.MendedUntil), FirstRefusal: timeJSON(c.First), Refusals: c.Refusals,
		Text: changeText(c, l)}
}

// asTexts are texts of somebody else, as JSON has them.
func asTexts(list []string) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, asText(s))
	}
	return out
}

// changeText says what changed, in words.
func changeText(c past.Change, l codes.Lang) string {
	says, data := c.Says()
	return strings.TrimSpace(fill(says, data, l))
}

// shownPast is how many changes of a group a page shows.
const shownPast = 4

// changeTexts are the changes of a group that a page shows, and how many there are beside them.
func changeTexts(g *triage.Group, l codes.Lang) []string {
	var out []string
	for i, c := range g.Changes {
		if i == shownPast {
			more := codes.Text{EN: "and {n} more changes; --format json has them", JA: "ほかに変化が{n}件あります(--format json ですべて表示)"}
			return append(out, fill(more, codes.Data{codes.Num("n", len(g.Changes)-i)}, l))
		}
		out = append(out, changeText(c, l))
	}
	return out
}
