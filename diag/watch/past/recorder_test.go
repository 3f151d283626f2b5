package past_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/triage"
	"todoku/diag/watch"
	"todoku/diag/watch/past"
	"todoku/sender/event"
)

// kept is a store that keeps the larger count of a source.
type kept struct {
	rows map[watch.Happening]int64
	away bool
}

func (k *kept) Happened(_ context.Context, list []watch.Happening) error {
	if k.away {
		return errors.New("away")
	}
	if k.rows == nil {
		k.rows = map[watch.Happening]int64{}
	}
	for _, h := range list {
		id := watch.Happening{Hour: h.Hour, Domain: h.Domain, Reason: h.Reason, Provider: h.Provider, Source: h.Source}
		k.rows[id] = max(k.rows[id], h.Count)
	}
	return nil
}

// count is how many mails have a reason.
func (k *kept) count(reason string) (n int64) {
	for id, count := range k.rows {
		if id.Reason == reason {
			n += count
		}
	}
	return n
}

// log is a mail that was refused and one that arrived.
func log() string {
	const mx, to = "mx postfix/", "relay=gmail-smtp-in.l.google.com[192.0.2.9]:25, delay=1, delays=0/0/0/1, "
	return strings.Join([]string{
		"Nov 24 09:07:11 " + mx + "qmgr[1]: 4ABC1: from=<news@kaisha.example>, size=1000, nrcpt=1 (queue active)",
		"Nov 24 09:07:12 " + mx + "smtp[2]: 4ABC1: to=<a@gmail.com>, " + to + "dsn=5.7.26, status=bounced (host " +
			"gmail-smtp-in.l.google.com[192.0.2.9] said: 550-5.7.26 Your email has been blocked because the sender is unauthenticated. " +
			"(in reply to end of DATA command))",
		"Nov 24 09:07:12 " + mx + "qmgr[1]: 4ABC1: removed",
		"Nov 24 09:08:11 " + mx + "qmgr[1]: 4ABC2: from=<news@kaisha.example>, size=1000, nrcpt=1 (queue active)",
		"Nov 24 09:08:12 " + mx + "smtp[2]: 4ABC2: to=<b@gmail.com>, " + to + "dsn=2.0.0, status=sent (250 2.0.0 OK)",
		"Nov 24 09:08:12 " + mx + "qmgr[1]: 4ABC2: removed", ""}, "\n")
}

func catalogue(t *testing.T) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read counts what a log tells.
func read(t *testing.T, r *past.Recorder, text string) {
	t.Helper()
	judge := triage.NewKeepers().Judge(catalogue(t))
	in := r.Input()
	s := event.Source{Name: "mail.log", Reader: strings.NewReader(text), Modified: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	for e, err := range event.Read(t.Context(), s) {
		if err != nil {
			t.Fatal(err)
		}
		judge.Judge(&e)
		in.Add(&e)
	}
}

func TestALogThatIsReadAgainCountsOnce(t *testing.T) {
	t.Parallel()
	var k kept
	for _, text := range []string{log()[:strings.Index(log(), "Nov 24 09:08:11")], log(), log()} {
		r := past.NewRecorder(time.UTC)
		read(t, r, text)
		if err := r.Flush(t.Context(), &k); err != nil {
			t.Fatal(err)
		}
	}
	if bad, good := k.count("authentication"), k.count(past.Arrived); bad != 1 || good != 1 || len(k.rows) != 2 {
		t.Errorf("%d refused, %d arrived: %+v", bad, good, k.rows)
	}
}

func TestTimesWithoutAZoneAreThoseOfTheReader(t *testing.T) {
	t.Parallel()
	var k kept
	r := past.NewRecorder(time.FixedZone("JST", 9*3600))
	read(t, r, log())
	if err := r.Flush(t.Context(), &k); err != nil {
		t.Fatal(err)
	}
	for id := range k.rows {
		if want := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC); !id.Hour.Equal(want) {
			t.Errorf("the hour is %v, want %v", id.Hour, want)
		}
	}
}

func TestWhatAStoreDoesNotTakeIsKept(t *testing.T) {
	t.Parallel()
	k := kept{away: true}
	r := past.NewRecorder(time.UTC)
	read(t, r, log())
	if err := r.Flush(t.Context(), &k); err == nil {
		t.Fatal("a store that is away took it")
	}
	if _, rows := r.Left(); rows != 2 {
		t.Errorf("%d rows wait", rows)
	}
	k.away = false
	if err := r.Flush(t.Context(), &k); err != nil || k.count(past.Arrived) != 1 {
		t.Errorf("the store has %+v, %v", k.rows, err)
	}
	if _, rows := r.Left(); rows != 0 {
		t.Errorf("%d rows wait", rows)
	}
}

func TestARecorderIsBounded(t *testing.T) {
	t.Parallel()
	r := past.NewRecorder(time.UTC)
	in := r.Input()
	e := event.Event{Action: event.Delivered, From: "a@kaisha.example", Time: at(0, 0)}
	for range 60_000 {
		e.Time = e.Time.Add(time.Hour)
		in.Add(&e)
	}
	if events, rows := r.Left(); events != 10_000 || rows != 50_000 {
		t.Errorf("%d events are not counted, %d rows wait", events, rows)
	}
	if !r.Full() {
		t.Error("it is not full")
	}
}

func TestEventsThatTellTooLittleAreLeftOut(t *testing.T) {
	t.Parallel()
	var k kept
	r := past.NewRecorder(time.UTC)
	in := r.Input()
	for _, e := range []event.Event{
		{Action: event.Delivered, Time: at(9, 0)},
		{Action: event.Delivered, From: "a@kaisha.example"},
		{Action: event.Delivered, From: "a@$(id)", Time: at(9, 0)},
		{Action: event.AutoReply, From: "a@kaisha.example", Time: at(9, 0)},
		{Action: event.Failed, From: "a@kaisha.example", Time: at(9, 0)},
	} {
		in.Add(&e)
	}
	if err := r.Flush(t.Context(), &k); err != nil || len(k.rows) != 0 {
		t.Errorf("kept: %+v, %v", k.rows, err)
	}
}
