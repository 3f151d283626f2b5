// Package diagnose holds the command that goes from an error to its confirmed cause.
package diagnose

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/cmd/stores"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/guide"
	"todoku/diag/world"
	"todoku/sender/history"
)

// options is what the flags of `diagnose` say about a mail.
type options struct {
	from, mailFrom, to, helo string
	ip                       netip.Addr
	selectors, signers       []string
	when                     time.Time
	size                     int64
	message                  string
	lists, rules             []string
	noSMTP                   bool

	id          string // of a sending in the history
	history     sendings.Flags
	store       stores.Flags
	past        guide.Past // what the store knows; nil: there is none
	historyFile string     // --history-file: the file, where --history is an id
	filter      history.Filter
	last        bool
	verify      bool
	wait        bool
	only        []string                                     // causes, of the diagnosis that is verified
	many        bool                                         // the input may hold several mails
	failed      int                                          // how many mails of one input did not arrive, 0 where that is not known
	again       func(context.Context) (io.ReadCloser, error) // opens the one input once more; nil: there are several, or none
	name        string                                       // of it; "" for a text
	args        []string                                     // of the command
	unreadable  int                                          // inputs that could not be read
	findings    *app.Findings                                // where the diagnosis of a single mail goes; may be nil
	form        page.Form[*guide.Diagnosis]
}

func New(a *app.App, f *app.Findings) *cobra.Command {
	d := &options{findings: f}
	c := a.Command(app.About{
		Use:     "diagnose [TEXT|FILE|DIRECTORY|-]",
		Uses:    []string{usage.World, usage.Bundle, usage.FailOn},
		Formats: report.Diagnoses.Formats(),
		Short:   codes.Text{EN: "from an error to the confirmed cause, and what to do", JA: "エラーから要因を突き止め、対策を示します"},
		Long: codes.Text{
			EN: "Takes a delivery code, a reply, a log line, a transcript or a bounce (.eml),\nlooks up whatever confirms or excludes each of the documented causes, and says\nwhich it is here, with the evidence and the steps in their order. What is not in\nthe text is read from the history (--sending ID) or given by flags; a cause that\ncannot be looked at stays open, and what would decide it is named.\n\nThe receiving server is asked as far as RCPT, never for DATA (--no-smtp: not at\nall). Several inputs, a directory or --result error are grouped by cause.",
			JA: "メール配信コード、SMTP応答、ログ、通信記録、エラーメール(.eml)を受け取り、マニュアルに\n挙げられた要因を1つずつ実際に調べて、確定・除外・未確定を根拠とともに示し、対策を\n順に示します。入力にない情報は送信履歴(--sending ID)から読み取るか、フラグで指定\nします。調べられない要因は未確定とし、判定に必要な情報を示します。\n\n宛先メールサーバーにはRCPTまで問い合わせ、本文は送信しません(--no-smtp を付けると、\n問い合わせません)。複数の入力、ディレクトリ、--result error は要因ごとに集計しま\nす。"},
		Example: codes.Text{
			EN: "  todoku diagnose 42553 --from news@example.jp --to user@example.com --ip 192.0.2.7\n  todoku diagnose '550-5.7.26 This mail has been blocked …' --from news@example.jp\n  tail -1 /var/log/mail.log | todoku diagnose -\n  todoku diagnose bounce.eml --message sent.eml\n  todoku diagnose --sending 06h2k\n  todoku diagnose --result error --since 1d\n  todoku diagnose --last --verify --wait\n  todoku --lab diagnose 42550 --from news@no-spf.test --to user@takes.test",
			JA: "  todoku diagnose 42553 --from news@example.jp --to user@example.com --ip 192.0.2.7\n  todoku diagnose '550-5.7.26 This mail has been blocked …' --from news@example.jp\n  tail -1 /var/log/mail.log | todoku diagnose -\n  todoku diagnose bounce.eml --message sent.eml\n  todoku diagnose --sending 06h2k\n  todoku diagnose --result error --since 1d\n  todoku diagnose --last --verify --wait\n  todoku --lab diagnose 42550 --from news@no-spf.test --to user@takes.test"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "a cause is confirmed, or all are excluded", JA: "要因が確定したか、すべて除外されました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "with --verify: the cause is still there", JA: "--verify: 要因がまだ残っています"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "causes stay open", JA: "未確定の要因があります"}},
		},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return diagnose(ctx, a, d, args) })
	d.flags(a, c)
	return c
}

func (d *options) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ValueOf(&d.from, app.ParseNonEmpty, "ADDR"), "from", t("sender's address (From header)",
		"送信者E-mailアドレス(Fromヘッダー)"))
	fs.Var(app.ValueOf(&d.mailFrom, app.ParseNonEmpty, "ADDR"), "mail-from", t("envelope sender (default: as --from)",
		"エンベロープ送信者(既定は --from と同じ)"))
	fs.Var(app.ValueOf(&d.to, app.ParseNonEmpty, "ADDR"), "to", t("recipient's address", "宛先E-mailアドレス"))
	fs.Var(app.ValueOf(&d.ip, app.ParseAddr, "ADDR"), "ip", t("address that sent the mail", "メールを送信したIPアドレス"))
	fs.Var(app.ValueOf(&d.helo, app.ParseDomain, "NAME"), "helo", t("name that the sending server gave in EHLO",
		"送信サーバーがEHLOで名乗った名前"))
	fs.Var(app.ListOf(&d.selectors, app.ParseSelector, "NAME"), "selector", t("selector (s=) of the mail's DKIM signature",
		"メールのDKIM署名のセレクター(s=)"))
	fs.Var(app.ListOf(&d.signers, app.ParseDomain, "DOMAIN"), "signer", t("domain (d=) of the mail's DKIM signature",
		"メールのDKIM署名のドメイン(d=)"))
	fs.Var(app.ValueOf(&d.when, a.ParseSince, "WHEN"), "time", t("when the mail was sent", "メールを送信した日時"))
	fs.Var(app.ValueOf(&d.size, parseSize, "BYTES"), "size", t("size of the mail", "メールのサイズ(バイト)"))
	fs.Var(app.ValueOf(&d.message, app.ParseNonEmpty, "FILE"), "message", t("the mail itself, as it was sent (.eml)",
		"送信したメールそのもの(.eml)"))
	fs.Var(app.ListOf(&d.lists, app.ParseBlocklist, "ZONE"), "blocklist",
		t("blocklist to ask (repeatable; default: those that the\nreply names, else the big public ones)",
			"問い合わせるブロックリスト(複数指定可。既定は応答が\n示すリスト、なければ主要な公開リスト)"))
	fs.Var(app.ListOf(&d.rules, app.ParseNonEmpty, "FILE"), "rules", t("rules of your own for replies (repeatable)",
		"独自の判定ルール(複数指定可)"))
	fs.BoolVar(&d.noSMTP, "no-smtp", false, t("do not ask the receiving server", "宛先メールサーバーに問い合わせません"))
	fs.Var(app.ValueOf(&d.id, app.ParseNonEmpty, "ID"), "sending", t("a sending of the history (id, or how it begins)",
		"送信履歴のID(先頭の数文字でも可)"))
	d.history.Add(a, fs)
	d.store.Add(a, fs, codes.Text{
		EN: "tell what changed at the sender's domain before:\na file, or postgres://… (see watch)",
		JA: "直前に送信ドメインで変わったことを示します。\nファイル、または postgres://…(watch を参照)"})
	fs.Var(app.ValueOf(&d.historyFile, app.ParseNonEmpty, "FILE"), "history-file", t("earlier name of --history",
		"--history の以前の名前"))
	fs.Lookup("history-file").Hidden = true
	fs.Var(app.ValueOf(&d.filter.Result, sendings.ParseResult, "RESULT"), "result",
		t("all sendings of the history with this result: error", "送信履歴のうち、この結果のもの: error"))
	fs.Var(app.ValueOf(&d.filter.Since, a.ParseSince, "WHEN"), "since",
		t("with --result, only from then on: 2h, 7d, 2026-01-31", "--result の対象を指定日時以降に限ります: 2h、7d"))
	fs.BoolVar(&d.last, "last", false, t("the mail of the last diagnosis once more",
		"直前に診断したメールをもう一度対象にします"))
	fs.BoolVar(&d.verify, "verify", false, t("look again, only at what was confirmed", "確定した要因だけを再確認します"))
	fs.BoolVar(&d.wait, "wait", false, t("with --verify, until it is mended (see --deadline)",
		"--verify を解決するまで繰り返します(--deadline 参照)"))
	_ = app.CompleteFlag(a, c, "result", cobra.FixedCompletions([]string{"error", "ok", "preparing"},
		cobra.ShellCompDirectiveNoFileComp))
}

// diagnose does what the flags ask for.
func diagnose(ctx context.Context, a *app.App, d *options, args []string) error {
	var err error
	d.args = args
	if d.form, err = app.FormOf(a, report.Diagnoses); err != nil {
		return err
	}
	if err := d.check(a); err != nil {
		return err
	}
	catalogue, err := a.LoadCatalogue(ctx, d.rules)
	if err != nil {
		return err
	}
	s, err := d.openStore(ctx, a)
	if err != nil {
		return err
	}
	if s != nil {
		defer s.Close()
	}
	cases, err := cases(ctx, a, d, catalogue, args)
	if err != nil {
		return err
	}
	if d.failed > 1 && d.again != nil && !d.verify {
		if done, err := diagnoseSeveral(ctx, a, d, catalogue); done || err != nil {
			return err
		}
	}
	if d.verify {
		return verify(ctx, a, d, catalogue, cases)
	}
	var status app.ExitStatus
	err = a.Write(ctx, func(w *page.Out) error {
		status, err = diagnoseAll(ctx, a, w, d, catalogue, cases)
		return err
	})
	if err != nil {
		return err
	}
	if status = a.Global.FailOn.Weigh(status); status != app.ExitOK {
		return status
	}
	return nil
}

// diagnoseAll looks at the mails and prints what each is. An interrupt or the
// deadline ends it early, with what is known by then.
func diagnoseAll(ctx context.Context, a *app.App, w *page.Out, d *options, catalogue *codes.Catalogue,
	cases iter.Seq2[*guide.Case, error]) (app.ExitStatus, error) {
	world, env, err := guideEnv(ctx, a, d, catalogue)
	if err != nil {
		return app.ExitOK, err
	}
	defer world.Close()
	p := d.open(a, w, catalogue)
	var t tally
	for result, err := range runAll(ctx, a, env, cases) {
		switch {
		case reportUnreadable(a, d, err):
			continue
		case err != nil && d.many && ctx.Err() != nil:
			t.cut = true
			continue
		case err != nil:
			return app.ExitOK, err
		}
		if !d.many {
			if result, err = askForMore(ctx, a, w, env, d, result); err != nil {
				return app.ExitOK, err
			}
			saveLast(a, d, result)
			if d.findings != nil {
				d.findings.Diagnosis, d.findings.Catalogue = result, catalogue
			}
		}
		t.add(result)
		if a.HasNoLast() {
			result = report.WithoutLast(result)
		}
		if err := p.Put(result); err != nil {
			return app.ExitOK, err
		}
	}
	switch late := t.cut && errors.Is(context.Cause(ctx), app.ErrDeadline); {
	case late && !d.many:
		a.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was looked at", JA: "期限({limit})までにすべてを調べられませんでした"}, codes.Str("limit", a.Limit.String())))
	case late:
		a.Tell(codes.Say(codes.Text{EN: "the deadline of {limit} came before everything was looked at ({n} done)", JA: "期限({limit})までにすべてを調べられませんでした({n}件は完了)"}, codes.Str("limit", a.Limit.String()), codes.Num("n", t.done)))
	}
	tellUnreadable(a, d, t.read)
	status := app.ExitOK
	if t.open || t.cut || d.unreadable > 0 {
		status = app.ExitUnknown
	}
	return status, p.Close()
}

// open makes the printer of the diagnoses.
func (d *options) open(a *app.App, w *page.Out, c *codes.Catalogue) page.Printer[*guide.Diagnosis] {
	o := d.history.Style(a, w, d.many)
	o.Catalogue, o.Failed = c, d.failed
	return d.form.Open(w, o)
}

// tally counts diagnoses.
type tally struct {
	read, done int
	open       bool // causes of one stay open
	cut        bool // the end of the run came before that of the list
}

func (t *tally) add(r *guide.Diagnosis) {
	t.read++
	t.open = t.open || r.Answer() == nil && r.Count(guide.Open) > 0
	if r.Cut == nil {
		t.done++
	} else {
		t.cut = true
	}
}

// maxParallel is how many mails are looked at side by side.
const maxParallel = 16

// runAll looks at mails side by side and gives what each is in their order,
// with the errors of cases in between. Once the context has ended nothing more
// is begun, and its cause is the last error.
func runAll(ctx context.Context, a *app.App, env guide.Env, cases iter.Seq2[*guide.Case, error]) iter.Seq2[*guide.Diagnosis, error] {
	type look struct {
		result chan *guide.Diagnosis
		err    error
	}
	return func(yield func(*guide.Diagnosis, error) bool) {
		looks := make(chan look, maxParallel)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		defer wg.Wait()
		defer close(stop)
		wg.Go(func() {
			defer close(looks)
			turns := make(chan struct{}, maxParallel)
			begun := false
			for k, err := range cases {
				l := look{make(chan *guide.Diagnosis, 1), err}
				switch {
				case err == nil && begun && ctx.Err() != nil:
					l.err = context.Cause(ctx)
				case err == nil:
					begun = true
					turns <- struct{}{}
					wg.Go(func() {
						l.result <- guide.Run(ctx, env, k)
						<-turns
					})
				}
				select {
				case looks <- l:
				case <-stop:
					return
				}
				if l.err != nil && ctx.Err() != nil {
					return
				}
			}
		})
		for l := range looks {
			if l.err != nil {
				if !yield(nil, l.err) {
					return
				}
				continue
			}
			stopWaiting := a.ShowWaiting()
			d := <-l.result
			stopWaiting()
			if !yield(d, nil) {
				return
			}
		}
	}
}

// offline adds to the error of --offline without zone files that explain needs no network.
func (d *options) offline(a *app.App, err error) error {
	var fault *codes.UserError
	if !errors.Is(err, app.ErrNoZone) || !errors.As(err, &fault) {
		return err
	}
	explain := codes.Todoku("explain", "REPLY")
	switch arg := strings.Join(d.args, " "); {
	case arg == "-":
		explain = codes.Todoku("explain", "-")
	case a.IsFile(arg):
		explain = codes.Todoku("explain", "FILE").With(codes.PlaceFile, arg)
	case arg != "":
		explain = explain.With(codes.PlaceReply, arg)
	}
	told := *fault
	told.Remedy = codes.Say(codes.Text{EN: "what the error means needs no network: {command}; to look for its cause in zone files: --zone FILE",
		JA: "エラーの意味は、ネットワークがなくても確認できます: {command}。要因をゾーンファイルで調べる場合は --zone FILE を指定してください"},
		codes.Typed("command", explain))
	return &told
}

// guideEnv is the world as a diagnosis sees it.
func guideEnv(ctx context.Context, a *app.App, d *options, catalogue *codes.Catalogue) (*world.World, guide.Env, error) {
	var o world.Options
	if !d.noSMTP {
		o.Replies = catalogue
	}
	w, err := a.OpenWorld(ctx, o)
	if err != nil {
		return nil, guide.Env{}, d.offline(a, err)
	}
	return w, guide.Env{Env: w.Run(), Codes: catalogue, Asked: d.lists, Public: len(d.lists) == 0, Traffic: traffic(a, d),
		Past: d.past, Zone: a.Zone()}, nil
}
