package app

import (
	"context"

	"todoku/codes"
)

// LoadCatalogue reads the catalogue with the user's rule files (--rules), whose rules are tried first. The error is a
// *codes.UserError.
func (a *App) LoadCatalogue(ctx context.Context, files []string) (*codes.Catalogue, error) {
	var own []codes.RuleFile
	for _, name := range files {
		f, err := a.ReadRules(ctx, name)
		if err != nil {
			return nil, err
		}
		own = append(own, f)
	}
	c, err := a.Load(own...)
	if err != nil {
		return nil, &codes.UserError{Place: "--rules", Cause: err,
			Says:   codes.Say(codes.Text{EN: "the rules cannot be used", JA: "判定ルールを使用できません"}),
			Remedy: codes.Say(codes.Text{EN: "{command} says where and how to mend them", JA: "修正箇所は {command} で確認できます"}, codes.Typed("command", codes.Todoku("explain", "--validate-rules", "FILE")))}
	}
	return c, nil
}

// ReadRules reads a file of rules without looking at its rules; name "-" is standard input.
func (a *App) ReadRules(ctx context.Context, name string) (codes.RuleFile, error) {
	data, err := a.Read(ctx, name, Want{Limit: codes.MaxRuleFile, Text: true, Remedy: codes.Text{EN: "split it into several files: --rules may be repeated", JA: "複数のファイルに分けてください(--rules は複数指定できます)"}})
	if err != nil {
		return codes.RuleFile{}, a.ReadError(name, err, codes.Text{EN: "the rules cannot be read", JA: "判定ルールを読めません"},
			codes.Text{EN: "give a YAML file with a list of rules", JA: "判定ルールの一覧を書いたYAMLファイルを指定してください"})
	}
	return codes.RuleFile{Name: name, Data: data}, nil
}
