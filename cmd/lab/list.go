package lab

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide/explain"
	"todoku/diag/lab"
)

func newLabList(a *app.App) *cobra.Command {
	c := a.Command(app.About{
		Use:     "list [WORD…]",
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "list the domains of the lab", JA: "ラボのドメインを一覧表示します"},
		Long: codes.Text{
			EN: "Shows each situation, the delivery code that it leads to and the command to try.\nWith words, only those that have all of them: a group such as spf, a delivery\ncode, or a word of the name or of the situation.",
			JA: "それぞれの状況、メール配信コード、試すためのコマンドを表示します。WORD を指定\nすると、グループ(spf など)、メール配信コード、名前や状況の文字列がすべて一致\nするものに絞り込みます。"},
		Example: codes.Text{EN: "  todoku lab list\n  todoku lab list spf\n  todoku lab list 42550 --format json", JA: "  todoku lab list\n  todoku lab list spf\n  todoku lab list 42550 --format json"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "listed", JA: "表示しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "nothing matches", JA: "該当するものがありません"}},
		},
		MaxArgs: -1,
	}, func(ctx context.Context, words []string) error { return listLab(ctx, a, words) })
	c.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return groupIDs(), cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

func listLab(ctx context.Context, a *app.App, words []string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	lines := listScenarios(a, words)
	if len(lines) > 0 || form.Format.ForPrograms() {
		if err = app.PrintOne[report.List](ctx, a, form, lines, a.StyleOfOne); err != nil || len(lines) > 0 {
			return err
		}
	}
	ids := groupIDs()
	a.Complain(codes.Wrong(codes.Say(codes.Text{EN: "no situation of the lab has {words}", JA: "{words} に該当する状況はラボにありません"},
		codes.QuotedStart("words", strings.Join(words, " "), 60)),
		codes.DidYouMean(words[0], "", ids, codes.Say(codes.Text{EN: "groups: {names}", JA: "グループ: {names}"}, codes.List("names", ids)))))
	return app.ExitWrong
}

func groupIDs() []string {
	var ids []string
	for _, g := range lab.ScenarioGroups() {
		ids = append(ids, g.ID)
	}
	return ids
}

// labLine is one scenario as scripts see it (docs/json.md).
type labLine struct {
	Group        string   `json:"group"`
	Name         string   `json:"name"`
	Situation    string   `json:"situation"`
	DeliveryCode string   `json:"delivery_code"`
	Address      string   `json:"address"`
	Command      string   `json:"command"`
	Argv         []string `json:"argv"` // of Command
}

// labLines are scenarios.
type labLines []labLine

// listScenarios lists the scenarios that have all of the words.
func listScenarios(a *app.App, words []string) labLines {
	words = slices.Clone(words)
	for i, w := range words {
		words[i] = explain.Fold(w)
	}
	lines := labLines{}
	add := func(s lab.Scenario) {
		text := explain.Fold(strings.Join([]string{s.Name, s.Situation.EN, s.Situation.JA, s.DeliveryCode, s.Reason}, "\n"))
		if !slices.ContainsFunc(words, func(w string) bool { return w != s.Group && !strings.Contains(text, w) }) {
			lines = append(lines, labLine{s.Group, s.Name, a.T(s.Situation), s.DeliveryCode, s.Address, page.Command(s.Command), s.Command.Argv()})
		}
	}
	for _, s := range slices.Concat(lab.Scenarios(), lab.SendScenarios(), lab.SampleScenarios()) {
		add(s)
	}
	for _, s := range lab.Campaigns() {
		add(s.Scenario)
	}
	for _, s := range lab.DiagnoseScenarios() {
		add(s.Scenario)
	}
	return lines
}

// Rows are the scenarios one by one.
func (list labLines) Rows() []any { return report.RowsOf(list) }

// Lines is the list for people, by groups.
func (list labLines) Lines(_ *page.Out, o page.Options) string {
	titles := map[string]codes.Text{}
	for _, g := range lab.ScenarioGroups() {
		titles[g.ID] = g.Title
	}
	var b strings.Builder
	group := ""
	for _, l := range list {
		if l.Group != group {
			if group != "" {
				b.WriteByte('\n')
			}
			group = l.Group
			fmt.Fprintf(&b, "%s: %s\n", group, titles[group].In(o.Lang))
		}
		code := l.DeliveryCode
		if code == "" {
			code = "–"
		}
		fmt.Fprintf(&b, "%-5s  %s\n       %s\n", code, l.Situation, l.Command)
	}
	return b.String()
}
