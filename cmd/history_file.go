package cmd

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/history"
)

// historyFlags say where the history is.
type historyFlags struct {
	file string
	none bool
}

func (h *historyFlags) add(a *app, fs *pflag.FlagSet) {
	fs.Var(valueOf(&h.file, parseGiven, "FILE"), "history", a.t(codes.Text{
		EN: "file of the history (default:\n~/.local/share/todoku/history.db)", JA: "送信履歴のファイル(既定は\n~/.local/share/todoku/history.db)"}))
}

// style is how a report looks on w, with commands that look into this history:
// they name its file unless the environment does.
func (h historyFlags) style(a *app, w *page.Out, many bool) page.Options {
	o := a.style(w, many)
	if h.file != "" && h.file != a.env("TODOKU_HISTORY") {
		o.History = []codes.Arg{codes.Arg{Flag: "--history", Place: codes.PlaceFile}.With(h.file)}
	}
	return o
}

// historyPath is where the history of this user is.
func (a *app) historyPath(h historyFlags) (string, error) {
	if h.file != "" {
		return h.file, nil
	}
	base := a.env("XDG_DATA_HOME")
	if base == "" && runtime.GOOS == "windows" {
		base = a.env("LocalAppData")
	}
	if base == "" && a.env("HOME") != "" {
		base = filepath.Join(a.env("HOME"), ".local", "share")
	}
	if !filepath.IsAbs(base) { // XDG: a relative path is to be ignored
		return "", codes.Wrong(codes.Say(codes.Text{EN: "there is no place for the history", JA: "送信履歴の保存先が決まりません"}),
			codes.Say(codes.Text{EN: "give --history FILE (or TODOKU_HISTORY), or --no-history", JA: "--history FILE(または TODOKU_HISTORY)か --no-history を指定してください"}))
	}
	return filepath.Join(base, "todoku", "history.db"), nil
}

// passing reports whether the history ends with the command: in the lab, unless a
// file is given.
func (a *app) passing(h historyFlags) bool { return a.global.lab && h.file == "" }

// openHistory opens the history that `send` writes; what happens in the lab
// stays in a place of its own, unless a file is given. done closes it.
func (a *app) openHistory(ctx context.Context, h historyFlags) (store history.Store, done func() error, err error) {
	clean := func() error { return nil }
	if a.passing(h) {
		dir, err := os.MkdirTemp("", "todoku-lab-")
		if err != nil {
			return nil, nil, err
		}
		h.file = filepath.Join(dir, "history.db")
		clean = func() error { return os.RemoveAll(dir) }
	}
	path, err := a.historyPath(h)
	if err != nil {
		return nil, nil, err
	}
	s, err := history.Open(ctx, path)
	if err != nil {
		return nil, nil, errors.Join(err, clean())
	}
	return s, func() error { return errors.Join(s.Close(), clean()) }, nil
}

// readHistory opens the history to look into. Where there is none yet it is empty:
// looking makes no file.
func (a *app) readHistory(ctx context.Context, h historyFlags) (history.Store, error) {
	if a.passing(h) {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "the history of the lab ends with each command", JA: "ラボの送信履歴は、コマンドごとに破棄されます"}),
			codes.Say(codes.Text{EN: "give --history FILE to both commands to keep it", JA: "残すには、両方のコマンドに --history FILE を指定してください"}))
	}
	path, err := a.historyPath(h)
	if err != nil {
		return nil, err
	}
	return history.OpenToRead(ctx, path)
}
