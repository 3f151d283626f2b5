package diagnose

import (
	"context"
	"io"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// maxGroups is how many groups of failures are diagnosed: those that the page shows.
const maxGroups = 10

// diagnoseSeveral prints what an input tells that has several failures, as triage does, with a diagnosis of each group. It
// returns false where no events are found in it; nothing is printed then.
func diagnoseSeveral(ctx context.Context, a *app.App, d *options, catalogue *codes.Catalogue) (bool, error) {
	form, err := app.FormOf(a, report.Triages)
	if err != nil {
		return false, err
	}
	result, err := d.count(ctx, catalogue)
	if err != nil || result.Counts.Trouble()+result.Counts.Delayed < 2 {
		return false, err
	}
	world, env, err := guideEnv(ctx, a, d, catalogue)
	if err != nil {
		return true, err
	}
	defer world.Close()
	stop := a.ShowWaiting()
	result.Diagnose(ctx, env, maxGroups, func(k *guide.Case) { d.apply(k, nil) })
	stop()
	if d.past != nil {
		if err := result.Join(ctx, d.past, a.Zone()); err != nil {
			a.Complain(a.ReadError("--store", err, codes.Text{EN: "what changed before is not known", JA: "以前の変化を確認できません"}, codes.Text{}))
		}
	}
	err = a.Write(ctx, func(w *page.Out) error {
		o := d.history.Style(a, w, false)
		o.Catalogue = catalogue
		p := form.Open(w, o)
		if err := p.Put(result); err != nil {
			return err
		}
		return p.Close()
	})
	if err != nil {
		return true, err
	}
	status := app.ExitOK
	for _, g := range result.Groups {
		if g.Diagnosis != nil && g.Diagnosis.Answer() == nil && g.Diagnosis.Count(guide.Open) > 0 {
			status = app.ExitUnknown
		}
	}
	if status = a.Global.FailOn.Weigh(status); status != app.ExitOK {
		return true, status
	}
	return true, nil
}

// count reads the events of the input.
func (d *options) count(ctx context.Context, catalogue *codes.Catalogue) (*triage.Triage, error) {
	f, err := d.again(ctx)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	keepers := triage.NewKeepers()
	judge, tally := keepers.Judge(catalogue), triage.New(triage.Options{Known: keepers.Known})
	in := triage.Input{}
	err = event.Each(ctx, event.Source{Name: d.name, Reader: io.LimitReader(f, app.MaxInput), Input: &in.Input}, func(e *event.Event) error {
		judge.Judge(e)
		tally.Add(e)
		return nil
	})
	if err != nil && ctx.Err() == nil {
		return nil, err
	}
	result := tally.Result()
	result.Inputs, result.Cut = []triage.Input{in}, ctx.Err() != nil
	return result, nil
}
