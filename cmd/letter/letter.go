// Package letter holds the command that writes the inquiry to the administrator of the recipient.
package letter

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/guide"
)

// letter is what the flags of `letter` say.
type letter struct {
	guide.Letter
	checked   []string
	diagnosis string
	lang      string
	redact    bool
	last      bool
	history   sendings.Flags
}

// New makes the command `letter`.
func New(a *app.App) *cobra.Command {
	l := &letter{}
	c := a.Command(app.About{
		Use:     "letter [ID]",
		Formats: report.Letters.Formats(),
		Short:   codes.Text{EN: "write the inquiry to the recipient's administrator", JA: "宛先のシステム管理者への問い合わせ文を作成します"},
		Long: codes.Text{
			EN: "Writes to the recipient's IT department: which mail, from whom, to whom, when,\nwhat their server replied, what was checked on our side, and what we ask. ID is\na sending of the history; or give --from, --to and --time. Only what is known is\nwritten. --diagnosis takes over what `todoku diagnose --format json` found.\neml is a draft to postmaster@ of the recipient's domain (RFC 5321 §4.5.1).\n\n--redact hides what need not leave: names of mailboxes (t***@example.jp), also\nwhere the reply repeats them, addresses of private networks, the left part of\nthe Message-ID and the subject, should the reply quote it. Text and transcript\nof the mail are never in a letter. Redacted, it is fit for a ticket or a third\nparty; the administrator can look for the mail only with whole addresses.",
			JA: "宛先の情報システム部門への問い合わせ文を作成します。対象のメール(送信者、宛先、\n日時)、宛先メールサーバーの応答、こちらで確認した内容、確認の依頼事項を記載しま\nす。ID は送信履歴のIDで、--from、--to、--time でも指定できます。分かっている\n事実だけを記載します。--diagnosis は todoku diagnose --format json の結果を\n取り込みます。形式 eml は、宛先ドメインの postmaster@(RFC 5321 §4.5.1)宛ての\n下書きになります。\n\n--redact は、社外に出す必要のない情報を伏せます。対象は、メールボックス名\n(t***@example.jp。応答に含まれるものも同様)、プライベートIPアドレス、\nMessage-IDの左側、応答に引用された件名です。本文と通信記録は記載しません。\n伏せた文面はチケットや第三者への共有に適しますが、宛先の管理者がメールを特定する\nには、アドレス全体が必要です。"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "written", JA: "作成しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "there is no such sending", JA: "該当する送信がありません"}},
		},
		Example: codes.Text{
			EN: "  todoku letter 06h2k --company 'Kaisha Inc.' --name 'Hanako Sato'\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang ja --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'",
			JA: "  todoku letter 06h2k --company 株式会社会社 --name 佐藤\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang en --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'"},
		MaxArgs: 1,
	}, func(ctx context.Context, args []string) error { return write(ctx, a, l, args) })
	l.flags(a, c)
	c.ValidArgsFunction = sendings.Complete(a)
	_ = c.RegisterFlagCompletionFunc("letter-lang", cobra.FixedCompletions([]string{"en", "ja"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (l *letter) flags(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ValueOf(&l.From, parseMailboxText, "ADDR"), "from", t("sender's address", "送信者E-mailアドレス"))
	fs.Var(app.ValueOf(&l.To, parseMailboxText, "ADDR"), "to", t("recipient's address", "宛先E-mailアドレス"))
	fs.Var(app.ValueOf(&l.Time, a.ParseSince, "WHEN"), "time",
		t("when the mail was sent: 2026-11-23 09:00, with a zone\nas 2026-11-23T09:00:00+09:00",
			"メールを送信した日時: 2026-11-23 09:00、時差付きなら\n2026-11-23T09:00:00+09:00"))
	fs.Var(app.ValueOf(&l.IP, app.ParseAddr, "ADDR"), "ip", t("address that sent the mail", "メールを送信したIPアドレス"))
	fs.Var(app.ValueOf(&l.Host, app.ParseDomain, "NAME"), "host", t("their server that replied", "応答した宛先メールサーバー"))
	fs.Var(app.ValueOf(&l.Address, app.ParseAddr, "ADDR"), "address", t("address of their server",
		"宛先メールサーバーのIPアドレス"))
	fs.Var(app.ValueOf(&l.Code, sendings.ParseCode, "CODE"), "code", t("delivery code, such as 42550",
		"メール配信コード(42550 など)"))
	fs.Var(app.ValueOf(&l.Reply, app.ParseNonEmpty, "TEXT"), "reply", t("what it replied", "サーバーの応答"))
	fs.Var(app.ValueOf(&l.MessageID, app.ParseNonEmpty, "ID"), "message-id", t("Message-ID of the mail", "メールのMessage-ID"))
	fs.Var(app.SplitOf(&l.checked, nil, app.ParseNonEmpty, "TEXT"), "checked", t("what was checked on our side (repeatable)",
		"こちらで確認した内容(複数指定可)"))
	fs.Var(app.ValueOf(&l.diagnosis, app.ParseNonEmpty, "FILE"), "diagnosis", t("JSON of `todoku diagnose`; - reads standard input",
		"todoku diagnose のJSON(- は標準入力)"))
	fs.Var(app.ValueOf(&l.Company, app.ParseNonEmpty, "TEXT"), "company", t("who writes: company", "差出人の会社名"))
	fs.Var(app.ValueOf(&l.Name, app.ParseNonEmpty, "TEXT"), "name", t("who writes: name", "差出人の氏名"))
	fs.Var(app.ValueOf(&l.Contact, app.ParseNonEmpty, "TEXT"), "contact", t("where the answer goes: address, telephone",
		"返信先(メールアドレス、電話番号)"))
	fs.Var(app.ValueOf(&l.lang, app.OneOf("en", "ja"), "en|ja"), "letter-lang", t("language of the letter (default: as --lang)",
		"問い合わせ文の言語(既定は --lang と同じ)"))
	fs.BoolVar(&l.redact, "redact", false, t("hide what must not leave", "外部に出せない情報を伏せます"))
	fs.BoolVar(&l.last, "last", false, t("the last sending of the history", "送信履歴の最後の送信"))
	l.history.Add(a, fs)
}

func write(ctx context.Context, a *app.App, l *letter, args []string) error {
	form, err := app.FormOf(a, report.Letters)
	if err != nil {
		return err
	}
	if len(args) > 0 && l.last {
		return codes.Wrong(codes.Say(codes.Text{EN: "give an ID, or --last", JA: "ID と --last のどちらか一方を指定してください"}), codes.Message{})
	}
	if err := l.checkLines(); err != nil {
		return err
	}
	lang := a.Lang
	if l.lang != "" {
		lang = codes.Lang(l.lang)
	}
	if err := fill(ctx, a, l, args, lang); err != nil {
		return err
	}
	if err := l.checkComplete(); err != nil {
		return err
	}
	catalogue, err := a.LoadCatalogue(ctx, nil)
	if err != nil {
		return err
	}
	l.Interpret(catalogue)
	if l.redact {
		l.Letter = l.Redacted()
	}
	return app.PrintOne(ctx, a, form, l.Letter, func(w *page.Out) page.Options {
		o := a.Style(w, false)
		o.Lang = lang
		return o
	})
}

// fill puts together what the history, a diagnosis and the flags know; the
// flags count most, then the diagnosis. Only a delivery code is better known by
// the history.
func fill(ctx context.Context, a *app.App, l *letter, args []string, lang codes.Lang) error {
	for _, line := range l.checked {
		l.Checked = append(l.Checked, guide.Checked{Line: line})
	}
	given := l.Letter
	l.Letter = guide.Letter{}
	if len(args) > 0 || l.last {
		if err := readSending(ctx, a, l, args); err != nil {
			return err
		}
	}
	if l.diagnosis != "" {
		found, err := readDiagnosis(ctx, a, l.diagnosis, lang)
		if err != nil {
			return err
		}
		found.Code = cmp.Or(l.Code, found.Code)
		l.Prefer(found)
	}
	l.Prefer(given)
	return nil
}

// parseMailboxText takes a mailbox and leaves its owner's name out.
func parseMailboxText(s string) (string, error) {
	m, err := app.ParseMailbox(s)
	return m.String(), err
}

// checkLines refuses line breaks where one line is meant: everywhere but in a reply, which has several.
func (l *letter) checkLines() error {
	lines := append([]string{l.MessageID, l.Company, l.Name, l.Contact}, l.checked...)
	if slices.ContainsFunc(lines, app.HasControl) {
		return codes.Wrong(codes.Say(codes.Text{EN: "a line break or control character is not allowed in a letter's fields", JA: "問い合わせ文の項目に改行や制御文字は使用できません"}), codes.Message{})
	}
	l.Reply = strings.ReplaceAll(l.Reply, "\r\n", "\n")
	if app.HasControl(strings.ReplaceAll(l.Reply, "\n", "")) {
		return codes.At("--reply", codes.Wrong(codes.Say(codes.Text{EN: "control characters are not allowed in a reply", JA: "応答に制御文字は使用できません"}), codes.Message{}))
	}
	return nil
}

// readSending takes what the history knows of a sending.
func readSending(ctx context.Context, a *app.App, l *letter, args []string) error {
	store, err := sendings.Read(ctx, a, l.history)
	if err != nil {
		return err
	}
	defer store.Close()
	id := ""
	if len(args) > 0 {
		id = args[0]
	}
	s, err := sendings.Find(ctx, a, store, id, l.last)
	if err != nil {
		return err
	}
	l.From, l.To, l.Time, l.Reply, l.MessageID, l.Code = s.Sender, s.Recipient, s.Started.Local(), s.Reply, s.MessageID, s.Code
	l.Subject = s.Subject
	if s.Via == "" { // the relay is ours, not theirs
		l.Host, l.Address = s.MX, hostOnly(s.Address)
	}
	return nil
}

// hostOnly leaves the port out; what is no address is none.
func hostOnly(address string) netip.Addr {
	if at, err := netip.ParseAddrPort(address); err == nil {
		return at.Addr().Unmap()
	}
	ip, _ := netip.ParseAddr(address)
	return ip.Unmap()
}

// readDiagnosis reads what a diagnosis saw, from its JSON.
func readDiagnosis(ctx context.Context, a *app.App, file string, lang codes.Lang) (guide.Letter, error) {
	place := "--diagnosis " + file
	data, err := a.Read(ctx, file, app.Want{Limit: app.MaxInput, Text: true})
	if err != nil {
		return guide.Letter{}, a.ReadError(place, err, codes.Text{EN: "the diagnosis cannot be read", JA: "診断結果を読めません"}, codes.Text{})
	}
	found, err := report.ReadDiagnosis(data, lang)
	if err != nil {
		return guide.Letter{}, codes.At(place, err)
	}
	return found, nil
}

// checkComplete demands the three things that every inquiry needs (the guide, §6), and addresses that can stand in the
// header of a mail, wherever they come from.
func (l *letter) checkComplete() error {
	var missing []string
	for _, f := range [...]struct {
		flag string
		none bool
	}{{"--from", l.From == ""}, {"--to", l.To == ""}, {"--time", l.Time.IsZero()}} {
		if f.none {
			missing = append(missing, f.flag)
		}
	}
	if len(missing) > 0 {
		return codes.Wrong(codes.Say(codes.Text{EN: "an inquiry needs the sender's address, the recipient's address and the time of the sending", JA: "問い合わせには、送信者E-mailアドレス、宛先E-mailアドレス、メールを送信した日時が必要です"}),
			codes.Say(codes.Text{EN: "give {missing}, or the id of a sending in the history", JA: "{missing}、または送信履歴のIDを指定してください"}, codes.List("missing", missing)))
	}
	var err error
	if l.From, err = parseMailboxText(l.From); err != nil {
		return codes.At("--from", err)
	}
	if l.To, err = parseMailboxText(l.To); err != nil {
		return codes.At("--to", err)
	}
	return nil
}
