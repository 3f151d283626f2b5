package event

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corpusFile holds what is read in the mails of testdata/mails, a line an event. TODOKU_UPDATE=1 writes it anew: read what changes.
const corpusFile = "testdata/mails/want.txt"

// TestMailCorpus reads mails of many systems, reports, forwarded notices, and ordinary mails, which tell nothing.
func TestMailCorpus(t *testing.T) {
	t.Parallel()
	judge := suiteJudge(t)
	files, _ := filepath.Glob("testdata/mails/*/*.eml")
	var b strings.Builder
	for _, path := range files {
		name := strings.TrimPrefix(filepath.ToSlash(path), "testdata/mails/")
		events := readSuiteMail(t, path, judge)
		if strings.HasPrefix(name, "ordinary/") {
			if len(events) > 0 {
				t.Errorf("%s is taken for a notice: %+v", name, events[0])
			}
			continue
		}
		for _, e := range events {
			fmt.Fprintf(&b, "%s: %s\n", name, shown(&e))
		}
		if len(events) == 0 {
			t.Errorf("%s: no event", name)
		}
	}
	if os.Getenv("TODOKU_UPDATE") == "1" {
		if err := os.WriteFile(corpusFile, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(corpusFile)
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(data), "\n"), strings.Split(b.String(), "\n")
	for i := range max(len(want), len(got)) {
		w, g := "", ""
		if i < len(want) {
			w = want[i]
		}
		if i < len(got) {
			g = got[i]
		}
		if w != g {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, g, w)
			break
		}
	}
}

// shown is an event on one line, as far as a mail tells it.
func shown(e *Event) string {
	class := "-"
	if e.Verdict != nil {
		class = string(e.Verdict.Reason.Class)
	}
	s := fmt.Sprintf("%s %s <%s> %s %d %s", e.Format, e.Action, e.Recipient, class, e.Reply.Code, e.Reply.Enhanced)
	for _, f := range [...][2]string{
		{"orig", e.OriginalRecipient}, {"from", e.From}, {"id", e.MessageID}, {"queue", e.QueueID}, {"env", e.EnvelopeID}, {"mta", e.RemoteMTA},
		{"stage", string(e.Stage)}, {"end", string(e.End)}, {"feedback", e.Feedback},
	} {
		if f[1] != "" {
			s += " " + f[0] + "=" + f[1]
		}
	}
	if e.RemoteIP.IsValid() {
		s += " rip=" + e.RemoteIP.String()
	}
	if e.SendingIP.IsValid() {
		s += " sip=" + e.SendingIP.String()
	}
	for _, n := range e.Notes {
		s += " (" + n.EN + ")"
	}
	return s
}

// TestReturnedEnd: a notice returns the beginning of a mail, of which only the header is read: that its end is missing is no oddity
// of the notice.
func TestReturnedEnd(t *testing.T) {
	t.Parallel()
	const notice = "From: MAILER-DAEMON@d.example\nSubject: Undelivered Mail\nContent-Type: multipart/report; boundary=b\n\n" +
		"--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; x@d.example\nAction: failed\nStatus: 5.1.1\n" +
		"--b\nContent-Type: message/rfc822\n\nFrom: a@b.example\nContent-Type: multipart/mixed; boundary=o\n\n" +
		"--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\nHello\n\n--b--\n"
	events := readMail([]byte(notice)).events
	if len(events) != 1 || events[0].From != "a@b.example" || len(events[0].Notes) > 0 {
		t.Errorf("%+v", events)
	}
}
