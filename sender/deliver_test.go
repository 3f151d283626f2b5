package sender_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
)

// journal is a Journal that remembers in memory.
type journal struct {
	sync.Mutex
	rows []string
	fail string // the call that fails
}

func (j *journal) add(row string) error {
	j.Lock()
	defer j.Unlock()
	if word, _, _ := strings.Cut(row, " "); word == j.fail {
		return errors.New("disk full")
	}
	j.rows = append(j.rows, row)
	return nil
}

func (j *journal) Begin(context.Context, history.Sending) error { return j.add("begin") }
func (j *journal) Progress(_ context.Context, _ string, s history.Step) error {
	return j.add(string(s.Phase) + " " + s.MX)
}
func (j *journal) Finish(_ context.Context, _ string, o history.Outcome) error {
	return j.add("finish " + string(o.Result) + " " + o.Code)
}

// try delivers one mail in a world.
type try struct {
	sender.Deliverer
	events []string
	clock  clock
	rows   journal
	job    sender.Job
	client sender.Dialer
}

func newTry(t testing.TB, world *routes) *try {
	t.Helper()
	m := message(t, "hello\n.\n..\nbye\n")
	x := &try{client: sender.Dialer{Dial: world.dial, Helo: "out.kaisha.test", Timeout: 20 * time.Second},
		job: sender.Job{Message: m, From: address(t, "bounce@kaisha.test"), To: address(t, "user@x.test")}}
	x.Deliverer = sender.Deliverer{Router: world, Codes: guide{}, Open: func(ctx context.Context,
		to sender.Server) (sender.Session, codes.Reply, error) {
		return x.client.Open(ctx, to)
	}, Clock: &x.clock, Journal: &x.rows,
		Events: func(e sender.Event) {
			if e.Kind != sender.Stepped {
				x.events = append(x.events, string(e.Kind))
			}
		}}
	return x
}

func (x *try) run(t testing.TB) sender.Outcome {
	t.Helper()
	o, err := x.Deliver(t.Context(), x.job)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func check(t *testing.T, o sender.Outcome, result history.Result, code string, stage codes.Stage) {
	t.Helper()
	if o.Result != result || o.Verdict.Delivery.ID != code || o.Stage != stage {
		t.Errorf("%s %q at %q (%v, %s), want %s %q at %q", o.Result, o.Verdict.Delivery.ID, o.Stage, o.Err, o.Reply, result, code, stage)
	}
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	s := serve(t, nil, says(nil))
	x := newTry(t, to(s))
	o := x.run(t)
	check(t, o, history.OK, "40000", codes.StageBody)
	if o.Host != "mx1.x.test" || o.Address.String() != "192.0.2.1:25" || o.Reply.Code != 250 ||
		o.MessageID != x.job.Message.ID || o.Attempts != 1 {
		t.Errorf("%+v", o)
	}
	if got := s.taken(); len(got) != 1 || got[0] != string(x.job.Message.Bytes()) {
		t.Errorf("the server got %q", got)
	}
	if said := s.said(); !strings.HasPrefix(said, "EHLO out.kaisha.test\nMAIL FROM:<bounce@kaisha.test>") ||
		!strings.Contains(said, "\nRCPT TO:<user@x.test>") || !strings.HasSuffix(said, "\nQUIT") {
		t.Error(said)
	}
	if want := []string{"begin", "content-sent mx1.x.test", "finish ok 40000"}; !slices.Equal(x.rows.rows, want) {
		t.Errorf("journal %v", x.rows.rows)
	}
	if want := []string{"routed", "connected", "finished"}; !slices.Equal(x.events, want) {
		t.Errorf("events %v", x.events)
	}
}

// TestDeliveryCodes has a row for each way in which a sending can end.
func TestDeliveryCodes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at, answer string // what the server says where
		code       string
		stage      codes.Stage
	}{
		{"", "554 5.7.1 no service", "42554", codes.StageConnect},
		{"", "521 no mail here", "42521", codes.StageConnect},
		{"", "421 busy", "42421", codes.StageConnect},
		{"", "DROP", "41606", codes.StageConnect},
		{"", "garbage", "41606", codes.StageConnect},
		{"MAIL", "452 full", "42452", codes.StageMail},
		{"MAIL", "DROP", "41606", codes.StageMail},
		{"MAIL", "553 5.1.8 sender", "42553", codes.StageMail},
		{"RCPT", "450 4.2.0 greylisted", "42450", codes.StageRcpt},
		{"RCPT", "421 closing", "42421", codes.StageRcpt},
		{"RCPT", "501 syntax", "42501", codes.StageRcpt},
		{"RCPT", "550-5.1.1 no\r\n550 5.1.1 such user", "42550", codes.StageRcpt},
		{"RCPT", "551 not here", "42551", codes.StageRcpt},
		{"RCPT", "552 5.2.2 full", "42552", codes.StageRcpt},
		{"RCPT", "553 5.7.1 refused", "42553", codes.StageRcpt},
		{"RCPT", "559 refused", "42559", codes.StageRcpt},
		{"DATA", "500 what", "42500", codes.StageData},
		{"DATA", "503 order", "42503", codes.StageData},
		{"DATA", "250 ok", "41606", codes.StageData}, // not asked for: its lines would be taken for commands
		{".", "451 trouble", "42451", codes.StageBody},
		{".", "550 5.7.26 unauthenticated", "42550", codes.StageBody},
		{".", "554 spam", "42554", codes.StageBody},
	} {
		t.Run(c.at+" "+c.answer, func(t *testing.T) {
			t.Parallel()
			s := serve(t, nil, says(map[string]string{c.at: c.answer}))
			x := newTry(t, to(s))
			o := x.run(t)
			check(t, o, history.Failed, c.code, c.stage)
			if o.Attempts != 1 || s.count() != 1 || o.Ours {
				t.Errorf("%d attempts, %d sessions, ours %v", o.Attempts, s.count(), o.Ours)
			}
			if want := "finish error " + c.code; x.rows.rows[len(x.rows.rows)-1] != want {
				t.Errorf("journal %v", x.rows.rows)
			}
		})
	}
}

func TestTimeouts(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]struct {
		result history.Result
		code   string
		stage  codes.Stage
	}{
		"":     {history.Failed, "41606", codes.StageConnect},
		"RCPT": {history.Failed, "41606", codes.StageRcpt},
		".":    {history.OK, "40001", codes.StageBody},
	} {
		x := newTry(t, to(serve(t, nil, says(map[string]string{at: "STALL"}))))
		x.client.Timeout = 300 * time.Millisecond
		o := x.run(t)
		check(t, o, want.result, want.code, want.stage)
		if o.Err == nil || o.Ours {
			t.Errorf("%q: error %v, ours %v", at, o.Err, o.Ours)
		}
	}
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	literal := to(serve(t, nil, says(nil)))
	for name, c := range map[string]struct {
		route sender.Route
		err   error
		to    string
		code  string
		ours  bool
	}{
		"no such domain": {err: &sender.NoRouteError{Domain: "x.test", Reason: sender.NoSuchDomain}, code: "41605"},
		"null MX":        {route: sender.Route{Null: true}, code: "41605"},
		"no address":     {route: sender.Route{Hosts: []sender.Host{{Name: "mx.x.test"}}}, code: "41605"},
		"SERVFAIL":       {err: errors.New("SERVFAIL"), code: "41605", ours: true},
		"nobody there": {route: sender.Route{Hosts: []sender.Host{{Name: "mx",
			Addresses: []netip.Addr{netip.MustParseAddr("192.0.2.9")}}}}, code: "41606"},
		"literal": {to: "user@[192.0.2.1]", code: "40000"},
	} {
		world := to()
		world.doors = literal.doors
		world.routes["x.test"], world.errs["x.test"] = c.route, c.err
		if c.err == nil {
			delete(world.errs, "x.test")
		}
		x := newTry(t, world)
		if c.to != "" {
			x.job.To = address(t, c.to)
		}
		o := x.run(t)
		if o.Verdict.Delivery.ID != c.code || o.Ours != c.ours || o.Attempts != 1 {
			t.Errorf("%s: %s, ours %v, %d attempts, %v", name, o.Verdict.Delivery.ID, o.Ours, o.Attempts, o.Err)
		}
	}
}

func TestNextServer(t *testing.T) {
	t.Parallel()
	good := serve(t, nil, says(nil))
	for name, c := range map[string]struct {
		first *script
		next  bool
	}{
		"down":             {nil, true},
		"busy":             {serve(t, nil, says(map[string]string{"": "421 busy"})), true},
		"refuses everyone": {serve(t, nil, says(map[string]string{"": "554 no"})), true},
		"breaks":           {serve(t, nil, says(map[string]string{"RCPT": "DROP"})), true},
		"refuses":          {serve(t, nil, says(map[string]string{"RCPT": "550 no"})), false},
		"puts off":         {serve(t, nil, says(map[string]string{"RCPT": "450 later"})), false},
		"may have it":      {serve(t, nil, says(map[string]string{".": "DROP"})), false},
	} {
		x := newTry(t, to(c.first, good))
		o := x.run(t)
		if next := o.Host == "mx2.x.test" && o.Result == history.OK && slices.Contains(x.events, "next_host"); next != c.next {
			t.Errorf("%s: %s %s at %s, %v", name, o.Result, o.Verdict.Delivery.ID, o.Host, x.events)
		}
	}
	// Of several that fail, the one that says most decides.
	x := newTry(t, to(serve(t, nil, says(map[string]string{"": "554 no"})), nil))
	if o := x.run(t); o.Verdict.Delivery.ID != "42554" || o.Host != "mx1.x.test" {
		t.Errorf("%s at %s", o.Verdict.Delivery.ID, o.Host)
	}
	x = newTry(t, to(serve(t, nil, says(map[string]string{"": "421 busy"})), serve(t, nil, says(map[string]string{"": "554 no"}))))
	if o := x.run(t); o.Verdict.Delivery.ID != "42421" {
		t.Errorf("%s at %s", o.Verdict.Delivery.ID, o.Host)
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	later := func(until int) func(int, string) string {
		return func(n int, command string) string {
			if command == "RCPT" && n < until {
				return "450 4.2.0 greylisted, try again in 5 minutes"
			}
			return ""
		}
	}
	x := newTry(t, to(serve(t, nil, later(3))))
	x.Retry, x.Codes = sender.Retry{For: time.Hour}, guide{after: 5 * time.Minute}
	o := x.run(t)
	check(t, o, history.OK, "40000", codes.StageBody)
	if want := []time.Duration{5 * time.Minute, 5 * time.Minute}; !slices.Equal(x.clock.sleeps, want) || o.Attempts != 3 ||
		o.Elapsed != 10*time.Minute {
		t.Errorf("waited %v, %d attempts, %v", x.clock.sleeps, o.Attempts, o.Elapsed)
	}
	if want := []string{"routed", "connected", "put_off", "waiting", "routed", "connected", "put_off", "waiting", "routed",
		"connected", "finished"}; !slices.Equal(x.events, want) {
		t.Errorf("%v", x.events)
	}
	x = newTry(t, to(serve(t, nil, later(1000))))
	x.Retry = sender.Retry{For: 10 * time.Minute}
	o = x.run(t)
	check(t, o, history.Failed, "41606", codes.StageRcpt)
	if o.Reply.Code != 450 || o.Attempts != 5 {
		t.Errorf("%s after %d attempts", o.Reply, o.Attempts)
	}
	// Our own DNS may recover.
	world := to(serve(t, nil, says(nil)))
	world.errs["x.test"] = errors.New("SERVFAIL")
	x = newTry(t, world)
	x.Retry = sender.Retry{For: 10 * time.Minute}
	events := x.Events
	x.Events = func(e sender.Event) {
		events(e)
		if e.Kind == sender.Deferred {
			delete(world.errs, "x.test")
		}
	}
	check(t, x.run(t), history.OK, "40000", codes.StageBody)
}

func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, nil, func(_ int, command string) string {
		if command == "." {
			cancel()
			return "STALL"
		}
		return ""
	})
	x := newTry(t, to(s))
	o, err := x.Deliver(ctx, x.job)
	if err != nil {
		t.Error(err)
	}
	check(t, o, history.OK, "40001", codes.StageBody)
	if want := []string{"begin", "content-sent mx1.x.test", "finish ok 40001"}; !slices.Equal(x.rows.rows, want) {
		t.Errorf("journal %v", x.rows.rows)
	}
}

func TestJournalFails(t *testing.T) {
	t.Parallel()
	for call, mails := range map[string]int{"begin": 0, "content-sent": 0, "finish": 1} {
		s := serve(t, nil, says(nil))
		x := newTry(t, to(s))
		x.rows.fail = call
		if _, err := x.Deliver(t.Context(), x.job); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: %v", call, err)
		}
		if got := len(s.taken()); got != mails {
			t.Errorf("%s: %d mails went out", call, got)
		}
	}
}

func TestQuitAfter(t *testing.T) {
	t.Parallel()
	config, _ := certificate(t, "mx1.x.test")
	for stage, want := range map[codes.Stage]string{codes.StageConnect: "", codes.StageEHLO: "EHLO",
		codes.StageSTARTTLS: "STARTTLS EHLO", codes.StageMail: "MAIL", codes.StageRcpt: "RCPT"} {
		s := serve(t, config, says(nil))
		x := newTry(t, to(s))
		x.job.QuitAfter, x.job.Message = stage, nil
		o := x.run(t)
		if o.Result != history.OK || o.Stage != stage || o.Verdict.Delivery.ID != "" || o.Quit != stage ||
			len(x.rows.rows) != 0 || len(s.taken()) != 0 {
			t.Errorf("%s: %+v, %v", stage, o, x.rows.rows)
		}
		lines := strings.Split(s.said(), "\n")
		if last := lines[len(lines)-1]; last != "QUIT" || want != "" && !strings.Contains(s.said(), strings.Fields(want)[0]) {
			t.Errorf("%s: %v", stage, lines)
		}
	}
	x := newTry(t, to())
	x.job.QuitAfter = "data"
	if _, err := x.Deliver(t.Context(), x.job); err == nil {
		t.Error("data was taken")
	}
}

func TestTLS(t *testing.T) {
	t.Parallel()
	good, pool := certificate(t, "mx1.x.test")
	old := &tls.Config{Certificates: good.Certificates, MaxVersion: tls.VersionTLS10, MinVersion: tls.VersionTLS10}
	other, _ := certificate(t, "other.test")
	for name, c := range map[string]struct {
		config *tls.Config
		say    map[string]string
		mode   sender.TLSMode
		code   string
		plain  bool // the mail went without TLS
	}{
		"good":              {good, nil, sender.Opportunistic, "40000", false},
		"required":          {good, nil, sender.RequireTLS, "40000", false},
		"off":               {good, nil, sender.NoTLS, "40000", true},
		"any name":          {other, nil, sender.Opportunistic, "40000", false},
		"wrong name":        {other, nil, sender.RequireTLS, "41606", false},
		"none":              {nil, nil, sender.Opportunistic, "40000", true},
		"none but required": {nil, nil, sender.RequireTLS, "", false},
		"breaks":            {good, map[string]string{"STARTTLS": "DROP"}, sender.Opportunistic, "40000", true},
		"old":               {old, nil, sender.Opportunistic, "40000", false}, // better than nothing
		"old, required":     {old, nil, sender.RequireTLS, "41606", false},
		"later":             {good, map[string]string{"STARTTLS": "454 not now"}, sender.Opportunistic, "40000", true},
		"later, required":   {good, map[string]string{"STARTTLS": "454 not now"}, sender.RequireTLS, "42454", false},
	} {
		s := serve(t, c.config, says(c.say))
		x := newTry(t, to(s))
		x.TLS, x.client.Roots = c.mode, pool
		o := x.run(t)
		if o.Verdict.Delivery.ID != c.code {
			t.Errorf("%s: %s %s at %s, %v", name, o.Result, o.Verdict.Delivery.ID, o.Stage, o.Err)
		}
		if c.code == "40000" && c.mode != sender.NoTLS && c.config != nil && c.plain != (slices.Contains(x.events, "plaintext")) {
			t.Errorf("%s: events %v", name, x.events)
		}
		if c.code != "40000" && len(s.taken()) > 0 {
			t.Errorf("%s: the mail went out", name)
		}
	}
}
