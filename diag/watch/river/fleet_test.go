package river_test

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"todoku/diag/watch/river"
	"todoku/diag/watch/store"
	"todoku/diag/watch/testserver"
)

// fleet is a test of many processes: some of them are killed again and again, and no chunk may be lost or saved twice.
type fleet struct {
	where     string
	server    *testserver.Server // that is killed; nil: none is
	domains   int
	processes int
	kills     int
	every     time.Duration
	delay     time.Duration // of DNS
	pause     time.Duration // at most, between two kills
	quick     bool

	t     *testing.T
	store *store.Store
	env   []string
	mu    sync.Mutex
	pids  []int // of the processes that work
	over  bool
	wg    sync.WaitGroup
}

// TestFleet is the short form; with TODOKU_FULL it has 100,000 domains, or as many as TODOKU_FLEET_DOMAINS says.
func TestFleet(t *testing.T) {
	t.Parallel()
	of := func() *fleet {
		if os.Getenv("TODOKU_FULL") == "" {
			return &fleet{domains: 501, processes: 2, kills: 1, every: time.Second, pause: 300 * time.Millisecond, quick: true}
		}
		f := &fleet{domains: 100_000, processes: 4, kills: 20, every: time.Minute, delay: 20 * time.Millisecond, pause: 15 * time.Second}
		if n, err := strconv.Atoi(os.Getenv("TODOKU_FLEET_DOMAINS")); err == nil {
			f.domains = n
		}
		return f
	}
	t.Run("sqlite", func(t *testing.T) {
		f := of()
		if f.quick {
			t.Parallel()
		}
		f.where = filepath.Join(t.TempDir(), "watch.db")
		f.run(t)
	})
	t.Run("postgres", func(t *testing.T) {
		f := of()
		if f.quick {
			t.Parallel()
		}
		var err error
		f.server, err = startServer(t.Context())
		started(t, err)
		defer f.server.Stop()
		f.where, err = f.server.Database(t.Context(), "fleet")
		must(t, err)
		t.Run("work goes on when the database comes back", func(t *testing.T) { comesBack(t, f.server) })
		f.run(t)
	})
}

func (f *fleet) run(t *testing.T) {
	f.t = t
	var err error
	f.store, err = store.Open(t.Context(), f.where, store.Options{})
	must(t, err)
	defer f.store.Close()
	must(t, river.Prepare(t.Context(), f.store.DB(), dialectOf(f.store)))
	f.log()
	added, err := f.store.Add(t.Context(), func(yield func(string) bool) {
		for i := 0; i < f.domains && yield(fmt.Sprintf("d%d.fleet.test", i)); i++ {
		}
	}, f.every)
	if must(t, err); added.New != f.domains {
		t.Fatalf("%+v", added)
	}
	f.env = append(os.Environ(), fleetStore+"="+f.where, fleetDNS+"="+emptyDNS(t, f.delay))
	if f.quick {
		f.env = append(f.env, fleetQuick+"=1")
	}
	defer f.end()
	for range f.processes {
		f.wg.Go(f.keep)
	}
	begun := time.Now()
	f.disturb()
	f.wait()
	t.Logf("%d domains, %d kills, %v", f.domains, f.kills, time.Since(begun).Round(time.Second))
	f.end()
	f.judge()
}

// log lets the database itself write down what is saved of chunks and of domains.
func (f *fleet) log() {
	statements := []string{`CREATE TABLE fleet_chunk (chunk BIGINT, round BIGINT)`, `CREATE TABLE fleet_domain (domain BIGINT, round BIGINT)`}
	for _, of := range []struct{ table, column, log string }{
		{"watch_chunk", "round", "fleet_chunk"}, {"watch_domain", "version", "fleet_domain"},
	} {
		if f.store.Dialect() == store.SQLite {
			statements = append(statements, `CREATE TRIGGER `+of.log+`_log AFTER UPDATE OF `+of.column+` ON `+of.table+
				` BEGIN INSERT INTO `+of.log+` VALUES (new.id, new.round); END`)
			continue
		}
		statements = append(statements, `CREATE FUNCTION `+of.log+`_log() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN INSERT INTO `+of.log+` VALUES (new.id, new.round); RETURN NULL; END'`,
			`CREATE TRIGGER `+of.log+`_log AFTER UPDATE OF `+of.column+` ON `+of.table+` FOR EACH ROW EXECUTE FUNCTION `+of.log+`_log()`)
	}
	for _, s := range statements {
		_, err := f.store.DB().Exec(s)
		must(f.t, err)
	}
}

// keep runs a process, and another one when it ends, until all is over.
func (f *fleet) keep() {
	for {
		c := exec.Command(os.Args[0])
		c.Env = f.env
		if testing.Verbose() {
			c.Stderr = os.Stderr // that the server is away is no news
		}
		c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		f.mu.Lock()
		if f.over {
			f.mu.Unlock()
			return
		}
		err := c.Start()
		if err == nil {
			f.pids = append(f.pids, c.Process.Pid)
		}
		f.mu.Unlock()
		if err != nil {
			f.t.Error(err)
			return
		}
		_ = c.Wait()
		f.gone(c.Process.Pid)
		time.Sleep(50 * time.Millisecond) // as whoever restarts services does
	}
}

// gone takes a process off the list of those that live.
func (f *fleet) gone(pid int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pids = slices.DeleteFunc(f.pids, func(p int) bool { return p == pid })
}

// signal sends one of the processes a signal, and says which.
func (f *fleet) signal(s syscall.Signal) (pid int) {
	f.mu.Lock()
	if len(f.pids) > 0 {
		pid = f.pids[rand.N(len(f.pids))]
	}
	f.mu.Unlock()
	if pid == 0 {
		return 0
	}
	if s == syscall.SIGKILL {
		f.gone(pid)
	}
	if err := syscall.Kill(pid, s); err != nil {
		f.t.Error(err)
	}
	return pid
}

// disturb kills processes, stops one for longer than the queue waits for a sign of life, and kills the server twice.
func (f *fleet) disturb() {
	ctx := context.Background()
	for i := range f.kills {
		if before := f.saved(); i%2 == 0 {
			until(f.t, "something is saved", func() bool { return f.saved() > before })
		}
		time.Sleep(rand.N(f.pause))
		f.signal(syscall.SIGKILL)
		if f.server != nil && (i == f.kills/3 || i == f.kills*2/3) {
			must(f.t, f.server.Kill())
			must(f.t, f.server.Up(ctx))
		}
		if i == f.kills/2 {
			if pid := f.signal(syscall.SIGSTOP); pid != 0 {
				time.AfterFunc(3*f.pause, func() { _ = syscall.Kill(pid, syscall.SIGCONT) })
			}
		}
	}
}

// number is a number that the database knows; -1 while it does not answer.
func (f *fleet) number(query string) (n int64) {
	var v sql.NullInt64
	if err := f.store.DB().QueryRow(query).Scan(&v); err != nil {
		return -1
	}
	return v.Int64
}

func (f *fleet) saved() int64 { return f.number(`SELECT count(*) FROM fleet_chunk`) }

// wait waits until each chunk was looked at twice.
func (f *fleet) wait() {
	for end := time.Now().Add(15 * time.Minute); f.number(`SELECT min(round) FROM watch_chunk`) < 2; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatal("some chunk is not looked at any more")
		}
	}
}

// end ends all processes as a service is ended.
func (f *fleet) end() {
	f.mu.Lock()
	f.over = true
	for _, pid := range f.pids {
		_ = syscall.Kill(pid, syscall.SIGCONT)
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
	f.mu.Unlock()
	f.wg.Wait()
}

// judge holds what was saved against what had to be.
func (f *fleet) judge() {
	all := int64(f.domains)
	for _, c := range []struct {
		query string
		want  int64
	}{
		{`SELECT count(*) FROM (SELECT 1 FROM fleet_chunk GROUP BY chunk, round HAVING count(*) > 1) AS twice`, 0},
		{`SELECT count(*) FROM (SELECT 1 FROM fleet_domain GROUP BY domain, round HAVING count(*) > 1) AS twice`, 0},
		{`SELECT count(*) FROM watch_chunk c WHERE round <> (SELECT count(*) FROM fleet_chunk l WHERE l.chunk = c.id)`, 0},
		{`SELECT count(*) FROM watch_domain WHERE first_look = 0 OR version = 0`, 0},
		{`SELECT count(DISTINCT domain) FROM fleet_domain WHERE round = 1`, all},
		{`SELECT sum(domains) FROM watch_chunk`, all},
		{`SELECT count(*) FROM river_job WHERE state = 'discarded'`, 0},
	} {
		if got := f.number(c.query); got != c.want {
			f.t.Errorf("%s: %d, not %d", c.query, got, c.want)
		}
	}
	f.t.Logf("%d rounds saved, %d jobs given to another worker", f.saved(),
		f.number(`SELECT count(*) FROM river_job WHERE state = 'cancelled' AND kind = 'todoku_look'`))
}
