package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
)

// FormOf is the format of a document that --format names, else that of the extension of the output file, else the default one.
// With several outputs, the form writes the document to each in its format: the further ones are files that Write opens.
// The error lists the possible formats.
func FormOf[T any](a *App, d page.Document[T]) (page.Form[T], error) {
	names := a.Global.Outputs
	if len(names) == 0 {
		names = []string{standardOutput}
	}
	forms := make([]page.Form[T], len(names))
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return page.Form[T]{}, codes.At("--output", codes.Wrong(codes.Say(codes.Text{EN: "{file} is named twice", JA: "{file} が2回指定されています"},
				codes.Str("file", name)), codes.Message{}))
		}
		var err error
		if forms[i], err = formFor(a, d, name); err != nil {
			return page.Form[T]{}, err
		}
	}
	web := slices.ContainsFunc(forms, func(f page.Form[T]) bool { return f.Format == page.Web })
	if a.Global.lang == bothLanguages && !web && !a.Filled("lang") {
		return page.Form[T]{}, codes.At("--lang", codes.Wrong(codes.Say(codes.Text{EN: "{both} is for the format {html} only", JA: "{both} を指定できるのは {html} 形式だけです"},
			codes.Str("both", bothLanguages), codes.Str("html", string(page.Web))),
			codes.Say(codes.Text{EN: "add --format html or -o FILE.html, or choose en or ja", JA: "--format html または -o FILE.html を追加するか、en または ja を指定してください"})))
	}
	if keepsReport(a) {
		if report, err := d.Form(page.JSON); err == nil {
			forms = append(forms, report)
		}
	}
	a.severalOutputs = len(forms) > 1
	if !a.severalOutputs {
		return forms[0], nil
	}
	all := forms[0]
	all.Stream = !slices.ContainsFunc(forms, func(f page.Form[T]) bool { return !f.Stream })
	all.Open = func(w *page.Out, o page.Options) page.Printer[T] {
		printers := []page.Printer[T]{forms[0].Open(w, o)}
		for i, out := range a.furtherOutputs {
			o.Color, o.Width = a.paint(out)
			printers = append(printers, forms[i+1].Open(out, o))
		}
		return page.Several(printers)
	}
	return all, nil
}

// formFor is the format of a document in one output.
func formFor[T any](a *App, d page.Document[T], name string) (page.Form[T], error) {
	format, isSet := a.Global.Format, a.Global.Format != ""
	if byName, ok := page.FormatOf(name); ok && (!isSet || a.Filled("format")) {
		form, err := d.Form(byName)
		if err != nil {
			return form, codes.At("--output", codes.Wrong(codes.Say(codes.Text{EN: "{file}: this output has no format {format}",
				JA: "{file}: この出力に {format} 形式はありません"}, codes.Str("file", name), codes.Str("format", string(byName))),
				codes.Say(codes.Text{EN: "formats: {formats}; --format chooses one for a file of any name", JA: "形式: {formats}(ファイル名によらず --format で指定できます)"},
					codes.List("formats", FormatNames(d.Formats())))))
		}
		return form, nil
	}
	if !isSet {
		return d.Forms[0], nil
	}
	known, err := OneOf(FormatNames(d.Formats())...)(format)
	if err != nil {
		if a.Filled("format") { // for other documents
			return d.Forms[0], nil
		}
		return page.Form[T]{}, codes.At("--format", err)
	}
	return d.Form(page.Format(known))
}

// FormatNames are formats as --format takes them.
func FormatNames(formats []page.Format) []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = string(f)
	}
	return out
}

// PrintDocument prints one document in the format of --format to the file of --output or to standard output.
func PrintDocument[T any](ctx context.Context, a *App, d page.Document[T], v T) error {
	form, err := FormOf(a, d)
	if err != nil {
		return err
	}
	return PrintOne(ctx, a, form, v, a.StyleOfOne)
}

// StyleOfOne is Style for a single document.
func (a *App) StyleOfOne(w *page.Out) page.Options { return a.Style(w, false) }

// PrintOne prints one document in a given format to the file of --output or to standard output.
func PrintOne[T any](ctx context.Context, a *App, form page.Form[T], v T, style func(*page.Out) page.Options) error {
	return a.Write(ctx, func(w *page.Out) error {
		p := form.Open(w, style(w))
		return errors.Join(p.Put(v), p.Close())
	})
}

// writeError is the error of output that could not be written to a file, or to standard output if file is "".
func writeError(file string, err error) error {
	says := codes.Text{EN: "standard output cannot be written", JA: "標準出力に書き込めません"}
	if file != "" {
		says = codes.Text{EN: "cannot be written", JA: "書き込めません"}
	}
	return &codes.UserError{Place: file, Says: codes.Say(says), Cause: FileFault(err), Unable: true}
}

// OutputError returns the error of a command's output if there is one, else err, the command's own: a document that could
// not be written must not look like success.
func OutputError(err error, file string, out *page.Out) error {
	var done ExitStatus
	cause := out.Err()
	if cause == nil || err != nil && !errors.Is(err, cause) && !errors.As(err, &done) || done == ExitInterrupted {
		return err
	}
	return writeError(file, cause)
}

// standardOutput is what --output calls it.
const standardOutput = "-"

// Write calls print with the first file of --output or with standard output; the further ones are for the printer of FormOf.
// A file replaces an old one only when print has succeeded and the run was not cut short: what there is then goes to a
// file beside the old one.
func (a *App) Write(ctx context.Context, print func(*page.Out) error) error {
	names := a.Global.Outputs
	switch {
	case len(names) == 0 && !a.severalOutputs:
		return print(a.Stdout)
	case len(names) == 0:
		names = []string{standardOutput}
	case len(names) > 1 && !a.severalOutputs:
		return codes.At("--output", codes.Wrong(codes.Say(codes.Text{EN: "this command writes one file", JA: "このコマンドの出力先は1つだけ指定できます"}), codes.Message{}))
	}
	return a.writeAll(ctx, names, nil, print)
}

// writeAll opens one output after the other, and prints when all are open.
func (a *App) writeAll(ctx context.Context, names []string, open []*page.Out, print func(*page.Out) error) error {
	if len(open) == len(names) {
		a.furtherOutputs = open[1:]
		if keepsReport(a) {
			a.furtherOutputs = append(a.furtherOutputs, a.Seam.Report().Out())
		}
		return print(open[0])
	}
	next := func(w *page.Out) error { return a.writeAll(ctx, names, append(open, w), print) }
	if name := names[len(open)]; name != standardOutput {
		return a.WriteFile(ctx, name, next)
	}
	return next(a.Stdout)
}

// WritesApart reports whether the first output is a file, so that standard output is free.
func (g GlobalFlags) WritesApart() bool { return len(g.Outputs) > 0 && g.Outputs[0] != standardOutput }

// WriteFile is Write for a file of any name. A pipe or a device is written to directly.
func (a *App) WriteFile(ctx context.Context, name string, print func(*page.Out) error) error {
	if a.guest != nil {
		return a.guest.write(ctx, name, print)
	}
	f, err := createOutput(ctx, name)
	switch {
	case errors.Is(err, ErrInterrupted):
		return err
	case errors.Is(err, ErrDeadline):
		return &codes.UserError{Place: name, Unable: true, Says: codes.Say(codes.Text{EN: "the deadline of {limit} came before anybody read this", JA: "期限({limit})までに、これを読み取る相手が現れませんでした"}, codes.Str("limit", a.Limit.String())),
			Remedy: codes.Say(codes.Text{EN: "give more time with --deadline, or a file that is no pipe", JA: "--deadline を長くするか、パイプではないファイルを指定してください"})}
	case err != nil:
		return &codes.UserError{Place: name, Cause: err,
			Says:   codes.Say(codes.Text{EN: "the output file cannot be written", JA: "出力ファイルに書き込めません"}),
			Remedy: codes.Say(codes.Text{EN: "give a file in a directory that exists and can be written", JA: "書き込みできるディレクトリのファイルを指定してください"})}
	}
	out := page.To(f.File).Until(ctx)
	err = OutputError(print(out), name, out)
	if err != nil {
		f.abandon()
		return err
	}
	if context.Cause(ctx) != nil && f.replaces { // not all that was asked for: the last complete one is worth more
		f.target += ".part"
		a.Tell(codes.Say(codes.Text{EN: "{name} is as it was; what was done is in {part}", JA: "{name} は元のままです。途中までの結果は {part} にあります"}, codes.Str("name", name), codes.Str("part", f.target)))
	}
	if err := f.commit(); err != nil {
		return writeError(name, err)
	}
	return nil
}

// outputFile is a file that is being written. It has a temporary name in the directory of its target until commit.
type outputFile struct {
	*os.File
	target   string // "" when File is the target itself: a pipe, a device
	replaces bool   // there is a file of this name
}

// createOutput opens the temporary file for a name, or the pipe or device of that name.
func createOutput(ctx context.Context, name string) (*outputFile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	} else if to, err := os.Readlink(name); err == nil { // a link to a file that is to be made
		if name = filepath.Join(filepath.Dir(name), to); filepath.IsAbs(to) {
			name = to
		}
	}
	mode, exists := os.FileMode(0o666), false
	if info, err := os.Stat(name); err == nil {
		if !info.Mode().IsRegular() {
			f, err := openFile(ctx, name, os.O_WRONLY, 0)
			return &outputFile{File: f}, err
		}
		mode, exists = info.Mode().Perm(), true
	}
	f, err := os.OpenFile(fmt.Sprintf("%s.%d.part", name, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	return &outputFile{File: f, target: name, replaces: exists}, FileFault(err)
}

// PrivateFile is a file of mode 0600 that is being written. It has a temporary name in the directory of its target until End.
type PrivateFile struct{ outputFile }

// CreatePrivate opens the temporary file for a name. A name of something that is no regular file (a directory, a pipe) is refused.
func CreatePrivate(name string) (*PrivateFile, error) {
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real
	}
	switch info, err := os.Lstat(name); {
	case err == nil && info.IsDir():
		return nil, FileFault(syscall.EISDIR)
	case err == nil && !info.Mode().IsRegular():
		return nil, &codes.UserError{Says: codes.Say(codes.Text{EN: "this is no regular file", JA: "通常のファイルではありません"}), Unable: true}
	}
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*.part") // mode 0600
	return &PrivateFile{outputFile{File: f, target: name}}, FileFault(err)
}

// End gives the file its name, unless writing it failed: then it is deleted.
func (f *PrivateFile) End(failed error) error {
	if failed != nil {
		f.abandon()
		return FileFault(failed)
	}
	err := f.commit()
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return FileFault(err)
}

// ReplaceFile replaces a file with mode 0600, completely or not at all; errors are ignored. A name that is no regular file
// (a pipe, a link) is not touched.
func ReplaceFile(name string, data []byte) {
	if info, err := os.Lstat(name); err == nil && !info.Mode().IsRegular() {
		return
	}
	f, err := CreatePrivate(name)
	if err != nil {
		return
	}
	_, err = f.Write(data)
	_ = f.End(err)
}

// commit closes the file and gives it its final name.
func (f *outputFile) commit() error {
	if err := f.Close(); err != nil || f.target == "" {
		return err
	}
	return os.Rename(f.Name(), f.target)
}

// abandon closes the file and deletes it.
func (f *outputFile) abandon() {
	_ = f.Close()
	if f.target != "" {
		_ = os.Remove(f.Name())
	}
}

// Style is how a document looks on w: language, colour, width, and the flags that its commands need. many reports whether
// several documents may come.
func (a *App) Style(w *page.Out, many bool) page.Options {
	color, columns := a.paint(w)
	return page.Options{Lang: a.Lang, Color: color, Width: columns, Version: Version, Many: many, World: a.worldArgs(),
		Now: a.Now().In(a.Zone()), Both: a.Global.lang == bothLanguages, NoLast: a.HasNoLast(),
		Fails: a.Global.FailOn.Fails}
}

// paint says whether an output has colours, and how many columns it has.
func (a *App) paint(w *page.Out) (color bool, columns int) {
	columns, tty := w.Terminal()
	return a.Global.Color == "always" || a.Global.Color != "never" && tty && a.Env("NO_COLOR") == "" && a.Env("TERM") != "dumb", columns
}

// worldArgs are the given flags that say which world is asked, to be repeated in commands that are printed.
func (a *App) worldArgs() []codes.Arg {
	g := a.Global
	var args []codes.Arg
	for _, v := range g.Resolvers {
		args = append(args, codes.Arg{Flag: "--resolver", Place: codes.PlaceResolver}.With(resolve.ShownServer(v)))
	}
	for _, v := range g.Zones {
		args = append(args, codes.Arg{Flag: "--zone", Place: codes.PlaceFile}.With(v))
	}
	if a.ConfigFile != "" && a.Env(Variable("config")) == "" {
		args = append(args, codes.Arg{Flag: "--config", Place: codes.PlaceFile}.With(a.ConfigFile))
	}
	if g.Lab {
		args = append(args, codes.Arg{Flag: "--lab"})
	}
	if g.offline {
		args = append(args, codes.Arg{Flag: "--offline"})
	}
	return args
}
