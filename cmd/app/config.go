package app

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/settings"
	"todoku/cmd/usage"
	"todoku/codes"
)

// Variable is the name of the environment variable for a flag: "fail-on" has TODOKU_FAIL_ON.
func Variable(flag string) string {
	return "TODOKU_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Origin is where a flag has its value from.
type Origin struct {
	Kind  OriginKind
	Place string // "--ip", "TODOKU_IP", "todoku.yaml:3:1"; "" of a default
}

// OriginKind is a kind of origin.
type OriginKind string

// The kinds of origins, those that come first in front.
const (
	FromFlag        OriginKind = "flag"
	FromEnvironment OriginKind = "environment"
	FromDomain      OriginKind = "domain" // the entry of a domain in the config file
	FromFile        OriginKind = "file"
	FromDefault     OriginKind = "default"
)

// Origins say where flags have their values from.
type Origins map[string]Origin

// Of is where a flag has its value from.
func (o Origins) Of(flag string) Origin {
	if known, ok := o[flag]; ok {
		return known
	}
	return Origin{Kind: FromDefault}
}

// Filled reports whether a flag has its value from the environment or the config file. Such a value is meant for all
// commands: one that this command cannot use is passed over.
func (a *App) Filled(flag string) bool {
	kind := a.Origins.Of(flag).Kind
	return kind == FromEnvironment || kind == FromDomain || kind == FromFile
}

// readConfig reads the config file. An implied one need not be there. The error is kept for FillFlags: a command that looks at
// the file itself has to run.
func (a *App) readConfig(ctx context.Context, args []string) {
	a.ConfigFile = cmp.Or(earlyFlag(args, "config"), a.Env(Variable("config")))
	file, faults, err := ReadSettings(ctx, a, cmp.Or(a.ConfigFile, settings.Name))
	switch {
	case a.ConfigFile == "" && errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		a.settingsErr = err
		return
	case len(faults) > 0:
		a.settingsErr = &faults[0].UserError
	}
	a.Settings = file
}

// ReadSettings reads a config file. What is wrong in it are faults; the error is one of a file that cannot be read.
func ReadSettings(ctx context.Context, a *App, name string) (*settings.File, []settings.Fault, error) {
	raw, err := a.Read(ctx, name, Want{Limit: settings.MaxFile, Text: true, Remedy: settings.Remedy()})
	if err != nil {
		return nil, nil, a.ReadError(name, err, codes.Text{EN: "the config file cannot be read", JA: "設定ファイルを読めません"},
			codes.Text{EN: "give a readable file with --config or TODOKU_CONFIG", JA: "--config または TODOKU_CONFIG で読めるファイルを指定してください"})
	}
	file, faults := settings.Parse(name, raw, settings.Parsers{Domain: DomainTarget, Values: map[string]func(string) error{
		"selector": parses(ParseSelector), "ip": parses(ParseSending), "require-include": parses(ParseDomain), "helo": parses(ParseHelo),
		"profile": parses(settings.ParseProfile), "fail-on": parses(ParseThreshold),
		"only": parses(parseDomainCheck), "skip": parses(parseDomainCheck),
	}})
	return file, faults, nil
}

// parses is a parser without its result.
func parses[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error { _, err := parse(s); return err }
}

// FillFlags sets the flags that the command line leaves open: from the environment, else from the config file. The error
// names the place of a wrong value or of an unknown key. For a command that looks at the config file itself the file is left
// out, and what is wrong in it is no error.
func (a *App) FillFlags(c *cobra.Command) error {
	if a.guest != nil {
		if a.Seam != nil && !a.Seam.Runs(c) {
			return codes.Wrong(codes.Say(codes.Text{EN: "this cannot be replayed: {command}", JA: "再現できないコマンドです: {command}"},
				codes.Str("command", c.CommandPath())), codes.Message{})
		}
		return a.FillFlagSet(c, c.Flags())
	}
	if usage.ReadsConfig(c) {
		a.Settings, a.settingsErr = nil, nil
	}
	if a.settingsErr != nil {
		return a.settingsErr
	}
	if a.Settings != nil && len(a.Settings.Flags) > 0 {
		if faults := a.Settings.UnknownKeys(usage.SettableFlags(c.Root())); len(faults) > 0 {
			return &faults[0].UserError
		}
	}
	return a.FillFlagSet(c, c.Flags())
}

// FillFlagSet is FillFlags for some of a command's flags; keys of the config file that no flag has are not reported.
func (a *App) FillFlagSet(c *cobra.Command, flags *pflag.FlagSet) error {
	if a.Origins == nil {
		a.Origins = Origins{}
	}
	if a.guest != nil && a.Seam == nil {
		a.guest.fill(a, flags)
		return nil
	}
	var wrong error
	flags.VisitAll(func(f *pflag.Flag) {
		if wrong != nil || !usage.Settable(f) {
			return
		}
		if f.Changed {
			if !a.Filled(f.Name) {
				a.Origins[f.Name] = Origin{FromFlag, "--" + f.Name}
			}
			return
		}
		delete(a.Origins, f.Name)
		texts, origin := []string{a.Env(Variable(f.Name))}, Origin{FromEnvironment, Variable(f.Name)}
		if texts[0] == "" {
			v, ok := a.Settings.Flag(f.Name)
			if !ok {
				return
			}
			texts, origin = v.Texts, Origin{FromFile, v.Place}
		}
		for _, text := range texts {
			if err := SetFlag(c, c.Flags(), f, text); err != nil {
				wrong = codes.At(origin.Place, err)
				return
			}
			a.Origins[f.Name] = origin
		}
	})
	return wrong
}

// SetFlag sets a flag of a command to a value of the environment or of the config file. The error is a *codes.UserError.
func SetFlag(c *cobra.Command, flags *pflag.FlagSet, f *pflag.Flag, text string) error {
	if f.Name == usage.Format && !usage.HasFormat(c.Root(), strings.ToLower(text)) {
		_, err := OneOf(usage.FormatsBelow(c.Root())...)(text)
		return err
	}
	if err := flags.Set(f.Name, text); err != nil {
		return usage.FlagError(c, err)
	}
	return nil
}
