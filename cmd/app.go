// Package cmd is the command line: it turns flags into options and results
// into output and an exit status. It is the only package that knows the
// environment, the terminal and the process.
package cmd

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

// app is what every command works with: the process's streams, its
// environment, the language and the global flags.
type app struct {
	stdin          io.Reader
	stdout, stderr *page.Out
	env            func(string) string
	now            func() time.Time
	load           func(own ...codes.RuleFile) (*codes.Catalogue, error)
	lang           codes.Lang
	config         *config
	global         globals
	limit          time.Duration // of the whole run (--deadline); 0 is none
}

// newApp makes the app of one command line.
func newApp(stdin io.Reader, stdout, stderr io.Writer, env func(string) string) *app {
	return &app{stdin: stdin, stdout: page.To(stdout), stderr: page.To(stderr), env: env, now: time.Now, load: loadCodes}
}

// loadCodes reads the catalogue.
func loadCodes(own ...codes.RuleFile) (*codes.Catalogue, error) {
	return codes.Load(codes.Files, own...)
}

// start reads the config file, decides the language and bounds the run by --deadline. The context ends with the run;
// done frees it.
func (a *app) start(ctx context.Context, args []string) (run context.Context, done func(), err error) {
	started := time.Now()
	ctx, first := a.deadline(ctx, started, early(args, "deadline"), a.env(variable("deadline")))
	done = first
	configFile := early(args, "config")
	if configFile == "" {
		configFile = a.env(variable("config"))
	}
	a.config, err = a.readConfig(ctx, configFile)
	a.lang = a.language(args)
	if err != nil {
		return ctx, done, err
	}
	if a.limit == 0 {
		var second context.CancelFunc
		ctx, second = a.deadline(ctx, started, a.config.first("deadline"))
		done = func() { second(); first() }
	}
	a.stdout.Until(ctx)
	a.stderr.Until(ctx)
	return ctx, done, nil
}

// end tells how a command ended, where it has not, and gives its exit status.
func (a *app) end(ctx context.Context, err error) exitStatus {
	status := exitFor(ctx, err)
	switch _, said := err.(exitStatus); {
	case status == exitInterrupted:
		a.tell(codes.Say(codes.Text{EN: "interrupted", JA: "中断しました"}))
	case err != nil && !said:
		a.complain(err)
	}
	return status
}

// deadline bounds the whole run, its inputs and the config file too, by the
// first of the values that is given. A wrong one is told when flags are parsed.
func (a *app) deadline(ctx context.Context, started time.Time, values ...string) (context.Context, context.CancelFunc) {
	limit, err := parseDuration(cmp.Or(values...))
	if err != nil {
		return context.WithCancel(ctx)
	}
	a.limit = limit
	return context.WithDeadlineCause(ctx, started.Add(limit), errDeadline)
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
func (a *app) language(args []string) codes.Lang {
	for _, said := range []string{early(args, "lang"), a.env(variable("lang")), a.config.first("lang")} {
		if said == string(codes.English) || said == string(codes.Japanese) {
			return codes.Lang(said)
		}
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if locale := a.env(name); locale != "" {
			if strings.HasPrefix(locale, "ja") {
				return codes.Japanese
			}
			break
		}
	}
	return codes.English
}

// t is a text in the language of this run.
func (a *app) t(text codes.Text) string { return text.In(a.lang) }

// tell writes a remark to standard error.
func (a *app) tell(m codes.Message) {
	a.note([]string{page.Message(m, a.lang)})
}

// complain writes an error and its remedy to standard error.
func (a *app) complain(err error) {
	a.note(page.ErrorLines(err, a.lang))
}

// note writes lines to standard error; on a terminal they are broken between
// words.
func (a *app) note(texts []string) {
	head := "todoku: "
	columns, shown := a.stderr.Terminal()
	for line := range strings.Lines(strings.Join(texts, "\n")) {
		parts := []string{strings.TrimRight(line, "\n")}
		if shown {
			parts = page.Lines(parts[0], max(columns-1-len(head), 20))
		}
		for _, part := range parts {
			a.stderr.Say(head + part)
			head = strings.Repeat(" ", len(head))
		}
	}
}

// about is what a command says about itself.
type about struct {
	use              string // "spf NAME"
	short, long      codes.Text
	example          codes.Text
	exit             []exitLine // what differs from the general meaning
	minArgs, maxArgs int        // maxArgs < 0: any number
}

// exitLine is one line of EXIT STATUS.
type exitLine struct {
	status exitStatus
	means  codes.Text
}

// command makes a command of what it says about itself and what it does.
func (a *app) command(p about, do func(context.Context, []string) error) *cobra.Command {
	c := &cobra.Command{
		Use: p.use, Short: a.t(p.short), Long: a.t(p.long), Example: a.t(p.example),
		Args:        func(c *cobra.Command, args []string) error { return countArgs(c, args, p.minArgs, p.maxArgs) },
		Annotations: map[string]string{},
		RunE:        func(c *cobra.Command, args []string) error { return do(c.Context(), args) },

		DisableFlagsInUseLine: true,
	}
	for _, line := range p.exit {
		c.Annotations[exitKey(line.status)] = a.t(line.means)
	}
	return c
}

// group makes a command that only holds others.
func (a *app) group(p about, commands ...*cobra.Command) *cobra.Command {
	c := a.command(p, nil)
	c.Args = missingCommand
	c.AddCommand(commands...)
	return c
}

// version is what CHANGELOG.md calls this state of the program.
const version = "0.1.0"

// exitKey is the annotation that holds a command's own meaning of a status.
func exitKey(s exitStatus) string { return "exit-" + strconv.Itoa(int(s)) }
