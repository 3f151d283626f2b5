package report

import (
	"strings"

	"todoku/cmd/report/page"
	"todoku/diag"
)

// reportCSV prints reports for a spreadsheet: a row for each finding, for each check that could not look, and for each in
// which nothing was found.
func reportCSV(w *page.Out, o Options) page.Printer[*diag.Report] {
	return reportRows{page.NewTable(w, o.ByteOrderMark, []string{"target", "check", "status", "rule", "subject", "message", "why", "fix",
		"records", "owner", "ref", "codes", "place", "change", "exception"}), o}
}

type reportRows struct {
	*page.Table
	o Options
}

// Put writes the rows of one report.
func (p reportRows) Put(r *diag.Report) error {
	for _, x := range rowsOf(r, p.o.Lang) {
		rule := &diag.Rule{}
		if x.Rule != nil {
			rule = x.Rule
		}
		if err := p.Table.Put([]string{x.Target, x.Check.Name, x.Status.String(), rule.ID, x.Subject, x.Message, x.Why, x.Fix,
			strings.Join(x.lines(), "\n"), string(x.Owner), rule.Ref, strings.Join(rule.Codes, " "),
			x.place().String(), string(x.Turn), x.Excepted}); err != nil {
			return err
		}
	}
	return nil
}
