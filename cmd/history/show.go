package history

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/sender/history"
)

func newHistoryShow(a *app.App) *cobra.Command {
	var place sendings.Flags
	var rules []string
	last := false
	c := a.Command(app.About{
		Use:     "show [ID]",
		Uses:    []string{usage.Lab},
		Formats: report.OneSending.Formats(),
		Short:   codes.Text{EN: "everything about one sending, with what was said", JA: "1件の送信の詳細と通信記録を表示します"},
		Long:    codes.Text{EN: "ID is the id of a sending or a beginning of it that no other has; --last is the\nnewest. The transcript is told with what each refusal means.", JA: "ID には送信IDか、その先頭部分(ほかと重複しない長さ)を指定します。--last は最新の\n送信です。通信記録には、拒否の意味も表示します。"},
		Example: codes.Text{EN: "  todoku history show --last\n  todoku history show 06h2k --format json", JA: "  todoku history show --last\n  todoku history show 06h2k --format json"},
		Exit:    []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "shown", JA: "表示しました"}}, {Status: app.ExitWrong, Means: codes.Text{EN: "there is no such sending", JA: "該当する送信がありません"}}},
		MaxArgs: 1,
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		id := ""
		if len(args) == 1 {
			id = args[0]
		}
		if (id == "") != last {
			return codes.Wrong(codes.Say(codes.Text{EN: "give an ID, or --last", JA: "ID と --last のどちらか一方を指定してください"}), codes.Message{})
		}
		return showSending(c.Context(), a, place, rules, id, last)
	}
	c.ValidArgsFunction = sendings.Complete(a)
	c.Flags().BoolVar(&last, "last", false, a.T(codes.Text{EN: "the newest sending", JA: "最新の送信を表示します"}))
	c.Flags().Var(app.ListOf(&rules, app.ParseNonEmpty, "FILE"), "rules", a.T(codes.Text{EN: "rules of your own for replies (see explain)", JA: "独自の判定ルール(explain を参照)"}))
	place.Add(a, c.Flags())
	return c
}

func showSending(ctx context.Context, a *app.App, place sendings.Flags, rules []string, id string, last bool) error {
	form, err := app.FormOf(a, report.OneSending)
	if err != nil {
		return err
	}
	store, err := sendings.Read(ctx, a, place)
	if err != nil {
		return err
	}
	defer store.Close()
	s, err := sendings.Find(ctx, a, store, id, last)
	if err != nil {
		return err
	}
	for e, err := range store.Events().Of(ctx, s.ID) {
		if err != nil {
			return err
		}
		s.Events = append(s.Events, e)
	}
	var catalogue *codes.Catalogue
	if !form.Format.ForPrograms() {
		if catalogue, err = a.LoadCatalogue(ctx, rules); err != nil {
			return err
		}
	}
	return app.PrintOne(ctx, a, form, s, func(w *page.Out) page.Options {
		o := place.Style(a, w, false)
		o.Catalogue = catalogue
		return o
	})
}

// NewRevalidate makes the command `history revalidate`.
func NewRevalidate(a *app.App) *cobra.Command {
	var place sendings.Flags
	note := ""
	c := a.Command(app.About{
		Use:     "revalidate ADDR",
		Uses:    []string{usage.Lab},
		Formats: report.Revalidations.Formats(),
		Short:   codes.Text{EN: "mark an address as valid again", JA: "原因を解消した宛先の有効フラグを有効に戻します"},
		Long:    codes.Text{EN: "The count of consecutive errors starts again, and `send` takes the address again.", JA: "連続エラーの回数が0に戻り、再び送信できるようになります。"},
		Example: codes.Text{EN: "  todoku history revalidate user@example.jp --note 'mailbox was full'", JA: "  todoku history revalidate user@example.jp --note '容量超過は解消済み'"},
		Exit:    []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "the address is valid", JA: "有効になりました"}}, {Status: app.ExitWrong, Means: codes.Text{EN: "the history does not know the address", JA: "送信履歴にない宛先です"}}},
		MinArgs: 1, MaxArgs: 1,
	}, func(ctx context.Context, args []string) error { return revalidate(ctx, a, place, args[0], note) })
	c.ValidArgsFunction = func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		return invalidAddresses(a, c), cobra.ShellCompDirectiveNoFileComp
	}
	c.Flags().Var(app.ValueOf(&note, app.ParseAny, "TEXT"), "note", a.T(codes.Text{EN: "why, for the history", JA: "理由(履歴に残します)"}))
	place.Add(a, c.Flags())
	return c
}

func revalidate(ctx context.Context, a *app.App, place sendings.Flags, addr, note string) error {
	form, err := app.FormOf(a, report.Revalidations)
	if err != nil {
		return err
	}
	to, err := app.ParseMailbox(addr)
	if err != nil {
		return err
	}
	store, err := sendings.Read(ctx, a, place)
	if err != nil {
		return err
	}
	defer store.Close()
	v, err := store.Flag(ctx, to.String())
	if err != nil {
		return err
	}
	if v.Valid && v.Errors == 0 {
		known := false
		for _, err := range store.List(ctx, history.Filter{Recipient: to.String(), Limit: 1}) {
			if err != nil {
				return err
			}
			known = true
		}
		if !known {
			a.Complain(unknownAddress(to.String()))
			return app.ExitWrong
		}
	} else if err := store.Revalidate(ctx, to.String(), note); err != nil {
		return err
	}
	now, err := store.Flag(ctx, to.String())
	if err != nil {
		return err
	}
	return app.PrintOne(ctx, a, form, report.Revalidation{Before: v, After: now}, a.StyleOfOne)
}

func unknownAddress(addr string) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the history knows no sending to {address}", JA: "送信履歴に {address} への送信はありません"}, codes.Str("address", addr)),
		codes.Say(codes.Text{EN: "{command} shows the addresses that are marked invalid", JA: "無効な宛先は {command} で確認できます"}, codes.Typed("command", codes.Todoku("history", "list", "--invalid"))))
}

// invalidAddresses are the first 100 that the history marks invalid, for the shell completion.
func invalidAddresses(a *app.App, c *cobra.Command) []string {
	store, err := sendings.ReadToComplete(a, c)
	if err != nil {
		return nil
	}
	defer store.Close()
	var out []string
	for v, err := range store.Invalid(c.Context()) {
		if err != nil || len(out) == 100 {
			break
		}
		out = append(out, page.Clean(v.Address))
	}
	return out
}
