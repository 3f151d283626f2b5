package cmd

import (
	"time"

	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// globals are the flags that every command knows.
type globals struct {
	lang, format, output, color, config string
	resolvers, zones, only, skip        []string
	offline, lab                        bool
	timeout                             time.Duration
	failOn                              threshold
}

func (a *app) addGlobals(root *cobra.Command) {
	g, fs := &a.global, root.PersistentFlags()
	g.failOn = threshold{status: diag.Fail}
	fs.Var(valueOf(&g.lang, oneOf("en", "ja"), "en|ja"), "lang", a.t(codes.Text{
		EN: "language of the output (else from the locale)", JA: "出力の言語(省略時はロケールに従います)"}))
	fs.Var(valueOf(&g.format, parseGiven, "FORMAT"), "format", a.t(codes.Text{
		EN: "form of the output: text (default), json, ndjson", JA: "出力の形式: text(既定)、json、ndjson"}))
	fs.VarP(valueOf(&g.output, parseGiven, "FILE"), "output", "o", a.t(codes.Text{
		EN: "write to FILE instead of standard output", JA: "標準出力ではなく FILE に書き出します"}))
	fs.Var(&servers{&g.resolvers}, "resolver", a.t(codes.Text{
		EN: "DNS server to ask: 192.0.2.53, tcp://…, tls://…,\nhttps://… (repeatable)", JA: "問い合わせるDNSサーバー: 192.0.2.53、tcp://…、\ntls://…、https://…(複数指定可)"}))
	fs.Var(listOf(&g.zones, parseGiven, "FILE"), "zone", a.t(codes.Text{
		EN: "zone file whose answers replace DNS (repeatable)", JA: "DNSの代わりに答えるゾーンファイル(複数指定可)"}))
	fs.BoolVar(&g.offline, "offline", false, a.t(codes.Text{
		EN: "the zone files are all there is; ask nobody", JA: "ゾーンファイルだけを使い、どこにも問い合わせません"}))
	fs.BoolVar(&g.lab, "lab", false, a.t(codes.Text{
		EN: "ask the embedded lab instead of the internet", JA: "インターネットではなく内蔵のラボに問い合わせます"}))
	fs.Var(valueOf(&g.timeout, parseDuration, "TIME"), "timeout", a.t(codes.Text{
		EN: "longest wait for one question (default 5s)", JA: "1つの問い合わせを待つ時間の上限(既定は 5s)"}))
	fs.Var(valueOf(&a.limit, parseDuration, "TIME"), "deadline", a.t(codes.Text{
		EN: "longest time for the whole run (default: none)", JA: "実行全体の時間の上限(既定はなし)"}))
	fs.Var(valueOf(&g.color, oneOf("auto", "always", "never"), "WHEN"), "color", a.t(codes.Text{
		EN: "colours: auto (default), always, never; see NO_COLOR", JA: "色付け: auto(既定)、always、never(NO_COLOR も有効)"}))
	fs.Var(valueOf(&g.failOn, parseThreshold, "STATUS"), "fail-on", a.t(codes.Text{
		EN: "exit with 1 from this status on: fail (default),\nunknown, warn, info, never", JA: "この状態以上で終了ステータスを1にします: fail(既定)、\nunknown、warn、info、never"}))
	fs.Var(listOf(&g.only, parseCheck, "CHECK,…"), "only", a.t(codes.Text{
		EN: "run only these checks", JA: "指定した検査だけを実行します"}))
	fs.Var(listOf(&g.skip, parseCheck, "CHECK,…"), "skip", a.t(codes.Text{
		EN: "leave these checks out", JA: "指定した検査を省きます"}))
	fs.Var(valueOf(&g.config, parseGiven, "FILE"), "config", a.t(codes.Text{
		EN: "YAML file with values for these flags", JA: "フラグの値を書いたYAMLファイル"}))
	fs.BoolP("help", "h", false, a.t(codes.Text{EN: "show this help", JA: "このヘルプを表示します"}))
	root.Flags().Bool("version", false, a.t(codes.Text{EN: "show the version", JA: "バージョンを表示します"}))
}

// parseCheck takes the name of a check.
func parseCheck(s string) (string, error) { return oneOf(checkNames()...)(s) }

func checkNames() []string {
	var names []string
	for _, c := range check.All() {
		names = append(names, c.Name)
	}
	return names
}
