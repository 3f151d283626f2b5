package bundles

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/settings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/bundle"
	"todoku/diag/world"
)

// Runner runs a command line with an app, as cmd.Execute does.
type Runner func(ctx context.Context, a *app.App, args []string) app.ExitStatus

// Replay runs the command line of a bundle: as a guest, who sees the world, the clock, the files and the flags of the bundle and
// nothing of this machine. Flags of c that were typed and concern the output go before those of the bundle.
func Replay(ctx context.Context, a *app.App, c *cobra.Command, b *bundle.Bundle, run Runner) error {
	if b.Head.ReportOnly {
		return reportOnly(ctx, a, b)
	}
	stdin, _ := b.Input("-")
	own, host := ownArgs(a, c), *a
	if l := codes.Lang(b.Head.Lang); !slices.Contains(own.names, "lang") && (l == codes.English || l == codes.Japanese) {
		host.Lang = l
	}
	host.Settings, host.Shared = nil, app.Shared{}
	inner := host.Guest(bytes.NewReader(stdin.Data), a.Stdout, a.Stderr)
	begun, zone := time.Now(), b.Head.Zone.Location()
	inner.Now = func() time.Time { return b.Head.Started.Add(time.Since(begun)).In(zone) }
	inner.Limit = 0
	inner.Env = func(name string) string {
		switch name {
		case "TERM", "NO_COLOR":
			return a.Env(name)
		}
		for _, f := range b.Head.Flags {
			if app.Variable(f.Name) == name && !slices.Contains(own.names, f.Name) {
				return f.Value
			}
		}
		return ""
	}
	inner.Seam = &replayed{b}
	if b.Head.Config != "" {
		file, _, err := app.ReadSettings(ctx, inner, b.Head.Config)
		if err != nil {
			return err
		}
		file.Flags = slices.DeleteFunc(file.Flags, func(v settings.Value) bool { return slices.Contains(own.names, v.Flag) })
		host.Settings = file
	}
	status := run(ctx, inner, slices.Concat(own.args, without(b.Head.Args, own.names)))
	for _, name := range a.Global.Outputs {
		data := inner.Written(name)
		if name == "-" || data == nil {
			continue
		}
		if err := a.WriteFile(ctx, name, func(w *page.Out) error { return w.Again(data) }); err != nil {
			return err
		}
	}
	if status != app.ExitOK {
		return status
	}
	return nil
}

// reportOnly writes the report of a bundle without its mails, as it was recorded.
func reportOnly(ctx context.Context, a *app.App, b *bundle.Bundle) error {
	if f := a.Global.Format; f != "" && f != string(page.JSON) && !a.Filled("format") {
		return codes.At("--format", codes.Wrong(codes.Say(codes.Text{EN: "the mails are not in this bundle: there is its report in JSON only",
			JA: "メールを除いたバンドルのため、JSON形式のレポートだけを表示できます"}), codes.Message{}))
	}
	a.Tell(codes.Say(codes.Text{EN: "the mails are not in this bundle: this is the report as it was recorded, in JSON",
		JA: "メールを除いたバンドルです。記録時のレポートをJSON形式で表示します"}))
	if err := a.Write(ctx, func(w *page.Out) error { return w.Again(b.Report) }); err != nil {
		return err
	}
	if b.Head.Exit != int(app.ExitOK) {
		return app.ExitStatus(b.Head.Exit)
	}
	return nil
}

// shape is what the replay itself says of the output.
type shape struct {
	args  []string // flags with their values
	names []string // of the flags of the recorded run that they replace
}

// ownArgs are the typed flags of the replay that concern the output.
func ownArgs(a *app.App, c *cobra.Command) shape {
	s := shape{names: slices.Clone(ofOneRun())}
	for _, name := range []string{"lang", "format", "color", "fail-on"} {
		if f := c.Flag(name); f != nil && f.Changed {
			s.args, s.names = append(s.args, "--"+name+"="+f.Value.String()), append(s.names, name)
		}
	}
	for _, name := range a.Global.Outputs {
		s.args, s.names = append(s.args, "--output="+name), append(s.names, "format")
	}
	return s
}

// without is a command line without some flags. The flags of the program that have no value are none of them.
func without(args, names []string) []string {
	valued := func(name string) bool {
		return slices.Contains(names, name) && name != "redact" && name != "update-baseline"
	}
	return edited(args, valued, func(name, value string) (string, bool) { return value, !slices.Contains(names, name) })
}

// replayed is a bundle in the place of the machine.
type replayed struct {
	*bundle.Bundle
}

// The methods of app.Seam.

func (r *replayed) World(o *world.Options)                        { o.Replay = r.Bundle }
func (r *replayed) Keep(_ string, in io.ReadCloser) io.ReadCloser { return in }
func (r *replayed) Report() *page.Copy                            { return nil }

// Open opens a file of the bundle. There are no others.
func (r *replayed) Open(name string) (io.ReadCloser, int64, bool, error) {
	in, known := r.Input(name)
	if !known {
		return nil, 0, true, fs.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(in.Data)), int64(len(in.Data)), true, nil
}

// Stat knows the files of the bundle.
func (r *replayed) Stat(name string) (fs.FileInfo, error) {
	in, known := r.Input(name)
	if !known {
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return fileInfo{name, int64(len(in.Data)), in.Modified}, nil
}

// Runs reports whether a command is one of those whose runs are kept. The commands that it runs itself, as guide does, may be
// others.
func (r *replayed) Runs(c *cobra.Command) bool { return !c.HasSubCommands() && usage.Uses(c, "bundle") }

// fileInfo is what is known of a file in a bundle.
type fileInfo struct {
	name string
	size int64
	at   time.Time
}

func (f fileInfo) Name() string       { return f.name[strings.LastIndexByte(f.name, '/')+1:] }
func (f fileInfo) Size() int64        { return f.size }
func (f fileInfo) Mode() fs.FileMode  { return 0o600 }
func (f fileInfo) ModTime() time.Time { return f.at }
func (f fileInfo) IsDir() bool        { return false }
func (f fileInfo) Sys() any           { return nil }
