package bundles

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/usage"
	"todoku/diag/bundle"
	"todoku/diag/resolve"
)

// ofOneRun are the flags that a replay has no use for: where files are, how it looks, how long it may take.
func ofOneRun() []string {
	return []string{"bundle", "redact", "output", "config", "deadline", "color", "update-baseline", "export"}
}

// argsOf is a command line without those flags, and without secrets.
func argsOf(c *cobra.Command, args []string) []string {
	return edited(args, takesValue(c), func(name, value string) (string, bool) {
		if name == "resolver" {
			value = withoutSecret(value)
		}
		return value, !slices.Contains(ofOneRun(), name)
	})
}

// takesValue tells which flags of a command have a value behind them.
func takesValue(c *cobra.Command) func(string) bool {
	return func(name string) bool {
		f := c.Flag(name)
		return f != nil && f.NoOptDefVal == ""
	}
}

// edited is a command line whose flags went through keep, which gives the value to write, or drops the flag. What stands behind
// "--" stays.
func edited(args []string, takesValue func(flag string) bool, keep func(name, value string) (string, bool)) []string {
	out := []string{}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		head, value, joined := strings.Cut(arg, "=")
		name := strings.TrimPrefix(head, "--")
		if strings.HasPrefix(arg, "-o") { // the only flag of one letter with a value
			head, value, joined, name = "-o", strings.TrimPrefix(arg[2:], "="), len(arg) > 2, "output"
		}
		if name == arg && head != "-o" || len(arg) < 2 {
			out = append(out, arg)
			continue
		}
		apart := !joined && takesValue(name) && i+1 < len(args)
		if apart {
			i++
			value = args[i]
		}
		value, kept := keep(name, value)
		switch {
		case !kept:
		case apart:
			out = append(out, head, value)
		case joined:
			out = append(out, head+"="+value)
		default:
			out = append(out, arg)
		}
	}
	return out
}

// withoutSecret is the name of a resolver, or of several, without what the query of a URL holds.
func withoutSecret(value string) string {
	parts := strings.Split(value, ",")
	for i, v := range parts {
		if shown := resolve.ShownServer(strings.TrimSpace(v)); shown != "" {
			parts[i] = shown
		}
	}
	return strings.Join(parts, ",")
}

// flagsOf are the flags that have their value from the environment, and that the command has a use for.
func flagsOf(a *app.App, c *cobra.Command) []bundle.Flag {
	out := []bundle.Flag{}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if a.Origins.Of(f.Name).Kind != app.FromEnvironment || !usage.Uses(c, f.Name) || slices.Contains(ofOneRun(), f.Name) {
			return
		}
		value := a.Env(app.Variable(f.Name))
		if f.Name == "resolver" {
			value = withoutSecret(value)
		}
		out = append(out, bundle.Flag{Name: f.Name, Value: value})
	})
	return out
}
