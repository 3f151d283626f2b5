package history_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/sender/history"
)

// childDir names the folder in which a run of the test binary plays a process
// that sends until it is killed, or with childDrain until nothing is left.
const (
	childDir   = "TODOKU_TEST_HISTORY_CHILD"
	childDrain = "TODOKU_TEST_HISTORY_DRAIN"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(context.Background(), dir, os.Getenv(childDrain) != ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child sends what it begins and what others left behind. The file "server"
// stands for the server: a line in it is a mail that was delivered. A line on
// standard output is a mail reported as sent.
func child(ctx context.Context, dir string, drain bool) error {
	s, err := history.OpenWith(ctx, filepath.Join(dir, "history.db"), history.Options{Lease: 30 * time.Millisecond})
	if err != nil {
		return err
	}
	server, err := os.OpenFile(filepath.Join(dir, "server"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	send := func(id string) error {
		if err := s.Progress(ctx, id, history.Step{Phase: history.ContentSent}); err != nil {
			return err
		}
		if _, err := server.WriteString(id + "\n"); err != nil {
			return err
		}
		if err := s.Finish(ctx, id, history.Outcome{Result: history.OK, Code: "40000"}); err != nil {
			return err
		}
		_, err := fmt.Println(id)
		return err
	}
	for {
		x, ok, err := s.Claim(ctx, time.Now())
		if err != nil {
			return err
		}
		if !ok && drain {
			return s.Close()
		}
		if !ok {
			x.ID = history.NewID(time.Now())
			if err := s.Begin(ctx, history.Sending{ID: x.ID, Recipient: x.ID + "@x.test"}); err != nil {
				return err
			}
		}
		// Another process that took it for abandoned has the right of way.
		if err := send(x.ID); err != nil && !errors.Is(err, history.ErrTaken) && !errors.Is(err, history.ErrFinished) {
			return err
		}
	}
}

// reports collects what children reported as sent.
type reports struct {
	lock sync.Mutex
	of   map[string]int
	any  chan struct{} // closed at the first
}

func (r *reports) add(id string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if len(r.of) == 0 {
		close(r.any)
	}
	r.of[id]++
}

// killed runs two children and kills each after a while.
func killed(t *testing.T, dir string, told *reports, wait func()) {
	t.Helper()
	var all sync.WaitGroup
	for range 2 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childDir+"="+dir)
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		must(t, err)
		must(t, c.Start())
		all.Go(func() {
			lines := bufio.NewReader(out)
			for {
				line, err := lines.ReadString('\n')
				if err != nil { // what has no end of line was not reported
					break
				}
				told.add(strings.TrimSpace(line))
			}
			io.Copy(io.Discard, out)
			c.Wait()
		})
		all.Go(func() {
			wait()
			c.Process.Kill() // SIGKILL
		})
	}
	all.Wait()
}

func TestKilled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	told := &reports{of: map[string]int{}, any: make(chan struct{})}
	// How long this machine needs for a first mail is the measure of the others.
	started := time.Now()
	killed(t, dir, told, func() { <-told.any })
	first := time.Since(started)
	for range 19 {
		killed(t, dir, told, func() { time.Sleep(time.Duration(rand.Int64N(int64(2 * first)))) })
	}
	reported := told.of
	time.Sleep(40 * time.Millisecond) // the last leases end
	last := exec.Command(os.Args[0])
	last.Env = append(os.Environ(), childDir+"="+dir, childDrain+"=1")
	if out, err := last.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}

	text, err := os.ReadFile(filepath.Join(dir, "server"))
	must(t, err)
	delivered := map[string]int{}
	for id := range strings.FieldsSeq(string(text)) {
		delivered[id]++
		if delivered[id] > 1 {
			t.Errorf("%s was delivered %d times", id, delivered[id])
		}
	}
	s := open(t, filepath.Join(dir, "history.db"), history.Options{})
	rows := map[string]history.Sending{}
	unknown := 0
	for x, err := range s.List(t.Context(), history.Filter{}) {
		must(t, err)
		rows[x.ID] = x
		switch {
		case x.Code == "40001":
			unknown++
		case x.Result == history.Preparing:
			t.Errorf("%s is %s after everything was taken up again", x.ID, x.Phase)
		case delivered[x.ID] != 1:
			t.Errorf("%s is %s, but was delivered %d times", x.ID, x.Result, delivered[x.ID])
		}
	}
	for id, n := range reported {
		if n != 1 || rows[id].Result != history.OK {
			t.Errorf("%s was reported %d times and is %q", id, n, rows[id].Result)
		}
	}
	for id := range delivered {
		if _, ok := rows[id]; !ok {
			t.Errorf("%s was delivered without a row", id)
		}
	}
	if unknown > 40 {
		t.Errorf("%d outcomes are unknown after 40 kills", unknown)
	}
	t.Logf("%d rows, %d delivered, %d reported, %d unknown", len(rows), len(delivered), len(reported), unknown)
}
