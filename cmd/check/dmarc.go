package check

import (
	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/dmarc"
)

func NewDMARC(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: 1, found: f, known: &baselineRun{}}
	var auth dmarc.Input
	var o check.DMARCOptions
	c := a.Command(app.About{
		Use:     "dmarc [NAME]",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "one DMARC evaluation, with the walk up the DNS tree", JA: "DMARCを評価し、DNSツリーをたどる経過を示します"},
		Long: codes.Text{
			EN: "Finds the policy of a domain (RFC 9989) and, with results of SPF and DKIM, tells\nwhether the mail passes and which policy applies. --from takes the whole value\nof a From header; its domain wins over NAME.",
			JA: "ドメインのポリシーを探し(RFC 9989)、SPFとDKIMの結果があれば、DMARCの認証結果と\n適用されるポリシーを示します。--from にはFromヘッダーの値をそのまま指定でき、\nそのドメインは NAME より優先されます。"},
		Example: codes.Text{
			EN: "  todoku check dmarc example.jp\n  todoku check dmarc --from 'News <news@example.jp>' --spf pass:esp.example --dkim pass:example.jp",
			JA: "  todoku check dmarc example.jp\n  todoku check dmarc --from '広報 <news@example.jp>' --spf pass:esp.example --dkim pass:example.jp"},
		MaxArgs: 1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if s.targets, err = dmarcTarget(a, &o, auth, args); err != nil {
			return err
		}
		s.checks, s.again = []*diag.Check{check.DMARC(o)}, dmarcAgain(o.Auth)
		return runChecks(c.Context(), a, s)
	}
	fs := c.Flags()
	fs.Var(app.ValueOf(&auth.From, app.ParseNonEmpty, "VALUE"), "from", a.T(codes.Text{
		EN: "value of the From header: address, name, several", JA: "Fromヘッダーの値(表示名や複数のアドレスも可)"}))
	fs.Var(app.ListOf(&auth.SPF, parseAuth("pass", "fail", "softfail", "neutral", "none", "temperror", "permerror", "policy"),
		"RESULT:DOMAIN"), "spf", a.T(codes.Text{
		EN: "what SPF said, such as pass:example.jp", JA: "SPFの結果(例: pass:example.jp)"}))
	fs.Var(app.ListOf(&auth.DKIM, parseAuth("pass", "fail", "neutral", "none", "temperror", "permerror", "policy"),
		"RESULT:DOMAIN"), "dkim", a.T(codes.Text{
		EN: "what a DKIM signature said, and its d= (repeatable)", JA: "DKIM署名の検証結果と d= のドメイン(複数指定可)"}))
	scope.AddTrust(a, c, &s.world.TrustAD)
	addBaselineFlags(a, c, s.known)
	return c
}

// dmarcTarget decides whose policy is looked for: the author's domain, else
// NAME.
func dmarcTarget(a *app.App, o *check.DMARCOptions, auth dmarc.Input, args []string) (*targets, error) {
	given := auth.From != "" || len(auth.SPF)+len(auth.DKIM) > 0
	if auth.From == "" && len(args) == 0 {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no domain to evaluate", JA: "評価するドメインがありません"}),
			codes.Say(codes.Text{EN: "give NAME or --from ADDR", JA: "NAME または --from ADDR を指定してください"}))
	}
	if given {
		o.Auth = &auth
	}
	if auth.From == "" {
		t, err := oneTarget(a, args[0])
		if err == nil {
			auth.From = "postmaster@" + t.sources[0].target.ASCII
		}
		return t, err
	}
	domains, err := dmarc.FromDomains(auth.From)
	switch {
	case err == nil:
		return oneTarget(a, domains[0]) // the evaluation looks at all of them
	case len(args) > 0:
		return oneTarget(a, args[0]) // the evaluation says what is wrong with the header
	}
	return nil, &codes.UserError{Place: "--from", Cause: err,
		Says:   codes.Say(codes.Text{EN: "{value} has no domain to evaluate", JA: "{value} に評価できるドメインがありません"}, codes.QuotedStart("value", auth.From, 80)),
		Remedy: codes.Say(codes.Text{EN: "give the value of a From header, such as news@example.jp, or NAME", JA: "news@example.jp のようなFromヘッダーの値、または NAME を指定してください"})}
}
