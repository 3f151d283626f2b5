package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/history"
	"todoku/sender/mail"
	"todoku/sender/smtp"
)

func catalogue(t testing.TB) *codes.Catalogue {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func addressOf(t testing.TB, s string) mail.Address {
	t.Helper()
	a, err := mail.ParseAddress("address", s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// refusedSending is a mail that met a dead server, then one that refused it.
func refusedSending(t testing.TB, c *codes.Catalogue, reply codes.Reply) Sending {
	at := netip.MustParseAddrPort("192.0.2.25:25")
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	hello := codes.Reply{Code: 250, Lines: []string{"mx1.kaisha.test", "PIPELINING", "STARTTLS", "SIZE 20480000"}}
	tls := &smtp.TLSState{Version: "TLS 1.3", Cipher: "TLS_AES_128_GCM_SHA256", Names: []string{"mx.other.test"},
		Expires: noon.AddDate(0, 3, 0), Problem: "x509: certificate is valid for mx.other.test, not mx1.kaisha.test"}
	closed := &smtp.Error{Stage: codes.StageConnect, Kind: smtp.KindConnect, Err: &net.OpError{
		Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.24:25")),
		Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}}
	ok := func(lines ...string) codes.Reply {
		return codes.Reply{Code: 250, Enhanced: codes.Enhanced{Class: 2, Subject: 1, Detail: 0}, Lines: lines}
	}
	return Sending{
		Outcome: sender.Outcome{
			ID: "06h2k4t9v3m1qa", Result: history.Failed, Verdict: c.Classify(reply, codes.Context{Host: "mx1.kaisha.test",
				Stage: codes.StageRcpt}), Reply: reply, Stage: codes.StageRcpt,
			Host: "mx1.kaisha.test", Address: at, RetryAfter: 5 * time.Minute, From: addressOf(t, "bounce@example.test"),
			To: addressOf(t, "x@kaisha.test"), MessageID: "1@example.test", Started: noon, Elapsed: ms(951), Attempts: 1,
			Sessions: []sender.Conversation{
				{Host: "mx0.kaisha.test", Address: netip.MustParseAddrPort("192.0.2.24:25"), Attempt: 1, Started: noon,
					Steps: smtp.Transcript{{Took: ms(1), Stage: codes.StageConnect, Err: closed}}},
				{Host: "mx1.kaisha.test", Address: at, Attempt: 1, Started: noon, Steps: smtp.Transcript{
					{At: ms(10), Took: ms(1), Stage: codes.StageConnect, Reply: codes.Reply{Code: 220, Lines: []string{"mx1.kaisha.test ESMTP"}}},
					{At: ms(11), Took: ms(1), Stage: codes.StageEHLO, Sent: "EHLO out.example.test", Reply: hello},
					{At: ms(12), Took: ms(1), Stage: codes.StageSTARTTLS, Sent: "STARTTLS", Reply: codes.Reply{Code: 220,
						Lines: []string{"Ready to start TLS"}}},
					{At: ms(13), Took: ms(18), Stage: codes.StageSTARTTLS, TLS: tls},
					{At: ms(31), Took: ms(1), Stage: codes.StageEHLO, Sent: "EHLO out.example.test", Reply: hello},
					{At: ms(32), Took: ms(1), Stage: codes.StageMail, Sent: "MAIL FROM:<bounce@example.test> SIZE=2113", Reply: ok("Ok")},
					{At: ms(33), Took: ms(916), Stage: codes.StageRcpt, Sent: "RCPT TO:<x@kaisha.test>", Reply: reply},
				}},
			},
		},
		From: addressOf(t, "News <news@example.test>"), Subject: "hello", Size: 2113, Kept: true,
	}
}

func greylisted() codes.Reply {
	return codes.Reply{Code: 450, Enhanced: codes.Enhanced{Class: 4, Subject: 2, Detail: 0},
		Lines: []string{"Greylisted, try again in 5 minutes"}}
}

// keptSending is the same as the history has it.
func keptSending(t testing.TB, s Sending) history.Sending {
	raw, err := json.Marshal(s.Sessions)
	if err != nil {
		t.Fatal(err)
	}
	v := s.Verdict
	return history.Sending{ID: s.ID, Kind: "test", Sender: s.From.String(), Name: s.From.Name(), Recipient: s.To.String(),
		ErrorsTo: s.Outcome.From.String(), Subject: s.Subject,
		MessageID: s.MessageID, Phase: history.Done, Result: s.Result, Code: v.Delivery.ID, Reason: v.Reason.ID,
		ReasonClass: string(v.Reason.Class), Reply: replyText(s.Reply),
		MX: s.Host, Address: s.Address.String(), Started: noon, Updated: noon, Finished: noon.Add(s.Elapsed), Attempts: 1, Transcript: raw}
}

// shownSending prints a sending with what was said, as it went.
func shownSending(t testing.TB, o Options, s Sending) string {
	t.Helper()
	var b bytes.Buffer
	p := OpenSendings(Sendings.Forms[0], page.To(&b), o)
	p.Begin(s, sender.Job{From: s.Outcome.From, To: s.To})
	for _, c := range s.Sessions {
		if c.Steps[0].Reply.Code != 0 {
			p.Event(sender.Event{Kind: sender.Connected, Host: c.Host, Address: c.Address})
		}
		last := c.Steps[len(c.Steps)-1]
		p.Event(sender.Event{Kind: sender.Stepped, Host: c.Host, Address: c.Address, Stage: last.Stage, Reply: last.Reply,
			Err: last.Err, Steps: c.Steps})
		if last.Err != nil {
			p.Event(sender.Event{Kind: sender.NextHost, Host: c.Host})
		}
	}
	p.Event(sender.Event{Kind: sender.Finished, Outcome: &s.Outcome})
	if err := errors.Join(p.Sending(s), p.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSendingGolden(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	s := refusedSending(t, c, greylisted())
	for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
		golden(t, "sending."+string(lang)+".txt", shownSending(t, Options{Lang: lang, Catalogue: c}, s))
		var b bytes.Buffer
		if err := write(OneSending, "text", &b, Options{Lang: lang, Now: noon, Catalogue: c}, keptSending(t, s)); err != nil {
			t.Fatal(err)
		}
		golden(t, "kept."+string(lang)+".txt", b.String())
	}
}

// TestSendingFitsTheTerminal looks at every reason the catalogue knows, in both
// languages: what is said stays within 80 columns.
func TestSendingFitsTheTerminal(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	width := runewidth.Condition{EastAsianWidth: false}
	for _, r := range c.Rules() {
		reply := codes.Reply{Code: 550, Lines: []string{r.Example}}
		s := refusedSending(t, c, reply)
		for _, lang := range []codes.Lang{codes.English, codes.Japanese} {
			for line := range strings.Lines(shownSending(t, Options{Lang: lang, Catalogue: c}, s)) {
				if n := width.StringWidth(strings.TrimSuffix(line, "\n")); n > 80 && !strings.Contains(line, "todoku ") {
					t.Errorf("%s (%s): %d columns: %s", r.ID, lang, n, line)
				}
			}
		}
	}
}

// TestHostileRepliesStayHarmless: nothing that a server says reaches the
// terminal raw, neither at once nor from the history.
func TestHostileRepliesStayHarmless(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	evil := codes.Reply{Code: 550, Lines: []string{"no \x1b[2J\x07\u202e thanks\r", "\xff\xfe " + strings.Repeat("x", 5000), ""}}
	s := refusedSending(t, c, evil)
	s.Host, s.Sessions[1].Host, s.Subject = "mx\x1b]0;x\x07.test", "mx\x1b]0;x\x07.test", "=\u202e"
	var b bytes.Buffer
	for _, d := range []Document[history.Sending]{OneSending, History} {
		must(t, write(d, "text", &b, Options{Now: noon, Catalogue: c}, keptSending(t, s)))
	}
	for name, text := range map[string]string{"live": shownSending(t, Options{Catalogue: c}, s), "kept": b.String()} {
		if i := strings.IndexFunc(text, func(r rune) bool { return r < ' ' && r != '\n' || r == 0x7f || r == '\u202e' }); i >= 0 {
			t.Errorf("%s: %q", name, text[max(0, i-40):i+10])
		}
	}
}

// TestSendingAsJSONChangesNothing: what is empty is an empty list in JSON, and stays as it is in the outcome.
func TestSendingAsJSONChangesNothing(t *testing.T) {
	t.Parallel()
	s := refusedSending(t, catalogue(t), greylisted())
	s.Sessions[0].Steps = nil
	out, err := json.Marshal(asSending(s, Options{}).Transcript)
	if err != nil || !strings.Contains(string(out), `"steps":[]`) || strings.Contains(string(out), `"steps":null`) {
		t.Errorf("%v: %s", err, out)
	}
	if s.Sessions[0].Steps != nil {
		t.Error("the outcome was changed")
	}
	s.Sessions = nil
	if out, err := json.Marshal(asSending(s, Options{}).Transcript); err != nil || string(out) != "[]" {
		t.Errorf("%v: %s", err, out)
	}
}
