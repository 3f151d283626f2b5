package guide

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
)

// checked is what a check of the guide came to.
type checked struct {
	status app.ExitStatus
	head   string   // what it says first, on one line
	causes []string // that a diagnosis confirmed, by their ids
	output page.Record
	took   time.Duration
}

// runner runs commands as steps of the guide do.
type runner struct {
	app  *app.App
	make app.CommandMaker
}

// command makes the command that a step of the guide runs, nil for what none
// runs, and gives the words of its name; more words are arguments. What it finds
// goes to f.
func (r runner) command(a *app.App, words []string, f *app.Findings) (*cobra.Command, []string) {
	for n := min(2, len(words)); n > 0; n-- {
		if c := r.make(a, strings.Join(words[:n], " "), f); c != nil {
			return c, words[:n]
		}
	}
	return nil, nil
}

// runs reports whether a step of the guide can run a command here: the lab's
// history does not outlive a command.
func (r runner) runs(c codes.Command) bool {
	command, _ := r.command(r.app, c.Words, nil)
	return command != nil && !(r.app.Global.Lab && c.Name() == "history")
}

// runCheck runs a check of the guide in this world, as text of a person's width,
// and keeps what it prints; nobody answers a question of it.
func (r runner) runCheck(ctx context.Context, c codes.Command, color bool) *checked {
	a, came := r.app, &checked{}
	var errs page.Record
	var f app.Findings
	started := a.Now()
	inner := recording(a, &came.output, &errs, color)
	err := r.run(ctx, inner, c, &f)
	came.status = inner.End(ctx, err)
	came.took = a.Now().Sub(started)
	came.causes = f.Confirmed()
	if came.output.Empty() || came.status == app.ExitUsage {
		came.output.Append(&errs)
	}
	switch {
	case f.Report != nil:
		came.head = report.ReportHeadline(f.Report, a.Lang)
	case f.Diagnosis != nil:
		came.head = report.DiagnosisHeadline(f.Diagnosis, a.Lang, f.Catalogue)
	default:
		came.head = report.Headline(came.output.FirstParagraph())
	}
	return came
}

// recording is the app with its streams in records, for text that is judged as
// usual.
func recording(a *app.App, out, errs *page.Record, color bool) *app.App {
	inner := *a
	inner.Stdin, inner.Stdout, inner.Stderr = strings.NewReader(""), out.Out(), errs.Out()
	g := &inner.Global
	g.Format, g.Output, g.Only, g.Skip, g.FailOn = string(page.TextFormat), "-", nil, nil, app.Threshold{Status: diag.Fail}
	g.Color = map[bool]string{true: "always", false: "never"}[color]
	g.Resolvers, g.Zones = slices.Clip(g.Resolvers), slices.Clip(g.Zones)
	return &inner
}

// run runs a command of the catalogue with its values. Flags that it leaves
// open are settled as on the command line.
func (r runner) run(ctx context.Context, a *app.App, command codes.Command, f *app.Findings) error {
	c, name := r.command(a, command.Words, f)
	if c == nil {
		return app.ExitUsage
	}
	given := command.Argv()[1+len(command.World)+len(name):]
	g := a.Global
	a.AddGlobals(c)
	a.Global = g
	for above := c; len(name) > 0; name = name[:len(name)-1] { // what is wrong with it is told by its whole name
		group := &cobra.Command{Use: slices.Concat([]string{"todoku"}, name)[len(name)-1]}
		group.AddCommand(above)
		above = group
	}
	c.SetContext(ctx)
	if err := c.ParseFlags(given); err != nil {
		return app.FlagError(c, err)
	}
	if err := a.Fill(c, c.LocalNonPersistentFlags()); err != nil {
		return err
	}
	args := c.Flags().Args()
	if err := c.ValidateArgs(args); err != nil {
		return err
	}
	return app.OutputError(c.RunE(c, args), "", a.Stdout)
}
