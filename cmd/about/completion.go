package about

import (
	"context"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

func NewCompletion(a *app.App) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	var root func() *cobra.Command
	c := a.Command(app.About{
		Use:     "completion SHELL",
		Uses:    []string{usage.Output},
		Short:   codes.Text{EN: "print the completion script of a shell", JA: "シェルの補完スクリプトを出力します"},
		Long:    codes.Text{EN: "SHELL is bash, zsh, fish or powershell. Let the shell read the output at start.\nbash needs the package bash-completion for it, zsh a call of compinit before.", JA: "SHELL は bash、zsh、fish、powershell のいずれかです。\n出力をシェルの起動時に読み込ませてください。bash では bash-completion\nパッケージ、zsh では事前の compinit の実行が必要です。"},
		Example: codes.Text{EN: "  source <(todoku completion bash)\n  source <(todoku completion zsh)\n  todoku completion fish > ~/.config/fish/completions/todoku.fish", JA: "  source <(todoku completion bash)\n  source <(todoku completion zsh)\n  todoku completion fish > ~/.config/fish/completions/todoku.fish"},
		MinArgs: 1, MaxArgs: 1,
	}, func(ctx context.Context, args []string) error {
		shell, err := app.OneOf(shells...)(args[0])
		if err != nil {
			return err
		}
		return a.Write(ctx, func(w *page.Out) error {
			switch shell {
			case "bash":
				return root().GenBashCompletionV2(w.Writer(), true)
			case "zsh":
				return root().GenZshCompletion(w.Writer())
			case "fish":
				return root().GenFishCompletion(w.Writer(), true)
			}
			return root().GenPowerShellCompletionWithDesc(w.Writer())
		})
	})
	root = c.Root
	c.ValidArgs = shells
	return c
}
