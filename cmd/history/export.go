package history

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

// NewExport makes the command `history export`.
func NewExport(a *app.App) *cobra.Command {
	f := &filterFlags{}
	bom := false
	c := a.Command(app.About{
		Use:     "export",
		Uses:    []string{usage.Lab},
		Formats: report.Export.Formats(),
		Short:   codes.Text{EN: "write sendings, or invalid addresses, as CSV or JSON", JA: "送信履歴や無効な宛先をCSVまたはJSONで出力します"},
		Long: codes.Text{
			EN: "Writes all sendings that fit, the newest first, as CSV (default), JSON, NDJSON.\n--invalid writes the addresses not to be sent to any more: the suppression list.\nWhat a spreadsheet would take for a formula begins with an apostrophe.",
			JA: "条件に合う送信をすべて、新しい順にCSV(既定)、JSON、NDJSONで出力します。\n--invalid を付けると、送信してはならない宛先の一覧(配信停止リスト)を出力します。\n表計算ソフトで数式とみなされる値には、先頭にアポストロフィを付けます。"},
		Example: codes.Text{
			EN: "  todoku history export -o history.csv --bom\n  todoku history export --format ndjson --since 30d\n  todoku history export --invalid > suppression.csv",
			JA: "  todoku history export -o history.csv --bom\n  todoku history export --format ndjson --since 30d\n  todoku history export --invalid > suppression.csv"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "written", JA: "出力しました"}}},
	}, func(ctx context.Context, _ []string) error { return exportHistory(ctx, a, f, bom) })
	f.add(a, c)
	c.Flags().BoolVar(&f.invalid, "invalid", false, a.T(codes.Text{EN: "the invalid addresses instead of sendings", JA: "送信ではなく、無効な宛先を出力します"}))
	c.Flags().BoolVar(&f.Transcripts, "transcripts", false, a.T(codes.Text{EN: "with transcripts (JSON only)", JA: "通信記録も含めます(JSONのみ)"}))
	c.Flags().BoolVar(&bom, "bom", false, a.T(codes.Text{EN: "begin CSV with a byte order mark, which Excel needs", JA: "CSVの先頭にBOMを付けます(Excel向け)"}))
	return c
}

func exportHistory(ctx context.Context, a *app.App, f *filterFlags, bom bool) error {
	if f.invalid {
		if err := f.checkInvalid(a, map[string]bool{"transcripts": f.Transcripts}); err != nil {
			return err
		}
		return exportRows(ctx, a, report.InvalidExport, f, bom, f.invalidAddresses)
	}
	return exportRows(ctx, a, report.Export, f, bom, f.sendings)
}

// exportRows writes rows of the history; to export none is no error.
func exportRows[T any](ctx context.Context, a *app.App, d page.Document[T], f *filterFlags, bom bool, rows rowsOf[T]) error {
	_, unreadable, err := writeRows(ctx, a, d, f, bom, rows)
	if err != nil {
		return err
	}
	return endWithUnreadable(a, unreadable)
}
