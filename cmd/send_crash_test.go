package cmd

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"todoku/diag/lab"
	"todoku/sender/history"
)

// TestKilledListIsGoneOnWith kills a run of a list twenty times and goes on with
// it: nobody gets two mails, and nothing that was reported as sent is lost.
func TestKilledListIsGoneOnWith(t *testing.T) {
	t.Parallel()
	const recipients, kills = 400, 20
	var list strings.Builder
	for i := range recipients {
		fmt.Fprintf(&list, "user%d@healthy.test\n", i)
	}
	dir, _ := place(t, map[string]string{"list.txt": list.String()})
	l, relay := openRelay(t)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	reported := map[string]int{}
	begin := func() (*exec.Cmd, *bytes.Buffer) {
		var out bytes.Buffer
		c := exec.CommandContext(t.Context(), self)
		c.Args = []string{"todoku", "send", "--recipients", filepath.Join(dir, "list.txt"), "--from", "news@healthy.test", "--yes", "--continue", "--via", relay, "--history", filepath.Join(dir, "history.db")}
		c.Env = append(os.Environ(), "LC_ALL=C")
		c.Stdout = &out
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		return c, &out
	}
	count := func(out string) {
		for line := range strings.Lines(out) {
			if to, ok := strings.CutPrefix(line, "✓ 40000  "); ok && strings.HasSuffix(line, "\n") {
				reported[strings.Fields(to)[0]]++
			}
		}
	}
	for range kills {
		c, out := begin()
		time.Sleep(time.Duration(40+rand.IntN(120)) * time.Millisecond)
		_ = c.Process.Kill()
		_ = c.Wait()
		count(out.String())
	}
	c, out := begin() // to the end
	if err := c.Wait(); err != nil {
		t.Errorf("the last run: %v", err)
	}
	count(out.String())
	s := kept(t, dir, history.Options{})
	done, open := 0, 0
	for i := range recipients {
		to := fmt.Sprintf("user%d@healthy.test", i)
		rows := 0
		for x, err := range s.List(t.Context(), history.Filter{Recipient: to}) {
			if err != nil {
				t.Fatal(err)
			}
			rows++
			if x.Result == history.OK {
				done++
			} else {
				open++
			}
		}
		got := len(l.Messages(to))
		if got > 1 || rows != 1 || reported[to] > got || reported[to] > 1 {
			t.Errorf("%s: mails %d, rows %d, reported %d", to, got, rows, reported[to])
		}
	}
	t.Logf("%d kills: %d sent, %d with an open end, nobody twice", kills, done, open)
	if done+open != recipients || open > kills*sendWorkers {
		t.Errorf("%d done and %d open of %d", done, open, recipients)
	}
}

// openRelay opens the lab's mail servers for other processes.
func openRelay(t *testing.T) (*lab.Lab, string) {
	t.Helper()
	l, err := openLab(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	doors, err := l.OpenMail("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range doors {
		if d.Host == "mx1.lab.test" && d.Port == 25 {
			return l, "smtp://" + d.Addr
		}
	}
	t.Fatal("the lab has no mx1.lab.test")
	return nil, ""
}
