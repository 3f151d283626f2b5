// Package send holds the command that sends mails, one or a list.
package send

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/sendings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/mail"
)

// options are what the flags of `send` ask for.
type options struct {
	to, cc, bcc, replyTo []mail.Address
	from                 mail.Address
	errorsTo             envelope
	recipients           string // file
	subject, body, html  string
	attach, headers      []string
	charset              mail.Charset
	eml, resend          string
	unsubscribe          []string
	oneClick             bool
	dkim                 dkimFlags

	via          sender.Relay // Host "" is none
	user         string
	passwordFile string
	bearer       bool
	tls          sender.TLSMode
	helo         string
	port         int

	expect             expectFlags
	quitAfter          codes.Stage
	dryRun             bool
	retryFor           time.Duration
	rate               sender.Rate
	dsn                sender.DSN
	verp, notifyErrors bool
	force, yes         bool
	resume             resumeFlag
	history            sendings.Flags
	rules              []string
}

// delivers reports whether mail really goes out.
func (m *options) delivers() bool { return !m.dryRun && m.quitAfter == "" }

// envelope is an envelope sender that may be the empty one, <>.
type envelope struct {
	mail.Address
	given bool
}

// New makes the command `send`.
func New(a *app.App) *cobra.Command {
	m := &options{expect: expectFlags{patience: defaultPatience}}
	c := a.Command(app.About{
		Use:     "send",
		Uses:    []string{usage.World},
		Formats: report.Sendings.Formats(),
		Short:   codes.Text{EN: "send a real message and tell every step of its way", JA: "実際にメールを送信し、経過をすべて示します"},
		Long: codes.Text{
			EN: "Sends one message, to the mail servers of the recipient's domain or through a\nrelay (--via), shows what is said, how long it takes and what it means, gives\nthe delivery code and writes all of it into the history. Several recipients need\n--yes, and so does sending again (--resend); an address that the history marks\ninvalid is refused without --force.\n\nThe password of a relay is read from --password-file, else from the environment\n(TODOKU_PASSWORD), else from ~/.netrc, else asked for. It is never an argument.",
			JA: "宛先ドメインのメールサーバーへ直接、または中継サーバー(--via)経由でメールを送信\nし、通信内容、所要時間、その意味、メール配信コードを示して、送信履歴に記録しま\nす。複数の宛先への送信と再送(--resend)には --yes が必要です。送信履歴で無効と\nされた宛先には、--force がなければ送信しません。\n\n中継サーバーのパスワードは --password-file、環境変数 TODOKU_PASSWORD、~/.netrc\nの順に読み取り、なければ入力を求めます。引数では指定できません。"},
		Example: codes.Text{
			EN: "  todoku send --to user@healthy.test --from news@healthy.test --lab\n  todoku send --to user@example.jp --from news@example.jp --subject hello --body @mail.txt\n  todoku send --to user@example.jp --eml mail.eml --dkim-key key.pem --dkim-selector s1\n  todoku send --to user@example.jp --from news@example.jp --via smtp://relay.example.jp --user news\n  todoku send --to user@example.jp --from news@example.jp --quit-after rcpt\n  todoku send --recipients list.txt --from news@example.jp --body @mail.txt --rate 30/m --yes\n  todoku send --resend 06h2k --yes",
			JA: "  todoku send --to user@healthy.test --from news@healthy.test --lab\n  todoku send --to user@example.jp --from news@example.jp --subject テスト --body @mail.txt\n  todoku send --to user@example.jp --eml mail.eml --dkim-key key.pem --dkim-selector s1\n  todoku send --to user@example.jp --from news@example.jp --via smtp://relay.example.jp --user news\n  todoku send --to user@example.jp --from news@example.jp --quit-after rcpt\n  todoku send --recipients list.txt --from news@example.jp --body @mail.txt --rate 30/m --yes\n  todoku send --resend 06h2k --yes"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "the receiving server took the mail", JA: "宛先メールサーバーがメールを受け取りました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "the mail was not taken (--continue: some of the list still are not)", JA: "メールは受け取られませんでした(--continue: リストに残りがあります)"}},
			{Status: app.ExitUsage, Means: codes.Text{EN: "nothing was sent: the command line, a file or the address is wrong", JA: "送信していません(コマンドライン、ファイル、宛先のいずれかの誤り)"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "our own DNS or network failed, which says nothing about the address;\n--continue: nobody knows of some whether they were taken", JA: "送信側のDNSまたはネットワークの問題です(宛先の問題とは限りません)。\n--continue では、受け取られたかどうか不明なメールがあります"}},
		},
		MaxArgs: 1, // the ID of --continue
	}, nil)
	m.flags(a, c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 1 && !m.resume.setID(args[0]) {
			return usage.CountArgs(c, args, 0, 0)
		}
		if err := singleLines(c.Flags()); err != nil {
			return err
		}
		return send(c.Context(), a, m)
	}
	completeSend(a, c)
	return c
}

// singleLines refuses a line break, or another control character, in any flag
// that is not a text of its own: what is meant for one line must stay there.
func singleLines(fs *pflag.FlagSet) error {
	var wrong error
	fs.VisitAll(func(f *pflag.Flag) {
		if wrong == nil && f.Name != "body" && f.Name != "html" && app.HasControl(f.Value.String()) {
			wrong = codes.Wrong(codes.Say(codes.Text{EN: "--{flag}: a line break or control character is not allowed here", JA: "--{flag}: 改行や制御文字は使用できません"}, codes.Str("flag", f.Name)),
				codes.Say(codes.Text{EN: "remove it; only the text of the mail may have several lines (--body, --html)", JA: "取り除いてください。複数行を指定できるのは本文(--body、--html)だけです"}))
		}
	})
	return wrong
}

// send does what the flags ask for.
func send(ctx context.Context, a *app.App, m *options) error {
	if err := m.check(); err != nil {
		return err
	}
	form, err := app.FormOf(a, report.Sendings)
	if err != nil {
		return err
	}
	d, err := openSend(ctx, a, m)
	if err != nil {
		return err
	}
	defer d.close()
	return d.run(ctx, form)
}
