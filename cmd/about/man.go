package about

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

func NewMan(a *app.App) *cobra.Command {
	var root func() *cobra.Command
	c := a.Command(app.About{
		Use:   "man [DIR]",
		Uses:  []string{usage.Output},
		Short: codes.Text{EN: "print the manual page, or write all pages into DIR", JA: "マニュアルページを出力します(DIR を指定すると全ページ)"},
		Long: codes.Text{EN: "Without DIR the page of todoku itself goes to standard output; with DIR one page\nfor each command is written there.",
			JA: "DIR を省略すると todoku 本体のページを標準出力に書き出します。DIR を指定すると、\nコマンドごとのページをそこに作成します。"},
		Example: codes.Text{EN: "  todoku man | man -l -\n  todoku man /usr/local/share/man/man1", JA: "  todoku man --lang ja | man -l -\n  todoku man /usr/local/share/man/ja/man1"},
		MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		if len(args) == 0 {
			return a.Write(ctx, func(w *page.Out) error { return w.Lines(manPage(a, root())) })
		}
		if len(a.Global.Outputs) > 0 && !a.Filled("output") {
			return codes.At("--output", codes.Wrong(codes.Say(codes.Text{EN: "DIR takes one file for each page", JA: "DIR を指定すると、ページごとにファイルを作成します"}),
				codes.Say(codes.Text{EN: "leave out one of them", JA: "どちらか一方を外してください"})))
		}
		return manTree(ctx, a, args[0], root())
	})
	root = c.Root
	return c
}

// manTree writes the page of a command and of all below it.
func manTree(ctx context.Context, a *app.App, dir string, c *cobra.Command) error {
	name := filepath.Join(dir, pageName(c)+".1")
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

// pageName is the name of a command's page: "todoku-check-domain".
func pageName(c *cobra.Command) string { return strings.ReplaceAll(c.CommandPath(), " ", "-") }

// manual writes one page in the language of man (groff_man(7)).
type manual struct {
	a *app.App
	strings.Builder
}

func manPage(a *app.App, c *cobra.Command) string {
	tellFormats(a, c)
	m := &manual{a: a}
	fmt.Fprintf(m, ".TH %q 1 %q %q todoku\n", strings.ToUpper(pageName(c)), a.Now().Format(time.DateOnly), c.Root().Name()+" "+app.Version)
	m.WriteString(".nh\n.ad l\n") // no hyphens, no wider blanks; .TH allows both
	m.section(codes.Text{EN: "NAME", JA: "名前"})
	m.line(pageName(c) + " - " + c.Short)
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
	m.flags(usableFlags(c))
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

// plainText makes text of what man would take for its own words, and of the ASCII characters for which it shows others.
var plainText = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`, "`", `\(ga`, "^", `\(ha`, "~", `\(ti`)

// line writes lines of text as one. Between two of them man may break the line; it puts no blank between two characters of
// Japanese.
func (m *manual) line(lines ...string) {
	for i, line := range lines {
		before, _ := utf8.DecodeLastRuneInString(lines[max(i-1, 0)])
		after, _ := utf8.DecodeRuneInString(line)
		switch {
		case i == 0 && after == '.':
			m.WriteString(`\&`)
		case i > 0 && before >= utf8.RuneSelf && after >= utf8.RuneSelf:
			m.WriteString(`\:`)
		case i > 0:
			m.WriteString(" ")
		}
		m.WriteString(plainText.Replace(line))
	}
	m.WriteString("\n")
}

// text writes paragraphs; lines that are indented stay as they are.
func (m *manual) text(text string) {
	for i, part := range strings.Split(strings.TrimRight(text, "\n"), "\n\n") {
		if i > 0 {
			m.WriteString(".PP\n")
		}
		for lines := strings.Split(part, "\n"); len(lines) > 0; {
			n := 1
			for n < len(lines) && isIndented(lines[n]) == isIndented(lines[0]) {
				n++
			}
			m.block(lines[:n])
			lines = lines[n:]
		}
	}
}

// block writes lines of a paragraph that are all indented, or none of them.
func (m *manual) block(lines []string) {
	if !isIndented(lines[0]) {
		m.line(lines...)
		return
	}
	m.WriteString(".EX\n")
	for _, line := range lines {
		m.line(line)
	}
	m.WriteString(".EE\n.nh\n") // .EE allows hyphens again
}

func isIndented(line string) bool { return strings.HasPrefix(line, "  ") }

func (m *manual) item(name, text string) {
	m.WriteString(".TP\n.B ")
	m.line(name)
	m.line(strings.Split(text, "\n")...)
}

func (m *manual) flags(fs *pflag.FlagSet) {
	fs.VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			m.item(flagName(f), f.Usage)
		}
	})
}

// related names the pages of the commands above and below.
func (m *manual) related(c *cobra.Command) {
	var pages []string
	if c.HasParent() {
		pages = append(pages, pageName(c.Parent())+"(1)")
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			pages = append(pages, pageName(sub)+"(1)")
		}
	}
	m.section(codes.Text{EN: "SEE ALSO", JA: "関連項目"})
	m.line(strings.Join(pages, ", "))
}
