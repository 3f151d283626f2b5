package collect_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/collect"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

// childDir names the folder in which a run of the test binary plays a process that collects until it is killed.
const childDir = "TODOKU_TEST_COLLECT_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Fprintln(os.Stderr, child(context.Background(), dir, true))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child collects the mails of dir and moves what was matched, for ever or once.
func child(ctx context.Context, dir string, forever bool) error {
	store, err := history.Open(ctx, filepath.Join(dir, "history.db"))
	if err != nil {
		return err
	}
	defer store.Close()
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		return err
	}
	name := filepath.Join(dir, "mail")
	box, err := mailbox.Open(ctx, name, mailbox.Options{Passed: func(id string) bool {
		yes, err := store.Events().WasRead(ctx, name, id)
		return err == nil && yes
	}})
	if err != nil {
		return err
	}
	c := &collect.Collector{History: store, Judge: event.NewJudge(catalogue, func(string) string { return "" }), Now: time.Now,
		MoveTo: filepath.Join(dir, "done")}
	for {
		if _, err := c.Round(ctx, []collect.Source{{Name: name, Box: box}}); err != nil || !forever {
			return err
		}
	}
}

// TestKilled kills processes that collect, two at a time: nothing is lost, nothing counts twice, and no mail is moved of
// which the history does not know. TODOKU_FULL=1 kills 20 times.
func TestKilled(t *testing.T) {
	if testing.Short() {
		t.Skip()
	}
	t.Parallel()
	dir := t.TempDir()
	store, err := history.Open(t.Context(), filepath.Join(dir, "history.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	kills, each := 3, 40
	if os.Getenv("TODOKU_FULL") == "1" {
		kills = 20
	}
	for k := range kills {
		for i := range each {
			accepted(t, store, dir, k*each+i)
		}
		killed(t, dir)
	}
	if err := child(t.Context(), dir, false); err != nil {
		t.Fatal(err)
	}
	for n := range kills * each {
		x, err := store.Get(t.Context(), fmt.Sprint("s", n))
		told := 0
		for _, err := range store.Events().Of(t.Context(), x.ID) {
			if err != nil {
				t.Fatal(err)
			}
			told++
		}
		v, _ := store.Flag(t.Context(), x.Recipient)
		if err != nil || x.Code != codes.DeliveryBounced || told != 1 || v.Errors != 1 {
			t.Errorf("%d: %+v told %d times, errors %d, %v", n, x, told, v.Errors, err)
		}
	}
	left, _ := filepath.Glob(filepath.Join(dir, "mail", "*.eml"))
	done, _ := filepath.Glob(filepath.Join(dir, "done", "*.eml"))
	if n, err := store.Events().CountUnmatched(t.Context()); n != kills || len(left) != kills || len(done) != kills*each || err != nil {
		t.Errorf("%d left, %d moved, %d of no sending, want %d, %d and %d", len(left), len(done), n, kills, kills*each, kills)
	}
}

// accepted writes a sending down and puts its bounce into the mailbox; the first of a batch has one of nobody beside it.
func accepted(t *testing.T, store *history.SQLite, dir string, n int) {
	t.Helper()
	id := fmt.Sprint("s", n)
	to, message := id+"@kaisha.test", id+"@example.test"
	x := history.Sending{ID: id, Recipient: to, Sender: "news@example.test", MessageID: message, Started: sentAt}
	if err := store.Begin(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if err := store.Progress(t.Context(), id, history.Step{Phase: history.ContentSent}); err != nil {
		t.Fatal(err)
	}
	if err := store.Finish(t.Context(), id, history.Outcome{Result: history.OK, Code: codes.DeliveryOK}); err != nil {
		t.Fatal(err)
	}
	mails := map[string]notice{id: {to: to, messageID: message}}
	if n%40 == 0 {
		mails["nobody"+id] = notice{to: "nobody" + to, messageID: "other" + message}
	}
	for name, text := range mails {
		file := filepath.Join(dir, "mail", name+".eml")
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file+".part", []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(file+".part", file); err != nil {
			t.Fatal(err)
		}
	}
}

// killed runs two children and kills each after a while.
func killed(t *testing.T, dir string) {
	t.Helper()
	var all sync.WaitGroup
	for range 2 {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childDir+"="+dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			time.Sleep(time.Duration(150+rand.IntN(250)) * time.Millisecond)
			_ = c.Process.Kill()
			_ = c.Wait()
		})
	}
	all.Wait()
}
