package sender_test

import (
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
)

// viaRelay makes a try that goes through a relay named mx1.x.test on loopback.
func viaRelay(t *testing.T, s *script, user string) *try {
	t.Helper()
	world := to()
	world.doors["mx1.x.test:587"] = s.addr
	x := newTry(t, world)
	x.Router = nil
	x.Relay = &sender.Relay{Host: "mx1.x.test", Port: 587, User: user}
	x.Password = func() string { return "geheim" }
	return x
}

func TestRelay(t *testing.T) {
	t.Parallel()
	config, pool := certificate(t, "mx1.x.test")
	other, _ := certificate(t, "other.test")
	for name, c := range map[string]struct {
		config *tls.Config
		user   string
		say    map[string]string
		code   string
		stage  codes.Stage
		login  bool // the password went out
	}{
		"open":           {nil, "", nil, "40000", codes.StageBody, false},
		"login":          {config, "u", nil, "40000", codes.StageBody, true},
		"wrong password": {config, "u", map[string]string{"AUTH": "535 5.7.8 no"}, "42535", codes.StageAuth, true},
		"no TLS":         {nil, "u", nil, "", codes.StageEHLO, false},
		"TLS breaks":     {config, "u", map[string]string{"STARTTLS": "DROP"}, "41606", codes.StageSTARTTLS, false},
		"TLS later":      {config, "u", map[string]string{"STARTTLS": "454 not now"}, "42454", codes.StageSTARTTLS, false},
		"wrong name":     {other, "u", nil, "41606", codes.StageSTARTTLS, false},
		"relay denied":   {nil, "", map[string]string{"RCPT": "554 5.7.1 relay access denied"}, "42554", codes.StageRcpt, false},
	} {
		s := serve(t, c.config, says(c.say))
		x := viaRelay(t, s, c.user)
		x.client.Roots = pool
		o := x.run(t)
		if o.Verdict.Delivery.ID != c.code || o.Stage != c.stage || o.Host != "mx1.x.test" {
			t.Errorf("%s: %s %q at %s, %v", name, o.Result, o.Verdict.Delivery.ID, o.Stage, o.Err)
		}
		if login := strings.Contains(s.said(), base64.StdEncoding.EncodeToString([]byte("\x00u\x00geheim"))); login != c.login {
			t.Errorf("%s: the server heard\n%s", name, s.said())
		}
		if strings.Contains(fmt.Sprintf("%+v", o), "geheim") {
			t.Errorf("%s: the password is in the outcome", name)
		}
		if c.code == "" && (!errors.Is(o.Err, sender.ErrNoTLS) || !o.Ours) {
			t.Errorf("%s: %v, ours %v", name, o.Err, o.Ours)
		}
	}
}

func TestExtensions(t *testing.T) {
	t.Parallel()
	offers := func(words string) map[string]string {
		return map[string]string{"EHLO": "250-mx.test\r\n250 " + strings.ReplaceAll(words, " ", "\r\n250 ")}
	}
	eight, err := mail.ParseEML([]byte("From: a@x.test\n\n\xff\n"))
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, nil, says(map[string]string{"EHLO": "250-mx.test\r\n250-DSN\r\n250-8BITMIME\r\n250-SIZE\r\n250 SMTPUTF8"}))
	x := newTry(t, to(s))
	x.job.Message, x.job.To = eight, address(t, "受信@x.test")
	x.job.DSN = sender.DSN{Notify: []string{"SUCCESS", "FAILURE"}, Return: "HDRS", ENVID: "e1"}
	o := x.run(t)
	check(t, o, history.OK, "40000", codes.StageBody)
	for _, want := range []string{" SIZE=", " BODY=8BITMIME", " SMTPUTF8", " RET=HDRS", " ENVID=e1",
		"<受信@x.test> NOTIFY=SUCCESS,FAILURE"} {
		if !strings.Contains(s.said(), want) {
			t.Errorf("%q was not said:\n%s", want, s.said())
		}
	}
	s = serve(t, nil, says(offers("HELP")))
	x = newTry(t, to(s))
	x.job.DSN.ENVID = "e1"
	if o = x.run(t); !o.NoDSN || strings.Contains(s.said(), "=") {
		t.Errorf("%v\n%s", o.NoDSN, s.said())
	}
	x = newTry(t, to(serve(t, nil, says(offers("HELP")))))
	x.job.To = address(t, "受信@x.test")
	if o = x.run(t); o.Result != history.Failed || !errors.Is(o.Err, sender.ErrNoUTF8) || o.Verdict.Delivery.ID != "" {
		t.Errorf("%+v", o)
	}
	for offer, want := range map[string]error{"HELP": sender.ErrNo8Bit, "8BITMIME": nil} { // RFC 6152 §3
		s = serve(t, nil, says(offers(offer)))
		x = newTry(t, to(s))
		x.job.Message = eight
		if o = x.run(t); !errors.Is(o.Err, want) || o.Ours != (want != nil) || len(s.taken()) != map[bool]int{true: 0, false: 1}[want != nil] {
			t.Errorf("8-bit text to a server with %s: %v, taken %q", offer, o.Err, s.taken())
		}
	}
	for _, bad := range []sender.DSN{{Notify: []string{"NEVER", "DELAY"}}, {Notify: []string{"X\r\n"}}, {Return: "ALL"},
		{ENVID: "a\r\nRCPT TO:<b@x.test>"}, {ENVID: "é"}} {
		x = newTry(t, to())
		x.job.DSN = bad
		var in *codes.UserError
		if _, err := x.Deliver(t.Context(), x.job); !errors.As(err, &in) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}

// TestManners: many mails at once go one after the other, at the pace asked for.
func TestManners(t *testing.T) {
	t.Parallel()
	var here, most int
	var lock sync.Mutex
	s := serve(t, nil, func(_ int, command string) string {
		lock.Lock()
		defer lock.Unlock()
		switch command {
		case "":
			here++
			most = max(most, here)
		case "QUIT":
			here--
		}
		return ""
	})
	x := newTry(t, to(s))
	x.Events, x.Rate = nil, sender.Rate{Mails: 60, Per: time.Minute}
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			j := x.job
			if o, err := x.Deliver(t.Context(), j); err != nil || o.Result != history.OK {
				t.Errorf("%s, %v", o.Result, err)
			}
		})
	}
	wg.Wait()
	if most != 1 || s.count() != 10 {
		t.Errorf("%d sessions at a time, %d in all", most, s.count())
	}
	slices.Sort(x.clock.sleeps)
	if len(x.clock.sleeps) == 0 {
		t.Error("nobody waited for the pace")
	}
}

// TestBusyServersAreLeftAlone: after 421 the next mails wait, longer each time,
// or go to another server of the domain; an answer ends that.
func TestBusyServersAreLeftAlone(t *testing.T) {
	t.Parallel()
	busy := func(n int, command string) string {
		if command == "" && n <= 5 {
			return "421 4.7.0 too many connections"
		}
		return ""
	}
	s := serve(t, nil, busy)
	x := newTry(t, to(s))
	for range 9 {
		x.run(t)
	}
	second := time.Second
	if want := []time.Duration{second, 2 * second, 4 * second, 8 * second, 10 * second}; !slices.Equal(x.clock.sleeps,
		want) || s.count() != 9 || len(s.taken()) != 4 {
		t.Errorf("waited %v, %d sessions, %d taken", x.clock.sleeps, s.count(), len(s.taken()))
	}
	s, other := serve(t, nil, busy), serve(t, nil, says(nil))
	x = newTry(t, to(s, other))
	for range 9 {
		x.run(t)
	}
	if len(x.clock.sleeps) > 0 || s.count() != 1 || len(other.taken()) != 9 {
		t.Errorf("waited %v, %d sessions with the busy one, %d taken by the other", x.clock.sleeps, s.count(), len(other.taken()))
	}
}

// TestOneMailASession: a server that says nothing to a second mail of a session, or wants
// none, is tried so once; each further mail gets a session of its own at once.
func TestOneMailASession(t *testing.T) {
	t.Parallel()
	for _, second := range []string{"STALL", "421 4.7.0 one mail a session", "503 5.5.1 no"} {
		var lock sync.Mutex
		mails, tried := map[int]int{}, 0
		s := serve(t, nil, func(session int, command string) string {
			lock.Lock()
			defer lock.Unlock()
			if command != "MAIL" {
				return ""
			}
			if mails[session]++; mails[session] == 1 {
				return ""
			}
			tried++
			return second
		})
		x := newTry(t, to(s))
		x.Keep, x.client.Timeout = true, 300*time.Millisecond
		for range 6 {
			check(t, x.run(t), history.OK, "40000", codes.StageBody)
		}
		x.Close()
		if len(s.taken()) != 6 || tried != 1 {
			t.Errorf("%s: %d taken, %d second mails tried", second, len(s.taken()), tried)
		}
	}
}
