package about

import (
	"strings"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/usage"
	"todoku/codes"
)

// tellFormats lets the help of --format name the formats of a command's document. The flag is one for all commands, so
// this is done just before the help or the manual page of the command is written.
func tellFormats(a *app.App, c *cobra.Command) {
	f := c.Root().PersistentFlags().Lookup("format")
	names := usage.FormatsOf(c)
	if len(names) == 0 {
		f.Usage = a.T(codes.Text{EN: "form of the output: see the help of each command", JA: "出力の形式: 各コマンドのヘルプを参照してください"})
		return
	}
	names[0] += a.T(codes.Text{EN: " (default)", JA: "(既定)"})
	says := a.T(codes.Text{EN: "form of the output: ", JA: "出力の形式: "}) + strings.Join(names, a.T(codes.Text{EN: ", ", JA: "、"}))
	const width = 80 - 27 // a terminal without the column of the flags
	f.Usage = strings.Join(page.Lines(says, width), "\n")
}
