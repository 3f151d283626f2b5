// Package app is what every command works with. It knows no command.
//
// One App belongs to one command line. cmd.Execute makes it with New; Start then reads the config file, decides the
// language and starts the deadline. After cobra has parsed the flags, FillFlags gives those that are open their values
// from the environment and the config file. A command reads files with Open and Read, opens the world with OpenWorld, and
// prints its document with PrintDocument, PrintOne or Write. It returns nil, an ExitStatus (everything is printed already)
// or another error; End prints that error and gives the exit status.
//
// The constructors of flags (ValueOf, ListOf) take a parser (ParseDomain, OneOf …). A parser returns a *codes.UserError
// that says what is wrong with the value and how to mend it.
package app

import (
	"cmp"
	"context"
	"io"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/cmd/settings"
	"todoku/codes"
	"todoku/diag/resolve"
)

// App holds what one command line works with.
type App struct {
	Stdin          io.Reader
	Stdout, Stderr *page.Out
	Env            func(name string) string                              // reads an environment variable, "" where it is not set
	Now            func() time.Time                                      // the clock
	Load           func(own ...codes.RuleFile) (*codes.Catalogue, error) // reads the catalogue; own are rules of the user
	Lang           codes.Lang                                            // of the output; known after Start
	Global         GlobalFlags                                           // complete after FillFlags
	Limit          time.Duration                                         // of the whole run (--deadline); 0 is none
	Shared         Shared                                                // what guests of this app share
	Settings       *settings.File                                        // the config file; known after Start, nil where there is none
	settingsErr    error                                                 // what is wrong with it, for FillFlags to tell
	ConfigFile     string                                                // of --config or TODOKU_CONFIG; "" where nobody named one
	stdinOpened    bool                                                  // by Open
	severalOutputs bool                                                  // FormOf made a printer for all of them
	furtherOutputs []*page.Out                                           // those behind the first; Write opens them
	guest          *guest                                                // what confines it; nil for the command line of this user
	zones          map[string]*resolve.Zone                              // by the name of their file; of ReadZones
	Origins        Origins                                               // of the flags of the command that runs; known after FillFlags
	Args           []string                                              // the command line; known after Start
	Seam           Seam                                                  // between the run and its machine; nil: nothing is
	Apart          bool                                                  // what is printed is a part of another document
	OwnsProcess    bool                                                  // nothing else runs in this process: its memory may be bounded
}

// New makes the App of one command line, with the real clock and the embedded catalogue.
func New(stdin io.Reader, stdout, stderr io.Writer, env func(string) string) *App {
	return &App{Stdin: stdin, Stdout: page.To(stdout), Stderr: page.To(stderr), Env: env, Now: time.Now, Load: LoadCodes}
}

// LoadCodes reads the embedded catalogue, and the user's own rules before it. The error tells what is wrong with these.
func LoadCodes(own ...codes.RuleFile) (*codes.Catalogue, error) {
	return codes.Load(codes.Files, own...)
}

// Start reads the config file, decides the language and starts the deadline (--deadline). The context run ends when the
// deadline has passed; done frees it. FillFlags tells what is wrong with the config file.
func (a *App) Start(ctx context.Context, args []string) (run context.Context, done func()) {
	started := time.Now()
	ctx = context.WithValue(ctx, wholeRun{}, ctx)
	a.Args = args
	ctx, first := a.deadline(ctx, started, earlyFlag(args, "deadline"), a.Env(Variable("deadline")))
	done = first
	if a.guest != nil {
		a.Settings, a.Lang = a.guest.host.Settings, a.guest.host.Lang
		if lang := codes.Lang(earlyFlag(args, "lang")); lang == codes.English || lang == codes.Japanese {
			a.Lang = lang
		}
		a.Stdout.Until(ctx)
		a.Stderr.Until(ctx)
		return ctx, done
	}
	a.readConfig(ctx, args)
	a.Lang = a.language(args)
	if a.Limit == 0 {
		var second context.CancelFunc
		ctx, second = a.deadline(ctx, started, a.Settings.First("deadline"))
		done = func() { second(); first() }
	}
	a.Stdout.Until(ctx)
	a.Stderr.Until(ctx)
	return ctx, done
}

// wholeRun is the key of the context of a run without its deadline.
type wholeRun struct{}

// Serve gives the context of a command that works for others until it is ended: an interrupt ends it, the deadline does
// not, which bounds each thing that it does. ctx comes from a.Start.
func Serve(ctx context.Context, a *App) context.Context {
	whole, ok := ctx.Value(wholeRun{}).(context.Context)
	if !ok {
		return ctx
	}
	a.Stdout.Until(whole)
	a.Stderr.Until(whole)
	return whole
}

// End prints the error of a command, unless it is an ExitStatus, and returns the exit status of the process.
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

// deadline sets the end of the whole run, which includes reading the config file, by the first value that is not empty.
// A value that cannot be parsed sets none here: parsing the flags reports it.
func (a *App) deadline(ctx context.Context, started time.Time, values ...string) (context.Context, context.CancelFunc) {
	limit, err := ParseDuration(cmp.Or(values...))
	if err != nil {
		return context.WithCancel(ctx)
	}
	a.Limit = limit
	return context.WithDeadlineCause(ctx, started.Add(limit), ErrDeadline)
}

// earlyFlag finds the value of a flag before cobra parses the command line, "" where it is not given. The language must be
// known to report errors in the rest of the command line.
func earlyFlag(args []string, name string) string {
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

// language decides the language of the output by the flag, the environment, the config file and the locale, in this
// order. A wrong value is skipped here; parsing the flags reports it in the language of the locale.
func (a *App) language(args []string) codes.Lang {
	for _, value := range []string{earlyFlag(args, "lang"), a.Env(Variable("lang")), a.Settings.First("lang")} {
		if value == string(codes.English) || value == string(codes.Japanese) {
			return codes.Lang(value)
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

// Tell writes a message that is no error to standard error.
func (a *App) Tell(m codes.Message) { a.writeNote([]string{page.Message(m, a.Lang)}) }

// Complain writes an error and its remedy to standard error.
func (a *App) Complain(err error) { a.writeNote(page.ErrorLines(err, a.Lang)) }

// writeNote writes lines to standard error, "todoku: " before the first; on a terminal they are wrapped between words.
func (a *App) writeNote(texts []string) {
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

// Version is what CHANGELOG.md calls this state of the program.
const Version = "0.1.0"
