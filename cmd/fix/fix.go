// Package fix holds the command that prints the records of all fixes of a domain.
package fix

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/fix"
	"todoku/diag/world"
)

// New makes the command `fix`.
func New(a *app.App) *cobra.Command {
	var d scope.Domain
	as := string(report.FixZone)
	var c *cobra.Command
	c = a.Command(app.About{
		Use:     "fix [NAME]",
		Uses:    []string{usage.World, usage.Bundle, usage.Checks, usage.FailOn},
		Formats: report.Fixes.Formats(),
		Short:   codes.Text{EN: "the records that mend a domain, ready to publish", JA: "ドメインの問題を解決するレコードを、公開できる形で出力します"},
		Long: codes.Text{
			EN: "Runs the checks of `todoku check domain` and prints the records of all fixes, in\none form. Each record set is whole: other records of the same name and type\nstay in it. The checks run again with the records in place; what stays, and what\nno record mends, is told. Nothing is published.\n\n--as chooses the form:\n\n  zone        lines of a zone file (RFC 1035); what stands now is a comment\n  terraform   resources aws_route53_record; the ids of the zones are values of\n              the variable zone_ids\n  route53     the change batch of Amazon Route 53 (UPSERT), as JSON\n  cloudflare  the body of Cloudflare's batch of DNS records, as JSON; where a\n              record is replaced, its id has to be filled in: <id of: …>\n  octodns     names of the zone for the YAML files of octoDNS\n\nroute53 and cloudflare are for one zone; what belongs to another zone, or needs a\nword, is told on standard error. The TTL is that of the records that stand now\n(at least 300 seconds), else 3600. --format json, also by -o FILE.json, is a\ndocument about the plan, which holds the chosen form as text.",
			JA: "todoku check domain と同じ検査を行い、すべての修正案のレコードを1つの形式で出力\nします。レコードセット全体を出力し、同じ名前・種別の他のレコードもそのまま残し\nます。修正後のレコードでもう一度検査し、残る問題や、レコードの変更だけでは解決\nしない問題も示します。DNSへの公開は行いません。\n\n--as で形式を選びます。\n\n  zone        ゾーンファイルの行(RFC 1035)。現在のレコードはコメントで示します\n  terraform   aws_route53_record リソース。ゾーンIDは変数 zone_ids で指定します\n  route53     Amazon Route 53 の変更バッチ(UPSERT)のJSON\n  cloudflare  CloudflareのDNSレコード一括変更のJSON。置き換えるレコードのIDは\n              <id of: …> の箇所に記入してください\n  octodns     octoDNSのYAMLファイルに書く、ゾーン内の名前\n\nroute53 と cloudflare は1つのゾーンが対象です。別のゾーンのレコードや注意事項は\n標準エラー出力に示します。TTLは現在のレコードの値(300秒以上)、新しいレコードでは\n3600秒です。--format json(-o FILE.json を含む)は変更計画全体の文書で、選んだ形式も\n文字列として含みます。"},
		Example: codes.Text{
			EN: "  todoku fix example.jp --ip 192.0.2.7\n  todoku fix example.jp --only spf,dmarc --as route53 > changes.json\n  todoku --lab fix two-spf.test --as octodns",
			JA: "  todoku fix example.jp --ip 192.0.2.7\n  todoku fix example.jp --only spf,dmarc --as route53 > changes.json\n  todoku --lab fix two-spf.test --as octodns"},
		MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		if len(args) == 0 && a.Settings != nil && len(a.Settings.Domains) == 1 {
			args = []string{a.Settings.Domains[0].Target.ASCII}
		}
		if err := usage.CountArgs(c, args, 1, 1); err != nil {
			return err
		}
		return print(ctx, a, &d, report.FixForm(as), args[0])
	})
	c.ValidArgsFunction = scope.CompleteDomains(a)
	d.AddFlags(a, c)
	c.Flags().Var(app.ValueOf(&as, app.OneOf(report.FixForms()...), "FORM"), "as", a.T(codes.Text{
		EN: "zone, terraform, route53, cloudflare or octodns\n(default zone)", JA: "zone、terraform、route53、cloudflare、octodns\n(既定は zone)"}))
	_ = app.CompleteFlag(a, c, "as", cobra.FixedCompletions(report.FixForms(), cobra.ShellCompDirectiveNoFileComp))
	return c
}

// print makes the plan of a domain and prints it.
func print(ctx context.Context, a *app.App, d *scope.Domain, as report.FixForm, name string) error {
	target, err := app.DomainTarget(name)
	if err != nil {
		return err
	}
	if err := d.Fill(a, a.Settings.Domain(target.ASCII)); err != nil {
		return err
	}
	form, err := app.FormOf(a, report.Fixes)
	if err != nil {
		return err
	}
	checks, err := d.Checks(ctx, a)
	if err != nil {
		return err
	}
	if checks, err = scope.Select(a, checks); err != nil {
		return err
	}
	if err := d.TakeSelectors(target.ASCII); err != nil {
		return err
	}
	o := world.Options{TrustAD: d.TrustAD}
	if d.Receiving {
		if o.Replies, err = a.Load(); err != nil {
			return err
		}
	}
	w, err := a.OpenWorld(ctx, o)
	if err != nil {
		return err
	}
	defer w.Close()
	env := w.Run()
	env.Eager = true
	stopWaiting := a.ShowWaiting()
	found := diag.Run(ctx, env, target, checks)
	except := scope.Exceptions(a)
	except.Apply(found)
	plan := fix.Make(ctx, env, checks, found)
	if plan.After != nil {
		except.Apply(plan.After)
	}
	stopWaiting()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	f := report.Fix{Plan: plan, As: as}
	if err := app.PrintOne(ctx, a, form, f, a.StyleOfOne); err != nil {
		return err
	}
	tell(a, f, form.Format.ForPrograms())
	if status := a.Global.FailOn.Exit(f.Status()); status != app.ExitOK {
		return status
	}
	return nil
}

// tell says on standard error what could not be looked at, and what a form without comments could not say.
func tell(a *app.App, f report.Fix, program bool) {
	for _, line := range report.FixUnknown(f, a.Lang) {
		a.Tell(codes.Say(codes.Text{EN: "not looked at, so there may be more to mend: {what}", JA: "確認できないため、他にも修正が必要な可能性があります: {what}"}, codes.Str("what", line)))
	}
	if program || f.As.Comments() {
		return
	}
	if len(f.Changes) == 0 {
		a.Tell(codes.Say(codes.Text{EN: "no record to change", JA: "変更するレコードはありません"}))
	}
	for _, line := range report.FixNotes(f, a.Lang) {
		a.Tell(codes.Say(codes.Text{EN: "{note}", JA: "{note}"}, codes.Str("note", line)))
	}
}
