package check

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/scope"
	"todoku/cmd/sendings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
	"todoku/diag/campaign"
	"todoku/diag/check"
	"todoku/diag/lab"
	"todoku/diag/world"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// campaignRun is one look at a campaign.
type campaignRun struct {
	*app.App
	file     string
	trustAD  bool
	history  sendings.Flags
	workers  int
	campaign *campaign.Campaign
	options  campaign.Options
	again    codes.Command
}

// NewCampaign makes the command `check campaign`.
func NewCampaign(a *app.App) *cobra.Command {
	r := &campaignRun{App: a, workers: diag.Workers}
	c := a.Command(app.About{
		Use:     "campaign FILE",
		Uses:    []string{usage.World, usage.Bundle, usage.FailOn},
		Formats: report.Campaigns.Formats(),
		Short:   codes.Text{EN: "what the recipients' providers will say to a campaign", JA: "キャンペーンを宛先の事業者の要件に照らして検査します"},
		Long: codes.Text{
			EN: "Reads a campaign file (YAML), finds the provider of each recipient by its MX of\nnow, and tells for each what it asks for, what is missing, and which reply that\ncauses; then what to change, the change that wins the most recipients first. The\nkeys of the file:\n\n  from        the sender as recipients see it (the only key that must be there)\n  envelope    the envelope sender, where it is another\n  helo, ips   name and addresses of the sending servers; or\n  esp         the id of the sending service, such as sendgrid\n  selectors   of the DKIM keys that sign (s1, or s1._domainkey.esp.example);\n  key         or the key that signs: a file in PEM\n  message     the mail, as a file (.eml)\n  volume      mails a day; without it one for each recipient\n  recipients  a list, a file (one a line, or CSV), or numbers by domain\n  tls         true, false or a version: how the servers send\n\nFiles are found from where the campaign file is. What nobody can see from\noutside, such as complaints, is said to be so, and passes never.",
			JA: "キャンペーンファイル(YAML)を読み、宛先ごとに現在のMXから事業者を調べ、各事業者の\n要件、不足しているもの、予想される応答を示します。対策は、効果のある宛先が多い順に\n並べます。ファイルの項目:\n\n  from        受信者に見える差出人(必須の項目はこれだけです)\n  envelope    エンベロープ送信者(from と異なる場合)\n  helo、ips   送信サーバーの名前とIPアドレス。または\n  esp         配信サービスのID(例: sendgrid)\n  selectors   署名に使うDKIMのセレクター(s1、s1._domainkey.esp.example)\n  key         または署名に使う鍵(PEM形式のファイル)\n  message     送信するメール(.emlファイル)\n  volume      1日の通数(省略時は宛先1件につき1通)\n  recipients  宛先のリスト、ファイル(1行1件またはCSV)、ドメインごとの件数\n  tls         true、false、またはバージョン(送信時のTLS)\n\nファイル名は、キャンペーンファイルのある場所を基準とします。苦情率など外部から確認\nできないものは、その旨を示し、「問題なし」とはしません。"},
		Example: codes.Text{
			EN: "  todoku check campaign november.yaml\n  todoku check campaign november.yaml --format markdown -o november.md\n  todoku --lab check campaign lab:no-spf",
			JA: "  todoku check campaign november.yaml\n  todoku check campaign november.yaml --format markdown -o november.md\n  todoku --lab check campaign lab:no-spf"},
		MinArgs: 1, MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		r.file = args[0]
		return r.run(ctx)
	})
	fs := c.Flags()
	fs.Var(app.ValueOf(&r.history.File, app.ParseNonEmpty, "FILE"), "history", a.T(codes.Text{
		EN: "file of the history, whose invalid addresses are\ncounted", JA: "送信履歴のファイル(有効フラグが無効な宛先を\n数えます)"}))
	fs.BoolVar(&r.trustAD, "trust-ad", false, a.T(codes.Text{
		EN: "believe the DNSSEC AD bit of any --resolver", JA: "どの --resolver のDNSSEC ADビットも信用します"}))
	fs.Var(app.ValueOf(&r.workers, parseWorkers, "N"), "workers", a.T(codes.Text{
		EN: "recipient domains under way at once (default 256)", JA: "同時に調べる宛先ドメインの数(既定は256)"}))
	return c
}

// run reads the file and all that it names, looks, and prints.
func (r *campaignRun) run(ctx context.Context) (err error) {
	form, err := app.FormOf(r.App, report.Campaigns)
	if err != nil {
		return err
	}
	data, err := r.read(ctx)
	if err != nil {
		return err
	}
	if r.campaign, err = campaign.Parse(r.file, data); err != nil {
		return err
	}
	if err := r.entry(ctx); err != nil {
		return err
	}
	if err := r.attachments(ctx); err != nil {
		return err
	}
	invalid, err := r.invalid(ctx)
	if err != nil {
		return err
	}
	w, err := r.OpenWorld(ctx, world.Options{TrustAD: r.trustAD})
	if err != nil {
		return err
	}
	defer w.Close()
	if err := r.campaign.Check(w.Providers); err != nil {
		return err
	}
	env := w.Run()
	r.options.Now = env.Now()
	if err := r.census(ctx, env, invalid); err != nil {
		return err
	}
	r.again = codes.Todoku("check", "campaign", "FILE").With(codes.PlaceFile, r.file)
	return r.judge(ctx, env, form)
}

// judge decides and prints. The exit status is that of a check.
func (r *campaignRun) judge(ctx context.Context, env diag.Env, form page.Form[*campaign.Assessment]) error {
	stop := r.ShowWaiting()
	defer stop()
	found, err := campaign.Judge(ctx, env, r.campaign, r.options)
	if err != nil {
		return err
	}
	stop()
	err = app.PrintOne(ctx, r.App, form, found, func(w *page.Out) page.Options {
		style := r.history.Style(r.App, w, false)
		style.Again = r.again.And(codes.Command{Args: style.History})
		return style
	})
	if err != nil {
		return err
	}
	if status := r.Global.FailOn.Exit(found.Status()); status != app.ExitOK {
		return status
	}
	return nil
}

// read reads the campaign file; in the lab also one of the lab's own.
func (r *campaignRun) read(ctx context.Context) ([]byte, error) {
	if name, ours := strings.CutPrefix(r.file, lab.CampaignPrefix); ours {
		c, known := lab.FindCampaign(name)
		if !known || !r.Global.Lab {
			return nil, codes.Wrong(codes.Say(codes.Text{EN: "{value} is a campaign of the lab", JA: "{value} はラボのキャンペーンです"}, codes.QuotedStart("value", r.file, 60)),
				codes.Say(codes.Text{EN: "type --lab in front of it; {command} lists them", JA: "--lab を付けてください。一覧は {command} で確認できます"}, codes.Typed("command", codes.Todoku("lab", "list", "campaign"))))
		}
		return []byte(c.File), nil
	}
	data, err := r.Read(ctx, r.file, app.Want{Limit: campaign.MaxFile, Text: true, Remedy: codes.Text{
		EN: "put the recipients into a file of their own", JA: "宛先は別のファイルに分けてください"}})
	if err != nil {
		return nil, r.ReadError(r.file, err, codes.Text{EN: "the campaign file cannot be read", JA: "キャンペーンファイルを読めません"},
			codes.Text{EN: "give a readable file, or - for standard input", JA: "読めるファイル、または標準入力の - を指定してください"})
	}
	return data, nil
}

// entry completes the campaign by what the config file says of its domain: --fail-on and, unless a service sends, the servers and
// the selectors that the campaign does not name.
func (r *campaignRun) entry(ctx context.Context) error {
	c, d, apart := r.campaign, scope.Domain{}, scope.Apart(r.App)
	if err := d.Fill(apart, r.Settings.Domain(c.Domain)); err != nil {
		return err
	}
	if _, err := d.Checks(ctx, apart); err != nil {
		return err
	}
	r.Global.FailOn = apart.Global.FailOn
	if c.ESP != "" {
		return nil
	}
	if len(c.IPs) == 0 && c.HELO == "" {
		c.IPs, c.HELO = d.SPF.IPs, d.SPF.HELO
	}
	if len(c.Selectors) > 0 || c.Key != "" {
		return nil
	}
	return takeSelectors(c, d.DKIM.Selectors)
}

// takeSelectors adds selectors as --selector has them.
func takeSelectors(c *campaign.Campaign, selectors []string) error {
	for _, s := range selectors {
		name, err := check.SelectorOf(s, c.Domain)
		if err != nil {
			return codes.At("--selector", err)
		}
		c.Selectors = append(c.Selectors, campaign.Selector{Name: name, Domain: c.Domain})
	}
	return nil
}

// attachments reads the mail and the key that the campaign names.
func (r *campaignRun) attachments(ctx context.Context) (err error) {
	c := r.campaign
	if c.Message != "" {
		if r.options.Mail, err = r.named(ctx, "message", c.Message, mail.MaxMessage); err != nil {
			return err
		}
	}
	if c.Key == "" {
		return nil
	}
	// No key has a dot in it, and a record has other signs that no file name has.
	isName := strings.Contains(c.Key, ".") && !strings.ContainsAny(c.Key, "\n;=")
	if isName || r.IsFile(r.path(c.Key)) {
		r.options.Key, err = r.named(ctx, "key", c.Key, campaign.MaxFile)
		return err
	}
	r.options.Key = []byte(c.Key)
	return nil
}

// named reads a file that a key of the campaign names.
func (r *campaignRun) named(ctx context.Context, key, name string, limit int64) ([]byte, error) {
	if ours, of := strings.CutPrefix(r.file, lab.CampaignPrefix); of {
		c, _ := lab.FindCampaign(ours)
		return []byte(c.Mail), nil
	}
	data, err := r.Read(ctx, r.path(name), app.Want{Limit: limit})
	if err != nil {
		return nil, r.ReadError(r.campaign.Places[key], err, codes.Text{EN: "the file that " + key + " names cannot be read", JA: key + " に指定されたファイルを読めません"},
			codes.Text{EN: "its name counts from where the campaign file is", JA: "ファイル名は、キャンペーンファイルのある場所を基準に指定してください"})
	}
	return data, nil
}

// path is a file's name as seen from the campaign file.
func (r *campaignRun) path(name string) string {
	if filepath.IsAbs(name) || r.file == "-" {
		return name
	}
	return filepath.Join(filepath.Dir(r.file), name)
}

// invalid gives the addresses whose validity flag is off; nil where no history is named.
func (r *campaignRun) invalid(ctx context.Context) (func(string) bool, error) {
	if r.history.File == "" {
		return nil, nil
	}
	if err := bundles.Refuse(r.App, "--history"); err != nil {
		return nil, err
	}
	store, err := sendings.Read(ctx, r.App, r.history)
	if err != nil {
		return nil, err
	}
	defer store.Close()
	off := map[string]bool{}
	for v, err := range store.Invalid(ctx) {
		if err != nil {
			return nil, err
		}
		off[history.Key(v.Address)] = true
	}
	return func(address string) bool { return off[history.Key(address)] }, nil
}

// census counts the recipients, where the campaign names any.
func (r *campaignRun) census(ctx context.Context, env diag.Env, invalid func(string) bool) error {
	to := r.campaign.Recipients
	if to.None() {
		return nil
	}
	list, done, err := r.list(ctx, to)
	if err != nil {
		return err
	}
	defer done()
	p := newProgress(r.App, true)
	defer p.Stop()
	r.options.Census, err = campaign.Count(ctx, env, list, to.Counts, campaign.CountOptions{Invalid: invalid, Workers: r.workers,
		Progress: func(int) { p.done.Add(1) }})
	var quote *campaign.OpenQuote
	if errors.As(err, &quote) {
		return &codes.UserError{Place: fmt.Sprintf("%s:%d", r.path(to.File), quote.Line),
			Says:   codes.Say(codes.Text{EN: "a cell begins here with a quote and does not end", JA: "ここで始まる引用符(\")が閉じられていません"}),
			Remedy: codes.Say(codes.Text{EN: "close the quote; a quote inside of a cell is written twice (\"\")", JA: "引用符を閉じてください。セルの中の引用符は2つ続けて(\"\")書きます"})}
	}
	var said *codes.UserError
	if err != nil && to.File != "" && ctx.Err() == nil && (!errors.As(err, &said) || said.Place == "") {
		return r.ReadError(r.campaign.Places["recipients"], err, codes.Text{EN: "the list of recipients cannot be read", JA: "宛先のリストを読めません"}, codes.Text{})
	}
	if err == nil && r.options.Census.Total == 0 {
		return &codes.UserError{Place: r.campaign.Places["recipients"],
			Says:   codes.Say(codes.Text{EN: "there is no recipient in the list", JA: "宛先のリストに宛先がありません"}),
			Remedy: codes.Say(codes.Text{EN: "look how the list was made; leave recipients out to hold the campaign against all providers", JA: "リストの作成手順を確認してください。すべての事業者の要件と照合する場合は、recipients を省略します"})}
	}
	return err
}

// list opens the recipients that stand one by one.
func (r *campaignRun) list(ctx context.Context, to campaign.Recipients) (iter.Seq2[campaign.Line, error], func(), error) {
	if to.File == "" {
		return func(yield func(campaign.Line, error) bool) {
			for _, l := range to.List {
				if !yield(l, nil) {
					return
				}
			}
		}, func() {}, nil
	}
	in, err := r.Open(ctx, r.path(to.File), app.Want{Text: true})
	if err != nil {
		return nil, nil, r.ReadError(r.campaign.Places["recipients"], err, codes.Text{EN: "the list of recipients cannot be read", JA: "宛先のリストを読めません"},
			codes.Text{EN: "name a list or a CSV file; its name counts from where the campaign file is", JA: "リストまたはCSVファイルを、キャンペーンファイルのある場所を基準に指定してください"})
	}
	return campaign.Addresses(in), func() { _ = in.Close() }, nil
}
