package check

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
	changes "todoku/diag/plan"
	"todoku/diag/resolve"
)

// addPlanFlag adds the flag of plans of other tools.
func addPlanFlag(a *app.App, c *cobra.Command, s *checkRun) {
	c.Flags().Var(app.SplitOf(&s.planFiles, nil, app.ParseNonEmpty, "FILE"), "plan", a.T(codes.Text{
		EN: "what if this plan were carried out: Terraform (show\n-json), octoDNS (YAML), DNSControl (preview);\nZONE=FILE names the zone; without NAME: the domains\nof the plan (repeatable)",
		JA: "この変更計画を実行した場合を調べます: Terraform(show\n-json)、octoDNS(YAML)、DNSControl(preview)。\nZONE=FILE でゾーン名を指定できます。NAME を省くと計画\nに含まれるドメインを調べます(複数指定可)"}))
}

// readPlans reads the plans. What of them is not looked at is told.
func (s *checkRun) readPlans(ctx context.Context, a *app.App) error {
	if len(s.planFiles) > 0 && a.Seam != nil {
		return codes.At("--plan", codes.Wrong(codes.Say(codes.Text{EN: "a plan may hold secrets, and would stand in the bundle",
			JA: "変更計画には機密情報が含まれることがあり、バンドルに残せません"}),
			codes.Say(codes.Text{EN: "leave out --bundle, or give the records with --set", JA: "--bundle を外すか、レコードを --set で指定してください"})))
	}
	told := 0
	for _, name := range s.planFiles {
		zone, file := zoneAndFile(name)
		data, err := a.Read(ctx, file, app.Want{Limit: changes.MaxFile, Text: true, Remedy: codes.Text{
			EN: "divide the plan", JA: "計画を分けてください"}})
		if err != nil {
			return a.ReadError(file, err, codes.Text{EN: "the plan cannot be read", JA: "変更計画を読めません"},
				codes.Text{EN: "give a readable file with --plan, or - for standard input", JA: "--plan で読めるファイル、または標準入力の - を指定してください"})
		}
		if file == "-" {
			file = "stdin"
		}
		p, err := changes.Read(data, file, zone)
		if err != nil {
			return err
		}
		for _, passed := range p.Passed {
			if told++; told <= app.MaxComplaints {
				place := p.Place(passed.Line)
				a.Tell(codes.Say(codes.Text{EN: "{place}: {what} is not looked at: {why}", JA: "{place}: {what} は検査しません: {why}"},
					codes.Str("place", place.String()), codes.Start("what", passed.What, 80), codes.Words("why", passed.Why)))
			}
		}
		s.meant = append(s.meant, p)
	}
	if more := told - app.MaxComplaints; more > 0 {
		a.Tell(codes.Say(codes.Text{EN: "and {n} more", JA: "ほか{n}件"}, codes.Num("n", more)))
	}
	return nil
}

// zoneAndFile divides ZONE=FILE. What stands before the sign is a zone only if it is a domain of several labels.
func zoneAndFile(s string) (zone, file string) {
	before, after, found := strings.Cut(s, "=")
	if canon, err := app.ParseDomain(before); found && after != "" && err == nil && strings.Contains(canon, ".") {
		return canon, after
	}
	return "", s
}

// planned are the domains of the plans, where the command line names none. The error is app.ExitOK where they change nothing
// that mail uses.
func (s *checkRun) planned(a *app.App, args []string) ([]string, error) {
	if len(args) > 0 || len(s.meant) == 0 {
		return args, nil
	}
	var names []string
	for _, p := range s.meant {
		names = append(names, p.Names()...)
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) == 0 {
		a.Tell(codes.Say(codes.Text{EN: "the plan changes no record that is looked at", JA: "この計画に、検査の対象となるレコードの変更はありません"}))
		return nil, app.ExitOK
	}
	return names, nil
}

// mends reports whether the run looks at a change that is only meant.
func (s *checkRun) mends() bool { return len(s.sets) > 0 || s.before || len(s.meant) > 0 }

// ofPlans are the sets of the plans, and the zones that are to be as a whole. What was typed with --set wins.
func (s *checkRun) ofPlans(ctx context.Context, today resolve.Resolver) (sets []resolve.Set, zones []*resolve.Zone) {
	type place struct {
		name string
		kind resolve.Type
	}
	taken := map[place]bool{}
	for _, set := range s.sets {
		taken[place{set.Name, set.Type}] = true
	}
	for _, p := range s.meant {
		for _, set := range p.Sets(ctx, today) {
			if at := (place{set.Name, set.Type}); !taken[at] {
				taken[at] = true
				sets = append(sets, set)
			}
		}
		if p.Zone != nil {
			zones = append(zones, p.Zone)
		}
	}
	return sets, zones
}
