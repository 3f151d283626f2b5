package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"todoku/codes"
	"todoku/diag"
)

// maxComplaints bounds what is said about the bad lines of one run.
const maxComplaints = 20

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
func (a *app) parseTargets(args []string) (*targets, error) {
	return a.parseTargetsAs(domainTarget, args)
}

// parseTargetsAs does so for targets of another kind.
func (a *app) parseTargetsAs(parse func(string) (diag.Target, error), args []string) (*targets, error) {
	ts := &targets{app: a, parse: parse}
	for _, arg := range args {
		s, err := a.parseTarget(parse, arg)
		if err != nil {
			ts.close()
			return nil, err
		}
		ts.named = append(ts.named, s)
	}
	return ts, nil
}

func (a *app) parseTarget(parse func(string) (diag.Target, error), arg string) (source, error) {
	if arg == "-" {
		return source{list: io.NopCloser(a.stdin), name: "stdin"}, nil
	}
	file, isList := strings.CutPrefix(arg, "@")
	if !isList {
		t, err := parse(arg)
		return source{target: t}, err
	}
	f, err := os.Open(file)
	if err != nil {
		return source{}, &usageError{place: file, cause: bare(err),
			says: say(codes.Text{EN: "the list cannot be read", JA: "リストを読めません"}),
			fix:  say(codes.Text{EN: "give @FILE with one domain a line, or - for standard input", JA: "1行に1ドメインを書いたファイルを @FILE で、標準入力なら - を指定してください"})}
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

// line is one line of a list.
type line struct {
	number int
	text   string
	err    error
}

// read yields the domains of a list. The lines come from a goroutine of their
// own: an interrupt must not wait for somebody to type one.
func (ts *targets) read(ctx context.Context, s source, yield func(diag.Target) bool) bool {
	lines, stop := make(chan line), make(chan struct{})
	defer close(stop)
	go readLines(s.list, lines, stop)
	for {
		select {
		case <-ctx.Done():
			return false
		case l, more := <-lines:
			switch {
			case !more:
				return true
			case l.err != nil:
				ts.err = fmt.Errorf("%s:%d: %w", s.name, l.number, l.err)
				return false
			}
			t, err := ts.parse(l.text)
			if err != nil {
				ts.complain(fmt.Sprintf("%s:%d", s.name, l.number), err)
			} else if !yield(t) {
				return false
			}
		}
	}
}

func (ts *targets) complain(place string, err error) {
	ts.bad++
	switch {
	case ts.bad < maxComplaints:
		ts.tell(func() { ts.app.complain(at(place, err)) })
	case ts.bad == maxComplaints:
		ts.tell(func() {
			ts.app.tell(say(codes.Text{EN: "%s: further lines that are no domain names are passed over in silence", JA: "%s: これ以降、ドメイン名ではない行は表示せずに読み飛ばします"}, place))
		})
	}
}

// readLines sends the lines that say something, without comments.
func readLines(r io.Reader, lines chan<- line, stop <-chan struct{}) {
	defer close(lines)
	in := bufio.NewReaderSize(r, 4096)
	for n := 1; ; n++ {
		raw, err := in.ReadSlice('\n')
		text := string(raw)
		for errors.Is(err, bufio.ErrBufferFull) { // no domain is that long; the rest of the line only has to go
			_, err = in.ReadSlice('\n')
		}
		if n == 1 {
			text = strings.TrimPrefix(text, "\ufeff")
		}
		text, _, _ = strings.Cut(text, "#")
		l := line{number: n, text: strings.TrimSpace(text)}
		if err != nil && !errors.Is(err, io.EOF) {
			l.err = err
		}
		if l.text != "" || l.err != nil {
			select {
			case lines <- l:
			case <-stop:
				return
			}
		}
		if err != nil {
			return
		}
	}
}
