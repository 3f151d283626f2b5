package main

import (
	"io"
	"strings"
	"testing"
	"unicode"

	"github.com/mattn/go-runewidth"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd"
	"todoku/cmd/about"
	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// tree builds all commands in one language.
func tree(l codes.Lang) *cobra.Command {
	a := app.New(strings.NewReader(""), io.Discard, io.Discard, noEnv)
	a.Lang = l
	return cmd.NewRoot(a)
}

// texts are all words of a command's help, by where they stand.
func helpTexts(c *cobra.Command) map[string]string {
	out := map[string]string{"short": c.Short, "long": c.Long, "example": c.Example}
	for _, fs := range []*pflag.FlagSet{c.PersistentFlags(), c.LocalNonPersistentFlags()} {
		fs.VisitAll(func(f *pflag.Flag) { out["--"+f.Name] = f.Usage })
	}
	for key, text := range c.Annotations {
		if strings.HasPrefix(key, "exit-") { // the others are names, the same in every language
			out[key] = text
		}
	}
	return out
}

func eachCommand(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		eachCommand(sub, visit)
	}
}

func TestEveryCommandSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	en, ja := tree(codes.English), map[string]map[string]string{}
	eachCommand(tree(codes.Japanese), func(c *cobra.Command) { ja[c.CommandPath()] = helpTexts(c) })
	eachCommand(en, func(c *cobra.Command) {
		for where, text := range helpTexts(c) {
			other := ja[c.CommandPath()][where]
			switch {
			case text == "" || other == "":
				t.Errorf("%s %s: a language is missing", c.CommandPath(), where)
			case strings.ContainsFunc(text, isJapanese):
				t.Errorf("%s %s: Japanese in the English text: %s", c.CommandPath(), where, text)
			case where != "example" && !strings.ContainsFunc(other, isJapanese):
				t.Errorf("%s %s: no Japanese in the Japanese text: %s", c.CommandPath(), where, other)
			}
		}
	})
}

func isJapanese(r rune) bool {
	return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han)
}

func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	width := runewidth.Condition{EastAsianWidth: false}
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		a := &app.App{Lang: lang}
		eachCommand(tree(lang), func(c *cobra.Command) {
			var b strings.Builder
			about.WriteHelp(a, page.To(&b), c)
			help := b.String()
			for line := range strings.Lines(help) {
				line = strings.TrimSuffix(line, "\n")
				if n := width.StringWidth(line); n > 80 && !strings.HasPrefix(line, "  todoku ") {
					t.Errorf("%s (%s): %d columns: %s", c.CommandPath(), lang, n, line)
				}
			}
			if !strings.Contains(help, "130") {
				t.Errorf("%s (%s): no exit statuses in the help", c.CommandPath(), lang)
			}
		})
	}
}
