package mailbox

import (
	"bytes"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"todoku/sender/mail"
)

// Found is a mail that was looked for.
type Found struct {
	MessageID string
	Folder    string
	Junk      bool      // it lies in a folder for junk
	Arrived   time.Time // as the mailbox tells; zero where it does not
	Header    []mail.Header
}

// Finder finds one of some mails by its Message-ID (without brackets), in whatever folder of a mailbox it lies. All boxes
// are Finders.
type Finder interface {
	Find(ctx context.Context, messageIDs []string) (Found, bool, error)
}

var (
	_ Finder = (*imapBox)(nil)
	_ Finder = (*popBox)(nil)
	_ Finder = (*files)(nil)
)

// maxHeader bounds what is read of a mail that is looked at, in octets.
const maxHeader = 256 << 10

// junkNames are what folders for junk are called, in lower case.
var junkNames = []string{"junk", "spam", "junk e-mail", "junk email", "junk mail", "junkmail", "bulk", "bulk mail", "迷惑メール",
	"迷惑メールフォルダ", "迷惑メールフォルダー", "迷惑", "スパム"}

// isJunkName reports whether a folder is called as those for junk are: Junk, INBOX.Spam, [Gmail]/迷惑メール.
func isJunkName(folder string) bool {
	folder = strings.ToLower(strings.TrimSpace(folder))
	last := folder[strings.LastIndexAny(folder, "/.")+1:]
	return slices.Contains(junkNames, last) || slices.Contains(junkNames, folder)
}

// isFound reads the header of a mail, and tells whether it is one of those that are looked for.
func isFound(header []byte, ids []string) (Found, bool) {
	m, err := mail.Read(header)
	if err != nil {
		return Found{}, false
	}
	id := strings.Trim(m.Get("Message-ID"), "<> ")
	return Found{MessageID: id, Header: m.Header}, slices.Contains(ids, id)
}

// headerOf reads the header of a mail.
func headerOf(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxHeader))
	for _, end := range []string{"\r\n\r\n", "\n\n"} {
		if i := bytes.Index(raw, []byte(end)); i >= 0 {
			raw = raw[:i+len(end)]
		}
	}
	return raw, err
}

// findIn looks through the items of a box.
func findIn(ctx context.Context, b Box, folder string, ids []string) (Found, bool, error) {
	for it, err := range b.Items(ctx) {
		if err != nil {
			return Found{}, false, err
		}
		r, err := it.Open(ctx)
		if err != nil {
			return Found{}, false, err
		}
		header, err := headerOf(r)
		_ = r.Close() // it was read as far as it is wanted
		if f, ok := isFound(header, ids); ok {
			f.Folder, f.Junk, f.Arrived = folder, isJunkName(folder), it.Modified
			return f, true, nil
		}
		if err != nil {
			return Found{}, false, err
		}
	}
	return Found{}, false, nil
}

// Find looks through all mails: POP3 has no folders, and shows none but those of the inbox.
func (b *popBox) Find(ctx context.Context, ids []string) (Found, bool, error) {
	return findIn(ctx, b, "INBOX", ids)
}
