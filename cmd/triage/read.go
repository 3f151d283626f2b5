package triage

import (
	"context"
	"os"
	"strings"
	"time"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// run reads the inputs and prints what they tell.
func run(ctx context.Context, a *app.App, o *options, args []string) error {
	form, err := app.FormOf(a, report.Triages)
	if err != nil {
		return err
	}
	catalogue, err := a.LoadCatalogue(ctx, o.rules)
	if err != nil {
		return err
	}
	judge := event.NewJudge(catalogue, providerOf())
	tally := triage.New(triage.Options{Filter: o.filter, By: triage.By(o.by)})
	var inputs []event.Input
	unread := false
	for _, name := range args {
		in, err := o.readFile(ctx, a, name, func(e *event.Event) error {
			judge.Judge(e)
			tally.Add(e)
			return nil
		})
		inputs = append(inputs, in)
		if err != nil {
			a.Complain(a.ReadError(name, err, codes.Text{EN: "the input cannot be read", JA: "入力を読めません"}, codes.Text{}))
			unread = true
		}
		unread = unread || in.Format == ""
	}
	result := tally.Result()
	result.Inputs = inputs
	if err := app.PrintOne(ctx, a, form, result, func(w *page.Out) page.Options { return a.Style(w, false) }); err != nil {
		return err
	}
	switch {
	case unread:
		return app.ExitUnknown
	case result.Counts.Trouble() > 0:
		return app.ExitWrong
	}
	return nil
}

// readFile gives the events of one file.
func (o *options) readFile(ctx context.Context, a *app.App, name string, give func(*event.Event) error) (event.Input, error) {
	in := event.Input{File: name}
	f, err := a.Open(ctx, name, app.Want{})
	if err != nil {
		return in, err
	}
	defer f.Close()
	var modified time.Time
	if info, err := os.Stat(name); err == nil {
		modified = info.ModTime()
	}
	for e, err := range event.Read(ctx, event.Source{Name: name, Reader: f, Modified: modified, Workers: o.workers, Input: &in}) {
		if err != nil {
			return in, err
		}
		if err := give(&e); err != nil {
			return in, err
		}
	}
	return in, nil
}

// providerOf finds the provider that keeps the mailboxes of a domain.
func providerOf() func(string) string {
	known := map[string]string{}
	for h := range provider.Headings() {
		for _, d := range h.Domains {
			known[d] = h.ID
		}
	}
	return func(domain string) string {
		for d := domain; d != ""; {
			if id, ok := known[d]; ok {
				return id
			}
			_, d, _ = strings.Cut(d, ".")
		}
		return ""
	}
}
