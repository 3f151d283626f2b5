package cmd

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// seeHelp is the remedy where no nearer one is known.
func seeHelp(c *cobra.Command) phrase {
	return say(codes.Text{EN: "%s --help shows how it is used", JA: "使い方は %s --help で確認できます"}, c.CommandPath())
}

// missingCommand says which commands a group has.
func missingCommand(c *cobra.Command, args []string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	all := say(codes.Text{EN: "commands: %s", JA: "コマンド一覧: %s"}, sentence(names))
	if len(args) == 0 {
		return misuse(say(codes.Text{EN: "%s needs a command", JA: "%s にはコマンドが必要です"}, c.CommandPath()), all)
	}
	return misuse(say(codes.Text{EN: "%[2]s has no command %[1]s", JA: "%[2]s に %[1]s というコマンドはありません"}, page.Word(args[0]), c.CommandPath()),
		didYouMean(args[0], c.CommandPath()+" ", names, all))
}

// countArgs checks the number of arguments; a negative most means any.
func countArgs(c *cobra.Command, args []string, least, most int) error {
	usage := say(codes.Text{EN: "usage: %s", JA: "書式: %s"}, c.UseLine())
	switch {
	case len(args) < least:
		name := strings.Fields(c.Use)[len(args)+1]
		return misuse(say(codes.Text{EN: "%s: %s is missing", JA: "%s: %s がありません"}, c.CommandPath(), name), usage)
	case most >= 0 && len(args) > most:
		return misuse(say(codes.Text{EN: "%s: %s is one argument too many", JA: "%s: 引数 %s は余分です"}, c.CommandPath(), page.Word(args[most])), usage)
	}
	return nil
}

// flagError turns what pflag found wrong into a usage error.
func flagError(c *cobra.Command, err error) error {
	if c.HasSubCommands() && c.Flags().NArg() > 0 { // the command is wrong, not its flag
		return missingCommand(c, c.Flags().Args())
	}
	var unknown *pflag.NotExistError
	var lacking *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(c, unknown)
	case errors.As(err, &lacking):
		f := lacking.GetFlag()
		return misuse(say(codes.Text{EN: "--%s needs a value", JA: "--%s には値が必要です"}, f.Name),
			say(codes.Text{EN: "write --%s %s", JA: "--%s %s のように指定してください"}, f.Name, f.Value.Type()))
	case errors.As(err, &invalid):
		return at("--"+invalid.GetFlag().Name, invalidValue(invalid))
	}
	return &usageError{says: say(codes.Text{EN: "the command line is wrong", JA: "コマンドラインに誤りがあります"}), cause: err, fix: seeHelp(c)}
}

func unknownFlag(c *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	if short := err.GetSpecifiedShortnames(); short != "" {
		return misuse(say(codes.Text{EN: "unknown flag -%s in -%s", JA: "-%[2]s の -%[1]s は不明なフラグです"}, name, short), seeHelp(c))
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return misuse(say(codes.Text{EN: "%[2]s has no flag %[1]s", JA: "%[2]s に %[1]s というフラグはありません"}, strings.Trim(page.Word("--"+name), `"`), c.CommandPath()),
		didYouMean(name, "--", names, seeHelp(c)))
}

// invalidValue is the usage error in a flag's value: our own values make one,
// only switches are pflag's.
func invalidValue(err *pflag.InvalidValueError) error {
	var ours *usageError
	if errors.As(err, &ours) {
		return ours
	}
	_, wrong := oneOf("true", "false")(err.GetValue())
	return wrong
}
