package triage

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/event"
)

func TestDistinct(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 7, 2048, 2049, 50_000, 500_000} {
		var d, back Distinct
		for i := range n {
			d.Add(hashLower(fmt.Sprintf("User%d@example.test", i), 0))
			d.Add(hashLower(fmt.Sprintf("user%d@EXAMPLE.test", i), 0))
			back.Add(hashLower(fmt.Sprintf("user%d@example.test", n-1-i), 0))
		}
		got, exact := d.Count()
		if exact != (n <= maxExact) || exact && got != int64(n) || math.Abs(float64(got)-float64(n)) > 0.03*float64(n) {
			t.Errorf("%d: %d, exact %v", n, got, exact)
		}
		if other, _ := back.Count(); other != got {
			t.Errorf("%d: %d in another order %d", n, got, other)
		}
		var halves, second Distinct
		for i := range n {
			h := hashLower(fmt.Sprintf("user%d@example.test", i), 0)
			if i%2 == 0 {
				halves.Add(h)
			} else {
				second.Add(h)
			}
		}
		halves.merge(&second)
		if merged, _ := halves.Count(); merged != got {
			t.Errorf("%d: %d, of two parts %d", n, got, merged)
		}
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	for _, span := range []time.Duration{0, time.Hour, 300 * time.Minute, 30 * 24 * time.Hour, 20 * 365 * 24 * time.Hour} {
		times := make([]time.Time, 1000)
		for i := range times {
			times[i] = start.Add(span * time.Duration(i) / time.Duration(len(times)))
		}
		var a, b Timeline
		for _, at := range times {
			a.Add(at)
		}
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
		for _, at := range times {
			b.Add(at)
		}
		if a.Sum() != 1000 || len(a.counts) > maxBuckets || fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%v: %d in %d buckets\n%v\n%v", span, a.Sum(), len(a.counts), a, b)
		}
		if c := a.Coarse(10); len(c.counts) > 10 || c.Sum() != 1000 {
			t.Errorf("%v: %v", span, c)
		}
		sum := int64(0)
		for _, n := range a.Sums(start, start.Add(span), 24) {
			sum += n
		}
		if sum != 1000 {
			t.Errorf("%v: drawn %d", span, sum)
		}
	}
}

// world makes events, a minute apart.
type world struct {
	t  *Tally
	at time.Time
	n  int
}

func newWorld(o Options) *world {
	return &world{t: New(o), at: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
}

func (w *world) add(a event.Action, provider, to, reason string, class codes.Class) {
	w.n++
	w.at = w.at.Add(time.Minute)
	e := event.Event{Action: a, Time: w.at, Recipient: to, From: "news@kaisha.test", QueueID: fmt.Sprint(w.n), Provider: provider}
	if a.Trouble() {
		e.Verdict = &codes.Verdict{Reason: codes.Reason{ID: reason, Class: class}, Permanent: codes.Yes}
	}
	w.t.Add(&e)
}

func (w *world) kinds(t *testing.T, reason string) (out []PatternKind) {
	t.Helper()
	for _, g := range w.t.Result().Groups {
		if g.Reason.ID == reason {
			for _, p := range g.Patterns {
				out = append(out, p.Kind)
			}
			return out
		}
	}
	t.Fatalf("no group %s", reason)
	return nil
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	const block, unknown = codes.ClassPolicyBlock, codes.ClassUserUnknown
	user := func(i int, domain string) string { return fmt.Sprintf("u%d@%s", i, domain) }
	for name, tt := range map[string]struct {
		make func(*world)
		want string
	}{
		"it begins at a moment": {func(w *world) {
			for i := range 100 {
				w.add(event.Delivered, "gmail", user(i, "gmail.com"), "", "")
			}
			for i := range 30 {
				w.add(event.Failed, "gmail", user(i, "gmail.com"), "x", block)
			}
		}, "[sudden]"},
		"it was always so, at times": {func(w *world) {
			for i := range 300 {
				w.add(event.Delivered, "gmail", user(i, "gmail.com"), "", "")
				if i%10 == 0 {
					w.add(event.Failed, "gmail", user(i, "gmail.com"), "x", block)
				}
			}
		}, "[]"},
		"it is over": {func(w *world) {
			for range 2 {
				for i := range 100 {
					w.add(event.Delivered, "gmail", user(i, "gmail.com"), "", "")
				}
				for i := 0; i < 60 && w.n < 160; i++ {
					w.add(event.Failed, "gmail", user(i, "gmail.com"), "x", block)
				}
			}
		}, "[sudden over]"},
		"nothing arrives": {func(w *world) {
			for i := range 30 {
				w.add(event.Failed, "gmail", user(i, "gmail.com"), "x", block)
			}
		}, "[always]"},
		"an old list": {func(w *world) {
			for i := range 30 {
				w.add(event.Failed, "", user(i, fmt.Sprintf("d%d.test", i)), "x", unknown)
			}
		}, "[list]"},
		"unknown people of one domain are no list": {func(w *world) {
			for i := range 30 {
				w.add(event.Failed, "", user(i, "d.test"), "x", unknown)
			}
		}, "[]"},
		"one domain": {func(w *world) {
			for i := range 30 {
				w.add(event.Failed, "", user(i, "d.test"), "x", block)
			}
		}, "[one_domain]"},
		"the same everywhere": {func(w *world) {
			for i := range 30 {
				for _, p := range []string{"gmail", "yahoo", "docomo"} {
					w.add(event.Failed, p, user(i, p+".test"), "x", block)
				}
			}
		}, "[always everywhere]"},
	} {
		for _, reasons := range [][]string{nil, {"x"}} { // whether all reasons are asked for or one
			w := newWorld(Options{Known: func(d string) bool { return d == "gmail.com" }, Filter: Filter{Reasons: reasons}})
			tt.make(w)
			if got := fmt.Sprint(w.kinds(t, "x")); got != tt.want {
				t.Errorf("%s, of %q: %s, not %s", name, reasons, got, tt.want)
			}
		}
	}
}

// TestDelays: each group of delays knows what became of its mails, whatever reasons are asked for.
func TestDelays(t *testing.T) {
	t.Parallel()
	for _, reasons := range [][]string{nil, {"greylisted"}} {
		testDelays(t, Filter{Reasons: reasons})
	}
}

func testDelays(t *testing.T, f Filter) {
	t.Helper()
	w := newWorld(Options{Filter: f})
	at := w.at
	add := func(a event.Action, id int) {
		at = at.Add(time.Second)
		e := event.Event{Action: a, Time: at, Recipient: "u@d.test", QueueID: fmt.Sprint(id)}
		if a.Trouble() {
			e.Verdict = &codes.Verdict{Reason: codes.Reason{ID: "greylisted", Class: codes.ClassRateLimited}}
		}
		w.t.Add(&e)
	}
	for id := range 20 {
		add(event.Delayed, id)
		add(event.Delayed, id)
	}
	for id := range 18 {
		add(event.Delivered, id)
	}
	add(event.Expired, 18)
	r := w.t.Result()
	g := r.Groups[0]
	if g.Count != 40 || g.Followed != 20 || g.Later != (Later{18, 1}) || r.Late != 18 || r.Waiting != 1 || g.Weight() != 1 {
		t.Errorf("%+v, late %d, waiting %d, weight %d", g.Later, r.Late, r.Waiting, g.Weight())
	}
	if len(g.Patterns) == 0 || g.Patterns[0].Kind != ArrivedLater || g.diagnosable() {
		t.Errorf("%v", g.Patterns)
	}
}

// TestManyGroups: beyond the bound the small groups are put together, and nothing is lost.
func TestManyGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(Options{By: ByDomain})
	const domains = 5 * maxGroups
	for i := range domains {
		w.add(event.Failed, "", fmt.Sprintf("u@d%d.test", i), "x", codes.ClassUserUnknown)
		w.add(event.Failed, "", "u@big.test", "x", codes.ClassUserUnknown)
	}
	r := w.t.Result()
	var count, merged int64
	for _, g := range r.Groups {
		count += g.Count
		merged += g.Merged
	}
	if count != 2*domains || len(r.Groups) > maxGroups+1 || merged == 0 {
		t.Errorf("%d events in %d groups, %d merged", count, len(r.Groups), merged)
	}
	found := false
	for _, g := range r.Groups {
		found = found || g.Key == "big.test" && g.Count == domains
	}
	if !found {
		t.Error("the big one is lost")
	}
}

func TestTop(t *testing.T) {
	t.Parallel()
	var top top
	for i := range 100_000 {
		top.add(fmt.Sprintf("rare%d", i))
		top.add("frequent")
	}
	if top.of("frequent") == 0 || top.Different() > maxTop || !top.More || top.Only() != "" {
		t.Errorf("%d of %d", top.of("frequent"), top.Different())
	}
}
