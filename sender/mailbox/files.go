package mailbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"time"

	"todoku/codes"
)

// files is a file, standard input, a directory with all below it, or a Maildir.
type files struct {
	name    string
	options Options
	passed  int // names that were passed over
}

// openFiles looks whether there is something of this name; it reads nothing.
func openFiles(name string, o Options) (Box, error) {
	if name != "-" {
		if _, err := o.Stat(name); err != nil {
			return nil, unreadable(name, err)
		}
	}
	return &files{name: name, options: o}, nil
}

// unreadable is the error of a file or a directory.
func unreadable(name string, err error) error {
	var known *codes.UserError
	if errors.As(err, &known) {
		return codes.At(name, err)
	}
	says := codes.Text{EN: "cannot be read", JA: "読めません"}
	var inner *os.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		says, err = codes.Text{EN: "no such file or directory", JA: "ファイルまたはディレクトリがありません"}, nil
	case errors.Is(err, fs.ErrPermission):
		says, err = codes.Text{EN: "permission denied", JA: "アクセス権がありません"}, nil
	case errors.As(err, &inner):
		err = inner.Err
	}
	return &codes.UserError{Place: name, Cause: err, Unable: true, Says: codes.Say(says)}
}

// Items gives a file itself; of a directory all regular files, with those below it, those of a directory by name.
func (f *files) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		f.passed = 0
		if f.name == "-" {
			yield(Item{Name: "-", ID: "-", Open: f.opener("-")}, nil)
			return
		}
		info, err := f.options.Stat(f.name)
		switch {
		case err != nil:
			yield(Item{}, unreadable(f.name, err))
			return
		case info.IsDir():
			f.directory(ctx, f.name, yield)
		default:
			f.file(f.name, info, yield)
		}
		if f.passed > 0 {
			f.options.Tell(codes.Say(codes.Text{EN: "{place}: {n} names were passed over: hidden files, links to directories, what is no regular file",
				JA: "{place}: 隠しファイル、ディレクトリへのリンク、通常のファイルではないもの({n}件)は対象外です"}, codes.Str("place", f.name), codes.Num("n", f.passed)))
		}
	}
}

// directory gives the files of a directory; false says that nobody wants more.
func (f *files) directory(ctx context.Context, dir string, yield func(Item, error) bool) bool {
	if isMaildir(dir) {
		return f.maildir(ctx, dir, yield)
	}
	for name, err := range names(dir, maxNames, compareNames) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return yield(Item{}, unreadable(dir, err)) && context.Cause(ctx) == nil
		}
		path := filepath.Join(dir, name)
		info, err := os.Lstat(path)
		if err == nil && info.Mode()&fs.ModeSymlink != 0 {
			if info, err = os.Stat(path); err == nil && info.IsDir() { // a link may lead in a circle
				f.passed++
				continue
			}
		}
		switch {
		case errors.Is(err, fs.ErrNotExist): // it went away, or the link leads nowhere
			f.passed++
		case err != nil:
			if !yield(Item{}, unreadable(path, err)) {
				return false
			}
		case strings.HasPrefix(name, "."):
			f.passed++
		case info.IsDir():
			if !f.directory(ctx, path, yield) {
				return false
			}
		case !info.Mode().IsRegular():
			f.passed++
		case !f.file(path, info, yield):
			return false
		}
	}
	return true
}

func (f *files) file(path string, info fs.FileInfo, yield func(Item, error) bool) bool {
	id := fileID(path, info)
	if f.options.Passed(id) {
		return true
	}
	return yield(Item{Name: path, ID: id, Modified: info.ModTime(), Open: f.opener(path), Mail: isMailName(path)}, nil)
}

// fileID names a file as long as it holds the same.
func fileID(path string, info fs.FileInfo) string {
	return fmt.Sprintf("%s %d %d", path, info.Size(), info.ModTime().UnixNano())
}

// isMailName reports whether a file of this name is one mail.
func isMailName(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".eml" || ext == ".emlx"
}

func (f *files) opener(path string) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		r, err := f.options.OpenFile(ctx, path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		return r, nil
	}
}

// Move moves files of mails into a directory beside them; of a Maildir into its folder of that name.
func (f *files) Move(_ context.Context, ids []string, folder string) error {
	return each(ids, func(path string) error { return moveFile(path, target(path, folder)) })
}

// each does something with the files of mails. What is gone already is passed over: another process was faster. So is a file
// that was written since it was read: it is another mail now.
func each(ids []string, do func(path string) error) error {
	paths := make([]string, len(ids))
	for i, id := range ids {
		paths[i] = pathOf(id)
		if _, inMaildir := maildirOf(paths[i]); !inMaildir && !isMailName(paths[i]) {
			return cannot(paths[i])
		}
	}
	moved := renamed(paths...)
	for i, path := range paths {
		now := cmp.Or(moved[path], path)
		info, err := os.Stat(now)
		if err == nil && (path == ids[i] || fileID(path, info) == ids[i]) {
			err = do(now)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return unreadable(path, err)
		}
	}
	return nil
}

// pathOf is the file that an ID names: a path, with size and time behind it but in a Maildir.
func pathOf(id string) string {
	words := strings.Split(id, " ")
	if n := len(words); n > 2 && isNumber(words[n-1]) && isNumber(words[n-2]) {
		return strings.Join(words[:n-2], " ")
	}
	return id
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "-0123456789") == "" }

// moveFile moves a file, unless it is there; another one of this name is not replaced.
func moveFile(from, to string) error {
	if filepath.Clean(from) == filepath.Clean(to) {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	if _, err := os.Lstat(to); err == nil {
		return &fs.PathError{Op: "move", Path: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}

// target is where the file of a mail goes that is moved to a folder. One that lies in a folder of this name stays: the files
// below a directory are read with it.
func target(path, folder string) string {
	dir, base := filepath.Split(path)
	if box, ok := maildirOf(path); ok {
		return filepath.Join(maildirFolder(box, folder), "cur", seenName(base))
	}
	if filepath.IsAbs(folder) {
		return filepath.Join(folder, base)
	}
	if strings.HasSuffix(filepath.Clean(dir), string(filepath.Separator)+filepath.Clean(folder)) {
		return path
	}
	return filepath.Join(dir, folder, base)
}

// Delete removes files of mails.
func (f *files) Delete(_ context.Context, ids []string) error { return each(ids, os.Remove) }

// Wait waits: nobody tells when a file is written to.
func (f *files) Wait(ctx context.Context, atMost time.Duration) error {
	t := time.NewTimer(atMost)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close has nothing to close.
func (f *files) Close() error { return nil }
