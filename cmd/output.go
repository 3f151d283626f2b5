package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
)

// formOf is the format of a document that --format asks for, else its default.
func formOf[T any](a *app, d page.Document[T]) (page.Form[T], error) {
	if a.global.format == "" {
		return d.Forms[0], nil
	}
	if _, err := oneOf(formatNames(d.Formats())...)(a.global.format); err != nil {
		return page.Form[T]{}, codes.At("--format", err)
	}
	return d.Form(page.Format(a.global.format))
}

func formatNames(formats []page.Format) []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = string(f)
	}
	return out
}

// deliver prints one thing in the form that --format asks for, to where -o says.
func deliver[T any](ctx context.Context, a *app, d page.Document[T], v T) error {
	form, err := formOf(a, d)
	if err != nil {
		return err
	}
	return printOne(ctx, a, form, v, a.styleOfOne)
}

// styleOfOne is how a document that stands alone looks on w.
func (a *app) styleOfOne(w *page.Out) page.Options { return a.style(w, false) }

// printOne prints one thing in a form to where -o says.
func printOne[T any](ctx context.Context, a *app, form page.Form[T], v T, style func(*page.Out) page.Options) error {
	return a.write(ctx, func(w *page.Out) error {
		p := form.Open(w, style(w))
		return errors.Join(p.Put(v), p.Close())
	})
}

// unwritten is output that could not be written to a file, or to standard
// output where none is named: the document is not whole.
func unwritten(file string, err error) error {
	says := codes.Text{EN: "standard output cannot be written", JA: "標準出力に書き込めません"}
	if file != "" {
		says = codes.Text{EN: "cannot be written", JA: "書き込めません"}
	}
	return &codes.UserError{Place: file, Says: codes.Say(says), Cause: fileFault(err), Unable: true}
}

// outputError is the error of a command, or that of its output: what was not
// written must not look like success.
func outputError(err error, file string, out *page.Out) error {
	var done exitStatus
	cause := out.Err()
	if cause == nil || err != nil && !errors.Is(err, cause) && !errors.As(err, &done) || done == exitInterrupted {
		return err
	}
	return unwritten(file, cause)
}

// write runs print on the place of the output. A file is replaced only when
// the output is complete.
func (a *app) write(ctx context.Context, print func(*page.Out) error) error {
	if name := a.global.output; name != "" && name != "-" {
		return a.writeFile(ctx, name, print)
	}
	return print(a.stdout)
}

// writeFile runs print on a file, or on the pipe or device of that name.
func (a *app) writeFile(ctx context.Context, name string, print func(*page.Out) error) error {
	f, err := create(ctx, name)
	switch {
	case errors.Is(err, errInterrupted):
		return err
	case errors.Is(err, errDeadline):
		return &codes.UserError{Place: name, Unable: true, Says: codes.Say(codes.Text{EN: "the deadline of {limit} came before anybody read this", JA: "期限({limit})までに、これを読み取る相手が現れませんでした"}, codes.Str("limit", a.limit.String())),
			Remedy: codes.Say(codes.Text{EN: "give more time with --deadline, or a file that is no pipe", JA: "--deadline を長くするか、パイプではないファイルを指定してください"})}
	case err != nil:
		return &codes.UserError{Place: name, Cause: err,
			Says:   codes.Say(codes.Text{EN: "the output file cannot be written", JA: "出力ファイルに書き込めません"}),
			Remedy: codes.Say(codes.Text{EN: "give a file in a directory that exists and can be written", JA: "書き込みできるディレクトリのファイルを指定してください"})}
	}
	out := page.To(f.File).Until(ctx)
	err = outputError(print(out), name, out)
	if err != nil {
		f.abandon()
		return err
	}
	if err := f.commit(); err != nil {
		return unwritten(name, err)
	}
	return nil
}

// outfile is a file under way: it stands beside its final name until commit.
type outfile struct {
	*os.File
	target string // "" when File is the target itself: a pipe, a device
}

func create(ctx context.Context, name string) (*outfile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	mode := os.FileMode(0o666)
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			f, err := openFile(ctx, name, os.O_WRONLY, 0)
			return &outfile{File: f}, err
		}
		mode = info.Mode().Perm()
	}
	f, err := os.OpenFile(fmt.Sprintf("%s.%d.part", name, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	return &outfile{File: f, target: name}, fileFault(err)
}

// replace writes a private file, whole or not at all. What is no regular file,
// such as a pipe that nobody reads, is left alone.
func replace(name string, data []byte) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return
	}
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.part") // mode 0600
	if err != nil {
		return
	}
	out := &outfile{File: f, target: name}
	if _, err := f.Write(data); err != nil {
		out.abandon()
		return
	}
	_ = out.commit()
}

// bare leaves the path out of an error: it is told already.
func bare(err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

func (f *outfile) commit() error {
	if err := f.Close(); err != nil || f.target == "" {
		return err
	}
	return os.Rename(f.Name(), f.target)
}

func (f *outfile) abandon() {
	_ = f.Close()
	if f.target != "" {
		_ = os.Remove(f.Name())
	}
}

// style is how a report looks on w.
func (a *app) style(w *page.Out, many bool) page.Options {
	columns, tty := w.Terminal()
	color := a.global.color == "always" || a.global.color != "never" && tty && a.env("NO_COLOR") == "" && a.env("TERM") != "dumb"
	return page.Options{Lang: a.lang, Color: color, Width: columns, Version: version, Many: many, World: a.worldArgs(), Now: a.now()}
}

// worldArgs are the flags that say what world is looked at, to be told.
func (a *app) worldArgs() []codes.Arg {
	g := a.global
	var args []codes.Arg
	for _, v := range g.resolvers {
		args = append(args, codes.Arg{Flag: "--resolver", Place: codes.PlaceResolver}.With(resolve.ShownServer(v)))
	}
	for _, v := range g.zones {
		args = append(args, codes.Arg{Flag: "--zone", Place: codes.PlaceFile}.With(v))
	}
	if g.lab {
		args = append(args, codes.Arg{Flag: "--lab"})
	}
	if g.offline {
		args = append(args, codes.Arg{Flag: "--offline"})
	}
	return args
}
