package cmd

import (
	"context"
	"encoding/json"
	"io"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/report"
	"todoku/codes"
	"todoku/sender/history"
)

// letter is what the flags of `letter` say.
type letter struct {
	report.Letter
	diagnosis string
	lang      string
	redact    bool
	last      bool
	place     historyFlags
}

func newLetter(a *app) *cobra.Command {
	l := &letter{}
	c := a.command(page{
		use:   "letter [ID]",
		short: codes.Text{EN: "write the inquiry to the recipient's administrator", JA: "宛先のシステム管理者への問い合わせ文を作成します"},
		long: codes.Text{
			EN: "Writes to the recipient's IT department: which mail, from whom, to whom, when,\nwhat their server replied, what was checked on our side, and what we ask. ID is\na sending of the history; or give --from, --to and --time. Only what is known is\nwritten. --diagnosis takes over what `todoku diagnose --format json` found.\n\n--redact hides the names of mailboxes, addresses of private networks and the\nleft part of the Message-ID; subject and text of the mail are never in it.",
			JA: "宛先の情報システム部門への問い合わせ文を作成します。対象のメール(送信者、宛先、\n日時)、宛先メールサーバーの応答、こちらで確認した内容、確認の依頼事項を記載しま\nす。ID は送信履歴のIDで、--from、--to、--time でも指定できます。分かっている\n事実だけを記載します。--diagnosis は todoku diagnose --format json の結果を\n取り込みます。\n\n--redact は、メールボックス名、プライベートIPアドレス、Message-IDの左側を伏せま\nす。メールの件名と本文は記載しません。"},
		example: codes.Text{
			EN: "  todoku letter 06h2k --company 'Kaisha Inc.' --name 'Hanako Sato'\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang ja --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'",
			JA: "  todoku letter 06h2k --company 株式会社会社 --name 佐藤\n  todoku letter --from news@kaisha.test --to user@example.jp --time '2026-11-23 09:00'\n  todoku letter --last --letter-lang en --format eml -o inquiry.eml\n  todoku diagnose … --format json | todoku letter --diagnosis - --time '2026-11-23 09:00'"},
		maxArgs: 1,
	}, func(ctx context.Context, args []string) error { return a.letter(ctx, l, args) })
	l.flags(a, c)
	return c
}

func (l *letter) flags(a *app, c *cobra.Command) {
	t := func(en, ja string) string { return a.t(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(&word[string]{&l.From, parseGiven, "ADDR", ""}, "from", t("sender's address", "送信者E-mailアドレス"))
	fs.Var(&word[string]{&l.To, parseGiven, "ADDR", ""}, "to", t("recipient's address", "宛先E-mailアドレス"))
	fs.Var(&word[time.Time]{&l.Time, a.parseSince, "WHEN", ""}, "time", t("when the mail was sent: 2026-11-23 09:00, with a zone\nas 2026-11-23T09:00:00+09:00", "メールを送信した日時: 2026-11-23 09:00、時差付きなら\n2026-11-23T09:00:00+09:00"))
	fs.Var(&word[netip.Addr]{&l.IP, parseAddr, "ADDR", ""}, "ip", t("address that sent the mail", "メールを送信したIPアドレス"))
	fs.Var(&word[string]{&l.Host, parseDomain, "NAME", ""}, "host", t("their server that replied", "応答した宛先メールサーバー"))
	fs.Var(&word[string]{&l.Reply, parseGiven, "TEXT", ""}, "reply", t("what it replied", "サーバーの応答"))
	fs.Var(&word[string]{&l.MessageID, parseGiven, "ID", ""}, "message-id", t("Message-ID of the mail", "メールのMessage-ID"))
	fs.StringArrayVar(&l.Checked, "checked", nil, t("what was checked on our side (repeatable)", "こちらで確認した内容(複数指定可)"))
	fs.Var(&word[string]{&l.diagnosis, parseGiven, "FILE", ""}, "diagnosis", t("JSON of `todoku diagnose`; - reads standard input", "todoku diagnose のJSON(- は標準入力)"))
	fs.Var(&word[string]{&l.Company, parseGiven, "TEXT", ""}, "company", t("who writes: company", "差出人の会社名"))
	fs.Var(&word[string]{&l.Name, parseGiven, "TEXT", ""}, "name", t("who writes: name", "差出人の氏名"))
	fs.Var(&word[string]{&l.Contact, parseGiven, "TEXT", ""}, "contact", t("where the answer goes: address, telephone", "返信先(メールアドレス、電話番号)"))
	fs.Var(&word[string]{&l.lang, oneOf("en", "ja"), "en|ja", ""}, "letter-lang", t("language of the letter (default: as --lang)", "問い合わせ文の言語(既定は --lang と同じ)"))
	fs.BoolVar(&l.redact, "redact", false, t("hide what must not leave", "外部に出せない情報を伏せます"))
	fs.BoolVar(&l.last, "last", false, t("the last sending of the history", "送信履歴の最後の送信"))
	l.place.add(a, fs)
}

func (a *app) letter(ctx context.Context, l *letter, args []string) error {
	if _, err := oneOf(report.LetterFormats()...)(a.format()); err != nil {
		return at("--format", err)
	}
	if err := l.single(); err != nil {
		return err
	}
	given := l.Letter
	if len(args) > 0 || l.last {
		if err := a.letterOf(ctx, l, args); err != nil {
			return err
		}
	}
	if l.diagnosis != "" {
		if err := a.takeDiagnosis(l); err != nil {
			return err
		}
	}
	l.prefer(given)
	if err := l.complete(); err != nil {
		return err
	}
	if l.redact {
		l.Letter = l.Redacted()
	}
	lang := a.lang
	if l.lang != "" {
		lang = codes.Lang(l.lang)
	}
	return a.write(func(w io.Writer) error { return report.WriteLetter(a.format(), w, a.style(w, false), l.Letter, lang) })
}

// single refuses line breaks where one line is meant.
func (l *letter) single() error {
	lines := append([]string{l.From, l.To, l.MessageID, l.Company, l.Name, l.Contact}, l.Checked...)
	if slices.ContainsFunc(lines, hasControl) {
		return misuse(say(codes.Text{EN: "a line break or control character is not allowed in a letter's fields", JA: "問い合わせ文の項目に改行や制御文字は使用できません"}), phrase{})
	}
	return nil
}

// letterOf takes what the history knows.
func (a *app) letterOf(ctx context.Context, l *letter, args []string) error {
	store, none, err := a.readHistory(ctx, l.place)
	if err != nil {
		return err
	}
	if none {
		store = emptyHistory{}
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
	l.From, l.To, l.Time, l.Host, l.Address, l.Reply, l.MessageID = s.Sender, s.Recipient, s.Started.Local(), s.MX, hostOnly(s.Address), s.Reply, s.MessageID
	if s.Result == history.OK {
		l.Reply = ""
	}
	return nil
}

// hostOnly leaves the port out.
func hostOnly(address string) string {
	if at, err := netip.ParseAddrPort(address); err == nil {
		return at.Addr().String()
	}
	return address
}

// maxDiagnosis bounds the JSON that is read.
const maxDiagnosis = 4 << 20

// takeDiagnosis takes over what a diagnosis saw.
func (a *app) takeDiagnosis(l *letter) error {
	var d struct {
		Schema       string
		Reply        string
		From, To, IP string
		Causes       []struct {
			Title, Status string
			Suspected     bool
			Evidence      []struct{ Text string }
		}
	}
	data, err := a.readInput(l.diagnosis)
	if err == nil {
		err = json.Unmarshal(data[:min(len(data), maxDiagnosis)], &d)
	}
	if err != nil || d.Schema != report.DiagnosisSchemaName {
		return &usageError{place: "--diagnosis " + l.diagnosis, cause: bare(err), says: say(codes.Text{EN: "this is no diagnosis", JA: "診断結果ではありません"}),
			fix: say(codes.Text{EN: "give the output of todoku diagnose … --format json", JA: "todoku diagnose … --format json の出力を指定してください"})}
	}
	l.From, l.To, l.Reply = d.From, d.To, d.Reply
	if len(l.Reply) == len("550") { // a delivery code told no more
		l.Reply = ""
	}
	l.IP, _ = netip.ParseAddr(d.IP)
	for _, c := range d.Causes {
		if c.Suspected && c.Status == "excluded" && len(c.Evidence) > 0 {
			l.Checked = append(l.Checked, c.Title+a.t(codes.Text{EN: ": not the case (", JA: ": 該当なし("})+c.Evidence[0].Text+a.t(codes.Text{EN: ")", JA: ")"}))
		}
	}
	return nil
}

// prefer puts what the flags say above what was read.
func (l *letter) prefer(given report.Letter) {
	set := func(into *string, value string) {
		if value != "" {
			*into = value
		}
	}
	set(&l.From, given.From)
	set(&l.To, given.To)
	set(&l.Host, given.Host)
	set(&l.Reply, given.Reply)
	set(&l.MessageID, given.MessageID)
	if given.IP.IsValid() {
		l.IP = given.IP
	}
	if !given.Time.IsZero() {
		l.Time = given.Time
	}
}

// complete demands the three things that every inquiry needs (GUIDE.md §6).
func (l *letter) complete() error {
	var missing []string
	for _, f := range [...]struct {
		flag  string
		there bool
	}{{"--from", strings.Contains(l.From, "@")}, {"--to", strings.Contains(l.To, "@")}, {"--time", !l.Time.IsZero()}} {
		if !f.there {
			missing = append(missing, f.flag)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return misuse(say(codes.Text{EN: "an inquiry needs the sender's address, the recipient's address and the time of the sending", JA: "問い合わせには、送信者E-mailアドレス、宛先E-mailアドレス、メールを送信した日時が必要です"}),
		say(codes.Text{EN: "give %s, or the id of a sending in the history", JA: "%s、または送信履歴のIDを指定してください"}, sentence(missing)))
}
