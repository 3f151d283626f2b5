package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/baseline"
	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

const day = 24 * time.Hour

// due takes the jobs of chunks whose time has come.
func due(t testing.TB, s *store.Store, now time.Time) (jobs []watch.Job) {
	t.Helper()
	n, err := s.Due(t.Context(), now, 1000, func(_ *sql.Tx, more []watch.Job) error {
		jobs = append(jobs, more...)
		return nil
	})
	must(t, err)
	if n != len(jobs) {
		t.Fatalf("%d jobs were told, %d were given", n, len(jobs))
	}
	return jobs
}

// finding is a finding that stands since a time.
func finding(rule, subject string, first time.Time) watch.Standing {
	return watch.Standing{Known: baseline.Known{Check: "spf", Rule: rule, Subject: subject, Data: "d"}, Severity: "fail", First: first,
		Message: codes.Text{EN: rule + " of " + subject, JA: subject + " の " + rule}}
}

// opened is the change of a finding that is new.
func opened(domain string, at, before time.Time, f watch.Standing) watch.Change {
	return watch.Change{Domain: domain, At: at, Before: before, Turn: watch.New, Check: f.Check, Rule: f.Rule, Subject: f.Subject,
		Severity: f.Severity, First: f.First, Message: f.Message, Culprit: f.Culprit}
}

// same is a job that found everything as it was.
func same(w watch.Work, at time.Time) watch.Done {
	d := watch.Done{Started: at, Took: time.Second, Summary: watch.NewSummary()}
	for _, k := range w.Domains {
		d.Outcomes = append(d.Outcomes, watch.Outcome{At: at, State: k.State})
		d.Summary.Count(k.Name, k.State)
	}
	return d
}

// breaks makes a finding new at some domains of a job.
func breaks(w watch.Work, d *watch.Done, rule, culprit string, names ...string) {
	for i, k := range w.Domains {
		if len(names) > 0 && !slices.Contains(names, k.Name) {
			continue
		}
		f := finding(rule, k.Name, d.Started)
		f.Culprit = culprit
		o := &d.Outcomes[i]
		o.Changed = true
		o.State.Findings = append(slices.Clone(o.State.Findings), f)
		o.Changes = append(o.Changes, opened(k.Name, d.Started, k.Looked, f))
	}
}

// mends ends a finding at some domains of a job.
func mends(w watch.Work, d *watch.Done, rule string, names ...string) {
	for i, k := range w.Domains {
		if len(names) > 0 && !slices.Contains(names, k.Name) {
			continue
		}
		o := &d.Outcomes[i]
		o.Changed = true
		var kept []watch.Standing
		for _, f := range o.State.Findings {
			if f.Rule != rule {
				kept = append(kept, f)
				continue
			}
			c := opened(k.Name, d.Started, k.Looked, f)
			c.Turn = watch.Mended
			o.Changes = append(o.Changes, c)
		}
		o.State.Findings = kept
	}
}

// save saves a job in a transaction of its own.
func save(t testing.TB, s *store.Store, w watch.Work, d watch.Done) error {
	t.Helper()
	tx, err := s.DB().BeginTx(t.Context(), nil)
	must(t, err)
	if err := s.Save(t.Context(), tx, w, d); err != nil {
		must(t, tx.Rollback())
		return err
	}
	return tx.Commit()
}

// look does all jobs that are due; change says what they find.
func look(t testing.TB, s *store.Store, now time.Time, change func(watch.Work, *watch.Done)) (domains int) {
	t.Helper()
	for _, j := range due(t, s, now) {
		w, err := s.Load(t.Context(), j)
		must(t, err)
		d := same(w, now)
		if change != nil {
			change(w, &d)
		}
		must(t, save(t, s, w, d))
		domains += len(w.Domains)
	}
	return domains
}

// names are names of domains.
func names(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("d%05d.example", i)
	}
	return out
}

func watchAll(t testing.TB, s *store.Store, every time.Duration, list ...string) store.Added {
	t.Helper()
	a, err := s.Add(t.Context(), slices.Values(list), every)
	must(t, err)
	return a
}

func TestARoundIsSavedOnce(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		jobs := due(t, s, c.now())
		if len(jobs) != 1 || jobs[0].Round != 1 || len(due(t, s, c.now())) != 0 {
			t.Fatalf("a chunk is due once: %+v", jobs)
		}
		w, err := s.Load(t.Context(), jobs[0])
		must(t, err)
		d := same(w, c.now())
		breaks(w, &d, "spf-none", "")
		must(t, save(t, s, w, d))
		if err := save(t, s, w, d); !errors.Is(err, watch.ErrLost) {
			t.Errorf("the same round again: %v", err)
		}
		if _, err := s.Load(t.Context(), jobs[0]); !errors.Is(err, watch.ErrLost) {
			t.Errorf("loaded after it was saved: %v", err)
		}
		w, err = s.Load(t.Context(), watch.Job{Chunk: jobs[0].Chunk, Round: 2})
		must(t, err)
		if len(w.Domains) != 2 || len(w.Domains[0].State.Findings) != 1 || !w.Domains[0].Looked.Equal(start) || !w.Looked.Equal(start) {
			t.Errorf("the next round: %+v", w)
		}
	})
}

// One domain whose state cannot be read keeps nobody from the others: it is listed as unknown, and its next look writes it anew.
func TestAStateThatCannotBeReadIsWrittenAnew(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "") })
		_, err := s.DB().ExecContext(t.Context(), `UPDATE watch_domain SET state = '{"findings":7' WHERE name = 'a.example'`)
		must(t, err)
		status := func() (out string) {
			for r, err := range s.List(t.Context(), store.Filter{}) {
				must(t, err)
				out += r.Name + " " + r.Status + " "
			}
			return out
		}
		if got := status(); got != "a.example unknown b.example fail " {
			t.Errorf("listed: %s", got)
		}
		firsts := 0
		for c, err := range s.Firsts(t.Context(), 0) {
			if must(t, err); c.Domain == "b.example" {
				firsts++
			}
		}
		if firsts != 1 {
			t.Errorf("%d first findings of the other domain", firsts)
		}
		if n := look(t, s, c.add(2*day), nil); n != 2 {
			t.Errorf("looked at %d", n)
		}
		if got := status(); got != "a.example pass b.example fail " {
			t.Errorf("after the next look: %s", got)
		}
	})
}

func TestNothingIsWrittenOfADomainThatIsAsItWas(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		look(t, s, c.now(), func(w watch.Work, d *watch.Done) { breaks(w, d, "spf-none", "", "a.example") })
		second := c.add(2 * day)
		look(t, s, second, nil)
		w, err := s.Load(t.Context(), watch.Job{Chunk: 1, Round: 3})
		must(t, err)
		for _, k := range w.Domains {
			if k.Version != 1 || !k.Looked.Equal(second) {
				t.Errorf("%s: version %d, looked at %s", k.Name, k.Version, k.Looked)
			}
		}
	})
}
