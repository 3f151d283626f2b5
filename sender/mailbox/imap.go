package mailbox

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-sasl"

	"todoku/codes"
)

// imapBox is a folder of an IMAP server (RFC 3501, RFC 9051). It is looked at without a change: EXAMINE, and BODY.PEEK.
type imapBox struct {
	address
	options Options
	secret  string

	client   *imapclient.Client
	wire     *wire
	news     chan struct{} // the server told of something new
	selected selection
	validity uint32
	next     imap.UID // that the next new mail has, at least
	count    uint32   // of mails
}

// selection is how the folder is open.
type selection int

const (
	unselected selection = iota
	toRead
	toWrite
)

func openIMAP(ctx context.Context, a address, o Options) (Box, error) {
	b := &imapBox{address: a, options: o}
	var err error
	if b.secret, err = needSecret(ctx, a, o); err != nil {
		return nil, err
	}
	if err := b.connect(ctx); err != nil {
		return nil, b.unable(ctx, err)
	}
	return b, nil
}

// unable words an error; the end of ctx stays what it is.
func (b *imapBox) unable(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return unable(b.address, b.secret, err)
}

// connected reports whether there is a connection, as far as anybody knows.
func (b *imapBox) connected() bool {
	if b.client == nil {
		return false
	}
	select {
	case <-b.client.Closed():
		return false
	default:
		return true
	}
}

// connect makes sure that there is a connection with a login.
func (b *imapBox) connect(ctx context.Context) error {
	if b.connected() {
		return nil
	}
	b.selected, b.news = unselected, make(chan struct{}, 1)
	err := b.dialIMAP(ctx, !b.options.Plain && !b.implicit)
	var refused *imap.Error
	if errors.As(err, &refused) { // no STARTTLS
		if !b.local() {
			return noTLS(b.address)
		}
		err = b.dialIMAP(ctx, false)
	}
	if err == nil {
		err = b.login(ctx)
	}
	if err != nil {
		b.drop()
	}
	return err
}

// drop ends the connection.
func (b *imapBox) drop() {
	if b.client != nil {
		_ = b.client.Close()
		b.client = nil
	}
}

func (b *imapBox) dialIMAP(ctx context.Context, startTLS bool) error {
	w, c, err := dialWire(ctx, b.address, b.options)
	if err != nil {
		return err
	}
	b.wire = w
	news := b.news
	o := &imapclient.Options{TLSConfig: tlsConfig(b.address, b.options), UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(data *imapclient.UnilateralDataMailbox) {
			if data.NumMessages != nil {
				select {
				case news <- struct{}{}:
				default:
				}
			}
		}}}
	return w.step(ctx, 0, func() (err error) {
		if startTLS {
			b.client, err = imapclient.NewStartTLS(c, o)
			return err
		}
		b.client = imapclient.New(c, o)
		return b.client.WaitGreeting()
	})
}

func (b *imapBox) login(ctx context.Context) error {
	if b.client.State() == imap.ConnStateAuthenticated { // PREAUTH
		return nil
	}
	err := b.wire.step(ctx, 0, func() error {
		caps := b.client.Caps()
		switch {
		case b.options.Bearer:
			return b.client.Authenticate(xoauth2{b.user, b.secret})
		case caps.Has("AUTH=PLAIN"):
			return b.client.Authenticate(sasl.NewPlainClient("", b.user, b.secret))
		case caps.Has(imap.CapLoginDisabled):
			return noTLS(b.address)
		}
		return b.client.Login(b.user, b.secret).Wait()
	})
	var no *imap.Error
	if errors.As(err, &no) {
		return loginRefused(b.address, hidden(no.Text, b.user, b.secret))
	}
	return err
}

// open selects the folder.
func (b *imapBox) open(ctx context.Context, how selection) error {
	if err := b.connect(ctx); err != nil {
		return err
	}
	return b.wire.step(ctx, 0, func() error {
		data, err := b.client.Select(b.box(), &imap.SelectOptions{ReadOnly: how == toRead}).Wait()
		if err != nil {
			b.selected = unselected
			return noFolder(b.address, b.secret, err)
		}
		b.selected, b.validity, b.next, b.count = how, data.UIDValidity, data.UIDNext, data.NumMessages
		return nil
	})
}

// noFolder is the error of a folder that the server does not open.
func noFolder(a address, secret string, err error) error {
	var no *imap.Error
	if !errors.As(err, &no) {
		return err
	}
	return &codes.UserError{Place: a.String(), Unable: true, Cause: shown(no.Text, a.user, secret),
		Says:   codes.Say(codes.Text{EN: "the folder {folder} cannot be opened", JA: "フォルダー {folder} を開けません"}, codes.Quoted("folder", a.box())),
		Remedy: codes.Say(codes.Text{EN: "name one that is there, such as {scheme}://{host}/INBOX", JA: "存在するフォルダーを指定してください(例: {scheme}://{host}/INBOX)"}, codes.Str("scheme", a.scheme), codes.Str("host", a.host))}
}

// Items streams the mails of the folder behind the mark, the oldest first.
func (b *imapBox) Items(ctx context.Context) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		if err := b.items(ctx, func(it Item) bool { return yield(it, nil) }); err != nil {
			yield(Item{}, b.unable(ctx, err))
		}
	}
}

func (b *imapBox) items(ctx context.Context, give func(Item) bool) error {
	if err := b.open(ctx, toRead); err != nil {
		return err
	}
	if b.count == 0 {
		return nil
	}
	validity, end := b.validity, b.next
	for part, err := range b.list(ctx, b.after(b.options.Mark()), end) {
		if err != nil {
			return err
		}
		for len(part) > 0 {
			n := batch(part)
			more, err := b.giveBatch(ctx, validity, part[:n], give)
			if err != nil || !more {
				return err
			}
			part = part[n:]
		}
	}
	return nil
}

// after is the UID that a mark names, 0 where it belongs to an earlier life of the folder (RFC 9051 §2.3.1.1).
func (b *imapBox) after(mark string) imap.UID {
	validity, uid, _ := strings.Cut(mark, "/")
	if validity != strconv.FormatUint(uint64(b.validity), 10) {
		return 0
	}
	n, err := strconv.ParseUint(uid, 10, 32)
	if err != nil {
		return 0
	}
	return imap.UID(n)
}

// item is a mail as it is given.
func (b *imapBox) item(validity uint32, m listed) Item {
	id := fmt.Sprintf("%d/%d", validity, m.uid)
	return Item{Name: fmt.Sprintf("%s;UID=%d", b.address, m.uid), ID: id, Mark: id, Modified: m.at, Mail: true}
}

// Wait waits for news: by IDLE (RFC 2177) where the server has it.
func (b *imapBox) Wait(ctx context.Context, atMost time.Duration) error {
	t := time.NewTimer(atMost)
	defer t.Stop()
	var idle *imapclient.IdleCommand
	if b.client != nil && b.selected != unselected {
		// A connection that broke is made anew by the next Items.
		_ = b.wire.step(ctx, 0, func() (err error) {
			if b.client.Caps().Has(imap.CapIdle) {
				idle, err = b.client.Idle()
			}
			return err
		})
	}
	var closed <-chan struct{}
	if idle != nil {
		closed = b.client.Closed()
	}
	select {
	case <-b.news:
	case <-t.C:
	case <-ctx.Done():
	case <-closed:
		select { // whoever cut it may cut the next one at once
		case <-t.C:
		case <-ctx.Done():
		}
	}
	if idle != nil {
		// Also when ctx has ended: another look may follow.
		_ = b.wire.step(context.WithoutCancel(ctx), 0, func() error { return errors.Join(idle.Close(), idle.Wait()) })
	}
	return context.Cause(ctx)
}

// Close says goodbye.
func (b *imapBox) Close() error {
	if b.client == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = b.wire.step(ctx, 0, func() error { return b.client.Logout().Wait() })
	if err := b.client.Close(); err != nil && !errors.Is(err, net.ErrClosed) && b.wire.cause == nil {
		return nil // nothing that was to be kept is lost
	}
	return nil
}

// uids are the UIDs of mails of this folder; a mail of an earlier life of it has none.
func (b *imapBox) uids(ids []string) imap.UIDSet {
	var set imap.UIDSet
	for _, id := range ids {
		if uid := b.after(id); uid != 0 {
			set.AddNum(uid)
		}
	}
	return set
}

// names of folders are compared without case.
func sameFolder(a, b string) bool { return strings.EqualFold(a, b) }

// hasAny reports whether one of attributes is there.
func hasAny(attrs []imap.MailboxAttr, wanted ...imap.MailboxAttr) bool {
	return slices.ContainsFunc(attrs, func(a imap.MailboxAttr) bool { return slices.Contains(wanted, a) })
}
