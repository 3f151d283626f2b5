package guide_test

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	"todoku/diag/guide"
	"todoku/diag/resolve"
)

// failing answers like another resolver, but for some questions.
type failing struct {
	resolve.Resolver
	fails func(name string, t resolve.Type) resolve.Kind // "" where it answers
}

func (f failing) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if kind := f.fails(name, t); kind != "" {
		return resolve.Answer{}, &resolve.Error{Kind: kind, Name: name, Type: t.String(), Server: "192.0.2.53:53",
			Rcode: strings.ToUpper(string(kind))}
	}
	return f.Resolver.Ask(ctx, name, t)
}

// TestDNSTrouble: DNS trouble of the recipient is confirmed where nothing can be
// found out about the domain; what our own resolver refuses, and what leaves the
// way of the mail open, confirms nothing.
func TestDNSTrouble(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	only := func(kind resolve.Kind, name string, types ...resolve.Type) func(string, resolve.Type) resolve.Kind {
		return func(n string, typ resolve.Type) resolve.Kind {
			for _, t := range types {
				if n == name && typ == t {
					return kind
				}
			}
			return ""
		}
	}
	below := func(kind resolve.Kind, domain string) func(string, resolve.Type) resolve.Kind {
		return func(n string, _ resolve.Type) resolve.Kind {
			if resolve.Within(n, domain) {
				return kind
			}
			return ""
		}
	}
	everything := func(string, resolve.Type) resolve.Kind { return resolve.KindServFail }
	for name, test := range map[string]struct {
		fails func(string, resolve.Type) resolve.Kind
		want  guide.Status
	}{
		"nothing":                     {only("", "", 0), guide.Excluded},
		"the whole domain":            {below(resolve.KindServFail, "saki.example"), guide.Confirmed},
		"all addresses of its host":   {only(resolve.KindServFail, "mx.saki.example", resolve.TypeA, resolve.TypeAAAA), guide.Confirmed},
		"a circle of aliases":         {below(resolve.KindLoop, "saki.example"), guide.Confirmed},
		"IPv6 alone":                  {only(resolve.KindServFail, "mx.saki.example", resolve.TypeAAAA), guide.Open},
		"IPv4 alone":                  {only(resolve.KindServFail, "mx.saki.example", resolve.TypeA), guide.Open},
		"MX alone":                    {only(resolve.KindServFail, "saki.example", resolve.TypeMX), guide.Open},
		"refused by our resolver":     {below(resolve.KindRefused, "saki.example"), guide.Open},
		"NOTIMP and the like":         {below(resolve.KindRcode, "saki.example"), guide.Open},
		"mangled":                     {below(resolve.KindMangled, "saki.example"), guide.Open},
		"silence":                     {below(resolve.KindTimeout, "saki.example"), guide.Open},
		"no descriptors":              {below(resolve.KindDescriptors, "saki.example"), guide.Open},
		"our resolver for everything": {everything, guide.Open},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := world(t, c)
			env.DNS, env.SMTP = failing{closed(t, kaisha), test.fails}, nil
			k := guide.Read(c, "450 4.4.3 DNS lookup failed")
			k.From, k.MailFrom, k.To, k.IP = "news@kaisha.example", "news@kaisha.example", "user@saki.example", netip.MustParseAddr("192.0.2.7")
			k.Settle()
			if got := outcomeOf(t, guide.Run(t.Context(), env, k), "dns-trouble").Status; got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
