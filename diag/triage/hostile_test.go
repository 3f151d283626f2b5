package triage_test

import (
	"bytes"
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// hang is far above the time that any input of these tests takes.
const hang = 20 * time.Second

// stomach reads, judges and counts whatever it gets.
type stomach struct {
	catalogue *codes.Catalogue
	keepers   triage.Keepers
	judge     *event.Judge
	tally     *triage.Tally
}

func newStomach(t *testing.T) *stomach {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	s := &stomach{catalogue: c, keepers: triage.NewKeepers()}
	s.judge, s.tally = s.keepers.Judge(c), triage.New(triage.Options{})
	return s
}

// digest reads an input. It tells how many events it had, and how long it took; one that hangs or panics ends the test.
func (s *stomach) digest(t *testing.T, name string, data []byte, workers int) (events int64, took time.Duration) {
	t.Helper()
	watch := time.AfterFunc(hang, func() {
		stacks := make([]byte, 1<<20)
		panic(name + " hangs: " + string(data[:min(len(data), 2000)]) + "\n" + string(stacks[:runtime.Stack(stacks, true)]))
	})
	defer watch.Stop()
	started := time.Now()
	in := new(event.Input)
	err := event.Each(context.Background(), event.Source{Name: name, Reader: bytes.NewReader(data), Workers: workers, Input: in},
		func(e *event.Event) error {
			s.judge.Judge(e)
			s.tally.Add(e)
			return nil
		})
	if err != nil && !bytes.HasPrefix(data, []byte{0x1f, 0x8b}) {
		t.Errorf("%s: %v", name, err)
	}
	return in.Events, time.Since(started)
}

const (
	mailHead = "From: MAILER-DAEMON@x.example\nTo: a@b.example\nSubject: Undelivered Mail Returned to Sender\n"
	textHead = mailHead + "\nThis message could not be delivered:\n\n"
	dsnHead  = mailHead + "Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"
	postfix  = "Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a@x.test>, relay=h[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 no)\n"
	exim     = "2031-03-04 05:06:07 1tRx2A-0004Bq-2Z ** a@x.test R=r T=t H=h [192.0.2.1]: 550 no such user\n"
)

// growing are inputs that become longer and longer, each in a way that has a cost in careless readers.
var growing = map[string]func(n int) string{
	"addresses of a notice": func(n int) string { return textHead + strings.Repeat("<user@k.example>: 550 5.1.1 unknown user\n", n) },
	"bare addresses":        func(n int) string { return textHead + strings.Repeat("u@k.example\nv@k.example\n", n) },
	"addresses in a line":   func(n int) string { return textHead + strings.Repeat("u@k.example, ", n) },
	"header fields":         func(n int) string { return mailHead + strings.Repeat("X-A: b\n", n) + "\ncould not be delivered\n" },
	"header words": func(n int) string {
		return mailHead + "X-Failed-Recipients: " + strings.Repeat("a@b.example, ", n) + "\n\nfailed\n"
	},
	"folded header": func(n int) string {
		return mailHead + "To: a\n" + strings.Repeat(" b@c.example,\n", n) + "\n\nfailed\n"
	},
	"references": func(n int) string {
		return mailHead + "References: " + strings.Repeat("<a@b.example> ", n) + "\n\nfailed\n"
	},
	"parameters": func(n int) string {
		return mailHead + "Content-Type: multipart/report" + strings.Repeat("; a*1*=\"b\"", n) + "\n\nfailed\n"
	},
	"comments": func(n int) string {
		return mailHead + "Date: " + strings.Repeat("(", n) + "\nFrom: " + strings.Repeat("(\\", n) + "\n\nfailed\n"
	},
	"encoded words": func(n int) string {
		return "From: MAILER-DAEMON@x.example\nSubject: " + strings.Repeat("=?utf-8?q?a=E3=81=82?= ", n) + "\n\ncould not be delivered\n"
	},
	"recipients": func(n int) string {
		return dsnHead + strings.Repeat("Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n\n",
			n)
	},
	"status fields": func(n int) string {
		return dsnHead + "Final-Recipient: rfc822; a@b.example\n" + strings.Repeat("Diagnostic-Code: smtp; 550 no\n", n)
	},
	"folded status": func(n int) string {
		return dsnHead + "Final-Recipient: rfc822; a@b.example\nAction: failed\nDiagnostic-Code: smtp;\n" + strings.Repeat(" 550-no\n", n)
	},
	"boundaries": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\n", n)
	},
	"near boundaries": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--y\n\n", n)
	},
	"no boundary": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed\n\n" + strings.Repeat("--y\n\n", n)
	},
	"nested parts": func(n int) string {
		var b strings.Builder
		b.WriteString(mailHead)
		for range n / 10 {
			b.WriteString("Content-Type: multipart/mixed; boundary=b\n\n--b\n")
		}
		return b.String()
	},
	"nested mails": func(n int) string {
		return strings.Repeat(mailHead+"Content-Type: message/rfc822\n\n", n/10) + "\nfailed\n"
	},
	"forwarded inline": func(n int) string {
		return mailHead + "\n" + strings.Repeat("---------- Forwarded message ---------\n"+mailHead+"\ncould not be delivered\n", n/10)
	},
	"returned inline": func(n int) string {
		return textHead + strings.Repeat("--- Below this line is a copy of the message.\n\nReturn-Path: <a@b.example>\n", n)
	},
	"quoted": func(n int) string {
		return textHead + strings.Repeat("> ", n) + "\n" + strings.Repeat("> a@b.example 550 no\n", n)
	},
	"empty lines": func(n int) string { return textHead + strings.Repeat("\n", n*10) },
	"blanks":      func(n int) string { return textHead + strings.Repeat(" ", n*10) + "x" },
	"html tags":   func(n int) string { return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("<b>a</b>", n) },
	"html open":   func(n int) string { return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("<div <", n) },
	"html comments": func(n int) string {
		return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("<!-- <style> ", n)
	},
	"html scripts": func(n int) string {
		return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("<script><style>", n)
	},
	"html entities": func(n int) string { return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("&amp&", n) },
	"base64": func(n int) string {
		return mailHead + "Content-Transfer-Encoding: base64\n\n" + strings.Repeat("dXNlckBrLmV4YW1wbGU6IDU1MA\n", n)
	},
	"quoted-printable": func(n int) string {
		return mailHead + "Content-Transfer-Encoding: quoted-printable\n\n" + strings.Repeat("=E3=81=\n", n)
	},
	"uuencode": func(n int) string {
		return mailHead + "Content-Transfer-Encoding: x-uuencode\n\n" + strings.Repeat("begin 644 a\n", n)
	},
	"iso-2022-jp": func(n int) string {
		return mailHead + "Content-Type: text/plain; charset=iso-2022-jp\n\n" + strings.Repeat("\x1b$B$\"\x1b(B\x1b$", n)
	},
	"unknown octets": func(n int) string { return mailHead + "\n" + strings.Repeat("\x83\x41\xe3\x81 550 a@b.example\n", n) },
	"signs": func(n int) string {
		return mailHead + "\n" + strings.Repeat("@", n) + strings.Repeat("<", n) + strings.Repeat("=?", n) + strings.Repeat("[", n)
	},
	"digits": func(n int) string {
		return textHead + strings.Repeat("5", n) + strings.Repeat(" 5.", n) + strings.Repeat("550-", n)
	},
	"complaint": func(n int) string {
		return mailHead +
			"Content-Type: multipart/report; report-type=feedback-report; boundary=x\n\n--x\nContent-Type: " +
			"message/feedback-report\n\nFeedback-Type: abuse\n" + strings.Repeat("Original-Rcpt-To: a@b.example\n", n)
	},
	"mbox": func(n int) string { return strings.Repeat("From a@b.example Mon Feb  2 10:00:05 2026\n", n) },
	"mbox of mails": func(n int) string {
		return strings.Repeat("From a@b.example Mon Feb  2 10:00:05 2026\n"+textHead+"<u@k.example>: 550 5.1.1 no\n\n", n/10)
	},
	"objects": func(n int) string {
		return "[" + strings.Repeat(`{"event":"bounce","email":"a@b.example","timestamp":1,"reason":"550 no"},`, n)
	},
	"nested objects": func(n int) string { return strings.Repeat(`{"a":`, n) },
	"nested arrays":  func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) },
	"nested text":    func(n int) string { return `{"Message":"` + strings.Repeat(`{\"Message\":\"`, n) },
	"keys":           func(n int) string { return "{" + strings.Repeat(`"event":"bounce",`, n) + `"email":"a@b.example"}` },
	"recipients of SES": func(n int) string {
		return `{"eventType":"Bounce","bounce":{"bounceType":"Permanent","bouncedRecipients":[` +
			strings.Repeat(`{"emailAddress":"a@b.example"},`, n) + `{}]},"mail":{}}`
	},
	"escapes": func(n int) string {
		return `{"event":"bounce","email":"a@b.example","reason":"` + strings.Repeat(`\u3042\n`, n) + `"}`
	},
	"journal": func(n int) string {
		return `{"MESSAGE":[` + strings.Repeat("53,", n) + `53],"_PID":"1","SYSLOG_IDENTIFIER":"postfix/smtp"}` + "\n" + postfix
	},
	"journal lines": func(n int) string {
		return strings.Repeat(`{"MESSAGE":"9C3F2A01B7: to=<a@x.test>, relay=h[192.0.2.1]:25, dsn=5.1.1, status=bounced `+
			`(550 no)","SYSLOG_IDENTIFIER":"postfix/smtp","__REALTIME_TIMESTAMP":"1772600767000000"}`+"\n", n)
	},
	"docker": func(n int) string {
		return strings.Repeat(`{"log":"Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a@x.test>, `+
			`relay=h[192.0.2.1]:25, dsn=5.1.1, status=bounced (550 no)\n","stream":"stdout","time":"2031-03-04T05:06:07Z"}`+"\n", n)
	},
	"columns": func(n int) string { return strings.Repeat("email,", n) + "event\n" + strings.Repeat("a,", n) + "b\n" },
	"rows": func(n int) string {
		return "email,event,timestamp,reason\n" + strings.Repeat("a@b.example,bounce,1,550 no\n", n)
	},
	"quotes":      func(n int) string { return "email,event,timestamp,reason\n" + strings.Repeat("\"a\n", n) },
	"heads":       func(n int) string { return strings.Repeat("email,event,timestamp,reason\n", n) },
	"empty cells": func(n int) string { return "email,event,timestamp,reason\n" + strings.Repeat(",,,,\n", n) },
	"tracking": func(n int) string {
		return "#Fields: date-time,event-id,recipient-address,recipient-status\n" +
			strings.Repeat("2031-03-04T05:06:07Z,FAIL,"+strings.Repeat("a@b.example;", 20)+",550 no\n", n/10)
	},
	"tracking recipients": func(n int) string {
		return "#Fields: date-time,event-id,recipient-address,recipient-status\n2031-03-04T05:06:07Z,FAIL," +
			strings.Repeat("a@b.example;", n) + ",550 no\n"
	},
	"send log": func(n int) string {
		return "#Fields: date-time,connector-id,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context\n" +
			strings.Repeat("2031-03-04T05:06:07Z,c,S,1,a:1,b:25,>,RCPT TO:<a@b.example>,\n", n)
	},
	"lines of Postfix": func(n int) string { return strings.Repeat(postfix, n) },
	"ids of Postfix": func(n int) string {
		return numbered(n, "Mar  4 05:06:07 mx9 postfix/qmgr[9]: %X: from=<a@b.example>, size=1, nrcpt=1 (queue active)\n")
	},
	"delays of Postfix": func(n int) string {
		return numbered(n,
			"Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a%X@x.test>, relay=none, dsn=4.4.1, status=deferred (connect timed out)\n")
	},
	"fields of Postfix": func(n int) string {
		return "Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a@x.test>, " + strings.Repeat("orig_to=<b>, ", n) +
			"status=bounced (550 no)\n" + postfix
	},
	"words of Postfix": func(n int) string {
		return numbered(n, "Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: to=<a@x.test>, relay=none, dsn=5.0.0, status=bounced (%X never)\n")
	},
	"long words": func(n int) string {
		return strings.Repeat(strings.Replace(postfix, "no)", strings.Repeat("no user a@b.example 1.2.3.4 ", 2000)+")", 1), n/1000+1)
	},
	"lines of Exim": func(n int) string { return strings.Repeat(exim, n) },
	"ids of Exim": func(n int) string {
		return numbered(n, "2031-03-04 05:06:07 1tRx2A-%06X-2Z <= a@b.example H=h [192.0.2.1] P=esmtp S=1\n")
	},
	"fields of Exim": func(n int) string {
		return "2031-03-04 05:06:07 1tRx2A-0004Bq-2Z <= a@x.test " + strings.Repeat("A=b:\"c ", n) + "\n" + exim
	},
	"ids of Sendmail": func(n int) string {
		return numbered(n, "Mar  4 05:06:07 mx9 sendmail[9]: 62456%08X: from=<a@b.example>, size=1, nrcpts=1\n")
	},
	"to of Sendmail": func(n int) string {
		return "Mar  4 05:06:07 mx9 sendmail[9]: 624560abc123: to=" + strings.Repeat("<a@b.example>,", n) +
			" delay=1, dsn=5.1.1, stat=User unknown\n"
	},
	"deliveries of qmail": func(n int) string {
		return numbered(n, "@400000006123456712345678 starting delivery %d: msg 1 to remote a@b.example\n")
	},
	"messages of qmail": func(n int) string { return numbered(n, "@400000006123456712345678 new msg %d\n") },
	"OpenSMTPD": func(n int) string {
		return numbered(n,
			"Mar  4 05:06:07 mx9 smtpd[9]: %016x mta delivery evpid=%[1]x from=<a@b.example> to=<c@d.example> result=\"PermFail\" stat=\"550 no\"\n")
	},
	"replies": func(n int) string {
		return "Dear support, see below\n" + strings.Repeat("550 5.1.1 <a@b.example>: no such user\n", n)
	},
	"reply lines": func(n int) string { return "Dear support, see below\n" + strings.Repeat("550-5.1.1 no such user\n", n) },
	"sessions": func(n int) string {
		return "Dear support, see below\n" + strings.Repeat("RCPT TO:<a@b.example>\n550 5.1.1 no\nQUIT\n221 bye\n", n)
	},
	"prefixes": func(n int) string {
		return strings.Repeat("[", n) + postfix + strings.Repeat("kubectl | ", n) + postfix
	},
	"form":          func(n int) string { return strings.Repeat("event-data=%7B%22a%22&", n) },
	"zeros":         func(n int) string { return strings.Repeat("\x00", n*10) + postfix },
	"zeros between": func(n int) string { return postfix + strings.Repeat("\x00", n*10) + postfix },
	"returns":       func(n int) string { return postfix + strings.Repeat("\r", n*10) + "\n" + postfix },
	"UTF-16":        func(n int) string { return "\xff\xfe" + strings.Repeat("a\x00\n\x00", n) },
	"words":         func(n int) string { return "550 5.1.1 no\n" + strings.Repeat("x\n\n", n) },
	"answers":       func(n int) string { return "550 5.1.1 no\n" + numbered(n, "u%d@k.example: 550 5.1.1 no user\n\n") },
	"questions": func(n int) string {
		return "550 5.1.1 no\n" + numbered(n, "Dear u%d@k.example,\n\n550 5.1.%[1]d no\n\n")
	},
	"pasted reports": func(n int) string {
		return "Hello,\n" + numbered(n, "Final-Recipient: rfc822; u%d@k.example\nAction: failed\nStatus: 5.1.1\n\n")
	},
	"one long word":     func(n int) string { return "550 5.1.1 no " + strings.Repeat("x", n*10) },
	"long word of mail": func(n int) string { return textHead + strings.Repeat("x", n*10) },
	"dots":              func(n int) string { return textHead + "<a@" + strings.Repeat("b.", n) + "c>: 550 no\n" },
	"dashes": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=\"-\"\n\n" + strings.Repeat("---\n", n)
	},
	"colons": func(n int) string {
		return textHead + "550 5.1.1 " + strings.Repeat("1:", n) + " " + strings.Repeat("a:b ", n) + "\n"
	},
	"html quotes": func(n int) string {
		return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("<a b=\"><a b='>", n)
	},
	"html numbers": func(n int) string { return mailHead + "Content-Type: text/html\n\n" + strings.Repeat("&#x42;<", n) },
	"parts with words": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\n\nuser@k.example: 550 no\n"+
			strings.Repeat("a\n", n/100), 100)
	},
	"parts of HTML": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=x\n\n" +
			strings.Repeat("--x\nContent-Type: text/html\n\n"+strings.Repeat("<!-- ", n/100), 100)
	},
	"attached mails": func(n int) string {
		return mailHead + "Content-Type: multipart/mixed; boundary=x\n\n" +
			strings.Repeat("--x\nContent-Type: message/rfc822\n\n"+textHead+strings.Repeat("u@k.example 550 no\n", n/100), 100)
	},
	"Postfix in a mail": func(n int) string { return mailHead + "\n" + strings.Repeat(postfix, n) },
	"lines of all": func(n int) string {
		return strings.Repeat(postfix+exim+"\nMar  4 05:06:07 mx9 sendmail[9]: 624560abc123: to=<a@b.example>, dsn=5.1.1, stat=User unknown\n"+
			"@400000006123456712345678 delivery 1: failure: no/\n", n/4)
	},
	"unclosed text of JSON": func(n int) string { return `{"event":"bounce","email":"` + strings.Repeat("a", n*10) },
	"opened objects":        func(n int) string { return strings.Repeat(`{"event":"bounce","email":"a@b.example"`+"\n", n) },
	"closed objects":        func(n int) string { return `{"event":"bounce","email":"a@b.example"}` + strings.Repeat("}", n) },
	"objects of nothing":    func(n int) string { return `{"event":"bounce","email":"a@b.example"}` + strings.Repeat("{}", n) },
	"objects and words": func(n int) string {
		return strings.Repeat(`{"event":"bounce","email":"a@b.example"}`+"\nwords \"and\" [more\n", n/2)
	},
	"wide rows": func(n int) string {
		return "email,event,timestamp,reason\n" + strings.Repeat("\""+strings.Repeat("a\n", 199)+"\n", n/100)
	},
	"docker parts": func(n int) string {
		return strings.Repeat(`{"log":"Mar  4 05:06:07 mx9 postfix/smtp[9]: 9C3F2A01B7: ","stream":"stdout","time":"2031-03-04T05:06:07Z"}`+"\n",
			n)
	},
	"kubernetes parts": func(n int) string {
		return "2031-03-04T05:06:07.1Z stdout F " + postfix + strings.Repeat("2031-03-04T05:06:07.1Z stdout P "+
			strings.TrimSpace(postfix)+"\n", n)
	},
}
