package report

import (
	"fmt"
	"testing"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// triaged is a triage of a morning: Gmail refuses from nine o'clock on, an old list, a delay that ends.
func triaged(t *testing.T, c *codes.Catalogue) *triage.Triage {
	t.Helper()
	judge := event.NewJudge(c, func(string) string { return "" })
	tally := triage.New(triage.Options{})
	for _, e := range someEvents() {
		judge.Judge(&e)
		tally.Add(&e)
	}
	r := tally.Result()
	r.Inputs = []triage.Input{{Input: event.Input{File: "mail.log", Format: "postfix", Lines: 100, Events: r.Counts.Events}}}
	return r
}

func someEvents() []event.Event {
	var out []event.Event
	at := time.Date(2026, 11, 27, 8, 0, 0, 0, time.UTC)
	add := func(a event.Action, to, host, reply string) {
		at = at.Add(30 * time.Second)
		e := event.Event{Source: event.Place{File: "mail.log", Line: int64(len(out) + 1)}, Format: "postfix", Action: a, Time: at, Recipient: to,
			From: "news@kaisha.test", QueueID: fmt.Sprintf("4D%d", len(out)), RemoteMTA: host, Diagnostic: reply}
		e.Reply = paste.Parse(reply).Reply
		out = append(out, e)
	}
	for i := range 100 {
		add(event.Delivered, fmt.Sprintf("u%d@gmail.com", i), "gmail-smtp-in.l.google.com", "250 2.0.0 OK")
	}
	for i := range 60 {
		add(event.Failed, fmt.Sprintf("u%d@gmail.com", i), "gmail-smtp-in.l.google.com",
			"550-5.7.26 Your email has been blocked because the sender is unauthenticated.")
		add(event.Failed, fmt.Sprintf("old%d@d%d.test", i, i%12), fmt.Sprintf("mx.d%d.test", i%12),
			"550 5.1.1 <x>: Recipient address rejected: User unknown")
	}
	return out
}
