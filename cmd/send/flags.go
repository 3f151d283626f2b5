package send

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/mail"
)

// flags defines the flags of `send`.
func (m *options) flags(a *app.App, fs *pflag.FlagSet) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	m.messageFlags(t, fs)
	m.routeFlags(t, fs)
	fs.Var(app.ValueOf(&m.quitAfter, parseStage, "STAGE"), "quit-after", t(
		"go no further than connect, ehlo, starttls, mail or\nrcpt: nothing is delivered",
		"connect、ehlo、starttls、mail、rcpt のいずれかで\n終了します(配送はしません)"))
	fs.Var(app.ListOf(&m.expect.in, app.ParseNonEmpty, "URL"), "expect-in", t(
		"wait for the mail in this mailbox: imap://user@host,\npop3://, a Maildir (repeatable)",
		"このメールボックスへの到着を確認します: imap://、\npop3://、Maildir(複数指定可)"))
	fs.Var(app.ValueOf(&m.expect.patience, app.ParseDuration, "TIME"), "expect-for", t(
		"how long to wait for it (default 5m)", "到着を待つ時間(既定は 5m)"))
	fs.Var(app.ValueOf(&m.expect.passwordFile, app.ParseNonEmpty, "FILE"), "expect-password-file", t(
		"file with the password of these mailboxes", "これらのメールボックスのパスワードのファイル"))
	fs.BoolVar(&m.dryRun, "dry-run", false, t("show the message and its way, talk to no mail server",
		"メールの内容と配送先を表示し、送信はしません"))
	fs.Var(app.ValueOf(&m.resend, app.ParseNonEmpty, "ID"), "resend", t("send a mail of the history again",
		"送信履歴のメールを再送します"))
	fs.Var(app.ValueOf(&m.retryFor, parseSpan, "TIME"), "retry-for", t(
		"try again this long after temporary refusals\n(default 0s: once)",
		"一時的な拒否の後、再送を続ける時間\n(既定は 0s: 再送なし)"))
	fs.Var(app.ValueOf(&m.rate, parseRate, "N/UNIT"), "rate", t(
		"at most so many mails to one domain: 30/m, 500/h", "1ドメインあたりの送信ペース: 30/m、500/h など"))
	fs.Var(app.ValueOf(&m.dsn.Notify, parseNotify, "WHEN,…"), "dsn", t(
		"ask for a delivery notification: never, or some of\nsuccess, failure, delay",
		"配送状況通知を求める条件: never、または success、\nfailure、delay の組み合わせ"))
	fs.Var(app.ValueOf(&m.dsn.Return, oneOfUpper(returnWords...), "PART"), "dsn-return", t(
		"what a notification returns: full or hdrs", "通知に含める元のメールの範囲: full、hdrs"))
	fs.Var(app.ValueOf(&m.dsn.ENVID, app.ParseNonEmpty, "ID"), "envid", t("id that notifications repeat",
		"通知に記載される識別子(ENVID)"))
	fs.BoolVar(&m.verp, "verp", false, t("make the envelope sender tell sending and recipient",
		"送信IDと宛先をエンベロープ送信者に含めます(VERP)"))
	fs.BoolVar(&m.notifyErrors, "notify-errors", false, t(
		"mail the address for errors when the mail is refused", "即時エラーを、エラー時返信先へメールで知らせます"))
	fs.BoolVar(&m.force, "force", false, t("send to an invalid address too", "無効な宛先にも送信します"))
	fs.Var(&m.resume, "continue", t(
		"go on with a list that was cut short (ID: send tells\nit; else the same recipients and mail): who has the\nmail, "+
			"or may have it, gets no second one; temporary\nerrors are tried again, refusals are told",
		"中断したリストの送信を続けます(IDは送信時に表示。"+
			"省\n略時は宛先とメールの内容で探します)。送信済み、"+
			"また\nはその可能性がある宛先には送信せず、一時的なエラーは\n再送し、"+
			"拒否された宛先は件数を表示します"))
	fs.Lookup("continue").NoOptDefVal = "true"
	fs.BoolVar(&m.yes, "yes", false, t("really send to several recipients, or again",
		"複数の宛先への送信、再送を確認済みとします"))
	fs.Var(app.ListOf(&m.rules, app.ParseNonEmpty, "FILE"), "rules", t("rules of your own for replies (see explain)",
		"独自の判定ルール(explain を参照)"))
	m.history.Add(a, fs)
	fs.BoolVar(&m.history.Off, "no-history", false, t("write nothing into the history", "送信履歴に記録しません"))
}

// messageFlags are those of the mail itself.
func (m *options) messageFlags(t func(en, ja string) string, fs *pflag.FlagSet) {
	mailboxes := func(into *[]mail.Address) pflag.Value {
		return app.SplitOf(into, splitMailboxes, app.ParseMailbox, "ADDR")
	}
	repeated := func(into *[]string, kind string) pflag.Value { return app.SplitOf(into, nil, app.ParseNonEmpty, kind) }
	fs.Var(mailboxes(&m.to), "to", t("recipient (repeatable)", "宛先E-mailアドレス(複数指定可)"))
	fs.Var(mailboxes(&m.cc), "cc", t("further recipient that all see", "Ccの宛先"))
	fs.Var(mailboxes(&m.bcc), "bcc", t("further recipient that nobody sees", "Bccの宛先"))
	fs.Var(app.ValueOf(&m.recipients, app.ParseNonEmpty, "FILE"), "recipients", t(
		"a mail to each address of FILE, one a line; - is\nstandard input",
		"FILE の各行のアドレスに1通ずつ送信します\n(- は標準入力)"))
	fs.Var(app.ValueOf(&m.from, app.ParseMailbox, "ADDR"), "from", t("sender, as the reader sees it", "送信者E-mailアドレス(From)"))
	fs.Var(app.ValueOf(&m.errorsTo, parseEnvelope, "ADDR"), "errors-to", t(
		"envelope sender, where bounces go (default: --from);\n<> is the empty one",
		"エラー時返信先(既定は --from のアドレス。<> は\n空の送信者)"))
	fs.Var(mailboxes(&m.replyTo), "reply-to", t("where replies go", "返信先(Reply-To)"))
	fs.Var(app.ValueOf(&m.subject, app.ParseAny, "TEXT"), "subject", t("subject", "件名"))
	fs.Var(app.ValueOf(&m.body, app.ParseAny, "TEXT"), "body", t("text; @FILE reads a file, - standard input",
		"本文(@FILE はファイル、- は標準入力から読みます)"))
	fs.Var(app.ValueOf(&m.html, app.ParseAny, "TEXT"), "html", t("HTML, alone or beside the text; @FILE too",
		"HTMLの本文(@FILE も可、--body との併用も可)"))
	fs.Var(repeated(&m.attach, "FILE"), "attach", t("file to attach (repeatable)", "添付ファイル(複数指定可)"))
	fs.Var(repeated(&m.headers, "'NAME: VALUE'"), "header", t("further header field (repeatable)",
		"追加のヘッダー(複数指定可)"))
	fs.Var(app.ValueOf(&m.charset, parseCharset, "NAME"), "charset", t("utf-8 (default) or iso-2022-jp", "utf-8(既定)または iso-2022-jp"))
	fs.Var(app.ValueOf(&m.eml, app.ParseNonEmpty, "FILE"), "eml", t("send this message as it is; - is standard input",
		"メールファイルをそのまま送信します(- は標準入力)"))
	fs.Var(repeated(&m.unsubscribe, "URL"), "list-unsubscribe", t("https:// or mailto: address (repeatable)",
		"配信停止の https:// または mailto:(複数指定可)"))
	fs.BoolVar(&m.oneClick, "one-click", false, t("the https:// address takes one-click requests",
		"ワンクリックの配信停止に対応します"))
	fs.Var(app.ValueOf(&m.dkim.key, app.ParseNonEmpty, "FILE"), "dkim-key", t("sign with this private key (PEM)",
		"DKIM署名に使う秘密鍵(PEM)"))
	fs.Var(app.ValueOf(&m.dkim.selector, app.ParseSelector, "NAME"), "dkim-selector", t("selector of the key", "DKIMのセレクター"))
	fs.Var(app.ValueOf(&m.dkim.domain, app.ParseDomain, "NAME"), "dkim-domain", t("domain that signs (default: that of --from)",
		"署名するドメイン(既定は --from のドメイン)"))
}

// routeFlags are those of the way that the mail takes.
func (m *options) routeFlags(t func(en, ja string) string, fs *pflag.FlagSet) {
	fs.Var(app.ValueOf(&m.via, parseRelay, "URL"), "via", t("relay: smtp://host:587, smtps://host:465",
		"中継サーバー: smtp://host:587、smtps://host:465"))
	fs.Var(app.ValueOf(&m.user, app.ParseNonEmpty, "NAME"), "user", t("user of the relay", "中継サーバーのユーザー名"))
	fs.Var(app.ValueOf(&m.passwordFile, app.ParseNonEmpty, "FILE"), "password-file",
		t("file whose first line is the password", "1行目にパスワードを書いたファイル"))
	fs.BoolVar(&m.bearer, "xoauth2", false, t("the password is a token for XOAUTH2",
		"パスワードをXOAUTH2のトークンとして使います"))
	fs.Var(app.ValueOf(&m.tls, parseTLS, "MODE"), "tls", t(
		"require (with a certificate that verifies) or off;\nauto (default) takes what it can get",
		"require(証明書の検証も必須)、off、auto(既定:\n可能なら使用)"))
	fs.Var(app.ValueOf(&m.helo, app.ParseHelo, "NAME"), "helo", t("name in EHLO (default: this host's)",
		"EHLOで名乗る名前(既定はこのホストの名前)"))
	fs.Var(app.ValueOf(&m.port, parsePort, "N"), "port", t("port of the recipient's servers (default 25)",
		"宛先メールサーバーのポート(既定は 25)"))
}

// The words that a flag takes.
var (
	stageWords  = []string{"connect", "ehlo", "starttls", "mail", "rcpt"}
	tlsWords    = []string{"auto", string(sender.RequireTLS), string(sender.NoTLS)}
	notifyWords = []string{"never", "success", "failure", "delay"}
	returnWords = []string{"full", "hdrs"}
)

// splitMailboxes cuts a list at the commas that stand outside of quotes and
// brackets.
func splitMailboxes(s string) []string {
	var out []string
	start, depth, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '<' || c == '(':
			depth++
		case c == '>' || c == ')':
			depth--
		case c == ',' && depth <= 0:
			out, start = append(out, s[start:i]), i+1
		}
	}
	return append(out, s[start:])
}

func parseEnvelope(s string) (envelope, error) {
	if s == "<>" {
		return envelope{given: true}, nil
	}
	a, err := app.ParseMailbox(s)
	return envelope{a, true}, err
}

func parseCharset(s string) (mail.Charset, error) { return app.SingleLine(mail.ParseCharset)(s) }
func parseRelay(s string) (sender.Relay, error)   { return app.SingleLine(sender.ParseRelay)(s) }
func parseRate(s string) (sender.Rate, error)     { return app.SingleLine(sender.ParseRate)(s) }

func parseStage(s string) (codes.Stage, error) {
	word, err := app.OneOf(stageWords...)(s)
	return codes.Stage(word), err
}

func parseTLS(s string) (sender.TLSMode, error) {
	if strings.EqualFold(s, "auto") {
		return sender.Opportunistic, nil
	}
	word, err := app.OneOf(tlsWords...)(s)
	return sender.TLSMode(word), err
}

// parseSpan takes a length of time that may be none.
func parseSpan(s string) (time.Duration, error) {
	if d, err := time.ParseDuration(s); err == nil && d == 0 {
		return 0, nil
	}
	return app.ParseDuration(s)
}

func parsePort(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 65535 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a port from 1 to 65535", JA: "{value} は1から65535までのポート番号ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}

// oneOfUpper makes a parser of words that are written in capitals on the wire.
func oneOfUpper(allowed ...string) func(string) (string, error) {
	return func(s string) (string, error) {
		_, err := app.OneOf(allowed...)(strings.ToLower(s))
		return strings.ToUpper(s), err
	}
}

func parseNotify(s string) ([]string, error) {
	one := oneOfUpper(notifyWords...)
	var out []string
	for part := range strings.SplitSeq(s, ",") {
		w, err := one(strings.TrimSpace(part))
		if err != nil {
			return nil, err
		}
		out = append(out, w)
	}
	if len(out) > 1 && strings.Contains(strings.Join(out, " "), "NEVER") { // RFC 3461 §4.1
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "never excludes the others", JA: "never は他の値と同時に指定できません"}), codes.Message{})
	}
	return out, nil
}

// completeSend offers the values of flags that take one of a few words.
func completeSend(a *app.App, c *cobra.Command) {
	for flag, words := range map[string][]string{
		"quit-after": stageWords, "tls": tlsWords, "charset": {"utf-8", "iso-2022-jp"}, "dsn": notifyWords, "dsn-return": returnWords,
	} {
		// fails for an unknown flag only
		_ = app.CompleteFlag(a, c, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	_ = app.CompleteFlag(a, c, "resend", sendings.Complete(a))
}
