// Package triage holds the command that counts what happened to many mails, and diagnoses the biggest groups of failures.
package triage

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/triage"
)

// options is what the flags say.
type options struct {
	filter     triage.Filter
	by         string
	events     bool
	diagnose   int
	noDiagnose bool
	rules      []string
	workers    int
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &options{}
	c := a.Command(app.About{
		Use:     "triage INPUT…",
		Uses:    []string{usage.World},
		Formats: report.Triages.Formats(),
		Short:   codes.Text{EN: "what failed, how often, since when, at whom, and why", JA: "何が、いつから、どこ宛てに、何件、なぜ失敗したかを集計します"},
		Long: codes.Text{
			EN: "Reads logs of mail servers, bounces, mailboxes and events of sending services\n(files, directories, - for standard input; .gz is read through), counts what\nhappened to the mails, groups the failures by cause, provider and delivery code,\nand diagnoses the biggest groups: which of the causes is really there now.",
			JA: "メールサーバーのログ、エラーメール、メールボックス、配信サービスのイベントを読み取り\n(ファイル、ディレクトリ、- は標準入力。.gz も読めます)、メールの結果を数え、失敗を要因・\nプロバイダー・配信コードごとに集計し、大きいものから要因を実際に調べます。"},
		Example: codes.Text{
			EN: "  todoku triage /var/log/mail.log\n  todoku triage --no-diagnose --format json mail.log\n  zcat mail.log.*.gz | todoku triage -",
			JA: "  todoku triage /var/log/mail.log\n  todoku triage --no-diagnose --format json mail.log\n  zcat mail.log.*.gz | todoku triage -"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "nothing failed", JA: "失敗はありません"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "something failed", JA: "失敗があります"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "an input could not be read", JA: "読めない入力がありました"}},
		},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return run(ctx, a, o, args) })
	o.flags(a, c)
	return c
}

func (o *options) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.BoolVar(&o.events, "events", false, t("the events themselves, one a row (ndjson, csv, json)",
		"イベントそのものを1行ずつ出力します(ndjson、\ncsv、json)"))
	fs.BoolVar(&o.noDiagnose, "no-diagnose", false, t("ask nobody, only count", "何も調べず、集計だけを行います"))
}
