// Package cmd puts the groups of commands together; nothing else.
package cmd

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/about"
	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/check"
	"todoku/cmd/collect"
	"todoku/cmd/config"
	"todoku/cmd/diagnose"
	"todoku/cmd/explain"
	"todoku/cmd/fix"
	"todoku/cmd/guide"
	"todoku/cmd/history"
	"todoku/cmd/lab"
	"todoku/cmd/letter"
	"todoku/cmd/mcp"
	"todoku/cmd/replay"
	"todoku/cmd/reports"
	"todoku/cmd/send"
	"todoku/cmd/serve"
	"todoku/cmd/triage"
	"todoku/cmd/usage"
	"todoku/cmd/watch"
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
		cancel(app.ErrInterrupted)
	}()
	a := app.New(stdin, stdout, stderr, env)
	a.OwnsProcess = true
	return int(Execute(ctx, a, args))
}

// Run is Main under a context whose end is an interrupt, in a process in which other things run too.
func Run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer, env func(string) string) app.ExitStatus {
	return Execute(ctx, app.New(stdin, stdout, stderr, env), args)
}

// Execute runs a command line with an app.
func Execute(ctx context.Context, a *app.App, args []string) app.ExitStatus {
	ctx, done := a.Start(ctx, args)
	defer done()
	root := NewRoot(a)
	root.SetArgs(usage.TextBehind(args))
	err := completeGlobals(a, root)
	if err == nil && len(args) > 0 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd) {
		err = completeValues(a, root)
	}
	if err == nil {
		err = bundles.End(ctx, a, app.OutputError(root.ExecuteContext(ctx), "", a.Stdout))
	}
	return a.End(ctx, err)
}

// NewRoot builds the tree of commands in the language of the app.
func NewRoot(a *app.App) *cobra.Command {
	root := a.Group(app.About{
		Use: "todoku COMMAND",
		Short: codes.Text{EN: "does your mail arrive, and if not, why not and who must do what?",
			JA: "メールは届くか。届かないなら、なぜか、誰が何をすべきかを調べます"},
		Long: codes.Text{
			EN: "todoku (\"it arrives\") finds out why mail does not arrive and who has to do what:\n  - it checks the DNS of a domain and shows the record to publish (check)\n  - it goes from an error to its cause and the steps (explain, diagnose, guide)\n  - it sends mail and keeps what happened (send, history)\n  - it writes the letters about it (letter)",
			JA: "todoku(届く)は、メールが届かない要因を調べ、誰が何をすべきかを示します。\n  ・ドメインのDNS設定を検査し、公開すべきレコードを示します(check)\n  ・エラーの意味と要因を調べ、対策を順に示します(explain、diagnose、guide)\n  ・メールを送信し、通信内容と結果を残します(send、history)\n  ・宛先の管理者、受信者、お客様への文面を作成します(letter)"},
		Example: codes.Text{
			EN: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test",
			JA: "  todoku check domain example.jp\n  todoku explain spf-lookups\n  todoku --lab check domain healthy.test"},
	}, check.New(a), diagnose.New(a, nil), triage.New(a), letter.New(a), guide.New(a, commandNamed), send.New(a),
		history.New(a), collect.New(a), reports.New(a), fix.New(a), explain.New(a), replay.New(a, Execute), mcp.New(a, Execute), lab.New(a),
		serve.New(a, Execute), config.New(a, NewRoot),
		watch.New(a), about.NewVersion(a), about.NewCompletion(a), about.NewMan(a))
	root.SetHelpCommand(about.NewHelp(a))
	root.CompletionOptions.DisableDefaultCmd = true
	root.SilenceUsage, root.SilenceErrors = true, true
	root.DisableAutoGenTag = true
	root.SetIn(a.Stdin)
	root.SetOut(a.Stdout.Writer())
	root.SetErr(a.Stderr.Writer())
	root.SetFlagErrorFunc(usage.FlagError)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { about.WriteHelp(a, a.Stdout, c) })
	root.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return usage.MissingCommand(c, args)
	}
	root.RunE = func(c *cobra.Command, _ []string) error {
		if shown, _ := c.Flags().GetBool("version"); shown {
			return a.Stdout.Lines(about.ThisBuild().Lines(a.Stdout, a.Style(a.Stdout, false)))
		}
		about.WriteHelp(a, a.Stderr, c)
		return app.ExitUsage // a script that forgot the command must not go on as if it had looked
	}
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if c.Name() == cobra.ShellCompRequestCmd || c.Name() == cobra.ShellCompNoDescRequestCmd {
			return nil
		}
		if err := usage.CheckTyped(c); err != nil {
			return err
		}
		if err := a.FillFlags(c); err != nil {
			return err
		}
		return bundles.Start(c.Context(), a, c)
	}
	a.AddGlobals(root)
	return root
}

// completeGlobals offers the values of the global flags that take one of a few
// words; of --format, those of the command's document. It fails only for a flag that does not exist, which a test would see.
func completeGlobals(a *app.App, root *cobra.Command) error {
	var errs []error
	for flag, words := range map[string][]string{
		"lang": {"en", "ja", "both"}, "color": {"auto", "always", "never"},
		"fail-on": {"fail", "unknown", "warn", "info", "never"}, "only": app.CheckNames(), "skip": app.CheckNames(),
	} {
		errs = append(errs, app.CompleteFlag(a, root, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
	}
	errs = append(errs, app.CompleteFlag(a, root, "format", func(c *cobra.Command, _ []string, _ string) ([]string,
		cobra.ShellCompDirective) {
		return usage.FormatsOf(c), cobra.ShellCompDirectiveNoFileComp
	}))
	return errors.Join(errs...)
}

// commandNamed makes the command of a name, for a step of the guide to run; nil for what no step runs. What it finds goes
// to f.
func commandNamed(a *app.App, name string, f *app.Findings) *cobra.Command {
	switch name {
	case "check domain":
		return check.NewDomain(a, f)
	case "check spf":
		return check.NewSPF(a, f)
	case "check dmarc":
		return check.NewDMARC(a, f)
	case "check recipient":
		return check.NewRecipient(a, f)
	case "diagnose":
		return diagnose.New(a, f)
	case "explain":
		return explain.New(a)
	case "history export":
		return history.NewExport(a)
	case "history list":
		return history.NewList(a)
	case "history revalidate":
		return history.NewRevalidate(a)
	case "letter":
		return letter.New(a)
	case "send":
		return send.New(a)
	}
	return nil
}

// completeValues offers times to the flags that take one and offer nothing themselves, and keeps names of files from those that
// take no file.
func completeValues(a *app.App, c *cobra.Command) error {
	var errs []error
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if _, offers := c.GetFlagCompletionFunc(f.Name); offers {
			return
		}
		switch f.Value.Type() {
		case "WHEN":
			errs = append(errs, app.CompleteFlag(a, c, f.Name, cobra.FixedCompletions([]string{"1h", "1d", "7d", "30d"},
				cobra.ShellCompDirectiveNoFileComp)))
		case "TIME", "N", "ADDR", "ADDR|CIDR", "NAME", "ID", "URL", "HOST", "BYTES", "MIB", "ADDR:PORT", "HOST:PORT":
			errs = append(errs, app.CompleteFlag(a, c, f.Name, cobra.NoFileCompletions))
		}
	})
	for _, sub := range c.Commands() {
		errs = append(errs, completeValues(a, sub))
	}
	return errors.Join(errs...)
}
