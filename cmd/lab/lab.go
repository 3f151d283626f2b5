// Package lab holds the commands of the embedded internet.
package lab

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/lab"
)

// New makes the group `lab` with its commands.
func New(a *app.App) *cobra.Command {
	return a.Group(app.About{
		Use:     "lab COMMAND",
		Short:   codes.Text{EN: "the embedded internet where every failure can be met", JA: "あらゆる失敗を試せる内蔵のインターネット"},
		Long:    codes.Text{EN: "The lab is DNS and mail servers on loopback whose domains, all under .test, show\none documented situation each. --lab makes any command use it.", JA: "ラボはループバックで動くDNSサーバーとメールサーバーです。.test 以下の各ドメイン\nが、代表的な状況を1つずつ再現します。どのコマンドも --lab を付けるとラボを\n使います。"},
		Example: codes.Text{EN: "  todoku lab list\n  todoku --lab check domain healthy.test", JA: "  todoku lab list\n  todoku --lab check domain healthy.test"},
	}, newLabList(a), newLabServe(a))
}

// Where `lab serve` answers unless told otherwise.
const (
	labAddr  = "127.0.0.1:5300"
	mailAddr = "127.0.0.1:2525"
)

func newLabServe(a *app.App) *cobra.Command {
	addr, mail := labAddr, mailAddr
	c := a.Command(app.About{
		Use:     "serve",
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "keep the lab open for other programs", JA: "ほかのプログラムのためにラボを動かし続けます"},
		Long: codes.Text{
			EN: "Answers DNS (UDP and TCP) and SMTP on loopback until Ctrl-C, for dig, swaks and\nmail servers. Each mail server has a port of its own; they are listed.",
			JA: "Ctrl-C で終了するまで、ループバックでDNS(UDPとTCP)とSMTPに応答します。dig、\nswaks、メールサーバーから利用できます。\nメールサーバーごとのポートの一覧が表示されます。"},
		Example: codes.Text{EN: "  todoku lab serve\n  dig @127.0.0.1 -p 5300 healthy.test TXT\n  swaks --server 127.0.0.1:2525 --to user@healthy.test",
			JA: "  todoku lab serve\n  dig @127.0.0.1 -p 5300 healthy.test TXT\n  swaks --server 127.0.0.1:2525 --to user@healthy.test"},
	}, func(ctx context.Context, _ []string) error { return serveLab(ctx, a, addr, mail) })
	c.Flags().Var(app.ValueOf(&addr, app.ParseNonEmpty, "ADDR"), "addr", a.T(codes.Text{
		EN: "loopback address for DNS (default 127.0.0.1:5300)", JA: "DNSのアドレス(既定は 127.0.0.1:5300)"}))
	c.Flags().Var(app.ValueOf(&mail, app.ParseNonEmpty, "ADDR"), "smtp-addr", a.T(codes.Text{
		EN: "loopback address for SMTP (default 127.0.0.1:2525)", JA: "SMTPのアドレス(既定は 127.0.0.1:2525)"}))
	return c
}

func serveLab(ctx context.Context, a *app.App, addr, mail string) error {
	l, err := lab.Open(ctx, lab.Options{Addr: addr})
	if err != nil {
		return notOpened("--addr", "127.0.0.1:5301", err)
	}
	defer l.Close()
	servers, err := l.OpenMail(mail)
	if err != nil {
		return notOpened("--smtp-addr", "127.0.0.1:3525", err)
	}
	if err := app.PrintDocument[report.List](ctx, a, report.Lists, mailServers(servers)); err != nil {
		return err
	}
	a.Tell(codes.Say(codes.Text{EN: "DNS of the lab on {address} (UDP and TCP), its mail servers as listed above; Ctrl-C ends it",
		JA: "ラボのDNS: {address}(UDPとTCP)、メールサーバー: 上記の一覧のとおり。Ctrl-C で終了します"}, codes.Str("address", l.DNSAddr())))
	<-ctx.Done()
	return nil
}

// mailServerLine is where a mail server of the lab is to be found.
type mailServerLine struct {
	Domain string `json:"domain"`
	Host   string `json:"host"`
	Port   uint16 `json:"port"`
	Addr   string `json:"addr"`
}

// mailServerLines lists the mail servers of the lab.
type mailServerLines []mailServerLine

func mailServers(servers []lab.OpenPort) mailServerLines {
	lines := mailServerLines{}
	for _, d := range servers {
		lines = append(lines, mailServerLine(d))
	}
	return lines
}

// Lines is the list for people.
func (list mailServerLines) Lines(*page.Out, page.Options) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s  %-24s %s:%d\n", d.Addr, d.Domain, d.Host, d.Port)
	}
	return b.String()
}

// Rows are the servers one by one.
func (list mailServerLines) Rows() []any { return report.RowsOf(list) }

// notOpened is the error of an address at which the lab cannot be opened; free is one to give instead.
func notOpened(flag, free string, err error) error {
	return &codes.UserError{Place: flag, Cause: err, Says: codes.Say(codes.Text{EN: "the lab cannot be opened there", JA: "そのアドレスではラボを開けません"}),
		Remedy: codes.Say(codes.Text{EN: "give a free address on loopback, such as {address}", JA: "{address} のような、空いているループバックのアドレスを指定してください"}, codes.Str("address", free))}
}
