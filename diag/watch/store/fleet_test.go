package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// BenchmarkNinetyDays makes the store of a fleet after 90 days, and tells its size and how long a timeline takes.
// TODOKU_FLEET is how many domains it has (default 1,000; the bar is for 100,000). Each is looked at once a day: 1 % of them
// change each day, the include of a provider of 5 % of them changes weekly, and the resolver is silent for an hour a month.
func BenchmarkNinetyDays(b *testing.B) {
	domains := 1000
	if n, err := strconv.Atoi(os.Getenv("TODOKU_FLEET")); err == nil {
		domains = n
	}
	for _, where := range []func(testing.TB) string{
		func(t testing.TB) string { return filepath.Join(t.TempDir(), "watch.db") }, database,
	} {
		c := newClock()
		at := where(b)
		s := open(b, at, c)
		b.Run(s.Dialect().String(), func(b *testing.B) {
			for range b.N {
				ninetyDays(b, s, c, domains)
			}
			b.ReportMetric(float64(octets(b, s, at))/float64(domains), "octets/domain")
			b.ReportMetric(float64(octets(b, s, at))/(1<<20), "MiB")
			b.ReportMetric(slowest(b, s, domains), "ms/timeline")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// octets is how large a store is.
func octets(b *testing.B, s *store.Store, where string) (n int64) {
	b.Helper()
	if s.Dialect() == store.PostgreSQL {
		must(b, s.DB().QueryRowContext(b.Context(), `SELECT pg_database_size(current_database())`).Scan(&n))
		return n
	}
	for _, name := range []string{where, where + "-wal"} {
		info, err := os.Stat(name)
		must(b, err)
		n += info.Size()
	}
	return n
}

// slowest is the longest of 20 timelines, in milliseconds, among them those of the domains that changed most.
func slowest(b *testing.B, s *store.Store, domains int) (ms float64) {
	b.Helper()
	list := make([]string, 0, 20)
	for range 10 {
		list = append(list, names(domains)[rand.N(domains)])
	}
	rows, err := s.DB().QueryContext(b.Context(), `SELECT d.name FROM watch_domain d JOIN watch_change c ON c.domain = d.id
  GROUP BY d.name ORDER BY count(*) DESC LIMIT 10`)
	must(b, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
		list = append(list, name)
	}
	must(b, rows.Err())
	for _, name := range list {
		began := time.Now()
		t, err := s.Show(b.Context(), name, time.Time{}, 0)
		must(b, err)
		if len(t.State.Values) == 0 {
			b.Fatalf("%s has no state", name)
		}
		ms = max(ms, float64(time.Since(began).Microseconds())/1000)
	}
	return ms
}

func ninetyDays(b *testing.B, s *store.Store, c *clock, domains int) {
	watchAll(b, s, day, names(domains)...)
	jobs := due(b, s, c.now())
	round := func(j *watch.Job, change func(watch.Work, *watch.Done)) {
		w, err := s.Load(b.Context(), *j)
		must(b, err)
		d := same(w, c.now())
		change(w, &d)
		must(b, save(b, s, w, d))
		j.Round++
	}
	for i := range jobs {
		round(&jobs[i], func(w watch.Work, d *watch.Done) { *d = fill(w, c.now()) })
	}
	silent := 0
	for n := range 90 {
		c.add(day)
		for k := range max(len(jobs)/5, 1) { // each day a fifth of the chunks, and 5 % of the domains in them
			round(&jobs[(n*max(len(jobs)/5, 1)+k)%len(jobs)], func(w watch.Work, d *watch.Done) { someChange(w, d, 0.05) })
		}
		if n%7 == 6 {
			for i := range max(len(jobs)/20, 1) {
				round(&jobs[i], func(w watch.Work, d *watch.Done) { includeChanges(w, d, n) })
			}
		}
		if n%30 == 15 {
			for _, turn := range []watch.Turn{watch.Unknown, watch.Known} {
				for k := range max(len(jobs)/24, 1) {
					round(&jobs[(silent+k)%len(jobs)], func(w watch.Work, d *watch.Done) { allSilent(w, d, turn) })
				}
				c.add(time.Hour)
			}
			silent += max(len(jobs)/24, 1)
		}
		_, err := s.Tell(b.Context(), time.Minute, "warn", []string{"hook"})
		must(b, err)
	}
}

// someChange lets a finding come or go at some domains, with a record set.
func someChange(w watch.Work, d *watch.Done, share float64) {
	for i, k := range w.Domains {
		if rand.Float64() >= share {
			continue
		}
		if o := &d.Outcomes[i]; slices.ContainsFunc(o.State.Findings, func(f watch.Standing) bool { return f.Rule == "spf-none" }) {
			mends(w, d, "spf-none", k.Name)
		} else {
			breaks(w, d, "spf-none", "", k.Name)
		}
		changeValue(d, i, k, 0, "v=spf1 include:_spf.provider.example ip4:192.0.2."+strconv.Itoa(rand.N(200))+" -all")
	}
}

func changeValue(d *watch.Done, i int, k watch.Kept, value int, text string) {
	o := &d.Outcomes[i]
	o.Changed = true
	o.Past = append(o.Past, watch.Past{Value: k.State.Values[value], Last: k.Looked})
	o.State.Values = slices.Clone(o.State.Values)
	o.State.Values[value] = watch.Value{Name: o.State.Values[value].Name, Type: "TXT", Values: []string{text}, First: d.Started}
}

// includeChanges gives all domains another record set of their provider.
func includeChanges(w watch.Work, d *watch.Done, n int) {
	for i, k := range w.Domains {
		changeValue(d, i, k, 3, fmt.Sprintf("v=spf1 ip4:192.0.2.0/24 ip4:198.51.100.0/24 ip4:203.0.113.%d -all", n))
	}
}

// allSilent lets ten checks of all domains become silent, or speak again.
func allSilent(w watch.Work, d *watch.Done, turn watch.Turn) {
	for i, k := range w.Domains {
		o := &d.Outcomes[i]
		o.Changed, o.State.Silent = true, nil
		for n := range 10 {
			q := watch.Silence{Check: "check" + strconv.Itoa(n), Kind: "timeout", Since: d.Started, Last: k.Looked, Culprit: "192.0.2.53:53",
				Message: codes.Text{EN: "192.0.2.53:53 does not answer the question for the TXT record of " + k.Name,
					JA: "192.0.2.53:53 が " + k.Name + " の TXT レコードの問い合わせに応答しません"}}
			if turn == watch.Unknown {
				o.State.Silent = append(o.State.Silent, q)
			}
			o.Changes = append(o.Changes, watch.Change{Domain: k.Name, At: d.Started, Before: k.Looked, Turn: turn, Check: q.Check,
				Severity: "unknown", First: q.Since, Message: q.Message, Culprit: q.Culprit})
		}
	}
}
