// Package reports holds the command that reads what receivers report about the mail of a domain: whose mail it is, and what a
// stricter policy would cost.
package reports

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/report"
	"todoku/cmd/stores"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/sources"
)

// options is what the flags say.
type options struct {
	since, until time.Time
	domain       string
	change       *sources.Change // nil: none is meant
	noDNS, bom   bool
	login        mailboxes.Flags
	store        stores.Flags
}

// New makes the command.
func New(a *app.App) *cobra.Command {
	o := &options{}
	c := a.Command(app.About{
		Use:     "reports INPUT…",
		Uses:    []string{usage.World, usage.FailOn},
		Formats: report.Received.Formats(),
		Short: codes.Text{EN: "DMARC and TLS reports: whose mail fails, what a policy costs",
			JA: "DMARC・TLSレポートから、送信元とポリシーの影響を示します"},
		Long: codes.Text{
			EN: "Reads the reports that receivers send about the mail of a domain: DMARC\naggregate reports (rua=) and TLS reports. An INPUT is a file as it came (XML,\nJSON, gzip, zip, a mail), a directory, an mbox, a Maildir, a mailbox on a server\n(imaps://user@host/folder), or - for standard input.\n\nWho sends is looked up in DNS. Each group of sources is ours, a forwarder, a\nforger or unknown, with the reasons; unknown ones that may be a service of your\nown are told. --what-if says what mail a stricter policy would cost, what to\nmend first, and how sure that is. A report that comes twice counts once.",
			JA: "受信側から届く、ドメインのメールについてのレポートを読み取ります。DMARC集計レポート\n(rua=)とTLSレポートに対応します。INPUT には、届いたままのファイル(XML、JSON、gzip、\nzip、メール)、ディレクトリ、mbox、Maildir、サーバーのメールボックス\n(imaps://ユーザー@ホスト/フォルダー)、-(標準入力)を指定します。\n\n送信元はDNSで調べ、「自社」「転送」「なりすまし」「不明」に分けて理由を示します。\n不明のうち、自社で利用中のサービスと思われるものも示します。--what-if を指定すると、\nポリシーを厳しくした場合に失われるメール、先に直すべき点、判断の確かさを示します。\n同じレポートが複数あっても、1回だけ数えます。"},
		Example: codes.Text{
			EN: "  todoku reports reports/\n  todoku reports imaps://dmarc@mail.example.jp/INBOX --password-file pw\n  todoku reports reports/ --what-if p=reject\n  todoku reports reports/ --domain example.jp --since 30d --format json\n  todoku reports reports/ --no-dns --format csv -o sources.csv\n  todoku --lab reports --what-if p=reject",
			JA: "  todoku reports reports/\n  todoku reports imaps://dmarc@mail.example.jp/INBOX --password-file pw\n  todoku reports reports/ --what-if p=reject\n  todoku reports reports/ --domain example.jp --since 30d --format json\n  todoku reports reports/ --no-dns --format csv -o sources.csv\n  todoku --lab reports --what-if p=reject"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "no mail of yours fails; with --what-if: the policy is safe",
				JA: "自社のメールの失敗はありません(--what-if では、変更しても安全)"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "mail of yours, or unknown, fails; with --what-if: not safe (yet)",
				JA: "自社や不明のメール、TLSの失敗があります(--what-if では、安全でない)"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "an input could not be read, or no report counts",
				JA: "読めない入力があるか、対象となるレポートがありません"}},
		},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return run(ctx, a, o, args) })
	o.flags(a, c)
	return c
}

// meant reads the policy that is meant.
func meant(text string) (*sources.Change, error) {
	c, err := sources.ParseChange(text)
	return &c, err
}

func (o *options) flags(a *app.App, c *cobra.Command) {
	fs, t := c.Flags(), func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs.Var(app.ValueOf(&o.change, meant, "TAGS"), "what-if",
		t("a policy that is only meant: p=reject,\nor p=quarantine,sp=reject,adkim=s",
			"検討中のポリシー: p=reject、\np=quarantine,sp=reject,adkim=s"))
	fs.Var(app.ValueOf(&o.domain, app.ParseDomain, "NAME"), "domain", t("only reports about this domain, or below it",
		"このドメインとその配下についてのレポートに限ります"))
	fs.Var(app.ValueOf(&o.since, a.ParseSince, "WHEN"), "since", t("only reports of the time from then on: 30d,\n2026-01-31",
		"指定日時以降のレポートに限ります: 30d、2026-01-31"))
	fs.Var(app.ValueOf(&o.until, a.ParseSince, "WHEN"), "until", t("only reports of the time before then",
		"指定日時より前のレポートに限ります"))
	fs.BoolVar(&o.noDNS, "no-dns", false, t("ask nobody: sources are named by the reports alone",
		"DNSに問い合わせず、レポートの内容だけで分類します"))
	fs.BoolVar(&o.bom, "bom", false, t("begin CSV with a byte order mark, which Excel needs",
		"CSVの先頭にBOMを付けます(Excel向け)"))
	o.store.Add(a, fs, codes.Text{
		EN: "learn there the DKIM selectors that pass, for watch:\na file, or postgres://…",
		JA: "DKIM署名の検証に成功したセレクターを、監視用に\n記録します。ファイル、または postgres://…"})
	o.login.Add(a, c)
	words := cobra.FixedCompletions([]string{"p=quarantine", "p=reject"}, cobra.ShellCompDirectiveNoFileComp)
	_ = app.CompleteFlag(a, c, "what-if", words)
}
