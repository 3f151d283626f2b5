package smtp_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"todoku/sender/smtp"
)

// loggedIn logs in at a scripted server and gives the session.
func loggedIn(t *testing.T, offer, secret string, bearer bool, talk func(*line)) (*smtp.Session, int) {
	t.Helper()
	addr := scripted(t, func(c *line) {
		c.say("220 mx.test")
		c.hear()
		c.say("250-mx.test\r\n250 AUTH " + offer)
		talk(c)
	})
	s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if _, err := s.Hello(t.Context()); err != nil {
		t.Fatal(err)
	}
	reply, err := s.Login(t.Context(), "hanako", secret, bearer)
	if err != nil {
		t.Fatal(err)
	}
	return s, reply.Code
}

// TestEmptyAnswerIsAnEmptyLine: only an initial response is written as "=", and
// a token that is refused is refused with the reason that comes after the answer.
func TestEmptyAnswerIsAnEmptyLine(t *testing.T) {
	t.Parallel()
	heard := make(chan string, 1)
	_, code := loggedIn(t, "XOAUTH2", "token", true, func(c *line) {
		c.hear()
		c.say("334 eyJzdGF0dXMiOiI0MDAifQ==")
		answer := c.hear()
		heard <- answer
		if answer == "" {
			c.say("535 5.7.8 not accepted")
			return
		}
		c.say("501 5.5.2 cannot decode the answer")
	})
	if answer := <-heard; answer != "" || code != 535 {
		t.Errorf("the server heard %q and said %d", answer, code)
	}
}

// TestRepeatedSecretsAreHidden: a server may send back what it was told, whole
// or cut off.
func TestRepeatedSecretsAreHidden(t *testing.T) {
	t.Parallel()
	const secret = "geheim-wort-0815"
	whole := base64.StdEncoding.EncodeToString([]byte("\x00hanako\x00" + secret))
	for _, said := range []string{"no: AUTH PLAIN " + whole, "no: AUTH PLAIN " + whole[:22], "what is " + secret + "?",
		"\"" + base64.StdEncoding.EncodeToString([]byte(secret)) + "\"", whole + whole} {
		s, code := loggedIn(t, "PLAIN", secret, false, func(c *line) {
			c.hear()
			c.say("535-5.7.8 " + said + "\r\n535 5.7.8 " + said)
		})
		raw, err := json.Marshal(s.Transcript())
		if err != nil || code != 535 {
			t.Fatal(code, err)
		}
		for _, part := range []string{secret, whole[:12], "Z2VoZWlt"} {
			if strings.Contains(string(raw), part) {
				t.Errorf("%q is in the transcript: %s", part, raw)
			}
		}
		if strings.Count(string(raw), "****") < 3 {
			t.Errorf("nothing was put in its place: %s", raw)
		}
	}
}

// TestLinesWithOtherCodesStayWhole: the enhanced code is taken off the lines
// that have the one of the reply.
func TestLinesWithOtherCodesStayWhole(t *testing.T) {
	t.Parallel()
	addr := scripted(t, func(c *line) { c.say("554-5.7.1 one\r\n554-5.7.25 two\r\n554 5.7.1 three") })
	s, reply, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := strings.Join(reply.Lines, "|"); reply.Enhanced.String() != "5.7.1" || got != "one|5.7.25 two|three" {
		t.Errorf("%s %q", reply.Enhanced, got)
	}
}
