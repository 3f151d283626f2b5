package report

import (
	"strconv"

	"todoku/cmd/report/page"
	"todoku/diag/triage"
)

// triageCSV prints the groups of triages for a spreadsheet, one a row.
func triageCSV(w *page.Out, o Options) page.Printer[*triage.Triage] {
	return groupRows{page.NewTable(w, o.ByteOrderMark, []string{"key", "action", "count", "recipients", "recipients_exact", "domains", "share",
		"reason", "reason_class", "provider", "delivery_code", "first", "last", "delivered_later", "failed_later", "merged", "pattern",
		"example_file", "example_line", "example_recipient", "example", "confirmed"}), o}
}

type groupRows struct {
	*page.Table
	o Options
}

func (p groupRows) Put(t *triage.Triage) error {
	for _, g := range t.Groups {
		if err := p.Table.Put(groupCells(asGroup(t, g, p.o))); err != nil {
			return err
		}
	}
	return nil
}

func groupCells(g eventsGroup) []string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	pattern, confirmed := "", ""
	if len(g.Patterns) > 0 {
		pattern = string(g.Patterns[0].ID)
	}
	if g.Diagnosis != nil {
		for _, c := range g.Diagnosis.Causes {
			if c.Status == "confirmed" && confirmed == "" {
				confirmed = c.ID
			}
		}
	}
	return []string{g.Key, string(g.Action), number(g.Count), number(g.Recipients), strconv.FormatBool(g.RecipientsExact),
		number(int64(g.Domains)),
		strconv.FormatFloat(g.Share, 'f', 4, 64), g.Reason, string(g.ReasonClass), g.Provider, g.DeliveryCode, g.First, g.Last,
		number(g.DeliveredLater), number(g.FailedLater), number(g.Merged), pattern, g.Example.File, number(g.Example.Line),
		g.Example.Recipient, g.Example.Diagnostic, confirmed}
}
