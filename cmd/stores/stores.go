// Package stores opens the store of watched domains that a command means. It also serves groups that keep there what became of
// mails, and that ask what changed before.
package stores

import (
	"context"
	"errors"
	"io/fs"
	"os"

	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/bundles"
	"todoku/codes"
	"todoku/diag/watch/store"
)

// Flags are the flags that say where the store is.
type Flags struct {
	Where string // --store: a file, or the address of a server; "" is none
}

// Add defines --store on a command. says is what it is for there.
func (f *Flags) Add(a *app.App, fs *pflag.FlagSet, says codes.Text) {
	fs.Var(app.ValueOf(&f.Where, app.ParseNonEmpty, "FILE"), "store", a.T(says))
}

// Open opens the store. It is nil where none is named. With write the file is made where it is not there; else that is an error.
// A guest has no store, and neither has a run whose questions are kept in a bundle, or that is played again from one.
func (f Flags) Open(ctx context.Context, a *app.App, write bool) (*store.Store, error) {
	if f.Where == "" {
		return nil, nil
	}
	if (a.IsGuest() || a.Seam != nil) && a.Filled("store") {
		return nil, nil
	}
	if a.IsGuest() {
		return nil, codes.At("--store", app.NoFiles())
	}
	if err := bundles.Refuse(a, "--store"); err != nil {
		return nil, err
	}
	return Open(ctx, a, f.Where, write)
}

// Open opens the store at a place, whoever asks. With write the file is made where it is not there; else that is an error.
func Open(ctx context.Context, a *app.App, where string, write bool) (*store.Store, error) {
	if _, err := os.Stat(where); !write && store.IsFile(where) && errors.Is(err, fs.ErrNotExist) {
		return nil, &codes.UserError{Place: where, Kind: errNone, Says: codes.Say(codes.Text{EN: "there is no such store", JA: "この保存先はありません"}),
			Remedy: codes.Say(codes.Text{EN: "give the store of {command}", JA: "{command} の保存先を指定してください"},
				codes.Typed("command", codes.Todoku("watch", "add", "DOMAIN")))}
	}
	return store.Open(ctx, where, store.Options{Now: a.Now})
}

// IsMissing reports whether an error of Open is that nobody has made the store yet.
func IsMissing(err error) bool { return errors.Is(err, errNone) }

// errNone is the kind of the error of a store that nobody has made yet.
var errNone = errors.New("no store yet")
