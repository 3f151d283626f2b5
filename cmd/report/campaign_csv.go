package report

import (
	"strconv"
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag/campaign"
)

// campaignCSV prints the requirements of campaigns for a spreadsheet, one a row.
func campaignCSV(w *page.Out, o Options) page.Printer[*campaign.Assessment] {
	return requirementRows{page.NewTable(w, o.ByteOrderMark, []string{"provider", "id", "status", "level", "recipients",
		"message", "title", "breach",
		"reply", "reply_certainty", "delivery_code", "rules", "fix", "source", "checked", "certainty"}), o}
}

type requirementRows struct {
	*page.Table
	o Options
}

// Put writes the requirements of one campaign.
func (p requirementRows) Put(a *campaign.Assessment) error {
	for _, x := range a.Requirements {
		r := asRequirement(x, p.o)
		if err := p.Table.Put([]string{r.Provider, r.ID, string(r.Status), string(r.Level), strconv.Itoa(r.Recipients), r.Message, r.Title,
			string(r.Breach), r.Reply, string(r.ReplyCertainty), r.DeliveryCode, strings.Join(r.Rules, " "), r.Fix, r.Source, r.Checked,
			string(r.Certainty)}); err != nil {
			return err
		}
	}
	return nil
}
