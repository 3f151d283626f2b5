// Package watch holds the commands that look at many domains again and again, and tell what changed.
package watch

import (
	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/codes"
)

// New makes the group `watch` with its commands.
func New(a *app.App) *cobra.Command {
	return a.Group(app.About{
		Use:   "watch COMMAND",
		Short: codes.Text{EN: "look at many domains again and again, and tell what changed", JA: "多数のドメインを定期的に確認し、変化を知らせます"},
		Long: codes.Text{
			EN: "Domains are kept in a store: a file, or a PostgreSQL database that several machines\nshare (--store). `once` looks at all of them, for cron; `run` goes on looking,\neach domain once in its interval, and sends alerts; `work` helps it on another\nmachine. A change is told once. What could not be looked at is neither mended nor\nmissing: it is unknown since a time.",
			JA: "ドメインは、ファイルまたは複数のコンピューターで共有するPostgreSQLに登録します\n(--store)。once はすべてを1回確認します(cron向け)。run は間隔ごとに確認を続け、\n変化を通知します。work は別のコンピューターで run を手伝います。同じ変化を知らせる\nのは1回だけです。確認できなかったものは、解消や消失とはみなさず、「確認できず」と\nして扱います。"},
		Example: codes.Text{
			EN: "  todoku watch add example.jp example.com\n  todoku watch once\n  todoku watch show example.jp\n  todoku watch run",
			JA: "  todoku watch add example.jp example.com\n  todoku watch once\n  todoku watch show example.jp\n  todoku watch run"},
	}, newAdd(a), newRemove(a), newList(a), newImport(a), newRun(a), newWork(a), newOnce(a), newStatus(a), newShow(a), newReport(a))
}
