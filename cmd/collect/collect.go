// Package collect holds the command that joins what came back to the history of what was sent.
package collect

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/report"
	"todoku/cmd/sendings"
	"todoku/cmd/stores"
	"todoku/cmd/usage"
	"todoku/codes"
)

// options are what the flags ask for.
type options struct {
	login    mailboxes.Flags
	history  sendings.Flags
	store    stores.Flags
	rules    []string
	moveTo   string
	remove   bool
	watch    bool
	interval time.Duration
}

// defaultInterval is how often a mailbox is looked at, where its server does not tell of news.
const defaultInterval = time.Minute

// New makes the command `collect`.
func New(a *app.App) *cobra.Command {
	o := &options{interval: defaultInterval}
	c := a.Command(app.About{
		Use:     "collect SOURCE…",
		Uses:    []string{usage.World, usage.FailOn},
		Formats: report.Collections.Formats(),
		Short:   codes.Text{EN: "join bounces to the history: ok turns to error 90000", JA: "エラーメールを送信履歴と照合し、結果に反映します(90000)"},
		Long: codes.Text{
			EN: "Reads what came back for mails of the history: bounces, complaints, automatic\nanswers, logs, events of sending services. A SOURCE is a file, a directory, an\nmbox, a Maildir, - for standard input, or a mailbox on a server:\nimap://user@host/folder, imaps://, pop3://, pop3s://. A bounce belongs to the\nsending that it names (ENVID, VERP address, Message-ID), else to what was sent to\nits recipient at that time. A sending that was ok turns to error 90000, with the\nreason and the reply; the same bounce counts once, whoever tells it. What belongs\nto no sending is kept (history list --unmatched).\n\nMails are not changed, nor marked as read, unless --move-to or --delete is given:\nthen those go whose sendings were found, once that is safe on the disk. The\npassword is read from --password-file, else from the environment\n(TODOKU_PASSWORD), else from ~/.netrc, else asked for.",
			JA: "送信履歴のメールについて返ってきたもの(エラーメール、迷惑メール報告、自動応答、ログ、\n配信サービスのイベント)を読み取ります。SOURCE にはファイル、ディレクトリ、mbox、\nMaildir、-(標準入力)、サーバーのメールボックス(imap://ユーザー@ホスト/フォルダー、\nimaps://、pop3://、pop3s://)を指定します。エラーメールは、記載された送信(ENVID、\nVERP、Message-ID)か、その日時に同じ宛先へ送った送信と照合します。「正常」だった送信\nは「エラー」90000になり、要因と応答が残ります。同じエラーは、何度読んでも1回だけ数え\nます。送信履歴にないものも記録します(history list --unmatched)。\n\n--move-to か --delete を指定しない限り、メールは変更せず、既読にもしません。指定すると、\n結果を保存した後に、照合できたメールだけを移動または削除します。パスワードは\n--password-file、環境変数 TODOKU_PASSWORD、~/.netrc の順に読み取り、なければ入力を\n求めます。"},
		Example: codes.Text{
			EN: "  todoku collect bounces.mbox\n  todoku collect imaps://bounce@mail.example.jp/INBOX --password-file pw\n  todoku collect imaps://bounce@mail.example.jp --watch --move-to Done\n  todoku collect /var/log/mail.log --format json",
			JA: "  todoku collect bounces.mbox\n  todoku collect imaps://bounce@mail.example.jp/INBOX --password-file pw\n  todoku collect imaps://bounce@mail.example.jp --watch --move-to 処理済み\n  todoku collect /var/log/mail.log --format json"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "nothing new", JA: "新しい通知はありません"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "something is new: an error, a delay, a complaint, a confirmation,\nalso of a mail that is not in the history", JA: "新しい通知(エラー、遅延、迷惑メール報告、配信の確認。\n送信履歴にないメールの通知を含む)があります"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "a source could not be read, or not to its end", JA: "読めない、または最後まで読めないものがありました"}},
		},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return run(ctx, a, o, args) })
	o.flags(a, c)
	return c
}

func (o *options) flags(a *app.App, c *cobra.Command) {
	fs, t := c.Flags(), func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	o.login.Add(a, c)
	fs.Var(app.ValueOf(&o.moveTo, app.ParseNonEmpty, "FOLDER"), "move-to", t(
		"move mails that belong to sendings into this folder\nof their mailbox",
		"照合できたメールを、同じメールボックスの\nこのフォルダーへ移動します"))
	fs.BoolVar(&o.remove, "delete", false, t("delete mails that belong to sendings", "照合できたメールを削除します"))
	fs.BoolVar(&o.watch, "watch", false, t(
		"go on: look again when something comes (IMAP), or\nafter --interval",
		"続けて待ち、新着(IMAP)または --interval ごとに\n確認します"))
	fs.Var(app.ValueOf(&o.interval, app.ParseDuration, "TIME"), "interval", t(
		"pause of --watch (default 1m)", "--watch の間隔(既定は 1m)"))
	fs.Var(app.ListOf(&o.rules, app.ParseNonEmpty, "FILE"), "rules", t("rules of your own for replies (see explain)",
		"独自の判定ルール(explain を参照)"))
	o.history.Add(a, fs)
	o.store.Add(a, fs, codes.Text{
		EN: "also keep there, by hour, what became of all mails\nthat are read: a file, or postgres://… (see watch)",
		JA: "読み取ったメールの結果を、時間ごとにここにも保存\nします。ファイル、または postgres://…\n(watch を参照)"})
}
