package cmd

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/cmd/report/page"
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
	place     historyFlags
}

func newLetter(a *app) *cobra.Command {
	l := &letter{}
	c := a.command(about{
		use:   "letter [ID]",
		short: codes.Text{EN: "write the inquiry to the recipient's administrator", JA: "宛先のシステム管理者への問い合わせ文を作成します"},
		long: codes.Text{
			EN: "Writes to the recipient's IT department: which mail, from whom, to whom, when,\nwhat their server replied, what was checked on our side, and what we ask. ID is\na sending of the history; or give --from, --to and --time. Only what is known is\nwritten. --diagnosis takes over what `todoku diagnose --format json` found.\nForms: text, markdown, json, and eml, a draft to postmaster@ of the recipient's\ndomain (RFC 5321 §4.5.1).\n\n--redact hides what need not leave: names of mailboxes (t***@example.jp), also\nwhere the reply repeats them, addresses of private networks, the left part of\nthe Message-ID and the subject, should the reply quote it. Text and transcript\nof the mail are never in a letter. Redacted, it is fit for a ticket or a third\nparty; the administrator can look for the mail only with whole addresses.",
			JA: "宛先の情報システム部門への問い合わせ文を作成します。対象のメール(送信者、宛先、\n日時)、宛先メールサーバーの応答、こちらで確認した内容、確認の依頼事項を記載しま\nす。ID は送信履歴のIDで、--from、--to、--time でも指定できます。分かっている\n事実だけを記載します。--diagnosis は todoku diagnose --format json の結果を\n取り込みます。形式は text、markdown、json、eml です。eml は、宛先ドメインの\npostmaster@(RFC 5321 §4.5.1)宛ての下書きになります。\n\n--redact は、社外に出す必要のない情報を伏せます。対象は、メールボックス名\n(t***@example.jp。応答に含まれるものも同様)、プライベートIPアドレス、\nMessage-IDの左側、応答に引用された件名です。本文と通信記録は記載しません。\n伏せた文面はチケットや第三者への共有に適しますが、宛先の管理者がメールを特定する\nには、アドレス全体が必要です。"},
		exit: []exitLine{
			{exitOK, codes.Text{EN: "written", JA: "作成しました"}},
			{exitWrong, codes.Text{EN: "there is no such sending", JA: "該当する送信がありません"}},
		},
		example: codes.Text{
			EN: "  todoku letter 06h2k --company 'Kaisha Inc.' --name 'Hanako Sato'\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang ja --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'",
			JA: "  todoku letter 06h2k --company 株式会社会社 --name 佐藤\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang en --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'"},
		maxArgs: 1,
	}, func(ctx context.Context, args []string) error { return a.letter(ctx, l, args) })
	l.flags(a, c)
	c.ValidArgsFunction = a.completeSendings
	_ = c.RegisterFlagCompletionFunc("letter-lang", cobra.FixedCompletions([]string{"en", "ja"}, cobra.ShellCompDirectiveNoFileComp))
	return c
}

func (l *letter) flags(a *app, c *cobra.Command) {
	t := func(en, ja string) string { return a.t(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(valueOf(&l.From, parseMailboxText, "ADDR"), "from", t("sender's address", "送信者E-mailアドレス"))
	fs.Var(valueOf(&l.To, parseMailboxText, "ADDR"), "to", t("recipient's address", "宛先E-mailアドレス"))
	fs.Var(valueOf(&l.Time, a.parseSince, "WHEN"), "time",
		t("when the mail was sent: 2026-11-23 09:00, with a zone\nas 2026-11-23T09:00:00+09:00",
			"メールを送信した日時: 2026-11-23 09:00、時差付きなら\n2026-11-23T09:00:00+09:00"))
	fs.Var(valueOf(&l.IP, parseAddr, "ADDR"), "ip", t("address that sent the mail", "メールを送信したIPアドレス"))
	fs.Var(valueOf(&l.Host, parseDomain, "NAME"), "host", t("their server that replied", "応答した宛先メールサーバー"))
	fs.Var(valueOf(&l.Address, parseAddr, "ADDR"), "address", t("address of their server", "宛先メールサーバーのIPアドレス"))
	fs.Var(valueOf(&l.Code, parseCode, "CODE"), "code", t("delivery code, such as 42550", "メール配信コード(42550 など)"))
	fs.Var(valueOf(&l.Reply, parseGiven, "TEXT"), "reply", t("what it replied", "サーバーの応答"))
	fs.Var(valueOf(&l.MessageID, parseGiven, "ID"), "message-id", t("Message-ID of the mail", "メールのMessage-ID"))
	fs.Var(valueOf(&l.checked, l.another, "TEXT"), "checked", t("what was checked on our side (repeatable)", "こちらで確認した内容(複数指定可)"))
	fs.Var(valueOf(&l.diagnosis, parseGiven, "FILE"), "diagnosis", t("JSON of `todoku diagnose`; - reads standard input",
		"todoku diagnose のJSON(- は標準入力)"))
	fs.Var(valueOf(&l.Company, parseGiven, "TEXT"), "company", t("who writes: company", "差出人の会社名"))
	fs.Var(valueOf(&l.Name, parseGiven, "TEXT"), "name", t("who writes: name", "差出人の氏名"))
	fs.Var(valueOf(&l.Contact, parseGiven, "TEXT"), "contact", t("where the answer goes: address, telephone", "返信先(メールアドレス、電話番号)"))
	fs.Var(valueOf(&l.lang, oneOf("en", "ja"), "en|ja"), "letter-lang", t("language of the letter (default: as --lang)",
		"問い合わせ文の言語(既定は --lang と同じ)"))
	fs.BoolVar(&l.redact, "redact", false, t("hide what must not leave", "外部に出せない情報を伏せます"))
	fs.BoolVar(&l.last, "last", false, t("the last sending of the history", "送信履歴の最後の送信"))
	l.place.add(a, fs)
}

func (a *app) letter(ctx context.Context, l *letter, args []string) error {
	form, err := formOf(a, report.Letters)
	if err != nil {
		return err
	}
	if len(args) > 0 && l.last {
		return codes.Wrong(codes.Say(codes.Text{EN: "give an ID, or --last", JA: "ID と --last のどちらか一方を指定してください"}), codes.Message{})
	}
	if err := l.single(); err != nil {
		return err
	}
	lang := a.lang
	if l.lang != "" {
		lang = codes.Lang(l.lang)
	}
	if err := a.gather(ctx, l, args, lang); err != nil {
		return err
	}
	if err := l.complete(); err != nil {
		return err
	}
	catalogue, err := a.loadCatalogue(ctx, nil)
	if err != nil {
		return err
	}
	l.Interpret(catalogue)
	if l.redact {
		l.Letter = l.Redacted()
	}
	return printOne(ctx, a, form, l.Letter, func(w *page.Out) page.Options {
		o := a.style(w, false)
		o.Lang = lang
		return o
	})
}

// gather puts together what the history, a diagnosis and the flags know; the
// flags count most, then the diagnosis. Only a delivery code is better known by
// the history.
func (a *app) gather(ctx context.Context, l *letter, args []string, lang codes.Lang) error {
	for _, line := range l.checked {
		l.Checked = append(l.Checked, guide.Checked{Line: line})
	}
	given := l.Letter
	l.Letter = guide.Letter{}
	if len(args) > 0 || l.last {
		if err := a.letterOf(ctx, l, args); err != nil {
			return err
		}
	}
	if l.diagnosis != "" {
		found, err := a.readDiagnosis(ctx, l.diagnosis, lang)
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
	m, err := parseMailbox(s)
	return m.String(), err
}

// another takes one more thing that was checked, commas and all.
func (l *letter) another(s string) ([]string, error) {
	_, err := parseGiven(s)
	return append(l.checked, s), err
}

// single refuses line breaks where one line is meant: everywhere but in a
// reply, which has several.
func (l *letter) single() error {
	lines := append([]string{l.MessageID, l.Company, l.Name, l.Contact}, l.checked...)
	if slices.ContainsFunc(lines, hasControl) {
		return codes.Wrong(codes.Say(codes.Text{EN: "a line break or control character is not allowed in a letter's fields", JA: "問い合わせ文の項目に改行や制御文字は使用できません"}), codes.Message{})
	}
	l.Reply = strings.ReplaceAll(l.Reply, "\r\n", "\n")
	if hasControl(strings.ReplaceAll(l.Reply, "\n", "")) {
		return codes.At("--reply", codes.Wrong(codes.Say(codes.Text{EN: "control characters are not allowed in a reply", JA: "応答に制御文字は使用できません"}), codes.Message{}))
	}
	return nil
}

// letterOf takes what the history knows.
func (a *app) letterOf(ctx context.Context, l *letter, args []string) error {
	store, err := a.readHistory(ctx, l.place)
	if err != nil {
		return err
	}
	defer store.Close()
	id := ""
	if len(args) > 0 {
		id = args[0]
	}
	s, err := a.find(ctx, store, id, l.last)
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
func (a *app) readDiagnosis(ctx context.Context, file string, lang codes.Lang) (guide.Letter, error) {
	place := "--diagnosis " + file
	data, err := a.read(ctx, file, want{limit: maxInput, text: true})
	if err != nil {
		return guide.Letter{}, a.unread(place, err, codes.Text{EN: "the diagnosis cannot be read", JA: "診断結果を読めません"}, codes.Text{})
	}
	found, err := report.ReadDiagnosis(data, lang)
	if err != nil {
		return guide.Letter{}, codes.At(place, err)
	}
	return found, nil
}

// complete demands the three things that every inquiry needs (the guide, §6),
// and addresses that can stand in the head of a mail, wherever they come from.
func (l *letter) complete() error {
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
