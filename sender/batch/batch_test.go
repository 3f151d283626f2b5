package batch_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/batch"
	"todoku/sender/history"
	"todoku/sender/mail"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func clock() time.Time { return noon }

func address(t testing.TB, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress("address", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func addresses(t testing.TB, list ...string) []mail.Address {
	t.Helper()
	var out []mail.Address
	for _, s := range list {
		out = append(out, address(t, s))
	}
	return out
}

func open(t testing.TB) *history.SQLite {
	t.Helper()
	s, err := history.OpenWith(t.Context(), filepath.Join(t.TempDir(), "history.db"), history.Options{Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// letter is a batch of a short mail.
func letter(t testing.TB, store batch.History, subject string, o batch.Options, to ...string) *batch.Batch {
	t.Helper()
	from := address(t, "news@a.test")
	c := &batch.Composer{Draft: mail.Draft{From: from, Subject: subject, Text: "hello", Date: noon}, From: from}
	c.TakeDigest(o.To, o.Cc)
	b := &batch.Batch{Composer: c, Options: o, History: store, Now: clock}
	b.SetRecipients(addresses(t, to...))
	return b
}

// server stands for the receiving ones. It keeps the history as the sender does.
type server struct {
	sync.Mutex
	store  history.Store
	ends   map[string]history.Outcome // by recipient; the others take the mail
	mails  []string                   // recipients that have one
	after  func(n int)                // is called behind the n-th mail
	failed error                      // what Deliver gives
}

func (s *server) Deliver(ctx context.Context, j sender.Job) (sender.Outcome, error) {
	if err := ctx.Err(); err != nil {
		return sender.Outcome{To: j.To, Result: history.Preparing}, err
	}
	s.Lock()
	defer s.Unlock()
	if s.failed != nil {
		return sender.Outcome{To: j.To, Result: history.Preparing}, s.failed
	}
	end, known := s.ends[j.To.String()]
	if !known {
		end = history.Outcome{Result: history.OK, Code: "40000"}
	}
	if s.store != nil {
		if !j.Claimed {
			if err := s.store.Begin(ctx, history.Sending{ID: j.ID, Kind: j.Kind, Recipient: j.To.String(),
				MessageID: j.Message.ID, Content: j.Message.Bytes()}); err != nil {
				return sender.Outcome{Result: history.Preparing}, err
			}
		}
		if err := s.store.Finish(ctx, j.ID, end); err != nil {
			return sender.Outcome{Result: history.Preparing}, err
		}
	}
	s.mails = append(s.mails, j.To.String())
	if s.after != nil {
		s.after(len(s.mails))
	}
	return sender.Outcome{ID: j.ID, To: j.To, Result: end.Result}, nil
}

// watcher notes what it is told.
type watcher struct {
	sync.Mutex
	said []string
	err  error
}

func (w *watcher) add(s string) { w.Lock(); defer w.Unlock(); w.said = append(w.said, s) }

func (w *watcher) Begin(j sender.Job) { w.add("begin " + j.To.String()) }
func (w *watcher) End(_ context.Context, j sender.Job, o sender.Outcome) error {
	w.add("end " + j.To.String() + " " + string(o.Result))
	return w.err
}
func (w *watcher) Broken(_ sender.Job, o sender.Outcome) { w.add("broken " + o.To.String()) }

func fault(err error) batch.Fault {
	var refused *batch.ResumeError
	errors.As(err, &refused)
	if refused == nil {
		return ""
	}
	return refused.Fault
}

// TestList: a list that is cut short is resumed by the same mail and the same recipients, and nobody gets a second one.
func TestList(t *testing.T) {
	t.Parallel()
	store := open(t)
	to := []string{"a@x.test", "b@x.test", "c@x.test", "d@x.test"}
	enough := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	s := &server{store: store, after: func(n int) {
		if n == 2 {
			cancel(enough)
		}
	}}
	b := letter(t, store, "hello", batch.Options{FromList: true}, to...)
	if resumed, err := b.Enlist(t.Context()); resumed || err != nil || b.Before.Queued != 4 || b.ListID == "" {
		t.Fatalf("resumed %t, %v, %+v", resumed, err, b.Before)
	}
	tally, err := b.Run(ctx, s, &watcher{})
	if !errors.Is(err, enough) || tally.OK < 2 || tally.Complete && tally.OK < 4 {
		t.Fatalf("%+v, %v", tally, err)
	}
	s.after = nil
	b = letter(t, store, "hello", batch.Options{FromList: true, Resume: true}, to...)
	if resumed, err := b.Enlist(t.Context()); !resumed || err != nil || b.Before.Delivered != tally.OK {
		t.Fatalf("resumed %t, %v, %+v", resumed, err, b.Before)
	}
	again, err := b.Run(t.Context(), s, &watcher{})
	if err != nil || again.OK+tally.OK != 4 {
		t.Errorf("%+v, %v", again, err)
	}
	slices.Sort(s.mails)
	if !slices.Equal(s.mails, to) {
		t.Errorf("mails %v", s.mails)
	}
	if standing, err := b.Standing(t.Context(), again); err != nil || standing.Delivered != 4 || again.Failed > 0 || again.Unfinished {
		t.Errorf("%+v, %+v, %v", standing, again, err)
	}
}

// TestListsThatAreNotResumed: another mail, other recipients, an unknown id.
func TestListsThatAreNotResumed(t *testing.T) {
	t.Parallel()
	store := open(t)
	first := letter(t, store, "hello", batch.Options{FromList: true}, "a@x.test", "b@x.test")
	if _, err := first.Enlist(t.Context()); err != nil {
		t.Fatal(err)
	}
	for want, b := range map[batch.Fault]*batch.Batch{
		batch.NoList: letter(t, store, "hello", batch.Options{FromList: true, Resume: true, ResumeID: "none"}, "a@x.test", "b@x.test"),
		batch.OtherMail: letter(t, store, "other", batch.Options{FromList: true, Resume: true, ResumeID: first.ListID},
			"a@x.test", "b@x.test"),
		batch.Unfinished:      letter(t, store, "other", batch.Options{FromList: true, Resume: true}, "a@x.test", "b@x.test"),
		batch.OtherRecipients: letter(t, store, "hello", batch.Options{FromList: true, Resume: true}, "a@x.test", "c@x.test"),
	} {
		if _, err := b.Enlist(t.Context()); fault(err) != want {
			t.Errorf("%s: %v", want, err)
		}
		if err := b.LeaveOutSent(t.Context()); fault(err) != want {
			t.Errorf("dry run, %s: %v", want, err)
		}
	}
}

// TestResend: a mail that may have arrived goes out again only where that was confirmed.
func TestResend(t *testing.T) {
	t.Parallel()
	store := open(t)
	raw := letter(t, history.Empty{}, "hello", batch.Options{}, "a@x.test")
	msg, err := raw.Composer.Message(addresses(t, "a@x.test"), nil)
	if err != nil {
		t.Fatal(err)
	}
	for id, end := range map[string]history.Outcome{
		"taken": {Result: history.OK, Code: "40000"}, "perhaps": {Result: history.OK, Code: codes.DeliveryNoReply},
		"refused": {Result: history.Failed, Code: "42551"}, "busy": {},
		"large": {Result: history.OK, Code: "40000"},
	} {
		s := history.Sending{ID: id, Kind: batch.KindTest, Recipient: id + "@x.test", ErrorsTo: "bounce@a.test", Content: msg.Bytes()}
		if id == "large" {
			s.Content = nil
		}
		if err := store.Begin(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if id == "perhaps" { // no valid reply came after the final dot
			if err := store.Progress(t.Context(), id, history.Step{Phase: history.ContentSent}); err != nil {
				t.Fatal(err)
			}
		}
		if end.Result != "" {
			if err := store.Finish(t.Context(), id, end); err != nil {
				t.Fatal(err)
			}
		}
	}
	for id, want := range map[string]batch.Fault{
		"taken": batch.Taken, "perhaps": batch.Perhaps, "refused": batch.Refused, "none": batch.NoSending,
		"large": batch.NotKept, "busy": batch.SendingBusy,
	} {
		b := &batch.Batch{History: store, Now: clock}
		if err := b.Resend(t.Context(), id); fault(err) != want {
			t.Errorf("%s: %v", id, err)
		}
		b = &batch.Batch{History: store, Now: clock, Options: batch.Options{Confirmed: true}}
		err := b.Resend(t.Context(), id)
		if sure := want == batch.Taken || want == batch.Perhaps || want == batch.Refused; sure != (err == nil) {
			t.Errorf("%s, confirmed: %v", id, err)
		} else if sure {
			s := &server{}
			if tally, err := b.Run(t.Context(), s, &watcher{}); err != nil || tally.OK != 1 || !slices.Equal(s.mails, []string{id + "@x.test"}) {
				t.Errorf("%s: %+v, %v, %v", id, tally, err, s.mails)
			}
		}
	}
	if err := (&batch.Batch{History: history.Empty{}, Now: clock}).Resend(t.Context(), "x"); fault(err) != batch.NoSending {
		t.Errorf("no history: %v", err)
	}
}

// asked counts the questions for the flag of one address.
type asked struct {
	history.Store
	flags int
}

func (a *asked) Flag(ctx context.Context, addr string) (history.Validity, error) {
	a.flags++
	return a.Store.Flag(ctx, addr)
}

// TestInvalid: the invalid addresses of a list, in whatever writing, are told and
// passed over, and the history is asked once for all of them; one that was named is an error.
func TestInvalid(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i, to := range []string{"Gone@X.test", "elsewhere@x.test"} {
		x := history.Sending{ID: string(rune('a' + i)), Recipient: to}
		if err := errors.Join(s.Begin(t.Context(), x), s.Finish(t.Context(), x.ID, history.Outcome{Result: history.Failed,
			Code: "42551"})); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		o     batch.Options
		left  string
		flags int
	}{
		"list":           {batch.Options{FromList: true}, "a@x.test b@x.test", 0},
		"list, by force": {batch.Options{FromList: true, Force: true}, "a@x.test gONE@x.test b@x.test", 0},
		"named":          {batch.Options{}, "", 2},
		"named, force":   {batch.Options{Force: true}, "a@x.test gONE@x.test b@x.test", 0},
	} {
		store := &asked{Store: s}
		b := letter(t, store, "hello", c.o, "a@x.test", "gONE@x.test", "b@x.test")
		var told []string
		b.Skipped = func(v history.Validity) { told = append(told, v.Address) }
		err := b.LeaveOutInvalid(t.Context())
		var invalid *batch.InvalidError
		if errors.As(err, &invalid) {
			told = append(told, invalid.Address)
		}
		var left []string
		for _, item := range b.Items {
			left = append(left, item.To.String())
		}
		if (err == nil) == (name == "named") || err == nil && strings.Join(left, " ") != c.left || store.flags != c.flags ||
			slices.Contains(told, "Gone@X.test") == c.o.Force || b.LeftOut != len(told) && err == nil {
			t.Errorf("%s: %v left, %d questions, told %v, %v", name, left, store.flags, told, err)
		}
	}
}

// TestComposer: each gets a mail of the own, and the mail has the same digest whenever it is made.
func TestComposer(t *testing.T) {
	t.Parallel()
	one := letter(t, history.Empty{}, "hello", batch.Options{FromList: true}, "a@x.test", "b@x.test")
	other := letter(t, history.Empty{}, "other", batch.Options{FromList: true}, "a@x.test")
	if same := letter(t, history.Empty{}, "hello", batch.Options{FromList: true}); same.Composer.Digest != one.Composer.Digest ||
		other.Composer.Digest == one.Composer.Digest {
		t.Error("the digest is not that of the mail")
	}
	if batch.Digest(addresses(t, "a@x.test", "b@x.test")) != batch.Digest(addresses(t, "b@x.test", "a@x.test")) {
		t.Error("the order of recipients counts")
	}
	m, err := one.Composer.Message(addresses(t, "b@x.test"), nil)
	if err != nil || !bytes.Contains(m.Bytes(), []byte("To: b@x.test\r\n")) {
		t.Fatalf("%v: %s", err, m.Bytes())
	}
	again, err := batch.Again(history.Sending{ErrorsTo: "bounce+id1=b=x.test@a.test"}, m.Bytes())
	if err != nil || !again.VERP || again.From.String() != "bounce@a.test" {
		t.Errorf("%+v, %v", again, err)
	}
	if back, err := again.Message(addresses(t, "c@x.test"), nil); err != nil || !bytes.Equal(back.Bytes(), m.Bytes()) {
		t.Errorf("an earlier mail is not as it was: %v", err)
	}
}

// TestRun: what a watcher is told, and what ends a run.
func TestRun(t *testing.T) {
	t.Parallel()
	w := &watcher{}
	s := &server{ends: map[string]history.Outcome{"b@x.test": {Result: history.Failed}}}
	tally, err := letter(t, history.Empty{}, "hello", batch.Options{}, "a@x.test", "b@x.test").Run(t.Context(), s, w)
	slices.Sort(w.said)
	if want := []string{"begin a@x.test", "begin b@x.test", "end a@x.test ok", "end b@x.test error"}; err != nil ||
		!slices.Equal(w.said, want) {
		t.Errorf("%v, %v", w.said, err)
	}
	if tally.OK != 1 || tally.Failed != 1 || tally.Done() != 2 || !tally.Complete {
		t.Errorf("%+v", tally)
	}
	full := errors.New("disk full")
	if tally, err := letter(t, history.Empty{}, "hello", batch.Options{}, "a@x.test").Run(t.Context(), &server{failed: full},
		&watcher{}); !errors.Is(err, full) || tally.Done() != 0 {
		t.Errorf("%+v, %v", tally, err)
	}
	if _, err := letter(t, history.Empty{}, "hello", batch.Options{}, "a@x.test", "b@x.test").Run(t.Context(), s,
		&watcher{err: full}); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
	ended, cancel := context.WithCancelCause(t.Context())
	cancel(full)
	w = &watcher{}
	if _, err := letter(t, history.Empty{}, "hello", batch.Options{}, "a@x.test").Run(ended, s, w); !errors.Is(err, full) ||
		!slices.Equal(w.said, []string{"begin a@x.test", "broken a@x.test"}) {
		t.Errorf("%v, %v", w.said, err)
	}
}

// way is a Router that knows one domain.
type way struct{}

func (way) Route(_ context.Context, domain string) (sender.Route, error) {
	switch domain {
	case "x.test":
		return sender.Route{Null: true}, nil
	case "broken.test":
		return sender.Route{}, errors.New("SERVFAIL")
	}
	return sender.Route{}, &sender.NoRouteError{Domain: domain, Reason: sender.NoSuchDomain}
}

type noCodes struct{}

func (noCodes) Classify(codes.Reply, codes.Context) codes.Verdict { return codes.Verdict{} }

func TestDryRun(t *testing.T) {
	t.Parallel()
	r := batch.DryRun{Router: way{}, Codes: noCodes{}, Now: clock}
	tally, err := letter(t, history.Empty{}, "hello", batch.Options{DryRun: true}, "a@x.test", "a@y.test").Run(t.Context(), r, &watcher{})
	if err != nil || tally.Failed != 2 || tally.OwnFailures != 0 {
		t.Errorf("%+v, %v", tally, err)
	}
	r.Relay = &sender.Relay{Host: "relay.test"}
	if tally, err := letter(t, history.Empty{}, "hello", batch.Options{DryRun: true}, "a@x.test", "a@y.test").Run(t.Context(), r,
		&watcher{}); err != nil || tally.Done() != 0 {
		t.Errorf("by a relay there is no way to find: %+v, %v", tally, err)
	}
}

// TestDryRunJudgesAsADelivery: without a way to a server, a dry run says what the delivery would have said.
func TestDryRunJudgesAsADelivery(t *testing.T) {
	t.Parallel()
	catalogue, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for domain, reason := range map[string]string{"x.test": "no_mail_host", "gone.test": "domain_unknown", "broken.test": "dns_failure"} {
		j := sender.Job{Message: &mail.Message{}, To: addresses(t, "a@"+domain)[0]}
		dry, errDry := batch.DryRun{Router: way{}, Codes: catalogue, Now: clock}.Deliver(t.Context(), j)
		real, errReal := (&sender.Deliverer{Router: way{}, Codes: catalogue}).Deliver(t.Context(), j)
		if errDry != nil || errReal != nil {
			t.Fatal(domain, errDry, errReal)
		}
		if dry.Verdict.Reason.ID != reason || real.Verdict.Reason.ID != reason || dry.Ours != real.Ours || dry.Event != real.Event ||
			dry.Result != real.Result || dry.Verdict.Permanent != real.Verdict.Permanent {
			t.Errorf("%s: %+v, a delivery %+v", domain, dry.Verdict, real.Verdict)
		}
	}
}
