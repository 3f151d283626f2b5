// Package triage holds the command that counts what happened to many mails, and diagnoses the biggest groups of failures.
package triage

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/usage"
	"todoku/codes"
)

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &options{}
	c := a.Command(app.About{
		Use:     "triage INPUT…",
		Uses:    []string{usage.World, usage.Bundle},
		Formats: report.Triages.Formats(),
		Short:   codes.Text{EN: "of many mails: what failed, how often, since when, at whom, why", JA: "多数のメールの失敗を、要因・件数・時期・宛先ごとに示します"},
		Long: codes.Text{
			EN: "Reads what happened to many mails: logs of mail servers, bounces, complaints,\nmailboxes, events and exports of sending services. An INPUT is a file (.gz is\nread through), a directory, an mbox, a Maildir, or - for standard input; its\nformat is found by its content. The failures are grouped by reason, provider and\ndelivery code; the page says how many, since when, at whom, what the numbers\ntell, and then looks in DNS and at the servers for the causes of the biggest\ngroups, with the steps and what to do with the mails.",
			JA: "多数のメールの結果を読み取ります。メールサーバーのログ、エラーメール、迷惑メール報告、\nメールボックス、配信サービスのイベントや書き出しに対応します。INPUT にはファイル\n(.gz も可)、ディレクトリ、mbox、Maildir、-(標準入力)を指定します。形式は内容から\n判別します。失敗を要因・プロバイダー・メール配信コードごとに集計し、件数、開始時刻、\n宛先、数字から分かることを示します。さらに、大きいグループの要因をDNSと宛先サーバーで\n実際に調べ、対策とメールの扱いを示します。"},
		Example: codes.Text{
			EN: "  todoku triage /var/log/mail.log\n  todoku triage bounces/ mail.log.1 mail.log\n  todoku triage mail.log --since 2h --provider gmail\n  todoku triage mail.log --no-diagnose --format json\n  todoku triage mail.log --events --plan suppress --format csv -o stop.csv\n  todoku triage --follow /var/log/mail.log\n  todoku --lab triage",
			JA: "  todoku triage /var/log/mail.log\n  todoku triage bounces/ mail.log.1 mail.log\n  todoku triage mail.log --since 2h --provider gmail\n  todoku triage mail.log --no-diagnose --format json\n  todoku triage mail.log --events --plan suppress --format csv -o stop.csv\n  todoku triage --follow /var/log/mail.log\n  todoku --lab triage"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "nothing failed", JA: "失敗はありません"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "mails failed, were complained about, or are late", JA: "失敗、迷惑メール報告、または未着のメールがあります"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "an input could not be read, or nothing was recognised", JA: "読めない入力、または判別できない入力がありました"}},
		},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return run(ctx, a, o, args) })
	o.flags(a, c)
	return c
}
