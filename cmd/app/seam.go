package app

import (
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"todoku/cmd/report/page"
	"todoku/diag/world"
)

// Seam stands between a run and its machine: it keeps what the run reads, asks and prints, or gives what another run had.
type Seam interface {
	World(*world.Options)
	// Open gives what takes the place of a file, unless replaced is false.
	Open(name string) (in io.ReadCloser, size int64, replaced bool, err error)
	Keep(name string, in io.ReadCloser) io.ReadCloser
	Stat(name string) (fs.FileInfo, error)
	Runs(c *cobra.Command) bool // whether this may be run, in a replay
	Report() *page.Copy         // gets the document in JSON; nil: nobody wants it
}

// Stat is os.Stat as the run sees it: a guest sees nothing of this machine.
func Stat(a *App, name string) (fs.FileInfo, error) {
	switch {
	case a.Seam != nil:
		return a.Seam.Stat(name)
	case a.guest != nil:
		return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
	}
	return os.Stat(name)
}

// keepsReport reports whether the document that is printed goes to the seam too.
func keepsReport(a *App) bool { return a.Seam != nil && !a.Apart && a.Seam.Report() != nil }
