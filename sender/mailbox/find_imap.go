package mailbox

import (
	"cmp"
	"context"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// A mail is looked for in so many folders, and among so many mails of its Message-ID in each.
const (
	maxFolders = 100
	maxCopies  = 20
)

// imapFolder is a folder in which a mail may lie.
type imapFolder struct {
	name string
	junk bool
}

// Find asks the server, folder by folder: the inbox first, then those for junk.
func (b *imapBox) Find(ctx context.Context, ids []string) (Found, bool, error) {
	found, ok, err := b.find(ctx, ids)
	return found, ok, b.unable(ctx, err)
}

func (b *imapBox) find(ctx context.Context, ids []string) (Found, bool, error) {
	if err := b.connect(ctx); err != nil {
		return Found{}, false, err
	}
	folders, err := b.folders(ctx)
	if err != nil {
		return Found{}, false, err
	}
	for _, f := range folders {
		found, ok, err := b.findInFolder(ctx, f, ids)
		if ok || err != nil {
			return found, ok, err
		}
	}
	return Found{}, false, nil
}

// folders lists where a mail may arrive: not what was sent, is written, or shows all.
func (b *imapBox) folders(ctx context.Context) (out []imapFolder, err error) {
	err = b.wire.step(ctx, 0, func() error {
		var o *imap.ListOptions
		if caps := b.client.Caps(); caps.Has(imap.CapSpecialUse) && (caps.Has(imap.CapListExtended) || caps.Has(imap.CapIMAP4rev2)) {
			o = &imap.ListOptions{ReturnSpecialUse: true}
		}
		cmd := b.client.List("", "*", o)
		defer cmd.Close()
		for l := cmd.Next(); l != nil; l = cmd.Next() {
			if hasAny(l.Attrs, imap.MailboxAttrNoSelect, imap.MailboxAttrNonExistent, imap.MailboxAttrAll, imap.MailboxAttrDrafts,
				imap.MailboxAttrSent) || len(out) >= maxFolders {
				continue
			}
			out = append(out, imapFolder{l.Mailbox, hasAny(l.Attrs, imap.MailboxAttrJunk) || isJunkName(l.Mailbox)})
		}
		return cmd.Close()
	})
	rank := func(f imapFolder) int {
		switch {
		case sameFolder(f.name, b.box()):
			return 0
		case sameFolder(f.name, "INBOX"):
			return 1
		case f.junk:
			return 2
		}
		return 3
	}
	slices.SortStableFunc(out, func(x, y imapFolder) int { return cmp.Compare(rank(x), rank(y)) })
	return out, err
}

func (b *imapBox) findInFolder(ctx context.Context, f imapFolder, ids []string) (found Found, ok bool, err error) {
	err = b.wire.step(ctx, maxHeader, func() error {
		b.selected = unselected
		if _, err := b.client.Select(f.name, &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
			if refusedBy(err) { // not for us, or gone
				return nil
			}
			return err
		}
		for _, id := range ids {
			search := &imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: "Message-Id", Value: id}}}
			there, err := b.client.UIDSearch(search, nil).Wait()
			if err != nil {
				return err
			}
			for _, uid := range firstUIDs(there, maxCopies) {
				if found, ok, err = b.header(uid, ids); ok || err != nil {
					return err
				}
			}
		}
		return nil
	})
	found.Folder, found.Junk = f.name, f.junk
	return found, ok, err
}

// firstUIDs are the first mails that a search has found, at most so many: a range in an answer may stand for billions.
func firstUIDs(found *imap.SearchData, most int) (out []imap.UID) {
	ranges, _ := found.All.(imap.UIDSet)
	for _, r := range ranges {
		for uid := r.Start; uid <= r.Stop && uid != 0 && len(out) < most; uid++ {
			out = append(out, uid)
		}
	}
	return out
}

// header fetches the header of a mail.
func (b *imapBox) header(uid imap.UID, ids []string) (found Found, ok bool, err error) {
	cmd := b.client.Fetch(imap.UIDSetNum(uid), &imap.FetchOptions{UID: true, InternalDate: true,
		BodySection: []*imap.FetchItemBodySection{{Specifier: imap.PartSpecifierHeader, Peek: true}}})
	defer cmd.Close()
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		for x := m.Next(); x != nil; x = m.Next() {
			switch x := x.(type) {
			case imapclient.FetchItemDataInternalDate:
				found.Arrived = x.Time
			case imapclient.FetchItemDataBodySection:
				if x.Literal == nil {
					continue
				}
				raw, err := headerOf(x.Literal)
				if err != nil {
					return found, false, err
				}
				at := found.Arrived
				if found, ok = isFound(raw, ids); found.Arrived.IsZero() {
					found.Arrived = at
				}
			}
		}
	}
	return found, ok, cmd.Close()
}
