package watch

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/mx"
	"todoku/diag/watch/alert"
	"todoku/diag/watch/store"
	"todoku/diag/world"
	"todoku/sender"
	"todoku/sender/mail"
)

// tellers are the channels on which people are told.
type tellers struct {
	channels []alert.Channel
	template string // a file; "" is that of each channel
	from     mail.Address
	via      sender.Relay
	least    string
	settle   time.Duration

	parsed *alert.Template
}

// How often changes become alerts, and how often it is tried to deliver them; how long a change settles until it is told.
const (
	tellEvery     = 15 * time.Second
	deliverEvery  = 5 * time.Second
	defaultSettle = time.Minute
	mostSettle    = 24 * time.Hour
	maxTemplate   = 64 << 10
)

func (t *tellers) flags(a *app.App, c *cobra.Command) {
	t.least, t.settle = diag.Warn.String(), defaultSettle
	say := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ListOf(&t.channels, alert.Parse, "CHANNEL"), "alert", say("where to tell what changed (repeatable)",
		"変化の通知先(複数指定可)"))
	fs.Var(app.ValueOf(&t.least, app.OneOf(leasts()...), "STATUS"), "alert-on",
		say("tell from this severity on: fail, unknown, warn\n(default), info",
			"この重大度以上を通知します: fail、unknown、\nwarn(既定)、info"))
	fs.Var(app.ValueOf(&t.settle, parseSettle, "TIME"), "settle", say("wait so long for changes that belong together\n(default 1m)",
		"関連する変化をまとめるために待つ時間\n(既定は 1m)"))
	fs.Var(app.ValueOf(&t.template, app.ParseNonEmpty, "FILE"), "alert-template", say("template of the JSON of webhooks (https://…)",
		"Webhook(https://…)のJSONのテンプレート"))
	fs.Var(app.ValueOf(&t.from, app.ParseMailbox, "ADDR"), "alert-from", say("sender of alerts by mail", "通知メールの送信者"))
	fs.Var(app.ValueOf(&t.via, sender.ParseRelay, "HOST"), "alert-via", say("relay of alerts by mail (default: direct)",
		"通知メールの中継サーバー(既定は直接配信)"))
	_ = app.CompleteFlag(a, c, "alert-on", cobra.FixedCompletions(leasts(), cobra.ShellCompDirectiveNoFileComp))
}

// leasts are the words of --alert-on.
func leasts() []string {
	return []string{diag.Fail.String(), diag.Unknown.String(), diag.Warn.String(), diag.Info.String()}
}

// parseSettle takes how long changes settle; 0s is not at all.
func parseSettle(s string) (time.Duration, error) {
	if s == "0" || s == "0s" {
		return 0, nil
	}
	d, err := app.ParseDays(s)
	if err == nil && d > mostSettle {
		err = codes.Wrong(codes.Say(codes.Text{EN: "{value} is more than a day", JA: "{value} は1日を超えています"}, codes.Quoted("value", s)), codes.Message{})
	}
	return d, err
}

// names are the names of the channels, as the store keeps them.
func (t *tellers) names() []string {
	var out []string
	for _, c := range t.channels {
		if !slices.Contains(out, c.Name()) {
			out = append(out, c.Name())
		}
	}
	return out
}

// check reads the template, and refuses flags that do not fit together.
func (t *tellers) check(ctx context.Context, a *app.App) error {
	byMail := slices.ContainsFunc(t.channels, func(c alert.Channel) bool { return c.Kind == alert.Mail })
	if byMail && t.from.IsZero() {
		return codes.At("--alert-from", codes.Wrong(codes.Say(codes.Text{EN: "alerts by mail need a sender", JA: "メールでの通知には送信者が必要です"}),
			codes.Say(codes.Text{EN: "add --alert-from ADDR", JA: "--alert-from ADDR を指定してください"})))
	}
	if t.template == "" {
		return nil
	}
	data, err := a.Read(ctx, t.template, app.Want{Limit: maxTemplate, Text: true})
	if err != nil {
		return a.ReadError("--alert-template", err, codes.Text{EN: "the template cannot be read", JA: "テンプレートを読めません"}, codes.Text{})
	}
	parsed, err := alert.ParseTemplate(t.template, string(data))
	if err != nil {
		return err
	}
	t.parsed = &parsed
	return nil
}

// start delivers alerts until the returned function is called.
func (t *tellers) start(ctx context.Context, a *app.App, p place, s *store.Store, w *world.World) (end func(), err error) {
	if len(t.channels) == 0 {
		return func() {}, nil
	}
	if err := s.Announce(ctx, t.names(), t.least, t.settle); err != nil {
		return nil, err
	}
	for _, m := range alert.Warnings(t.channels, t.from, func(domain string) bool { _, err := s.Job(ctx, domain); return err == nil }) {
		a.Tell(m)
	}
	d := &alert.Deliverer{Outbox: s, Channels: map[string]alert.Teller{}, Now: a.Now,
		Words: alert.Words{Lang: a.Lang, Command: page.Command, SameWorld: p.style(a, a.Stdout, false).SameWorld, Clean: page.Clean},
		Told:  func(r alert.Result) { tellResult(a, r) }}
	for _, c := range t.channels {
		if d.Channels[c.Name()], err = t.teller(a, c, w); err != nil {
			return nil, err
		}
	}
	running, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() { d.Run(running, deliverEvery) })
	return func() { cancel(); wg.Wait() }, nil
}

// teller is one channel.
func (t *tellers) teller(a *app.App, c alert.Channel, w *world.World) (alert.Teller, error) {
	if c.Kind == alert.Mail {
		return t.letters(a, c, w)
	}
	client := alert.Client{Dial: w.Dial, Roots: w.Roots, Agent: "todoku/" + app.Version, Now: a.Now,
		Proxy: func(u *url.URL) (*url.URL, error) { return http.ProxyFromEnvironment(&http.Request{URL: u}) }}
	if c.Kind != alert.JSON {
		return c.Webhook(client, nil)
	}
	return c.Webhook(client, t.parsed)
}

// letters is a channel of mails, which go out as those of `send` do.
func (t *tellers) letters(a *app.App, c alert.Channel, w *world.World) (alert.Teller, error) {
	catalogue, err := a.Load()
	if err != nil {
		return nil, err
	}
	d := &sender.Deliverer{Router: mx.Router{DNS: w.DNS}, Codes: catalogue,
		Open: sender.Dialer{Dial: w.Dial, Roots: w.Roots, Helo: w.Helo, Timeout: a.Global.Timeout}.Open}
	if t.via.Host != "" {
		via := t.via
		d.Relay = &via
	}
	return c.Letters(t.from, d), nil
}

// tellResult says in a line what became of alerts.
func tellResult(a *app.App, r alert.Result) {
	switch {
	case r.Channel == "": // the store
		a.Complain(r.Err)
	case r.Err == nil:
		a.Tell(codes.Say(codes.Text{EN: "told {channel}: {n}", JA: "{channel} に通知: {n}件"}, codes.Str("channel", r.Channel), codes.Num("n", r.Deliveries)))
	case r.Next.IsZero():
		a.Tell(codes.Say(codes.Text{EN: "{channel}: {n} alerts are given up after a week: {error}", JA: "{channel}: 1週間送信できなかったため、通知{n}件を中止しました: {error}"},
			codes.Str("channel", r.Channel), codes.Num("n", r.Deliveries), codes.Failure("error", r.Err)))
	default:
		a.Tell(codes.Say(codes.Text{EN: "{channel} cannot be told, next try {next}: {error}", JA: "{channel} に通知できません(次回 {next}): {error}"},
			codes.Str("channel", r.Channel), codes.Str("next", r.Next.In(a.Zone()).Format("15:04:05")), codes.Failure("error", r.Err)))
	}
}
