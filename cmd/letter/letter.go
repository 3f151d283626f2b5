// Package letter holds the command that writes about a mail that did not arrive: to the administrator of the recipient, to the
// recipient, or to the customer who asked.
package letter

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/sendings"
	"todoku/cmd/usage"
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

	toCustomer, toAsker bool // the kinds that flags name
	history             sendings.Flags
}

// New makes the command `letter`.
func New(a *app.App) *cobra.Command {
	l := &letter{}
	c := a.Command(app.About{
		Use:     "letter [ID]",
		Uses:    []string{usage.Lab},
		Formats: report.Letters.Formats(),
		Short:   codes.Text{EN: "write to their administrator, the recipient or your customer", JA: "宛先の管理者・受信者・自社のお客様への文面を作成します"},
		Long: codes.Text{
			EN: "Writes a letter about a mail that did not arrive. ID is a sending of the\nhistory; or give --from, --to and --time. Only what is known is written.\n--diagnosis takes over what `todoku diagnose --format json` found. There are\nthree letters:\n\n  (as it is)     to the recipient's IT department: which mail, what their\n                 server replied, what is in order on our side, what we ask\n  --to-customer  to the recipient: look into the junk folder, let our domain in\n  --reply        to your own customer, who asked: what was found, what to do,\n                 and what nobody can know\n\nPlaces in brackets are to be filled in by the writer: --company, --name,\n--contact and --addressee fill them. eml is a draft for a mail program.\n\n--redact hides what need not leave: names of mailboxes (t***@example.jp), also\nwhere the reply repeats them, addresses of private networks, the left part of\nthe Message-ID and the subject. Text and transcript of the mail are never in a\nletter. Redacted, it is fit for a ticket or a third party; the administrator can\nlook for the mail only with whole addresses.",
			JA: "届かないメールについての文面を作成します。ID は送信履歴のIDで、--from、--to、\n--time でも指定できます。分かっている事実だけを記載します。--diagnosis は\ntodoku diagnose --format json の結果を取り込みます。文面は3種類です。\n\n  (指定なし)     宛先の情報システム部門への問い合わせ: 対象のメール、サーバーの\n                 応答、こちらで確認済みの事項、確認の依頼事項\n  --to-customer  受信者へのご案内: 迷惑メールフォルダーの確認と受信許可の設定\n  --reply        自社のお客様への回答: 確認した結果、お願いしたいこと、\n                 確認できないこと\n\n【 】の箇所は、差出人が記入します。--company、--name、--contact、--addressee で\n指定できます。形式 eml は、メールソフトで開ける下書きです。\n\n--redact は、社外に出す必要のない情報を伏せます。対象は、メールボックス名\n(t***@example.jp。応答に含まれるものも同様)、プライベートIPアドレス、\nMessage-IDの左側、件名です。本文と通信記録は記載しません。伏せた文面はチケットや\n第三者への共有に適しますが、宛先の管理者がメールを特定するには、アドレス全体が\n必要です。"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "written", JA: "作成しました"}},
			{Status: app.ExitWrong, Means: codes.Text{EN: "there is no such sending", JA: "該当する送信がありません"}},
		},
		Example: codes.Text{
			EN: "  todoku letter 06h2k --company 'Kaisha Inc.' --name 'Hanako Sato'\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --to-customer --from news@kaisha.test --to user@docomo.ne.jp\n  todoku letter --reply 06h2k --addressee 'Taro Yamada'\n  todoku letter --last --letter-lang ja --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'",
			JA: "  todoku letter 06h2k --company 株式会社会社 --name 佐藤\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --to-customer --from news@kaisha.test --to user@docomo.ne.jp\n  todoku letter --reply 06h2k --addressee '株式会社お客様 山田'\n  todoku letter --last --letter-lang en --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'"},
		MaxArgs: 2,
	}, func(ctx context.Context, args []string) error { return write(ctx, a, l, args) })
	l.flags(a, c)
	c.ValidArgsFunction = sendings.Complete(a)
	_ = app.CompleteFlag(a, c, "letter-lang", cobra.FixedCompletions([]string{"en", "ja"}, cobra.ShellCompDirectiveNoFileComp))
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
	fs.Var(app.ValueOf(&l.Reply, app.ParseNonEmpty, "TEXT"), "response", t("what it replied", "サーバーの応答"))
	fs.BoolVar(&l.toCustomer, "to-customer", false, t("write to the recipient: junk folder, allowed senders",
		"受信者へのご案内を作成します\n(迷惑メールフォルダー、受信許可)"))
	fs.VarPF(replyFlag{l}, "reply", "", t("write the answer to your own customer;\n--reply=TEXT is --response TEXT",
		"自社のお客様への回答を作成します\n(--reply=TEXT は --response TEXT と同じ)")).NoOptDefVal = bare
	fs.Var(app.ValueOf(&l.MessageID, app.ParseNonEmpty, "ID"), "message-id", t("Message-ID of the mail", "メールのMessage-ID"))
	fs.Var(app.ValueOf(&l.Subject, app.ParseNonEmpty, "TEXT"), "subject", t("subject of the mail", "メールの件名"))
	fs.Var(app.SplitOf(&l.checked, nil, app.ParseNonEmpty, "TEXT"), "checked", t("what was checked on our side (repeatable)",
		"こちらで確認した内容(複数指定可)"))
	fs.Var(app.ValueOf(&l.diagnosis, app.ParseNonEmpty, "FILE"), "diagnosis", t("JSON of `todoku diagnose`; - reads standard input",
		"todoku diagnose のJSON(- は標準入力)"))
	fs.Var(app.ValueOf(&l.Addressee, app.ParseNonEmpty, "TEXT"), "addressee", t("whom the letter is for: company or person",
		"宛名(会社名、お客様のお名前など)"))
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

// bare is what --reply holds that stands without a text.
const bare = "-"

// replyFlag is --reply: alone it names the kind of the letter, with a text it is what their server replied.
type replyFlag struct{ *letter }

func (f replyFlag) String() string { return "" }
func (f replyFlag) Type() string   { return "" }

func (f replyFlag) Set(s string) (err error) {
	if s == bare {
		f.toAsker = true
		return nil
	}
	f.Reply, err = app.ParseNonEmpty(s)
	return err
}

// kind settles which letter is wanted. A text behind --reply, after a blank, came as an argument: no ID has blanks.
func (l *letter) kind(args []string) ([]string, error) {
	if i := slices.IndexFunc(args, func(s string) bool { return strings.ContainsAny(s, " \n") }); i >= 0 && l.toAsker {
		l.Reply, l.toAsker = args[i], false
		args = slices.Delete(slices.Clone(args), i, i+1)
	}
	switch {
	case len(args) > 1:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "give one ID", JA: "IDは1つだけ指定してください"}), codes.Message{})
	case l.toCustomer && l.toAsker:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "give --to-customer, or --reply", JA: "--to-customer と --reply のどちらか一方を指定してください"}), codes.Message{})
	case len(args) > 0 && l.last:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "give an ID, or --last", JA: "ID と --last のどちらか一方を指定してください"}), codes.Message{})
	case l.toCustomer:
		l.Kind = guide.LetterCustomer
	case l.toAsker:
		l.Kind = guide.LetterReply
	}
	return args, nil
}
