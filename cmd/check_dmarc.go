package cmd

import (
	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
)

func newCheckDMARC(a *app, f *findings) *cobra.Command {
	s := survey{workers: 1, found: f}
	var auth dmarc.Input
	var o check.DMARCOptions
	c := a.command(about{
		use:   "dmarc [NAME]",
		short: codes.Text{EN: "one DMARC evaluation, with the walk up the DNS tree", JA: "DMARCを評価し、DNSツリーをたどる経過を示します"},
		long: codes.Text{
			EN: "Finds the policy of a domain (RFC 9989) and, with results of SPF and DKIM, tells\nwhether the mail passes and which policy applies. --from takes the whole value\nof a From header; its domain wins over NAME.",
			JA: "ドメインのポリシーを探し(RFC 9989)、SPFとDKIMの結果があれば、DMARCの検証結果と\n適用されるポリシーを示します。--from にはFromヘッダーの値をそのまま指定でき、\nそのドメインは NAME より優先されます。"},
		example: codes.Text{
			EN: "  todoku check dmarc example.jp\n  todoku check dmarc --from 'News <news@example.jp>' --spf pass:esp.example --dkim pass:example.jp",
			JA: "  todoku check dmarc example.jp\n  todoku check dmarc --from '広報 <news@example.jp>' --spf pass:esp.example --dkim pass:example.jp"},
		maxArgs: 1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if s.targets, err = a.dmarcTarget(&o, auth, args); err != nil {
			return err
		}
		s.checks = []*diag.Check{check.DMARC(o)}
		return a.survey(c.Context(), s)
	}
	fs := c.Flags()
	fs.Var(valueOf(&auth.From, parseGiven, "VALUE"), "from", a.t(codes.Text{
		EN: "value of the From header: address, name, several", JA: "Fromヘッダーの値(表示名や複数のアドレスも可)"}))
	fs.Var(listOf(&auth.SPF, parseAuth("pass", "fail", "softfail", "neutral", "none", "temperror", "permerror", "policy"),
		"RESULT:DOMAIN"), "spf", a.t(codes.Text{
		EN: "what SPF said, such as pass:example.jp", JA: "SPFの結果(例: pass:example.jp)"}))
	fs.Var(listOf(&auth.DKIM, parseAuth("pass", "fail", "neutral", "none", "temperror", "permerror", "policy"),
		"RESULT:DOMAIN"), "dkim", a.t(codes.Text{
		EN: "what a DKIM signature said, and its d= (repeatable)", JA: "DKIM署名の検証結果と d= のドメイン(複数指定可)"}))
	a.addTrust(c, &s)
	return c
}

// dmarcTarget decides whose policy is looked for: the author's domain, else
// NAME.
func (a *app) dmarcTarget(o *check.DMARCOptions, auth dmarc.Input, args []string) (*targets, error) {
	given := auth.From != "" || len(auth.SPF)+len(auth.DKIM) > 0
	if auth.From == "" && len(args) == 0 {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no domain to evaluate", JA: "評価するドメインがありません"}),
			codes.Say(codes.Text{EN: "give NAME or --from ADDR", JA: "NAME または --from ADDR を指定してください"}))
	}
	if given {
		o.Auth = &auth
	}
	if auth.From == "" {
		t, err := a.oneTarget(args[0])
		if err == nil {
			auth.From = "postmaster@" + t.named[0].target.ASCII
		}
		return t, err
	}
	domains, err := dmarc.FromDomains(auth.From)
	switch {
	case err == nil:
		return a.oneTarget(domains[0]) // the evaluation looks at all of them
	case len(args) > 0:
		return a.oneTarget(args[0]) // the evaluation says what is wrong with the header
	}
	return nil, &codes.UserError{Place: "--from", Cause: err,
		Says:   codes.Say(codes.Text{EN: "{value} has no domain to evaluate", JA: "{value} に評価できるドメインがありません"}, codes.QuotedStart("value", auth.From, 80)),
		Remedy: codes.Say(codes.Text{EN: "give the value of a From header, such as news@example.jp, or NAME", JA: "news@example.jp のようなFromヘッダーの値、または NAME を指定してください"})}
}
