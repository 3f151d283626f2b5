// Package replay holds the command that runs a support bundle again.
package replay

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/cmd/usage"
	"todoku/codes"
	"todoku/diag/bundle"
)

// New makes the command `replay`. run runs the command line of the bundle.
func New(a *app.App, run bundles.Runner) *cobra.Command {
	c := a.Command(app.About{
		Use:     "replay FILE",
		Uses:    []string{usage.Format, usage.Output, usage.FailOn},
		MinArgs: 1, MaxArgs: 1,
		Short: codes.Text{EN: "a support bundle again, without any network", JA: "サポート用バンドルの実行を、ネットワークなしで再現します"},
		Long: codes.Text{
			EN: "Runs the command line of a bundle (--bundle) again, with its clock, its files and\nwhat DNS, mail servers and web servers answered then. Nothing is asked, and no\nother file is read. What the bundle does not have is told as unknown.\n--lang, --format, --output, --color and --fail-on take the place of those of the\nrecorded run.",
			JA: "--bundle で保存した実行を、当時の時刻、ファイル、DNS・メールサーバー・ウェブサー\nバーの応答で再現します。どこにも問い合わせず、ほかのファイルも読みません。バンド\nルに記録がないものは「不明」になります。--lang、--format、--output、--color、\n--fail-on は、記録時の指定に代えて使用できます。"},
		Example: codes.Text{
			EN: "  todoku check domain example.jp --bundle case.zip\n  todoku replay case.zip\n  todoku replay case.zip --lang ja -o case.html",
			JA: "  todoku check domain example.jp --bundle case.zip\n  todoku replay case.zip\n  todoku replay case.zip --lang en -o case.html"},
		Exit: []app.ExitLine{
			{Status: app.ExitUsage, Means: codes.Text{EN: "the file is no bundle, or the recorded run had this status", JA: "バンドルではないファイルです(または記録した実行の結果)"}},
		},
	}, nil)
	c.RunE = func(c *cobra.Command, args []string) error {
		b, err := read(c.Context(), a, args[0])
		if err != nil {
			return err
		}
		tell(a, args[0], b)
		return bundles.Replay(c.Context(), a, c, b, run)
	}
	return c
}

// read reads a bundle. The error is a *codes.UserError.
func read(ctx context.Context, a *app.App, name string) (*bundle.Bundle, error) {
	data, err := a.Read(ctx, name, app.Want{Limit: bundle.MaxFile, Remedy: codes.Text{
		EN: "no bundle is that large", JA: "これほど大きなバンドルはありません"}})
	if err != nil {
		return nil, a.ReadError(name, err, codes.Text{EN: "the bundle cannot be read", JA: "バンドルを読めません"},
			codes.Text{EN: "give a file that --bundle wrote", JA: "--bundle で書き出したファイルを指定してください"})
	}
	b, err := bundle.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &codes.UserError{Place: name, Cause: err, Says: codes.Say(codes.Text{EN: "this is no bundle that can be replayed", JA: "再現できるバンドルではありません"}),
			Remedy: codes.Say(codes.Text{EN: "give a file as --bundle wrote it; one of a newer version needs that version", JA: "--bundle で書き出したファイルを、変更せずに指定してください。新しいバージョンで書き出した場合は、そのバージョンを使用してください"})}
	}
	return b, nil
}

// tell says what is replayed.
func tell(a *app.App, name string, b *bundle.Bundle) {
	h := b.Head
	a.Tell(codes.Say(codes.Text{EN: "{name}: recorded on {time} by version {version}: {arguments}",
		JA: "{name}: {time} にバージョン {version} で記録: {arguments}"}, codes.Str("name", name),
		codes.Str("time", h.Started.In(h.Zone.Location()).Format(time.RFC3339)), codes.Start("version", h.Version, 20),
		codes.Start("arguments", strings.Join(h.Args, " "), 200)))
	if !h.Complete {
		a.Tell(codes.Say(codes.Text{EN: "the bundle is incomplete: what it does not have is unknown", JA: "不完全なバンドルです。記録にないものは「不明」になります"}))
	}
	if h.Redacted {
		a.Tell(codes.Say(codes.Text{EN: "the bundle is masked: names such as masked-1 stand for others", JA: "マスクされたバンドルです。masked-1 などは実際の名前の代わりです"}))
	}
	if h.Version != app.Version {
		a.Tell(codes.Say(codes.Text{EN: "this program is version {version}: it may judge otherwise", JA: "このプログラムのバージョンは {version} のため、判定が異なる場合があります"},
			codes.Str("version", app.Version)))
	}
}
