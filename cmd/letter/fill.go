package letter

import (
	"cmp"
	"context"
	"net/netip"
	"slices"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/codes"
	"todoku/diag/guide"
)

func write(ctx context.Context, a *app.App, l *letter, args []string) error {
	form, err := app.FormOf(a, report.Letters)
	if err != nil {
		return err
	}
	if args, err = l.kind(args); err != nil {
		return err
	}
	if err := l.checkLines(); err != nil {
		return err
	}
	lang := a.Lang
	if l.lang != "" {
		lang = codes.Lang(l.lang)
	}
	if err := fill(ctx, a, l, args); err != nil {
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
	if err := l.due(a, lang); err != nil {
		return err
	}
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
func fill(ctx context.Context, a *app.App, l *letter, args []string) error {
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
		found, err := readDiagnosis(ctx, a, l.diagnosis)
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
	lines := append([]string{l.MessageID, l.Subject, l.Company, l.Name, l.Contact, l.Addressee}, l.checked...)
	if slices.ContainsFunc(lines, app.HasControl) {
		return codes.Wrong(codes.Say(codes.Text{EN: "a line break or control character is not allowed in a letter's fields", JA: "問い合わせ文の項目に改行や制御文字は使用できません"}), codes.Message{})
	}
	l.Reply = strings.ReplaceAll(l.Reply, "\r\n", "\n")
	if app.HasControl(strings.ReplaceAll(l.Reply, "\n", "")) {
		return codes.At("--response", codes.Wrong(codes.Say(codes.Text{EN: "control characters are not allowed in a reply", JA: "応答に制御文字は使用できません"}), codes.Message{}))
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
func readDiagnosis(ctx context.Context, a *app.App, file string) (guide.Letter, error) {
	place := "--diagnosis " + file
	data, err := a.Read(ctx, file, app.Want{Limit: app.MaxInput, Text: true})
	if err != nil {
		return guide.Letter{}, a.ReadError(place, err, codes.Text{EN: "the diagnosis cannot be read", JA: "診断結果を読めません"}, codes.Text{})
	}
	found, err := report.ReadDiagnosis(data)
	if err != nil {
		return guide.Letter{}, codes.At(place, err)
	}
	return found, nil
}

// checkComplete demands the three things that every inquiry needs (the guide, §6), and addresses that can stand in the
// header of a mail, wherever they come from.
func (l *letter) checkComplete() error {
	var missing []string
	inquiry, answer := l.Kind == guide.LetterInquiry, l.Kind == guide.LetterReply
	for _, f := range [...]struct {
		flag string
		none bool
	}{{"--from", l.From == "" && !answer}, {"--to", l.To == ""}, {"--time", l.Time.IsZero() && inquiry}} {
		if f.none {
			missing = append(missing, f.flag)
		}
	}
	if len(missing) > 0 {
		return codes.Wrong(codes.Say(l.needs()), codes.Say(codes.Text{EN: "give {missing}, or the id of a sending in the history", JA: "{missing}、または送信履歴のIDを指定してください"}, codes.List("missing", missing)))
	}
	var err error
	if l.From != "" {
		if l.From, err = parseMailboxText(l.From); err != nil {
			return codes.At("--from", err)
		}
	}
	if l.To, err = parseMailboxText(l.To); err != nil {
		return codes.At("--to", err)
	}
	return nil
}

// needs says what a letter of the kind cannot do without.
func (l *letter) needs() codes.Text {
	switch l.Kind {
	case guide.LetterCustomer:
		return codes.Text{EN: "a letter to the recipient needs the sender's address and the recipient's address", JA: "受信者へのご案内には、送信者E-mailアドレスと宛先E-mailアドレスが必要です"}
	case guide.LetterReply:
		return codes.Text{EN: "an answer needs the recipient's address of the mail that was asked about", JA: "お客様への回答には、お問い合わせの対象となる宛先E-mailアドレスが必要です"}
	}
	return codes.Text{EN: "an inquiry needs the sender's address, the recipient's address and the time of the sending", JA: "問い合わせには、送信者E-mailアドレス、宛先E-mailアドレス、メールを送信した日時が必要です"}
}
