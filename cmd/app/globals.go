package app

import (
	"time"

	"github.com/spf13/cobra"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
)

// GlobalFlags are the values of the flags that every command has.
type GlobalFlags struct {
	lang, config string        // read before the command line is parsed, see App.Start
	Format       string        // "" is the default format of the document
	Outputs      []string      // files to write to; "-" is standard output, as is none
	Color        string        // auto, always or never; "" is auto
	Resolvers    []string      // DNS servers to ask; none: those of the system
	Zones        []string      // zone files
	Only, Skip   []string      // names of checks
	offline, Lab bool          // ask nobody; ask the lab
	Timeout      time.Duration // of one question; 0 is the default
	FailOn       Threshold     // from which status on a run exits with 1
	Bundle       string        // file that keeps the run for a replay; "" keeps none
	Redact       bool          // the bundle is masked
}

const bothLanguages = "both" // of --lang: a page has both, everything else is in the language of the locale

// Offline reports whether nobody may be asked.
func (g *GlobalFlags) Offline() bool { return g.offline }

// AddGlobals defines the global flags on a command; their values go to a.Global and a.Limit.
func (a *App) AddGlobals(root *cobra.Command) {
	g, fs := &a.Global, root.PersistentFlags()
	g.FailOn = Threshold{Status: diag.Fail}
	fs.Var(ValueOf(&g.lang, OneOf("en", "ja", bothLanguages), "LANG"), "lang", a.T(codes.Text{
		EN: "language of the output: en, ja (else from the\nlocale); both: HTML with both to choose from", JA: "出力の言語: en、ja(省略時はロケールに従います)。\nboth: 日英を切り替えられるHTML"}))
	fs.Var(ValueOf(&g.Format, ParseNonEmpty, "FORMAT"), "format", a.T(codes.Text{
		EN: "form of the output", JA: "出力の形式"}))
	fs.VarP(SplitOf(&g.Outputs, nil, ParseNonEmpty, "FILE"), "output", "o", a.T(codes.Text{
		EN: "write to FILE, in the format of its extension,\ninstead of standard output (repeatable)", JA: "標準出力ではなく FILE に書き出します\n(形式は拡張子に従います。複数指定可)"}))
	fs.Var(&resolverFlag{&g.Resolvers}, "resolver", a.T(codes.Text{
		EN: "DNS server to ask: 192.0.2.53, tcp://…, tls://…,\nhttps://… (repeatable)", JA: "問い合わせるDNSサーバー: 192.0.2.53、tcp://…、\ntls://…、https://…(複数指定可)"}))
	fs.Var(ListOf(&g.Zones, ParseNonEmpty, "FILE"), "zone", a.T(codes.Text{
		EN: "zone file whose answers replace DNS (repeatable)", JA: "DNSの代わりに答えるゾーンファイル(複数指定可)"}))
	fs.BoolVar(&g.offline, "offline", false, a.T(codes.Text{
		EN: "the zone files are all there is; ask nobody", JA: "ゾーンファイルだけを使い、どこにも問い合わせません"}))
	fs.BoolVar(&g.Lab, "lab", false, a.T(codes.Text{
		EN: "ask the embedded lab instead of the internet", JA: "インターネットではなく内蔵のラボに問い合わせます"}))
	fs.Var(ValueOf(&g.Timeout, ParseDuration, "TIME"), "timeout", a.T(codes.Text{
		EN: "longest wait for one question (default 5s)", JA: "1つの問い合わせを待つ時間の上限(既定は 5s)"}))
	fs.Var(ValueOf(&a.Limit, ParseDuration, "TIME"), "deadline", a.T(codes.Text{
		EN: "longest time for the whole run (default: none)", JA: "実行全体の時間の上限(既定はなし)"}))
	fs.Var(ValueOf(&g.Color, OneOf("auto", "always", "never"), "WHEN"), "color", a.T(codes.Text{
		EN: "colours: auto (default), always, never; see NO_COLOR", JA: "色付け: auto(既定)、always、never(NO_COLOR も有効)"}))
	fs.Var(ValueOf(&g.FailOn, ParseThreshold, "STATUS"), "fail-on", a.T(codes.Text{
		EN: "exit with 1 from this status on: fail (default),\nunknown, warn, info, never", JA: "この状態以上で終了ステータスを1にします: fail(既定)、\nunknown、warn、info、never"}))
	fs.Var(ListOf(&g.Only, parseCheck, "CHECK,…"), "only", a.T(codes.Text{
		EN: "run only these checks", JA: "指定した検査だけを実行します"}))
	fs.Var(ListOf(&g.Skip, parseCheck, "CHECK,…"), "skip", a.T(codes.Text{
		EN: "leave these checks out", JA: "指定した検査を省きます"}))
	fs.Var(ValueOf(&g.Bundle, ParseNonEmpty, "FILE"), "bundle", a.T(codes.Text{
		EN: "also keep the run in FILE, for support (see replay)", JA: "実行の記録を FILE に保存します(replay で再現)"}))
	fs.BoolVar(&g.Redact, "redact", false, a.T(codes.Text{
		EN: "with --bundle: mask addresses and texts of mails", JA: "--bundle の記録でアドレスや本文をマスクします"}))
	fs.Var(ValueOf(&g.config, ParseNonEmpty, "FILE"), "config", a.T(codes.Text{
		EN: "YAML file with values for these flags", JA: "フラグの値を書いたYAMLファイル"}))
	fs.BoolP("help", "h", false, a.T(codes.Text{EN: "show this help", JA: "このヘルプを表示します"}))
	root.Flags().Bool("version", false, a.T(codes.Text{EN: "show the version", JA: "バージョンを表示します"}))
}

// parseCheck takes the name of a check.
func parseCheck(s string) (string, error) { return OneOf(CheckNames()...)(s) }

// parseDomainCheck takes the name of a check that a domain can have.
func parseDomainCheck(s string) (string, error) { return OneOf(check.DomainNames()...)(s) }

// CheckNames lists the names of all checks, in the order in which they run.
func CheckNames() []string {
	var names []string
	for _, c := range check.All() {
		names = append(names, c.Name)
	}
	return names
}
