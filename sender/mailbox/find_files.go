package mailbox

import (
	"context"
	"os"
	"path/filepath"
	"strings"
)

// Find looks through the files of a directory, or through a Maildir and then its folders (.Junk beside cur).
func (f *files) Find(ctx context.Context, ids []string) (Found, bool, error) {
	folder := ""
	if isMaildir(f.name) {
		folder = "INBOX"
	}
	found, ok, err := findIn(ctx, f, folder, ids)
	if ok || err != nil || folder == "" {
		return found, ok, err
	}
	for name, err := range names(f.name, maxNames, strings.Compare) {
		if err != nil {
			return Found{}, false, unreadable(f.name, err)
		}
		dir := filepath.Join(f.name, name)
		if info, err := os.Stat(dir); !strings.HasPrefix(name, ".") || err != nil || !info.IsDir() || !isMaildir(dir) {
			continue
		}
		box := &files{name: dir, options: f.options}
		if found, ok, err := findIn(ctx, box, strings.TrimPrefix(name, "."), ids); ok || err != nil {
			return found, ok, err
		}
	}
	return Found{}, false, nil
}
