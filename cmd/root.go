package cmd

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/codes"
)

// Main runs one command line and gives the process's exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		signal.Stop(signals) // a second Ctrl-C ends the process at once
		cancel(errInterrupted)
	}()
	return int(run(ctx, args, stdin, stdout, stderr, env))
}

// run is Main under a context whose end is an interrupt.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) exitStatus {
	return execute(ctx, newApp(stdin, stdout, stderr, env), args)
}

// execute runs a command line with an app.
func execute(ctx context.Context, a *app, args []string) exitStatus {
	ctx, done, err := a.start(ctx, args)
	defer done()
	if err == nil {
		root := newRoot(a)
		root.SetArgs(args)
		if err = completeGlobals(root); err == nil {
			err = outputError(root.ExecuteContext(ctx), "", a.stdout)
		}
	}
	return a.end(ctx, err)
}

// newRoot builds the tree of commands in the language of the app.
func newRoot(a *app) *cobra.Command {
	root := a.group(about{
		use: "todoku COMMAND",
		short: codes.Text{EN: "does your mail arrive, and if not, why not and who must do what?",
			JA: "メールは届くか。届かないなら、なぜか、誰が何をすべきかを調べます"},
		long: codes.Text{
			EN: "todoku (\"it arrives\") looks at everything that decides whether the mail of a\ndomain arrives, names what is wrong, shows the record to publish and says who\nhas to act.",
			JA: "todoku(届く)は、あるドメインのメールが届くかどうかを左右するものをすべて調べ、\n問題点、公開すべきレコード、対応すべき担当者を示します。"},
		example: codes.Text{
			EN: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test",
			JA: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test"},
	}, newCheck(a), newDiagnose(a, nil), newLetter(a), newGuide(a, commandNamed), newSend(a), newHistory(a), newExplain(a), newLab(a),
		newVersion(a), newCompletion(a), newMan(a))
	root.SetHelpCommand(newHelp(a))
	root.CompletionOptions.DisableDefaultCmd = true
	root.SilenceUsage, root.SilenceErrors = true, true
	root.DisableAutoGenTag = true
	root.SetIn(a.stdin)
	root.SetOut(a.stdout.Writer())
	root.SetErr(a.stderr.Writer())
	root.SetFlagErrorFunc(flagError)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { a.writeHelp(a.stdout, c) })
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return missingCommand(c, args)
	}
	root.RunE = func(c *cobra.Command, _ []string) error {
		if shown, _ := c.Flags().GetBool("version"); shown {
			return a.stdout.Lines(thisBuild().Lines(a.stdout, a.style(a.stdout, false)))
		}
		a.writeHelp(a.stderr, c)
		return exitUsage // a script that forgot the command must not go on as if it had looked
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
			return nil
		}
		return a.settle(c)
	}
	a.addGlobals(root)
	return root
}

func newHelp(a *app) *cobra.Command {
	help := a.command(about{
		use:     "help [COMMAND]",
		short:   codes.Text{EN: "show the help of a command", JA: "コマンドのヘルプを表示します"},
		long:    codes.Text{EN: "Shows the same as COMMAND --help.", JA: "COMMAND --help と同じ内容を表示します。"},
		example: codes.Text{EN: "  todoku help check domain", JA: "  todoku help check domain"},
		maxArgs: -1,
	}, nil)
	help.RunE = func(c *cobra.Command, args []string) error {
		found, rest, err := c.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return missingCommand(found, rest)
		}
		a.writeHelp(a.stdout, found)
		return nil
	}
	return help
}

// completeGlobals offers the values of the global flags that take one of a few
// words. It fails only for a flag that does not exist, which a test would see.
func completeGlobals(root *cobra.Command) error {
	var errs []error
	for flag, words := range map[string][]string{
		"lang": {"en", "ja"}, "format": formatNames(report.Reports.Formats()), "color": {"auto", "always", "never"},
		"fail-on": {"fail", "unknown", "warn", "info", "never"}, "only": checkNames(), "skip": checkNames(),
	} {
		errs = append(errs, root.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
	}
	return errors.Join(errs...)
}

// commandNamed makes the command of a name, for a step of the guide to run; nil for what no step runs. What it finds goes
// to f.
func commandNamed(a *app, name string, f *findings) *cobra.Command {
	switch name {
	case "check domain":
		return newCheckDomain(a, f)
	case "check spf":
		return newCheckSPF(a, f)
	case "check dmarc":
		return newCheckDMARC(a, f)
	case "check recipient":
		return newCheckRecipient(a, f)
	case "diagnose":
		return newDiagnose(a, f)
	case "explain":
		return newExplain(a)
	case "history export":
		return newHistoryExport(a)
	case "history list":
		return newHistoryList(a)
	case "history revalidate":
		return newHistoryRevalidate(a)
	case "letter":
		return newLetter(a)
	case "send":
		return newSend(a)
	}
	return nil
}
