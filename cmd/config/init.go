package config

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag"
)

func newInit(a *app.App) *cobra.Command {
	return usage.ForConfig(a.Command(app.About{
		Use:   "init [DOMAIN…]",
		Uses:  []string{usage.Output},
		Short: codes.Text{EN: "write a config file to begin with", JA: "設定ファイルのひな形を出力します"},
		Long: codes.Text{
			EN: "Prints a config file with comments, for the domains that are named. Nothing is\nlooked up. -o todoku.yaml writes it to a file; one that exists stays as it is.",
			JA: "指定したドメインの設定ファイルを、コメント付きで出力します。どこにも問い合わせません。\n-o todoku.yaml でファイルに書き出します。既存のファイルは上書きしません。"},
		Example: codes.Text{EN: "  todoku config init\n  todoku config init example.jp shop.example.jp -o todoku.yaml", JA: "  todoku config init\n  todoku config init example.jp shop.example.jp -o todoku.yaml"},
		MaxArgs: -1,
	}, func(ctx context.Context, args []string) error {
		var domains []diag.Target
		for _, arg := range args {
			t, err := app.DomainTarget(arg)
			if err != nil {
				return err
			}
			if !slices.Contains(domains, t) {
				domains = append(domains, t)
			}
		}
		for _, name := range a.Global.Outputs {
			if _, err := os.Lstat(name); name != "-" && !errors.Is(err, fs.ErrNotExist) {
				return &codes.UserError{Place: name, Says: codes.Say(codes.Text{EN: "this file exists, and stays as it is", JA: "このファイルはすでにあるため、上書きしません"}),
					Remedy: codes.Say(codes.Text{EN: "name another file with -o, or move this one away", JA: "-o で別のファイルを指定するか、既存のファイルを移動してください"})}
			}
		}
		return a.Write(ctx, func(w *page.Out) error { return w.Lines(beginning(domains, a.Lang)) })
	}))
}

// beginning is a config file for some domains.
func beginning(domains []diag.Target, l codes.Lang) string {
	var b strings.Builder
	say := func(t codes.Text, commands ...codes.Datum) {
		for line := range strings.Lines(page.Message(codes.Say(t, commands...), l)) {
			b.WriteString("# " + strings.TrimRight(line, "\n") + "\n")
		}
	}
	b.WriteString("# yaml-language-server: $schema=todoku.schema.json\n")
	say(codes.Text{EN: "The schema is for editors: {schema} prints it.", JA: "スキーマはエディター用です({schema} で出力できます)"},
		codes.Typed("schema", codes.Todoku("explain", "todoku/config/1")))
	say(codes.Text{EN: "{show}: what is in force. {check}: what is wrong.", JA: "有効な値の表示: {show}  誤りの検査: {check}"},
		codes.Typed("show", codes.Todoku("config", "show")), codes.Typed("check", codes.Todoku("config", "check")))
	b.WriteString("\n")
	say(codes.Text{EN: "Any flag, by its name without the dashes.", JA: "フラグの値を、先頭のハイフンを除いた名前で書きます。"})
	b.WriteString("#resolver: [192.0.2.53]\nfail-on: fail\n\n")
	say(codes.Text{EN: "The domains that {command} looks at.", JA: "{command} (引数なし)で検査するドメイン"},
		codes.Typed("command", codes.Todoku("check", "domain")))
	writeDomains(&b, domains, l)
	b.WriteString("\n")
	say(codes.Text{EN: "Rules that may be broken until a day. They stay in the report and do not count.", JA: "期限付きで除外するルール。レポートには残り、結果には数えません。"})
	reason := codes.Text{EN: "raised in March", JA: "3月に移行予定"}.In(l)
	b.WriteString("#ignore:\n#  - {rule: dmarc-policy-none, reason: \"" + reason + "\", until: 2027-03-31}\n")
	return b.String()
}

// writeDomains writes the part of the domains; without any, an example as a comment.
func writeDomains(b *strings.Builder, domains []diag.Target, l codes.Lang) {
	mark := ""
	if len(domains) == 0 {
		mark, domains = "#", []diag.Target{{Name: "example.jp"}}
	}
	b.WriteString(mark + "domains:\n")
	for i, d := range domains {
		b.WriteString(mark + "  " + d.Name + ":\n")
		if i > 0 {
			continue
		}
		for _, line := range []struct {
			example string
			says    codes.Text
		}{
			{"selectors: [s1, s2]", codes.Text{EN: "DKIM selectors that are in use", JA: "使用中のDKIMセレクター"}},
			{"ips: [192.0.2.7]", codes.Text{EN: "addresses that send", JA: "送信元のIPアドレス"}},
			{"includes: [_spf.esp.example]", codes.Text{EN: "what SPF has to include", JA: "SPFに必要な include"}},
			{"fail-on: warn", codes.Text{EN: "from which status on it is wrong", JA: "エラーとする状態"}},
		} {
			b.WriteString("    #" + line.example + strings.Repeat(" ", 32-len(line.example)) + "# " + line.says.In(l) + "\n")
		}
	}
}
