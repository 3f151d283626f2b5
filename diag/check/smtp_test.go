package check_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/check"
	"todoku/diag/probe"
	"todoku/diag/resolve"
)

const receivers = `$TTL 300
$ORIGIN kaisha.test.
@     MX    10 mx1
@     MX    20 mx2
mx1   A     192.0.2.25
mx1   AAAA  2001:db8::25
mx2   A     192.0.2.26
$ORIGIN in-addr.arpa.
7.2.0.192 PTR out.sender.test.
`

// theirs is a mail server that answers each verb with a line, and notes what it hears.
type theirs map[string]string

// street is what is at each address: a server, or why there is no connection.
type street struct {
	servers map[string]theirs
	errs    map[string]error
	local   string

	mu   sync.Mutex
	said []string
}

func (s *street) dial(_ context.Context, _, addr string) (net.Conn, error) {
	at := netip.MustParseAddrPort(addr).Addr().String()
	if err := s.errs[at]; err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err}
	}
	ours, other := net.Pipe()
	go s.serve(other, s.servers[at])
	return lodged{ours, s.local}, nil
}

func (s *street) serve(c net.Conn, answers theirs) {
	defer c.Close()
	say := func(verb, usual string) bool {
		if line, ok := answers[verb]; ok {
			usual = line
		}
		_, err := fmt.Fprint(c, usual, "\r\n")
		return err == nil
	}
	in := bufio.NewScanner(c)
	for ok := say("connect", "220 mx.kaisha.test ESMTP"); ok && in.Scan(); {
		s.mu.Lock()
		s.said = append(s.said, in.Text())
		s.mu.Unlock()
		verb, _, _ := strings.Cut(in.Text(), " ")
		switch {
		case strings.Contains(in.Text(), "RCPT TO:<taro@"):
			verb = "taro"
		case strings.Contains(in.Text(), "RCPT TO:<todoku-"):
			ok = say("stray", "550 5.1.1 no such user")
			continue
		}
		ok = say(verb, "250 ok")
	}
}

// lodged is a connection from an address of ours.
type lodged struct {
	net.Conn
	from string
}

func (l lodged) LocalAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(l.from))
}

// ask runs the check against a street.
func (s *street) ask(t *testing.T, ctx context.Context, zone string, rcpt bool) diag.Result {
	t.Helper()
	z, err := resolve.ParseZone(strings.NewReader(zone), "receivers.zone")
	if err != nil {
		t.Fatal(err)
	}
	r, err := resolve.New(resolve.Options{Zones: []*resolve.Zone{z}, Offline: true})
	if err != nil {
		t.Fatal(err)
	}
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	target, err := diag.AddressTarget("taro@kaisha.test")
	if err != nil {
		t.Fatal(err)
	}
	if s.local == "" {
		s.local = "10.0.0.7:4025"
	}
	env := diag.Env{DNS: r, Now: time.Now, SMTP: (&probe.Prober{Dial: s.dial, Codes: c, Timeout: 5 * time.Second}).NewRun()}
	return diag.Run(ctx, env, target, []*diag.Check{check.SMTP(check.SMTPOptions{Rcpt: rcpt})}).Results[0]
}

func ruleIDs(r diag.Result) string {
	var out []string
	for _, f := range r.Findings {
		if f.Rule.ID != "smtp-starttls-none" { // the street knows no TLS
			out = append(out, f.Rule.ID)
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), " ")
}

func kindOf(err error) resolve.Kind {
	var e *resolve.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

const v4, v6, backup = "192.0.2.25", "2001:db8::25", "192.0.2.26"

// TestSMTPVerdicts tells what is their fault from what may be ours.
func TestSMTPVerdicts(t *testing.T) {
	t.Parallel()
	everywhere := func(err error) map[string]error { return map[string]error{v4: err, v6: err, backup: err} }
	all := func(a theirs) map[string]theirs { return map[string]theirs{v4: a, v6: a, backup: a} }
	for name, test := range map[string]*struct {
		street
		rcpt  bool
		rules string
		kind  resolve.Kind
	}{
		"healthy":                    {},
		"port 25 refused everywhere": {street: street{errs: everywhere(syscall.ECONNREFUSED)}, kind: check.KindUnreachable},
		"no network":                 {street: street{errs: everywhere(syscall.ENETUNREACH)}, kind: check.KindUnreachable},
		"port 25 dropped everywhere": {street: street{errs: everywhere(syscall.ETIMEDOUT)}, kind: check.KindSilent},
		"no IPv6 here":               {street: street{errs: map[string]error{v6: syscall.ENETUNREACH}}, rules: "smtp-no-family"},
		"IPv6 closed":                {street: street{errs: map[string]error{v6: syscall.ECONNREFUSED}}, rules: "smtp-address-refused"},
		"host closed":                {street: street{errs: map[string]error{backup: syscall.ECONNREFUSED}}, rules: "smtp-refused"},
		"host silent":                {street: street{errs: map[string]error{backup: syscall.ETIMEDOUT}}, kind: check.KindSilent},
		"greeting refuses us": {street: street{servers: all(theirs{"connect": "554 5.7.1 your address is blocked"})},
			kind: check.KindTurnedAway},
		"greeting refuses mail": {street: street{servers: all(theirs{"connect": "521 5.3.2 this host takes no mail"})},
			rules: "smtp-refused"},
		"greeting without a name": {street: street{servers: all(theirs{"connect": "220 hello"})}, rules: "smtp-greeting"},
		"EHLO refused": {street: street{servers: all(theirs{"EHLO": "550 5.7.1 your name is blocked", "HELO": "550 5.7.1 your name is blocked"})},
			kind: check.KindTurnedAway},
		"greeting is a 3xx": {street: street{servers: all(theirs{"connect": "354 go ahead"})}, kind: check.KindBrokenOff},
		"greeting is a 3xx, asked": {street: street{servers: all(theirs{"connect": "334 VXNlcm5hbWU6"})}, rcpt: true,
			kind: check.KindBrokenOff},
		"greeting is a 1xx": {street: street{servers: all(theirs{"connect": "150 hello"})}, kind: check.KindBrokenOff},
		"greeting is a 6xx": {street: street{servers: all(theirs{"connect": "620 hello"})}, kind: check.KindBrokenOff},
		"greeting has no end": {street: street{servers: all(theirs{"connect": "220-mx.kaisha.test ESMTP\r\n550 no"})},
			kind: check.KindBrokenOff},
		"greeting is a word":   {street: street{servers: all(theirs{"connect": "hello"})}, kind: check.KindBrokenOff},
		"EHLO is a 3xx":        {street: street{servers: all(theirs{"EHLO": "354 go ahead"})}, kind: check.KindBrokenOff},
		"EHLO is a 3xx, asked": {street: street{servers: all(theirs{"EHLO": "354 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"EHLO is a 1xx":        {street: street{servers: all(theirs{"EHLO": "150 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"HELO is a 3xx": {street: street{servers: all(theirs{"EHLO": "502 5.5.1 what?",
			"HELO": "354 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"HELO works":    {street: street{servers: all(theirs{"EHLO": "502 5.5.1 what?"})}, rcpt: true},
		"MAIL is a 3xx": {street: street{servers: all(theirs{"MAIL": "354 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"RCPT is a 3xx": {street: street{servers: all(theirs{"taro": "354 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"RCPT is a 1xx": {street: street{servers: all(theirs{"taro": "150 go ahead"})}, rcpt: true, kind: check.KindBrokenOff},
		"RCPT is a 251": {street: street{servers: all(theirs{"taro": "251 user not local, will forward"})}, rcpt: true},
		"STARTTLS refused": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "502 5.5.1 not here"})}, rcpt: true, rules: "smtp-starttls-refused"},
		"STARTTLS refused by policy": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "554 5.7.3 unable to initialise TLS"})}, rules: "smtp-starttls-refused"},
		"STARTTLS put off": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "454 4.7.0 TLS not available"})}, kind: check.KindTurnedAway},
		"STARTTLS closes": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "421 4.3.2 going down"})}, kind: check.KindTurnedAway},
		"STARTTLS is a 3xx": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "354 go"})}, kind: check.KindBrokenOff},
		"STARTTLS is garbage": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "what?"})}, kind: check.KindBrokenOff},
		"garbage in place of TLS": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "220 go"})}, kind: check.KindBrokenOff},
		"smuggled behind STARTTLS": {street: street{servers: all(theirs{"EHLO": "250-mx\r\n250 STARTTLS",
			"STARTTLS": "220 go\r\n250 ok"})}, kind: check.KindBrokenOff},
		"recipient unknown": {street: street{servers: all(theirs{"taro": "550 5.1.1 no such user"})}, rcpt: true,
			rules: "smtp-rcpt-refused"},
		"recipient, not asked": {street: street{servers: all(theirs{"taro": "550 5.1.1 no such user"})}},
		"client refused at RCPT": {street: street{servers: all(theirs{"taro": "550 5.7.1 client host blocked, see the list"})}, rcpt: true,
			kind: check.KindTurnedAway},
		"recipient put off": {street: street{servers: all(theirs{"taro": "450 4.2.0 greylisted, try again later"})},
			rcpt: true, kind: check.KindTurnedAway},
		"null sender refused": {street: street{servers: all(theirs{"MAIL": "550 5.7.1 null sender not wanted"})},
			rcpt: true, kind: check.KindTurnedAway},
		"null sender, nobody asked": {street: street{servers: all(theirs{"MAIL": "550 5.7.1 null sender not wanted"})}},
		"RSET refused": {street: street{servers: all(theirs{"RSET": "421 4.3.2 going down"})}, rcpt: true,
			kind: check.KindTurnedAway},
		"catch-all": {street: street{servers: all(theirs{"stray": "250 ok"})}, rcpt: true, rules: "smtp-catch-all"},
		"catch-all behind a dead one": {street: street{errs: map[string]error{v4: syscall.ECONNREFUSED,
			v6: syscall.ECONNREFUSED}, servers: all(theirs{"stray": "250 ok"})}, rcpt: true, rules: "smtp-catch-all smtp-refused"},
		"postmaster refused": {street: street{servers: all(theirs{"RCPT": "550 5.1.1 no such user"})}, rules: "smtp-postmaster"},
		"we have a name":     {street: street{local: "192.0.2.7:4025"}},
		"we have no name":    {street: street{local: "192.0.2.8:4025"}, rules: "smtp-vantage"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := test.ask(t, t.Context(), receivers, test.rcpt)
			if ruleIDs(r) != test.rules || kindOf(r.Err) != test.kind {
				t.Errorf("rules %q, error %v (%s); want %q, %s", ruleIDs(r), r.Err, kindOf(r.Err), test.rules, test.kind)
			}
			f := r.Facts.(*check.SMTPFacts)
			if blind := strings.HasSuffix(name, "everywhere") || name == "no network"; (f.Vantage != "") != blind {
				t.Errorf("vantage %q", f.Vantage)
			}
			test.mu.Lock() // a server may still be reading
			defer test.mu.Unlock()
			for _, line := range test.said {
				if strings.HasPrefix(line, "DATA") || !test.rcpt && strings.HasPrefix(line, "RCPT") && line != "RCPT TO:<postmaster@kaisha.test>" {
					t.Errorf("said %q", line)
				}
			}
		})
	}
}

// TestSMTPInterrupted: when our time is up, nothing is said about the servers.
func TestSMTPInterrupted(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]error{"interrupt": context.Canceled, "deadline": context.DeadlineExceeded} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		if name == "interrupt" {
			ctx, cancel = context.WithCancel(t.Context())
			time.AfterFunc(50*time.Millisecond, cancel)
		}
		s := &street{servers: map[string]theirs{}, errs: map[string]error{}}
		for _, a := range []string{v4, v6, backup} {
			s.servers[a] = theirs{"EHLO": "250-and then nothing"}
		}
		r := s.ask(t, ctx, receivers, true)
		cancel()
		if !errors.Is(r.Err, rule) || len(r.Findings) > 0 {
			t.Errorf("%s: %v, %v", name, r.Err, r.Findings)
		}
	}
}

// TestSMTPBound: what is left out is told.
func TestSMTPBound(t *testing.T) {
	t.Parallel()
	zone := "$ORIGIN kaisha.test.\n$TTL 60\n@ MX 10 mx\n"
	for i := range 25 {
		zone += fmt.Sprintf("mx A 192.0.2.%d\n", 100+i)
	}
	r := (&street{}).ask(t, t.Context(), zone, false)
	if hosts := len(r.Facts.(*check.SMTPFacts).Hosts); hosts >= 25 || r.Err == nil {
		t.Errorf("%d of 25 addresses, error %v", hosts, r.Err)
	}
}

// TestSMTPAsked: the recipient was asked about where a server heard its address, not where it was only to be asked.
func TestSMTPAsked(t *testing.T) {
	t.Parallel()
	down := map[string]error{v4: syscall.ECONNREFUSED, v6: syscall.ECONNREFUSED}
	refused := map[string]error{v4: syscall.ECONNREFUSED, v6: syscall.ECONNREFUSED, backup: syscall.ECONNREFUSED}
	noMail := theirs{"MAIL": "550 5.7.1 no"}
	for name, test := range map[string]*struct {
		street
		rcpt, asked, hint bool
	}{
		"healthy":                 {rcpt: true, asked: true},
		"healthy, not to ask":     {hint: true},
		"nobody reached":          {street: street{errs: refused}, rcpt: true},
		"refused before RCPT":     {street: street{servers: map[string]theirs{v4: noMail, v6: noMail, backup: noMail}}, rcpt: true},
		"one host reached, asked": {street: street{errs: down}, rcpt: true, asked: true},
	} {
		f := test.ask(t, t.Context(), receivers, test.rcpt).Facts.(*check.SMTPFacts)
		hint := slices.ContainsFunc(f.Lines(), func(l diag.Line) bool { return strings.Contains(l.Says.EN, "--rcpt") })
		if f.Asked != test.asked || hint != test.hint {
			t.Errorf("%s: asked %v, hint %v", name, f.Asked, hint)
		}
	}
}
