package collect_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/collect"
	"todoku/sender/event"
	"todoku/sender/history"
	"todoku/sender/mailbox"
)

var sentAt = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// stage is a history with sendings, and a directory with what came back.
type stage struct {
	store *history.SQLite
	now   time.Time
	dir   string
	c     *collect.Collector
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{now: sentAt, dir: t.TempDir()}
	store, err := history.OpenWith(t.Context(), filepath.Join(t.TempDir(), "history.db"),
		history.Options{Now: func() time.Time { return s.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s.store = store
	s.c = collector(t, store, func() time.Time { return s.now })
	return s
}

func collector(t testing.TB, store history.Store, now func() time.Time) *collect.Collector {
	t.Helper()
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return &collect.Collector{History: store, Judge: event.NewJudge(catalogue, func(string) string { return "" }), Now: now}
}

// send writes a sending down that was accepted, or ended in another way.
func (s *stage) send(t testing.TB, x history.Sending, o history.Outcome) {
	t.Helper()
	if x.Sender == "" {
		x.Sender = "news@example.test"
	}
	if x.Started.IsZero() {
		x.Started = sentAt
	}
	if o.Result == "" {
		o = history.Outcome{Result: history.OK, Code: codes.DeliveryOK}
	}
	ctx := t.Context()
	if err := s.store.Begin(ctx, x); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Progress(ctx, x.ID, history.Step{Phase: history.ContentSent}); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Finish(ctx, x.ID, o); err != nil {
		t.Fatal(err)
	}
}

// round collects the directory.
func (s *stage) round(t testing.TB) *collect.Round {
	t.Helper()
	s.now = sentAt.Add(time.Hour)
	return round(t, s.c, s.dir)
}

func round(t testing.TB, c *collect.Collector, name string) *collect.Round {
	t.Helper()
	box, err := mailbox.Open(t.Context(), name, mailbox.Options{Passed: func(id string) bool {
		yes, err := c.History.Events().WasRead(context.WithoutCancel(t.Context()), name, id)
		return err == nil && yes
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	r, err := c.Round(t.Context(), []collect.Source{{Name: name, Box: box}})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// notice is a delivery report (RFC 3464) about one recipient.
type notice struct {
	to, action, status, says string
	messageID, envid         string
	returnPath, subject      string
	at                       time.Time
}

func (n notice) String() string {
	if n.action == "" {
		n.action = "failed"
	}
	if n.status == "" {
		n.status, n.says = "5.2.2", "552 5.2.2 mailbox full"
	}
	if n.returnPath == "" {
		n.returnPath = "news@example.test"
	}
	if n.at.IsZero() {
		n.at = sentAt.Add(30 * time.Minute)
	}
	envid := ""
	if n.envid != "" {
		envid = "Original-Envelope-Id: " + n.envid + "\n"
	}
	original := "From: news@example.test\nTo: " + n.to + "\n"
	if n.messageID != "" {
		original += "Message-ID: <" + n.messageID + ">\n"
	}
	if n.subject != "" {
		original += "Subject: " + n.subject + "\n"
	}
	return fmt.Sprintf(`Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.kaisha.test>
To: %[1]s
Subject: Undelivered Mail Returned to Sender
Date: %[2]s
MIME-Version: 1.0
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.kaisha.test
%[3]sArrival-Date: %[2]s

Final-Recipient: rfc822; %[4]s
Action: %[5]s
Status: %[6]s
Remote-MTA: dns; store.kaisha.test
Diagnostic-Code: smtp; %[7]s

--b
Content-Type: text/rfc822-headers

%[8]s
--b--
`, n.returnPath, n.at.Format(time.RFC1123Z), envid, n.to, n.action, n.status, n.says, original)
}

func (s *stage) put(t testing.TB, name string, n notice) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, name), []byte(n.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (s *stage) get(t testing.TB, id string) history.Sending {
	t.Helper()
	x, err := s.store.Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestBounceTurnsOkToError(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.send(t, history.Sending{ID: "a", Recipient: "taro@kaisha.test", MessageID: "1@example.test", Subject: "hello"}, history.Outcome{})
	s.put(t, "1.eml", notice{to: "taro@kaisha.test", messageID: "1@example.test"})
	r := s.round(t)
	if len(r.Changes) != 1 || r.Counts.Bounced != 1 || len(r.Others) != 0 || len(r.Failed) != 0 {
		t.Fatalf("%+v", r)
	}
	x := s.get(t, "a")
	if got := fmt.Sprintf("%s %s %s %s", x.Result, x.Code, x.Reason, x.ReasonClass); got != "error 90000 mailbox_full mailbox_full" ||
		!strings.Contains(x.Reply, "552") || !x.Finished.Equal(sentAt.Add(30*time.Minute)) {
		t.Errorf("%+v", x)
	}
	c := r.Changes[0]
	if c.Before.Code != "40000" || c.After.Code != "90000" || c.Event.MatchedBy != "message_id" || c.Event.RemoteMTA != "store.kaisha.test" ||
		c.Flag.Errors != 1 {
		t.Errorf("%+v", c)
	}
	// The same file again, a copy of it, and the same bounce in the log of the server.
	if again := s.round(t); again.Counts.Events != 0 || again.Changed() {
		t.Errorf("read again: %+v", again)
	}
	s.put(t, "copy.eml", notice{to: "taro@kaisha.test", messageID: "1@example.test"})
	s.put(t, "other.eml", notice{to: "taro@kaisha.test", messageID: "1@example.test", says: "552 full up", status: "5.2.2", at: s.now})
	if again := s.round(t); again.Counts.Known != 2 || again.Changed() {
		t.Errorf("told again: %+v", again.Counts)
	}
	if v, _ := s.store.Flag(t.Context(), "taro@kaisha.test"); v.Errors != 1 {
		t.Errorf("%+v", v)
	}
}

// TestMatching: each way to tell whose mail it was, and what belongs to nobody.
func TestMatching(t *testing.T) {
	t.Parallel()
	const verp = "bounce+vvv=hanako=kaisha.test@example.test"
	for name, tt := range map[string]struct {
		notice
		sending, by string
		why         history.Unmatched
	}{
		"ENVID": {notice: notice{to: "elsewhere@mobile.test", envid: "env-1"}, sending: "env", by: "envelope_id"},
		"VERP":  {notice: notice{to: "someone@mobile.test", returnPath: verp}, sending: "vvv", by: "verp"},
		"VERP of others": {notice: notice{to: "a@x.test", returnPath: "bounce+zzz=hanako=kaisha.test@example.test"},
			why: history.UnknownEnvelope},
		"Message-ID":      {notice: notice{to: "TARO@Kaisha.TEST", messageID: "two@example.test"}, sending: "two-taro", by: "message_id"},
		"forwarded":       {notice: notice{to: "taro@mobile.test", messageID: "one@example.test"}, sending: "one", by: "message_id"},
		"several":         {notice: notice{to: "taro@mobile.test", messageID: "two@example.test"}, why: history.Ambiguous},
		"recipient":       {notice: notice{to: "jiro@kaisha.test"}, sending: "jiro-new", by: "recipient"},
		"subject":         {notice: notice{to: "jiro@kaisha.test", subject: "first"}, sending: "jiro-old", by: "recipient"},
		"another subject": {notice: notice{to: "jiro@kaisha.test", subject: "third"}, why: history.OtherMail},
		"another mail":    {notice: notice{to: "jiro@kaisha.test", messageID: "other@example.test"}, why: history.OtherMail},
		"a relay's own ID": {notice: notice{to: "jiro@kaisha.test", messageID: "x@relay.test", subject: "second"},
			sending: "jiro-new", by: "recipient"},
		"before it":       {notice: notice{to: "jiro@kaisha.test", at: sentAt.Add(-48 * time.Hour)}, why: history.OutOfTime},
		"long after it":   {notice: notice{to: "jiro@kaisha.test", at: sentAt.Add(30 * 24 * time.Hour)}, why: history.OutOfTime},
		"nobody":          {notice: notice{to: "nobody@kaisha.test"}, why: history.UnknownAddress},
		"refused at once": {notice: notice{to: "saburo@kaisha.test"}, why: history.NotSent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			s.send(t, history.Sending{ID: "env", Recipient: "e@kaisha.test", EnvelopeID: "env-1", MessageID: "e@example.test"}, history.Outcome{})
			s.send(t, history.Sending{ID: "vvv", Recipient: "hanako@kaisha.test", MessageID: "v@example.test"}, history.Outcome{})
			s.send(t, history.Sending{ID: "one", Recipient: "only@kaisha.test", MessageID: "one@example.test"}, history.Outcome{})
			s.send(t, history.Sending{ID: "two-taro", Recipient: "taro@kaisha.test", MessageID: "two@example.test"}, history.Outcome{})
			s.send(t, history.Sending{ID: "two-hana", Recipient: "hana@kaisha.test", MessageID: "two@example.test"}, history.Outcome{})
			s.send(t, history.Sending{ID: "jiro-old", Recipient: "jiro@kaisha.test", Subject: "first", MessageID: "j1@example.test",
				Started: sentAt.Add(-2 * time.Hour)}, history.Outcome{})
			s.send(t, history.Sending{ID: "jiro-new", Recipient: "jiro@kaisha.test", Subject: "second", MessageID: "j2@example.test"},
				history.Outcome{})
			s.send(t, history.Sending{ID: "saburo", Recipient: "saburo@kaisha.test", MessageID: "s@example.test"},
				history.Outcome{Result: history.Failed, Code: "42550"})
			s.put(t, "1.eml", tt.notice)
			r := s.round(t)
			switch {
			case tt.sending == "" && (len(r.Others) != 1 || r.Others[0].Why != tt.why || r.Changed()):
				t.Errorf("%+v, want %s", r.Others, tt.why)
			case tt.sending != "" && (len(r.Changes) != 1 || r.Changes[0].Event.Sending != tt.sending || r.Changes[0].Event.MatchedBy != tt.by):
				t.Errorf("%+v, others %+v", r.Changes, r.Others)
			}
		})
	}
}

// TestFlag: three bounces in a row make an address invalid, and a later success begins anew.
func TestFlag(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	to := "taro@kaisha.test"
	bounce := func(i int) *collect.Round {
		id := fmt.Sprint(i)
		s.send(t, history.Sending{ID: id, Recipient: to, MessageID: id + "@example.test"}, history.Outcome{})
		s.put(t, id+".eml", notice{to: to, messageID: id + "@example.test"})
		return s.round(t)
	}
	bounce(1)
	bounce(2)
	s.send(t, history.Sending{ID: "fine", Recipient: to, MessageID: "fine@example.test", Started: sentAt.Add(time.Hour)}, history.Outcome{})
	if v, _ := s.store.Flag(t.Context(), to); v.Errors != 0 {
		t.Errorf("a success does not begin anew: %+v", v)
	}
	for i := 3; i < 6; i++ {
		id := fmt.Sprint(i)
		s.send(t, history.Sending{ID: id, Recipient: to, MessageID: id + "@example.test", Started: sentAt.Add(2 * time.Hour)}, history.Outcome{})
		s.put(t, id+".eml", notice{to: to, messageID: id + "@example.test", at: sentAt.Add(3 * time.Hour)})
	}
	s.now = sentAt.Add(4 * time.Hour)
	if r := round(t, s.c, s.dir); r.Counts.Bounced != 3 || r.Counts.Invalid != 1 || !r.Changes[2].Struck {
		t.Errorf("%+v", r.Counts)
	}
	if v, _ := s.store.Flag(t.Context(), to); v.Valid {
		t.Errorf("%+v", v)
	}
}

// TestWhatChangesNothing: a delay, a complaint and an automatic answer are told and kept beside the result.
func TestWhatChangesNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.send(t, history.Sending{ID: "a", Recipient: "taro@kaisha.test", MessageID: "1@example.test"}, history.Outcome{})
	s.put(t, "1.eml", notice{to: "taro@kaisha.test", messageID: "1@example.test", action: "delayed", status: "4.4.1", says: "no answer"})
	r := s.round(t)
	if r.Counts.Delayed != 1 || len(r.Told) != 1 || len(r.Changes) != 0 || s.get(t, "a").Code != "40000" {
		t.Errorf("%+v", r)
	}
	list := slices.Collect(func(yield func(history.Event) bool) {
		for e, err := range s.store.Events().Of(t.Context(), "a") {
			if err != nil || !yield(e) {
				return
			}
		}
	})
	if len(list) != 1 || list[0].Action != "delayed" {
		t.Errorf("%+v", list)
	}
}

// TestUnknownOutcome: a bounce, or a report of success, settles what nobody knew.
func TestUnknownOutcome(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, id := range []string{"lost", "there"} {
		s.send(t, history.Sending{ID: id, Recipient: id + "@kaisha.test", MessageID: id + "@example.test"},
			history.Outcome{Result: history.OK, Code: codes.DeliveryNoReply})
	}
	s.put(t, "1.eml", notice{to: "lost@kaisha.test", messageID: "lost@example.test"})
	s.put(t, "2.eml", notice{to: "there@kaisha.test", messageID: "there@example.test", action: "delivered", status: "2.0.0", says: "250 ok"})
	if r := s.round(t); r.Counts.Bounced != 1 || r.Counts.Settled != 1 {
		t.Errorf("%+v", r.Counts)
	}
	if a, b := s.get(t, "lost"), s.get(t, "there"); a.Code != "90000" || b.Code != "40000" || b.Result != history.OK {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// TestMoveOnlyWhatWasMatched: a mail goes when all that it tells is of sendings and safe, and no other does.
func TestMoveOnlyWhatWasMatched(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.send(t, history.Sending{ID: "a", Recipient: "taro@kaisha.test", MessageID: "1@example.test"}, history.Outcome{})
	s.put(t, "ours.eml", notice{to: "taro@kaisha.test", messageID: "1@example.test"})
	s.put(t, "others.eml", notice{to: "nobody@kaisha.test"})
	if err := os.WriteFile(filepath.Join(s.dir, "letter.eml"), []byte("From: a@b.test\nTo: news@example.test\nSubject: hi\nDate: "+
		sentAt.Format(time.RFC1123Z)+"\n\nthank you for 550 5.1.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.c.MoveTo = "done"
	if r := s.round(t); r.Counts.Moved != 1 {
		t.Errorf("%+v", r.Counts)
	}
	left, _ := filepath.Glob(filepath.Join(s.dir, "*.eml"))
	moved, _ := filepath.Glob(filepath.Join(s.dir, "done", "*.eml"))
	if len(left) != 2 || len(moved) != 1 || filepath.Base(moved[0]) != "ours.eml" {
		t.Errorf("left %q, moved %q", left, moved)
	}
}
