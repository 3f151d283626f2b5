package usage

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/codes"
)

// Sets of global flags that only some commands have a use for: names with blanks between. All other global flags hold for
// every command.
const (
	World  = "resolver zone offline lab timeout" // for commands that ask DNS or mail servers
	Lab    = "lab"                               // for commands that read the history, which the lab does not keep
	Checks = "only skip"                         // for commands that run the checks that are asked for
	FailOn = "fail-on"                           // for commands whose result has a status
	Format = "format"                            // for commands that print a document
	Output = "output"                            // for commands that print anything but messages
	Bundle = "bundle redact"                     // for commands whose run can be kept and replayed
)

// someUse are the flags that not every command has a use for.
const someUse = World + " " + Checks + " " + FailOn + " " + Format + " " + Output + " " + Bundle

// Keys of the annotations of a command.
const (
	configKey  = "config"  // it looks at the config file itself
	usesKey    = "uses"    // the sets that it has a use for, with blanks between
	formatsKey = "formats" // the names of the formats of its document, with blanks between
)

// Describe notes what a command has a use for: sets of global flags, and the formats of its document. A command with formats
// has a use for --format and --output.
func Describe(c *cobra.Command, sets, formats []string) {
	if c.Annotations == nil {
		c.Annotations = map[string]string{}
	}
	if len(formats) > 0 {
		sets = append(slices.Clone(sets), Format, Output)
	}
	c.Annotations[usesKey], c.Annotations[formatsKey] = strings.Join(sets, " "), strings.Join(formats, " ")
}

// ForConfig notes that a command looks at the config file itself: its values are not for it, and it runs where the file is wrong.
func ForConfig(c *cobra.Command) *cobra.Command {
	c.Annotations[configKey] = "itself"
	return c
}

// ReadsConfig reports whether a command looks at the config file itself.
func ReadsConfig(c *cobra.Command) bool { return c.Annotations[configKey] != "" }

// FormatsOf are the names of the formats of a command's document, the default first.
func FormatsOf(c *cobra.Command) []string { return strings.Fields(c.Annotations[formatsKey]) }

// Uses reports whether a command has a use for a global flag. A group has for all: its commands differ.
func Uses(c *cobra.Command, flag string) bool {
	return c.HasSubCommands() || !slices.Contains(strings.Fields(someUse), flag) ||
		slices.Contains(strings.Fields(c.Annotations[usesKey]), flag)
}

// CheckTyped returns an error for the first global flag that stands on the command line and does nothing for the command. It
// has to run before the flags get values from elsewhere: those are for all commands.
func CheckTyped(c *cobra.Command) error {
	var wrong error
	c.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if wrong == nil && f.Changed && !Uses(c, f.Name) {
			wrong = codes.At("--"+f.Name, codes.Wrong(codes.Say(codes.Text{EN: "{command} has no use for this flag", JA: "{command} では、このフラグは何の働きもしません"}, codes.Str("command", c.CommandPath())),
				codes.Say(codes.Text{EN: "leave it out; it is for: {commands}", JA: "このフラグを外してください。使用できるコマンド: {commands}"}, codes.List("commands", users(c.Root(), f.Name)))))
		}
	})
	return wrong
}

// users are the commands that have a use for a flag; a group stands for its commands if all of them have.
func users(c *cobra.Command, flag string) (names []string) {
	for _, sub := range c.Commands() {
		switch {
		case !sub.IsAvailableCommand():
		case !sub.HasSubCommands() && Uses(sub, flag), sub.HasSubCommands() && len(users(sub, flag)) == len(available(sub)):
			names = append(names, strings.TrimPrefix(sub.CommandPath(), sub.Root().Name()+" "))
		case sub.HasSubCommands():
			names = append(names, users(sub, flag)...)
		}
	}
	return names
}

func available(c *cobra.Command) []*cobra.Command {
	return slices.DeleteFunc(slices.Clone(c.Commands()), func(sub *cobra.Command) bool { return !sub.IsAvailableCommand() })
}

// FormatsBelow are the names of the formats of the documents of a command and of those below it.
func FormatsBelow(c *cobra.Command) []string {
	names := FormatsOf(c)
	for _, sub := range c.Commands() {
		for _, f := range FormatsBelow(sub) {
			if !slices.Contains(names, f) {
				names = append(names, f)
			}
		}
	}
	return names
}

// HasFormat reports whether the document of a command, or of one below it, has a format.
func HasFormat(c *cobra.Command, format string) bool { return slices.Contains(FormatsBelow(c), format) }

// Settable reports whether the environment and the config file can set a flag.
func Settable(f *pflag.Flag) bool {
	return f.Name != "help" && f.Name != "version" && f.Name != "config"
}

// SettableFlags are the names of the flags, of all commands, that the environment and the config file can set.
func SettableFlags(root *cobra.Command) (names []string) {
	seen := map[string]bool{}
	var walk func(*cobra.Command)
	walk = func(c *cobra.Command) {
		for _, fs := range []*pflag.FlagSet{c.PersistentFlags(), c.Flags()} {
			fs.VisitAll(func(f *pflag.Flag) {
				if Settable(f) && !seen[f.Name] {
					seen[f.Name], names = true, append(names, f.Name)
				}
			})
		}
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk(root)
	return names
}
