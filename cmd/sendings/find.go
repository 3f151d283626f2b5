package sendings

import (
	"cmp"
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender/history"
)

// finder finds one sending of a history.
type finder interface {
	Get(ctx context.Context, id string) (history.Sending, error)
	Last(ctx context.Context) (history.Sending, error)
}

// Find gets a sending by its id or the beginning of its id, or with last the newest one. Where there is none, it
// prints that and returns app.ExitWrong.
func Find(ctx context.Context, a *app.App, store finder, id string, last bool) (history.Sending, error) {
	if last {
		s, err := store.Last(ctx)
		if errors.Is(err, history.ErrNotFound) {
			a.Complain(codes.Wrong(codes.Say(codes.Text{EN: "the history is empty", JA: "送信履歴は空です"}),
				codes.Say(codes.Text{EN: "{command} sends a mail and remembers it", JA: "{command} で送信すると、履歴に記録されます"}, codes.Typed("command", codes.Todoku("send")))))
			return s, app.ExitWrong
		}
		return s, err
	}
	s, err := store.Get(ctx, id)
	switch {
	case errors.Is(err, history.ErrNotFound):
		a.Complain(NoSuch(id))
		return s, app.ExitWrong
	case errors.Is(err, history.ErrAmbiguous):
		return s, Ambiguous(id)
	}
	return s, err
}

// UnreadableRow is the message about a row of the history that cannot be read; nil if err is no history.RowError.
func UnreadableRow(err error) error {
	var bad *history.RowError
	if !errors.As(err, &bad) {
		return nil
	}
	return codes.Wrong(codes.Say(codes.Text{EN: "the row {id} of the history cannot be read and is passed over", JA: "送信履歴の {id} を読めないため、飛ばします"}, codes.Quoted("id", bad.ID)), codes.Message{})
}

// Complete is the shell completion of ids: the newest 100 of the history.
func Complete(a *app.App) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
		store, err := ReadToComplete(a, c)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer store.Close()
		var out []string
		for s, err := range store.List(c.Context(), history.Filter{Limit: 100}) {
			if err != nil {
				break
			}
			out = append(out, s.ID+"\t"+page.Clean(s.Recipient)+" "+s.Code)
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	}
}

// ReadToComplete is Read for the shell completion of a command with --history. That flag may come from the environment or
// the config file; shell completion fills in no flag itself.
func ReadToComplete(a *app.App, c *cobra.Command) (history.Store, error) {
	file, fs := c.Flags().Lookup("history"), pflag.NewFlagSet("", pflag.ContinueOnError)
	fs.AddFlag(file)
	if err := a.FillFlagSet(c, fs); err != nil {
		return nil, err
	}
	return Read(c.Context(), a, Flags{File: file.Value.String()})
}

// ParseCode takes a delivery code: five digits, 40000 or higher.
func ParseCode(s string) (string, error) {
	if n, err := strconv.Atoi(s); err != nil || len(s) != 5 || n < 40000 {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is not a delivery code", JA: "{value} はメール配信コードではありません"}, codes.Quoted("value", s)), codes.Say(codes.Text{EN: "give five digits, such as 42550", JA: "42550 のような5桁の数字を指定してください"}))
	}
	return s, nil
}

// ParseResult takes the result of a sending: preparing, ok or error, or what the platform calls them.
func ParseResult(s string) (history.Result, error) {
	s = cmp.Or(map[string]string{"準備中": "preparing", "正常": "ok", "エラー": "error"}[s], s)
	word, err := app.OneOf("preparing", "ok", "error")(s)
	return history.Result(word), err
}

// ListCommand is the command that lists the history.
func ListCommand() codes.Command { return codes.Todoku("history", "list") }

// NoSuch is the error of an id that the history does not have.
func NoSuch(id string) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "the history has no sending {id}", JA: "送信履歴に {id} はありません"}, codes.Quoted("id", id)),
		codes.Say(codes.Text{EN: "{command} shows them", JA: "{command} で一覧を確認できます"}, codes.Typed("command", ListCommand())))
}

// Ambiguous is the error of the beginning of an id that several sendings have.
func Ambiguous(id string) error {
	return codes.Wrong(codes.Say(codes.Text{EN: "several ids begin with {id}", JA: "{id} で始まるIDが複数あります"}, codes.Quoted("id", id)),
		codes.Say(codes.Text{EN: "give more of the id", JA: "IDをもう少し長く指定してください"}))
}
