package lab

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// MailboxHost shows the mailboxes of all addresses of the lab by IMAP and POP3.
const MailboxHost = "mail.lab.test"

// MailboxPassword is that of every mailbox.
const MailboxPassword = "lab"

// The folders of a mailbox.
const (
	inbox = "INBOX"
	junk  = "Junk"
)

// mailboxes are what arrived in the lab, by the user: the local part of an address without what follows a plus sign. What
// came back as an error is kept in a directory too, so that the next lab has it.
type mailboxes struct {
	dir   string // "" keeps nothing
	mu    sync.Mutex
	users map[string]*mailboxUser
}

// mailboxUser is one mailbox.
type mailboxUser struct {
	imap *imapmemserver.User
	mail []stored // of the INBOX
}

// stored is a mail for POP3.
type stored struct {
	id      string
	text    []byte
	deleted bool
}

// maxStored bounds the mails of a mailbox, and those that are kept in the directory.
const maxStored = 1000

// userOf is whose mailbox an address has, or a login name means.
func userOf(address string) string {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	local, _, _ = strings.Cut(local, "+")
	return strings.Map(func(r rune) rune {
		if r <= ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, local)
}

// user gives a mailbox, with what the directory has of it. m.mu is held.
func (m *mailboxes) user(name string) *mailboxUser {
	name = userOf(name)
	if u := m.users[name]; u != nil {
		return u
	}
	u := &mailboxUser{imap: imapmemserver.NewUser(name, MailboxPassword)}
	_ = u.imap.Create(inbox, nil) // a new user has no folder of this name
	_ = u.imap.Create(junk, &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{imap.MailboxAttrJunk}})
	if m.users == nil {
		m.users = map[string]*mailboxUser{}
	}
	m.users[name] = u
	for _, file := range m.kept(name) {
		if raw, err := os.ReadFile(file); err == nil {
			at := time.Now()
			if info, err := os.Stat(file); err == nil {
				at = info.ModTime()
			}
			u.put(inbox, raw, at)
		}
	}
	return u
}

// kept are the files of a mailbox in the directory, in their order.
func (m *mailboxes) kept(name string) []string {
	if m.dir == "" {
		return nil
	}
	files, _ := filepath.Glob(filepath.Join(m.dir, name, "*.eml")) // a name has no signs of a pattern
	slices.Sort(files)
	return files[:min(len(files), maxStored)]
}

// put adds a mail to a folder.
func (u *mailboxUser) put(folder string, text []byte, at time.Time) {
	if len(u.mail) >= maxStored {
		return
	}
	_, _ = u.imap.Append(folder, literal{bytes.NewReader(text)}, &imap.AppendOptions{Time: at})
	if folder == inbox {
		u.mail = append(u.mail, stored{id: fmt.Sprintf("lab-%06d", len(u.mail)+1), text: text})
	}
}

// literal is a text as the IMAP server takes it.
type literal struct{ *bytes.Reader }

// Size is its length in octets.
func (l literal) Size() int64 { return l.Reader.Size() }

// deliver puts a mail into the mailbox of an address. keep says that the next lab is to have it too.
func (m *mailboxes) deliver(address, folder string, text []byte, keep bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := m.user(address)
	u.put(folder, text, time.Now())
	if name := userOf(address); keep && m.dir != "" && name != "" {
		m.keep(filepath.Join(m.dir, name), text)
	}
}

// keep writes a mail into a directory. Where that cannot be done, this lab alone has it.
func (m *mailboxes) keep(dir string, text []byte) {
	if os.MkdirAll(dir, 0o700) != nil {
		return
	}
	for n := len(m.kept(filepath.Base(dir))) + 1; n <= maxStored; n++ {
		f, err := os.OpenFile(filepath.Join(dir, fmt.Sprintf("%06d.eml", n)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if os.IsExist(err) {
			continue // another lab was faster
		}
		if err == nil {
			_, _ = f.Write(text)
			_ = f.Close()
		}
		return
	}
}
