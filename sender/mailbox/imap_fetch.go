package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// listed is a mail in the list of a folder.
type listed struct {
	uid  imap.UID
	at   time.Time
	size int64
}

// What is asked for at once.
const (
	batchMails  = 200
	batchOctets = 1 << 20  // of mails that are fetched whole; larger ones are read in parts of this size
	listMost    = 4000     // mails of a list that is read at once, as far as UIDs tell
	listSpan    = 4 << 20  // UIDs that are asked for at once where there are few mails
	listHeld    = 64 << 10 // mails of a list that are held at once
	listOctets  = 256      // of one of them
)

// maxMail bounds a mail that is read from a server, in octets.
const maxMail = 1 << 30

// errMany says that a range of UIDs holds more mails than a list may have.
var errMany = errors.New("too many mails at once")

// list streams the mails behind a UID and before end, in parts. UIDs have gaps: the range that is asked for grows where
// there are few mails.
func (b *imapBox) list(ctx context.Context, after, end imap.UID) iter.Seq2[[]listed, error] {
	return func(yield func([]listed, error) bool) {
		last := ^imap.UID(0)
		if end > 0 {
			last = end - 1
		}
		span := imap.UID(listMost)
		for first := after + 1; first <= last && first != 0; {
			stop := last
			if last-first >= span {
				stop = first + span - 1
			}
			part, err := b.listPart(ctx, first, stop)
			if errors.Is(err, errMany) && span > listMost {
				span = listMost
				continue
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if len(part) > 0 && !yield(part, nil) {
				return
			}
			switch {
			case len(part) < listMost/8:
				span = min(8*span, listSpan)
			case len(part) > listMost:
				span = listMost
			}
			if first = stop + 1; stop == last {
				return
			}
		}
	}
}

func (b *imapBox) listPart(ctx context.Context, first, stop imap.UID) (out []listed, err error) {
	var set imap.UIDSet
	set.AddRange(first, stop)
	many := false
	err = b.wire.step(ctx, min(int64(b.count), int64(stop-first)+1)*listOctets, func() error {
		cmd := b.client.Fetch(set, &imap.FetchOptions{UID: true, InternalDate: true, RFC822Size: true})
		defer cmd.Close()
		for m := cmd.Next(); m != nil; m = cmd.Next() {
			var l listed
			for x := m.Next(); x != nil; x = m.Next() {
				switch x := x.(type) {
				case imapclient.FetchItemDataUID:
					l.uid = x.UID
				case imapclient.FetchItemDataInternalDate:
					l.at = x.Time
				case imapclient.FetchItemDataRFC822Size:
					l.size = x.Size
				}
			}
			if l.uid >= first && l.uid <= stop && !b.options.Passed(fmt.Sprintf("%d/%d", b.validity, l.uid)) {
				if many = len(out) >= listHeld; !many {
					out = append(out, l)
				}
			}
		}
		return cmd.Close()
	})
	if err == nil && many {
		err = errMany
	}
	return out, err
}

// batch is how many of the first mails are fetched at once.
func batch(list []listed) int {
	n, octets := 0, int64(0)
	for n < len(list) && n < batchMails {
		if octets += list[n].size; octets > batchOctets && n > 0 {
			break
		}
		n++
	}
	return n
}

// giveBatch fetches mails and gives them; more is false where nobody wants others.
func (b *imapBox) giveBatch(ctx context.Context, validity uint32, list []listed, give func(Item) bool) (more bool, err error) {
	if len(list) == 1 && list[0].size > batchOctets {
		it := b.item(validity, list[0])
		it.Open = func(ctx context.Context) (io.ReadCloser, error) {
			return &parts{ctx: ctx, box: b, mail: list[0], name: it.Name}, nil
		}
		return give(it), nil
	}
	bodies, err := b.fetch(ctx, list)
	if err != nil {
		return false, err
	}
	for _, m := range list {
		raw, there := bodies[m.uid]
		if !there { // deleted meanwhile
			continue
		}
		delete(bodies, m.uid)
		it := b.item(validity, m)
		it.Open = func(context.Context) (io.ReadCloser, error) { return block{bytes.NewReader(raw)}, nil }
		if !give(it) {
			return false, nil
		}
	}
	return true, nil
}

// fetch gets whole mails.
func (b *imapBox) fetch(ctx context.Context, list []listed) (map[imap.UID][]byte, error) {
	var set imap.UIDSet
	octets := int64(0)
	for _, m := range list {
		set.AddNum(m.uid)
		octets += m.size * 2 // some servers count other line ends
	}
	out := map[imap.UID][]byte{}
	err := b.wire.step(ctx, octets, func() error { return b.bodies(set, nil, func(uid imap.UID, raw []byte) { out[uid] = raw }) })
	return out, err
}

// bodies reads BODY.PEEK[] of mails, or a part of it.
func (b *imapBox) bodies(set imap.UIDSet, part *imap.SectionPartial, got func(imap.UID, []byte)) error {
	cmd := b.client.Fetch(set, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true, Partial: part}}})
	defer cmd.Close()
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		var uid imap.UID
		var raw []byte
		read := false
		for x := m.Next(); x != nil; x = m.Next() {
			switch x := x.(type) {
			case imapclient.FetchItemDataUID:
				uid = x.UID
			case imapclient.FetchItemDataBodySection:
				if x.Literal == nil {
					continue
				}
				var err error
				if raw, err = io.ReadAll(x.Literal); err != nil {
					return err
				}
				read = true
			}
		}
		if read && uid != 0 {
			got(uid, raw)
		}
	}
	return cmd.Close()
}

// parts reads a large mail piece by piece.
type parts struct {
	ctx  context.Context
	box  *imapBox
	mail listed
	name string
	at   int64
	rest []byte
	end  bool
}

// Read reads what is there, else the next part.
func (p *parts) Read(into []byte) (int, error) {
	if len(p.rest) == 0 && !p.end {
		if err := p.next(); err != nil {
			return 0, p.box.unable(p.ctx, err)
		}
	}
	if len(p.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(into, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *parts) next() error {
	var set imap.UIDSet
	set.AddNum(p.mail.uid)
	p.rest = nil
	if p.at >= maxMail {
		return tooLarge(p.name)
	}
	err := p.box.wire.step(p.ctx, batchOctets, func() error {
		return p.box.bodies(set, &imap.SectionPartial{Offset: p.at, Size: batchOctets}, func(_ imap.UID, raw []byte) { p.rest = raw })
	})
	p.at += int64(len(p.rest))
	p.end = len(p.rest) < batchOctets
	return err
}

// Close has nothing to close.
func (p *parts) Close() error { return nil }
