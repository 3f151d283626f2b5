package send

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"todoku/cmd/app"
	"todoku/cmd/lists"
	"todoku/codes"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// Bounds of a list of recipients: octets, and addresses.
const (
	MaxRecipientOctets = 16 << 20
	MaxRecipients      = 200_000
)

// recipients lists who gets a mail, each once.
func recipients(ctx context.Context, a *app.App, m *options) ([]mail.Address, error) {
	all := slices.Concat(m.to, m.cc, m.bcc)
	if m.recipients != "" {
		var err error
		if all, err = readRecipients(ctx, a, m.recipients); err != nil {
			return nil, err
		}
	}
	seen := make(map[[sha256.Size]byte]bool, len(all)) // a hash is shorter than most addresses
	once := all[:0]                                    // all is nobody else's
	for _, to := range all {
		if key := sha256.Sum256([]byte(history.Key(to.String()))); !seen[key] {
			seen[key] = true
			once = append(once, to)
		}
	}
	if n := len(all) - len(once); n > 0 {
		a.Tell(codes.Say(codes.Text{EN: "repeated addresses: {n}; each gets one mail", JA: "重複した宛先が{n}件あります。1通ずつだけ送信します"}, codes.Num("n", n)))
	}
	if len(once) > 1 && !m.yes && !m.dryRun {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "this goes to {n} recipients", JA: "宛先が{n}件あります"}, codes.Num("n", len(once))), codes.Say(codes.Text{EN: "give --yes if that is meant, or look first with --dry-run", JA: "間違いなければ --yes を付けてください。--dry-run で事前に確認できます"}))
	}
	return once, nil
}

// readRecipients reads a list, one address a line. Nothing is sent when a line
// is wrong; all of them are told.
func readRecipients(ctx context.Context, a *app.App, name string) ([]mail.Address, error) {
	unread := func(err error) error {
		return a.ReadError("--recipients "+name, err, codes.Text{EN: "the list cannot be read", JA: "リストを読めません"}, codes.Text{})
	}
	in, err := a.Open(ctx, name, app.Want{Limit: MaxRecipientOctets, Text: true, Remedy: lists.Split()})
	if err != nil {
		return nil, unread(err)
	}
	defer in.Close()
	var out []mail.Address
	bad := 0
	list := lists.New(in.Limited())
	for list.Next() {
		if strings.HasPrefix(list.Text, "#") {
			continue
		}
		to, err := app.ParseMailbox(list.Text)
		if list.Long {
			err = lists.TooLong()
		}
		if err == nil {
			out = append(out, to)
		} else if bad++; bad <= app.MaxComplaints {
			a.Complain(codes.At(fmt.Sprintf("%s:%d", name, list.Number), err))
		}
		if len(out) > MaxRecipients {
			list.Err = codes.Wrong(codes.Say(codes.Text{EN: "it has more than {n} addresses", JA: "アドレスが{n}件を超えています"}, codes.Num("n", MaxRecipients)), codes.Say(lists.Split()))
			break
		}
	}
	switch {
	case list.Err != nil:
		return nil, unread(list.Err)
	case bad > 0:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "lines of the list that are no addresses: {n}; nothing was sent", JA: "リストにアドレスではない行が{n}行あるため、送信していません"}, codes.Num("n", bad)), codes.Message{})
	case len(out) == 0:
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "the list names no recipient", JA: "リストに宛先がありません"}), codes.Message{})
	}
	return out, nil
}
