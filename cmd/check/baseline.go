package check

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/baseline"
)

// baselineRun compares the reports of a run with a file of known findings.
type baselineRun struct {
	file   string // "" compares with nothing
	update bool   // write the file anew at the end
	before *baseline.Baseline
	after  *baseline.Baseline
}

// addBaselineFlags adds the flags of a comparison.
func addBaselineFlags(a *app.App, c *cobra.Command, b *baselineRun) {
	c.Flags().Var(app.ValueOf(&b.file, app.ParseNonEmpty, "FILE"), "baseline", a.T(codes.Text{
		EN: "tell only what is otherwise than in this file", JA: "このファイルと異なる結果だけを報告します"}))
	c.Flags().BoolVar(&b.update, "update-baseline", false, a.T(codes.Text{
		EN: "write that file anew, or make it", JA: "ベースラインのファイルを作成・更新します"}))
}

// open reads the file. One that does not exist yet is empty where it is to be written.
func (b *baselineRun) open(ctx context.Context, a *app.App) error {
	if b.file == "" {
		if b.update {
			return codes.At("--update-baseline", codes.Wrong(codes.Say(codes.Text{EN: "it needs a file", JA: "ファイルの指定が必要です"}),
				codes.Say(codes.Text{EN: "give it with --baseline FILE", JA: "--baseline FILE で指定してください"})))
		}
		return nil
	}
	b.before, b.after = baseline.New(), baseline.New()
	in, err := a.Open(ctx, b.file, app.Want{})
	switch {
	case errors.Is(err, fs.ErrNotExist) && b.update:
		return nil
	case err != nil:
		return a.ReadError(b.file, err, codes.Text{EN: "the baseline cannot be read", JA: "ベースラインを読めません"},
			codes.Text{EN: "make it with --update-baseline", JA: "--update-baseline で作成してください"})
	}
	defer in.Close()
	if b.before, err = baseline.Read(in, b.file); err == nil {
		b.after = b.before.Clone()
	}
	return err
}

// apply leaves in a report what is new or changed.
func (b *baselineRun) apply(r *diag.Report) {
	if b.before == nil {
		return
	}
	b.after.Learn(r)
	b.before.Apply(r)
}

// close writes the file anew where that is asked for.
func (b *baselineRun) close(ctx context.Context, a *app.App) error {
	if !b.update || context.Cause(ctx) != nil { // of a run that was cut short only a part is known
		return nil
	}
	var text strings.Builder
	if err := b.after.Write(&text); err != nil {
		return err
	}
	return a.WriteFile(ctx, b.file, func(w *page.Out) error { return w.Lines(text.String()) })
}
