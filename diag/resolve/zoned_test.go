package resolve_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

const meantZone = `$ORIGIN part.a.test.
@    60 IN SOA ns hostmaster 1 7200 3600 1209600 300
@    60 IN NS ns
@    60 IN TXT "meant"
out  60 IN CNAME target.a.test.
none 60 IN CNAME gone.a.test.
@    60 IN MX 10 mx.a.test.
round 60 IN CNAME round2
round2 60 IN CNAME round
*.wild 60 IN TXT "any"
`

// lone is a zone file without an SOA record: it answers for what it holds alone.
const lone = "a.test. 60 IN TXT \"lone\"\n"

func parsed(t *testing.T, texts ...string) []*resolve.Zone {
	t.Helper()
	var zones []*resolve.Zone
	for _, text := range texts {
		z, err := resolve.ParseZone(strings.NewReader(text), "f.zone")
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, z)
	}
	return zones
}

func closed(t *testing.T, zones []*resolve.Zone) *resolve.Client {
	t.Helper()
	c, err := resolve.New(resolve.Options{Zones: zones, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestZonesOverAResolverAnswerAsInAClient: the same answers to the same questions.
func TestZonesOverAResolverAnswerAsInAClient(t *testing.T) {
	t.Parallel()
	client := closed(t, parsed(t, meantZone, lone, todayZone))
	over := resolve.NewZoned(closed(t, parsed(t, todayZone)), parsed(t, meantZone, lone))
	for _, name := range []string{"a.test", "A.TEST.", "mx.a.test", "part.a.test", "out.part.a.test", "none.part.a.test", "round.part.a.test",
		"x.wild.part.a.test", "no.part.a.test", "no.a.test", "alias.a.test", "other.test", "ns.part.a.test"} {
		for _, typ := range []resolve.Type{resolve.TypeTXT, resolve.TypeMX, resolve.TypeA, resolve.TypeCNAME} {
			want, errWant := client.Ask(t.Context(), name, typ)
			got, err := over.Ask(t.Context(), name, typ)
			say := func(a resolve.Answer) string {
				return fmt.Sprint(a.Name, a.Type, a.Status, a.Records, a.Chain, a.FromFile)
			}
			if say(got) != say(want) || (err == nil) != (errWant == nil) {
				t.Errorf("%s %s: %s %v, want %s %v", name, typ, say(got), err, say(want), errWant)
			}
		}
	}
	if a, err := over.AskUnchecked(t.Context(), "other.test", resolve.TypeTXT); err != nil || a.Status != resolve.NoName {
		t.Errorf("%+v %v", a, err)
	}
}

// deaf answers nothing.
type deaf struct{}

func (deaf) Ask(_ context.Context, name string, typ resolve.Type) (resolve.Answer, error) {
	return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout, Name: name, Type: typ.String()}
}

// TestSilenceBehindAZoneStaysSilence: what the zone does not know is as unknown as before.
func TestSilenceBehindAZoneStaysSilence(t *testing.T) {
	t.Parallel()
	over := resolve.NewZoned(deaf{}, parsed(t, meantZone, lone))
	var fail *resolve.Error
	for _, name := range []string{"other.test", "out.part.a.test"} {
		if a, err := over.Ask(t.Context(), name, resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != resolve.KindTimeout {
			t.Errorf("%s: %+v %v", name, a, err)
		}
	}
	if a, err := over.Ask(t.Context(), "part.a.test", resolve.TypeTXT); err != nil || a.Texts()[0] != "meant" {
		t.Errorf("%+v %v", a, err)
	}
}

// TestTheSetsOfAZone: those of the domain and below, by name; what a whole zone lacks is gone.
func TestTheSetsOfAZone(t *testing.T) {
	t.Parallel()
	types := []resolve.Type{resolve.TypeTXT, resolve.TypeMX, resolve.TypeCNAME}
	gone := resolve.Set{Name: "_dmarc.part.a.test", Type: resolve.TypeTXT}
	for _, c := range []struct{ zone, domain, want string }{
		{meantZone, "part.a.test", "none.part.a.test CNAME 1, out.part.a.test CNAME 1, part.a.test TXT 1, part.a.test MX 1, " +
			"round.part.a.test CNAME 1, round2.part.a.test CNAME 1, _dmarc.part.a.test TXT 0"},
		{meantZone, "out.part.a.test", "out.part.a.test CNAME 1, _dmarc.part.a.test TXT 0, part.a.test TXT 0"},
		{lone, "a.test", "a.test TXT 1"},
		{lone, "b.test", ""},
	} {
		z := parsed(t, c.zone)[0]
		var got []string
		for _, s := range z.Sets(c.domain, types, gone, resolve.Set{Name: "part.a.test", Type: resolve.TypeTXT}) {
			got = append(got, fmt.Sprintf("%s %s %d", s.Name, s.Type, len(s.Records)))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: %q, want %q", c.domain, got, c.want)
		}
	}
}
