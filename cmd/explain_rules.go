package cmd

import (
	"io"
	"os"

	"todoku/codes"
)

// loadCatalogue reads the catalogue, and the user's rules before it.
func (a *app) loadCatalogue(files []string) (*codes.Catalogue, error) {
	var own []codes.RuleFile
	for _, name := range files {
		f, err := readRules(name)
		if err != nil {
			return nil, err
		}
		own = append(own, f)
	}
	c, err := codes.Load(codes.Files, own...)
	if err != nil {
		return nil, &usageError{place: "--rules", cause: err,
			says: say(codes.Text{EN: "the rules cannot be used", JA: "判定ルールを使用できません"}),
			fix:  say(codes.Text{EN: "todoku explain --validate-rules FILE says what to mend", JA: "todoku explain --validate-rules FILE で修正箇所を確認できます"})}
	}
	return c, nil
}

func readRules(name string) (codes.RuleFile, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return codes.RuleFile{}, &usageError{place: name, cause: bare(err),
			says: say(codes.Text{EN: "the rules cannot be read", JA: "判定ルールを読めません"}),
			fix:  say(codes.Text{EN: "give a YAML file of rules", JA: "判定ルールのYAMLファイルを指定してください"})}
	}
	return codes.RuleFile{Name: name, Data: data}, nil
}

func (a *app) validateRules(name string) error {
	f, err := readRules(name)
	if err != nil {
		return err
	}
	c, err := codes.Load(codes.Files, f)
	if err != nil {
		return err
	}
	_ = c
	return a.write(func(w io.Writer) error { _, err := io.WriteString(w, "ok\n"); return err })
}
