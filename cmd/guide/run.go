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
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// checkResult is what a check of the guide came to.
type checkResult struct {
	status   app.ExitStatus
	headline string         // what it says first, on one line
	causes   []*guide.Cause // that a diagnosis confirmed
	output   page.Record
	took     time.Duration
}

// CommandMaker makes the command of a name such as "check spf"; nil for a name that no step of the guide runs. The command
// puts its results into f.
type CommandMaker func(a *app.App, name string, f *app.Findings) *cobra.Command

// runner runs commands as steps of the guide do.
type runner struct {
	app  *app.App
	make CommandMaker
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
// history does not outlive a command, and no bundle has one.
func (r runner) runs(c codes.Command) bool {
	command, _ := r.command(r.app, c.Words, nil)
	return command != nil && !((r.app.Global.Lab || r.app.Seam != nil) && c.Name() == "history")
}

// runCheck runs a check of the guide in this world, as text of a person's width,
// and keeps what it prints; nobody answers a question of it.
func (r runner) runCheck(ctx context.Context, c codes.Command, color bool) *checkResult {
	a, result := r.app, &checkResult{}
	var errs page.Record
	var f app.Findings
	started := a.Now()
	inner := recording(a, &result.output, &errs, color)
	err := r.run(ctx, inner, c, &f)
	result.status = inner.End(ctx, err)
	result.took = a.Now().Sub(started)
	if result.output.Empty() || result.status == app.ExitUsage {
		result.output.Append(&errs)
	}
	switch {
	case f.Report != nil:
		result.headline = report.ReportHeadline(f.Report, a.Lang)
	case f.Diagnosis != nil:
		result.causes = f.Diagnosis.Confirmed()
		result.headline = report.DiagnosisHeadline(f.Diagnosis, a.Lang, f.Catalogue)
	default:
		result.headline = report.Headline(result.output.FirstParagraph())
	}
	return result
}

// recording is the app with its streams in records, for text that is judged as
// usual.
func recording(a *app.App, out, errs *page.Record, color bool) *app.App {
	inner := *a
	inner.Stdin, inner.Stdout, inner.Stderr = strings.NewReader(""), out.Out(), errs.Out()
	inner.Apart = true
	g := &inner.Global
	g.Format, g.Outputs, g.Only, g.Skip, g.FailOn = string(page.TextFormat), nil, nil, nil, app.Threshold{Status: diag.Fail}
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
	below := c
	for _, group := range slices.Backward(append([]string{"todoku"}, name[:len(name)-1]...)) { // errors tell its whole name
		above := &cobra.Command{Use: group}
		above.AddCommand(below)
		below = above
	}
	c.SetContext(ctx)
	if err := c.ParseFlags(given); err != nil {
		return usage.FlagError(c, err)
	}
	if err := a.FillFlagSet(c, c.LocalNonPersistentFlags()); err != nil {
		return err
	}
	args := c.Flags().Args()
	if err := c.ValidateArgs(args); err != nil {
		return err
	}
	return app.OutputError(c.RunE(c, args), "", a.Stdout)
}
