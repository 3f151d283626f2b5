// Package config holds the commands about the config file: config check, show, init.
package config

import (
	"context"
	"errors"
	"io/fs"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/settings"
	"todoku/codes"
)

// New makes the group. tree makes all commands, to try values with.
func New(a *app.App, tree func(*app.App) *cobra.Command) *cobra.Command {
	return a.Group(app.About{
		Use:   "config COMMAND",
		Short: codes.Text{EN: "the config file: check it, show what is in force, begin one", JA: "設定ファイルの検査・表示・作成"},
		Long: codes.Text{
			EN: "The config file, todoku.yaml, holds values of flags, what is known of your domains,\nand rules that may be broken until a day. It is found by --config, by\nTODOKU_CONFIG, or in the working directory.",
			JA: "設定ファイル(todoku.yaml)には、フラグの値、ドメインごとの情報、期限付きで除外する\nルールを書きます。--config、TODOKU_CONFIG、現在のディレクトリの順に探します。"},
		Example: codes.Text{
			EN: "  todoku config init example.jp -o todoku.yaml\n  todoku config check\n  todoku config show --domain example.jp",
			JA: "  todoku config init example.jp -o todoku.yaml\n  todoku config check\n  todoku config show --domain example.jp"},
	}, newCheck(a, tree), newShow(a), newInit(a))
}

// noFile turns the error of a config file that nobody named and that is not there into one that says what to do.
func noFile(a *app.App, name string, err error) error {
	if a.ConfigFile != "" || name != settings.Name || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return &codes.UserError{Place: name, Says: codes.Say(codes.Text{EN: "there is no config file here", JA: "ここに設定ファイルはありません"}),
		Remedy: codes.Say(codes.Text{EN: "make one by {command}, or name it", JA: "{command} で作成するか、ファイル名を指定してください"},
			codes.Typed("command", codes.Todoku("config", "init")))}
}

// read reads a config file of any name.
func read(ctx context.Context, a *app.App, name string) (*settings.File, []settings.Fault, error) {
	file, faults, err := app.ReadSettings(ctx, a, name)
	return file, faults, noFile(a, name, err)
}
