package lab_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/lab"
)

// outcome is the last reply of an attempt to deliver, 0 where none came.
type outcome struct {
	code  int
	lines []string
	host  string
	stage codes.Stage
}

// deliver is one attempt, without any retry.
func deliver(t testing.TB, l *lab.Lab, s lab.Scenario) (o outcome) {
	f := s.Command.Argv()
	flag := func(name, usual string) string {
		if i := slices.Index(f, name); i >= 0 {
			return f[i+1]
		}
		return usual
	}
	o.host = mx(t, l, s.Address[strings.LastIndexByte(s.Address, '@')+1:])
	addr := o.host + ":25"
	if _, via, ok := strings.Cut(flag("--via", ""), "://"); ok {
		addr = via
		o.host, _, _ = net.SplitHostPort(via)
	}
	c := call(t, l, addr)
	defer func() { c.c.Close() }()
	if strings.HasSuffix(addr, ":465") {
		if err := c.startTLS(&tls.Config{RootCAs: l.Roots(), ServerName: o.host}); err != nil {
			t.Fatal(err)
		}
	}
	step := func(stage codes.Stage, line string, most int) bool {
		if line != "" {
			c.say(line)
		}
		o.stage = stage
		o.code, o.lines = c.reply()
		return o.code > 0 && o.code <= most
	}
	if !step(codes.StageConnect, "", 299) || !step(codes.StageEHLO, "EHLO out.lab.test", 299) &&
		!step(codes.StageEHLO, "HELO out.lab.test", 299) {
		return o
	}
	if has(o.lines, "STARTTLS") && step(codes.StageSTARTTLS, "STARTTLS", 299) {
		if err := c.startTLS(&tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10}); err != nil {
			return outcome{}
		}
		step(codes.StageEHLO, "EHLO out.lab.test", 299)
	}
	if user := flag("--user", ""); user != "" && !step(codes.StageAuth, "AUTH PLAIN "+b64("\x00"+user+"\x00"), 299) {
		return o
	}
	if step(codes.StageMail, "MAIL FROM:<"+flag("--from", "")+">", 299) && step(codes.StageRcpt, "RCPT TO:<"+s.Address+">",
		299) && step(codes.StageData, "DATA", 399) {
		step(codes.StageBody, "Subject: hello\r\nFrom: <"+flag("--from", "")+">\r\nTo: <"+s.Address+
			">\r\nDate: Mon, 23 Nov 2026 12:00:00 +0900\r\n\r\nhello\r\n.", 299)
	}
	return o
}

// unspoken are the scenarios in which no reply is the point.
func unspoken(s lab.Scenario) bool {
	return slices.Contains([]string{"40001", "41605", ""}, s.DeliveryCode) || s.DeliveryCode == "41606" && s.Reason == "" ||
		slices.Contains([]string{"backup.test", "web-only.test", "starttls-breaks.test", "starttls-smuggles.test"}, s.Name)
}

// TestReceiversSayWhatTheyPromise delivers to every receiver.
func TestReceiversSayWhatTheyPromise(t *testing.T) {
	t.Parallel()
	l := open(t)
	for _, s := range lab.SendScenarios() {
		if unspoken(s) {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			o := deliver(t, l, s)
			for o.code/100 == 4 && s.DeliveryCode == "40000" { // again, until it passes
				time.Sleep(50 * time.Millisecond)
				o = deliver(t, l, s)
			}
			want, ok := strings.CutPrefix(s.DeliveryCode, "42")
			if !ok {
				want = map[string]string{"40000": "250", "41606": "450"}[s.DeliveryCode]
			}
			if strconv.Itoa(o.code) != want {
				t.Errorf("%s at %s: %d %q, want %s", s.Name, o.stage, o.code, o.lines, want)
			}
			here := func(m lab.Message) bool { return m.Host == o.host }
			if taken := slices.ContainsFunc(l.Messages(s.Address), here); taken != (s.DeliveryCode == "40000") {
				t.Errorf("kept: %v", taken)
			}
		})
	}
}

func TestSendScenariosAreComplete(t *testing.T) {
	t.Parallel()
	seen, met := map[string]bool{}, map[string]bool{}
	for _, s := range lab.Scenarios() {
		seen[s.Name] = true
	}
	if n := len(lab.SendScenarios()); n > 150 {
		t.Errorf("%d receivers: their network has no more addresses", n)
	}
	for _, s := range lab.SendScenarios() {
		if seen[s.Name] || s.Situation.EN == "" || s.Situation.JA == "" ||
			!strings.Contains(strings.Join(s.Command.Argv(), " "), s.Name) || !strings.Contains(s.Address, "@") {
			t.Errorf("%+v", s)
		}
		seen[s.Name], met[s.DeliveryCode] = true, true
	}
	for _, code := range strings.Fields(`40000 40001 41605 41606 42421 42450 42451 42452 42500 42501 42502 42503 42504
		42521 42530 42550 42551 42552 42553 42554 42559`) {
		if !met[code] {
			t.Errorf("nothing leads to %s", code)
		}
	}
}

// TestCertificates: which of them a careful client takes, and why not.
func TestCertificates(t *testing.T) {
	t.Parallel()
	l := open(t)
	for _, c := range []struct {
		domain string
		fault  func(error) bool
	}{
		{"takes.test", func(err error) bool { return err == nil }},
		{"cert-expired.test", func(err error) bool {
			var e x509.CertificateInvalidError
			return errors.As(err, &e) && e.Reason == x509.Expired
		}},
		{"cert-name.test", func(err error) bool { var e x509.HostnameError; return errors.As(err, &e) }},
		{"cert-self.test", func(err error) bool { var e x509.UnknownAuthorityError; return errors.As(err, &e) }},
		{"tls-old.test", func(err error) bool { return err != nil && strings.Contains(err.Error(), "protocol version") }},
		{"starttls-breaks.test", func(err error) bool { return err != nil }},
	} {
		host := mx(t, l, c.domain)
		s := call(t, l, host+":25")
		s.reply()
		s.ask("EHLO out.lab.test")
		s.want(220, "STARTTLS")
		if err := s.startTLS(&tls.Config{RootCAs: l.Roots(), ServerName: host}); !c.fault(err) {
			t.Errorf("%s: %v", c.domain, err)
		}
	}
}
