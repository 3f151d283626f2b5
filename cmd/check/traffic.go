package check

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
	"todoku/diag/traffic"
	"todoku/diag/triage"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

// ownHistory is what --traffic calls the history of this user.
const ownHistory = "history"

// sentMail reads mails that were sent, to be judged by the records of their domain.
type sentMail struct {
	inputs []string
	login  mailboxes.Flags
	of     check.DomainOptions // what else is known of the sender
	log    *traffic.Log        // nil: none are looked at
}

func addTrafficFlag(a *app.App, c *cobra.Command, m *sentMail) {
	c.Flags().Var(app.ListOf(&m.inputs, app.ParseNonEmpty, "LOG"), "traffic", a.T(codes.Text{
		EN: "also judge the mails that this log tells of; with\n--set: how many the change would cost\n(repeatable; history: what todoku sent)",
		JA: "ログにある送信済みのメールも検査します(--set と\n併用すると、変更で届かなくなる通数を示します)\n(複数指定可。history は todoku の送信履歴)"}))
}

// read reads the inputs. The error is a *codes.UserError, or the end of the run.
func (m *sentMail) read(ctx context.Context, a *app.App) error {
	if len(m.inputs) == 0 {
		return nil
	}
	m.log = &traffic.Log{}
	defer a.ShowWaiting()()
	defer mailboxes.BoundMemory(a)()
	keepers := triage.NewKeepers()
	catalogue, err := a.Load()
	if err != nil {
		return err
	}
	judge := keepers.Judge(catalogue)
	for _, input := range m.inputs {
		if input == ownHistory {
			err = m.readHistory(ctx, a, keepers)
		} else {
			err = m.readLog(ctx, a, input, judge)
		}
		if err != nil {
			return err
		}
	}
	if m.log.NoSender > 0 {
		a.Tell(codes.Say(codes.Text{EN: "--traffic: {n} mails have no envelope sender, such as notices; they are not counted",
			JA: "--traffic: エラーメールなど、エンベロープ送信者のない{n}通は集計しません"}, codes.Num("n", m.log.NoSender)))
	}
	if m.log.Unclear > 0 {
		a.Tell(codes.Say(codes.Text{
			EN: "--traffic: {n} records do not tell whether a server took the mail (\"sent\", \"opened\"); they are not counted",
			JA: "--traffic: サーバーが受け取ったか分からない{n}件の記録(「送信」「開封」など)は集計しません"}, codes.Num("n", m.log.Unclear)))
	}
	if m.log.Beyond > 0 {
		a.Tell(codes.Say(codes.Text{EN: "--traffic: {n} mails were left out: the log has more than {limit} senders and providers",
			JA: "--traffic: 送信元と宛先事業者の組み合わせが{limit}を超えたため、{n}通は集計していません"}, codes.Num("n", m.log.Beyond), codes.Num("limit", traffic.MaxStreams)))
	}
	return nil
}

// readLog reads a log, a mailbox or a directory.
func (m *sentMail) readLog(ctx context.Context, a *app.App, name string, judge *event.Judge) error {
	box, err := m.login.Open(ctx, a, nil, name, mailbox.Options{})
	if err != nil {
		return unreadTraffic(a, name, err)
	}
	defer box.Close()
	recognised := false
	for item, err := range box.Items(ctx) {
		if err != nil {
			return unreadTraffic(a, name, err)
		}
		in, err := m.readItem(ctx, item, judge)
		if err != nil {
			return unreadTraffic(a, item.Name, err)
		}
		recognised = recognised || in.Format != ""
		if in.Unread > 0 {
			a.Tell(codes.Say(codes.Text{EN: "{file}: {n} records could not be read; their mails are not counted",
				JA: "{file}: 読み取れない{n}件のメールは集計していません"}, codes.Str("file", item.Name), codes.Num("n", int(in.Unread))))
		}
	}
	if !recognised {
		return &codes.UserError{Place: name, Unable: true, Says: codes.Say(codes.Text{EN: "nothing in it is recognised", JA: "読み取れる形式のものがありません"}),
			Remedy: codes.Say(codes.Text{EN: "give a log of a mail server, or events of a sending service",
				JA: "メールサーバーのログか、配信サービスのイベントを指定してください"})}
	}
	return nil
}

func (m *sentMail) readItem(ctx context.Context, item mailbox.Item, judge *event.Judge) (in event.Input, err error) {
	f, err := item.Open(ctx)
	if err != nil {
		return in, err
	}
	defer f.Close()
	source := event.Source{Name: item.Name, Reader: f, Modified: item.Modified, Input: &in}
	err = event.Each(ctx, source, func(e *event.Event) error {
		judge.Judge(e)
		m.log.AddEvent(e)
		return nil
	})
	return in, err
}

// unreadTraffic is the error of an input that could not be read to its end: a part of the mails says too little.
func unreadTraffic(a *app.App, name string, err error) error {
	return a.ReadError(name, err, codes.Text{EN: "the log cannot be read (to its end)", JA: "ログを(最後まで)読めません"},
		codes.Text{EN: "give a readable file with --traffic", JA: "--traffic で読めるファイルを指定してください"})
}

// readHistory reads what was sent by todoku itself.
func (m *sentMail) readHistory(ctx context.Context, a *app.App, keepers triage.Keepers) error {
	store, err := sendings.Read(ctx, a, sendings.Flags{File: a.Env("TODOKU_HISTORY")})
	if err != nil {
		return err
	}
	defer store.Close()
	for s, err := range store.List(ctx, history.Filter{}) {
		var row *history.RowError
		switch {
		case errors.As(err, &row):
			continue
		case err != nil:
			return err
		}
		refused := s.Result == history.Failed && s.ReasonClass == string(codes.ClassPolicyBlock)
		if s.Result == history.OK || refused {
			m.log.Add(traffic.Mail{From: s.Sender, Time: s.Started, Refused: refused,
				Provider: keepers.Of(strings.ToLower(s.Recipient[strings.LastIndexByte(s.Recipient, '@')+1:]))})
		}
	}
	return nil
}

// checks are those of the mails: one, or none. o is what is known of the sender, before the world without a change that is only
// meant, or nil.
func (m *sentMail) checks(o check.DomainOptions, before resolve.Resolver) []*diag.Check {
	if m == nil || m.log == nil {
		return nil
	}
	return []*diag.Check{check.Traffic(check.TrafficOptions{Log: m.log, IPs: o.SPF.IPs, HELO: o.SPF.HELO,
		Selectors: o.DKIM.Selectors, Before: before})}
}
