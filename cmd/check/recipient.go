package check

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

func NewRecipient(a *app.App, f *app.Findings) *cobra.Command {
	s := checkRun{found: f, known: &baselineRun{}}
	var o check.SMTPOptions
	c := a.Command(app.About{
		Use:     "recipient ADDR…",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
		Formats: report.Reports.Formats(),
		Short:   codes.Text{EN: "the receiving side of an address: does it take mail now?", JA: "宛先側を検査します(いまメールを受け取れるか)"},
		Long: codes.Text{
			EN: "Looks at the address (form, slips in the names of well-known providers), at the\nMX route of its domain, and at each mail server of it: connection, greeting,\nEHLO, STARTTLS with its certificate, postmaster; and at what senders do with it\nthat apply MTA-STS or DANE. No message is sent.\n\nThe recipient itself is asked about only with --rcpt, together with a name that\ncannot exist, which tells a domain that takes every name. A server that refuses\nus, or a port 25 that is blocked here, is unknown, never their fault. ADDR may\nalso be @FILE with one address a line, or - for standard input.",
			JA: "アドレス(書式、有名なドメインの入力誤り)、ドメインのMX、各メールサーバー(接続、\n応答、EHLO、STARTTLSと証明書、postmaster)を検査し、MTA-STSやDANEを適用する\n送信側が配送するかどうかを示します。メールは送信しません。\n\n宛先そのものは --rcpt を付けた場合だけ、存在しない名前とともに問い合わせ、\nどの名前でも受け付けるドメインかを判別します。検査を実行した環境が拒否された\n場合や、25番ポートが遮断されている場合は「確認できず」とします。1行に\n1アドレスを書いた @FILE や、標準入力の - も指定できます。"},
		Example: codes.Text{
			EN: "  todoku check recipient user@example.jp\n  todoku check recipient user@example.jp --rcpt\n  todoku --lab check recipient user@cert-expired.test --format json",
			JA: "  todoku check recipient user@example.jp\n  todoku check recipient user@example.jp --rcpt\n  todoku --lab check recipient user@cert-expired.test --format json"},
		MinArgs: 1, MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return checkRecipient(ctx, a, s, o, args) })
	fs := c.Flags()
	addBaselineFlags(a, c, s.known)
	scope.AddTrust(a, c, &s.world.TrustAD)
	fs.BoolVar(&o.Rcpt, "rcpt", false, a.T(codes.Text{
		EN: "ask the servers about the recipient, too", JA: "宛先そのものについても問い合わせます"}))
	fs.Var(app.ValueOf(&s.world.Helo, app.ParseHelo, "NAME"), "helo", a.T(codes.Text{
		EN: "our name in EHLO (default: this host's)", JA: "EHLOで名乗る名前(既定はこのホストの名前)"}))
	return c
}

func checkRecipient(ctx context.Context, a *app.App, s checkRun, o check.SMTPOptions, args []string) (err error) {
	if s.targets, err = parseTargetsAs(ctx, a, addressTarget, args); err != nil {
		return err
	}
	for _, arg := range args {
		if address := bareAddress(arg); !strings.HasPrefix(arg, "@") && !strings.Contains(arg, address) {
			a.Tell(codes.Say(codes.Text{EN: "full-width characters were read as half-width ones: {value}", JA: "全角文字を半角に直して検査しました: {value}"}, codes.Str("value", address)))
		}
	}
	s.checks, s.again = check.Recipient(o), recipientAgain(o)
	s.workers = 16 // each of them talks to several servers
	if s.world.Replies, err = a.Load(); err != nil {
		return err
	}
	return runChecks(ctx, a, s)
}

// bareAddress is an address without the name before it, in half-width characters.
func bareAddress(arg string) string {
	arg = app.Narrow(arg)
	if i := strings.LastIndexByte(arg, '<'); i >= 0 && strings.HasSuffix(arg, ">") {
		arg = arg[i+1 : len(arg)-1]
	}
	return arg
}

// addressTarget understands an address as people write it.
func addressTarget(arg string) (diag.Target, error) {
	arg = bareAddress(arg)
	_, err := app.ParseDomain(arg[strings.LastIndexByte(arg, '@')+1:])
	t, bad := diag.AddressTarget(arg)
	if err != nil || bad != nil {
		return diag.Target{}, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no mail address", JA: "{value} はメールアドレスではありません"}, codes.Quoted("value", arg)),
			codes.Say(codes.Text{EN: "write it as name@example.jp", JA: "name@example.jp の形で指定してください"}))
	}
	if t.Name == t.ASCII || t.Name[0] == '@' {
		return t, codes.Wrong(codes.Say(codes.Text{EN: "{value} is a domain, not an address", JA: "{value} はドメインで、メールアドレスではありません"}, codes.Quoted("value", arg)),
			codes.Say(codes.Text{EN: "write name@{domain}; for the sending side of the domain: {command}", JA: "name@{domain} の形で指定してください。ドメインの送信側は {command} で検査できます"}, codes.Str("domain", t.ASCII), codes.Typed("command", codes.Todoku("check", "domain", "DOMAIN").With(codes.PlaceDomain, t.ASCII))))
	}
	return t, nil
}
