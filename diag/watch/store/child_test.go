package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"todoku/diag/watch"
	"todoku/diag/watch/store"
)

// childStore names the store in which a run of the test binary saves rounds until it is killed.
const childStore = "TODOKU_TEST_WATCH_STORE"

// child saves round after round of all chunks, and prints a line for each. In each round each domain has one finding, that of
// the round.
func child(ctx context.Context, where string) error {
	c := newClock()
	s, err := store.Open(ctx, where, store.Options{Now: c.now})
	if err != nil {
		return err
	}
	for {
		jobs, _, err := s.All(ctx)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			if err := childRound(ctx, s, c, j); err != nil && !errors.Is(err, watch.ErrLost) {
				return err
			}
			fmt.Println(j.Chunk, j.Round)
		}
	}
}

func childRound(ctx context.Context, s *store.Store, c *clock, j watch.Job) error {
	w, err := s.Load(ctx, j)
	if err != nil {
		return err
	}
	d := same(w, c.add(day))
	for i := range w.Domains {
		d.Outcomes[i].State.Findings = nil
	}
	breaks(w, &d, fmt.Sprintf("round-%d", j.Round), "")
	tx, err := s.DB().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := s.Save(ctx, tx, w, d); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Processes that are killed leave each round whole, or not begun. Two of them work on one store at a time.
func TestKilledProcessesLeaveRoundsWhole(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		s := open(t, where, newClock())
		watchAll(t, s, day, names(620)...)
		for kill := range 3 {
			a, b := startChild(t, where), startChild(t, where)
			a.lines(t, 2+kill)
			a.kill(t)
			b.lines(t, 1)
			b.kill(t)
		}
		// In one question: the server may just be ending what a killed process had asked for.
		rows, err := s.DB().QueryContext(t.Context(), `SELECT d.name, d.state, c.round,
  (SELECT count(*) FROM watch_change h WHERE h.domain = d.id) FROM watch_domain d JOIN watch_chunk c ON c.id = d.chunk`)
		must(t, err)
		defer rows.Close()
		for rows.Next() {
			var name, text string
			var round, changes int
			must(t, rows.Scan(&name, &text, &round, &changes))
			st, err := store.DecodeState(name, text)
			must(t, err)
			if len(st.Findings) != 1 || st.Findings[0].Rule != fmt.Sprintf("round-%d", round) {
				t.Fatalf("%s after round %d: %+v", name, round, st.Findings)
			}
			if changes != round-1 { // the first look makes none
				t.Fatalf("%s after round %d: %d changes", name, round, changes)
			}
		}
		must(t, rows.Err())
	})
}

type process struct {
	*exec.Cmd
	out *bufio.Scanner
}

func startChild(t *testing.T, where string) process {
	t.Helper()
	p := process{Cmd: exec.Command(os.Args[0], "-test.run=^$")}
	p.Env = append(os.Environ(), childStore+"="+where)
	p.Stderr = os.Stderr
	pipe, err := p.StdoutPipe()
	must(t, err)
	must(t, p.Start())
	t.Cleanup(func() { _ = p.Process.Kill() })
	p.out = bufio.NewScanner(pipe)
	return p
}

// lines waits until the process has saved so many rounds.
func (p process) lines(t *testing.T, n int) {
	t.Helper()
	for range n {
		if !p.out.Scan() {
			t.Fatalf("the process ended: %v", p.out.Err())
		}
	}
}

func (p process) kill(t *testing.T) {
	t.Helper()
	must(t, p.Process.Kill())
	_ = p.Wait() // it was killed
}

// Of many that save one round at once, one does.
func TestOneOfManySavesARound(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(50)...)
		j := due(t, s, c.now())[0]
		results := make(chan error)
		for range 4 {
			go func() { results <- childRound(t.Context(), s, c, j) }()
		}
		var errs []error
		for range 4 {
			errs = append(errs, <-results)
		}
		saved := slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, watch.ErrLost) })
		if len(saved) != 1 || saved[0] != nil {
			t.Errorf("not lost: %v", saved)
		}
	})
}

// A domain that somebody looked at while its chunk was looked at stays as that look left it.
func TestALookNowBesideAChunk(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, "a.example", "b.example")
		look(t, s, c.now(), nil)
		c.add(2 * day)
		chunk, err := s.Load(t.Context(), due(t, s, c.now())[0])
		must(t, err)
		j, err := s.Job(t.Context(), "a.example")
		must(t, err)
		one, err := s.Load(t.Context(), j)
		must(t, err)
		now := c.add(time.Minute)
		d := same(one, now)
		breaks(one, &d, "mx-none", "")
		must(t, save(t, s, one, d))
		must(t, save(t, s, one, d)) // twice: somebody asked twice
		d = same(chunk, now.Add(-time.Minute))
		breaks(chunk, &d, "spf-none", "")
		must(t, save(t, s, chunk, d))
		for name, rule := range map[string]string{"a.example": "mx-none", "b.example": "spf-none"} {
			line, err := s.Show(t.Context(), name, start, 0)
			must(t, err)
			if len(line.Changes) != 1 || line.Changes[0].Rule != rule || len(line.State.Findings) != 1 || line.State.Findings[0].Rule != rule {
				t.Errorf("%s: %+v", name, line)
			}
		}
		if line, err := s.Show(t.Context(), "a.example", start, 0); err != nil || !line.Looked.Equal(now) {
			t.Errorf("looked at at %s, %v", line.Looked, err)
		}
	})
}

// Each chunk goes to one of many schedulers.
func TestManySchedulers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, where string) {
		c := newClock()
		s := open(t, where, c)
		watchAll(t, s, day, names(1600)...)
		given := make(chan watch.Job, 100)
		errs := make(chan error)
		for range 4 {
			go func() {
				for range 4 {
					if _, err := s.Due(t.Context(), c.now(), 1, func(_ *sql.Tx, jobs []watch.Job) error {
						given <- jobs[0]
						return nil
					}); err != nil {
						errs <- err
						return
					}
				}
				errs <- nil
			}()
		}
		for range 4 {
			must(t, <-errs)
		}
		close(given)
		seen := map[watch.Job]int{}
		for j := range given {
			seen[j]++
		}
		if len(seen) != 4 || slices.Max(slices.Collect(maps.Values(seen))) != 1 {
			t.Errorf("given: %v", seen)
		}
	})
}
