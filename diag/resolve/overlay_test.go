package resolve_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"todoku/diag/resolve"
)

const todayZone = `$ORIGIN a.test.
@       60 IN SOA ns hostmaster 1 7200 3600 1209600 300
@       60 IN NS ns
@       60 IN MX 10 mx
@       60 IN TXT "v=spf1 -all"
mx      60 IN A 192.0.2.25
alias   60 IN CNAME target
target  60 IN TXT "today"
target  60 IN A 192.0.2.1
out     60 IN CNAME broken
`

// today is the world of a zone; questions about the name broken.a.test fail, and what was asked is counted.
type today struct {
	resolve.Resolver
	asked int
}

func newToday(t *testing.T) *today {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(todayZone), "today.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return &today{Resolver: c}
}

func (w *today) Ask(ctx context.Context, name string, typ resolve.Type) (resolve.Answer, error) {
	w.asked++
	if strings.HasPrefix(name, "broken.") || strings.HasPrefix(name, "out.") && typ != resolve.TypeCNAME {
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: typ.String()}
	}
	return w.Resolver.Ask(ctx, name, typ)
}

// TestAnOverlayAnswersForItsSetsAlone: for all else, and behind aliases that lead out of it, the other resolver is asked.
func TestAnOverlayAnswersForItsSetsAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set, ask string
		typ      resolve.Type
		want     string // "found TEXT chain…", "nodata", "noname", "error"
	}{
		{"a.test TXT new", "A.TEST.", resolve.TypeTXT, "found new"},
		{"a.test TXT new", "a.test", resolve.TypeMX, "found 10 mx.a.test"},
		{"a.test TXT", "a.test", resolve.TypeTXT, "nodata"},
		{"none.a.test TXT", "none.a.test", resolve.TypeTXT, "noname"},
		{"_dmarc.a.test TXT x", "_dmarc.a.test", resolve.TypeTXT, "found x"},
		{"_dmarc.a.test TXT x", "_dmarc.a.test", resolve.TypeA, "nodata"},    // the name exists now
		{"x.new.a.test TXT x", "new.a.test", resolve.TypeTXT, "nodata"},      // and so does what is above it
		{"x.new.a.test TXT x", "y.new.a.test", resolve.TypeTXT, "noname"},    // but nothing beside it
		{"broken.a.test TXT x", "broken.a.test", resolve.TypeTXT, "found x"}, // what is set need not be asked
		{"broken.a.test TXT", "broken.a.test", resolve.TypeTXT, "nodata"},
		{"a.test TXT new", "broken.a.test", resolve.TypeTXT, "error"},
		{"broken.a.test TXT new", "broken.a.test", resolve.TypeMX, "error"}, // ignorance of the rest stays
		// Aliases of today that lead into the change, and those of the change that lead out of it.
		{"target.a.test TXT new", "alias.a.test", resolve.TypeTXT, "found new target.a.test"},
		{"target.a.test TXT new", "alias.a.test", resolve.TypeA, "found 192.0.2.1 target.a.test"},
		{"target.a.test TXT", "alias.a.test", resolve.TypeTXT, "nodata target.a.test"},
		{"alias.a.test CNAME mx.a.test", "alias.a.test", resolve.TypeA, "found 192.0.2.25 mx.a.test"},
		{"alias.a.test CNAME mx.a.test", "alias.a.test", resolve.TypeCNAME, "found mx.a.test"},
		{"a.test CNAME alias.a.test", "a.test", resolve.TypeTXT, "found today alias.a.test target.a.test"},
		{"alias.a.test CNAME", "alias.a.test", resolve.TypeTXT, "nodata"},
		{"alias.a.test TXT", "alias.a.test", resolve.TypeTXT, "found today target.a.test"}, // the alias still leads there
		{"new.a.test CNAME none.a.test", "new.a.test", resolve.TypeTXT, "noname none.a.test"},
		{"new.a.test CNAME broken.a.test", "new.a.test", resolve.TypeTXT, "error"},
		// Circles end.
		{"new.a.test CNAME new.a.test", "new.a.test", resolve.TypeTXT, "nodata new.a.test"},
		{"target.a.test CNAME alias.a.test", "alias.a.test", resolve.TypeTXT, "nodata target.a.test"},
		{"target.a.test CNAME alias.a.test", "target.a.test", resolve.TypeTXT, "nodata alias.a.test"},
	} {
		a, err := resolve.NewOverlay(newToday(t), sets(t, c.set)).Ask(t.Context(), c.ask, c.typ)
		got := map[resolve.Status]string{resolve.Found: "found", resolve.NoData: "nodata", resolve.NoName: "noname"}[a.Status]
		for _, r := range a.Records {
			got += " " + r.Value(c.typ)
		}
		got = strings.Join(append([]string{got}, a.Chain...), " ")
		if err != nil {
			got = "error"
		}
		if got != c.want {
			t.Errorf("%s, asked for %s %s: %q (%v), want %q", c.set, c.ask, c.typ, got, err, c.want)
		}
		if err == nil && (a.Name != strings.ToLower(strings.TrimSuffix(c.ask, ".")) || a.Type != c.typ) {
			t.Errorf("%s, asked for %s: %+v", c.set, c.ask, a)
		}
	}
}

// TestALongChainOfAliasesEnds: aliases that are set end at the bound, as an error.
func TestALongChainOfAliasesEnds(t *testing.T) {
	t.Parallel()
	var texts []string
	for i := range 26 {
		texts = append(texts, string(rune('a'+i))+".test CNAME "+string(rune('b'+i))+".test")
	}
	texts[25] = "z.test TXT end"
	o := resolve.NewOverlay(newToday(t), sets(t, texts...))
	var fail *resolve.Error
	if a, err := o.Ask(t.Context(), "a.test", resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != resolve.KindLoop {
		t.Errorf("%+v %v", a, err)
	}
	if a, err := o.Ask(t.Context(), "q.test", resolve.TypeTXT); err != nil || a.Texts()[0] != "end" || len(a.Chain) != 9 {
		t.Errorf("%+v %v", a, err)
	}
}

// signed says of all answers that DNSSEC secures them, or is silent.
type signed struct {
	*today
	secure, silent bool
}

func (s *signed) Ask(ctx context.Context, name string, typ resolve.Type) (resolve.Answer, error) {
	a, err := s.today.Ask(ctx, name, typ)
	if s.silent {
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindTimeout}
	}
	a.Authentic, a.FromFile, a.Server = s.secure, false, "192.0.2.53:53"
	return a, err
}

// TestAZoneStaysSignedWhateverChangesInIt: DNSSEC secures what is set as it secures what the name has today, and where that is
// not known, an answer is as one of a zone file.
func TestAZoneStaysSignedWhateverChangesInIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ set, ask string }{{"_25._tcp.mx.a.test TLSA 3 1 1 ab", "_25._tcp.mx.a.test"},
		{"_25._tcp.mx.a.test CNAME tlsa.a.test", "_25._tcp.mx.a.test"}} {
		for _, world := range []signed{{secure: true}, {}, {silent: true}} {
			world.today = newToday(t)
			a, err := resolve.NewOverlay(&world, sets(t, c.set, "tlsa.a.test TLSA 3 1 1 cd")).Ask(t.Context(), c.ask, resolve.TypeTLSA)
			if err != nil || a.Authentic != world.secure || a.FromFile != world.silent {
				t.Errorf("%s, %+v: %+v %v", c.set, world, a, err)
			}
		}
	}
}

// TestAnOverlayAsksNothingForItsSets: for the texts among them, and names that cannot be asked are refused as everywhere.
func TestAnOverlayAsksNothingForItsSets(t *testing.T) {
	t.Parallel()
	w := newToday(t)
	o := resolve.NewOverlay(w, sets(t, "a.test TXT x"))
	if _, err := o.Ask(t.Context(), "a.test", resolve.TypeTXT); err != nil || w.asked != 0 {
		t.Errorf("asked %d times: %v", w.asked, err)
	}
	var fail *resolve.Error
	if _, err := o.Ask(t.Context(), "a..test", resolve.TypeTXT); !errors.As(err, &fail) || fail.Kind != resolve.KindName || w.asked != 0 {
		t.Errorf("%v", err)
	}
	if _, err := o.AskUnchecked(t.Context(), "a.test", resolve.TypeTXT); !errors.As(err, &fail) {
		t.Errorf("a resolver that cannot be asked so: %v", err)
	}
}
