package event_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/sender/event"
)

// attempt is what truth knows of an event.
type attempt struct {
	Action              event.Action
	Recipient, From, ID string
	Code                int
	Status              string
}

func (a attempt) String() string {
	return fmt.Sprint(a.Action, " ", a.Recipient, " from ", a.From, " ", a.ID, " ", a.Code, " ", a.Status)
}

// outcomes are ways in which an attempt ends, as the words of a server.
var outcomes = []struct {
	action event.Action
	code   int
	status string
	words  string
}{
	{event.Delivered, 250, "2.0.0", "250 2.0.0 Ok: queued as 7F3"},
	{event.Failed, 550, "5.1.1", "550 5.1.1 <%s>: no such user here"},
	{event.Failed, 552, "5.2.2", "552 5.2.2 mailbox of %s is over quota"},
	{event.Delayed, 451, "4.7.1", "451 4.7.1 greylisted, come back in 300 seconds"},
	{event.Delayed, 421, "4.3.2", "421 4.3.2 too busy for %s"},
}

// mailLog is a log in the making: the lines of mails come in turns.
type mailLog struct {
	rand  *rand.Rand
	now   time.Time
	lines []string // whole lines
	truth []string
}

func newMailLog(seed uint64) *mailLog {
	return &mailLog{rand: rand.New(rand.NewPCG(seed, 1)), now: time.Date(2026, 10, 30, 22, 0, 0, 0, time.UTC)}
}

func (l *mailLog) tick() { l.now = l.now.Add(time.Duration(l.rand.IntN(90_000)) * time.Millisecond) }

func (l *mailLog) address() string {
	return fmt.Sprintf("u%d.%c@d%d.example", l.rand.IntN(500), 'a'+l.rand.IntN(26), l.rand.IntN(40))
}

// run lets n mails live, several at a time; each step writes a line or more, false says that the mail is done.
func (l *mailLog) run(n int, begin func(i int) (step func() bool)) {
	var open []func() bool
	for i := 0; i < n || len(open) > 0; l.tick() {
		if i < n && (len(open) == 0 || len(open) < 25 && l.rand.IntN(2) == 0) {
			open = append(open, begin(i))
			i++
			continue
		}
		k := l.rand.IntN(len(open))
		if !open[k]() {
			open = slices.Delete(open, k, k+1)
		}
	}
}

// compare reads the log and holds what it tells against the truth.
func (l *mailLog) compare(t *testing.T, format string, want func(e event.Event) string) {
	t.Helper()
	var got []string
	in := new(event.Input)
	for e, err := range event.Read(context.Background(), event.Source{Name: "log",
		Reader: strings.NewReader(strings.Join(l.lines, "\n") + "\n"), Input: in}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, want(e))
	}
	if in.Format != format {
		t.Errorf("format %q, want %q", in.Format, format)
	}
	slices.Sort(got)
	truth := slices.Sorted(slices.Values(l.truth))
	if len(got) != len(truth) {
		t.Errorf("%d events, want %d", len(got), len(truth))
	}
	for i := range min(len(got), len(truth)) {
		if got[i] != truth[i] {
			t.Fatalf("got  %s\nwant %s", got[i], truth[i])
		}
	}
}

// told is an event as truth writes it down.
func told(e event.Event) string {
	code := e.Reply.Code
	if !e.Action.Trouble() {
		code = 0
	}
	return attempt{e.Action, e.Recipient, e.From, e.MessageID, code, e.Reply.Enhanced.String()}.String()
}
