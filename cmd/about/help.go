package about

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

func NewHelp(a *app.App) *cobra.Command {
	help := a.Command(app.About{
		Use:     "help [COMMAND]",
		Short:   codes.Text{EN: "show the help of a command", JA: "コマンドのヘルプを表示します"},
		Long:    codes.Text{EN: "Shows the same as COMMAND --help.", JA: "COMMAND --help と同じ内容を表示します。"},
		Example: codes.Text{EN: "  todoku help check domain", JA: "  todoku help check domain"},
		MaxArgs: -1,
	}, nil)
	help.RunE = func(c *cobra.Command, args []string) error {
		found, rest, err := c.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return usage.MissingCommand(found, rest)
		}
		WriteHelp(a, a.Stdout, found)
		return nil
	}
	return help
}

// exitLines is what the statuses mean, for every command that does not say
// otherwise.
func exitLines() []app.ExitLine {
	return []app.ExitLine{
		{Status: app.ExitOK, Means: codes.Text{EN: "looked, nothing at or above --fail-on", JA: "調べた結果、--fail-on 以上の問題はありません"}},
		{Status: app.ExitWrong, Means: codes.Text{EN: "looked, something is wrong", JA: "調べた結果、問題があります"}},
		{Status: app.ExitUsage, Means: codes.Text{EN: "the command line or a file given to it is wrong", JA: "コマンドラインまたは指定したファイルに誤りがあります"}},
		{Status: app.ExitUnknown, Means: codes.Text{EN: "could not look: DNS did not answer, time ran out", JA: "調べられませんでした(DNSの応答なし、時間切れなど)"}},
		{Status: app.ExitInterrupted, Means: codes.Text{EN: "interrupted", JA: "中断されました"}},
	}
}

// exitText is the meaning of one status for one command.
func exitText(a *app.App, c *cobra.Command, line app.ExitLine) string {
	if own, ok := c.Annotations[app.ExitKey(line.Status)]; ok {
		return own
	}
	return a.T(line.Means)
}

// WriteHelp prints the help of a command; the end of the run tells where it
// could not be written.
func WriteHelp(a *app.App, w *page.Out, c *cobra.Command) {
	tellFormats(a, c)
	var b strings.Builder
	section := func(title codes.Text) { fmt.Fprintf(&b, "\n%s\n", a.T(title)) }
	fmt.Fprintf(&b, "%s: %s\n", c.CommandPath(), c.Short)
	if c.Long != "" {
		fmt.Fprintf(&b, "\n%s\n", reflow(c.Long))
	}
	section(codes.Text{EN: "USAGE", JA: "書式"})
	fmt.Fprintf(&b, "  %s [FLAG…]\n", c.UseLine())
	if c.HasAvailableSubCommands() {
		section(codes.Text{EN: "COMMANDS", JA: "コマンド"})
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-12s %s\n", sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() && c.HasParent() {
		section(codes.Text{EN: "FLAGS", JA: "フラグ"})
		writeFlags(&b, c.LocalNonPersistentFlags())
	}
	section(codes.Text{EN: "GLOBAL FLAGS (also as TODOKU_…, and in --config)", JA: "共通フラグ(環境変数 TODOKU_… と --config でも指定できます)"})
	writeFlags(&b, usableFlags(c))
	if c.Example != "" {
		section(codes.Text{EN: "EXAMPLES", JA: "例"})
		fmt.Fprintf(&b, "%s\n", c.Example)
	}
	section(codes.Text{EN: "EXIT STATUS", JA: "終了ステータス"})
	for _, line := range exitLines() {
		fmt.Fprintf(&b, "  %3d  %s\n", line.Status, exitText(a, c, line))
	}
	_ = w.Lines(b.String())
}

// usableFlags are the global flags that a command has a use for.
func usableFlags(c *cobra.Command) *pflag.FlagSet {
	usable := pflag.NewFlagSet("", pflag.ContinueOnError)
	c.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if usage.Uses(c, f.Name) {
			usable.AddFlag(f)
		}
	})
	return usable
}

// writeFlags lists flags with what they mean, the longer ones on a line of
// their own.
func writeFlags(b *strings.Builder, fs *pflag.FlagSet) {
	const column = 24
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		left := flagName(f)
		if f.Shorthand == "" {
			left = "    " + left
		}
		indent := "\n" + strings.Repeat(" ", column+3)
		if len(left) > column {
			left += indent[:1] + strings.Repeat(" ", column+2)
		}
		fmt.Fprintf(b, "  %-*s %s\n", column, left, strings.ReplaceAll(f.Usage, "\n", indent))
	})
}

// flagName is a flag as it is typed, with its value: "-o, --output FILE".
func flagName(f *pflag.Flag) string {
	name := "--" + f.Name
	if f.Shorthand != "" {
		name = "-" + f.Shorthand + ", " + name
	}
	if kind := f.Value.Type(); kind != "bool" {
		name += " " + kind
	}
	return name
}
