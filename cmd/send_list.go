package cmd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"
	"slices"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// resumption is the flag --continue, with the id of a list or without.
type resumption struct {
	on   bool
	list string
}

func (r *resumption) String() string { return r.list }
func (r *resumption) Type() string   { return "[ID]" }
func (r *resumption) Set(s string) error {
	*r = resumption{on: true, list: s}
	if on, err := strconv.ParseBool(s); err == nil { // no id
		*r = resumption{on: on}
	}
	return nil
}

// take takes an id that stands behind the flag as a word of its own.
func (r *resumption) take(id string) bool {
	if !r.on || r.list != "" {
		return false
	}
	r.list = id
	return true
}

// listed reports whether the mails of this run are a list that the history keeps.
func (d *dispatch) listed() bool {
	return d.store != nil && d.m.delivers() && d.many()
}

// enlist writes the whole list down before its first mail goes out, or finds the
// one that is to be gone on with.
func (d *dispatch) enlist(ctx context.Context) error {
	now := d.now()
	l := history.List{ID: history.NewID(now), Recipients: d.digest, Mail: d.press.digest, Started: now}
	var err error
	var join func(kept []byte) bool // whether a mail that the history kept is this one; nil begins a new list
	fresh := l.ID
	if d.m.proceed.on {
		if l, err = d.continued(ctx, l); err != nil {
			return err
		}
		if join, err = d.press.sameMail(); err != nil {
			return err
		}
	}
	l, err = d.store.Enlist(ctx, l, join, d.rows())
	switch {
	case errors.Is(err, history.ErrListBusy):
		return codes.Wrong(codes.Say(codes.Text{EN: "another process is sending this mail to these recipients (list {list})", JA: "別のプロセスが同じメールを同じ宛先に送信中です(リスト {list})"}, codes.Str("list", l.ID)),
			codes.Say(codes.Text{EN: "wait for its end; if it is cut short, --continue={list} goes on with it", JA: "終了をお待ちください。中断した場合は、--continue={list} で続けられます"}, codes.Str("list", l.ID)))
	case err != nil:
		return err
	}
	d.list = l.ID
	if d.before, err = d.store.Resume(ctx, l.ID, d.m.force); err != nil {
		return err
	}
	if err := d.tellInvalid(ctx); err != nil {
		return err
	}
	b := d.before
	d.tellStart(l.ID != fresh || b.Delivered+b.Perhaps+b.Refused+b.Temporary+b.Busy > 0)
	return nil
}

// continued is the list that --continue names, or l where it names none. A list
// that would bring somebody a second mail is refused.
func (d *dispatch) continued(ctx context.Context, l history.List) (history.List, error) {
	if d.m.proceed.list != "" {
		return d.named(ctx, l)
	}
	other, err := d.store.Overlap(ctx, l, func(yield func(string) bool) {
		for _, e := range d.errands {
			if !yield(e.to.String()) {
				return
			}
		}
	})
	switch {
	case errors.Is(err, history.ErrNoList):
		return l, nil
	case err != nil:
		return l, err
	}
	was, remedy := codes.Say(codes.Text{EN: "the list {list} has these recipients, another mail, and was not sent to its end", JA: "リスト {list} は宛先が同じでメールの内容が異なり、送信が最後まで終わっていません"}, codes.Str("list", other.ID)), sameMail()
	if other.Mail == l.Mail {
		was = codes.Say(codes.Text{EN: "the list {list} has this mail and some of these recipients, but not the same ones", JA: "リスト {list} は同じメールで、宛先の一部が重複していますが、全体は一致しません"}, codes.Str("list", other.ID))
		remedy = codes.Say(codes.Text{EN: "--continue={list} goes on with it and adds the others; without --continue everybody on this list gets the mail", JA: "そのリストを続け、残りの宛先を加えるには --continue={list} を指定してください。--continue を付けなければ、このリストの全員に送信します"}, codes.Str("list", other.ID))
	}
	return l, codes.Wrong(was, remedy)
}

// named is the list whose id --continue gives. It must have the mail of l.
func (d *dispatch) named(ctx context.Context, l history.List) (history.List, error) {
	id := d.m.proceed.list
	found, err := d.store.FindList(ctx, history.List{ID: id})
	switch {
	case errors.Is(err, history.ErrNoList):
		return l, noList(id)
	case errors.Is(err, history.ErrAmbiguous):
		return l, ambiguous(id)
	case err != nil:
		return l, err
	case found.Mail != l.Mail:
		return l, codes.Wrong(codes.Say(codes.Text{EN: "this is not the mail of the list {list}", JA: "メールの内容がリスト {list} のものと異なります"}, codes.Str("list", found.ID)), sameMail())
	}
	return found, nil
}

func noList(id string) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the history has no list {list}", JA: "送信履歴にリスト {list} はありません"}, codes.Quoted("list", id)),
		codes.Say(codes.Text{EN: "send tells the id at its start; without an id, --continue finds the list by its recipients and its mail", JA: "IDは送信の開始時に表示されます。IDを省略すると、宛先とメールの内容からリストを探します"}))
}

func sameMail() codes.Message {
	return codes.Say(codes.Text{EN: "give --subject, --body and the rest as they were to go on with it; without --continue everybody on this list gets the new mail",
		JA: "続けるには --subject や --body などを元のとおりに指定してください。--continue を付けなければ、新しいメールをこのリストの全員に送信します"})
}

// leaveOut leaves out of a dry run whoever would get no mail, and refuses what the
// real run refuses.
func (d *dispatch) leaveOut(ctx context.Context) error {
	if d.store == nil { // there is no history yet
		if d.m.proceed.list != "" {
			return noList(d.m.proceed.list)
		}
		return nil
	}
	l, err := d.continued(ctx, history.List{Recipients: d.digest, Mail: d.press.digest})
	if err != nil {
		return err
	}
	l, err = d.store.FindList(ctx, l)
	switch {
	case errors.Is(err, history.ErrNoList):
		return nil
	case err != nil:
		return err
	}
	done := map[string]bool{}
	for s, err := range d.store.List(ctx, history.Filter{List: l.ID}) {
		if err != nil {
			return err
		}
		done[history.Key(s.Recipient)] = !s.Left()
	}
	d.errands = slices.DeleteFunc(d.errands, func(e errand) bool { return done[history.Key(e.to.String())] })
	return nil
}

// tellInvalid tells the addresses of the list that have become invalid. Those of
// --recipients are told already.
func (d *dispatch) tellInvalid(ctx context.Context) error {
	if d.m.recipients != "" {
		return nil
	}
	for _, addr := range d.before.Invalid {
		to, err := mail.ParseAddress("To", addr)
		if err != nil {
			return err
		}
		if _, err := d.valid(ctx, to); err != nil {
			return err
		}
	}
	return nil
}

// tellStart tells what is about to be sent.
func (d *dispatch) tellStart(resumed bool) {
	b, id := d.before, d.list
	if !resumed {
		d.tell(codes.Say(codes.Text{EN: "list {list}: recipients {n}; if it is cut short, the same command with --continue goes on with it", JA: "リスト {list}: 宛先{n}件。中断した場合は、同じコマンドに --continue を付けると続けられます"}, codes.Str("list", id), codes.Num("n", b.Queued)))
		return
	}
	d.tell(codes.Say(codes.Text{EN: "goes on with the list {list}: sent already {sent}, left {left}", JA: "リスト {list} の送信を続けます(送信済み{sent}件、残り{left}件)"}, codes.Str("list", id), codes.Num("sent", b.Delivered+b.Perhaps+b.Refused), codes.Num("left", b.Left)))
	for _, part := range []struct {
		n    int
		text codes.Text
	}{
		{b.Perhaps, codes.Text{EN: "{n} of them are perhaps delivered: the outcome is unknown, and a resend may double them", JA: "そのうち{n}件は配信された可能性があります(結果は不明。再送すると二重に届く可能性があります)"}},
		{b.Refused, codes.Text{EN: "{n} of them were refused and get no second one by this", JA: "そのうち{n}件は拒否されたため、再送しません"}},
		{b.Again, codes.Text{EN: "{n} had temporary errors and are sent again", JA: "{n}件は一時的なエラーだったため、再送します"}},
		{b.Busy, codes.Text{EN: "another process works on {n}; if it was killed on another machine or by another user, they are free again after 10 minutes", JA: "{n}件は別のプロセスが処理中です。別のコンピューターや別の利用者のプロセスが強制終了された場合は、10分後に続けられます"}},
	} {
		if part.n > 0 {
			d.tell(codes.Say(part.text, codes.Num("n", part.n)))
		}
	}
	if b.Restarted {
		d.tell(codes.Say(codes.Text{EN: "this computer was restarted since, or another one worked on the list: after a power cut the history may lack the mails of the last moment before it, and they would go out twice",
			JA: "前回の送信後にコンピューターが再起動されたか、別のコンピューターで送信されています。停電などで突然止まった場合、直前に送信したメールが履歴に残っておらず、二重に送信される可能性があります"}))
	}
}

// tellEnd tells how the list stands at the end of a run that leaves something open.
func (d *dispatch) tellEnd(ctx context.Context) (history.Standing, error) {
	s, err := d.store.Stands(context.WithoutCancel(ctx), d.list)
	if err != nil {
		return s, err
	}
	if s.Perhaps+s.Refused+s.Temporary+s.Busy+s.Queued > 0 {
		d.tell(codes.Say(codes.Text{EN: "list {list}: delivered {delivered}, perhaps delivered {perhaps}, refused {refused}, temporary errors {temporary}, with another process {busy}, not sent {queued}",
			JA: "リスト {list}: 配信済み{delivered}件、配信された可能性あり{perhaps}件、拒否{refused}件、一時的なエラー{temporary}件、別のプロセスが処理中{busy}件、未送信{queued}件"},
			codes.Str("list", d.list), codes.Num("delivered", s.Delivered), codes.Num("perhaps", s.Perhaps), codes.Num("refused", s.Refused), codes.Num("temporary", s.Temporary), codes.Num("busy", s.Busy), codes.Num("queued", s.Queued)))
	}
	return s, nil
}

// rows are the sendings of a new list.
func (d *dispatch) rows() iter.Seq[history.Sending] {
	return func(yield func(history.Sending) bool) {
		now := d.now()
		from, subject := d.press.draft.From, d.press.draft.Subject
		if d.press.whole != nil {
			from, subject = d.press.whole.From, d.press.whole.Subject
		}
		x := history.Sending{Kind: d.kind(), Sender: from.String(), Name: from.Name(), Subject: subject, EnvelopeID: d.m.dsn.ENVID, Started: now}
		for _, a := range d.m.replyTo {
			x.ReplyTo = strings.TrimPrefix(x.ReplyTo+", "+a.String(), ", ")
		}
		for _, a := range d.m.bcc {
			x.Bcc = append(x.Bcc, a.String())
		}
		for _, a := range d.m.cc {
			x.Cc = append(x.Cc, a.String())
		}
		if d.m.via.Host != "" {
			x.Via = d.m.via.String()
		}
		for _, e := range d.errands {
			x.ID, x.Recipient = history.NewID(now), e.to.String()
			if !yield(x) {
				return
			}
		}
	}
}

// kind is what the mails of this run are sent for.
func (d *dispatch) kind() string {
	if d.m.recipients != "" || len(d.m.to)+len(d.m.cc)+len(d.m.bcc) == 0 {
		return campaign
	}
	return "test"
}

// queue gives the mails to send, one after the other.
func (d *dispatch) queue(ctx context.Context) iter.Seq2[errand, error] {
	return func(yield func(errand, error) bool) {
		if d.list == "" {
			for _, e := range d.errands {
				if !yield(e, nil) {
					return
				}
			}
			return
		}
		for s, err := range d.store.Queued(ctx, d.list) {
			e, left := errand{}, false
			if err == nil {
				e, left, err = d.queued(ctx, s)
			}
			if err != nil {
				yield(e, err)
				return
			}
			if left && !yield(e, nil) {
				return
			}
		}
	}
}

// queued makes an errand of a sending of the list; false says that its address
// has become invalid. A mail that was made already is sent as it is.
func (d *dispatch) queued(ctx context.Context, s history.Sending) (errand, bool, error) {
	e := errand{earlier: &s, claimed: true}
	var err error
	if e.to, err = mail.ParseAddress("To", s.Recipient); err != nil {
		return e, false, err
	}
	if d.m.proceed.on {
		if ok, err := d.valid(ctx, e.to); err != nil || !ok {
			return e, false, err
		}
	}
	if s.MessageID == "" {
		return e, true, nil
	}
	raw, err := d.store.Content(ctx, s.ID)
	if errors.Is(err, history.ErrNotFound) { // too large to be kept: it is made again
		return e, true, nil
	}
	if err == nil {
		e.press, err = pressOf(s, raw)
	}
	return e, true, err
}

// digestOf is the same for the same recipients, in any order.
func digestOf(errands []errand) string {
	all := make([]string, len(errands))
	for i, e := range errands {
		all[i] = history.Key(e.to.String())
	}
	slices.Sort(all)
	h := sha256.New()
	addText(h, all...)
	return hex.EncodeToString(h.Sum(nil))
}

// digest is the same for the same mail, whenever it is sent and however it goes out.
func digest(m *mailing, p *press) string {
	h := sha256.New()
	if p.whole != nil {
		add(h, []byte("eml"))
		add(h, p.whole.Pieces()...)
	} else {
		d := p.draft
		addText(h, "draft", d.From.String(), d.From.Name(), d.Subject, d.Text, d.HTML, string(d.Charset), d.Unsubscribe.URL, d.Unsubscribe.Mail, fmt.Sprint(d.Unsubscribe.OneClick))
		for _, a := range d.ReplyTo {
			addText(h, "reply-to", a.String(), a.Name())
		}
		for _, a := range d.Attachments {
			addText(h, "attachment", a.Name)
			add(h, a.Data)
		}
		for _, f := range d.Headers {
			addText(h, "header", f.Name, f.Value)
		}
	}
	for _, a := range slices.Concat(m.to, m.cc) { // who is seen in the header
		addText(h, "to", a.String(), a.Name())
	}
	return hex.EncodeToString(h.Sum(nil))
}

// add writes parts so that no two lists of them are the same octets.
func add(h hash.Hash, parts ...[]byte) {
	for _, p := range parts {
		fmt.Fprintf(h, "%d:", len(p))
		h.Write(p)
	}
}

func addText(h hash.Hash, parts ...string) {
	for _, p := range parts {
		add(h, []byte(p))
	}
}
