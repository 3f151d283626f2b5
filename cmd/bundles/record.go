// Package bundles keeps a run as a support bundle (--bundle), and makes the app in which one is run again. It serves the groups
// whose runs can be kept.
package bundles

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/bundle"
	"todoku/diag/resolve"
	"todoku/diag/watch/store"
	"todoku/diag/world"
)

// recording is the bundle of a run under way.
type recording struct {
	*bundle.Recorder
	app     *app.App
	file    *app.PrivateFile
	args    []string
	config  string // name of the config file, "" where there is none
	flags   []bundle.Flag
	started time.Time
	report  *page.Copy
}

// maxReport bounds the report of a bundle, in octets: a larger one is left out.
const maxReport = 32 << 20

// Start begins to keep what a command asks and reads, where --bundle asks for that. The flags have their values by then. The
// error says that the file cannot be written.
func Start(ctx context.Context, a *app.App, c *cobra.Command) error {
	name := a.Global.Bundle
	switch {
	case a.Seam != nil || a.IsGuest() || !usage.Uses(c, "bundle"):
		return nil
	case name == "" && a.Global.Redact && !a.Filled("redact"):
		return codes.At("--redact", codes.Wrong(codes.Say(codes.Text{EN: "there is no bundle to mask", JA: "マスクの対象となるバンドルがありません"}),
			codes.Say(codes.Text{EN: "give --bundle FILE with it", JA: "--bundle FILE と一緒に指定してください"})))
	case name == "":
		return nil
	case name == "-":
		return codes.At("--bundle", codes.Wrong(codes.Say(codes.Text{EN: "a bundle is a file", JA: "バンドルはファイルに書き出します"}),
			codes.Say(codes.Text{EN: "give the name of a file", JA: "ファイル名を指定してください"})))
	}
	f, err := app.CreatePrivate(name)
	if err != nil {
		return codes.At("--bundle", &codes.UserError{Place: name, Cause: err,
			Says:   codes.Say(codes.Text{EN: "the bundle cannot be written", JA: "バンドルを書き出せません"}),
			Remedy: codes.Say(codes.Text{EN: "give a file in a directory that exists and can be written", JA: "書き込みできるディレクトリのファイルを指定してください"})})
	}
	r := &recording{Recorder: bundle.NewRecorder(), app: a, file: f, args: argsOf(c, a.Args), flags: flagsOf(a, c),
		started: a.Now(), report: page.NewCopy(maxReport)}
	if in, isFile := a.Stdin.(*os.File); !isFile || !term.IsTerminal(int(in.Fd())) {
		a.Stdin = &keptReader{a.Stdin, r.Input("-", time.Time{})}
	}
	a.Seam = r
	if a.Settings != nil { // read once more, for the bundle
		r.config = a.Settings.Name
		_, _, err = app.ReadSettings(ctx, a, r.config)
	}
	r.hideSettings()
	for _, v := range a.Global.Resolvers {
		if shown := resolve.ShownServer(v); shown != "" {
			r.Hide(v, shown)
		}
	}
	return err
}

// hideSettings keeps secrets of the config file that no command with a bundle needs out of it: addresses of channels for alerts,
// the password of a store.
func (r *recording) hideSettings() {
	if v, ok := r.app.Settings.Flag("alert"); ok {
		for _, text := range v.Texts {
			r.Hide(text, "https://hidden.invalid/")
		}
	}
	if v, ok := r.app.Settings.Flag("store"); ok {
		for _, text := range v.Texts {
			r.Hide(text, store.Redacted(text))
		}
	}
}

// End writes the bundle where there is one. err is the result of the command; it stays the result unless the bundle fails.
func End(ctx context.Context, a *app.App, err error) error {
	r, recorded := a.Seam.(*recording)
	if !recorded {
		return err
	}
	a.Seam = nil
	zone, offset := r.started.Zone()
	head := bundle.Head{Version: app.Version, Started: r.started, Zone: bundle.Zone{Name: zone, Offset: offset}, Lang: string(a.Lang),
		Args: r.args, Flags: r.flags, Config: r.config, Exit: int(app.ExitFor(ctx, err)),
		Complete: context.Cause(ctx) == nil, Redacted: a.Global.Redact}
	head, failed := r.Write(r.file, head, r.report.Bytes())
	if failed = r.file.End(failed); failed == nil {
		tell(a, head)
		return err
	}
	failed = &codes.UserError{Place: a.Global.Bundle, Cause: failed, Unable: true,
		Says: codes.Say(codes.Text{EN: "the bundle could not be written", JA: "バンドルを書き出せませんでした"})}
	var done app.ExitStatus
	if err == nil || errors.As(err, &done) && done != app.ExitInterrupted {
		return failed
	}
	a.Complain(failed)
	return err
}

// tell says what the bundle holds.
func tell(a *app.App, h bundle.Head) {
	name := a.Global.Bundle
	a.Tell(codes.Say(codes.Text{
		EN: "{name} holds the command line, the report, and what DNS, mail servers and web servers answered; {command} shows the report again",
		JA: "{name} に、コマンドライン、レポート、DNS・メールサーバー・ウェブサーバーの応答を保存しました。{command} でレポートを再現できます"},
		codes.Str("name", name), codes.Typed("command", codes.Todoku("replay", "FILE").With(codes.PlaceFile, name))))
	if !h.Complete {
		a.Tell(codes.Say(codes.Text{EN: "{name} is incomplete: it holds what there was when the run ended, or as much as a bundle may hold",
			JA: "{name} は不完全です。実行が終わった時点まで、またはバンドルの上限までの内容です"}, codes.Str("name", name)))
	}
	switch {
	case h.Redacted && h.ReportOnly:
		a.Tell(codes.Say(codes.Text{
			EN: "{name}: masked {n} names, and left out the mails that were read, so that only the report can be shown again",
			JA: "{name}: {n}件の名前をマスクし、読み取ったメールは除きました(再現できるのはレポートだけです)"},
			codes.Str("name", name), codes.Num("n", h.Masked)))
	case h.Redacted:
		a.Tell(codes.Say(codes.Text{
			EN: "{name}: masked {n} names (left parts of addresses, our own hosts, private addresses, directories)",
			JA: "{name}: {n}件の名前をマスクしました(アドレスの @ より前、自組織のホスト名、プライベートアドレス、ディレクトリー)"},
			codes.Str("name", name), codes.Num("n", h.Masked)))
	default:
		a.Tell(codes.Say(codes.Text{
			EN: "{name} has mail addresses, host names and the texts of what was read (--redact masks them)",
			JA: "{name} にはメールアドレス、ホスト名、読み取った内容が含まれます(--redact でマスクできます)"}, codes.Str("name", name)))
	}
	a.Tell(codes.Say(codes.Text{EN: "look at {name} before you send it: it is a zip file", JA: "{name} はZIPファイルです。送付する前に内容を確認してください"},
		codes.Str("name", name)))
}

// Refuse is the error of something that no bundle keeps, for a flag or an argument; nil where no bundle is written.
func Refuse(a *app.App, place string) error {
	if _, recorded := a.Seam.(*recording); !recorded {
		return nil
	}
	return codes.At(place, codes.Wrong(codes.Say(codes.Text{EN: "a bundle does not keep this", JA: "これはバンドルに保存できません"}),
		codes.Say(codes.Text{EN: "leave it out, or leave --bundle out", JA: "これか --bundle のどちらかを外してください"})))
}

// The methods of app.Seam.

func (r *recording) World(o *world.Options)                          { o.Record = r.Recorder }
func (r *recording) Open(string) (io.ReadCloser, int64, bool, error) { return nil, 0, false, nil }
func (r *recording) Stat(name string) (fs.FileInfo, error)           { return os.Stat(name) }
func (r *recording) Report() *page.Copy                              { return r.report }
func (r *recording) Runs(*cobra.Command) bool                        { return true }

// Keep keeps what is read of a file.
func (r *recording) Keep(name string, in io.ReadCloser) io.ReadCloser {
	var modified time.Time
	if info, err := os.Stat(name); err == nil {
		modified = info.ModTime()
	}
	return &keptFile{keptReader{in, r.Input(name, modified)}, in}
}

// keptReader keeps what is read.
type keptReader struct {
	from io.Reader
	kept *bundle.Kept
}

func (r *keptReader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	_, _ = r.kept.Write(p[:n])
	if err != nil {
		r.kept.Whole()
	}
	return n, err
}

type keptFile struct {
	keptReader
	io.Closer
}
