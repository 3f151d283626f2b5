package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/cmd/app"
	"todoku/codes"
	"todoku/sender/batch"
	"todoku/sender/history"
)

// sink is a mail server that ends each mail in the way that its recipient's name
// asks for, and counts what it got up to the final dot.
type sink struct {
	addr string

	sync.Mutex
	whole    map[string]int  // mails by recipient
	accepted map[string]int  // of these, answered with 2xx, or with nothing that says no
	refused  map[string]int  // answered with 4xx or 5xx, at any stage
	doubled  map[string]bool // a mail came although none before it was refused
}

// endings are the ways to end: behind the final dot, or at RCPT.
var endings = map[string]string{
	"ok": "250 2.0.0 queued", "gone": "250 2.0.0 queued, and good bye", "spam": "554 5.7.1 spam",
	"later": "451 4.3.0 later", "always": "451 4.3.0 never now",
	"reset": "", "eof": "", "garbage": "what?", "data": "354 go ahead", "cut": "550-no", "two": "55 no", "half": "550 n", "silent": "",
	"unknown": "550 5.1.1 no such user", "grey": "450 4.2.0 greylisted",
}

func openSink(t *testing.T) *sink {
	t.Helper()
	l := listen(t)
	s := &sink{addr: l.Addr().String(), whole: map[string]int{}, accepted: map[string]int{}, refused: map[string]int{},
		doubled: map[string]bool{}}
	done := make(chan struct{})
	accept(t, l, func(c net.Conn) { s.session(c.(*net.TCPConn), done) })
	t.Cleanup(func() { close(done) })
	return s
}

func (s *sink) session(c *net.TCPConn, done chan struct{}) {
	r, to := bufio.NewReader(c), ""
	say := func(line string) { _, _ = io.WriteString(c, line+"\r\n") }
	say("220 sink.test ESMTP")
	for {
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch word := strings.ToUpper(strings.Fields(line + " x")[0]); word {
		case "RCPT":
			to = line[strings.IndexByte(line, '<')+1 : strings.IndexByte(line, '>')]
			if way := strings.TrimRight(to[:strings.IndexByte(to, '@')], "0123456789"); (way == "unknown" || way == "grey") &&
				(s.first(to) || way == "unknown") {
				say(endings[way])
				continue
			}
			say("250 ok")
		case "DATA":
			say("354 go ahead")
			for line != ".\r\n" {
				if line, err = r.ReadString('\n'); err != nil {
					return
				}
			}
			if !s.end(c, to, say, done) {
				return
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

// first reports whether a recipient was not put off before, and counts that.
func (s *sink) first(to string) bool {
	s.Lock()
	defer s.Unlock()
	s.refused[to]++
	return s.refused[to] == 1
}

// end ends a mail; false ends the session.
func (s *sink) end(c *net.TCPConn, to string, say func(string), done chan struct{}) bool {
	way := strings.TrimRight(to[:strings.IndexByte(to, '@')], "0123456789")
	s.Lock()
	s.whole[to]++
	s.doubled[to] = s.doubled[to] || s.accepted[to] > 0
	answer := endings[way]
	switch {
	case way == "later" && s.refused[to] > 0, way == "grey":
		way, answer = "ok", endings["ok"]
	case way == "spam" || way == "later" || way == "always":
		s.refused[to]++
	}
	if way != "spam" && way != "later" && way != "always" {
		s.accepted[to]++
	}
	s.Unlock()
	switch way {
	case "reset":
		_ = c.SetLinger(0)
		return false
	case "eof":
		return false
	case "silent":
		select {
		case <-done:
		case <-time.After(10 * time.Second):
		}
		return false
	case "half":
		_, _ = io.WriteString(c, answer)
		return false
	}
	say(answer)
	return way == "ok" || way == "spam" || way == "later" || way == "always"
}

// TestNeverTwice runs a list to a server with every kind of ending, by several
// processes at once that are killed at any moment: nobody gets a second mail
// unless the first one was refused, and what is told is true.
func TestNeverTwice(t *testing.T) {
	t.Parallel()
	mails, kills, processes := 150, 8, 4
	if os.Getenv("TODOKU_FULL") != "" {
		mails, kills = 10_000, 40
	}
	ways := []string{"ok", "ok", "ok", "gone", "spam", "later", "always", "reset", "eof", "garbage", "data", "cut", "two",
		"half", "unknown", "grey"}
	var list strings.Builder
	for i := range mails {
		way := ways[i%len(ways)]
		if i < 3 {
			way = "silent"
		}
		fmt.Fprintf(&list, "%s%d@sink.test\n", way, i)
	}
	s := openSink(t)
	dir, _ := place(t, map[string]string{"list.txt": list.String()})
	start := func() *exec.Cmd { return listRun(t, dir, s.addr, "--continue") }
	for killed := 0; killed < kills; {
		var all sync.WaitGroup
		for range processes {
			c := start()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			killed++
			all.Go(func() {
				time.Sleep(time.Duration(rand.IntN(40*mails/kills)+50) * time.Millisecond)
				_ = c.Process.Kill()
				_ = c.Wait()
			})
		}
		all.Wait()
	}
	out, err := start().CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != int(app.ExitWrong) { // refused ones are left
		t.Errorf("the last run: %v\n%.2000s", err, out)
	}
	s.verdict(t, dir, mails)
}

// verdict compares what the sink got with what the history tells.
func (s *sink) verdict(t *testing.T, dir string, mails int) {
	t.Helper()
	s.Lock()
	defer s.Unlock()
	for to := range s.doubled {
		if s.doubled[to] {
			t.Errorf("%s got a second mail", to)
		}
	}
	rows := map[string]int{}
	perhaps := 0
	for x, err := range kept(t, dir, history.Options{}).List(t.Context(), history.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		to := x.Recipient
		rows[to]++
		switch {
		case x.Code == codes.DeliveryNoReply:
			perhaps++
		case x.Result == history.OK && s.accepted[to] != 1:
			t.Errorf("%s is told as sent, and got %d", to, s.accepted[to])
		case x.Result == history.Failed && (s.refused[to] == 0 || s.accepted[to] > 0):
			t.Errorf("%s is told as an error (%s), got %d, refused %d", to, x.Code, s.accepted[to], s.refused[to])
		case x.Result == history.Preparing:
			t.Errorf("%s is left: %s", to, x.Phase)
		}
	}
	for to, n := range rows {
		if n != 1 {
			t.Errorf("%s stands %d times in the list", to, n)
		}
	}
	if len(rows) != mails {
		t.Errorf("%d recipients in the history, %d on the list", len(rows), mails)
	}
	t.Logf("%d mails, %d perhaps delivered", mails, perhaps)
}

// listRun is a process that sends the list of a folder.
func listRun(t *testing.T, dir, addr string, more ...string) *exec.Cmd {
	t.Helper()
	return ownCommand(t, append([]string{"send", "--recipients", filepath.Join(dir, "list.txt"), "--from",
		"news@sink.test", "--subject", "hello", "--body", "hello", "--yes",
		"--via", "smtp://" + addr, "--timeout", "1s", "--history", filepath.Join(dir, "history.db")}, more...)...)
}

// TestContinue: --continue finds its list, however old it is, tells refused,
// temporary and unknown mails apart, and sends only what was not delivered.
func TestContinue(t *testing.T) {
	t.Parallel()
	run := func(t *testing.T, s *sink, dir string, more ...string) (app.ExitStatus, string) {
		t.Helper()
		out, err := listRun(t, dir, s.addr, more...).CombinedOutput()
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return app.ExitStatus(exit.ExitCode()), string(out)
		}
		if err != nil {
			t.Fatal(err)
		}
		return app.ExitOK, string(out)
	}
	for name, c := range map[string]struct {
		list        string
		first, then app.ExitStatus
		tells       []string // of the second run
	}{
		"all delivered":     {"ok1 ok2 ok3", app.ExitOK, app.ExitOK, []string{"sent already 3, left 0"}},
		"one refused":       {"ok1 spam2 ok3", app.ExitWrong, app.ExitWrong, []string{"sent already 3, left 0", "1 of them were refused"}},
		"one unknown":       {"ok1 unknown2", app.ExitWrong, app.ExitWrong, []string{"1 of them were refused"}},
		"temporary, passes": {"ok1 later2 grey3", app.ExitWrong, app.ExitOK, []string{"sent already 1, left 2", "2 had temporary errors"}},
		"temporary, stays":  {"ok1 always2", app.ExitWrong, app.ExitWrong, []string{"left 1", "1 had temporary errors"}},
		"perhaps": {"ok1 reset2 data3", app.ExitOK, app.ExitUnknown, []string{"sent already 3, left 0",
			"2 of them are perhaps delivered"}},
		"perhaps, refused": {"reset1 spam2", app.ExitWrong, app.ExitWrong, []string{"1 of them are perhaps delivered", "1 of them were refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openSink(t)
			dir, env := place(t, map[string]string{"list.txt": strings.ReplaceAll(c.list, " ", "@sink.test\n") + "@sink.test\n"})
			status, out := run(t, s, dir)
			if status != c.first {
				t.Errorf("at first: exit %d\n%s", status, out)
			}
			_, id, _ := strings.Cut(out, "\nlist: ")
			id = strings.TrimSpace(strings.SplitN(id, "\n", 2)[0])
			status, out = run(t, s, dir, "--continue", id[:12])
			if status != c.then || !strings.Contains(out, "the list "+id) {
				t.Errorf("--continue: exit %d\n%s", status, out)
			}
			for _, want := range c.tells {
				if !strings.Contains(out, want) {
					t.Errorf("%q is not told:\n%s", want, out)
				}
			}
			for range 3 { // a mail that is tried again and again makes no address invalid
				if again, out := run(t, s, dir, "--continue"); again != c.then || !strings.Contains(out, id) ||
					strings.Contains(c.list, "always") && !strings.Contains(out, "left 1") {
					t.Errorf("by file and mail: exit %d\n%s", again, out)
				}
			}
			s.verdict(t, dir, len(strings.Fields(c.list)))
			if _, rows, _ := typed(t, env, "history list --list "+id); strings.Count(rows, "@sink.test") != len(strings.Fields(c.list)) {
				t.Errorf("history list --list: %s", rows)
			}
			// The twin: another mail with the same sender and subject is not sent already.
			before := s.mails("ok1@sink.test")
			if _, out := run(t, s, dir, "--continue", "--html", "<p>other"); strings.Contains(c.list, "ok1") &&
				s.mails("ok1@sink.test") != before+1 {
				t.Errorf("another mail was not sent: %s", out)
			}
		})
	}
}

// TestSameListAtOnce: a second process that begins the same list while the first one sends
// it sends nothing.
func TestSameListAtOnce(t *testing.T) {
	t.Parallel()
	s := openSink(t)
	dir, _ := place(t, map[string]string{"list.txt": "silent1@sink.test\nsilent2@sink.test\n"})
	first := listRun(t, dir, s.addr)
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); s.mails("silent1@sink.test")+s.mails("silent2@sink.test") == 0 && time.Since(began) < 20*time.Second; {
		time.Sleep(5 * time.Millisecond)
	}
	out, err := listRun(t, dir, s.addr, "--lang", "ja").CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != int(app.ExitUsage) || !strings.Contains(string(out), "別のプロセス") {
		t.Errorf("%v\n%s", err, out)
	}
	if err := first.Wait(); err != nil {
		t.Error(err)
	}
	if n := s.mails("silent1@sink.test") + s.mails("silent2@sink.test"); n != 2 {
		t.Errorf("%d mails of 2", n)
	}
}

// mails is how many came whole for a recipient.
func (s *sink) mails(to string) int {
	s.Lock()
	defer s.Unlock()
	return s.whole[to]
}

// TestContinueOldHistory: a list that an older version began, which kept no lists, is gone on
// with: who had this very mail gets no second one.
func TestContinueOldHistory(t *testing.T) {
	t.Parallel()
	s := openSink(t)
	dir, _ := place(t, map[string]string{"list.txt": "ok1@sink.test\nok2@sink.test\nok3@sink.test\n"})
	h, err := history.Open(t.Context(), filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	for to, body := range map[string]string{"ok1@sink.test": "hello", "ok2@sink.test": "another mail"} {
		x := history.Sending{ID: "old" + to, Kind: batch.KindCampaign, Sender: "news@sink.test", Subject: "hello",
			Recipient: to, Content: []byte("Subject: hello\r\n\r\n" + body + "\r\n")}
		if err := errors.Join(h.Begin(t.Context(), x), h.Finish(t.Context(), x.ID, history.Outcome{Result: history.OK,
			Code: "40000"})); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	out, err := listRun(t, dir, s.addr, "--continue").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "sent already 1, left 2") || s.mails("ok1@sink.test") != 0 ||
		s.mails("ok2@sink.test") != 1 || s.mails("ok3@sink.test") != 1 {
		t.Errorf("%v\n%s", err, out)
	}
}
