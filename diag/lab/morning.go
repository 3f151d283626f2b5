package lab

import (
	"fmt"
	"strings"
	"time"
)

// Morning is what a sender of the lab finds after a morning of sending, to try out a triage: a log of its mail server
// (Postfix) and a mailbox with what came back. Three causes are in them, each of which is there in the lab's DNS and at its
// mail servers too:
//
//   - from twelve minutes past nine the mails of spf-ip.test leave from an address that its SPF record does not have, and a
//     receiver like Gmail refuses them;
//   - an old list of healthy.test, with addresses that do not exist at many domains;
//   - r450.test, which puts off what it does not know yet, and takes it later.
func Morning() (log, mailbox string) {
	m := &morning{at: time.Date(2026, 11, 24, 8, 0, 0, 0, time.FixedZone("", 9*60*60))}
	for i := range 300 {
		m.step(24 * time.Second)
		m.mails(i)
	}
	return m.log.String(), m.bounces()
}

// morning is a morning that is being written.
type morning struct {
	at      time.Time
	ids     int
	waiting []waiting
	log     strings.Builder
}

// waiting is a mail that was put off.
type waiting struct {
	id, to string
	due    time.Time
}

// Who the mails go to.
const (
	likeGmail = "gmail-smtp-in.l.google.com"
	refuseAt  = 9*60 + 12 // minutes of the day
)

// step lets time pass, and tries again what is due.
func (m *morning) step(d time.Duration) {
	m.at = m.at.Add(d)
	for len(m.waiting) > 0 && !m.waiting[0].due.After(m.at) {
		w := m.waiting[0]
		m.waiting = m.waiting[1:]
		m.end(w.id, w.to, "mx.r450.test[192.0.2.45]:25", "2.0.0", "sent (250 2.0.0 Ok: queued)")
	}
}

// mails writes what leaves at one time of the morning.
func (m *morning) mails(i int) {
	to := fmt.Sprintf("user%d@gmail.test", i)
	id := m.begin("news@spf-ip.test")
	if m.at.Hour()*60+m.at.Minute() < refuseAt {
		m.end(id, to, likeGmail+"[198.51.100.26]:25", "2.0.0", "sent (250 2.0.0 OK 1795480000 - gsmtp)")
	} else {
		m.end(id, to, likeGmail+"[198.51.100.26]:25", "5.7.26", "bounced (host "+likeGmail+"[198.51.100.26] said: "+
			"550-5.7.26 This mail is blocked: the sender is unauthenticated. 550-5.7.26 Either SPF or DKIM has to pass. "+
			"550 5.7.26 SPF [spf-ip.test] with ip: ["+sender+"] = did not pass - gsmtp (in reply to end of DATA command))")
	}
	m.end(m.begin("news@healthy.test"), fmt.Sprintf("user%d@takes.test", i), "mx.takes.test[192.0.2.25]:25", "2.0.0",
		"sent (250 2.0.0 Ok: queued)")
	if i%6 != 0 {
		return
	}
	to = fmt.Sprintf("user%d@r450.test", i)
	id = m.begin("news@healthy.test")
	m.end(id, to, "mx.r450.test[192.0.2.45]:25", "4.2.0",
		"deferred (host mx.r450.test[192.0.2.45] said: 450 4.2.0 <"+to+">: Recipient address rejected: Greylisted (in reply to RCPT TO command))")
	m.waiting = append(m.waiting, waiting{id, to, m.at.Add(20 * time.Minute)})
}

// line writes a line of the log.
func (m *morning) line(program, format string, args ...any) {
	fmt.Fprintf(&m.log, "%s out postfix/%s: %s\n", m.at.Format("2006-01-02T15:04:05.000000-07:00"), program, fmt.Sprintf(format, args...))
}

// begin writes that a mail came into the queue.
func (m *morning) begin(from string) (id string) {
	m.ids++
	id = fmt.Sprintf("%X", 0x4d10000000+m.ids*4099)
	m.line("qmgr[811]", "%s: from=<%s>, size=%d, nrcpt=1 (queue active)", id, from, 4000+m.ids%97*31)
	return id
}

// end writes what became of an attempt.
func (m *morning) end(id, to, relay, status, said string) {
	m.line("smtp[2140]", "%s: to=<%s>, relay=%s, delay=1.3, delays=0.1/0/0.6/0.6, dsn=%s, status=%s", id, to, relay, status, said)
	if status[0] != '4' {
		m.line("qmgr[811]", "%s: removed", id)
	}
}

// bounces is a mailbox with the reports on an old list (RFC 3464).
func (m *morning) bounces() string {
	old := [...]string{"takes", "healthy", "size-limit", "no-dkim", "no-dmarc", "tls-required", "mailbox-full", "two-spf"}
	var b strings.Builder
	at := time.Date(2026, 11, 24, 8, 30, 0, 0, m.at.Location())
	for i := range 40 {
		at = at.Add(97 * time.Second)
		domain := old[i%len(old)] + ".test"
		to := fmt.Sprintf("old%d@%s", i, domain)
		if i == 0 {
			to = "nobody@" + domain
		}
		report(&b, at, "mx."+domain, to, "550 5.1.1 <"+to+">: Recipient address rejected: User unknown in virtual mailbox table")
	}
	return b.String()
}

// report writes a mail that says that a mail of news@healthy.test was not delivered.
func report(b *strings.Builder, at time.Time, host, to, said string) {
	fmt.Fprintf(b, "From MAILER-DAEMON %s\n", at.UTC().Format(time.ANSIC))
	fmt.Fprintf(b, `Date: %s
From: Mail Delivery System <MAILER-DAEMON@%s>
To: news@healthy.test
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; %s
Arrival-Date: %s

Final-Recipient: rfc822; %s
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; %s

--b
Content-Type: text/rfc822-headers

From: News <news@healthy.test>
To: %s
Subject: News of November
Message-ID: <%d@healthy.test>

--b--

`, at.Format(time.RFC1123Z), host, host, at.Format(time.RFC1123Z), to, said, to, at.Unix())
}
