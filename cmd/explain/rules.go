package explain

import (
	"context"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/codes/paste"
)

// rulesVerdict is what --validate-rules found (schema todoku/rules-check/1).
type rulesVerdict struct {
	File     string        `json:"file"`
	Rules    int           `json:"rules"`
	Problems []ruleProblem `json:"problems"`
}

// Lines says that all is well: problems are told as errors.
func (v rulesVerdict) Lines(_ *page.Out, o page.Options) string {
	if v.Rules == 1 {
		return page.Clean(page.Message(codes.Say(codes.Text{EN: "{file}: 1 rule is fine, and its example reaches it",
			JA: "{file}: 1件のルールに問題はありません。例文もこのルールで判定されます"}, codes.Str("file", v.File)), o.Lang)) + "\n"
	}
	return page.Clean(page.Message(codes.Say(codes.Text{EN: "{file}: {n} rules are fine, and each example reaches its rule",
		JA: "{file}: {n}件のルールに問題はありません。例文もすべて該当するルールで判定されます"}, codes.Str("file", v.File), codes.Num("n", v.Rules)), o.Lang)) + "\n"
}

type ruleProblem struct {
	Line    int    `json:"line"` // 0: the file as a whole
	Message string `json:"message"`
	Fix     string `json:"fix"`
}

// validateRules says what is wrong with a file of rules, or how many are fine.
func validateRules(ctx context.Context, a *app.App, name string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	f, err := a.ReadRules(ctx, name)
	if err != nil {
		return err
	}
	known, err := a.Load()
	if err != nil {
		return err
	}
	rules, faults := known.Validate(f, func(example string) (codes.Reply, codes.Context) {
		p := paste.Parse(example)
		return p.Reply, p.Context
	})
	out := rulesVerdict{File: name, Rules: rules, Problems: []ruleProblem{}}
	for i, fault := range faults {
		if i < app.MaxComplaints {
			a.Complain(&fault.UserError)
		}
		out.Problems = append(out.Problems, ruleProblem{fault.Line, page.Message(fault.Says, a.Lang), page.Message(fault.Remedy, a.Lang)})
	}
	if more := len(faults) - app.MaxComplaints; more > 0 {
		a.Tell(codes.Say(codes.Text{EN: "and {n} more", JA: "ほか{n}件"}, codes.Num("n", more)))
	}
	if len(faults) > 0 && !form.Format.ForPrograms() {
		return app.ExitUsage
	}
	err = app.PrintOne[report.List](ctx, a, form, out, a.StyleOfOne)
	if err == nil && len(faults) > 0 {
		return app.ExitUsage
	}
	return err
}
