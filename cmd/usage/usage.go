// Package usage says what is wrong with a command line: an unknown command or flag, a missing or needless argument, a flag
// that a command has no use for.
package usage

import (
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// SeeHelp is the general remedy for a wrong command line: the command's --help.
func SeeHelp(c *cobra.Command) codes.Message {
	return codes.Say(codes.Text{EN: "{command} --help shows how it is used", JA: "使い方は {command} --help で確認できます"}, codes.Str("command", c.CommandPath()))
}

// MissingCommand is the error of a group without a command, or with one that it does not have. It lists the commands.
func MissingCommand(c *cobra.Command, args []string) error {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	words := names // that can be meant
	if !c.HasParent() {
		words = append(slices.Clone(names), "help")
	}
	all := codes.Say(codes.Text{EN: "commands: {names}", JA: "コマンド一覧: {names}"}, codes.List("names", names))
	if len(names) == 0 { // help was asked for one below a single command
		all = SeeHelp(c)
	}
	if len(args) == 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "{command} needs a command", JA: "{command} にはコマンドが必要です"}, codes.Str("command", nameOf(c))), all)
	}
	if args[0] == "help" {
		all = SeeHelp(c)
	} else if meant := commandFor(c, args[0]); !meant.IsZero() {
		all = codes.Say(codes.Text{EN: "did you mean {command}?", JA: "{command} の間違いではありませんか"}, codes.Typed("command", meant))
	}
	return codes.Wrong(codes.Say(codes.Text{EN: "{command} has no command {word}", JA: "{command} に {word} というコマンドはありません"}, codes.Str("word", page.Word(args[0])), codes.Str("command", nameOf(c))),
		codes.DidYouMean(args[0], c.CommandPath()+" ", words, all))
}

// commandFor is the command that somebody means who typed only what it is for: a domain, an address, a code. It is empty
// where nothing is sure.
func commandFor(c *cobra.Command, word string) codes.Command {
	switch dotted := strings.Contains(word, "."); {
	case dotted && codes.PlaceAddr.Takes(word):
		return codes.Todoku("check", "recipient", "ADDR").With(codes.PlaceAddr, word)
	case dotted && codes.PlaceDomain.Takes(word) && strings.Trim(word, "0123456789.") != "":
		return codes.Todoku("check", "domain", "DOMAIN").With(codes.PlaceDomain, word)
	case !c.HasParent() && codes.PlaceReply.Takes(word) && strings.Trim(word[:1], "0123456789") == "":
		return codes.Todoku("explain", "REPLY").With(codes.PlaceReply, word)
	}
	return codes.Command{}
}

// nameOf is a command as errors call it: the name of the program stands before them already.
func nameOf(c *cobra.Command) string {
	_, name, found := strings.Cut(c.CommandPath(), " ")
	if !found {
		return c.CommandPath()
	}
	return name
}

// CountArgs returns an error if there are fewer than least or more than most arguments; a negative most means any number.
func CountArgs(c *cobra.Command, args []string, least, most int) error {
	usage := codes.Say(codes.Text{EN: "usage: {usage}", JA: "書式: {usage}"}, codes.Str("usage", c.UseLine()))
	switch {
	case len(args) < least:
		name := strings.Trim(strings.Fields(c.Use)[len(args)+1], "[]")
		return codes.Wrong(codes.Say(codes.Text{EN: "{command}: {argument} is missing", JA: "{command}: {argument} を指定してください"}, codes.Str("command", nameOf(c)), codes.Str("argument", name)), usage)
	case most >= 0 && len(args) > most:
		return codes.Wrong(codes.Say(codes.Text{EN: "{command}: too many arguments: {word} is not expected", JA: "{command}: 引数 {word} は余分です"}, codes.Str("command", nameOf(c)), codes.Str("word", page.Word(args[most]))), usage)
	}
	return nil
}

// FlagError turns an error of pflag into a *codes.UserError.
func FlagError(c *cobra.Command, err error) error {
	if c.HasSubCommands() && c.Flags().NArg() > 0 { // the command is wrong, not its flag
		return MissingCommand(c, c.Flags().Args())
	}
	var unknown *pflag.NotExistError
	var lacking *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(c, unknown)
	case errors.As(err, &lacking):
		f := lacking.GetFlag()
		return codes.Wrong(codes.Say(codes.Text{EN: "--{flag} needs a value", JA: "--{flag} には値が必要です"}, codes.Str("flag", f.Name)),
			codes.Say(codes.Text{EN: "write --{flag} {kind}", JA: "--{flag} {kind} のように指定してください"}, codes.Str("flag", f.Name), codes.Str("kind", f.Value.Type())))
	case errors.As(err, &invalid):
		return codes.At("--"+invalid.GetFlag().Name, invalidValue(invalid))
	}
	return &codes.UserError{Says: codes.Say(codes.Text{EN: "the command line is wrong", JA: "コマンドラインに誤りがあります"}), Cause: err, Remedy: SeeHelp(c)}
}

func unknownFlag(c *cobra.Command, err *pflag.NotExistError) error {
	name := err.GetSpecifiedName()
	if strings.ContainsAny(name+err.GetSpecifiedShortnames(), " \t\n") {
		return codes.Wrong(codes.Say(codes.Text{EN: "this text begins with -, and is read as a flag", JA: "- で始まる文字列が、フラグとして解釈されました"}),
			codes.Say(codes.Text{EN: "put -- before the text, or give it on standard input with -", JA: "文字列の前に -- を付けるか、- を指定して標準入力から渡してください"}))
	}
	if fix := habit(name); !fix.IsZero() {
		return codes.Wrong(codes.Say(codes.Text{EN: "{command} has no flag {flag}", JA: "{command} に {flag} というフラグはありません"},
			codes.Str("flag", strings.Repeat("-", min(len(name), 2))+name), codes.Str("command", nameOf(c))), fix)
	}
	if short := err.GetSpecifiedShortnames(); short == name && short != "" {
		return codes.Wrong(codes.Say(codes.Text{EN: "{command} has no flag {flag}", JA: "{command} に {flag} というフラグはありません"}, codes.Str("flag", "-"+name), codes.Str("command", nameOf(c))), SeeHelp(c))
	} else if short != "" {
		return codes.Wrong(codes.Say(codes.Text{EN: "unknown flag -{flag} in -{flags}", JA: "-{flag} というフラグはありません(-{flags} に含まれています)"}, codes.Str("flag", name), codes.Str("flags", short)), SeeHelp(c))
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	return codes.Wrong(codes.Say(codes.Text{EN: "{command} has no flag {flag}", JA: "{command} に {flag} というフラグはありません"}, codes.Str("flag", strings.Trim(page.Word("--"+name), `"`)), codes.Str("command", nameOf(c))),
		codes.DidYouMean(name, "--", names, SeeHelp(c)))
}

// habit is what todoku has for a flag that many other programs have.
func habit(flag string) codes.Message {
	switch flag {
	case "json":
		return codes.Say(codes.Text{EN: "write --format json", JA: "--format json と指定してください"})
	case "q", "quiet", "silent":
		return codes.Say(codes.Text{EN: "write -o /dev/null: the exit status tells the result", JA: "-o /dev/null を指定してください。結果は終了ステータスで分かります"})
	case "v", "verbose":
		return codes.Say(codes.Text{EN: "write --format json: it has everything that was seen", JA: "--format json を指定してください。確認した内容がすべて含まれます"})
	case "V":
		return codes.Say(codes.Text{EN: "{command} shows the version", JA: "{command} でバージョンを確認できます"}, codes.Typed("command", codes.Todoku("version")))
	}
	return codes.Message{}
}

// invalidValue is the error of a flag's value. Our own flags return a *codes.UserError already; only bool flags are
// pflag's own.
func invalidValue(err *pflag.InvalidValueError) error {
	var ours *codes.UserError
	if errors.As(err, &ours) {
		return ours
	}
	return codes.Wrong(codes.Say(codes.Text{EN: "unknown value {value}", JA: "{value} は指定できません"}, codes.Quoted("value", err.GetValue())),
		codes.Say(codes.Text{EN: "use one of: {allowed}", JA: "次のいずれかを指定してください: {allowed}"}, codes.List("allowed", []string{"true", "false"})))
}
