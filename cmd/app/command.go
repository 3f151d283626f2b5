package app

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

// About holds the texts of a command's help, and how many arguments it takes.
type About struct {
	Use              string        // name and arguments: "spf NAME"
	Short, Long      codes.Text    // one line, and paragraphs
	Example          codes.Text    // command lines, indented by two blanks
	Exit             []ExitLine    // statuses that mean something else than for other commands
	MinArgs, MaxArgs int           // MaxArgs < 0: any number
	Formats          []page.Format // of the document that it prints, the default first; none where it prints none
	Uses             []string      // sets of global flags of package usage that it has a use for
}

// ExitLine is one line of the section EXIT STATUS of the help.
type ExitLine struct {
	Status ExitStatus
	Means  codes.Text
}

// Command makes a cobra command from its texts and the function that runs it with its arguments.
func (a *App) Command(p About, do func(context.Context, []string) error) *cobra.Command {
	c := &cobra.Command{
		Use: p.Use, Short: a.T(p.Short), Long: a.T(p.Long), Example: a.T(p.Example),
		Args:                  func(c *cobra.Command, args []string) error { return usage.CountArgs(c, args, p.MinArgs, p.MaxArgs) },
		Annotations:           map[string]string{},
		RunE:                  func(c *cobra.Command, args []string) error { return do(c.Context(), args) },
		DisableFlagsInUseLine: true,
	}
	usage.Describe(c, p.Uses, FormatNames(p.Formats))
	for _, line := range p.Exit {
		c.Annotations[ExitKey(line.Status)] = a.T(line.Means)
	}
	return c
}

// Group makes a command that only has subcommands.
func (a *App) Group(p About, commands ...*cobra.Command) *cobra.Command {
	c := a.Command(p, nil)
	c.Args = usage.MissingCommand
	c.AddCommand(commands...)
	return c
}

// ExitKey is the key of the cobra annotation with a command's own meaning of an exit status.
func ExitKey(s ExitStatus) string { return "exit-" + strconv.Itoa(int(s)) }

// CompleteFlag offers the values of a flag to a shell. cobra keeps what is offered until the process ends; a guest, whom no
// shell completes, is offered nothing.
func CompleteFlag(a *App, c *cobra.Command, flag string, offer cobra.CompletionFunc) error {
	if a.IsGuest() {
		return nil
	}
	return c.RegisterFlagCompletionFunc(flag, offer)
}
