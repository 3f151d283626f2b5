package sender_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

// afterTheDot is what a server can do when it has the whole mail, and whether
// that says that it did not take it.
var afterTheDot = map[string]struct {
	answer string
	code   string
	mails  int // that go out in all, with a second server and time to retry
}{
	"taken":                {"250 2.0.0 queued", "40000", 1},
	"taken, hangs up":      {"CUT 250 2.0.0 queued\r\n", "40000", 1},
	"another 2xx":          {"251 2.0.0 forwarded", "40000", 1},
	"refused":              {"554 5.7.1 spam", "42554", 1},
	"refused, hangs up":    {"CUT 550 5.7.1 no\r\n", "42550", 1},
	"put off":              {"451 4.3.0 trouble", "", 5},
	"closes":               {"DROP", "40001", 1},
	"reset":                {"RESET", "40001", 1},
	"silence":              {"STALL", "40001", 1},
	"garbage":              {"what?", "40001", 1},
	"binary":               {"CUT \x00\xff\x15\x03\x01", "40001", 1},
	"1xx":                  {"150 wait", "40001", 1},
	"3xx":                  {"354 go ahead", "40001", 1},
	"6xx":                  {"650 what", "40001", 1},
	"two digits":           {"55 no", "40001", 1},
	"four digits":          {"5500 no", "40001", 1},
	"an empty line":        {"CUT \r\n", "40001", 1},
	"half a line":          {"CUT 550 no", "40001", 1},
	"half a reply":         {"CUT 550-no\r\n", "40001", 1},
	"a reply of two codes": {"550-no\r\n250 yes", "40001", 1},
	"an endless reply":     {strings.Repeat("550-no\r\n", 9000) + "550 no", "40001", 1},
	"an endless line":      {"550 " + strings.Repeat("no", 64<<10), "40001", 1},
}

// TestAfterTheFinalDot: only 4xx and 5xx say that a mail was not taken. With any
// other end it is never tried again by itself.
func TestAfterTheFinalDot(t *testing.T) {
	t.Parallel()
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range afterTheDot {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first, second := serve(t, nil, says(map[string]string{".": c.answer})), serve(t, nil, says(nil))
			x := newTry(t, to(first, second))
			x.client.Timeout = 500 * time.Millisecond
			x.Codes, x.Retry = catalogue, sender.Retry{For: 10 * time.Minute}
			o := x.run(t)
			if got := len(first.taken()) + len(second.taken()); got != c.mails {
				t.Errorf("%d mails went out", got)
			}
			if c.code != "" && (o.Verdict.Delivery.ID != c.code || o.Stage != codes.StageBody || o.Ours) {
				t.Errorf("%q at %s, ours %v", o.Verdict.Delivery.ID, o.Stage, o.Ours)
			}
			if c.code != "40001" {
				return
			}
			if v := o.Verdict; o.Result != history.OK || v.Action != codes.ActionNone || v.Permanent != codes.Unknown || resends(v.Remedies) ||
				!strings.Contains(v.Meaning.EN, "double") || !strings.Contains(v.Meaning.JA, "二重") || o.Err == nil {
				t.Errorf("%s: %+v, error %v", o.Result, v, o.Err)
			}
			if want := []string{"begin", "content-sent mx1.x.test", "finish ok 40001"}; !slices.Equal(x.rows.rows, want) {
				t.Errorf("journal %v", x.rows.rows)
			}
		})
	}
}

// TestBeforeTheFinalDot: what breaks before the end of the message has not been
// delivered, and goes to the next server.
func TestBeforeTheFinalDot(t *testing.T) {
	t.Parallel()
	first, second := serve(t, nil, says(map[string]string{"DATA": "HALF"})), serve(t, nil, says(nil))
	x := newTry(t, to(first, second))
	x.job.Message = message(t, strings.Repeat(strings.Repeat("a", 70)+"\n", 1<<17)) // more than the network holds on the way
	check(t, x.run(t), history.OK, "40000", codes.StageBody)
	if len(first.taken()) != 0 || len(second.taken()) != 1 {
		t.Errorf("mails: %d and %d", len(first.taken()), len(second.taken()))
	}
	if want := []string{"begin", "content-sent mx2.x.test", "finish ok 40000"}; !slices.Equal(x.rows.rows, want) {
		t.Errorf("journal %v", x.rows.rows)
	}
}

// slowJournal tells when the end of a mail is written down.
type slowJournal struct {
	journal
	finished chan struct{}
}

func (j *slowJournal) Finish(ctx context.Context, id string, o history.Outcome) error {
	close(j.finished)
	return j.journal.Finish(ctx, id, o)
}

// TestResultIsWrittenBeforeQuit: a server that dawdles over its goodbye keeps
// nobody from writing the result down.
func TestResultIsWrittenBeforeQuit(t *testing.T) {
	t.Parallel()
	rows := &slowJournal{finished: make(chan struct{})}
	written := errors.New("the goodbye came first")
	s := serve(t, nil, func(_ int, command string) string {
		if command == "QUIT" {
			select {
			case <-rows.finished:
				written = nil
			case <-time.After(4 * time.Second):
			}
		}
		return ""
	})
	x := newTry(t, to(s))
	x.Journal = rows
	o := x.run(t)
	check(t, o, history.OK, "40000", codes.StageBody)
	if written != nil {
		t.Error(written)
	}
	if steps := o.Sessions[0].Steps; steps[len(steps)-1].Stage != codes.StageQuit {
		t.Errorf("the goodbye is missing in %+v", steps)
	}
}

// resends reports whether one of the steps sends the mail again.
func resends(steps []codes.Remedy) bool {
	return slices.ContainsFunc(steps, func(r codes.Remedy) bool {
		return slices.Contains([]string{"wait_retry", "wait_resend", "wait_server", "countermeasure_wait"}, r.ID)
	})
}
