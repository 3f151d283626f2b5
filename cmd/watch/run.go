package watch

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/serve/guard"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/river"
	"todoku/diag/world"
)

// running is `run`: it looks at what is due, and tells what changed.
type running struct {
	working
	tellers
	keep   time.Duration
	listen string // where a monitoring system asks; "" is nowhere
}

const (
	defaultKeep = 400 * 24 * time.Hour
	leastKeep   = 24 * time.Hour
	tidyEvery   = time.Hour
)

// parseKeep takes how long changes are kept.
func parseKeep(s string) (time.Duration, error) {
	d, err := app.ParseDays(s)
	if err == nil && d < leastKeep {
		err = codes.Wrong(codes.Say(codes.Text{EN: "{value} is less than a day", JA: "{value} は1日未満です"}, codes.Quoted("value", s)), codes.Message{})
	}
	return d, err
}

func newRun(a *app.App) *cobra.Command {
	o := &running{keep: defaultKeep}
	c := a.Command(app.About{
		Use:   "run",
		Uses:  []string{usage.World, usage.Checks},
		Short: codes.Text{EN: "go on looking, and send alerts about what changed", JA: "確認を続け、変化を通知します"},
		Long: codes.Text{
			EN: "Looks at each domain once in its interval until Ctrl-C, and tells each change once,\nand once that it is over: what has one cause is one alert, also at thousands of\ndomains. --alert names a channel: https://… (JSON), slack:, teams:, discord:, ntfy:\nor lineworks: before the address of a webhook, or mailto:ADDRESS. An address with a\nsecret goes into todoku.yaml (alert:) or TODOKU_ALERT. Alerts that cannot be\ndelivered are kept and tried again for a week.\n\nOne machine is enough for many thousand domains. With --store postgres://…, work\nhelps on others.",
			JA: "Ctrl-C で終了するまで、間隔ごとに各ドメインを確認し、変化と、その解消を1回ずつ知らせ\nます。原因が共通の変化は、数千ドメインに及んでも1つの通知にまとめます。--alert で通知\n先を指定します: https://…(JSON)、WebhookのURLの前に slack:、teams:、discord:、ntfy:、\nlineworks:、または mailto:アドレス。秘密の文字列を含むURLは、todoku.yaml(alert:)か\nTODOKU_ALERT に書いてください。送信できない通知は保存し、1週間再試行します。\n\n数万ドメインまでは1台で足ります。--store postgres://… を使うと、work を別のコンピュー\nターで動かして分担できます。"},
		Example: codes.Text{
			EN: "  todoku watch run --listen 127.0.0.1:9420\n  todoku watch run --alert mailto:ops@example.jp --alert-from watch@example.jp\n  TODOKU_ALERT=slack:https://hooks.slack.com/… todoku watch run",
			JA: "  todoku watch run --listen 127.0.0.1:9420\n  todoku watch run --alert mailto:ops@example.jp --alert-from watch@example.jp\n  TODOKU_ALERT=slack:https://hooks.slack.com/… todoku watch run"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "ended by --deadline", JA: "--deadline により終了しました"}}},
	}, func(ctx context.Context, _ []string) error { return o.start(ctx, a) })
	o.working.flags(a, c)
	o.tellers.flags(a, c)
	c.Flags().Var(app.ValueOf(&o.listen, guard.ParseListen, "ADDR:PORT"), "listen", a.T(codes.Text{
		EN: "answer GET /metrics (Prometheus) and /healthz here", JA: "GET /metrics(Prometheus)と /healthz に応答する\nアドレス"}))
	c.Flags().Var(app.ValueOf(&o.keep, parseKeep, "TIME"), "keep", a.T(codes.Text{
		EN: "keep changes and old record sets so long\n(default 400d)", JA: "変化や以前のレコードを保存する期間(既定は 400d)"}))
	return c
}

func (o *running) start(ctx context.Context, a *app.App) error {
	if err := o.tellers.check(ctx, a); err != nil {
		return err
	}
	err := o.working.run(ctx, a, func(ctx context.Context, w *world.World) ([]river.Chore, func(), error) {
		end, err := o.begin(ctx, a, w)
		return []river.Chore{
			{Name: "tell", Every: tellEvery, Do: func(ctx context.Context) error { return o.trouble(ctx, o.tell(ctx)) }},
			{Name: "tidy", Every: tidyEvery, Do: func(ctx context.Context) error { return o.trouble(ctx, o.store.Retention(ctx, o.keep)) }},
		}, end, err
	})
	if errors.Is(context.Cause(ctx), app.ErrDeadline) { // it is the time that was asked for
		return nil
	}
	return err
}

// begin starts what tells of the work: alerts, and figures for a monitoring system.
func (o *running) begin(ctx context.Context, a *app.App, w *world.World) (end func(), err error) {
	told, err := o.tellers.start(ctx, a, o.place, o.store, w)
	if err != nil || o.listen == "" {
		return told, err
	}
	asked, err := o.serve(ctx, a)
	if err != nil {
		told()
		return nil, err
	}
	return func() { asked(); told() }, nil
}

// tell makes incidents of what changed, and says them here, too.
func (o *running) tell(ctx context.Context) error {
	list, err := o.store.Tell(ctx, o.settle, o.least, o.names())
	for _, n := range list {
		o.app.Tell(incidentLine(n))
	}
	return err
}

// incidentLine says in one line what is told, for a journal.
func incidentLine(n watch.Incident) codes.Message {
	name := n.Key.Culprit
	if name == "" {
		name = n.Key.Rule
	}
	if name == "" {
		name = n.Key.Kind
	}
	domains := watch.Domains(n.Count)
	if !n.Recovered.IsZero() {
		return codes.Say(codes.Text{EN: "over: {name} ({domains}): {says}", JA: "解消: {name}({domains}): {says}"},
			codes.Str("name", name), codes.Words("domains", domains), codes.Words("says", n.Message))
	}
	return codes.Say(codes.Text{EN: "{severity}: {name} ({domains}): {says}", JA: "{severity}: {name}({domains}): {says}"},
		codes.Str("severity", n.Severity), codes.Str("name", name), codes.Words("domains", domains), codes.Words("says", n.Message))
}
