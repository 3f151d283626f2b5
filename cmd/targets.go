package cmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// targets are the domains of a run: arguments, and the lines of lists, which
// are read as the run goes on. After each has ended, bad is the number of lines
// that name no domain, and err what ended a list early.
type targets struct {
	app   *app
	named []source
	parse func(string) (diag.Target, error) // of one target
	tell  func(func())                      // how a complaint reaches the terminal
	bad   int
	err   error
}

// source is a target, or a list of them.
type source struct {
	target diag.Target
	list   io.ReadCloser // nil for a single target
	name   string        // of the list
}

// parseTargets understands NAME, @FILE and -. The files are opened, so that a
// wrong name is told before any work.
func (a *app) parseTargets(ctx context.Context, args []string) (*targets, error) {
	return a.parseTargetsAs(ctx, domainTarget, args)
}

// parseTargetsAs does so for targets of another kind.
func (a *app) parseTargetsAs(ctx context.Context, parse func(string) (diag.Target, error), args []string) (*targets, error) {
	ts := &targets{app: a, parse: parse}
	for _, arg := range args {
		s, err := a.parseTarget(ctx, parse, arg)
		if err != nil {
			ts.close()
			return nil, err
		}
		ts.named = append(ts.named, s)
	}
	return ts, nil
}

func (a *app) parseTarget(ctx context.Context, parse func(string) (diag.Target, error), arg string) (source, error) {
	if arg == "-" {
		in, err := a.open(ctx, arg, want{text: true})
		return source{list: in, name: "stdin"}, err
	}
	file, isList := strings.CutPrefix(arg, "@")
	if !isList {
		t, err := parse(arg)
		return source{target: t}, err
	}
	f, err := a.open(ctx, file, want{text: true})
	if err != nil {
		return source{}, a.unread(file, err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"},
			codes.Text{EN: "give @FILE with one domain a line, or - for standard input", JA: "1行に1ドメインを書いたファイルを @FILE で、標準入力なら - を指定してください"})
	}
	return source{list: f, name: file}, nil
}

func (ts *targets) close() {
	for _, s := range ts.named {
		if s.list != nil {
			_ = s.list.Close()
		}
	}
}

// many reports whether there can be more than one target.
func (ts *targets) many() bool { return len(ts.named) > 1 || ts.named[0].list != nil }

// each yields the targets until they or ctx end. It may run once.
func (ts *targets) each(ctx context.Context) func(func(diag.Target) bool) {
	return func(yield func(diag.Target) bool) {
		defer ts.close()
		for _, s := range ts.named {
			if s.list == nil {
				if !yield(s.target) {
					return
				}
			} else if !ts.read(ctx, s, yield) {
				return
			}
		}
	}
}

// read yields the domains of a list.
func (ts *targets) read(ctx context.Context, s source, yield func(diag.Target) bool) bool {
	list := readList(s.list)
	for list.next() {
		text := withoutComment(list.text)
		if text == "" {
			continue
		}
		t, err := ts.parse(text)
		if list.long {
			err = tooLong()
		}
		if err != nil {
			ts.complain(fmt.Sprintf("%s:%d", s.name, list.number), err)
		} else if !yield(t) {
			return false
		}
	}
	if list.err != nil && ctx.Err() == nil { // the end of the run is told by whoever ran it
		ts.err = ts.app.unread(fmt.Sprintf("%s:%d", s.name, list.number), list.err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"}, codes.Text{})
	}
	return list.err == nil
}

func (ts *targets) complain(place string, err error) {
	ts.bad++
	switch {
	case ts.bad < maxComplaints:
		ts.tell(func() { ts.app.complain(codes.At(place, err)) })
	case ts.bad == maxComplaints:
		ts.tell(func() {
			ts.app.tell(codes.Say(codes.Text{EN: "{place}: further lines that are no domain names are passed over in silence", JA: "{place}: これ以降、ドメイン名ではない行は表示せずに読み飛ばします"}, codes.Str("place", place)))
		})
	}
}
