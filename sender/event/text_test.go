package event_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/sender/event"
)

// ticketLines are lines of a log as tickets quote them.
const (
	docomoLine = "Nov 24 10:12:33 mx01 postfix/smtp[1]: A1B2C: to=<taro@docomo.example>, relay=mx.docomo.example[192.0.2.1]:25, " +
		"dsn=5.0.0, status=bounced (host mx.docomo.example[192.0.2.1] said: 550 Unknown user taro@docomo.example (in reply " +
		"to end of DATA command))\n"
	auLine = "Nov 24 10:12:34 mx01 postfix/smtp[1]: A1B2D: to=<hana@au.example>, relay=lsean.au.example[192.0.2.2]:25, dsn=4.2.2, " +
		"status=deferred (host lsean.au.example[192.0.2.2] said: 452 4.2.2 mailbox full (in reply to RCPT TO command))\n"
	yahooLine = "Nov 24 10:14:33 mx01 postfix/smtp[1]: A1B2E: to=<jiro@yahoo.example>, relay=mx.yahoo.example[192.0.2.1]:25, dsn=2.0.0, " +
		"status=sent (250 2.0.0 Ok: queued as 1)\n"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	wrap := strings.NewReplacer(", dsn=", ",\n  dsn=", " said: ", " said:\n  ")
	for _, c := range []struct{ name, text, format, want string }{
		{"log lines alone", docomoLine + auLine + yahooLine, "postfix",
			"1 failed taro@docomo.example;2 delayed hana@au.example;3 delivered jiro@yahoo.example"},
		{"log lines in words", "お世話になっております。\n\n" + docomoLine + auLine + yahooLine + "\n以上です。\n", "postfix",
			"3 failed taro@docomo.example;4 delayed hana@au.example;5 delivered jiro@yahoo.example"},
		{"broken log lines", "Hello,\n\n" + wrap.Replace(docomoLine+auLine) + yahooLine, "text",
			"3 failed taro@docomo.example;6 delayed hana@au.example;9 delivered jiro@yahoo.example"},
		{"a log line and a reply", docomoLine + "\nAnd the other customer, b@kaisha.example:\n\n553 5.7.1 refused by policy\n", "text",
			"1 failed taro@docomo.example;3 failed b@kaisha.example"},
		{"two replies of a ticket", "a@d.example: 550 5.1.1 User unknown\nb@e.example: 452 4.2.2 Mailbox full\n", "text",
			"1 failed a@d.example;2 delayed b@e.example"},
		{"one reply of several lines", "550-5.7.26 This mail is unauthenticated,\n550-5.7.26 which is a risk.\n550 5.7.26 See the page\n", "text",
			"1 failed "},
		{"expired", "<a@d.example>: connect to mx.d.example[192.0.2.1]:25: Connection timed out\n", "text", "1 failed a@d.example"},
		{"words only", "we sent 550 mails, none came back", "", ""},
		{"octets", "\x00\x01550 5.1.1 x\n", "", ""},
	} {
		in := new(event.Input)
		var got []string
		for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(c.text), Input: in,
			Modified: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)}) {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(e.Source.Line, " ", e.Action, " ", e.Recipient))
			if c.format == "postfix" && e.Time.Format("2006-01-02") != "2026-11-24" {
				t.Errorf("%s: time %v", c.name, e.Time)
			}
		}
		if s := strings.Join(got, ";"); s != c.want || in.Format != c.format {
			t.Errorf("%s: %q as %q, want %q", c.name, s, in.Format, c.want)
		}
	}
}

// TestLongTexts: a text that is longer than one part is read to its end.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("nothing of interest in this line of words\n", 4000) + "a@d.example: 550 5.1.1 User unknown\n"
	text = "b@d.example: 552 5.2.2 Mailbox full\n\n" + text
	var got []string
	in := new(event.Input)
	for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text), Input: in}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(e.Source.Line, " ", e.Recipient))
	}
	if s := strings.Join(got, ";"); s != "1 b@d.example;4003 a@d.example" || in.Lines != 4003 {
		t.Errorf("%s of %d lines", s, in.Lines)
	}
}

// TestSystemLogs: in the log of a system a number in a sentence is no reply, and the first line about a mail may come late.
func TestSystemLogs(t *testing.T) {
	t.Parallel()
	sessions := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "Nov 24 07:%02d:%02d out systemd[1]: Started session %d of user root, which is all that is told.\n", i/60%60, i%60, i)
		}
		return b.String()
	}
	bounced := "Nov 24 08:00:00 out postfix/smtp[1]: 4D10A7C3E9: to=<a@b.test>, relay=mx.b.test[192.0.2.9]:25, delay=1, " +
		"delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.b.test[192.0.2.9] said: 550 5.1.1 no such user (in reply to RCPT TO command))\n"
	for _, tt := range []struct {
		name, text, format string
		events             int
	}{
		{"short, without mails", sessions(600), "", 0},
		{"long, without mails", sessions(2000), "", 0},
		{"a mail late", sessions(2000) + bounced, "postfix", 1},
		{"of a program that nobody knows", sessions(600) + "Nov 24 08:00:00 out relay[1]: <a@b.test>: 550 5.1.1 no such user\n", "text", 1},
	} {
		events, in := eventsOf(t, tt.text)
		if in.Format != tt.format || len(events) != tt.events {
			t.Errorf("%s: %q, %q", tt.name, in.Format, events)
		}
	}
}
