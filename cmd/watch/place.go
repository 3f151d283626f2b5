package watch

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"todoku/cmd/app"
	"todoku/cmd/report/page"
	"todoku/cmd/sendings"
	"todoku/cmd/stores"
	"todoku/codes"
	"todoku/diag/watch/store"
)

// place says where the watched domains are kept.
type place struct {
	stores.Flags // where "" is the default file
}

// add defines --store on a command.
func (p *place) add(a *app.App, fs *pflag.FlagSet) {
	p.Add(a, fs, codes.Text{
		EN: "file or postgres://… of the watched domains\n(default: ~/.local/share/todoku/watch.db)",
		JA: "監視対象を保存するファイルまたは postgres://…\n(既定は ~/.local/share/todoku/watch.db)"})
}

// path is the store as the flag or the default names it.
func (p place) path(a *app.App) (string, error) {
	if p.Where = cmp.Or(p.Where, app.SharedStore(a)); p.Where != "" {
		return p.Where, nil
	}
	dir := sendings.UserDir(a, "XDG_DATA_HOME", ".local", "share")
	if dir == "" {
		return "", codes.Wrong(codes.Say(codes.Text{EN: "there is no place for the watched domains", JA: "監視対象の保存先が決まりません"}),
			codes.Say(codes.Text{EN: "give --store FILE (or TODOKU_STORE)", JA: "--store FILE(または TODOKU_STORE)を指定してください"}))
	}
	return filepath.Join(dir, "watch.db"), nil
}

// isThere reports whether a store is named, or the default one has been made.
func (p place) isThere(a *app.App) bool {
	if p.Where != "" || app.SharedStore(a) != "" {
		return true
	}
	where, err := p.path(a)
	if err != nil {
		return false
	}
	_, err = os.Stat(where)
	return err == nil
}

// ready is a command that means this store: with --store, unless the environment names it, or it has a password.
func (p place) ready(a *app.App, c codes.Command) codes.Command {
	return c.And(codes.Command{Args: p.named(a)})
}

// named is the flag that names this store in commands that are printed, if one is needed.
func (p place) named(a *app.App) []codes.Arg {
	if p.Where == "" || p.Where == a.Env(app.Variable("store")) || store.Redacted(p.Where) != p.Where {
		return nil
	}
	return []codes.Arg{codes.Arg{Flag: "--store", Place: codes.PlaceFile}.With(p.Where)}
}

// nobodyWatched is the error of a store without domains, by the name that people know.
func (p place) nobodyWatched(a *app.App, where string) error {
	return &codes.UserError{Place: where, Says: codes.Say(codes.Text{EN: "no domain is watched yet", JA: "監視しているドメインはまだありません"}),
		Remedy: codes.Say(codes.Text{EN: "{command} adds one", JA: "{command} で追加できます"},
			codes.Typed("command", p.ready(a, codes.Todoku("watch", "add", "DOMAIN"))))}
}

// read opens a store that is there.
func (p place) read(ctx context.Context, a *app.App) (*store.Store, error) {
	where, err := p.path(a)
	if err != nil {
		return nil, err
	}
	if !app.MayReadStore(a, where) {
		return nil, codes.At("--store", app.NoFiles())
	}
	s, err := stores.Open(ctx, a, where, false)
	if stores.IsMissing(err) {
		return nil, p.nobodyWatched(a, where)
	}
	return s, err
}

// write opens a store, and makes it where it is not there.
func (p place) write(ctx context.Context, a *app.App) (*store.Store, error) {
	if a.IsGuest() {
		return nil, codes.At("--store", app.NoFiles())
	}
	where, err := p.path(a)
	if err != nil {
		return nil, err
	}
	return stores.Open(ctx, a, where, true)
}

// errOtherWorld is the kind of the error of a store with domains that were looked at in another world.
var errOtherWorld = errors.New("looked at in another world")

// sameWorld returns an error for a store whose domains were looked at in the lab, and are to be looked at outside of it now, or
// the other way round: all would seem to have changed.
func (p place) sameWorld(ctx context.Context, a *app.App, s *store.Store) error {
	const inLab, outside = "lab", "internet"
	now := outside
	if a.Global.Lab {
		now = inLab
	}
	first, err := s.World(ctx, now)
	if err != nil || first == now {
		return err
	}
	says := codes.Text{EN: "these domains were looked at in the lab", JA: "ラボで確認したドメインの保存先です"}
	if first == outside {
		says = codes.Text{EN: "these domains were looked at outside the lab", JA: "ラボの外で確認したドメインの保存先です"}
	}
	return &codes.UserError{Place: s.Place(), Kind: errOtherWorld, Says: codes.Say(says),
		Remedy: codes.Say(codes.Text{EN: "give another file with --store: what was seen here must stay apart",
			JA: "結果が混ざらないよう、--store で別のファイルを指定してください"})}
}

// style is app.App.Style for documents with commands that read this store.
func (p place) style(a *app.App, w *page.Out, many bool) page.Options {
	o := a.Style(w, many)
	o.Store = p.named(a)
	return o
}

// How many domains a shell is offered, and among how many they are looked for: somebody waits.
const (
	mostOffered = 200
	mostSought  = 2000
)

// complete offers the watched domains that begin with what is typed.
func (p *place) complete(a *app.App) cobra.CompletionFunc {
	return func(c *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		flag, alone := c.Flags().Lookup("store"), pflag.NewFlagSet("", pflag.ContinueOnError)
		alone.AddFlag(flag)
		if err := a.FillFlagSet(c, alone); err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		s, err := p.read(c.Context(), a)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer s.Close()
		var out []cobra.Completion
		for r, err := range s.List(c.Context(), store.Filter{Limit: mostSought}) {
			if err != nil || len(out) == mostOffered {
				break
			}
			if strings.HasPrefix(r.Name, strings.ToLower(typed)) {
				out = append(out, page.Clean(r.Name))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}
