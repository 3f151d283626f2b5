package check

import (
	"context"
	"net/url"
	"slices"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/world"
)

// NewMessage makes the command that judges mails.
func NewMessage(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: 1, found: f, known: &baselineRun{}}
	var o messageOptions
	c := a.Command(app.About{
		Use:     "message FILE…",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
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
		if o.post && !o.yes {
			return codes.At("--post-unsubscribe", codes.Wrong(
				codes.Say(codes.Text{EN: "really leaves the list of the mail", JA: "は、メールの配信を実際に停止します"}),
				codes.Say(codes.Text{EN: "add --yes to do it", JA: "実行する場合は --yes を付けてください"})))
		}
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
	fs.Var(app.ValueOf(&o.original, app.ParseNonEmpty, "FILE"), "original", a.T(codes.Text{
		EN: "the mail as it was sent, to tell what changed", JA: "送信時のメール(変更箇所を比較します)"}))
	scope.AddTrust(a, c, &s.world.TrustAD)
	scope.AddLists(a, c, &o.lists)
	addBaselineFlags(a, c, s.known)
	fs.BoolVar(&o.post, "post-unsubscribe", false, a.T(codes.Text{
		EN: "leave the list with one click (RFC 8058), with --yes", JA: "ワンクリック配信停止を実際に試します(--yes が必要)"}))
	fs.BoolVar(&o.yes, "yes", false, a.T(codes.Text{EN: "really do it", JA: "実行を許可します"}))
	fs.Var(app.ValueOf(&o.spamd, app.ParseNonEmpty, "HOST:PORT"), "spamd", a.T(codes.Text{
		EN: "ask this SpamAssassin (spamd) too", JA: "SpamAssassin(spamd)にも問い合わせます"}))
	fs.Var(app.ValueOf(&o.rspamd, parseRspamd, "URL"), "rspamd", a.T(codes.Text{
		EN: "ask this Rspamd too, such as http://127.0.0.1:11333", JA: "Rspamdにも問い合わせます(例: http://127.0.0.1:11333)"}))
	return c
}

// messageOptions is what the flags say.
type messageOptions struct {
	check.MailOptions
	original      string // file of the mail as it was sent
	post, yes     bool   // leave the list
	spamd, rspamd string // filters to ask
	lists         check.DNSBLOptions
}

// checks are the checks of a mail, with those that ask others about it.
func (o messageOptions) checks(m *check.Mail, w *world.World) []*diag.Check {
	list := check.Message(m)
	if o.spamd != "" || o.rspamd != "" {
		list = append(list, check.Filter(check.FilterOptions{Mail: m, Spamd: o.spamd, Rspamd: o.rspamd, Dial: w.Dial, Client: w.HTTPS()}))
	}
	if o.lists.Wanted() {
		lists := o.lists
		lists.Mail = m
		list = append(list, check.DNSBL(lists))
	}
	if o.post {
		list = append(list, check.Unsubscribe(check.UnsubscribeOptions{Mail: m, Client: w.HTTPS()}))
	}
	return list
}

// parseRspamd takes the URL of a server.
func parseRspamd(s string) (string, error) {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return s, nil
	}
	return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no URL of a server", JA: "{value} はサーバーのURLではありません"}, codes.QuotedStart("value", s, 80)),
		codes.Say(codes.Text{EN: "give one such as http://127.0.0.1:11333", JA: "http://127.0.0.1:11333 のように指定してください"}))
}

// checkMessages judges one mail after the other.
func checkMessages(ctx context.Context, a *app.App, s checkRun, o messageOptions, names []string) error {
	if o.spamd != "" || o.rspamd != "" || o.post {
		if err := bundles.Refuse(a, "--spamd, --rspamd, --post-unsubscribe"); err != nil {
			return err
		}
	}
	if slices.Contains(a.Global.Only, "dnsbl") && !a.Filled("only") && len(o.lists.Lists) == 0 {
		o.lists.Public = true
	}
	s.checks, s.again = check.All(), messageAgain(o)
	s.targets = &targets{app: a, sources: make([]source, len(names))}
	s.run = func(ctx context.Context, w *world.World, env diag.Env, emit func(*diag.Report) error) error {
		if o.original != "" {
			data, err := readMessage(ctx, a, o.original)
			if err != nil {
				return err
			}
			o.Original = data
		}
		for _, name := range names {
			data, err := readMessage(ctx, a, name)
			if err != nil {
				return err
			}
			m := check.OpenMail(data, o.MailOptions)
			checks, err := scope.Select(a, o.checks(m, w))
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

// messageAgain looks at the same mail with what is known of it. The file is left open: each report puts in its own. There is no
// command where one of the values cannot stand in it: without it the mail would be judged otherwise.
func messageAgain(o messageOptions) codes.Command {
	unfit := func(p codes.Place, v string) bool { return v != "" && !p.Takes(v) }
	if o.NullSender || unfit(codes.PlaceFile, o.original) || unfit(codes.PlaceSender, o.MailFrom) || unfit(codes.PlaceHost, o.HELO) {
		return codes.Command{}
	}
	c := codes.Todoku("check", "message", "FILE")
	if o.IP.IsValid() {
		c = c.And(codes.Todoku("--ip", "IP").With(codes.PlaceIP, o.IP.String()))
	}
	if o.MailFrom != "" {
		c = c.And(codes.Todoku("--mail-from", "SENDER").With(codes.PlaceSender, o.MailFrom))
	}
	if o.HELO != "" {
		c = c.And(codes.Todoku("--helo", "HOST").With(codes.PlaceHost, o.HELO))
	}
	if o.original != "" {
		c = c.And(codes.Todoku("--original", "FILE").With(codes.PlaceFile, o.original))
	}
	if o.lists.Public {
		c = c.And(codes.Todoku("--only", "dnsbl"))
	}
	c = c.And(listsAgain(o.lists))
	for _, host := range o.TrustHosts {
		c = c.And(codes.Todoku("--trust-host", "DOMAIN").With(codes.PlaceDomain, host))
	}
	return c
}
