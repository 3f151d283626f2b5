package cmd

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
)

// checked is what a check of the guide came to.
type checked struct {
	status exitStatus
	head   string   // what it says first, on one line
	causes []string // that a diagnosis confirmed, by their ids
	output page.Record
	took   time.Duration
}

// findings are the values that a command came to, besides what it printed; nil
// where it has none of the kind.
type findings struct {
	report    *diag.Report
	diagnosis *guide.Diagnosis
	catalogue *codes.Catalogue // with which the diagnosis was made
}

// confirmed are the ids of the causes that a diagnosis confirmed.
func (f *findings) confirmed() []string {
	var ids []string
	if f.diagnosis != nil {
		for _, o := range f.diagnosis.Outcomes {
			if o.Status == guide.Confirmed {
				ids = append(ids, o.Cause.ID)
			}
		}
	}
	return ids
}

// guideCommand makes the command that a step of the guide runs, nil for what none
// runs, and gives the words of its name; more words are arguments. What it finds
// goes to f.
func (a *app) guideCommand(words []string, f *findings) (*cobra.Command, []string) {
	for n := min(2, len(words)); n > 0; n-- {
		if c := a.guideCommandNamed(strings.Join(words[:n], " "), f); c != nil {
			return c, words[:n]
		}
	}
	return nil, nil
}

func (a *app) guideCommandNamed(name string, f *findings) *cobra.Command {
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

// runs reports whether a step of the guide can run a command here: the lab's
// history does not outlive a command.
func (a *app) runs(c codes.Command) bool {
	command, _ := a.guideCommand(c.Words, nil)
	return command != nil && !(a.global.lab && c.Name() == "history")
}

// runCheck runs a check of the guide in this world, as text of a person's width,
// and keeps what it prints; nobody answers a question of it.
func (a *app) runCheck(ctx context.Context, c codes.Command, color bool) *checked {
	r := &checked{}
	var errs page.Record
	var f findings
	started := a.now()
	inner := a.recording(&r.output, &errs, color)
	err := inner.runCommand(ctx, c, &f)
	r.status = inner.end(ctx, err)
	r.took = a.now().Sub(started)
	r.causes = f.confirmed()
	if r.output.Empty() || r.status == exitUsage {
		r.output.Append(&errs)
	}
	switch {
	case f.report != nil:
		r.head = report.ReportHeadline(f.report, a.lang)
	case f.diagnosis != nil:
		r.head = report.DiagnosisHeadline(f.diagnosis, a.lang, f.catalogue)
	default:
		r.head = report.Headline(r.output.FirstParagraph())
	}
	return r
}

// recording is the app with its streams in records, for text that is judged as
// usual.
func (a *app) recording(out, errs *page.Record, color bool) *app {
	inner := *a
	inner.stdin, inner.stdout, inner.stderr = strings.NewReader(""), out.Out(), errs.Out()
	g := &inner.global
	g.format, g.output, g.only, g.skip, g.failOn = string(page.TextFormat), "-", nil, nil, threshold{status: diag.Fail}
	g.color = map[bool]string{true: "always", false: "never"}[color]
	g.resolvers, g.zones = slices.Clip(g.resolvers), slices.Clip(g.zones)
	return &inner
}

// runCommand runs a command of the catalogue with its values. Flags that it leaves
// open are settled as on the command line.
func (a *app) runCommand(ctx context.Context, command codes.Command, f *findings) error {
	c, name := a.guideCommand(command.Words, f)
	if c == nil {
		return exitUsage
	}
	given := command.Argv()[1+len(command.World)+len(name):]
	g := a.global
	a.addGlobals(c)
	a.global = g
	for above := c; len(name) > 0; name = name[:len(name)-1] { // what is wrong with it is told by its whole name
		group := &cobra.Command{Use: slices.Concat([]string{"todoku"}, name)[len(name)-1]}
		group.AddCommand(above)
		above = group
	}
	c.SetContext(ctx)
	if err := c.ParseFlags(given); err != nil {
		return flagError(c, err)
	}
	if err := a.fill(c, c.LocalNonPersistentFlags()); err != nil {
		return err
	}
	args := c.Flags().Args()
	if err := c.ValidateArgs(args); err != nil {
		return err
	}
	return outputError(c.RunE(c, args), "", a.stdout)
}
