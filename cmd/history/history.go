// Package history holds the commands that show what was sent to whom with what result.
package history

import (
	"context"
	"iter"
	"strconv"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/sender/history"
)

// New makes the group `history` with its commands.
func New(a *app.App) *cobra.Command {
	return a.Group(app.About{
		Use:     "history COMMAND",
		Short:   codes.Text{EN: "what was sent to whom, with what result", JA: "送信履歴(誰に何を送り、結果はどうだったか)"},
		Long:    codes.Text{EN: "Every mail of `send` is written down before it goes out, its result after it.\nThree errors in a row make an address invalid, 42521, 42551 and 42553 at once;\n`send` refuses it until it is revalidated.", JA: "send のメールは送信前に記録され、送信後に結果が書き込まれます。3回続けてエラーに\nなった宛先は有効フラグが無効になります(42521、42551、42553は1回で無効)。無効な\n宛先には、revalidate で有効に戻すまで送信しません。"},
		Example: codes.Text{EN: "  todoku history list --domain example.jp --result error --since 7d\n  todoku history show --last\n  todoku history export --invalid > suppression.csv", JA: "  todoku history list --domain example.jp --result error --since 7d\n  todoku history show --last\n  todoku history export --invalid > suppression.csv"},
	}, NewList(a), newHistoryShow(a), NewExport(a), NewRevalidate(a))
}

// filterFlags choose sendings.
type filterFlags struct {
	history.Filter
	unfinished, invalid bool
	unmatched           bool
	limited             func() bool // --limit was given
	history             sendings.Flags
}

// defaultLimit is how many sendings a list shows unless told otherwise.
const defaultLimit = 50

func (f *filterFlags) add(a *app.App, c *cobra.Command) {
	t := func(en, ja string) string { return a.T(codes.Text{EN: en, JA: ja}) }
	fs := c.Flags()
	fs.Var(app.ValueOf(&f.Recipient, app.ParseNonEmpty, "ADDR"), "recipient", t("only sendings to this address",
		"この宛先への送信だけを表示します"))
	fs.Var(app.ValueOf(&f.Domain, app.ParseDomain, "NAME"), "domain", t("only sendings to this domain",
		"このドメインへの送信だけを表示します"))
	fs.Var(app.ValueOf(&f.Code, sendings.ParseCode, "CODE"), "code", t("only this delivery code",
		"このメール配信コードだけを表示します"))
	fs.Var(app.ValueOf(&f.Result, sendings.ParseResult, "RESULT"), "result", t("only preparing, ok or error",
		"preparing、ok、error のいずれかだけを表示します"))
	fs.Var(app.ValueOf(&f.List, app.ParseNonEmpty, "ID"), "list",
		t("only this list of send --recipients",
			"このリスト(send --recipients)の送信だけを表示します"))
	fs.Var(app.ValueOf(&f.Since, a.ParseSince, "WHEN"), "since", t("only from then on: 2h, 7d, 2026-01-31",
		"これ以降だけを表示します: 2h、7d、2026-01-31"))
	fs.Var(app.ValueOf(&f.Limit, parseLimit, "N"), "limit", t("at most so many, 0 for all", "件数の上限(0 はすべて)"))
	f.limited = func() bool { return fs.Changed("limit") }
	f.history.Add(a, fs)
	complete := func(flag string, words ...string) {
		_ = app.CompleteFlag(a, c, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	}
	complete("result", "preparing", "ok", "error")
	complete("since", "1h", "1d", "7d", "30d")
}

// NewList makes the command `history list`.
func NewList(a *app.App) *cobra.Command {
	f := &filterFlags{Filter: history.Filter{Limit: defaultLimit}}
	c := a.Command(app.About{
		Use:     "list",
		Uses:    []string{usage.Lab},
		Formats: report.History.Formats(),
		Short:   codes.Text{EN: "list sendings, the newest first", JA: "送信履歴を新しい順に一覧表示します"},
		Long: codes.Text{EN: "Shows the newest 50 sendings that fit; --limit 0 shows all. A sending without a\nresult is marked …: it is on its way or waits. 40001 is perhaps delivered: the\nmail went out to its end, and no valid reply came, or its process ended before.",
			JA: "条件に合う送信を新しい順に50件まで表示します(--limit 0 ですべて)。結果のない\n送信(送信中または待機中)には … が付きます。40001 は、本文を最後まで送信した後に\n有効な応答がないか、その前にプロセスが終了したもので、配信された可能性が\nあります。"},
		Example: codes.Text{EN: "  todoku history list\n  todoku history list --recipient user@example.jp\n  todoku history list --result error --since 7d --format json\n  todoku history list --invalid\n  todoku history list --unmatched",
			JA: "  todoku history list\n  todoku history list --recipient user@example.jp\n  todoku history list --result error --since 7d --format json\n  todoku history list --invalid\n  todoku history list --unmatched"},
		Exit: []app.ExitLine{{Status: app.ExitOK, Means: codes.Text{EN: "listed", JA: "表示しました"}}, {Status: app.ExitWrong, Means: codes.Text{EN: "nothing fits", JA: "該当する送信がありません"}}},
	}, func(ctx context.Context, _ []string) error { return listHistory(ctx, a, f) })
	f.add(a, c)
	c.Flags().BoolVar(&f.unfinished, "unfinished", false, a.T(codes.Text{EN: "only sendings without a result", JA: "結果のない送信だけを表示します"}))
	c.Flags().BoolVar(&f.invalid, "invalid", false, a.T(codes.Text{EN: "the addresses that are marked invalid", JA: "有効フラグが無効の宛先を表示します"}))
	c.Flags().BoolVar(&f.unmatched, "unmatched", false, a.T(codes.Text{EN: "what collect read that belongs to no sending, and why",
		JA: "collect で送信と照合できなかった通知と理由を\n表示します"}))
	return c
}

// listHistory prints what the filter chooses.
func listHistory(ctx context.Context, a *app.App, f *filterFlags) error {
	if f.unmatched {
		if err := f.checkUnmatched(a); err != nil {
			return err
		}
		return listRows(ctx, a, report.Unmatched, f, f.unmatchedEvents)
	}
	if f.invalid {
		if err := f.checkInvalid(a, map[string]bool{"unfinished": f.unfinished}); err != nil {
			return err
		}
		return listRows(ctx, a, report.Invalid, f, f.invalidAddresses)
	}
	if f.unfinished {
		f.Result = history.Preparing
	}
	return listRows(ctx, a, report.History, f, f.sendings)
}

// sendings are those that the filter chooses.
func (f *filterFlags) sendings(s history.Store, ctx context.Context) iter.Seq2[history.Sending, error] {
	return s.List(ctx, f.Filter)
}

// rowsOf gives rows of a history.
type rowsOf[T any] func(history.Store, context.Context) iter.Seq2[T, error]

// writeRows writes rows of the history as a document. It gives how many were written, and how many could not be read.
func writeRows[T any](ctx context.Context, a *app.App, d page.Document[T], f *filterFlags, bom bool,
	rows rowsOf[T]) (written, unreadable int, err error) {
	form, err := app.FormOf(a, d)
	if err != nil {
		return 0, 0, err
	}
	store, err := sendings.Read(ctx, a, f.history)
	if err != nil {
		return 0, 0, err
	}
	defer store.Close()
	var catalogue *codes.Catalogue
	if !form.Format.ForPrograms() { // people read the titles of reasons
		if catalogue, err = a.LoadCatalogue(ctx, nil); err != nil {
			return 0, 0, err
		}
	}
	err = a.Write(ctx, func(w *page.Out) error {
		o := a.Style(w, true)
		o.ByteOrderMark, o.Catalogue = bom, catalogue
		return page.PutAll(form.Open(w, o), readable(a, rows(store, ctx), &written, &unreadable))
	})
	return written, unreadable, err
}

// listRows prints rows of the history. An empty list is an answer: 1.
func listRows[T any](ctx context.Context, a *app.App, d page.Document[T], f *filterFlags, rows rowsOf[T]) error {
	n, unreadable, err := writeRows(ctx, a, d, f, false, rows)
	if err != nil {
		return err
	}
	if n == 0 && unreadable == 0 {
		nothing := codes.Text{EN: "the history has nothing that fits", JA: "該当する送信履歴はありません"}
		if f.unmatched {
			nothing = codes.Text{EN: "the history has no event without a sending that fits", JA: "照合できなかった通知はありません"}
		}
		if f.invalid {
			nothing = codes.Text{EN: "the history has no invalid address that fits", JA: "有効フラグが無効の宛先はありません"}
		}
		a.Tell(codes.Say(nothing))
		return app.ExitWrong
	}
	return endWithUnreadable(a, unreadable)
}

// readable passes rows on; one that cannot be read is told and passed over. It counts both.
func readable[T any](a *app.App, rows iter.Seq2[T, error], read, unreadable *int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for row, err := range rows {
			if bad := sendings.UnreadableRow(err); bad != nil {
				if *unreadable++; *unreadable <= app.MaxComplaints {
					a.Complain(bad)
				}
				continue
			}
			if err == nil {
				*read++
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// endWithUnreadable ends a command; rows is how many of the history it could not read.
func endWithUnreadable(a *app.App, rows int) error {
	if rows == 0 {
		return nil
	}
	a.Tell(codes.Say(codes.Text{EN: "rows of the history that cannot be read: {n}", JA: "読めない送信履歴: {n}件"}, codes.Num("n", rows)))
	return app.ExitUnknown
}

func parseLimit(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a number from 0 on", JA: "{value} は0以上の数ではありません"}, codes.Quoted("value", s)), codes.Message{})
	}
	return n, nil
}
