package check

import (
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/spf"
)

func NewSPF(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{workers: 1, found: f, known: &baselineRun{}}
	o := check.SPFOptions{Evaluate: true}
	c := a.Command(app.About{
		Use:     "spf [NAME]",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "one SPF evaluation, with the tree of includes and its cost", JA: "SPFを評価し、includeのツリーと問い合わせ回数を示します"},
		Long: codes.Text{
			EN: "Evaluates SPF as a receiver does (RFC 7208). The domain is that of --mail-from;\nelse NAME; else that of --helo. An empty --mail-from means the null sender of\nbounces: the HELO name is checked then.",
			JA: "受信側と同じ方法でSPFを評価します(RFC 7208)。対象は --mail-from のドメイン、\nなければ NAME、それもなければ --helo の名前です。空の --mail-from は\nバウンスメールの送信者を表し、HELO の名前を検査します。"},
		Example: codes.Text{
			EN: "  todoku check spf example.jp --ip 192.0.2.7\n  todoku check spf --mail-from news@example.jp --ip 192.0.2.7 --helo out.example.jp",
			JA: "  todoku check spf example.jp --ip 192.0.2.7\n  todoku check spf --mail-from news@example.jp --ip 192.0.2.7 --helo out.example.jp"},
		MaxArgs: 1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if s.targets, err = spfTarget(a, &o, args, c.Flags().Changed("mail-from")); err != nil {
			return err
		}
		s.checks, s.again = []*diag.Check{check.SPF(o)}, spfAgain(o, s.targets.sources[0].target)
		return runChecks(c.Context(), a, s)
	}
	fs := c.Flags()
	scope.AddSending(a, c, &o)
	scope.AddTrust(a, c, &s.world.TrustAD)
	addBaselineFlags(a, c, s.known)
	fs.Var(app.ValueOf(&o.MailFrom, app.ParseAny, "ADDR"), "mail-from", a.T(codes.Text{
		EN: "envelope sender: user@domain, @domain, domain, empty", JA: "エンベロープ送信者: user@domain、@domain、\ndomain、または空"}))
	scope.AddHELO(a, c, &o)
	return c
}

// spfTarget decides whose record is evaluated, and sees to it that the options
// name the identity: an empty MAIL FROM stays empty only where HELO is meant.
func spfTarget(a *app.App, o *check.SPFOptions, args []string, nullSender bool) (*targets, error) {
	if len(args) == 1 {
		targets, err := oneTarget(a, args[0])
		switch {
		case err != nil:
			return nil, err
		case o.MailFrom == "" && !nullSender:
			o.MailFrom = targets.sources[0].target.ASCII
		case o.MailFrom == "" && o.HELO == "":
			o.HELO = targets.sources[0].target.ASCII
		}
	}
	q := spf.Query{MailFrom: o.MailFrom, HELO: o.HELO}
	_, domain := q.Sender()
	if o.MailFrom == "" && o.HELO == "" {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "there is no domain to evaluate", JA: "評価するドメインがありません"}),
			codes.Say(codes.Text{EN: "give NAME, --mail-from ADDR or --helo NAME", JA: "NAME、--mail-from ADDR、--helo NAME のいずれかを指定してください"}))
	}
	if t, err := oneTarget(a, domain); err == nil {
		return t, nil
	}
	// Mail comes with anything there: RFC 7208 §4.3 makes it none.
	return &targets{app: a, sources: []source{{target: diag.Target{Kind: "domain", Name: domain, ASCII: domain}}}}, nil
}

// oneTarget makes the targets of a single domain.
func oneTarget(a *app.App, name string) (*targets, error) {
	if file, isList := strings.CutPrefix(name, "@"); isList && a.IsFile(file) {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "{value} is a list, and this command looks at one domain", JA: "{value} はリストです。このコマンドが調べるドメインは1つです"}, codes.Quoted("value", name)),
			codes.Say(codes.Text{EN: "{command} takes lists", JA: "リストには {command} を使用してください"}, codes.Typed("command", codes.Todoku("check", "domain", "FILE").With(codes.PlaceFile, name))))
	}
	t, err := app.DomainTarget(name)
	return &targets{app: a, sources: []source{{target: t}}}, err
}
