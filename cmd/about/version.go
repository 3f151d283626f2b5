// Package about holds the commands that tell of todoku itself: help, version, completion, man pages.
package about

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"todoku/cmd/app"
	"todoku/cmd/report"
	"todoku/cmd/report/page"
	"todoku/codes"
)

// build says which program this is (schema todoku/version/1).
type build struct {
	Schema   string `json:"schema"`
	Name     string `json:"name"`
	Version  string `json:"version"`
	Revision string `json:"revision"` // of the source, where it was built in a checkout
	Modified bool   `json:"modified"` // the checkout had changes of its own
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func NewVersion(a *app.App) *cobra.Command {
	return a.Command(app.About{
		Use:     "version",
		Formats: report.Lists.Formats(),
		Short:   codes.Text{EN: "show which todoku this is", JA: "todoku のバージョンを表示します"},
		Long:    codes.Text{EN: "Shows the version, the revision of the source and the Go release that built it.", JA: "バージョン、ソースのリビジョン、ビルドに使ったGoのバージョンを表示します。"},
		Example: codes.Text{EN: "  todoku version\n  todoku version --format json", JA: "  todoku version\n  todoku version --format json"},
	}, func(ctx context.Context, _ []string) error {
		return app.PrintDocument[report.List](ctx, a, report.Lists, ThisBuild())
	})
}

func ThisBuild() build {
	b := build{Schema: "todoku/version/1", Name: "todoku", Version: app.Version, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

// Lines is the version for people.
func (b build) Lines(*page.Out, page.Options) string {
	source := ""
	if len(b.Revision) >= 12 {
		source = b.Revision[:12]
		if b.Modified {
			source += "+"
		}
		source += ", "
	}
	return fmt.Sprintf("%s %s (%s%s %s/%s)\n", b.Name, b.Version, source, b.Go, b.OS, b.Arch)
}
