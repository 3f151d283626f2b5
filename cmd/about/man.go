package about

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/codes"
)

func NewMan(a *app.App) *cobra.Command {
	var root func() *cobra.Command
	c := a.Command(app.About{
		Use:   "man [DIR]",
		Short: codes.Text{EN: "print the manual page, or write all pages into DIR", JA: "マニュアルページを出力します(DIR を指定すると全ページ)"},
		Long: codes.Text{EN: "Without DIR the page of todoku itself goes to standard output; with DIR one page\nfor each command is written there.",
			JA: "DIR を省略すると todoku 本体のページを標準出力に書き出します。DIR を指定すると、\nコマンドごとのページをそこに作成します。"},
		Example: codes.Text{EN: "  todoku man | man -l -\n  todoku man /usr/local/share/man/man1", JA: "  todoku man --lang ja | man -l -\n  todoku man /usr/local/share/man/ja/man1"},
		MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		showKinds(root())
		if len(args) == 0 {
			return a.Write(ctx, func(w *page.Out) error {
				text, err := manPage(a, root())
				return errors.Join(err, w.Lines(text))
			})
		}
		return manTree(ctx, a, args[0], root())
	})
	root = c.Root
	return c
}

// manTree writes the page of a command and of all below it.
func manTree(ctx context.Context, a *app.App, dir string, c *cobra.Command) error {
	name := filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
	text, err := manPage(a, c)
	if err != nil {
		return err
	}
	if err := a.WriteFile(ctx, name, func(w *page.Out) error { return w.Lines(text) }); err != nil {
		return err
	}
	for _, sub := range c.Commands() {
		if !sub.IsAvailableCommand() {
			continue
		}
		if err := manTree(ctx, a, dir, sub); err != nil {
			return err
		}
	}
	return nil
}

// manPage is one page: cobra's, with our exit statuses and, in Japanese,
// with Japanese headings.
func manPage(a *app.App, c *cobra.Command) (string, error) {
	tellFormats(a, c)
	date := a.Now()
	header := &doc.GenManHeader{Section: "1", Source: strings.Join([]string{"todoku", app.Version}, " "), Manual: "todoku", Date: &date}
	var b bytes.Buffer
	if err := doc.GenMan(c, header, &b); err != nil {
		return "", err
	}
	text := b.String()
	var exit strings.Builder
	exit.WriteString(".SH EXIT STATUS\n")
	for _, line := range exitLines() {
		fmt.Fprintf(&exit, ".TP\n\\fB%d\\fP\n%s\n", line.Status, strings.ReplaceAll(exitText(a, c, line), "-", `\-`))
	}
	before, after, found := strings.Cut(text, ".SH SEE ALSO\n")
	text = before + exit.String()
	if found {
		text += ".SH SEE ALSO\n" + after
	}
	if a.Lang == codes.Japanese {
		text = strings.NewReplacer(".SH NAME\n", ".SH 名前\n", ".SH SYNOPSIS\n", ".SH 書式\n", ".SH DESCRIPTION\n", ".SH 説明\n",
			".SH OPTIONS\n", ".SH フラグ\n", ".SH OPTIONS INHERITED FROM PARENT COMMANDS\n", ".SH 共通フラグ\n",
			".SH EXAMPLE\n", ".SH 例\n", ".SH EXIT STATUS\n", ".SH 終了ステータス\n", ".SH SEE ALSO\n", ".SH 関連項目\n").Replace(text)
	}
	return text, nil
}

// showKinds puts what a flag takes where cobra's pages show its default.
func showKinds(c *cobra.Command) {
	for _, fs := range []*pflag.FlagSet{c.PersistentFlags(), c.Flags()} {
		fs.VisitAll(func(f *pflag.Flag) {
			if f.Value.Type() != "bool" {
				f.DefValue = f.Value.Type()
			}
		})
	}
	for _, sub := range c.Commands() {
		showKinds(sub)
	}
}
