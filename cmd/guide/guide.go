// Package guide holds the dialogue of the troubleshooting guide: on a full screen, in lines, or without anybody who
// answers.
package guide

import (
	"cmp"
	"context"
	"errors"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide/walk"
)

// guideOptions are the flags of guide.
type guideOptions struct {
	pattern, code, reply, from, to, mailbox, via, file, id string
	ip                                                     netip.Addr
	when                                                   time.Time
	cause                                                  int
	run, mails, plain                                      bool
	export                                                 string
}

// New makes the command `guide`. make makes the commands that its steps run.
func New(a *app.App, make CommandMaker) *cobra.Command {
	var o guideOptions
	c := a.Command(app.About{
		Use:     "guide [SYMPTOM]",
		Uses:    []string{usage.World, usage.Bundle, usage.FailOn},
		Formats: report.Guides.Formats(),
		Short:   codes.Text{EN: "the troubleshooting guide, step by step", JA: "トラブルシューティングを手順に沿って進めます"},
		Long: codes.Text{
			EN: "Leads from the symptom to the cause and through the steps in their order, as a\ndialogue; each step can run its check at once. SYMPTOM is a pattern (A to G), a\ndelivery code, a reply, or words (\"nothing arrives\", bounce, \"stays at\npreparing\"); - reads it from standard input.\n\nOn a terminal: arrow keys or numbers, b or Esc goes back, q ends. --plain, and\nanything that is no full terminal, gets numbered lines and no cursor movement;\nanswers are read line by line.\n\nIn scripts: a pattern, code or reply that is given is worked through without a\nquestion when there is no terminal, with --run, and for JSON; --run runs the\nchecks, those that send a mail only with --yes. Questions, answers and steps\nare exported with --export FILE or --format markdown.",
			JA: "事象から要因を判別し、解決方法を順番に案内する対話形式のガイドです。各手順の確\n認はその場で実行できます。SYMPTOM には事象のパターン(A〜G)、メール配信コード、\n応答、または言葉(「届かない」「準備中」「エラーメール」など)を指定します。\n- を指定すると標準入力から読みます。\n\n端末では矢印キーまたは番号で選択し、b または Esc で前に戻り、q で終了します。\n--plain を付けた場合や通常の端末でない場合は、カーソル移動を使わず、番号付きの行\nで表示し、回答を1行ずつ読み取ります。\n\nスクリプトでは、端末がないとき、--run のとき、JSON形式のときは、指定されたパター\nン・コード・応答について質問せずに最後まで進みます。--run で確認を実行します\n(メールを送信する確認は --yes を付けた場合のみ)。経過は --export FILE または\n--format markdown で出力できます。"},
		Example: codes.Text{
			EN: "  todoku guide\n  todoku guide 42553\n  todoku guide nothing arrives --plain\n  todoku guide 42553 --from a@example.jp --to b@example.com --cause 2 --run\n  todoku guide D --from news@example.jp --run --format json\n  todoku guide --export ticket.md\n  todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run",
			JA: "  todoku guide\n  todoku guide 42553\n  todoku guide 届かない --plain\n  todoku guide 42553 --from a@example.jp --to b@example.com --cause 2 --run\n  todoku guide D --from news@example.jp --run --format json\n  todoku guide --export ticket.md\n  todoku --lab guide 42550 --from news@no-spf.test --to user@takes.test --run"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "done; no check that was run found anything wrong", JA: "完了しました。実行した確認で問題は見つかりませんでした"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "a check that was run found something wrong", JA: "実行した確認で問題が見つかりました"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "a check that was run could not look", JA: "実行した確認で調べられないものがありました"}},
		},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error { return runGuide(ctx, a, runner{a, make}, o, args) })
	o.flags(a, c)
	return c
}

func (o *guideOptions) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	patterns := []string{"A", "B", "C", "D", "E", "F", "G"}
	fs := c.Flags()
	fs.Var(app.ValueOf(&o.pattern, func(s string) (string, error) { return app.OneOf(patterns...)(strings.ToUpper(s)) }, "LETTER"),
		"pattern", t("pattern of the guide, A to G", "事象のパターン(A〜G)"))
	fs.Var(app.ValueOf(&o.code, app.ParseNonEmpty, "CODE"), "code", t("delivery code", "メール配信コード"))
	fs.Var(app.ValueOf(&o.reply, app.ParseNonEmpty, "TEXT"), "reply", t("what the server said, or a log line",
		"サーバーの応答またはログ"))
	fs.Var(app.ValueOf(&o.cause, parseCause, "N"), "cause", t("cause of the pattern, 1 or higher", "要因の番号(1以上)"))
	fs.Var(app.ValueOf(&o.from, app.ParseNonEmpty, "ADDR"), "from", t("sender's address", "送信者E-mailアドレス"))
	fs.Var(app.ValueOf(&o.to, app.ParseNonEmpty, "ADDR"), "to", t("recipient's address", "宛先E-mailアドレス"))
	fs.Var(app.ValueOf(&o.mailbox, app.ParseNonEmpty, "ADDR"), "mailbox", t("your own address, for a test",
		"試験送信に使うご自身のE-mailアドレス"))
	fs.Var(app.ValueOf(&o.ip, app.ParseAddr, "ADDR"), "ip", t("address that sends the mail", "メールを送信するIPアドレス"))
	fs.Var(app.ValueOf(&o.via, app.ParseNonEmpty, "HOST"), "via", t("mail server of the application (pattern E)",
		"アプリケーションの送信サーバー(パターンE)"))
	fs.Var(app.ValueOf(&o.file, app.ParseNonEmpty, "FILE"), "file", t("the bounce or the mail (.eml)",
		"エラーメールまたはメール(.eml)"))
	fs.Var(app.ValueOf(&o.id, app.ParseNonEmpty, "ID"), "sending", t("id of the sending in the history", "送信履歴のID"))
	fs.Var(app.ValueOf(&o.when, a.ParseSince, "WHEN"), "time", t("when the mail was sent", "メールを送信した日時"))
	fs.BoolVar(&o.run, "run", false, t("run the checks; ask nothing", "質問せずに確認を実行します"))
	fs.BoolVar(&o.mails, "yes", false, t("with --run, also checks that send a mail",
		"--run でメールを送信する確認も実行します"))
	fs.BoolVar(&o.plain, "plain", false, t("numbered lines, no cursor movement (screen readers)",
		"番号付きの行で表示します(カーソル移動なし、スクリーン\nリーダー向け)"))
	fs.Var(app.ValueOf(&o.export, app.ParseNonEmpty, "FILE"), "export", t("write questions, answers and steps as Markdown",
		"経過をMarkdownで書き出します(チケット用)"))
	_ = app.CompleteFlag(a, c, "pattern", cobra.FixedCompletions(patterns, cobra.ShellCompDirectiveNoFileComp))
}

func parseCause(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 99 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no number of a cause", JA: "{value} は要因の番号ではありません"}, codes.Quoted("value", s)), codes.Say(codes.Text{EN: "give 1, 2 or 3", JA: "1、2、3 のいずれかを指定してください"}))
	}
	return n, nil
}

// runGuide goes through the guide: a dialogue, or what the flags say.
func runGuide(ctx context.Context, a *app.App, r runner, o guideOptions, args []string) error {
	form, err := app.FormOf(a, report.Guides)
	if err != nil {
		return err
	}
	if o.mails && !o.run && !a.Filled("yes") {
		return codes.At("--yes", codes.Wrong(codes.Say(codes.Text{EN: "it does nothing without --run", JA: "--run がないと何の働きもしません"}),
			codes.Say(codes.Text{EN: "add --run, or leave it out", JA: "--run を付けるか、このフラグを外してください"})))
	}
	catalogue, err := a.LoadCatalogue(ctx, nil)
	if err != nil {
		return err
	}
	said := strings.Join(args, " ")
	if said == "-" {
		if said, err = readSaid(ctx, a); err != nil {
			return err
		}
	}
	w := walk.Start(catalogue, walk.Options{Runs: r.runs, Read: factReader(a, catalogue), Checks: o.run, Mails: o.mails})
	if err := startWith(o, w, said); err != nil {
		return err
	}
	d := newDialogue(a, form, r, o, w)
	if d.ask != nil || o.mails {
		if err := bundles.Refuse(a, "guide without --run, --yes"); err != nil {
			return err
		}
	}
	runErr := d.run(ctx)
	if w.Pattern.ID == "" { // there is nothing to tell
		return runErr
	}
	if err := d.deliver(ctx, o); err != nil {
		return err
	}
	if runErr != nil {
		return runErr
	}
	if s := a.Global.FailOn.Weigh(d.status()); s != app.ExitOK {
		return s
	}
	return nil
}

// readSaid reads the symptom from standard input: a reply, or a whole ticket.
func readSaid(ctx context.Context, a *app.App) (string, error) {
	data, err := a.Read(ctx, "-", app.Want{Limit: paste.MaxSize, Text: true})
	if err == nil && strings.TrimSpace(string(data)) == "" {
		err = codes.Wrong(codes.Say(codes.Text{EN: "it is empty", JA: "中身が空です"}), codes.Message{})
	}
	if err != nil {
		return "", a.ReadError("stdin", err, codes.Text{EN: "the symptom cannot be read", JA: "事象を読めません"}, codes.Text{})
	}
	return string(data), nil
}

// startWith puts what the flags and arguments (said) say into the state. The error is a *codes.UserError.
func startWith(o guideOptions, w *walk.State, said string) error {
	given := []struct {
		place       codes.Place
		flag, value string
	}{{codes.PlaceSender, "--from", o.from}, {codes.PlaceAddr, "--to", o.to}, {codes.PlaceMailbox, "--mailbox", o.mailbox},
		{codes.PlaceHost, "--via", o.via},
		{codes.PlaceFile, "--file", o.file}, {codes.PlaceID, "--sending", o.id}, {codes.PlaceCode, "--code", o.code}}
	for _, g := range given {
		v, err := w.Options().Read(g.place, g.value)
		if err != nil {
			return codes.At(g.flag, err)
		}
		if v != "" {
			w.Facts[g.place] = v
		}
	}
	if o.ip.IsValid() {
		w.Facts[codes.PlaceIP] = o.ip.String()
	}
	if !o.when.IsZero() {
		w.Facts[codes.PlaceTime] = o.when.Format(time.RFC3339)
	}
	for _, s := range []struct{ flag, value string }{{"--reply", o.reply}, {"", said}, {"--code", o.code}} {
		if s.value == "" || w.Pattern.ID != "" {
			continue
		}
		read := walk.ReadSymptom(w.Catalogue(), s.value)
		if len(read.Patterns) == 0 && !read.NoResult {
			return codes.At(s.flag, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no symptom that is known", JA: "{value} から事象を判別できません"}, codes.QuotedStart("value", s.value, 60)),
				codes.Say(codes.Text{EN: "give a pattern A to G, a delivery code, a reply, or words such as \"nothing arrives\"; without any, it asks", JA: "パターン(A〜G)、メール配信コード、応答、「届かない」などの言葉を指定してください。省略すると対話形式で質問します"})))
		}
		w.Learn(read)
	}
	if o.pattern != "" && o.pattern != w.Pattern.ID {
		w.Enter(o.pattern)
	}
	if o.cause > 0 {
		if w.Pattern.ID == "" || o.cause > len(w.Pattern.Causes) {
			return &codes.UserError{Place: "--cause", Says: codes.Say(codes.Text{EN: "pattern {pattern} has no cause {n}", JA: "パターン{pattern} に要因{n}はありません"}, codes.Quoted("pattern", w.Pattern.ID), codes.Num("n", o.cause)),
				Remedy: codes.Say(codes.Text{EN: "{command} lists the causes", JA: "要因は {command} で確認できます"}, codes.Typed("command", codes.Todoku("explain", "RULE").With(codes.PlaceRule, cmp.Or(w.Pattern.ID, "A"))))}
		}
		w.Cause = o.cause
	}
	return nil
}

// newDialogue decides who answers: a person at a terminal, lines of text, or
// nobody.
func newDialogue(a *app.App, form page.Form[*report.Guide], r runner, o guideOptions, w *walk.State) *dialogue {
	d := &dialogue{app: a, checks: r, form: form, walk: w, started: a.Now(), screen: a.Stdout}
	machine := form.Format.ForPrograms()
	apart := form.Format != page.TextFormat || a.Global.WritesApart()
	if apart { // the document has the place of the output for itself
		d.screen = a.Stderr
	}
	_, shown := d.screen.Terminal()
	in, isFile := a.Stdin.(*os.File)
	typed := isFile && term.IsTerminal(int(in.Fd()))
	switch {
	case o.run || machine && !o.plain, !o.plain && !(typed && shown) && w.Pattern.ID != "": // nobody
	case typed && shown && !o.plain && a.Env("TERM") != "dumb":
		d.ask = newScreen(a, in, d.screen).ask
	default:
		d.ask = newLines(a, d.screen, typed).ask
	}
	d.options = dialogueOptions{byPerson: typed && shown, printRecord: apart || d.ask == nil, exported: o.export != ""}
	return d
}

// deliver prints the way through where it is asked for.
func (d *dialogue) deliver(ctx context.Context, o guideOptions) error {
	g := d.record()
	a := d.app
	if o.export != "" {
		if err := exportGuide(ctx, a, o.export, g); err != nil {
			return err
		}
	}
	if !d.options.printRecord {
		return nil
	}
	return app.PrintOne(ctx, a, d.form, g, a.StyleOfOne)
}

// exportGuide writes the way through as Markdown.
func exportGuide(ctx context.Context, a *app.App, name string, g *report.Guide) error {
	if err := a.WriteFile(ctx, name, func(w *page.Out) error {
		p, err := report.Guides.Open(page.Markup, w, a.Style(w, false))
		if err != nil {
			return err
		}
		return errors.Join(p.Put(g), p.Close())
	}); err != nil {
		return err
	}
	a.Tell(codes.Say(codes.Text{EN: "the record of this guide is in {name}", JA: "経過を {name} に書き出しました"}, codes.Str("name", name)))
	return nil
}

// record is the way as a document.
func (d *dialogue) record() *report.Guide {
	w := d.walk
	g := &report.Guide{Started: d.started, Elapsed: d.app.Now().Sub(d.started), Pattern: w.Pattern,
		Code: w.Facts[codes.PlaceCode], Reply: w.Facts[codes.PlaceReply], Way: d.passages, Ran: w.Options().Checks, Mails: w.Options().Mails}
	for _, c := range w.CodesOf(w.Pattern.ID) {
		g.Codes = append(g.Codes, c.ID)
	}
	for _, f := range []struct {
		name  string
		place codes.Place
	}{{"from", codes.PlaceSender}, {"to", codes.PlaceAddr}, {"mailbox", codes.PlaceMailbox}, {"ip", codes.PlaceIP}, {"via", codes.PlaceHost},
		{"file", codes.PlaceFile}, {"sending", codes.PlaceID}, {"time", codes.PlaceTime}} {
		if v := w.Facts[f.place]; v != "" {
			g.Known = append(g.Known, report.GuideFact{Name: f.name, Place: f.place, Label: walk.FactLabel(f.place), Value: v})
		}
	}
	for i, c := range w.Pattern.Causes {
		g.Causes = append(g.Causes, report.GuideCause{Text: c.Text, Command: w.Line(walk.Looks(c.Check, c.Guide)),
			Chosen: w.Cause == i+1, Proven: slices.Contains(w.Proven, i+1)})
	}
	for _, r := range w.Remedies() {
		state := w.States[r.ID]
		if state == "" {
			state = walk.StepOpen
		}
		look := w.Line(walk.Looks(r.Check, r.Guide))
		g.Steps = append(g.Steps, report.GuideStep{Remedy: r, Command: look, Found: d.found(look), State: state})
	}
	return g
}

// found is what the check of a step came to when it was last run on the way, "" where it was not. A check of all of a domain
// tells nothing of one step.
func (d *dialogue) found(c codes.Command) report.GuideVerdict {
	if strings.Join(c.Words, " ") == "check domain" {
		return ""
	}
	for _, p := range slices.Backward(d.passages) {
		if p.Check != nil && p.Check.Command.Same(c) {
			return p.Check.Verdict
		}
	}
	return ""
}

// status is the worst of what the checks found.
func (d *dialogue) status() app.ExitStatus {
	found := func(v report.GuideVerdict) bool {
		return slices.ContainsFunc(d.passages, func(p report.Passage) bool { return p.Check != nil && p.Check.Verdict == v })
	}
	switch {
	case found(report.CheckWrong):
		return app.ExitWrong
	case found(report.CheckUnknown):
		return app.ExitUnknown
	}
	return app.ExitOK
}
