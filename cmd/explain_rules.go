package cmd

import (
	"context"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/codes/paste"
)

// loadCatalogue reads the catalogue, and the user's rules before it.
func (a *app) loadCatalogue(ctx context.Context, files []string) (*codes.Catalogue, error) {
	var own []codes.RuleFile
	for _, name := range files {
		f, err := a.readRules(ctx, name)
		if err != nil {
			return nil, err
		}
		own = append(own, f)
	}
	c, err := a.load(own...)
	if err != nil {
		return nil, &codes.UserError{Place: "--rules", Cause: err,
			Says:   codes.Say(codes.Text{EN: "the rules cannot be used", JA: "判定ルールを使用できません"}),
			Remedy: codes.Say(codes.Text{EN: "{command} says where and how to mend them", JA: "修正箇所は {command} で確認できます"}, codes.Typed("command", codes.Todoku("explain", "--validate-rules", "FILE")))}
	}
	return c, nil
}

func (a *app) readRules(ctx context.Context, name string) (codes.RuleFile, error) {
	data, err := a.read(ctx, name, want{limit: codes.MaxRuleFile, text: true, less: codes.Text{EN: "split it into several files: --rules may be repeated", JA: "複数のファイルに分けてください(--rules は複数指定できます)"}})
	if err != nil {
		return codes.RuleFile{}, a.unread(name, err, codes.Text{EN: "the rules cannot be read", JA: "判定ルールを読めません"},
			codes.Text{EN: "give a YAML file with a list of rules", JA: "判定ルールの一覧を書いたYAMLファイルを指定してください"})
	}
	return codes.RuleFile{Name: name, Data: data}, nil
}

// rulesVerdict is what --validate-rules found (schema todoku/rules-check/1).
type rulesVerdict struct {
	File     string        `json:"file"`
	Rules    int           `json:"rules"`
	Problems []ruleProblem `json:"problems"`
}

// Lines says that all is well: problems are told as errors.
func (v rulesVerdict) Lines(_ *page.Out, o page.Options) string {
	return page.Clean(page.Message(codes.Say(codes.Text{EN: "{file}: {n} rules are fine, and each example reaches its rule",
		JA: "{file}: {n}件のルールに問題はありません。例文もすべて該当するルールで判定されます"}, codes.Str("file", v.File), codes.Num("n", v.Rules)), o.Lang)) + "\n"
}

type ruleProblem struct {
	Line    int    `json:"line"` // 0: the file as a whole
	Message string `json:"message"`
	Fix     string `json:"fix"`
}

// validateRules says what is wrong with a file of rules, or how many are fine.
func (a *app) validateRules(ctx context.Context, name string) error {
	form, err := formOf(a, report.Lists)
	if err != nil {
		return err
	}
	f, err := a.readRules(ctx, name)
	if err != nil {
		return err
	}
	known, err := a.load()
	if err != nil {
		return err
	}
	rules, faults := known.Validate(f, func(example string) (codes.Reply, codes.Context) {
		p := paste.Parse(example)
		return p.Reply, p.Context
	})
	out := rulesVerdict{File: name, Rules: rules, Problems: []ruleProblem{}}
	for i, fault := range faults {
		if i < maxComplaints {
			a.complain(&fault.UserError)
		}
		out.Problems = append(out.Problems, ruleProblem{fault.Line, page.Message(fault.Says, a.lang), page.Message(fault.Remedy, a.lang)})
	}
	if more := len(faults) - maxComplaints; more > 0 {
		a.tell(codes.Say(codes.Text{EN: "and {n} more", JA: "ほか{n}件"}, codes.Num("n", more)))
	}
	if len(faults) > 0 && !form.Format.ForPrograms() {
		return exitUsage
	}
	err = printOne[report.List](ctx, a, form, out, a.styleOfOne)
	if err == nil && len(faults) > 0 {
		return exitUsage
	}
	return err
}
