package check

import (
	"context"
	"fmt"
	"io"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/lists"
	"todoku/codes"
	"todoku/diag"
)

// targets are the domains of a run: arguments, and the lines of lists, which
// are read as the run goes on. After each has ended, bad is the number of lines
// that name no domain, and err what ended a list early.
type targets struct {
	app     *app.App
	sources []source
	parse   func(string) (diag.Target, error) // of one target
	bad     int
	several bool // there may be more than one, although one is named
	err     error
}

// source is a target, or a list of them.
type source struct {
	target diag.Target
	list   io.ReadCloser // nil for a single target
	name   string        // of the list
}

// parseTargets understands NAME, @FILE and -. The files are opened, so that a
// wrong name is told before any work.
func parseTargets(ctx context.Context, a *app.App, args []string) (*targets, error) {
	return parseTargetsAs(ctx, a, app.DomainTarget, args)
}

// parseTargetsAs does so for targets of another kind.
func parseTargetsAs(ctx context.Context, a *app.App, parse func(string) (diag.Target, error), args []string) (*targets, error) {
	ts := &targets{app: a, parse: parse}
	for _, arg := range args {
		s, err := parseTarget(ctx, a, parse, arg)
		if err != nil {
			ts.close()
			return nil, err
		}
		ts.sources = append(ts.sources, s)
	}
	return ts, nil
}

func parseTarget(ctx context.Context, a *app.App, parse func(string) (diag.Target, error), arg string) (source, error) {
	if arg == "-" {
		in, err := a.Open(ctx, arg, app.Want{Text: true})
		return source{list: in, name: "stdin"}, err
	}
	file, isList := strings.CutPrefix(arg, "@")
	if !isList {
		t, err := parse(arg)
		return source{target: t}, err
	}
	f, err := a.Open(ctx, file, app.Want{Text: true})
	if err != nil {
		return source{}, a.ReadError(file, err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"},
			codes.Text{EN: "give @FILE with one domain a line, or - for standard input", JA: "1行に1ドメインを書いたファイルを @FILE で、標準入力なら - を指定してください"})
	}
	return source{list: f, name: file}, nil
}

func (ts *targets) close() {
	for _, s := range ts.sources {
		if s.list != nil {
			_ = s.list.Close()
		}
	}
}

// isList reports whether there can be more than one target.
func (ts *targets) isList() bool {
	return ts.several || len(ts.sources) > 1 || ts.sources[0].list != nil
}

// each yields the targets until they or ctx end. It may run once.
func (ts *targets) each(ctx context.Context) func(func(diag.Target) bool) {
	return func(yield func(diag.Target) bool) {
		defer ts.close()
		for _, s := range ts.sources {
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
	list := lists.New(s.list)
	for list.Next() {
		text := withoutComment(list.Text)
		if text == "" {
			continue
		}
		t, err := ts.parse(text)
		if list.Long {
			err = lists.TooLong()
		}
		if err != nil {
			ts.complain(fmt.Sprintf("%s:%d", s.name, list.Number), err)
		} else if !yield(t) {
			return false
		}
	}
	if list.Err != nil && ctx.Err() == nil { // the end of the run is told by whoever ran it
		ts.err = ts.app.ReadError(fmt.Sprintf("%s:%d", s.name, list.Number), list.Err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"}, codes.Text{})
	}
	return list.Err == nil
}

func (ts *targets) complain(place string, err error) {
	ts.bad++
	switch {
	case ts.bad < app.MaxComplaints:
		ts.app.Complain(codes.At(place, err))
	case ts.bad == app.MaxComplaints:
		ts.app.Tell(codes.Say(codes.Text{EN: "{place}: further lines that are no domain names are passed over in silence", JA: "{place}: これ以降、ドメイン名ではない行は表示せずに読み飛ばします"}, codes.Str("place", place)))
	}
}

// withoutComment cuts a line at a # that stands at its beginning or after a blank.
func withoutComment(s string) string {
	for i := range len(s) {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
