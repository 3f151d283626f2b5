package app

import (
	"context"
	"errors"

	"todoku/codes"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

// ErrNoZone is the kind of the error that OpenWorld gives for --offline without zone files.
var ErrNoZone = errors.New("nothing to ask")

// OpenWorld opens the world that the global flags name: DNS servers, zone files or the lab. o holds what the command adds.
// The error is a *codes.UserError where flags or zone files are wrong, else one of the network.
func (a *App) OpenWorld(ctx context.Context, o world.Options) (*world.World, error) {
	g := a.Global
	if g.Lab && g.offline {
		return nil, codes.Wrong(codes.Say(codes.Text{EN: "--lab and --offline exclude each other", JA: "--lab と --offline は同時に指定できません"}),
			codes.Say(codes.Text{EN: "the lab is asked over loopback; leave --offline out", JA: "ラボにはループバックで問い合わせます。--offline を外してください"}))
	}
	if g.offline && len(g.Zones) == 0 {
		return nil, &codes.UserError{Kind: ErrNoZone, Says: codes.Say(codes.Text{EN: "--offline without --zone is an empty world", JA: "--zone のない --offline では何も調べられません"}),
			Remedy: codes.Say(codes.Text{EN: "give the zone files that are to be the world: --zone FILE", JA: "調べる対象のゾーンファイルを --zone FILE で指定してください"})}
	}
	o.Timeout, o.Offline, o.Lab, o.Servers, o.Now = g.Timeout, g.offline, g.Lab, g.Resolvers, a.Now
	if a.Seam != nil {
		a.Seam.World(&o)
	}
	if a.guest != nil && a.guest.host.Shared.World != nil {
		return a.guest.host.Shared.World(ctx, o)
	}
	if a.guest != nil {
		o.Public = a.guest.host.Shared.Public
	}
	for _, file := range g.Zones {
		z, err := a.readZone(ctx, file)
		if err != nil {
			return nil, err
		}
		o.Zones = append(o.Zones, z)
	}
	w, err := world.Open(ctx, o)
	if err != nil && !errors.Is(err, world.ErrNobody) {
		return nil, codes.At("--resolver", err)
	}
	return w, err
}

// readZone reads one zone file (RFC 1035 §5). The error is a *codes.UserError, or the end of the run.
func (a *App) readZone(ctx context.Context, file string) (*resolve.Zone, error) {
	if a.guest != nil && a.guest.zones[file] != nil {
		return a.guest.zones[file], nil
	}
	unread := func(err error) error {
		return a.ReadError(file, err, codes.Text{EN: "the zone file cannot be read", JA: "ゾーンファイルを読めません"},
			codes.Text{EN: "give a readable file with --zone", JA: "--zone で読めるファイルを指定してください"})
	}
	f, err := a.Open(ctx, file, Want{Text: true})
	if err != nil {
		return nil, unread(err)
	}
	defer f.Close()
	z, err := resolve.ParseZone(f, file)
	var fault *codes.UserError
	switch {
	case f.failed() || err != nil && ctx.Err() != nil:
		return nil, unread(err)
	case errors.As(err, &fault):
		return nil, err
	case err != nil:
		return nil, &codes.UserError{Place: "--zone", Cause: err, Says: codes.Say(codes.Text{EN: "this is no zone file", JA: "ゾーンファイルに誤りがあります"}),
			Remedy: codes.Say(codes.Text{EN: "write a record a line, NAME TTL IN TYPE VALUE, with $ORIGIN before relative names (RFC 1035 §5)",
				JA: "「名前 TTL IN 種別 値」の形で1行に1レコードを書き、相対名の前には $ORIGIN を置いてください(RFC 1035 §5)"})}
	}
	return z, nil
}
