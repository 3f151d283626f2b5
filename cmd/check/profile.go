package check

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/scope"
	"todoku/cmd/settings"
	"todoku/codes"
	"todoku/diag/campaign"
	"todoku/diag/check"
	"todoku/diag/world"
)

// addProfileFlag adds the flag that holds a domain against what providers ask for.
func addProfileFlag(a *app.App, c *cobra.Command, profiles *[]string) {
	c.Flags().Var(app.SplitOf(profiles, func(s string) []string { return strings.Split(s, ",") }, settings.ParseProfile, "ID,…"),
		"profile", a.T(codes.Text{
			EN: "what these providers ask of bulk senders instead:\ngmail, outlook, docomo …, or all", JA: "代わりに、これらの事業者が大量送信者に求める要件を\n検査します: gmail、outlook、docomo …、または all"}))
	_ = app.CompleteFlag(a, c, "profile", func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndexByte(typed, ',')+1]
		var out []string
		for _, id := range settings.ProfileIDs() {
			out = append(out, before+id)
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

// profilesOf are the profiles of a run: those of --profile, else of what the config file says of the domain. A value of the file
// is for a single domain: where there are several, it is passed over.
func profilesOf(a *app.App, ts *targets, flag []string) ([]string, error) {
	if ts.isList() {
		if a.Filled("profile") {
			return nil, nil
		}
		return flag, nil
	}
	v, ok := a.Settings.Domain(ts.sources[0].target.ASCII).Value("profile")
	if !ok || !scope.Open(a, "profile") {
		return flag, nil
	}
	a.Origins["profile"] = app.Origin{Kind: app.FromDomain, Place: v.Place}
	var out []string
	for _, text := range v.Texts {
		id, err := settings.ParseProfile(text)
		if err != nil {
			return nil, codes.At(v.Place, err)
		}
		out = append(out, id)
	}
	return out, nil
}

// profile holds one domain against what providers ask for.
func profile(ctx context.Context, a *app.App, s checkRun, d *scope.Domain, profiles []string) error {
	o, all := d.DomainOptions, d.Everything
	defer s.targets.close()
	if s.targets.isList() {
		return codes.At("--profile", codes.Wrong(codes.Say(codes.Text{EN: "it takes one domain", JA: "ドメインは1つだけ指定できます"}), codes.Message{}))
	}
	for _, f := range []struct {
		name string
		used bool
	}{{"only", len(a.Global.Only) > 0}, {"skip", len(a.Global.Skip) > 0}, {"require-include", len(o.SPF.RequireIncludes) > 0},
		{"all-selectors", o.DKIM.AllSelectors}, {"blocklist", len(o.DNSBL.Lists) > 0}, {"all", all}, {"receiving", o.Receiving && !all},
		{"authoritative", o.Authoritative && !all}, {"bimi-roots", d.MarkRoots != ""}, {"baseline", s.known.file != ""},
		{"set", len(s.sets) > 0}, {"before", s.before}, {"plan", len(s.meant) > 0}, {"traffic", len(s.sent.inputs) > 0}} {
		if f.used && !a.Filled(f.name) && a.Filled("profile") { // what is typed counts
			return runChecks(ctx, a, s)
		}
		if f.used && !a.Filled(f.name) {
			return codes.At("--"+f.name, codes.Wrong(codes.Say(codes.Text{EN: "--profile has no use for it", JA: "--profile と同時には使えません"}),
				codes.Say(codes.Text{EN: "leave it out: the providers decide what is looked at", JA: "このフラグを外してください(調べる内容は事業者の要件で決まります)"})))
		}
	}
	t := s.targets.sources[0].target
	c := &campaign.Campaign{From: "postmaster@" + t.ASCII, Domain: t.ASCII, HELO: o.SPF.HELO, IPs: o.SPF.IPs, Guess: true}
	if err := takeSelectors(c, o.DKIM.Selectors); err != nil {
		return err
	}
	form, err := app.FormOf(a, report.Campaigns)
	if err != nil {
		return err
	}
	w, err := a.OpenWorld(ctx, world.Options{TrustAD: s.world.TrustAD})
	if err != nil {
		return err
	}
	defer w.Close()
	env := w.Run()
	if slices.Contains(profiles, settings.AllProfiles) {
		profiles = nil
	}
	r := &campaignRun{App: a, campaign: c, again: profileAgain(t.ASCII, o, profiles),
		options: campaign.Options{Profiles: profiles, Bulk: true, Now: env.Now()}}
	return r.judge(ctx, env, form)
}

// profileAgain is the command to look again.
func profileAgain(domain string, o check.DomainOptions, profiles []string) codes.Command {
	if profiles == nil {
		profiles = []string{settings.AllProfiles}
	}
	return domainAgain(o).With(codes.PlaceDomain, domain).And(
		codes.Command{Args: []codes.Arg{codes.Arg{Flag: "--profile", Place: codes.PlaceReply}.With(strings.Join(profiles, ","))}})
}
