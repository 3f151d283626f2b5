package config

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/settings"
	"todoku/cmd/usage"
	"todoku/codes"
)

// verdict is what config check found (schema todoku/config-check/1).
type verdict struct {
	Schema     string    `json:"schema"`
	File       string    `json:"file"`
	Valid      bool      `json:"valid"`
	Flags      int       `json:"flags"`
	Domains    int       `json:"domains"`
	Exceptions int       `json:"exceptions"`
	Problems   []problem `json:"problems"`
}

type problem struct {
	Line     int    `json:"line"` // 0: the file as a whole
	Column   int    `json:"column"`
	Severity string `json:"severity"` // error, warning
	Message  string `json:"message"`
	Fix      string `json:"fix"`
}

// Lines says that the file holds: problems are told as errors.
func (v verdict) Lines(_ *page.Out, o page.Options) string {
	return page.Clean(page.Message(codes.Say(codes.Text{EN: "{file}: valid (flags: {flags}, domains: {domains}, exceptions: {exceptions})",
		JA: "{file}: 問題ありません(フラグ {flags}件、ドメイン {domains}件、除外 {exceptions}件)"}, codes.Str("file", v.File),
		codes.Num("flags", v.Flags), codes.Num("domains", v.Domains), codes.Num("exceptions", v.Exceptions)), o.Lang)) + "\n"
}

func newCheck(a *app.App, tree func(*app.App) *cobra.Command) *cobra.Command {
	return usage.ForConfig(a.Command(app.About{
		Use:     "check [FILE]",
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "say everything that is wrong with a config file", JA: "設定ファイルの誤りをすべて示します"},
		Long: codes.Text{
			EN: "Reads the config file, or FILE, and says what is wrong with it, line by line: keys,\nvalues of flags, domains, addresses, rules, days. Exceptions that have ended, and\nthose that hold for more than a year, are warnings. Nothing is asked.",
			JA: "設定ファイル、または FILE を読み、キー、フラグの値、ドメイン、アドレス、ルール、\n日付の誤りを行ごとにすべて示します。終了した除外と、期限が1年以上先の除外は警告です。\nどこにも問い合わせません。"},
		Example: codes.Text{EN: "  todoku config check\n  todoku config check other.yaml --format json", JA: "  todoku config check\n  todoku config check other.yaml --format json"},
		Exit: []app.ExitLine{{Status: app.ExitUsage, Means: codes.Text{EN: "something is wrong with the file, or it cannot be read",
			JA: "ファイルに誤りがあるか、ファイルを読めません"}}},
		MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		name := cmp.Or(a.ConfigFile, settings.Name)
		if len(args) == 1 {
			name = args[0]
		}
		return check(ctx, a, tree, name)
	}))
}

func check(ctx context.Context, a *app.App, tree func(*app.App) *cobra.Command, name string) error {
	form, err := app.FormOf(a, report.Lists)
	if err != nil {
		return err
	}
	file, faults, err := read(ctx, a, name)
	if err != nil {
		return err
	}
	faults = append(faults, tryFlags(file, tree)...)
	wrong := len(faults)
	faults = append(faults, file.Warnings(a.Now().In(a.Zone()))...)
	slices.SortStableFunc(faults, func(x, y settings.Fault) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Column, y.Column))
	})
	v := verdict{Schema: "todoku/config-check/1", File: name, Valid: wrong == 0, Flags: len(file.Flags), Domains: len(file.Domains),
		Exceptions: len(file.Exceptions), Problems: []problem{}}
	for i, f := range faults {
		severity := "error"
		if f.Warning {
			severity = "warning"
		}
		said := page.ErrorLines(&codes.UserError{Says: f.Says, Cause: f.Cause}, a.Lang)
		v.Problems = append(v.Problems, problem{f.Line, f.Column, severity, said[0], page.Message(f.Remedy, a.Lang)})
		if i < app.MaxComplaints {
			a.Complain(&f.UserError)
		}
	}
	if more := len(faults) - app.MaxComplaints; more > 0 {
		a.Tell(codes.Say(codes.Text{EN: "and {n} more", JA: "ほか{n}件"}, codes.Num("n", more)))
	}
	if wrong > 0 && !form.Format.ForPrograms() {
		return app.ExitUsage
	}
	err = app.PrintOne[report.List](ctx, a, form, v, a.StyleOfOne)
	if err == nil && wrong > 0 {
		return app.ExitUsage
	}
	return err
}

// tryFlags sets the flags of a tree of commands that nobody runs to the values at the top of the file: what one of them
// refuses would stop that command.
func tryFlags(file *settings.File, tree func(*app.App) *cobra.Command) []settings.Fault {
	root := tree(app.New(nil, io.Discard, io.Discard, func(string) string { return "" }))
	faults := file.UnknownKeys(usage.SettableFlags(root))
	for _, v := range file.Flags {
		if err := try(root, v); err != nil {
			faults = append(faults, v.Fault(err))
		}
	}
	return faults
}

// try sets one flag of all commands that have it. The error is the first of a command that refuses a value.
func try(c *cobra.Command, v settings.Value) error {
	for _, flags := range []*pflag.FlagSet{c.PersistentFlags(), c.Flags()} {
		f := flags.Lookup(v.Flag)
		if f == nil || !usage.Settable(f) {
			continue
		}
		for _, text := range v.Texts {
			if err := app.SetFlag(c, flags, f, text); err != nil {
				return err
			}
		}
	}
	for _, sub := range c.Commands() {
		if err := try(sub, v); err != nil {
			return err
		}
	}
	return nil
}
