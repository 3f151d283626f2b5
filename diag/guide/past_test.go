package guide_test

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"todoku/diag/guide"
	"todoku/diag/resolve"
	"todoku/diag/watch"
	"todoku/diag/watch/past"
)

// deaf is a DNS in which one name is not answered for.
type deaf struct {
	resolve.Resolver
	name string
}

func (d deaf) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if name == d.name {
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String(), Server: "192.0.2.53"}
	}
	return d.Resolver.Ask(ctx, name, t)
}

// TestWhatVanishedIsMendedOnlyWhenItIsBack: a key is asked for itself, not only those that are found now.
func TestWhatVanishedIsMendedOnlyWhenItIsBack(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const key = "s20._domainkey.kaisha.example" // no usual selector
	there := kaisha + "s20._domainkey.kaisha 300 IN TXT \"v=DKIM1; k=ed25519; p=GFNSj0DLrPEVvJ5RpUvkExstdjUCwTgOjqus6/+R3c8=\"\n"
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	at := func(h, m int) time.Time { return time.Date(2026, 3, 2, h, m, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		zone, silent string
		status       guide.Status
		mended       bool
	}{
		"still gone": {kaisha, "", guide.Confirmed, false},
		"back":       {there, "", guide.Confirmed, true},
		"silence":    {there, key, guide.Open, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := world(t, c)
			env.DNS, env.SMTP, env.Now = deaf{closed(t, test.zone), test.silent}, nil, func() time.Time { return now }
			env.Past = func(_ context.Context, domain string, _, _ time.Time) (past.History, error) {
				if domain != "kaisha.example" {
					return past.History{}, guide.ErrNoPast
				}
				set := watch.Value{Name: key, Type: "TXT", First: at(0, 0), Values: []string{"v=DKIM1; k=ed25519; p=A"}}
				return past.History{Domain: domain, Looked: at(10, 0), Past: []watch.Past{{Value: set, Last: at(8, 0)}},
					State: watch.State{Values: []watch.Value{{Name: key, Type: "TXT", First: at(9, 0), Values: []string{}}}}}, nil
			}
			k := guide.Read(c, "550 5.7.20 No passing DKIM signature found")
			k.From, k.MailFrom, k.To, k.IP = "news@kaisha.example", "news@kaisha.example", "user@saki.example", netip.MustParseAddr("192.0.2.7")
			k.Time = at(9, 7)
			k.Settle()
			o := outcomeOf(t, guide.Run(t.Context(), env, k), "dkim-broken")
			if o.Status != test.status {
				t.Errorf("%v, want %v", o.Status, test.status)
			}
			told := false
			for _, p := range o.Proofs {
				if p.Past != nil {
					told = true
					if p.Past.Stands() == test.mended {
						t.Errorf("told as mended between %v and %v", p.Past.MendedSince, p.Past.MendedUntil)
					}
				}
			}
			if !told {
				t.Errorf("the change is not told: %+v", o.Proofs)
			}
		})
	}
}
