package check

import (
	"context"
	"net/netip"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dkim"
)

func NewDomain(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: diag.Workers, found: f, known: &baselineRun{}}
	var o check.DomainOptions
	var all bool
	var sending []netip.Prefix
	var profiles []string
	c := a.Command(app.About{
		Use:     "domain NAME…",
		Uses:    []string{usage.World, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "everything that a domain's DNS says about its mail", JA: "ドメインのメールについてDNSが示すすべてを検査します"},
		Long: codes.Text{
			EN: looksUp(codes.English) + "\n\nNAME may be written in any script. @FILE reads one domain a line and - reads\nstandard input; empty lines and # comments are passed over. A line that names no\ndomain is reported with its number, the others are checked, and the exit status\nis 2 unless something is wrong with a domain (1).",
			JA: looksUp(codes.Japanese) + "\n\nNAME は日本語ドメイン名でもかまいません。\n@FILE は1行に1ドメインを書いたファイル、- は標準入力を読みます。\n空行と # 以降は読み飛ばします。ドメイン名ではない行は行番号とともに報告して\n検査を続け、終了ステータスは2になります(ドメインに問題があれば1)。"},
		Example: codes.Text{
			EN: "  todoku check domain example.jp --ip 192.0.2.7 --selector s1\n  todoku check domain @domains.txt --format ndjson\n  todoku check domain example.jp --zone new.zone --fail-on warn\n  todoku check domain example.jp --ip 192.0.2.7 --profile gmail,docomo",
			JA: "  todoku check domain example.jp --ip 192.0.2.7 --selector s1\n  todoku check domain @domains.txt --format ndjson\n  todoku check domain example.jp --zone new.zone --fail-on warn\n  todoku check domain example.jp --ip 192.0.2.7 --profile gmail,docomo"},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) (err error) {
		if s, err = prepared(ctx, a, s, &o, sending, all, args); err != nil {
			return err
		}
		if err := checkSelectors(s.targets, o.DKIM.Selectors); err != nil {
			s.targets.close()
			return err
		}
		if !s.targets.isList() && s.workers != diag.Workers && !a.Filled("workers") {
			s.targets.close()
			return codes.At("--workers", codes.Wrong(codes.Say(codes.Text{EN: "one domain needs no workers", JA: "ドメインが1つのときは何の働きもしません"}),
				codes.Say(codes.Text{EN: "leave it out, or give several domains", JA: "このフラグを外すか、複数のドメインを指定してください"})))
		}
		if len(profiles) > 0 {
			return profile(ctx, a, s, o, all, profiles)
		}
		return runChecks(ctx, a, s)
	})
	addProfileFlag(a, c, &profiles)
	addReachFlags(a, c, &o, &all)
	addMarkRootsFlag(a, c, &s)
	fs := c.Flags()
	fs.Var(app.ListOf(&sending, parseSending, "ADDR|CIDR"), "ip", a.T(codes.Text{
		EN: "address that sends the mail (repeatable)", JA: "メールを送信するIPアドレス(複数指定可)"}))
	addListFlag(a, c, &o.DNSBL)
	addRequireFlags(a, c, &o.SPF)
	addTrustFlag(a, c, &s)
	addBaselineFlags(a, c, s.known)
	addHELOFlag(a, c, &o.SPF)
	fs.Var(app.ListOf(&o.DKIM.Selectors, parseSelector, "NAME"), "selector", a.T(codes.Text{
		EN: "DKIM selector to look at (repeatable; default: find)", JA: "調べるDKIMセレクター(複数指定可。省略時は探索します)"}))
	fs.BoolVar(&o.DKIM.AllSelectors, "all-selectors", false, a.T(codes.Text{
		EN: "probe every selector known, not only the usual ones", JA: "既知のセレクターをすべて試します"}))
	fs.Var(app.ValueOf(&s.workers, parseWorkers, "N"), "workers", a.T(codes.Text{
		EN: "most domains under way at once (default 256)", JA: "同時に調べるドメインの数の上限(既定は256)"}))
	return c
}

// prepared is the run with its targets and its checks: those that the flags and --only ask for. Its targets are closed where
// there is an error.
func prepared(ctx context.Context, a *app.App, s checkRun, o *check.DomainOptions, sending []netip.Prefix, all bool,
	args []string) (checkRun, error) {
	if !a.Filled("only") { // a value of the environment or the config file is for all commands
		o.Named(a.Global.Only)
	}
	if all {
		o.All()
	}
	err := takeSending(a, o, sending)
	if err != nil {
		return s, err
	}
	if err := takeMarkRoots(ctx, a, o, s.markRoots); err != nil {
		return s, err
	}
	s.checks, s.again = check.Domain(*o), domainAgain(*o).And(markRootsAgain(s.markRoots))
	if o.Receiving {
		if s.world.Replies, err = a.Load(); err != nil {
			return s, err
		}
	}
	s.targets, err = parseTargets(ctx, a, args)
	return s, err
}

// addReachFlags adds the flags that say how far the checks of a domain go.
func addReachFlags(a *app.App, c *cobra.Command, o *check.DomainOptions, all *bool) {
	fs := c.Flags()
	fs.BoolVar(&o.Receiving, "receiving", false, a.T(codes.Text{
		EN: "visit its mail servers and web servers, too", JA: "受信側も検査します\n(メールサーバーとウェブサーバーに接続します)"}))
	fs.BoolVar(&o.Authoritative, "authoritative", false, a.T(codes.Text{
		EN: "ask each of its own name servers, too", JA: "ドメインの権威DNSサーバーにも1台ずつ問い合わせます"}))
	fs.BoolVar(all, "all", false, a.T(codes.Text{EN: "look at everything", JA: "すべてを検査します"}))
}

// looksUp says what the checks of a domain are, for the help, in lines of at most 79 columns. It is made at each start of
// the program, so it counts columns in the cheapest way: two for what is not ASCII.
func looksUp(lang codes.Lang) string {
	says := codes.Text{EN: "Looks up and judges: ", JA: "次の項目を調べて検査します: "}.In(lang)
	comma, end := codes.Text{EN: ",", JA: "、"}.In(lang), codes.Text{EN: ".", JA: "。"}.In(lang)
	blank := codes.Text{EN: " "}.In(lang)
	width := columns(says)
	checks := check.Domain(check.DomainOptions{})
	for i, c := range checks {
		word := c.Title.In(lang) + comma
		if i == len(checks)-1 {
			word = c.Title.In(lang) + end
		}
		switch {
		case width+columns(blank+word) > 79:
			says, width = says+"\n", 0
		case i > 0:
			word = blank + word
		}
		says, width = says+word, width+columns(word)
	}
	return says
}

// columns is the width of a text on a terminal, at most.
func columns(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0x7f {
			n++
		}
	}
	return n
}

// addSendingFlags adds the flags that tell how the domain sends.
func addSendingFlags(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	c.Flags().Var(app.ListOf(&o.IPs, app.ParseAddr, "ADDR"), "ip", a.T(codes.Text{
		EN: "address that sends the mail (repeatable)", JA: "メールを送信するIPアドレス(複数指定可)"}))
	addRequireFlags(a, c, o)
}

// addRequireFlags adds the flags that say what SPF must hold.
func addRequireFlags(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	fs := c.Flags()
	fs.Var(app.ListOf(&o.RequireIncludes, app.ParseDomain, "DOMAIN"), "require-include", a.T(codes.Text{
		EN: "domain that SPF must include (repeatable)", JA: "SPFに含まれるべき include のドメイン(複数指定可)"}))
	fs.Var(app.ListOf(&o.RequireIPs, parsePrefix, "ADDR|CIDR"), "require-ip", a.T(codes.Text{
		EN: "address that SPF must let pass (repeatable)", JA: "SPFで許可されるべきIPアドレス(複数指定可)"}))
}

// parseSelector is app.ParseSelector, but keeps a domain behind the selector: that of another domain is refused.
func parseSelector(s string) (string, error) {
	selector, err := app.ParseSelector(s)
	_, of := dkim.SplitSelector(s)
	if err != nil || of == "" {
		return selector, err
	}
	domain, err := app.ParseDomain(of)
	return selector + "._domainkey." + domain, err
}

// checkSelectors returns an error for a selector that is one of another domain than those typed. For the domains of a list
// the check itself says so.
func checkSelectors(ts *targets, selectors []string) error {
	for _, s := range ts.sources {
		for _, selector := range selectors {
			if s.list != nil {
				continue
			}
			if _, err := check.SelectorOf(selector, s.target.ASCII); err != nil {
				return codes.At("--selector", err)
			}
		}
	}
	return nil
}

func addHELOFlag(a *app.App, c *cobra.Command, o *check.SPFOptions) {
	c.Flags().Var(app.ValueOf(&o.HELO, app.ParseAny, "NAME"), "helo", a.T(codes.Text{
		EN: "name that the server gives in HELO or EHLO", JA: "送信サーバーがHELO/EHLOで名乗る名前"}))
}

func addTrustFlag(a *app.App, c *cobra.Command, s *checkRun) {
	c.Flags().BoolVar(&s.world.TrustAD, "trust-ad", false, a.T(codes.Text{
		EN: "believe the DNSSEC AD bit of any --resolver", JA: "どの --resolver のDNSSEC ADビットも信用します"}))
}
