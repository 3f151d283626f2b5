package about

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
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
		if len(args) == 0 {
			return a.Write(ctx, func(w *page.Out) error { return w.Lines(manPage(a, root())) })
		}
		return manTree(ctx, a, args[0], root())
	})
	root = c.Root
	return c
}

// manTree writes the page of a command and of all below it.
func manTree(ctx context.Context, a *app.App, dir string, c *cobra.Command) error {
	name := filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
	if err := a.WriteFile(ctx, name, func(w *page.Out) error { return w.Lines(manPage(a, c)) }); err != nil {
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

// manual writes one page in the language of man (groff_man(7)).
type manual struct {
	a *app.App
	strings.Builder
}

func manPage(a *app.App, c *cobra.Command) string {
	tellFormats(a, c)
	m := &manual{a: a}
	title := strings.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(m, ".nh\n.TH %q 1 %q %q todoku\n", strings.ToUpper(title), a.Now().Format(time.DateOnly), c.Root().Name()+" "+app.Version)
	m.section(codes.Text{EN: "NAME", JA: "名前"})
	m.line(title + " - " + c.Short)
	m.section(codes.Text{EN: "SYNOPSIS", JA: "書式"})
	m.line(c.UseLine() + " [FLAG…]")
	if c.Long != "" {
		m.section(codes.Text{EN: "DESCRIPTION", JA: "説明"})
		m.text(c.Long)
	}
	if c.HasAvailableSubCommands() {
		m.section(codes.Text{EN: "COMMANDS", JA: "コマンド"})
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() {
				m.item(sub.Name(), sub.Short)
			}
		}
	}
	if c.HasAvailableLocalFlags() && c.HasParent() {
		m.section(codes.Text{EN: "OPTIONS", JA: "フラグ"})
		m.flags(c.LocalNonPersistentFlags())
	}
	m.section(codes.Text{EN: "GLOBAL OPTIONS", JA: "共通フラグ"})
	m.flags(c.Root().PersistentFlags())
	if c.Example != "" {
		m.section(codes.Text{EN: "EXAMPLES", JA: "例"})
		m.text(c.Example)
	}
	m.section(codes.Text{EN: "EXIT STATUS", JA: "終了ステータス"})
	for _, line := range exitLines() {
		m.item(strconv.Itoa(int(line.Status)), exitText(a, c, line))
	}
	m.related(c)
	return m.String()
}

func (m *manual) section(title codes.Text) { fmt.Fprintf(m, ".SH %s\n", m.a.T(title)) }

// line writes text that man must not take for its own words.
func (m *manual) line(text string) {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	m.WriteString(text + "\n")
}

// text writes paragraphs; lines that are indented stay as they are.
func (m *manual) text(text string) {
	for i, part := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		begin, end := ".PP\n", ""
		switch {
		case strings.HasPrefix(part, "  "):
			begin, end = ".EX\n", ".EE\n"
		case i == 0:
			begin = ""
		}
		m.WriteString(begin)
		for line := range strings.SplitSeq(part, "\n") {
			m.line(line)
		}
		m.WriteString(end)
	}
}

func (m *manual) item(name, text string) {
	m.WriteString(".TP\n.B ")
	m.line(name)
	m.line(strings.ReplaceAll(text, "\n", " "))
}

func (m *manual) flags(fs *pflag.FlagSet) {
	fs.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "--" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", " + name
		}
		if kind := f.Value.Type(); kind != "bool" {
			name += " " + kind
		}
		m.item(name, f.Usage)
	})
}

// related names the pages of the commands above and below.
func (m *manual) related(c *cobra.Command) {
	var pages []string
	if c.HasParent() {
		pages = append(pages, c.Parent().CommandPath())
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			pages = append(pages, sub.CommandPath())
		}
	}
	m.section(codes.Text{EN: "SEE ALSO", JA: "関連項目"})
	for i, page := range pages {
		pages[i] = strings.ReplaceAll(page, " ", "-") + "(1)"
	}
	m.line(strings.Join(pages, ", "))
}
