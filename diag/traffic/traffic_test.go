package traffic_test

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/traffic"
	"todoku/sender/event"
)

// TestLog: mails are counted by domain, address and provider; a domain has those below it, the biggest first.
func TestLog(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	day := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	ip := netip.MustParseAddr("192.0.2.7")
	for i := range 4 {
		l.Add(traffic.Mail{From: "News@A.test", IP: netip.MustParseAddr("::ffff:192.0.2.7"), Provider: "gmail", Time: day.AddDate(0, 0, i)})
	}
	l.Add(traffic.Mail{From: "<x@sub.a.test>", IP: ip, Refused: true})
	l.Add(traffic.Mail{From: "x@notа.test", IP: ip}) // with a Cyrillic letter: another domain
	l.Add(traffic.Mail{From: "x@nota.test", IP: ip})
	l.Add(traffic.Mail{From: "", IP: ip})
	l.Add(traffic.Mail{From: "<>", IP: ip})
	got := l.Of("a.test")
	if len(got) != 2 || got[0].Accepted != 4 || got[0].IP != ip || got[0].Provider != "gmail" || got[1].Domain != "sub.a.test" ||
		got[1].Refused != 1 {
		t.Errorf("%+v", got)
	}
	if !got[0].First.Equal(day) || !got[0].Last.Equal(day.AddDate(0, 0, 3)) || got[0].PerDay() != 1 {
		t.Errorf("%+v, %d a day", got[0], got[0].PerDay())
	}
	if l.NoSender != 2 || len(l.Of("test")) != 4 || l.Of("b.test") != nil {
		t.Errorf("without a sender %d, all %v", l.NoSender, l.Of("test"))
	}
}

// TestWhatCounts: what was taken, and what a policy refused; no delay, and no mailbox that is full.
func TestWhatCounts(t *testing.T) {
	t.Parallel()
	verdict := func(c codes.Class) *codes.Verdict { return &codes.Verdict{Reason: codes.Reason{Class: c}} }
	for name, c := range map[string]struct {
		event             event.Event
		accepted, refused int
	}{
		"delivered": {event.Event{Action: event.Delivered}, 1, 0},
		"relayed":   {event.Event{Action: event.Relayed}, 1, 0},
		"policy":    {event.Event{Action: event.Failed, Verdict: verdict(codes.ClassPolicyBlock)}, 0, 1},
		"full":      {event.Event{Action: event.Failed, Verdict: verdict(codes.ClassMailboxFull)}, 0, 0},
		"unjudged":  {event.Event{Action: event.Failed}, 0, 0},
		"delayed":   {event.Event{Action: event.Delayed, Verdict: verdict(codes.ClassPolicyBlock)}, 0, 0},
		"complaint": {event.Event{Action: event.Complaint}, 0, 0},
	} {
		var l traffic.Log
		c.event.From = "a@a.test"
		l.AddEvent(&c.event)
		var accepted, refused int
		for _, s := range l.Of("a.test") {
			accepted, refused = s.Accepted, s.Refused
		}
		if accepted != c.accepted || refused != c.refused {
			t.Errorf("%s: accepted %d, refused %d", name, accepted, refused)
		}
	}
}

// TestBounded: a log with too many senders keeps the first, and counts the rest.
func TestBounded(t *testing.T) {
	t.Parallel()
	var l traffic.Log
	for i := range traffic.MaxStreams + 7 {
		l.Add(traffic.Mail{From: fmt.Sprintf("a@d%d.test", i)})
	}
	if got := len(l.Of("test")); got != traffic.MaxStreams || l.Beyond != 7 {
		t.Errorf("%d streams, %d beyond", got, l.Beyond)
	}
}
