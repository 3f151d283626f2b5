package send

import (
	"context"
	"strconv"

	"todoku/codes"
	"todoku/sender/batch"
)

// resumeFlag is the flag --continue, with the id of a list or without.
type resumeFlag struct {
	given bool
	list  string
}

func (r *resumeFlag) String() string { return r.list }
func (r *resumeFlag) Type() string   { return "[ID]" }
func (r *resumeFlag) Set(s string) error {
	*r = resumeFlag{given: true, list: s}
	if on, err := strconv.ParseBool(s); err == nil { // no id
		*r = resumeFlag{given: on}
	}
	return nil
}

// setID takes an id that stands behind the flag as a word of its own; false where none is wanted.
func (r *resumeFlag) setID(id string) bool {
	if !r.given || r.list != "" {
		return false
	}
	r.list = id
	return true
}

// tellStart tells what is about to be sent.
func (d *sendRun) tellStart(resumed bool) {
	b, id := d.batch.Before, d.batch.ListID
	if !resumed {
		d.Tell(codes.Say(codes.Text{EN: "list {list}: recipients {n}; if it is cut short, the same command with --continue goes on with it", JA: "リスト {list}: 宛先{n}件。中断した場合は、同じコマンドに --continue を付けると続けられます"}, codes.Str("list", id), codes.Num("n", b.Queued)))
		return
	}
	d.Tell(codes.Say(codes.Text{EN: "goes on with the list {list}: sent already {sent}, left {left}", JA: "リスト {list} の送信を続けます(送信済み{sent}件、残り{left}件)"}, codes.Str("list", id), codes.Num("sent", b.Delivered+b.Perhaps+b.Refused), codes.Num("left", b.Left)))
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
			d.Tell(codes.Say(part.text, codes.Num("n", part.n)))
		}
	}
	if b.Restarted {
		d.Tell(codes.Say(codes.Text{EN: "this computer was restarted since, or another one worked on the list: after a power cut the history may lack the mails of the last moment before it, and they would go out twice",
			JA: "前回の送信後にコンピューターが再起動されたか、別のコンピューターで送信されています。停電などで突然止まった場合、直前に送信したメールが履歴に残っておらず、二重に送信される可能性があります"}))
	}
}

// tellEnd tells how the list stands at the end of a run that leaves something open.
func (d *sendRun) tellEnd(ctx context.Context, t *batch.Tally) error {
	s, err := d.batch.Standing(ctx, t)
	if err != nil {
		return err
	}
	if s.Perhaps+s.Refused+s.Temporary+s.Busy+s.Queued > 0 {
		d.Tell(codes.Say(codes.Text{EN: "list {list}: delivered {delivered}, perhaps delivered {perhaps}, refused {refused}, temporary errors {temporary}, with another process {busy}, not sent {queued}",
			JA: "リスト {list}: 配信済み{delivered}件、配信された可能性あり{perhaps}件、拒否{refused}件、一時的なエラー{temporary}件、別のプロセスが処理中{busy}件、未送信{queued}件"},
			codes.Str("list", d.batch.ListID), codes.Num("delivered", s.Delivered), codes.Num("perhaps", s.Perhaps),
			codes.Num("refused", s.Refused), codes.Num("temporary", s.Temporary), codes.Num("busy", s.Busy), codes.Num("queued", s.Queued)))
	}
	return nil
}
