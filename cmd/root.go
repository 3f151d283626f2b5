package cmd

import (
	"time"

	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// globals are the flags that every command knows.
type globals struct {
	lang, format, output, color, config string
	resolvers, zones, only, skip        []string
	offline, lab                        bool
	timeout                             time.Duration
	failOn                              threshold
}

// newRoot builds the tree of commands in the language of the app.
func newRoot(a *app) *cobra.Command {
	root := a.group(about{
		use: "todoku COMMAND",
		short: codes.Text{EN: "does your mail arrive, and if not, why not and who must do what?",
			JA: "メールは届くか。届かないなら、なぜか、誰が何をすべきかを調べます"},
		long: codes.Text{
			EN: "todoku (\"it arrives\") looks at everything that decides whether the mail of a\ndomain arrives, names what is wrong, shows the record to publish and says who\nhas to act.",
			JA: "todoku(届く)は、あるドメインのメールが届くかどうかを左右するものをすべて調べ、\n問題点、公開すべきレコード、対応すべき担当者を示します。"},
		example: codes.Text{
			EN: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test",
			JA: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test"},
	}, newCheck(a), newDiagnose(a), newLetter(a), newGuide(a), newSend(a), newHistory(a), newExplain(a), newLab(a), newVersion(a), newCompletion(a), newMan(a))
	root.SetHelpCommand(newHelp(a))
	root.CompletionOptions.DisableDefaultCmd = true
	root.SilenceUsage, root.SilenceErrors = true, true
	root.DisableAutoGenTag = true
	root.SetIn(a.stdin)
	root.SetOut(a.stdout.Writer())
	root.SetErr(a.stderr.Writer())
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.writeHelp(a.stdout, c) })
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return missingCommand(c, args)
	}
	root.RunE = func(c *cobra.Command, _ []string) error {
		if shown, _ := c.Flags().GetBool("version"); shown {
			return a.stdout.Lines(thisBuild().Lines(a.stdout, a.style(a.stdout, false)))
		}
		a.writeHelp(a.stderr, c)
		return exitUsage // a script that forgot the command must not go on as if it had looked
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
			return nil
		}
		return a.settle(c)
	}
	a.addGlobals(root)
	return root
}

func (a *app) addGlobals(root *cobra.Command) {
	g, fs := &a.global, root.PersistentFlags()
	g.failOn = threshold{status: diag.Fail}
	fs.Var(&word[string]{&g.lang, oneOf("en", "ja"), "en|ja", ""}, "lang", a.t(codes.Text{
		EN: "language of the output (else from the locale)", JA: "出力の言語(省略時はロケールに従います)"}))
	fs.Var(&word[string]{&g.format, parseGiven, "FORMAT", ""}, "format", a.t(codes.Text{
		EN: "form of the output: text (default), json, ndjson", JA: "出力の形式: text(既定)、json、ndjson"}))
	fs.VarP(&word[string]{&g.output, parseGiven, "FILE", ""}, "output", "o", a.t(codes.Text{
		EN: "write to FILE instead of standard output", JA: "標準出力ではなく FILE に書き出します"}))
	fs.Var(&servers{&g.resolvers}, "resolver", a.t(codes.Text{
		EN: "DNS server to ask: 192.0.2.53, tcp://…, tls://…,\nhttps://… (repeatable)", JA: "問い合わせるDNSサーバー: 192.0.2.53、tcp://…、\ntls://…、https://…(複数指定可)"}))
	fs.Var(&words[string]{&g.zones, parseGiven, "FILE", nil}, "zone", a.t(codes.Text{
		EN: "zone file whose answers replace DNS (repeatable)", JA: "DNSの代わりに答えるゾーンファイル(複数指定可)"}))
	fs.BoolVar(&g.offline, "offline", false, a.t(codes.Text{
		EN: "the zone files are all there is; ask nobody", JA: "ゾーンファイルだけを使い、どこにも問い合わせません"}))
	fs.BoolVar(&g.lab, "lab", false, a.t(codes.Text{
		EN: "ask the embedded lab instead of the internet", JA: "インターネットではなく内蔵のラボに問い合わせます"}))
	fs.Var(&word[time.Duration]{&g.timeout, parseDuration, "TIME", ""}, "timeout", a.t(codes.Text{
		EN: "longest wait for one question (default 5s)", JA: "1つの問い合わせを待つ時間の上限(既定は 5s)"}))
	fs.Var(&word[time.Duration]{&a.limit, parseDuration, "TIME", ""}, "deadline", a.t(codes.Text{
		EN: "longest time for the whole run (default: none)", JA: "実行全体の時間の上限(既定はなし)"}))
	fs.Var(&word[string]{&g.color, oneOf("auto", "always", "never"), "WHEN", ""}, "color", a.t(codes.Text{
		EN: "colours: auto (default), always, never; see NO_COLOR", JA: "色付け: auto(既定)、always、never(NO_COLOR も有効)"}))
	fs.Var(&word[threshold]{&g.failOn, parseThreshold, "STATUS", ""}, "fail-on", a.t(codes.Text{
		EN: "exit with 1 from this status on: fail (default),\nunknown, warn, info, never", JA: "この状態以上で終了ステータスを1にします: fail(既定)、\nunknown、warn、info、never"}))
	fs.Var(&words[string]{&g.only, parseCheck, "CHECK,…", nil}, "only", a.t(codes.Text{
		EN: "run only these checks", JA: "指定した検査だけを実行します"}))
	fs.Var(&words[string]{&g.skip, parseCheck, "CHECK,…", nil}, "skip", a.t(codes.Text{
		EN: "leave these checks out", JA: "指定した検査を省きます"}))
	fs.Var(&word[string]{&g.config, parseGiven, "FILE", ""}, "config", a.t(codes.Text{
		EN: "YAML file with values for these flags", JA: "フラグの値を書いたYAMLファイル"}))
	fs.BoolP("help", "h", false, a.t(codes.Text{EN: "show this help", JA: "このヘルプを表示します"}))
	root.Flags().Bool("version", false, a.t(codes.Text{EN: "show the version", JA: "バージョンを表示します"}))
}

// parseCheck takes the name of a check.
func parseCheck(s string) (string, error) { return oneOf(checkNames()...)(s) }

func checkNames() []string {
	var names []string
	for _, c := range check.All() {
		names = append(names, c.Name)
	}
	return names
}

func newHelp(a *app) *cobra.Command {
	help := a.command(about{
		use:     "help [COMMAND]",
		short:   codes.Text{EN: "show the help of a command", JA: "コマンドのヘルプを表示します"},
		long:    codes.Text{EN: "Shows the same as COMMAND --help.", JA: "COMMAND --help と同じ内容を表示します。"},
		example: codes.Text{EN: "  todoku help check domain", JA: "  todoku help check domain"},
		maxArgs: -1,
	}, nil)
	help.RunE = func(c *cobra.Command, args []string) error {
		found, rest, err := c.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return missingCommand(found, rest)
		}
		a.writeHelp(a.stdout, found)
		return nil
	}
	return help
}
