package reports

import (
	"context"
	"errors"
	"runtime/debug"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/sources"
	"todoku/diag/watch/store"
	"todoku/diag/world"
	"todoku/sender/aggregate"
)

// mostMemory is from where on the garbage is collected more often, in octets: the sources that a Tally keeps at most fit in.
const mostMemory = 400 << 20

// run reads the inputs and prints what they tell.
func run(ctx context.Context, a *app.App, o *options, args []string) error {
	if len(args) == 0 && a.Global.Lab {
		args = []string{""}
	}
	if len(args) == 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "there is nothing to read", JA: "読み取る対象がありません"}),
			codes.Say(codes.Text{EN: "give reports as they came: files, a directory, a mailbox; - reads standard input",
				JA: "届いたレポートのファイル、ディレクトリ、メールボックスのいずれかを指定してください(- は標準入力)"}))
	}
	form, err := app.FormOf(a, report.Received)
	if err != nil {
		return err
	}
	kept, err := o.store.Open(ctx, a, true)
	if err != nil {
		return err
	}
	if kept != nil {
		defer kept.Close()
	}
	r := &reader{a: a, o: o, unread: mailboxes.Unread{App: a}, opened: aggregate.NewReader(aggregate.Options{}),
		tally: sources.New(sources.Options{Since: o.since, Until: o.until, Domain: o.domain})}
	if a.Global.Lab || !o.noDNS { // the lab holds mailboxes
		if err := r.openWorld(ctx); err != nil {
			return err
		}
	}
	if r.world != nil {
		defer r.world.Close()
	}
	if a.OwnsProcess && a.Env("GOMEMLIMIT") == "" { // the bound of the process is too small for many sources
		defer debug.SetMemoryLimit(debug.SetMemoryLimit(mostMemory))
	}
	defer r.garbage.start(a)()
	if err := r.read(ctx, args); err != nil {
		return err
	}
	result, err := r.judge(ctx)
	if err != nil {
		return err
	}
	if err := learn(ctx, kept, result); err != nil {
		return err
	}
	style := func(w *page.Out) page.Options {
		s := a.Style(w, false)
		s.ByteOrderMark, s.Now = o.bom, a.Now()
		return s
	}
	if err := app.PrintOne(ctx, a, form, result, style); err != nil {
		return err
	}
	return r.exit(result)
}

// learn keeps the selectors of keys that verify, so that watch looks at these keys. What only fails may be made up.
func learn(ctx context.Context, kept *store.Store, r *sources.Result) error {
	if kept == nil {
		return nil
	}
	for _, d := range r.Domains {
		for _, s := range d.Selectors {
			if s.Pass == 0 {
				continue
			}
			if err := kept.Learn(ctx, s.Domain, []string{s.Name}, s.LastPass); err != nil {
				return err
			}
		}
	}
	return nil
}

// openWorld opens what is asked about sources. Where there is nobody to ask, that is told, and the reports stand alone.
func (r *reader) openWorld(ctx context.Context) (err error) {
	r.world, err = r.a.OpenWorld(ctx, world.Options{})
	if errors.Is(err, app.ErrNoZone) || errors.Is(err, world.ErrNobody) {
		r.world = nil
		r.a.Tell(codes.Say(codes.Text{EN: "there is nobody to ask about the sources: the reports stand alone (--no-dns asks for that)",
			JA: "送信元の問い合わせ先がないため、レポートの内容だけで分類します(--no-dns と同じ動作)"}))
		return nil
	}
	return err
}

// judge asks DNS about the sources.
func (r *reader) judge(ctx context.Context) (result *sources.Result, err error) {
	w := sources.World{}
	if r.world != nil {
		w.Providers = r.world.Providers
	} else if w.Providers, err = provider.Load(); err != nil {
		return nil, err
	}
	if r.world != nil && !r.o.noDNS {
		w.DNS = r.world.Run().DNS
	}
	stop := r.a.ShowWaiting()
	result, err = r.tally.Judge(ctx, w, r.o.change, r.a.Now())
	stop()
	if err != nil && !errors.Is(context.Cause(ctx), app.ErrDeadline) {
		return nil, context.Cause(ctx)
	}
	result.Inputs, result.Cut = r.inputs, r.cut || err != nil
	return result, nil
}

// exit is the exit status of what was read.
func (r *reader) exit(res *sources.Result) error {
	r.unread.TellRest()
	if r.nothing(res) || r.unread.Count > 0 || res.Cut {
		return app.ExitUnknown
	}
	s := app.ExitOK
	if res.Wrong() {
		s = app.ExitWrong
	}
	if s = r.a.Global.FailOn.Weigh(s); s == app.ExitOK {
		return nil
	}
	return s
}

// nothing reports whether no report says anything of what is asked for, and tells why: that is no sign that all is well.
func (r *reader) nothing(res *sources.Result) bool {
	switch n := res.Counts; {
	case n.DMARC+n.TLS == 0 && n.Outside > 0:
		r.a.Tell(codes.Say(codes.Text{EN: "no report counts: all {n} are of another domain or time (--domain, --since, --until)",
			JA: "対象となるレポートがありません。{n}件すべてが指定の条件に合いません(--domain、--since、--until)"},
			codes.Num("n", int(n.Outside))))
	case n.DMARC+n.TLS == 0 && r.unread.Count == 0:
		r.a.Tell(codes.Say(codes.Text{EN: "no report was found", JA: "レポートが見つかりませんでした"}))
	case n.DMARC+n.TLS == 0:
	case len(res.Domains)+len(res.TLS) == 0 && r.unread.Count == 0:
		r.a.Tell(codes.Say(codes.Text{EN: "no mail of {domain} is in these reports", JA: "{domain} のメールはレポートにありません"},
			codes.Str("domain", r.o.domain)))
	case r.o.change != nil && len(res.Domains) == 0:
		r.a.Tell(codes.Say(codes.Text{EN: "no DMARC report counts: nobody can say what --what-if would cost",
			JA: "対象となるDMARC集計レポートがないため、--what-if の影響は判断できません"}))
	default:
		return false
	}
	return true
}
