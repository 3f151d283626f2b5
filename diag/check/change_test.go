package check_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/resolve"
)

const changeZone = `$ORIGIN a.test.
@      60 IN SOA ns hostmaster 1 7200 3600 1209600 300
@      60 IN NS ns
@      60 IN MX 10 mx
@      60 IN TXT "v=spf1 -all"
@      60 IN TXT "google-site-verification=abc"
@      60 IN TXT "MS=ms1"
mx     60 IN A 192.0.2.25
www    60 IN CNAME mx
_dmarc 60 IN TXT "v=DMARC1; p=none"
`

// changed runs the check of a change on a world.
func changed(t *testing.T, before resolve.Resolver, texts ...string) diag.Result {
	t.Helper()
	var list []resolve.Set
	for _, text := range texts {
		s, err := resolve.ParseSet(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	list, err := resolve.JoinSets(list)
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.DomainTarget("a.test")
	if err != nil {
		t.Fatal(err)
	}
	c := check.Change(check.ChangeOptions{Sets: list, Before: before})
	return diag.Run(t.Context(), diag.Env{DNS: resolve.NewOverlay(before, list), Now: time.Now}, target, []*diag.Check{c}).Results[0]
}

func changeWorld(t *testing.T, more string) resolve.Resolver {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(changeZone+more), "today.zone")
	if err != nil {
		t.Fatal(err)
	}
	c, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestWhatAChangeTakesAwayIsTold: texts of others, and what would stand beside an alias; what has a successor of its kind is
// meant to go.
func TestWhatAChangeTakesAwayIsTold(t *testing.T) {
	t.Parallel()
	google, ms := "a.test TXT google-site-verification=abc", "a.test TXT MS=ms1"
	for _, c := range []struct {
		sets []string
		want string
	}{
		{[]string{"a.test TXT v=spf1 mx -all"}, "change-text-dropped google-site-verification=abc, change-text-dropped MS=ms1"},
		{[]string{"a.test TXT v=spf1 mx -all", google, ms}, ""},
		{[]string{google, ms}, "change-text-dropped v=spf1 -all"},
		{[]string{"a.test TXT V=SPF1 mx -all", ms}, "change-text-dropped google-site-verification=abc"},
		{[]string{"a.test TXT"}, "change-text-dropped v=spf1 -all, change-text-dropped google-site-verification=abc, change-text-dropped MS=ms1"},
		{[]string{"_dmarc.a.test TXT"}, ""}, // the only text: it is meant to go
		{[]string{"_dmarc.a.test TXT v=DMARC1; p=reject"}, ""},
		{[]string{"_dmarc.a.test TXT v=spf1 -all"}, "change-text-dropped v=DMARC1; p=none"},
		{[]string{"a.test MX 10 other.test"}, ""},
		{[]string{"www.a.test TXT x"}, "change-alias TXT"},
		{[]string{"www.a.test TXT x", "www.a.test CNAME"}, ""},
		{[]string{"www.a.test TXT"}, ""},
		{[]string{"www.a.test CNAME other.test"}, ""},
		{[]string{"mx.a.test CNAME other.test"}, "change-alias A"},
		{[]string{"mx.a.test CNAME other.test", "mx.a.test A"}, ""},
		{[]string{"a.test CNAME other.test"}, "change-alias TXT, MX, NS, SOA"},
		{[]string{"new.a.test CNAME other.test"}, ""},
	} {
		res := changed(t, changeWorld(t, ""), c.sets...)
		var got []string
		for _, f := range res.Findings {
			got = append(got, f.Rule.ID+" "+f.Data[1].String())
			if len(f.Evidence) == 0 {
				t.Errorf("%q: %s without evidence", c.sets, f.Rule.ID)
			}
			if _, value, _ := strings.Cut(c.sets[0], " TXT "); value == "" { // there the remedy is to name the set's texts
				continue
			}
			for _, r := range f.Records { // what is offered keeps the text
				again := changed(t, changeWorld(t, ""), append(c.sets, r.Name+" "+r.Type+" "+r.Value)...)
				if len(again.Findings) >= len(res.Findings) {
					t.Errorf("%q with %+v: %d findings still", c.sets, r, len(again.Findings))
				}
			}
		}
		if strings.Join(got, ", ") != c.want || res.Err != nil {
			t.Errorf("%q: %q (%v), want %q", c.sets, strings.Join(got, ", "), res.Err, c.want)
		}
	}
}

// TestWhatStandsThereTodayIsShown: before and after, in both directions, and that a name is an alias.
func TestWhatStandsThereTodayIsShown(t *testing.T) {
	t.Parallel()
	res := changed(t, changeWorld(t, ""), "a.test MX 0 .", "www.a.test CNAME", "none.a.test TXT x", "www.a.test A")
	facts := res.Facts.(*check.ChangeFacts)
	if got := fmt.Sprint(facts.Records); got != "[{a.test MX [10 mx.a.test] [0 .] true false } {www.a.test CNAME [mx.a.test] [] true false } "+
		"{none.a.test TXT [] [x] true false } {www.a.test A [192.0.2.25] [] true false mx.a.test}]" {
		t.Error(got)
	}
	if res := changed(t, changeWorld(t, "")); res.Status() != diag.Info || len(res.Facts.Lines()) != 1 {
		t.Errorf("no change: %v", res.Status())
	}
}

// TestNobodyKnowsWhatAChangeDropsWhereNobodyAnswers: silence about today is unknown, never a finding and never a pass.
func TestNobodyKnowsWhatAChangeDropsWhereNobodyAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range []resolve.Kind{resolve.KindServFail, resolve.KindTimeout, resolve.KindRefused} {
		for set, typ := range map[string]resolve.Type{"a.test TXT v=spf1 mx -all": resolve.TypeTXT, "a.test TXT": resolve.TypeTXT,
			"new.a.test CNAME b.test": resolve.TypeMX, "new.a.test CNAME c.test": resolve.TypeCNAME} {
			name, _, _ := strings.Cut(set, " ")
			res := changed(t, &blind{Resolver: changeWorld(t, ""), name: name, t: typ, kind: kind, asked: map[string]resolve.Type{}}, set)
			var fail *resolve.Error
			if res.Status() != diag.Unknown || len(res.Findings) > 0 || !errors.As(res.Err, &fail) || fail.Kind != kind {
				t.Errorf("%s, %s: %v %v", kind, set, res.Status(), res.Err)
			}
			if facts := res.Facts.(*check.ChangeFacts); typ == resolve.TypeTXT && (facts.Records[0].Known || facts.Records[0].Before == nil) {
				t.Errorf("%s, %s: %+v", kind, set, facts.Records[0])
			}
		}
	}
}

// TestAZoneFileIsHeldAgainstToday: what it changes of the domain is shown, what it drops is told, and a bound that is reached.
func TestAZoneFileIsHeldAgainstToday(t *testing.T) {
	t.Parallel()
	const whole = "$ORIGIN a.test.\n@ 60 IN SOA ns h 1 2 3 4 5\n@ 60 IN NS ns\n@ 60 IN MX 10 mx\n"
	var large strings.Builder
	for i := range 520 {
		fmt.Fprintf(&large, "n%d.a.test. 60 IN TXT x\n", i)
	}
	for zone, want := range map[string]struct {
		shown, found int
		bounded      bool
	}{
		whole + "@ 60 IN TXT \"v=spf1 mx -all\"\n": {2, 2, false},
		whole: {2, 3, false}, // all texts go, and the one of DMARC
		"a.test. 60 IN TXT \"v=spf1 -all\"\na.test. 60 IN TXT \"MS=ms1\"\na.test. 60 IN TXT \"google-site-verification=abc\"\n": {0, 0, false},
		"www.a.test. 60 IN TXT x\n":                                 {1, 1, false}, // beside the alias of today
		"new.a.test. 60 IN CNAME mx.a.test.\nb.test. 60 IN TXT x\n": {1, 0, false},
		large.String(): {500, 0, true},
	} {
		z, err := resolve.ParseZone(strings.NewReader(zone), "new.zone")
		if err != nil {
			t.Fatal(err)
		}
		target, err := diag.DomainTarget("a.test")
		if err != nil {
			t.Fatal(err)
		}
		before := changeWorld(t, "")
		c := check.Change(check.ChangeOptions{Before: before, Zones: []*resolve.Zone{z}})
		after := resolve.NewZoned(before, []*resolve.Zone{z})
		res := diag.Run(t.Context(), diag.Env{DNS: after, Now: time.Now}, target, []*diag.Check{c}).Results[0]
		var bound *diag.Bounded
		if shown := len(res.Facts.(*check.ChangeFacts).Records); shown != want.shown || len(res.Findings) != want.found ||
			errors.As(res.Err, &bound) != want.bounded {
			t.Errorf("%.60q: %d shown, %d findings, %v", zone, shown, len(res.Findings), res.Err)
		}
	}
}

// TestManyTextsThatGoAreBounded: the bound is told.
func TestManyTextsThatGoAreBounded(t *testing.T) {
	t.Parallel()
	var more strings.Builder
	for i := range 60 {
		fmt.Fprintf(&more, "many 60 IN TXT \"text %d\"\n", i)
	}
	res := changed(t, changeWorld(t, more.String()), "many.a.test TXT x")
	var bound *diag.Bounded
	if len(res.Findings) != 50 || !errors.As(res.Err, &bound) || bound.Left != 10 {
		t.Errorf("%d findings, %v", len(res.Findings), res.Err)
	}
}

// TestAPlanIsHeldAgainstToday: its sets of the domain are shown where they change something; one that nobody knows yet is
// unknown, and so is the result; the bound is told.
func TestAPlanIsHeldAgainstToday(t *testing.T) {
	t.Parallel()
	set := func(name, value string) resolve.Set {
		return resolve.Set{Name: name, Type: resolve.TypeTXT, File: "p.json", Records: []resolve.Record{{Text: value}}}
	}
	later := resolve.Set{Name: "b.a.test", Type: resolve.TypeTXT, File: "p.json", Line: 7, Unknown: codes.Text{EN: "later", JA: "後で"}}
	var many []resolve.Set
	for i := range 510 {
		many = append(many, set(fmt.Sprintf("n%d.a.test", i), "x"))
	}
	for name, c := range map[string]struct {
		plan  []resolve.Set
		shown int
		want  diag.Status
	}{
		"as it is":           {[]resolve.Set{set("_dmarc.a.test", "v=DMARC1; p=none")}, 0, diag.Info},
		"another domain":     {[]resolve.Set{set("b.test", "x"), set("ba.test", "x")}, 0, diag.Info},
		"changes":            {[]resolve.Set{set("_dmarc.a.test", "v=DMARC1; p=reject"), set("b.test", "x")}, 1, diag.OK},
		"not known yet":      {[]resolve.Set{later}, 1, diag.Unknown},
		"drops texts":        {[]resolve.Set{set("a.test", "v=spf1 mx -all")}, 1, diag.Warn},
		"more than is shown": {many, 500, diag.Unknown},
	} {
		target, err := diag.DomainTarget("a.test")
		if err != nil {
			t.Fatal(err)
		}
		before := changeWorld(t, "")
		change := check.Change(check.ChangeOptions{Before: before, Plan: c.plan})
		after := resolve.NewOverlay(before, c.plan)
		res := diag.Run(t.Context(), diag.Env{DNS: after, Now: time.Now}, target, []*diag.Check{change}).Results[0]
		if shown := res.Facts.(*check.ChangeFacts).Records; len(shown) != c.shown || res.Status() != c.want {
			t.Errorf("%s: %d shown, %v %v", name, len(shown), res.Status(), res.Err)
		}
	}
}
