package app

import (
	"bytes"
	"context"
	"io"
	"io/fs"

	"github.com/spf13/pflag"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

// Shared is what all guests of an app share. Its zero value shares nothing: each guest opens a world of its own.
type Shared struct {
	World   func(context.Context, world.Options) (*world.World, error) // opens the world of the host; nil: as the flags say
	Public  bool                                                       // connect to public addresses only, where World is nil
	History string                                                     // the one history that guests may read; "" is none
	Store   string                                                     // the one store of watched domains that they may read
}

// guest is what confines a command line that somebody else asked for.
type guest struct {
	host    *App
	zones   map[string]*resolve.Zone // of the host, by the name of their file
	written map[string]*memory       // what --output names
}

// maxWritten bounds one output that is kept in memory, in octets.
const maxWritten = 32 << 20

// Guest makes the App of a command line that somebody else asked for, a program or a browser. It opens no file of this
// machine by its name and writes none: what --output names is kept in memory (Written). It sees no environment. The world,
// the language and the checks are those that a's global flags name, where the command line names no others; a's zone files
// are those that ReadZones has read.
func (a *App) Guest(stdin io.Reader, stdout, stderr *page.Out) *App {
	g := &App{Stdin: stdin, Stdout: stdout, Stderr: stderr, Now: a.Now, Load: a.Load, Limit: a.Limit}
	g.Env = func(name string) string {
		if name == "TZ" {
			return a.Env(name)
		}
		return ""
	}
	g.guest = &guest{host: a, zones: a.zones, written: map[string]*memory{}}
	return g
}

// MayRead reports whether the history of a file may be read: a guest reads the one that is shared.
func MayRead(a *App, history string) bool {
	return a.guest == nil || history != "" && history == a.guest.host.Shared.History
}

// SharedStore is the store of watched domains that a guest reads where none is named; "" for others.
func SharedStore(a *App) string {
	if a.guest == nil {
		return ""
	}
	return a.guest.host.Shared.Store
}

// MayReadStore is MayRead for a store of watched domains.
func MayReadStore(a *App, store string) bool {
	return a.guest == nil || store != "" && store == a.guest.host.Shared.Store
}

// IsGuest reports whether this is the app of a guest.
func (a *App) IsGuest() bool { return a.guest != nil }

// HasNoLast reports whether --last means nothing to the reader: a guest keeps no diagnosis. A replay says what its run said.
func (a *App) HasNoLast() bool { return a.guest != nil && a.Seam == nil }

// Written is what a guest's command wrote to a file that --output named; nil where it wrote none.
func (a *App) Written(name string) []byte {
	if a.guest == nil || a.guest.written[name] == nil {
		return nil
	}
	return a.guest.written[name].Bytes()
}

// TooLarge reports whether an output of a guest's command was larger than is kept. The outputs after it end there, too.
func (a *App) TooLarge() bool {
	if a.guest == nil {
		return false
	}
	for _, b := range a.guest.written {
		if b.over {
			return true
		}
	}
	return false
}

// ReadZones reads the zone files of --zone, once for all guests.
func ReadZones(ctx context.Context, a *App) error {
	zones := map[string]*resolve.Zone{}
	for _, name := range a.Global.Zones {
		z, err := a.readZone(ctx, name)
		if err != nil {
			return err
		}
		zones[name] = z
	}
	a.zones = zones
	return nil
}

// NoFiles is the error of a guest that names a file.
func NoFiles() error {
	return &codes.UserError{Kind: fs.ErrPermission,
		Says:   codes.Say(codes.Text{EN: "no files of this machine are opened here", JA: "ここでは、このマシンのファイルを開けません"}),
		Remedy: codes.Say(codes.Text{EN: "give the text itself", JA: "ファイル名ではなく、内容そのものを指定してください"})}
}

// write is WriteFile into memory.
func (g *guest) write(ctx context.Context, name string, print func(*page.Out) error) error {
	b := &memory{}
	out := page.To(b).Until(ctx)
	err := OutputError(print(out), name, out)
	g.written[name] = b
	return err
}

// memory holds a number of octets at most.
type memory struct {
	bytes.Buffer
	over bool // there was more
}

func (b *memory) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxWritten {
		b.over = true
		return 0, codes.Wrong(codes.Say(codes.Text{EN: "the answer is larger than {size}", JA: "結果が上限({size})を超えています"},
			codes.Str("size", FormatSize(maxWritten))), codes.Say(codes.Text{EN: "ask for less", JA: "範囲を絞ってください"}))
	}
	return b.Buffer.Write(p)
}

// fill sets what the guest's command line leaves open as the host has it. These values are for all commands, as those of an
// environment.
func (g *guest) fill(a *App, flags *pflag.FlagSet) {
	all, host := a.Global, g.host.Global
	a.Global = host
	a.Global.Format, a.Global.Outputs, a.Global.Color, a.Global.FailOn = all.Format, all.Outputs, all.Color, all.FailOn
	keep := func(name string, given bool, put func()) {
		switch f, o := flags.Lookup(name), g.host.Origins.Of(name); {
		case f != nil && f.Changed:
			put()
			a.Origins[name] = Origin{FromFlag, "--" + name}
		case o.Kind == FromFile:
			a.Origins[name] = o
		case given:
			a.Origins[name] = Origin{FromEnvironment, o.Place}
		}
	}
	keep("resolver", len(host.Resolvers) > 0, func() { a.Global.Resolvers = all.Resolvers })
	keep("zone", len(host.Zones) > 0, func() { a.Global.Zones = all.Zones })
	keep("offline", host.offline, func() { a.Global.offline = all.offline })
	keep("lab", host.Lab, func() { a.Global.Lab = all.Lab })
	keep("timeout", host.Timeout > 0, func() { a.Global.Timeout = all.Timeout })
	keep("only", len(host.Only) > 0, func() { a.Global.Only = all.Only })
	keep("skip", len(host.Skip) > 0, func() { a.Global.Skip = all.Skip })
}
