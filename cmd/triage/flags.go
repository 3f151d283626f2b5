package triage

import (
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/mailboxes"
	"todoku/cmd/stores"
	"todoku/codes"
	"todoku/diag/provider"
	"todoku/diag/triage"
)

// options is what the flags say.
type options struct {
	filter     triage.Filter
	by         string
	plan       string
	events     bool
	follow     bool
	diagnose   int
	noDiagnose bool
	noSMTP     bool
	bom        bool
	login      mailboxes.Flags
	store      stores.Flags
	rules      []string
	workers    int
}

// usualDiagnoses is how many groups are diagnosed.
const usualDiagnoses = 3

func (o *options) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	o.diagnose = usualDiagnoses
	fs.Var(app.ValueOf(&o.diagnose, parseCount, "N"), "diagnose", t("how many groups are diagnosed, the biggest first\n(default 3)",
		"要因を調べるグループの数(大きい順、既定は 3)"))
	fs.BoolVar(&o.noDiagnose, "no-diagnose", false, t("ask nobody, only count", "問い合わせをせず、集計だけを行います"))
	fs.BoolVar(&o.noSMTP, "no-smtp", false, t("diagnose without asking the receiving servers",
		"宛先メールサーバーに問い合わせずに要因を調べます"))
	fs.Var(app.ValueOf(&o.by, app.OneOf(groupings()...), "WHAT"), "by",
		t("group by provider, reason, domain, sender, ip or hour\n(default: reason, provider and delivery code)",
			"集計の単位: provider、reason、domain、sender、ip、\nhour(既定は要因・プロバイダー・配信コードごと)"))
	fs.Var(app.ValueOf(&o.filter.Since, a.ParseSince, "WHEN"), "since", t("only events from then on: 2h, 7d, 2026-01-31",
		"指定日時以降に限ります: 2h、7d、2026-01-31"))
	fs.Var(app.ValueOf(&o.filter.Until, a.ParseSince, "WHEN"), "until", t("only events before then", "指定日時より前に限ります"))
	fs.Var(app.ValueOf(&o.filter.From, app.ParseNonEmpty, "ADDR"), "from", t("only mails of this sender, or of a domain",
		"この送信者(またはドメイン)からのメールに限ります"))
	fs.Var(app.ValueOf(&o.filter.To, app.ParseNonEmpty, "ADDR"), "to", t("only mails to this recipient, or to a domain",
		"この宛先(またはドメイン)へのメールに限ります"))
	fs.Var(app.ListOf(&o.filter.Providers, parseProvider, "ID,…"), "provider", t("only mails to these providers: gmail,docomo",
		"このプロバイダー宛てに限ります: gmail,docomo"))
	fs.Var(app.ListOf(&o.filter.Reasons, app.ParseNonEmpty, "ID,…"), "reason",
		t("only failures with these reasons, or of these\nclasses: user_unknown,policy_block",
			"この要因、または要因の分類に限ります: \nuser_unknown,policy_block"))
	fs.Var(app.ValueOf(&o.plan, app.OneOf(plans()...), "WHAT"), "plan",
		t("only mails with which this is to be done: suppress,\nmend, change, resend, ask, unclear",
			"扱いがこれに当たるメールに限ります: suppress、mend、\nchange、resend、ask、unclear"))
	fs.BoolVar(&o.events, "events", false, t("the events themselves, one a row (ndjson, json, csv)",
		"イベントそのものを1行ずつ出力します(ndjson、\njson、csv)"))
	fs.BoolVarP(&o.follow, "follow", "f", false, t("go on reading while the log grows; Ctrl-C ends it",
		"ログが増える間、読み続けます(Ctrl-Cで終了)"))
	fs.BoolVar(&o.bom, "bom", false, t("begin CSV with a byte order mark, which Excel needs",
		"CSVの先頭にBOMを付けます(Excel向け)"))
	fs.Var(app.ListOf(&o.rules, app.ParseNonEmpty, "FILE"), "rules", t("rules of your own for replies (repeatable)",
		"独自の判定ルール(複数指定可)"))
	fs.Var(app.ValueOf(&o.workers, parseCount, "N"), "workers", t("processors to read with (default: all)",
		"読み取りに使うCPUの数(既定はすべて)"))
	o.store.Add(a, fs, codes.Text{
		EN: "keep there, by hour, what became of all mails that\nare read, and tell what changed at the sender's\ndomain before: a file, or postgres://… (see watch)",
		JA: "読み取ったメールの結果を時間ごとに保存し、直前に\n送信ドメインで変わったことを示します。ファイル、\nまたは postgres://…(watch を参照)"})
	o.login.Add(a, c)
	for flag, words := range map[string][]string{"by": groupings(), "plan": plans(), "provider": providerIDs()} {
		_ = app.CompleteFlag(a, c, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
}

func groupings() []string {
	var out []string
	for _, by := range triage.Groupings() {
		out = append(out, string(by))
	}
	return out
}

func plans() []string {
	var out []string
	for _, do := range triage.Todos() {
		out = append(out, string(do))
	}
	return out
}

// providerIDs are those that a mail can go to.
func providerIDs() []string {
	var out []string
	for h := range provider.Headings() {
		out = append(out, h.ID)
	}
	return out
}

func parseCount(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > 1000 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is no number from 0 to 1000", JA: "{value} は0～1000の数ではありません"}, codes.Quoted("value", s)),
			codes.Say(codes.Text{EN: "give a number such as 3", JA: "3 のように数字で指定してください"}))
	}
	return n, nil
}

// parseProvider takes the id of a provider; - is none that is known.
func parseProvider(s string) (string, error) {
	if s == "-" {
		return s, nil
	}
	return app.ParseNonEmpty(s)
}

// check refuses flags that mean nothing together, and names that nobody knows.
func (o *options) check(a *app.App, c *codes.Catalogue, args []string) error {
	for _, id := range o.filter.Providers {
		if _, known := c.Provider(id); !known && id != "-" && !slices.Contains(providerIDs(), id) {
			return codes.At("--provider", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no provider that is known", JA: "{value} というプロバイダーはありません"}, codes.Quoted("value", id)),
				codes.Say(codes.Text{EN: "give an id such as gmail; - is every receiver that is no known provider; {command} lists them",
					JA: "gmail のようなIDを指定してください(- は既知のプロバイダー以外)。一覧: {command}"}, codes.Typed("command", codes.Todoku("explain", "--list", "providers")))))
		}
	}
	for _, id := range o.filter.Reasons {
		if !knownReason(c, id) {
			return codes.At("--reason", codes.Wrong(codes.Say(codes.Text{EN: "{value} is neither a reason nor a class of reasons", JA: "{value} という要因や分類はありません"}, codes.Quoted("value", id)),
				codes.Say(codes.Text{EN: "give one such as user_unknown; {command} lists them", JA: "user_unknown のように指定してください。一覧: {command}"},
					codes.Typed("command", codes.Todoku("explain", "--list", "reasons")))))
		}
	}
	if o.follow && (len(args) != 1 || args[0] == "-" || !a.IsFile(args[0])) {
		return codes.At("--follow", codes.Wrong(codes.Say(codes.Text{EN: "only one file can be followed", JA: "追跡できるのは1つのファイルだけです"}),
			codes.Say(codes.Text{EN: "give the log that grows, and nothing else", JA: "増えていくログファイルを1つだけ指定してください"})))
	}
	o.filter.Plan = triage.Todo(o.plan)
	return nil
}

func knownReason(c *codes.Catalogue, id string) bool {
	return slices.ContainsFunc(c.Reasons(), func(r *codes.Reason) bool { return r.ID == id || string(r.Class) == id })
}
