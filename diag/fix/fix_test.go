package fix_test

import (
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/fix"
	"todoku/diag/lab"
	"todoku/diag/resolve"
	"todoku/diag/world"
)

// plans makes the plan of a domain of a world, with all that can be looked at.
func plan(t *testing.T, w *world.World, name string, o check.DomainOptions) *fix.Plan {
	t.Helper()
	target, err := diag.DomainTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	env, checks := w.Run(), check.Domain(o)
	return fix.Make(t.Context(), env, checks, diag.Run(t.Context(), env, target, checks))
}

func open(t *testing.T, o world.Options) *world.World {
	t.Helper()
	var err error
	if o.Replies, err = codes.Load(codes.Files); err != nil {
		t.Fatal(err)
	}
	w, err := world.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

// alsoAPage are rules that want a page of a web server changed besides the record.
var alsoAPage = []string{"mtasts-mx-mismatch"}

// TestPlansMendTheLab: with the records of a plan in place, no finding that asked for one is left that fails, and none
// that fails is new.
func TestPlansMendTheLab(t *testing.T) {
	t.Parallel()
	w := open(t, world.Options{Lab: true, Timeout: time.Second})
	sending := []netip.Addr{netip.MustParseAddr("192.0.2.7")}
	o := check.DomainOptions{SPF: check.SPFOptions{IPs: sending}, PTR: check.PTROptions{IPs: sending}, Receiving: true}
	var changes atomic.Int64
	t.Run("scenarios", func(t *testing.T) {
		for _, s := range lab.Scenarios() {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				p := plan(t, w, s.Name, o)
				changes.Add(int64(len(p.Changes)))
				for _, f := range p.Newly() {
					if f.Rule.Severity == diag.Fail && !slices.Contains(alsoAPage, f.Rule.ID) {
						t.Errorf("%s of %s is new", f.Rule.ID, f.Subject)
					}
				}
				for _, f := range p.Still() {
					if !slices.Contains(alsoAPage, f.Rule.ID) {
						t.Errorf("%s of %s stays", f.Rule.ID, f.Subject)
					}
				}
				for _, c := range p.Changes {
					if len(c.Values) == 0 || len(c.Findings) == 0 || slices.Equal(c.Was, c.Values) || c.TTL < 300 || c.Zone == "" {
						t.Errorf("%+v", c)
					}
				}
			})
		}
	})
	if changes.Load() < 100 {
		t.Errorf("%d changes in all of the lab", changes.Load())
	}
}

// offline is a world of one zone file.
func offline(t *testing.T, text string) *world.World {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(text), "f")
	if err != nil {
		t.Fatal(err)
	}
	return open(t, world.Options{Zones: []*resolve.Zone{z}, Offline: true})
}

// find is the change of a set.
func find(t *testing.T, p *fix.Plan, name, typ string) fix.Change {
	t.Helper()
	i := slices.IndexFunc(p.Changes, func(c fix.Change) bool { return c.Name == name && c.Type == typ })
	if i < 0 {
		t.Fatalf("no change of %s %s: %+v, left %+v", name, typ, p.Changes, p.Left)
	}
	return p.Changes[i]
}

// TestOtherRecordsStay: a set keeps what is for something else, word for word.
func TestOtherRecordsStay(t *testing.T) {
	t.Parallel()
	p := plan(t, offline(t, `$ORIGIN a.test.
@ 7200 SOA ns.a.test. root.a.test. 1 2 3 4 300
@ 7200 TXT "site-check=abc; \"x\" \\ ${y} \200"
@ 7200 TXT "v=spf1 ip4:192.0.2.7 -all"
@ 7200 TXT "v=spf1 ip4:192.0.2.8 -all"
@ 7200 TXT "v=verify1 spf"
_dmarc 60 TXT "v=DMARC1; p=none; rua=mailto:d@a.test"
_dmarc 60 TXT "v=DMARC1; p=none; rua=mailto:d@a.test; sp=none"
_dmarc 60 TXT "v=spf1 -all"
@ 7200 MX 10 mx.a.test.
mx 7200 A 192.0.2.25
`), "a.test", check.DomainOptions{})
	c := find(t, p, "a.test", "TXT")
	want := []string{"site-check=abc; \"x\" \\ ${y} \xc8", "v=verify1 spf", "v=spf1 ip4:192.0.2.7 ip4:192.0.2.8 -all"}
	if !slices.Equal(c.Values, want) || len(c.Was) != 4 || c.TTL != 7200 || c.Zone != "a.test" {
		t.Errorf("%+v, want %q", c, want)
	}
	c = find(t, p, "_dmarc.a.test", "TXT")
	if len(c.Values) != 2 || c.Values[0] != "v=spf1 -all" || !strings.HasPrefix(c.Values[1], "v=DMARC1;") || c.TTL != 300 {
		t.Errorf("%+v", c)
	}
}

// aCheck is a check that offers some records where a TXT record of a name is not as it wants it.
func aCheck(name, at, wanted string, severity diag.Severity) *diag.Check {
	r := &diag.Rule{ID: name, Severity: severity, Owner: diag.OwnerDNS}
	return &diag.Check{Name: name, Rules: []*diag.Rule{r}, Run: func(ctx context.Context, p *diag.Pass) error {
		a, err := p.DNS.Ask(ctx, at, resolve.TypeTXT)
		if err == nil && !slices.Contains(a.Texts(), wanted) {
			p.Report(r, at).Publish(at, "TXT", wanted)
		}
		return err
	}}
}

func made(t *testing.T, env diag.Env, checks ...*diag.Check) *fix.Plan {
	t.Helper()
	target, err := diag.DomainTarget("a.test")
	if err != nil {
		t.Fatal(err)
	}
	return fix.Make(t.Context(), env, checks, diag.Run(t.Context(), env, target, checks))
}

// TestOneRecordWhereSeveralAreOffered: of two records for one place that one is taken after which less is wrong, whoever
// asks first; the other finding is told to stay.
func TestOneRecordWhereSeveralAreOffered(t *testing.T) {
	t.Parallel()
	w := offline(t, "a.test. 60 TXT \"v=spf1 -all\"\n")
	good := "v=spf1 ip4:192.0.2.7 -all"
	p := made(t, w.Run(), aCheck("first", "a.test", "v=spf1 ?all", diag.Warn), aCheck("one", "a.test", good, diag.Warn),
		aCheck("two", "a.test", good, diag.Warn))
	c := find(t, p, "a.test", "TXT")
	if !slices.Equal(c.Values, []string{good}) || len(p.Changes) != 1 {
		t.Errorf("%+v", p.Changes)
	}
	if still := p.Still(); len(still) != 1 || still[0].Rule.ID != "first" {
		t.Errorf("%+v", still)
	}
	if p.Bounded != nil {
		t.Error(p.Bounded)
	}
}

// TestTriesAreBounded: with more ways than are tried, the plan says so.
func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	w := offline(t, "a.test. 60 TXT \"v=spf1 -all\"\n")
	var checks []*diag.Check
	for i := range 30 {
		checks = append(checks, aCheck(fmt.Sprint("c", i), "a.test", fmt.Sprintf("v=spf1 ip4:192.0.2.%d -all", i), diag.Fail))
	}
	if p := made(t, w.Run(), checks...); len(p.Changes) != 1 || len(p.Changes[0].Values) != 1 || p.Bounded == nil {
		t.Errorf("%+v, %v", p.Changes, p.Bounded)
	}
}

// silent does not answer once the checks have run.
type silent struct {
	resolve.Resolver
	asked atomic.Int64
}

func (s *silent) Ask(ctx context.Context, name string, t resolve.Type) (resolve.Answer, error) {
	if s.asked.Add(1) > 1 {
		return resolve.Answer{}, &resolve.Error{Kind: resolve.KindServFail, Name: name, Type: t.String()}
	}
	return s.Resolver.Ask(ctx, name, t)
}

// TestNothingIsPlannedBlindly: where it is not known what stands, or the name is an alias, or holds what is not safe in every
// form, no set is offered, and the plan says why.
func TestNothingIsPlannedBlindly(t *testing.T) {
	t.Parallel()
	w := offline(t, "a.test. 60 TXT \"v=spf1 -all\"\nb.test. 60 CNAME c.test.\nc.test. 60 TXT \"x\"\n")
	for name, c := range map[string]struct {
		env    diag.Env
		check  *diag.Check
		reason fix.Reason
	}{
		"unread":  {diag.Env{DNS: &silent{Resolver: w.DNS}, Now: time.Now}, aCheck("x", "a.test", "v=spf1 ?all", diag.Fail), fix.Unread},
		"alias":   {w.Run(), aCheck("x", "b.test", "v=spf1 ?all", diag.Fail), fix.Alias},
		"strange": {w.Run(), aCheck("x", `a";\.test`, "v=spf1 ?all", diag.Fail), fix.Strange},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := made(t, c.env, c.check)
			if len(p.Changes) != 0 || len(p.Left) != 1 || p.Left[0].Reason != c.reason || len(p.Left[0].Findings) != 1 {
				t.Errorf("%+v, %+v", p.Changes, p.Left)
			}
			if (p.Left[0].Err != nil) != (c.reason == fix.Unread) {
				t.Error(p.Left[0].Err)
			}
		})
	}
}

// TestWhatIsUnknownOnlyAfterwardsIsTold: a check that cannot look once the records stand is in the plan; one that could not
// look before is nothing new.
func TestWhatIsUnknownOnlyAfterwardsIsTold(t *testing.T) {
	t.Parallel()
	w := offline(t, "a.test. 60 TXT \"x\"\n")
	wanted := "v=spf1 -all"
	failing := func(name string, always bool) *diag.Check {
		return &diag.Check{Name: name, Run: func(ctx context.Context, p *diag.Pass) error {
			if a, _ := p.DNS.Ask(ctx, "a.test", resolve.TypeTXT); always || slices.Contains(a.Texts(), wanted) {
				return &resolve.Error{Kind: resolve.KindServFail, Name: "b.test", Type: "TXT"}
			}
			return nil
		}}
	}
	p := made(t, w.Run(), aCheck("asks", "a.test", wanted, diag.Fail), failing("later", false), failing("always", true))
	if unsure := p.Unsure(); len(unsure) != 1 || unsure[0].Check.Name != "later" || len(p.Changes) != 1 || len(p.Still()) != 0 {
		t.Errorf("%+v", unsure)
	}
}

// TestWhatMakesItWorseIsLeftOut: a record with which a warning comes is no fix of mere advice.
func TestWhatMakesItWorseIsLeftOut(t *testing.T) {
	t.Parallel()
	w := offline(t, "a.test. 60 TXT \"x\"\nb.test. 60 TXT \"x\"\n")
	there := &diag.Rule{ID: "there", Severity: diag.Warn}
	warns := &diag.Check{Name: "warns", Rules: []*diag.Rule{there}, Run: func(ctx context.Context, p *diag.Pass) error {
		a, err := p.DNS.Ask(ctx, "b.test", resolve.TypeTXT)
		if slices.Contains(a.Texts(), "v=spf1 -all") {
			p.Report(there, "b.test")
		}
		return err
	}}
	p := made(t, w.Run(), warns, aCheck("advises", "b.test", "v=spf1 -all", diag.Info), aCheck("wants", "a.test", "v=spf1 -all", diag.Fail))
	if len(p.Changes) != 1 || p.Changes[0].Name != "a.test" || p.Changes[0].Advice() || len(p.Newly()) != 0 {
		t.Errorf("%+v", p.Changes)
	}
	if len(p.Left) != 1 || p.Left[0].Reason != fix.Worse || p.Left[0].Name != "b.test" {
		t.Errorf("%+v", p.Left)
	}
	p = made(t, w.Run(), aCheck("advises", "b.test", "v=spf1 -all", diag.Info))
	if len(p.Changes) != 1 || !p.Changes[0].Advice() {
		t.Errorf("%+v", p.Changes)
	}
}
