package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/confmap"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	yamlnode "go.yaml.in/yaml/v3"

	"todoku/cmd/usage"
	"todoku/codes"
)

// config holds the values of the config file, by the name of the flag.
type config struct {
	values *koanf.Koanf      // nil without a file
	places map[string]string // file, line and column of each key: "todoku.yaml:3:1"
}

// Variable is the name of the environment variable for a flag: "fail-on" has TODOKU_FAIL_ON.
func Variable(flag string) string {
	return "TODOKU_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// maxConfig is the largest config file, in octets.
const maxConfig = 256 << 10

// readConfig reads a YAML file of flag values. Without a name the config is empty. The error is a *codes.UserError.
func (a *App) readConfig(ctx context.Context, file string) (*config, error) {
	c := &config{places: map[string]string{}}
	if file == "" {
		return c, nil
	}
	raw, err := a.Read(ctx, file, Want{Limit: maxConfig, Text: true, Remedy: oneFlagALine()})
	if err != nil {
		return c, a.ReadError(file, err, codes.Text{EN: "the config file cannot be read", JA: "設定ファイルを読めません"},
			codes.Text{EN: "give a readable file with --config or TODOKU_CONFIG", JA: "--config または TODOKU_CONFIG で読めるファイルを指定してください"})
	}
	doc, second, err := codes.Documents(raw)
	switch {
	case err != nil:
		return c, notYAML(file, err)
	case second != nil:
		return c, &codes.UserError{Place: fmt.Sprintf("%s:%d:%d", file, second.Line, second.Column),
			Says:   codes.Say(codes.Text{EN: "a second document begins here", JA: "ここから2つ目の文書が始まっています"}),
			Remedy: codes.Say(codes.Text{EN: "write all flags into one document: remove the line ---", JA: "フラグはすべて1つの文書に書いてください(--- の行を取り除く)"})}
	case isEmpty(doc):
		return c, nil
	}
	if n := codes.FindOversized(doc); n != nil {
		return c, &codes.UserError{Place: fmt.Sprintf("%s:%d:%d", file, n.Line, n.Column),
			Says: codes.Say(codes.Text{EN: "this has more than {n} keys and values", JA: "キーと値が{n}個を超えています"}, codes.Num("n", codes.MaxRuleValues)), Remedy: codes.Say(oneFlagALine())}
	}
	if err := c.readPlaces(file, doc); err != nil {
		return c, err
	}
	values := koanf.New("\x00") // a separator that no key has: keys are not nested
	if err := values.Load(rawbytes.Provider(raw), yaml.Parser()); err != nil {
		return c, notYAML(file, err)
	}
	c.values = values
	return c, nil
}

// oneFlagALine is the remedy for a config file that is too large.
func oneFlagALine() codes.Text {
	return codes.Text{EN: "a config file holds one flag a line: leave out what is none", JA: "設定ファイルには1行に1つのフラグだけを書いてください"}
}

// notYAML is the error of a file that is no YAML. It names the line if the decoder's error does.
func notYAML(file string, err error) error {
	if _, rest, ok := strings.Cut(err.Error(), "line "); ok {
		line, _, _ := strings.Cut(rest, ":")
		file += ":" + line
	}
	return &codes.UserError{Place: file, Cause: err,
		Says:   codes.Say(codes.Text{EN: "this is not YAML", JA: "YAMLとして読めません"}),
		Remedy: codes.Say(codes.Text{EN: "write one flag a line, such as \"lang: ja\"", JA: "「lang: ja」のように1行に1つのフラグを書いてください"})}
}

// isEmpty reports whether a document has no value: only comments, "---" or null.
func isEmpty(doc *yamlnode.Node) bool {
	return len(doc.Content) == 0 || doc.Content[0].ShortTag() == "!!null"
}

// isNested reports whether a value is neither a scalar nor a list of scalars.
func isNested(value *yamlnode.Node) bool {
	if value.Kind == yamlnode.SequenceNode {
		return slices.ContainsFunc(value.Content, func(n *yamlnode.Node) bool { return resolveAlias(n).Kind != yamlnode.ScalarNode })
	}
	return resolveAlias(value).Kind == yamlnode.MappingNode
}

// resolveAlias returns the node that an alias names, and any other node itself.
func resolveAlias(n *yamlnode.Node) *yamlnode.Node {
	if n.Kind == yamlnode.AliasNode {
		return n.Alias
	}
	return n
}

// readPlaces stores line and column of each key. It returns an error if the file is no list of flags.
func (c *config) readPlaces(file string, doc *yamlnode.Node) error {
	top := doc.Content[0]
	if top.Kind != yamlnode.MappingNode {
		return notYAML(fmt.Sprintf("%s:%d:%d", file, top.Line, top.Column), errors.New("no mapping at the top"))
	}
	for i := 0; i+1 < len(top.Content); i += 2 {
		key, value := top.Content[i], top.Content[i+1]
		c.places[key.Value] = fmt.Sprintf("%s:%d:%d", file, key.Line, key.Column)
		if isNested(value) {
			return &codes.UserError{Place: c.places[key.Value],
				Says:   codes.Say(codes.Text{EN: "the value of {key} is nested", JA: "{key} の値が入れ子になっています"}, codes.Start("key", key.Value, 60)),
				Remedy: codes.Say(codes.Text{EN: "a flag takes a value or a list of values", JA: "値、または値のリストを書いてください"})}
		}
	}
	return nil
}

// first is the value of a key, "" if the file does not have it.
func (c *config) first(key string) string {
	if c.values == nil {
		return ""
	}
	return c.values.String(key)
}

// FillFlags sets the flags that the command line leaves open: from the environment, else from the config file. The error
// names the place of a wrong value or of an unknown key.
func (a *App) FillFlags(c *cobra.Command) error {
	if a.guest != nil {
		return a.FillFlagSet(c, c.Flags())
	}
	if err := a.config.checkKeys(c.Root()); err != nil {
		return err
	}
	return a.FillFlagSet(c, c.Flags())
}

// FillFlagSet is FillFlags for some of a command's flags; keys of the config file that no flag has are not reported.
func (a *App) FillFlagSet(c *cobra.Command, fs *pflag.FlagSet) error {
	if a.guest != nil {
		a.guest.fill(a, fs)
		return nil
	}
	values, places := koanf.New("\x00"), map[string]string{}
	if a.config.values != nil {
		if err := values.Merge(a.config.values); err != nil {
			return err
		}
	}
	environment := map[string]any{}
	fs.VisitAll(func(f *pflag.Flag) {
		places[f.Name] = a.config.places[f.Name]
		if v := a.Env(Variable(f.Name)); v != "" && settable(f) {
			environment[f.Name], places[f.Name] = v, Variable(f.Name)
		}
	})
	if len(environment) > 0 {
		if err := values.Load(confmap.Provider(environment, "\x00"), nil); err != nil {
			return err
		}
	}
	var wrong error
	fs.VisitAll(func(f *pflag.Flag) {
		if wrong != nil || f.Changed || !settable(f) || !values.Exists(f.Name) {
			return
		}
		for _, text := range texts(values, f.Name) {
			if f.Name == usage.Format && !usage.HasFormat(c.Root(), strings.ToLower(text)) {
				_, err := OneOf(usage.FormatsOf(c)...)(text)
				wrong = codes.At(places[f.Name], err)
				return
			}
			if err := c.Flags().Set(f.Name, text); err != nil {
				wrong = codes.At(places[f.Name], usage.FlagError(c, err))
				return
			}
			a.filled = append(a.filled, f.Name)
		}
	})
	return wrong
}

// Filled reports whether a flag has its value from the environment or the config file. Such a value is meant for all
// commands: one that this command cannot use is passed over.
func (a *App) Filled(flag string) bool { return slices.Contains(a.filled, flag) }

// settable reports whether the environment and the config file can set a flag.
func settable(f *pflag.Flag) bool {
	return f.Name != "help" && f.Name != "version" && f.Name != "config"
}

// texts are the values of a key, one or several, as they would be typed on the command line.
func texts(k *koanf.Koanf, key string) []string {
	if list := k.Strings(key); len(list) > 0 {
		return list
	}
	if list, ok := k.Get(key).([]any); ok { // a list of numbers or switches
		out := make([]string, len(list))
		for i, v := range list {
			out[i] = fmt.Sprint(v)
		}
		return out
	}
	return []string{k.String(key)}
}

// checkKeys returns an error for the first key that is no flag of any command.
func (c *config) checkKeys(root *cobra.Command) error {
	if c.values == nil {
		return nil
	}
	known := map[string]bool{}
	var names []string
	var walk func(*cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, fs := range []*pflag.FlagSet{cmd.PersistentFlags(), cmd.Flags()} {
			fs.VisitAll(func(f *pflag.Flag) {
				if settable(f) && !known[f.Name] {
					known[f.Name] = true
					names = append(names, f.Name)
				}
			})
		}
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk(root)
	for _, key := range c.values.Keys() {
		if !known[key] {
			return &codes.UserError{Place: c.places[key],
				Says: codes.Say(codes.Text{EN: "unknown key {key}", JA: "{key} は不明なキーです"}, codes.Quoted("key", key)),
				Remedy: codes.DidYouMean(key, "", names, codes.Say(codes.Text{EN: "a key is the name of a flag without its dashes",
					JA: "キーには先頭のハイフンを除いたフラグ名を書いてください"}))}
		}
	}
	return nil
}
