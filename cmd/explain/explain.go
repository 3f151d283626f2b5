// Package explain holds the command that tells what a code, a reply or a word means, and that checks rules of users.
package explain

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide"
	"todoku/diag/guide/explain"
)

// explainOptions are the flags of explain.
type explainOptions struct {
	list     bool
	rules    []string
	validate string
}

// New makes the command `explain`.
func New(a *app.App) *cobra.Command {
	var o explainOptions
	c := a.Command(app.About{
		Use:     "explain WHAT",
		Formats: report.Explanations.Formats(),
		Short:   codes.Text{EN: "what a code, a reply, a finding or a word means, and what to do", JA: "コード・応答・指摘・用語の意味と対策を説明します"},
		Long: codes.Text{
			EN: "Explains, without asking anybody:\n  42553            a delivery code\n  550, 5.7.26      a reply code, an enhanced status code\n  '550-5.7.1 …'    a reply, a log line or a notice, pasted as it is; - reads it\n  bounce.eml       a file that holds one of these\n  spf-lookups      the id of a rule, a reason, a remedy, a blocklist\n  gmail, docomo    a provider; also by name, domain, address or mail host\n  A                a pattern of the guide, A to G\n  alignment        a word of the field, in English or Japanese\nWhat can be read in several ways is explained in each, the most likely first.\nThe name of a schema, such as todoku/report/1, prints the JSON schema.",
			JA: "次のものについて、どこにも問い合わせずに説明します。\n  42553            メール配信コード\n  550、5.7.26      SMTP応答コード、拡張ステータスコード\n  '550-5.7.1 …'    応答・ログ・エラー通知の貼り付け(- で標準入力から)\n  bounce.eml       応答・ログ・エラー通知のファイル\n  spf-lookups      ルール・理由・解決方法・ブロックリストのID\n  ドコモ、gmail    事業者(名前・ドメイン・アドレス・メールサーバー)\n  A                事象のパターン(A〜G)\n  エラー時返信先   用語(日本語・英語)\n複数の読み方がある場合は、可能性の高い順にすべて説明します。\ntodoku/report/1 などのスキーマ名を指定すると、JSONスキーマを表示します。"},
		Example: codes.Text{
			EN: "  todoku explain 42553\n  todoku explain gmail\n  todoku explain '550 5.7.26 Unauthenticated email from kaisha.test'\n  tail -1 /var/log/mail.log | todoku explain -\n  todoku explain --list reasons\n  todoku explain --validate-rules my.yaml",
			JA: "  todoku explain 42553 --lang ja\n  todoku explain ドコモ\n  todoku explain '550 5.7.26 Unauthenticated email from kaisha.test'\n  tail -1 /var/log/mail.log | todoku explain -\n  todoku explain --list reasons\n  todoku explain --validate-rules my.yaml"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "explained", JA: "説明しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "nothing matches", JA: "該当するものがありません"}},
		},
		MaxArgs: -1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) error { return runExplain(a, c, o, args) }
	fs := c.Flags()
	fs.BoolVar(&o.list, "list", false, a.T(codes.Text{
		EN: "list what is known, one kind a call (default: rules):\n" + kindLines(), JA: "一覧を表示します。種類を指定できます(既定は rules):\n" + kindLines()}))
	fs.Var(app.ListOf(&o.rules, app.ParseNonEmpty, "FILE"), "rules", a.T(codes.Text{
		EN: "rules of your own (YAML), tried before all others\n(repeatable)", JA: "独自の判定ルール(YAML)。ほかのルールより先に使います\n(複数指定可)"}))
	fs.Var(app.ValueOf(&o.validate, app.ParseNonEmpty, "FILE"), "validate-rules", a.T(codes.Text{
		EN: "check such a file and say what is wrong with it", JA: "独自ルールのファイルを検証し、誤りを示します"}))
	c.ValidArgsFunction = func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
		return completeExplain(a, o.list, args), cobra.ShellCompDirectiveNoFileComp
	}
	return c
}

// kindLines breaks the kinds of lists for the help.
func kindLines() string {
	kinds := listNames()
	half := (len(kinds) + 1) / 2
	return strings.Join(kinds[:half], ", ") + ",\n" + strings.Join(kinds[half:], ", ")
}

func runExplain(a *app.App, c *cobra.Command, o explainOptions, args []string) error {
	switch {
	case o.validate != "":
		return validateRules(c.Context(), a, o.validate)
	case o.list:
		return explainList(a, c, o, args)
	}
	form, err := app.FormOf(a, report.Explanations)
	if err != nil {
		return err
	}
	if err := usage.CountArgs(c, args, 1, -1); err != nil {
		return err
	}
	input := strings.Join(args, " ")
	if schema, ok := report.SchemaNamed(input); ok {
		return a.Write(c.Context(), func(w *page.Out) error { return w.Lines(schema) })
	}
	if input == "-" {
		if input, err = readPasted(c.Context(), a); err != nil {
			return err
		}
	}
	if strings.TrimSpace(input) == "" {
		return codes.Wrong(codes.Say(codes.Text{EN: "there is nothing to explain", JA: "説明する対象が空です"}), usage.SeeHelp(c))
	}
	catalogue, err := a.LoadCatalogue(c.Context(), o.rules)
	if err != nil {
		return err
	}
	known := explain.Explainer{Catalogue: catalogue}
	e, file := known.Explain(input), ""
	if a.IsFile(input) && (len(e.Readings) == 0 || strings.ContainsRune(input, filepath.Separator)) {
		file = input
		told, err := readFile(c.Context(), a, catalogue, file)
		if err != nil {
			return err
		}
		e = known.ExplainFile(told)
	}
	return printExplanation(c.Context(), a, known, form, e, file)
}

// readFile reads what a file tells of mails.
func readFile(ctx context.Context, a *app.App, c *codes.Catalogue, name string) (guide.Told, error) {
	unread := func(err error) error {
		return a.ReadError(name, err, codes.Text{EN: "the file cannot be read", JA: "ファイルを読めません"}, codes.Text{})
	}
	in, err := a.Open(ctx, name, app.Want{Limit: app.MaxInput, Remedy: codes.Text{
		EN: "give only the lines about the error, those that grep ADDR FILE finds", JA: "エラーに関する行だけを渡してください(grep ADDR FILE で抜き出せます)"}})
	if err != nil {
		return guide.Told{}, unread(err)
	}
	defer in.Close()
	told, err := guide.ReadAll(c, in.Limited())
	if err == nil && strings.TrimSpace(told.Cases[0].Input) == "" {
		err = codes.Wrong(codes.Say(codes.Text{EN: "it is empty", JA: "中身が空です"}), codes.Message{})
	}
	if err != nil {
		return guide.Told{}, unread(err)
	}
	return told, nil
}

// printExplanation tells what is known of an input. Nothing known is an answer too: status 1, what was tried, and what it
// may have been. file is where the input was read, "" for what was typed or came by standard input.
func printExplanation(ctx context.Context, a *app.App, known explain.Explainer, form page.Form[explain.Explanation],
	e explain.Explanation, file string) error {
	input := e.Input
	if len(e.Readings) > 0 || form.Format.ForPrograms() {
		err := app.PrintOne(ctx, a, form, e, a.StyleOfOne)
		if err != nil || len(e.Readings) > 0 {
			return err
		}
	}
	ids := known.IDs()
	fix := codes.DidYouMean(explain.Fold(input[:min(len(input), 100)]), "", ids, codes.Say(codes.Text{EN: "{command} shows rules, --list terms words; paste a reply with its code", JA: "{command} でルール、--list terms で用語を確認できます。応答はコードごと貼り付けてください"}, codes.Typed("command", codes.Todoku("explain", "--list"))))
	if e.Told {
		fix = codes.Say(codes.Text{
			EN: "these words tell what happened, not why: {command} asks for the result of the sending and leads on; a delivery code or a reply says more",
			JA: "状況の説明として読みましたが、要因を特定できる内容がありません。{command} で送信結果から順に確認できます。メール配信コードまたは応答があれば、一緒に貼り付けてください"},
			codes.Typed("command", codes.Todoku("guide")))
	}
	if explain.WholeMail(input) {
		fix = codes.Say(codes.Text{EN: "this is a whole mail without a reply in it: {command} takes it apart", JA: "応答を含まないメール全体のようです。{command} で解析できます"},
			codes.Typed("command", codes.Todoku("diagnose", "FILE").With(codes.PlaceFile, file)))
	}
	a.Complain(codes.At(file, codes.Wrong(codes.Say(codes.Text{EN: "nothing matches {value} (looked among {n} codes, ids and words, and read it as a reply)", JA: "{value} に該当するものはありません({n}件のコード・ID・用語を調べ、応答としても読みました)"}, codes.QuotedStart("value", input, 60), codes.Num("n", len(ids))), fix)))
	return app.ExitWrong
}

// readPasted reads standard input as far as a reply is looked for in it.
func readPasted(ctx context.Context, a *app.App) (string, error) {
	in, err := a.Open(ctx, "-", app.Want{Limit: paste.MaxSize})
	if err != nil {
		return "", err
	}
	text, more, err := in.ReadFirst()
	if err != nil {
		return "", a.ReadError("stdin", err, codes.Text{EN: "standard input cannot be read", JA: "標準入力を読めません"}, codes.Text{})
	}
	if more {
		a.Tell(codes.Say(codes.Text{EN: "only the first {size} of standard input are read", JA: "標準入力は先頭の{size}だけを読みます"}, codes.Str("size", app.FormatSize(paste.MaxSize))))
	}
	return string(text), nil
}

// completeExplain offers the ids that explain knows.
func completeExplain(a *app.App, list bool, args []string) []string {
	if list {
		return listNames()
	}
	if len(args) > 0 {
		return nil
	}
	c, err := a.Load()
	if err != nil {
		return nil
	}
	return append(explain.Explainer{Catalogue: c}.IDs(), report.SchemaNames()...)
}
