package sources_test

import (
	"context"
	"testing"

	"todoku/diag/resolve"
	"todoku/diag/sources"
)

// deaf is a DNS that answers no question of one name and type.
type deaf struct {
	resolve.Resolver
	name string
	kind resolve.Type
}

func (d deaf) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if name == d.name && t == d.kind {
		return silent{}.Ask(ctx, name, t)
	}
	return d.Resolver.Ask(ctx, name, t)
}

// TestUnknownMailHostsAccuseNobody: where DNS does not tell the mail hosts of the domain, or the address of one, a source may be
// one of them.
func TestUnknownMailHostsAccuseNobody(t *testing.T) {
	t.Parallel()
	f := usual(actor{ips: []string{"192.0.2.100"}, every: 5, mails: 60, spf: enveloped(home, "fail")})
	for _, d := range []deaf{{name: home, kind: resolve.TypeMX}, {name: "mx1." + home, kind: resolve.TypeA}} {
		w := world(t, zone)
		d.Resolver = w.DNS
		w.DNS = d
		_, got := judged(t, f, w, "")
		g := groupOf(got, sources.Unknown)
		if g == nil || g.Mails != got.Fail || g.Reasons[0].ID != sources.DNSSilent {
			t.Errorf("%s %s: %d mails are forged; %+v", d.name, d.kind, got.ByClass[sources.Forger].Mails, g)
		}
	}
}
