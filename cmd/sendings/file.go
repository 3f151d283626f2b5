// Package sendings finds the history that a command means, and a sending in it. It serves the groups that read or write
// the history, and knows the directories in which this user's files are kept.
package sendings

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/history"
)

// Flags are the flags that say where the history is.
type Flags struct {
	File string // --history; "" is the default place
	Off  bool
}

// Add defines --history on a command.
func (h *Flags) Add(a *app.App, fs *pflag.FlagSet) {
	fs.Var(app.ValueOf(&h.File, app.ParseNonEmpty, "FILE"), "history", a.T(codes.Text{
		EN: "file of the history (default:\n~/.local/share/todoku/history.db)", JA: "送信履歴のファイル(既定は\n~/.local/share/todoku/history.db)"}))
}

// Style is app.App.Style for documents with commands that read this history: the commands name its file, unless the
// environment variable does already.
func (h Flags) Style(a *app.App, w *page.Out, many bool) page.Options {
	o := a.Style(w, many)
	o.Kept = h.File != ""
	if h.File != "" && h.File != a.Env("TODOKU_HISTORY") {
		o.History = []codes.Arg{codes.Arg{Flag: "--history", Place: codes.PlaceFile}.With(h.File)}
	}
	return o
}

// Path is the file of this user's history. The error is a *codes.UserError.
func Path(a *app.App, h Flags) (string, error) {
	if h.File != "" {
		return h.File, nil
	}
	dir := UserDir(a, "XDG_DATA_HOME", ".local", "share")
	if dir == "" {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "there is no place for the history", JA: "送信履歴の保存先が決まりません"}),
			codes.Say(codes.Text{EN: "give --history FILE (or TODOKU_HISTORY), or --no-history", JA: "--history FILE(または TODOKU_HISTORY)か --no-history を指定してください"}))
	}
	return filepath.Join(dir, "history.db"), nil
}

// IsTemporary reports whether the history is deleted when the command ends: in the lab and for a guest, unless a file is given.
func IsTemporary(a *app.App, h Flags) bool { return (a.Global.Lab || a.IsGuest()) && h.File == "" }

// Open opens the history to write to. In the lab it is a temporary file, unless a file is given. done closes it,
// and deletes a temporary one.
func Open(ctx context.Context, a *app.App, h Flags) (store history.Store, done func() error, err error) {
	clean := func() error { return nil }
	if IsTemporary(a, h) {
		dir, err := os.MkdirTemp("", "todoku-lab-")
		if err != nil {
			return nil, nil, err
		}
		h.File = filepath.Join(dir, "history.db")
		clean = func() error { return os.RemoveAll(dir) }
	}
	path, err := Path(a, h)
	if err != nil {
		return nil, nil, err
	}
	if a.IsGuest() && h.File != "" && !IsTemporary(a, h) {
		return nil, nil, codes.At(path, app.NoFiles())
	}
	s, err := history.Open(ctx, path)
	if err != nil {
		return nil, nil, errors.Join(err, clean())
	}
	return s, func() error { return errors.Join(s.Close(), clean()) }, nil
}

// Read opens the history to read it. If there is no file, the history is empty and no file is made.
func Read(ctx context.Context, a *app.App, h Flags) (history.Store, error) {
	if IsTemporary(a, h) {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "the history of the lab ends with each command", JA: "ラボの送信履歴は、コマンドごとに破棄されます"}),
			codes.Say(codes.Text{EN: "give --history FILE to both commands to keep it", JA: "残すには、両方のコマンドに --history FILE を指定してください"}))
	}
	path, err := Path(a, h)
	if err != nil {
		return nil, err
	}
	if !app.MayRead(a, path) {
		return nil, codes.At("--history", app.NoFiles())
	}
	return history.OpenToRead(ctx, path)
}
