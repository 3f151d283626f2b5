package watch_test

import (
	"encoding/json"
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/resolve"
	"todoku/diag/watch"
)

var (
	spf  = &diag.Check{Name: "spf"}
	mx   = &diag.Check{Name: "mx"}
	rule = map[string]*diag.Rule{
		"spf-none":    {ID: "spf-none", Severity: diag.Fail, Says: codes.Text{EN: "no SPF for {name}", JA: "{name} にSPFがありません"}},
		"spf-lookups": {ID: "spf-lookups", Severity: diag.Fail, Says: codes.Text{EN: "{lookups} look-ups", JA: "{lookups} 回"}},
		"mx-none":     {ID: "mx-none", Severity: diag.Warn, Says: codes.Text{EN: "no MX", JA: "MXがありません"}},
	}
	silence = &resolve.Error{Kind: resolve.KindTimeout, Name: "a.test", Server: "192.0.2.53"}
)

// hour is a time: so many hours after a morning.
func hour(n int) time.Time { return time.Date(2026, 11, 28, 6+n, 0, 0, 0, time.UTC) }

func finding(id, subject string, data ...codes.Datum) diag.Finding {
	return diag.Finding{Rule: rule[id], Subject: subject, Data: data}
}

func result(c *diag.Check, err error, f ...diag.Finding) diag.Result {
	return diag.Result{Check: c, Err: err, Findings: f}
}

// look is one at a.test at an hour.
func look(at int, results ...diag.Result) watch.Look {
	return watch.Look{Domain: "a.test", At: hour(at), Report: &diag.Report{Results: results},
		Words: func(err error) codes.Text { return codes.Same(err.Error()) }}
}

// known is a state as a store gives it back.
func known(t *testing.T, s watch.State) (out watch.State) {
	t.Helper()
	b, err := json.Marshal(s)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// after is what is known after some looks, and when the last one was; an hour lies between them.
func after(t *testing.T, looks ...watch.Look) (s watch.State, last time.Time) {
	t.Helper()
	for _, l := range looks {
		s = known(t, watch.Compare(s, last, l).State)
		last = l.At
	}
	return s, last
}

// turns are the changes of an outcome in short.
func turns(o watch.Outcome) (out []string) {
	for _, c := range o.Changes {
		out = append(out, string(c.Turn)+" "+c.Check+" "+c.Rule+" "+c.Subject)
	}
	return out
}

func TestALookTellsWhatIsOtherwise(t *testing.T) {
	t.Parallel()
	none, lookups := finding("spf-none", "a.test", codes.Str("name", "a.test")), func(n int) diag.Finding {
		return finding("spf-lookups", "a.test", codes.Num("lookups", n))
	}
	for name, c := range map[string]struct {
		before []watch.Look
		now    watch.Look
		want   []string
		stands []string // since which hour
	}{
		"the first look": {nil, look(1, result(spf, nil, none)), []string{"new spf spf-none a.test"}, []string{"spf-none 1"}},
		"nothing":        {[]watch.Look{look(0, result(spf, nil, none))}, look(1, result(spf, nil, none)), nil, []string{"spf-none 0"}},
		"a new one": {[]watch.Look{look(0, result(spf, nil))}, look(1, result(spf, nil, none)),
			[]string{"new spf spf-none a.test"}, []string{"spf-none 1"}},
		"mended": {[]watch.Look{look(0, result(spf, nil, none))}, look(1, result(spf, nil)),
			[]string{"mended spf spf-none a.test"}, nil},
		"another value": {[]watch.Look{look(0, result(spf, nil, lookups(11)))}, look(1, result(spf, nil, lookups(12))),
			[]string{"changed spf spf-lookups a.test"}, []string{"spf-lookups 0"}},
		"silence": {[]watch.Look{look(0, result(spf, nil, none))}, look(1, result(spf, silence)),
			[]string{"unknown spf  "}, []string{"spf-none 0"}},
		"silence goes on": {[]watch.Look{look(0, result(spf, nil, none)), look(1, result(spf, silence))}, look(2, result(spf, silence)), nil,
			[]string{"spf-none 0"}},
		"silence ends": {[]watch.Look{look(0, result(spf, nil, none)), look(1, result(spf, silence))}, look(2, result(spf, nil, none)),
			[]string{"known spf  "}, []string{"spf-none 0"}},
		"mended in silence": {[]watch.Look{look(0, result(spf, nil, none)), look(1, result(spf, silence))}, look(2, result(spf, nil)),
			[]string{"mended spf spf-none a.test", "known spf  "}, nil},
		"a check left out": {[]watch.Look{look(0, result(spf, nil, none), result(mx, silence))}, look(1), nil, []string{"spf-none 0"}},
		"one seen, one not": {[]watch.Look{look(0, result(spf, nil, none), result(mx, nil, finding("mx-none", "a.test")))},
			look(1, result(spf, nil), result(mx, silence)),
			[]string{"mended spf spf-none a.test", "unknown mx  "}, []string{"mx-none 0"}},
		"an exception holds": {nil, look(1, result(spf, nil,
			func() diag.Finding { f := none; f.Excepted = &diag.Excepted{}; return f }())), nil, nil},
	} {
		s, last := after(t, c.before...)
		o := watch.Compare(s, last, c.now)
		if got := turns(o); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		var stands []string
		for _, f := range o.State.Findings {
			stands = append(stands, f.Rule+" "+strconv.Itoa(f.First.Hour()-6))
		}
		if !slices.Equal(stands, c.stands) {
			t.Errorf("%s: %q stand, want %q", name, stands, c.stands)
		}
		if len(c.before) > 0 && o.Changed != (len(c.want) > 0) {
			t.Errorf("%s: changed %v", name, o.Changed)
		}
	}
}

// TestAnExceptionMendsNothing: what stood before an exception came is told as mended when it is gone, and not before; when the
// exception ends and it is still there, it is new, and stands since it was first seen.
func TestAnExceptionMendsNothing(t *testing.T) {
	t.Parallel()
	stands := finding("spf-none", "a.test")
	allowed := stands
	allowed.Excepted = &diag.Excepted{}
	ended := stands
	ended.Excepted = &diag.Excepted{Ended: true}
	before := []watch.Look{look(0, result(spf, nil, stands)), look(1, result(spf, nil, allowed))}
	for name, c := range map[string]struct {
		then []watch.Look
		want []string
	}{
		"it holds": {[]watch.Look{look(2, result(spf, nil, allowed))}, nil},
		"it ends":  {[]watch.Look{look(2, result(spf, nil, ended))}, []string{"new spf spf-none a.test"}},
		"it ends later": {[]watch.Look{look(2, result(spf, nil, allowed)), look(3, result(spf, nil, ended))},
			[]string{"new spf spf-none a.test"}},
		"gone meanwhile": {[]watch.Look{look(2, result(spf, nil))}, []string{"mended spf spf-none a.test"}},
		"silence":        {[]watch.Look{look(2, result(spf, silence))}, []string{"unknown spf  "}},
		"gone in the silence": {[]watch.Look{look(2, result(spf, silence)), look(3, result(spf, nil))},
			[]string{"mended spf spf-none a.test", "known spf  "}},
	} {
		s, last := after(t, before[:1]...)
		first := watch.Compare(s, last, before[1])
		if !first.Changed || len(first.Changes) > 0 || len(first.State.Findings) > 0 || len(first.State.Ignored) != 1 {
			t.Fatalf("the exception comes: %+v", first)
		}
		s, last = after(t, append(slices.Clone(before), c.then[:len(c.then)-1]...)...)
		o := watch.Compare(s, last, c.then[len(c.then)-1])
		if got := turns(o); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if len(o.State.Findings) > 0 && (!o.Changes[0].First.Equal(hour(0)) || !o.State.Findings[0].First.Equal(hour(0))) {
			t.Errorf("%s: %+v", name, o.Changes)
		}
	}
}

// TestSilenceIsNotSeen: what happened during a silence lies between the last look that saw something and the one that ends it.
func TestSilenceIsNotSeen(t *testing.T) {
	t.Parallel()
	key := func(at int, err error, f []diag.Finding, answers ...resolve.Answer) watch.Look {
		l := look(at, result(spf, err, f...))
		l.Answers = answers
		return l
	}
	at := func(values ...string) resolve.Answer {
		return answer("s1._domainkey.a.test", resolve.TypeTXT, values...)
	}
	s, last := after(t, key(0, nil, nil, at("v=DKIM1; p=A")), key(1, silence, nil), key(2, silence, nil))
	o := watch.Compare(s, last, key(5, nil, []diag.Finding{finding("spf-none", "a.test")}, at()))
	if len(o.Past) != 1 || !o.Past[0].Last.Equal(hour(0)) || !o.Changes[0].Before.Equal(hour(0)) {
		t.Errorf("%+v %+v", o.Past, o.Changes)
	}
	if known := o.Changes[1]; known.Turn != watch.Known || !known.Before.Equal(hour(2)) {
		t.Errorf("%+v", known)
	}
	same := watch.Compare(s, last, key(5, nil, nil, at("v=DKIM1; p=A")))
	if len(same.Past) != 0 || !same.State.Values[0].Seen.IsZero() || !same.State.Values[0].First.Equal(hour(0)) {
		t.Errorf("%+v", same.State.Values)
	}
}

// TestACheckThatIsNewFindsNothingTakenAway: it was not looked at before, so nobody knows since when it is so.
func TestACheckThatIsNewFindsNothingTakenAway(t *testing.T) {
	t.Parallel()
	none := diag.Finding{Rule: &diag.Rule{ID: "mtasts-none", Severity: diag.Info}, Subject: "a.test"}
	s, last := after(t, look(0, result(spf, nil)))
	o := watch.Compare(s, last, look(1, result(spf, nil), result(&diag.Check{Name: "mtasts"}, nil, none)))
	if c := o.Changes[0]; c.Severity != "info" || !c.Before.IsZero() {
		t.Errorf("%+v", c)
	}
}

// TestWhatWasTakenAwayIsWorthAWarning: that a domain has no key may need nobody; that it has none any more does.
func TestWhatWasTakenAwayIsWorthAWarning(t *testing.T) {
	t.Parallel()
	none := diag.Finding{Rule: &diag.Rule{ID: "dkim-none-found", Severity: diag.Info}, Subject: "a.test"}
	for name, c := range map[string]struct {
		before []watch.Look
		want   string
	}{
		"at the first look":   {nil, "info"},
		"taken away":          {[]watch.Look{look(0, result(spf, nil))}, "warn"},
		"never seen before":   {[]watch.Look{look(0, result(spf, silence))}, "info"},
		"taken away, silence": {[]watch.Look{look(0, result(spf, nil)), look(1, result(spf, silence))}, "warn"},
	} {
		s, last := after(t, c.before...)
		o := watch.Compare(s, last, look(3, result(spf, nil, none)))
		if o.Changes[0].Severity != c.want || o.State.Findings[0].Severity != "info" {
			t.Errorf("%s: %+v", name, o.Changes)
		}
	}
}

// TestChangesLieBetweenTwoLooks: whoever asks when something happened gets both ends.
func TestChangesLieBetweenTwoLooks(t *testing.T) {
	t.Parallel()
	s, last := after(t, look(0, result(spf, nil)))
	c := watch.Compare(s, last, look(1, result(spf, nil, finding("spf-none", "a.test", codes.Str("name", "a.test"))))).Changes[0]

	if !c.Before.Equal(hour(0)) || !c.At.Equal(hour(1)) || c.Message.EN != "no SPF for a.test" ||
		c.Message.JA != "a.test にSPFがありません" ||
		c.Severity != "fail" || c.Domain != "a.test" {
		t.Errorf("%+v", c)
	}
	s, last = after(t, look(0, result(spf, nil)), look(1, result(spf, silence)))
	if q := s.Silent[0]; !q.Since.Equal(hour(1)) || !q.Last.Equal(hour(0)) || q.Kind != "timeout" || q.Culprit != "192.0.2.53" {
		t.Errorf("%+v", q)
	}
	if c := watch.Compare(s, last, look(2, result(spf, nil))).Changes[0]; !c.First.Equal(hour(1)) || c.Turn != watch.Known {
		t.Errorf("%+v", c)
	}
}

// answer is one of DNS to a question about a name.
func answer(name string, t resolve.Type, values ...string) resolve.Answer {
	a := resolve.Answer{Name: name, Type: t, Status: resolve.Found}
	for _, v := range values {
		r, ok := resolve.ParseValue(t, v)
		if !ok {
			panic(v)
		}
		a.Records = append(a.Records, r)
	}
	if len(values) == 0 {
		a.Status = resolve.NoName
	}
	return a
}

func TestRecordSetsHaveAHistory(t *testing.T) {
	t.Parallel()
	at := func(n int, answers ...resolve.Answer) watch.Look {
		l := look(n, result(spf, nil))
		l.Answers = answers
		return l
	}
	key := func(values ...string) resolve.Answer {
		return answer("s1._domainkey.a.test", resolve.TypeTXT, values...)
	}
	var s watch.State
	var last time.Time
	var past []string
	for _, l := range []watch.Look{
		at(0, key("v=DKIM1; p=A"), answer("s2._domainkey.a.test", resolve.TypeTXT), answer("a.test", resolve.TypeMX,
			"10 m1.a.test", "20 m2.a.test")),
		at(1, key("v=DKIM1; p=A"), answer("a.test", resolve.TypeMX, "20 m2.a.test", "10 m1.a.test")),
		at(2, key()),
		at(3), // nobody answered
		at(4, key("v=DKIM1; p=B")),
	} {
		o := watch.Compare(s, last, l)
		for _, p := range o.Past {
			past = append(past, p.Name+" "+p.Type+" "+strconv.Itoa(len(p.Values))+" "+
				strconv.Itoa(p.First.Hour()-6)+" to "+strconv.Itoa(p.Last.Hour()-6))
		}
		s, last = known(t, o.State), l.At
	}
	if want := []string{"s1._domainkey.a.test TXT 1 0 to 1", "s1._domainkey.a.test TXT 0 2 to 2"}; !slices.Equal(past, want) {
		t.Errorf("%q", past)
	}
	if len(s.Values) != 2 || s.Values[1].Values[0] != "v=DKIM1; p=B" || !s.Values[1].First.Equal(hour(4)) || s.Values[0].First != hour(0) {
		t.Errorf("%+v", s.Values)
	}
}

// TestForeignAddressesAreNotRemembered: those of a service change every minute.
func TestForeignAddressesAreNotRemembered(t *testing.T) {
	t.Parallel()
	l := look(0, result(spf, nil))
	alias := answer("s1._domainkey.a.test", resolve.TypeTXT, "v=DKIM1; p=A")
	alias.Chain = []string{"a.esp.test"}
	l.Answers = []resolve.Answer{answer("mx.esp.test", resolve.TypeA, "192.0.2.1"), answer("mail.a.test", resolve.TypeA, "192.0.2.2"),
		answer("_spf.esp.test", resolve.TypeTXT, "v=spf1 -all"), alias}
	var names []string
	for _, v := range watch.Compare(watch.State{}, time.Time{}, l).State.Values {
		names = append(names, v.Name+" "+v.Type)
	}
	if want := []string{"_spf.esp.test TXT", "mail.a.test A", "s1._domainkey.a.test CNAME",
		"s1._domainkey.a.test TXT"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
}

func TestTheCulpritIsWhatOthersSufferFromToo(t *testing.T) {
	t.Parallel()
	alias := answer("s1._domainkey.a.test", resolve.TypeTXT)
	alias.Chain = []string{"k1.dkim.esp.example.com"}
	for name, c := range map[string]struct {
		f     diag.Finding
		err   error
		reach watch.Reach
		want  string
	}{
		"own": {f: diag.Finding{Rule: rule["spf-none"], Subject: "a.test", Evidence: []diag.Evidence{{Name: "_spf.a.test"}}}},
		"an include": {f: diag.Finding{Rule: rule["spf-none"], Subject: "a.test",
			Evidence: []diag.Evidence{{Name: "a.test"}, {Name: "_spf.mail.esp.example.com"}}},
			want: "example.com"},
		"an alias": {f: diag.Finding{Rule: rule["spf-none"], Subject: "s1._domainkey.a.test"}, want: "example.com"},
		"an address": {f: diag.Finding{Rule: rule["spf-none"], Subject: "192.0.2.7",
			Evidence: []diag.Evidence{{Name: "7.2.0.192.bl.example.org"}}},
			want: "192.0.2.7"},
		"resolver":   {err: silence, want: "192.0.2.53"},
		"a provider": {err: &resolve.Error{Kind: resolve.KindServFail, Name: "_spf.example.com", Server: "192.0.2.53"}, want: "example.com"},
		"own server": {err: &resolve.Error{Kind: resolve.KindServFail, Name: "_dmarc.a.test", Server: "192.0.2.53"}},
		"a provider in a silent world": {reach: watch.Nothing, want: "192.0.2.53",
			err: &resolve.Error{Kind: resolve.KindServFail, Name: "_spf.example.com", Server: "192.0.2.53"}},
		"a silent provider": {want: "example.com",
			err: &resolve.Error{Kind: resolve.KindTimeout, Name: "_spf.example.com", Server: "192.0.2.53"}},
		"own zone": {reach: watch.Foreign, want: "192.0.2.53",
			err: &resolve.Error{Kind: resolve.KindServFail, Name: "s1._domainkey.a.test", Server: "192.0.2.53"}},
		"own alias": {want: "example.com",
			err: &resolve.Error{Kind: resolve.KindServFail, Name: "s1._domainkey.a.test", Server: "192.0.2.53"}},
		"a bound": {err: errors.New("a bound")},
	} {
		l := look(0, result(spf, c.err))
		l.Answers, l.Reach = []resolve.Answer{alias}, c.reach
		if c.err == nil {
			l.Report.Results[0].Findings = []diag.Finding{c.f}
		}
		known := watch.State{Values: []watch.Value{{Name: alias.Name, Type: "CNAME", Values: alias.Chain}}}
		if got := watch.Compare(known, time.Time{}, l).Changes[0].Culprit; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// heard is what somebody knows who only follows the changes: the rules that stand, and the checks that are silent.
type heard map[string]bool

// hear takes the changes of a look.
func (h heard) hear(t *testing.T, changes []watch.Change) {
	for _, c := range changes {
		key := c.Rule + " " + c.Check
		begins := c.Turn == watch.New || c.Turn == watch.Unknown
		if c.Turn == watch.Changed && !h[key] || c.Turn != watch.Changed && h[key] == begins {
			t.Fatalf("%s %s, but before it was %v", c.Turn, key, h[key])
		}
		if h[key] = begins || c.Turn == watch.Changed; !h[key] {
			delete(h, key)
		}
	}
}

// hold compares it with a state.
func (h heard) hold(t *testing.T, s watch.State) {
	now := heard{}
	for _, f := range s.Findings {
		now[f.Rule+" "+f.Check] = true
	}
	for _, q := range s.Silent {
		now[" "+q.Check] = true
	}
	if !maps.Equal(h, now) {
		t.Fatalf("heard %v, and there is %v", h, now)
	}
}

// anyLook is a look of which each part is left to chance.
func anyLook(r *rand.Rand, at int) watch.Look {
	var results []diag.Result
	for _, c := range []*diag.Check{spf, mx} {
		res := result(c, nil)
		for id := range rule {
			if strings.HasPrefix(id, c.Name) && r.IntN(2) == 0 {
				res.Findings = append(res.Findings, finding(id, "a.test", codes.Num("lookups", r.IntN(2))))
			}
		}
		if r.IntN(3) == 0 {
			res.Err, res.Findings = silence, res.Findings[:min(len(res.Findings), r.IntN(2))]
		}
		if r.IntN(4) > 0 {
			results = append(results, res)
		}
	}
	return look(at, results...)
}

// TestChangesAddUpToTheState: whoever follows all changes knows what stands and what is silent, whatever happens.
func TestChangesAddUpToTheState(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var s watch.State
		var last time.Time
		h := heard{}
		for at := range 8 {
			o := watch.Compare(s, last, anyLook(r, at))
			h.hear(t, o.Changes)
			s, last = known(t, o.State), hour(at)
			h.hold(t, s)
		}
	}
}

// TestOnlyADomainOfWhichNothingCouldBeSeenIsBlind: a check that cannot look where another one can is no blind look.
func TestOnlyADomainOfWhichNothingCouldBeSeenIsBlind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		second error
		blind  bool
	}{{nil, false}, {silence, true}} {
		l := look(0, result(spf, silence), result(mx, c.second))
		if o := watch.Compare(watch.State{}, time.Time{}, l); o.Blind != c.blind {
			t.Errorf("the other check: %v: blind %t", c.second, o.Blind)
		}
	}
}
