package main

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/diag/lab"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// TestKilledListIsGoneOnWith kills a run of a list twenty times and goes on with
// it: nobody gets two mails, and nothing that was reported as sent is lost.
func TestKilledListIsGoneOnWith(t *testing.T) {
	t.Parallel()
	const recipients, kills = 160, 20
	var list strings.Builder
	for i := range recipients {
		fmt.Fprintf(&list, "user%d@healthy.test\n", i)
	}
	dir, _ := place(t, map[string]string{"list.txt": list.String()})
	l, relay := openRelay(t)
	reported := map[string]int{}
	// begin runs the list until so many mails are told, and then kills it.
	begin := func(lines int) error {
		c := ownCommand(t, "send", "--recipients", filepath.Join(dir, "list.txt"), "--from", "news@healthy.test", "--yes",
			"--continue", "--via", relay, "--history", filepath.Join(dir, "history.db"))
		stdout, err := c.StdoutPipe()
		if err == nil {
			err = c.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
		for r := bufio.NewReader(stdout); ; lines-- {
			if lines == 0 {
				_ = c.Process.Kill()
			}
			line, err := r.ReadString('\n')
			if err != nil {
				return c.Wait()
			}
			if to, ok := strings.CutPrefix(line, "✓ 40000  "); ok {
				reported[strings.Fields(to)[0]]++
			}
		}
	}
	for range kills {
		_ = begin(rand.IntN(8))
	}
	last := begin(-1) // to the end
	s := kept(t, dir, history.Options{})
	done, open := 0, 0
	for i := range recipients {
		to := fmt.Sprintf("user%d@healthy.test", i)
		ok, untold, rows := countEnds(t, s, to)
		done, open = done+ok, open+untold
		got := len(l.Messages(to))
		if got > 1 || rows != 1 || reported[to] > got || reported[to] > 1 {
			t.Errorf("%s: mails %d, rows %d, reported %d", to, got, rows, reported[to])
		}
	}
	var exit *exec.ExitError
	if errors.As(last, &exit); (last == nil) != (open == 0) || exit != nil && exit.ExitCode() != int(app.ExitUnknown) {
		t.Errorf("the last run: %v with %d open", last, open)
	}
	t.Logf("%d kills: %d sent, %d with an open end, nobody twice", kills, done, open)
	if done+open != recipients || open > kills*batch.Workers {
		t.Errorf("%d done and %d open of %d", done, open, recipients)
	}
}

// countEnds counts how the mails to one recipient ended; each that has no end is an error.
func countEnds(t *testing.T, s history.Store, to string) (ok, untold, rows int) {
	t.Helper()
	for x, err := range s.List(t.Context(), history.Filter{Recipient: to}) {
		if err != nil {
			t.Fatal(err)
		}
		rows++
		switch {
		case x.Code == codes.DeliveryNoReply:
			untold++
		case x.Result == history.OK:
			ok++
		default: // whoever was killed keeps nothing
			t.Errorf("%s was left out: %s", to, x.Phase)
		}
	}
	return ok, untold, rows
}

// openRelay opens the lab's mail servers for other processes.
func openRelay(t *testing.T) (*lab.Lab, string) {
	t.Helper()
	l, err := lab.Open(t.Context(), lab.Options{})
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
