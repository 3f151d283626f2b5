package mailbox

import (
	"cmp"
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"
)

// isMaildir reports whether a directory is a Maildir: it has cur, new and tmp.
func isMaildir(dir string) bool {
	for _, sub := range []string{"cur", "new", "tmp"} {
		if info, err := os.Stat(filepath.Join(dir, sub)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// maildir gives the mails of new and cur in the order in which they came; tmp holds what is not whole yet. Its folders,
// .Junk and the like, are mailboxes of their own.
func (f *files) maildir(ctx context.Context, dir string, yield func(Item, error) bool) bool {
	last := ""
	for path, err := range merged(filepath.Join(dir, "new"), filepath.Join(dir, "cur")) {
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return yield(Item{}, unreadable(dir, err)) && context.Cause(ctx) == nil
		}
		name := filepath.Base(path)
		unique := uniqueName(name)
		if unique == last || strings.HasPrefix(name, ".") { // it went from new to cur between two looks
			continue
		}
		last = unique
		id := filepath.Join(dir, "new", unique)
		if f.options.Passed(id) {
			continue
		}
		now, err := present(path)
		if err == nil {
			var info fs.FileInfo
			if info, err = os.Stat(now); err == nil {
				if info.Mode().IsRegular() && !yield(Item{Name: now, ID: id, Modified: info.ModTime(), Open: f.mailOpener(now), Mail: true}, nil) {
					return false
				}
				continue
			}
		}
		if !errors.Is(err, fs.ErrNotExist) && !yield(Item{}, unreadable(path, err)) {
			return false
		}
	}
	return true
}

// merged streams the paths of both directories in one order. The first directory is looked at first: what moves from it to
// the second one meanwhile comes twice, one behind the other, and is never missed.
func merged(first, second string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		next1, stop1 := iter.Pull2(names(first, maxNames, compareMails))
		defer stop1()
		next2, stop2 := iter.Pull2(names(second, maxNames, compareMails))
		defer stop2()
		a, errA, okA := next1()
		b, errB, okB := next2()
		for okA || okB {
			if okA && (!okB || errA != nil || errB == nil && compareMails(a, b) <= 0) {
				if !yield(filepath.Join(first, a), errA) {
					return
				}
				a, errA, okA = next1()
				continue
			}
			if !yield(filepath.Join(second, b), errB) {
				return
			}
			b, errB, okB = next2()
		}
	}
}

// compareMails orders names of a Maildir, which begin with the seconds of their time. The flags count last.
func compareMails(a, b string) int {
	return cmp.Or(natural(uniqueName(a), uniqueName(b)), strings.Compare(a, b))
}

// uniqueName is the part of a name that stays when flags change.
func uniqueName(name string) string {
	unique, _, _ := strings.Cut(name, ":")
	return unique
}

// seenName is the name that a mail has in cur.
func seenName(base string) string {
	if strings.Contains(base, ":") {
		return base
	}
	return base + ":2,"
}

// mailOpener opens a mail of a Maildir, also where another program has given it other flags meanwhile.
func (f *files) mailOpener(path string) func(context.Context) (io.ReadCloser, error) {
	return func(ctx context.Context) (io.ReadCloser, error) {
		now, err := present(path)
		if err != nil {
			return nil, unreadable(path, err)
		}
		return f.opener(now)(ctx)
	}
}

// present finds a file; a mail of a Maildir also under the name that it has now.
func present(path string) (string, error) {
	if now := renamed(path)[path]; now != "" {
		return now, nil
	}
	_, err := os.Lstat(path)
	return path, err
}

// renamed tells of mails of Maildirs that are not there any more under what name they are now. A Maildir is looked through
// once.
func renamed(paths ...string) map[string]string {
	missing := map[string]map[string]string{} // by the Maildir and the part of the name that stays
	for _, path := range paths {
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if box, ok := maildirOf(path); ok {
			if missing[box] == nil {
				missing[box] = map[string]string{}
			}
			missing[box][uniqueName(filepath.Base(path))] = path
		}
	}
	now := map[string]string{}
	for box, wanted := range missing {
		for _, sub := range []string{"new", "cur"} {
			for name, err := range names(filepath.Join(box, sub), maxNames, strings.Compare) {
				if path, ok := wanted[uniqueName(name)]; ok && err == nil {
					now[path] = filepath.Join(box, sub, name)
				}
			}
		}
	}
	return now
}

// maildirOf is the Maildir in which a mail lies.
func maildirOf(path string) (dir string, ok bool) {
	sub := filepath.Dir(path)
	if base := filepath.Base(sub); base != "cur" && base != "new" {
		return "", false
	}
	dir = filepath.Dir(sub)
	return dir, isMaildir(dir)
}

// maildirFolder is the directory of a folder of a Maildir (Maildir++): .Junk beside cur.
func maildirFolder(box, folder string) string {
	if strings.HasPrefix(filepath.Base(box), ".") && isMaildir(filepath.Dir(box)) {
		box = filepath.Dir(box) // a folder of the same user
	}
	dir := filepath.Join(box, "."+strings.Trim(strings.ReplaceAll(folder, "/", "."), "."))
	for _, sub := range []string{"cur", "new", "tmp"} {
		_ = os.MkdirAll(filepath.Join(dir, sub), 0o700) // a failure shows when the mail is moved
	}
	return dir
}
