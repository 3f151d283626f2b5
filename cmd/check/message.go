package check

import (
	"bytes"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/lab"
)

// maxMessage bounds a mail, in octets: no provider takes one of a third of it.
const maxMessage = 160 << 20

// NewMessage makes the command that judges mails.
func NewMessage(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: 1, found: f}
	var o check.MailOptions
	c := a.Command(app.About{
		Use:     "message FILE…",
		Uses:    []string{usage.World, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "a mail: SPF, DKIM, DMARC, ARC, headers, content", JA: "メールのSPF・DKIM・DMARC・ARC、ヘッダー、内容を検査します"},
		Long: codes.Text{
			EN: "Judges a mail as its receiver would: a received one, or one that is about to be\nsent. FILE is the mail as a whole, headers included (.eml), or -. SPF needs to\nknow the sending server: it is taken from the Received fields of your own servers\n(--trust-host), or told with --ip, --mail-from and --helo.",
			JA: "受信したメール、またはこれから送信するメールを、受信側と同じ方法で検査します。\nFILE はヘッダーを含むメール全体(.eml)、または - です。SPFの評価に必要な送信元\nサーバーは、受信側サーバー(--trust-host)のReceivedヘッダーから読み取るか、\n--ip、--mail-from、--helo で指定します。"},
		Example: codes.Text{
			EN: "  todoku check message mail.eml --trust-host mx.example.jp\n  todoku check message draft.eml --ip 192.0.2.7 --mail-from news@example.jp\n  todoku check message received.eml --original sent.eml",
			JA: "  todoku check message mail.eml --trust-host mx.example.jp\n  todoku check message draft.eml --ip 192.0.2.7 --mail-from news@example.jp\n  todoku check message received.eml --original sent.eml"},
		MinArgs: 1, MaxArgs: -1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		o.NullSender = c.Flags().Changed("mail-from") && o.MailFrom == ""
		return checkMessages(c.Context(), a, s, o, args)
	}
	fs := c.Flags()
	fs.Var(app.ValueOf(&o.IP, app.ParseAddr, "ADDR"), "ip", a.T(codes.Text{
		EN: "address that sends the mail", JA: "メールを送信するIPアドレス"}))
	fs.Var(app.ValueOf(&o.MailFrom, app.ParseAny, "ADDR"), "mail-from", a.T(codes.Text{
		EN: "envelope sender; empty: that of bounces", JA: "エンベロープ送信者(空はバウンスメールの送信者)"}))
	fs.Var(app.ValueOf(&o.HELO, app.ParseNonEmpty, "NAME"), "helo", a.T(codes.Text{
		EN: "name that the sending server gives in HELO", JA: "送信サーバーがHELOで名乗る名前"}))
	fs.Var(app.ListOf(&o.TrustHosts, app.ParseDomain, "DOMAIN"), "trust-host", a.T(codes.Text{
		EN: "receiving server whose fields count (repeatable)", JA: "ヘッダーを信頼する受信側サーバー(複数指定可)"}))
	addTrustFlag(a, c, &s)
	return c
}

// checkMessages judges one mail after the other.
func checkMessages(ctx context.Context, a *app.App, s checkRun, o check.MailOptions, names []string) error {
	s.checks, s.again = check.Message(nil), messageAgain(names[0], o)
	s.targets = &targets{app: a, sources: make([]source, len(names))}
	s.run = func(ctx context.Context, env diag.Env, emit func(*diag.Report) error) error {
		for _, name := range names {
			data, err := readMessage(ctx, a, name)
			if err != nil {
				return err
			}
			m := check.OpenMail(data, o)
			checks, err := selectChecks(a, check.Message(m))
			if err != nil {
				return err
			}
			if err := emit(diag.Run(ctx, env, m.Target(name), checks)); err != nil {
				return err
			}
			if err := diag.CauseOfEnd(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	return runChecks(ctx, a, s)
}

// readMessage reads a mail; in the lab, "lab:NAME" is one of its own. The error names the file, and says what to give instead.
func readMessage(ctx context.Context, a *app.App, name string) ([]byte, error) {
	if sample, is := strings.CutPrefix(name, "lab:"); is && a.Global.Lab {
		return readSample(name, sample)
	}
	data, err := a.Read(ctx, name, app.Want{Limit: maxMessage, Remedy: codes.Text{
		EN: "give a mail of at most 160 MB: no provider takes one that large", JA: "160MB以下のメールを指定してください(これほど大きなメールを受け取る事業者はありません)"}})
	if err != nil {
		return nil, a.ReadError(name, err, codes.Text{EN: "the mail cannot be read", JA: "メールを読めません"},
			codes.Text{EN: "give the mail as a file with its headers (.eml), or - for standard input", JA: "ヘッダーを含むメールのファイル(.eml)、または標準入力なら - を指定してください"})
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, codes.WrongAt(name, codes.Text{EN: "is empty: there is no mail to look at", JA: "空のファイルです(検査するメールがありません)"})
	}
	if !check.IsMail(data) {
		return nil, &codes.UserError{Place: name,
			Says: codes.Say(codes.Text{EN: "is no mail: it has no header", JA: "メールではありません(ヘッダーがありません)"}),
			Remedy: codes.Say(codes.Text{
				EN: "save the whole mail as .eml (“show original”, “download message”), not its text, a .msg file or a screenshot",
				JA: "本文や .msg ファイルではなく、メール全体を .eml 形式(「原文を表示」「メッセージをダウンロード」など)で保存してください"})}
	}
	return data, nil
}

// readSample reads a mail of the lab.
func readSample(place, name string) ([]byte, error) {
	data, known, err := lab.SampleNamed(name)
	if err == nil && !known {
		err = &codes.UserError{Place: place, Says: codes.Say(codes.Text{EN: "the lab has no such mail", JA: "ラボにこの名前のメールはありません"}),
			Remedy: codes.Say(codes.Text{EN: "{command} names them", JA: "{command} で一覧を確認できます"}, codes.Typed("command", codes.Todoku("lab", "list", "message")))}
	}
	return data, err
}

// messageAgain looks at the same mail with what is known of it.
func messageAgain(name string, o check.MailOptions) codes.Command {
	if name == "-" || o.NullSender || !codes.PlaceFile.Takes(name) {
		return codes.Command{}
	}
	c := codes.Todoku("check", "message", "FILE").With(codes.PlaceFile, name)
	if o.IP.IsValid() {
		c = c.And(codes.Todoku("--ip", "IP").With(codes.PlaceIP, o.IP.String()))
	}
	if codes.PlaceSender.Takes(o.MailFrom) {
		c = c.And(codes.Todoku("--mail-from", "SENDER").With(codes.PlaceSender, o.MailFrom))
	}
	if codes.PlaceHost.Takes(o.HELO) {
		c = c.And(codes.Todoku("--helo", "HOST").With(codes.PlaceHost, o.HELO))
	}
	for _, host := range o.TrustHosts {
		c = c.And(codes.Todoku("--trust-host", "DOMAIN").With(codes.PlaceDomain, host))
	}
	return c
}
