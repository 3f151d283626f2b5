package mailbox

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"

	"todoku/codes"
)

// Move moves mails into a folder, which is made where it is not there (RFC 6851). Without MOVE they are copied, marked as
// deleted, and removed one by one (RFC 4315): never anything that somebody else has marked.
func (b *imapBox) Move(ctx context.Context, ids []string, folder string) error {
	if sameFolder(folder, b.box()) {
		return codes.WrongAt(b.String(), codes.Text{EN: "the mails are in {folder} already", JA: "メールはすでに {folder} にあります"}, codes.Quoted("folder", folder))
	}
	return b.change(ctx, ids, func(set imap.UIDSet) error {
		if err := b.client.Create(folder, nil).Wait(); err != nil && !refusedBy(err) {
			return err // a refusal means that it is there
		}
		if b.client.Caps().Has(imap.CapMove) || b.client.Caps().Has(imap.CapIMAP4rev2) {
			_, err := b.client.Move(set, folder).Wait()
			return err
		}
		if _, err := b.client.Copy(set, folder).Wait(); err != nil {
			return err
		}
		return b.remove(set)
	})
}

// Delete removes mails for good.
func (b *imapBox) Delete(ctx context.Context, ids []string) error {
	return b.change(ctx, ids, b.remove)
}

// change opens the folder to write, and does something with the mails of it.
func (b *imapBox) change(ctx context.Context, ids []string, do func(imap.UIDSet) error) error {
	if b.selected != toWrite || !b.connected() {
		if err := b.open(ctx, toWrite); err != nil {
			return b.unable(ctx, err)
		}
	}
	set := b.uids(ids)
	if len(set) == 0 {
		return nil
	}
	return b.unable(ctx, b.wire.step(ctx, int64(len(ids))*listOctets, func() error {
		there, err := b.client.UIDSearch(&imap.SearchCriteria{UID: []imap.UIDSet{set}}, nil).Wait()
		if err != nil {
			return err
		}
		if set = both(set, there); len(set) == 0 { // somebody else was faster
			return nil
		}
		return do(set)
	}))
}

// both are the mails of a set that a search has found: never another one, whatever the server tells.
func both(set imap.UIDSet, found *imap.SearchData) (out imap.UIDSet) {
	there, _ := found.All.(imap.UIDSet)
	uids, _ := set.Nums()
	for _, uid := range uids {
		if there.Contains(uid) {
			out.AddNum(uid)
		}
	}
	return out
}

// remove marks mails as deleted, and removes these alone where the server can.
func (b *imapBox) remove(set imap.UIDSet) error {
	flags := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagDeleted}}
	if err := b.client.Store(set, flags, nil).Close(); err != nil {
		return err
	}
	if caps := b.client.Caps(); !caps.Has(imap.CapUIDPlus) && !caps.Has(imap.CapIMAP4rev2) {
		b.options.Tell(codes.Say(codes.Text{EN: "{place}: the mails are marked as deleted; this server removes them when the folder is cleaned up",
			JA: "{place}: 削除の印を付けました。このサーバーでは、フォルダーの整理時に削除されます"}, codes.Str("place", b.String())))
		return nil
	}
	return b.client.UIDExpunge(set).Close()
}

// refusedBy reports whether the server said no.
func refusedBy(err error) bool {
	var no *imap.Error
	return errors.As(err, &no) && no.Type == imap.StatusResponseTypeNo
}
