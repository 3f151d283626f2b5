// Package app is what every command works with: streams, language, config, global flags, exit status, progress. It knows
// no command. It is the only package that knows the environment, the terminal and the process.
package app

import (
	"cmp"
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/report/page"
	"todoku/codes"
)

// App is what every command works with: the process's streams, its
// environment, the language and the global flags.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr *page.Out
	Env            func(string) string
	Now            func() time.Time
	Load           func(own ...codes.RuleFile) (*codes.Catalogue, error)
	Lang           codes.Lang
	config         *config
	Global         globals
	Limit          time.Duration // of the whole run (--deadline); 0 is none
}

// New makes the app of one command line.
func New(stdin io.Reader, stdout, stderr io.Writer, env func(string) string) *App {
	return &App{Stdin: stdin, Stdout: page.To(stdout), Stderr: page.To(stderr), Env: env, Now: time.Now, Load: LoadCodes}
}

// LoadCodes reads the catalogue.
func LoadCodes(own ...codes.RuleFile) (*codes.Catalogue, error) {
	return codes.Load(codes.Files, own...)
}

// Start reads the config file, decides the language and bounds the run by --deadline. The context ends with the run;
// done frees it.
func (a *App) Start(ctx context.Context, args []string) (run context.Context, done func(), err error) {
	started := time.Now()
	ctx, first := a.deadline(ctx, started, early(args, "deadline"), a.Env(Variable("deadline")))
	done = first
	configFile := early(args, "config")
	if configFile == "" {
		configFile = a.Env(Variable("config"))
	}
	a.config, err = a.readConfig(ctx, configFile)
	a.Lang = a.language(args)
	if err != nil {
		return ctx, done, err
	}
	if a.Limit == 0 {
		var second context.CancelFunc
		ctx, second = a.deadline(ctx, started, a.config.first("deadline"))
		done = func() { second(); first() }
	}
	a.Stdout.Until(ctx)
	a.Stderr.Until(ctx)
	return ctx, done, nil
}

// End tells how a command ended, where it has not, and gives its exit status.
func (a *App) End(ctx context.Context, err error) ExitStatus {
	status := ExitFor(ctx, err)
	switch _, said := err.(ExitStatus); {
	case status == ExitInterrupted:
		a.Tell(codes.Say(codes.Text{EN: "interrupted", JA: "中断しました"}))
	case err != nil && !said:
		a.Complain(err)
	}
	return status
}

// deadline bounds the whole run, its inputs and the config file too, by the
// first of the values that is given. A wrong one is told when flags are parsed.
func (a *App) deadline(ctx context.Context, started time.Time, values ...string) (context.Context, context.CancelFunc) {
	limit, err := ParseDuration(cmp.Or(values...))
	if err != nil {
		return context.WithCancel(ctx)
	}
	a.Limit = limit
	return context.WithDeadlineCause(ctx, started.Add(limit), ErrDeadline)
}

// early finds the value of a flag before the command line is parsed: the
// language must be known to say what is wrong with the rest.
func early(args []string, name string) string {
	value := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if v, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			value = v
		} else if arg == "--"+name && i+1 < len(args) {
			value = args[i+1]
		}
	}
	return value
}

// language decides what the program speaks: flag, environment, config file,
// locale, in this order. A wrong value is found when flags are parsed, and told
// in the language of the locale.
func (a *App) language(args []string) codes.Lang {
	for _, said := range []string{early(args, "lang"), a.Env(Variable("lang")), a.config.first("lang")} {
		if said == string(codes.English) || said == string(codes.Japanese) {
			return codes.Lang(said)
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := a.Env(name); locale != "" {
			if strings.HasPrefix(locale, "ja") {
				return codes.Japanese
			}
			break
		}
	}
	return codes.English
}

// T is a text in the language of this run.
func (a *App) T(text codes.Text) string { return text.In(a.Lang) }

// Tell writes a remark to standard error.
func (a *App) Tell(m codes.Message) {
	a.note([]string{page.Message(m, a.Lang)})
}

// Complain writes an error and its remedy to standard error.
func (a *App) Complain(err error) {
	a.note(page.ErrorLines(err, a.Lang))
}

// note writes lines to standard error; on a terminal they are broken between
// words.
func (a *App) note(texts []string) {
	head := "todoku: "
	columns, shown := a.Stderr.Terminal()
	for line := range strings.Lines(strings.Join(texts, "\n")) {
		parts := []string{strings.TrimRight(line, "\n")}
		if shown {
			parts = page.Lines(parts[0], max(columns-1-len(head), 20))
		}
		for _, part := range parts {
			a.Stderr.Say(head + part)
			head = strings.Repeat(" ", len(head))
		}
	}
}

// About is what a command says about itself.
type About struct {
	Use              string // "spf NAME"
	Short, Long      codes.Text
	Example          codes.Text
	Exit             []ExitLine    // what differs from the general meaning
	MinArgs, MaxArgs int           // maxArgs < 0: any number
	Formats          []page.Format // of the document that it prints, the default first; none where it prints none
}

// ExitLine is one line of EXIT STATUS.
type ExitLine struct {
	Status ExitStatus
	Means  codes.Text
}

// Command makes a command of what it says about itself and what it does.
func (a *App) Command(p About, do func(context.Context, []string) error) *cobra.Command {
	c := &cobra.Command{
		Use: p.Use, Short: a.T(p.Short), Long: a.T(p.Long), Example: a.T(p.Example),
		Args:        func(c *cobra.Command, args []string) error { return CountArgs(c, args, p.MinArgs, p.MaxArgs) },
		Annotations: map[string]string{},
		RunE:        func(c *cobra.Command, args []string) error { return do(c.Context(), args) },

		DisableFlagsInUseLine: true,
	}
	c.Annotations[FormatsKey] = strings.Join(FormatNames(p.Formats), " ")
	for _, line := range p.Exit {
		c.Annotations[ExitKey(line.Status)] = a.T(line.Means)
	}
	return c
}

// Group makes a command that only holds others.
func (a *App) Group(p About, commands ...*cobra.Command) *cobra.Command {
	c := a.Command(p, nil)
	c.Args = MissingCommand
	c.AddCommand(commands...)
	return c
}

// Version is what CHANGELOG.md calls this state of the program.
const Version = "0.1.0"

// FormatsKey is the annotation that holds the names of the formats of a command's document, with blanks between.
const FormatsKey = "formats"

// ExitKey is the annotation that holds a command's own meaning of a status.
func ExitKey(s ExitStatus) string { return "exit-" + strconv.Itoa(int(s)) }
