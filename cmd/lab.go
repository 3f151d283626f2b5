package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag/resolve"
)

func newLab(a *app) *cobra.Command {
	list := a.command(page{
		use:     "list",
		short:   codes.Text{EN: "list the domains of the lab", JA: "ラボのドメインを一覧表示します"},
		long:    codes.Text{EN: "Shows each situation, the delivery code that it leads to and the command to try.", JA: "それぞれの状況、メール配信コード、試すためのコマンドを表示します。"},
		example: codes.Text{EN: "  todoku lab list\n  todoku lab list --format json", JA: "  todoku lab list\n  todoku lab list --format json"},
	}, func(context.Context, []string) error { return nil })
	return a.group(page{
		use:     "lab COMMAND",
		short:   codes.Text{EN: "the embedded internet where every failure can be met", JA: "あらゆる失敗を試せる内蔵のインターネット"},
		long:    codes.Text{EN: "The lab is a DNS server on loopback whose domains, all under .test, show one\ndocumented situation each. --lab makes any command use it.", JA: "ラボはループバックで動くDNSサーバーです。.test 以下の各ドメインが、文書化された\n状況を1つずつ再現します。どのコマンドも --lab を付けるとラボを使います。"},
		example: codes.Text{EN: "  todoku lab list\n  todoku --lab check domain healthy.test", JA: "  todoku lab list\n  todoku --lab check domain healthy.test"},
	}, list)
}

func (a *app) startLab(o *resolve.Options) (stop func(), err error) {
	return nil, exitBlind
}
