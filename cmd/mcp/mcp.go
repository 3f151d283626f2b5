// Package mcp holds the command by which programs use the toolkit: the read-only commands as tools of the Model Context
// Protocol, as JSON-RPC over standard input and output.
//
// A tool is a line of a table (tools.go): its fields, each with the flag that it fills. A call makes a command line of them
// and runs it as a guest (app.Guest), so the answer is that of the terminal. No value of a client becomes a flag or the name
// of a file.
package mcp

import (
	"context"
	"errors"
	"io"
	"time"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/usage"
	"todoku/codes"
)

// Runner runs a command line with an app.
type Runner func(ctx context.Context, a *app.App, args []string) app.ExitStatus

// The bounds of a session.
const (
	maxFrame   = 64 << 20         // octets of one JSON-RPC message
	maxCalls   = 4                // calls at work at once; the others wait
	maxWaiting = 32               // calls that wait; more are refused
	usualLimit = 60 * time.Second // of one call, where --deadline says nothing else
)

// New makes the command. run runs the command lines of the tools.
func New(a *app.App, run Runner) *cobra.Command {
	private := false
	c := a.Command(app.About{
		Use:   "mcp",
		Uses:  []string{usage.World, usage.Checks},
		Short: codes.Text{EN: "the read-only commands as tools for other programs (MCP)", JA: "調査用のコマンドをほかのプログラムから使えるようにします(MCP)"},
		Long: codes.Text{
			EN: "Answers a client of the Model Context Protocol over standard input and output,\na JSON-RPC message a line: an assistant, an editor, a help desk. Its tools are\ndiagnose, explain, triage, check_domain, check_message and what_if. They only\nlook: they send no mail, open no file and keep nothing. A client starts the\ncommand itself; the flags here decide what its calls ask (--resolver, --zone,\n--lab). --deadline bounds each call (default 1m).",
			JA: "Model Context Protocol(MCP)のクライアント(AIアシスタント、エディター、ヘルプデスク\nなど)に、標準入出力で応答します(1行に1つのJSON-RPCメッセージ)。使えるツールは\ndiagnose、explain、triage、check_domain、check_message、what_if です。いずれも調べる\nだけで、メールの送信、ファイルの読み書き、記録は行いません。このコマンドは\nクライアントが起動します。問い合わせ先は、ここで指定したフラグ(--resolver、--zone、\n--lab)に従います。--deadline は呼び出し1回ごとの上限です(既定は 1m)。"},
		Example: codes.Text{
			EN: "  todoku mcp\n  todoku mcp --resolver 192.0.2.53 --deadline 30s\n  todoku --lab mcp",
			JA: "  todoku mcp\n  todoku mcp --resolver 192.0.2.53 --deadline 30s --lang ja\n  todoku --lab mcp"},
		Exit: []app.ExitLine{
			{Status: app.ExitOK, Means: codes.Text{EN: "the client ended the session", JA: "クライアントが接続を終了しました"}},
			{Status: app.ExitUnknown, Means: codes.Text{EN: "a message could not be read", JA: "メッセージを読み取れませんでした"}},
		},
	}, func(ctx context.Context, _ []string) error {
		a.Shared.Public = !private
		return serve(app.Serve(ctx, a), a, run)
	})
	c.Flags().BoolVar(&private, "allow-private", false, a.T(codes.Text{
		EN: "also connect to private addresses", JA: "プライベートアドレスにも接続します"}))
	return c
}

// serve answers one client until it ends the session.
func serve(ctx context.Context, a *app.App, run Runner) error {
	if err := app.ReadZones(ctx, a); err != nil {
		return err
	}
	s := newSession(ctx, a, run)
	server := sdk.NewServer(&sdk.Implementation{Name: "todoku", Title: "todoku", Version: app.Version},
		&sdk.ServerOptions{Instructions: a.T(instructions), Capabilities: &sdk.ServerCapabilities{Tools: &sdk.ToolCapabilities{}}})
	for _, t := range tools() {
		server.AddTool(t.describe(a), s.handler(t))
	}
	streams := &sdk.IOTransport{Reader: io.NopCloser(a.Stdin), Writer: a.Stdout.Messages(), MaxLineLength: maxFrame}
	err := server.Run(ctx, transport{streams})
	switch {
	case errors.Is(context.Cause(ctx), app.ErrInterrupted):
		return app.ExitInterrupted
	case err == nil, errors.Is(err, io.EOF):
		return nil
	}
	return &codes.UserError{Unable: true, Cause: err,
		Says:   codes.Say(codes.Text{EN: "the session with the client ended", JA: "クライアントとの通信が終了しました"}),
		Remedy: codes.Say(codes.Text{EN: "one JSON-RPC message a line, of at most {size}", JA: "1行に1つのJSON-RPCメッセージを送ってください(上限 {size})"}, codes.Str("size", app.FormatSize(maxFrame)))}
}

// instructions tell a model what the tools are for.
var instructions = codes.Text{
	EN: "todoku finds out why mail does not arrive, by looking in DNS and at the receiving servers now. Begin with diagnose where there is an error, a bounce or a delivery code, with check_domain where there is only a sending domain, with triage where there is a log. Each finding has the id of its rule, its evidence, the record to publish and who can change it; explain tells more about an id. A result that is \"unknown\" says that todoku could not look: it is neither good nor bad. Repeat the command of an answer to let a person check it.",
	JA: "todoku は、DNSと受信側のサーバーをその場で調べ、メールが届かない要因を突き止めます。エラー、エラーメール、メール配信コードがあれば diagnose、送信元ドメインだけが分かる場合は check_domain、ログがあれば triage から始めてください。各指摘には、ルールのID、根拠、公開すべきレコード、変更できる担当者が含まれます。IDの意味は explain で確認できます。「unknown」は調べられなかったことを示し、問題の有無は分かりません。回答に含まれるコマンドを実行すると、人が同じ結果を確認できます。"}
