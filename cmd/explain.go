package cmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/codes"
	"todoku/diag"
)

func newExplain(a *app) *cobra.Command {
	list := false
	c := a.command(page{
		use:     "explain RULE-ID",
		short:   codes.Text{EN: "what a finding means, why it matters and how to mend it", JA: "指摘の意味、影響、解決方法を説明します"},
		long:    codes.Text{EN: "Explains a rule by the id that reports show beside a finding. Asks nobody.\ntodoku/report/1 prints the JSON schema of reports.", JA: "検査結果に表示されるルールIDについて説明します。どこにも問い合わせません。\ntodoku/report/1 を指定すると、レポートのJSONスキーマを表示します。"},
		example: codes.Text{EN: "  todoku explain spf-lookups\n  todoku explain --list\n  todoku explain todoku/report/1", JA: "  todoku explain spf-lookups\n  todoku explain --list\n  todoku explain todoku/report/1"},
		exit: []exitLine{
			{exitOK, codes.Text{EN: "explained", JA: "説明しました"}},
			{exitWrong, codes.Text{EN: "nothing matches", JA: "該当するものがありません"}},
		},
		maxArgs: 1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		if list {
			return a.listRules()
		}
		if err := countArgs(c, args, 1, 1); err != nil {
			return err
		}
		return a.explain(args[0])
	}
	c.Flags().BoolVar(&list, "list", false, a.t(codes.Text{EN: "list all rules", JA: "すべてのルールを一覧表示します"}))
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return ruleIDs(), cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

func ruleIDs() []string {
	var ids []string
	for _, r := range diag.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// explain tells what is known of an id. Nothing known is an answer too: status
// 1, and what it may have been.
func (a *app) explain(what string) error {
	if what == report.SchemaName {
		return a.write(func(w io.Writer) error { _, err := io.WriteString(w, report.Schema()); return err })
	}
	for _, r := range diag.Rules() {
		if r.ID == what {
			return a.show(what, r)
		}
	}
	if a.format() != "text" {
		if err := a.show(what, nil); err != nil {
			return err
		}
	}
	a.complain(misuse(say(codes.Text{EN: "nothing matches %q (looked among %d rule ids)", JA: "%q に該当するものはありません(%d件のルールIDを調べました)"}, what, len(diag.Rules())),
		didYouMean(what, "", ruleIDs(), say(codes.Text{EN: "todoku explain --list shows all", JA: "todoku explain --list で一覧を確認できます"}))))
	return exitWrong
}

func (a *app) show(what string, r *diag.Rule) error {
	if _, err := oneOf("text", "json", "ndjson")(a.format()); err != nil {
		return at("--format", err)
	}
	return a.write(func(w io.Writer) error { return report.Explain(a.format(), w, a.style(w, false), what, r) })
}

// ruleLine is a rule in the list (schema todoku/rules/1).
type ruleLine struct {
	Rule     string   `json:"rule"`
	Severity string   `json:"severity"`
	Ref      string   `json:"ref"`
	Codes    []string `json:"codes"`
}

func (a *app) listRules() error {
	return a.deliver(func(w io.Writer) error {
		for _, r := range diag.Rules() {
			if _, err := fmt.Fprintf(w, "%-24s %-5s %s\n", r.ID, r.Severity, r.Ref); err != nil {
				return err
			}
		}
		return nil
	}, func() any {
		lines := []ruleLine{}
		for _, r := range diag.Rules() {
			lines = append(lines, ruleLine{r.ID, r.Severity.String(), r.Ref, append([]string{}, r.Codes...)})
		}
		return lines
	})
}
