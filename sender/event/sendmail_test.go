package event_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"todoku/sender/event"
)

// sendmailLog writes the log of n mails. Each has one to five recipients; some wait, and some of these are given up.
func sendmailLog(n int, seed uint64, stamp func(*mailLog) string) *mailLog {
	l := newMailLog(seed)
	say := func(format string, args ...any) {
		l.lines = append(l.lines, fmt.Sprintf(stamp(l), 900+l.rand.IntN(90))+fmt.Sprintf(format, args...))
	}
	l.run(n, func(i int) func() bool {
		id := fmt.Sprintf("0AU%02dAbc%06d", i%60, i)
		from, msgid := l.address(), fmt.Sprintf("m.%d@out.example", i)
		var to []string
		for range 1 + l.rand.IntN(5) {
			to = append(to, l.address()+fmt.Sprint(len(to)))
		}
		say("%s: from=<%s>, size=%d, class=0, nrcpts=%d, msgid=<%s>, proto=ESMTP, daemon=MTA, relay=app.example [192.0.2.9]",
			id, from, 900+i, len(to), msgid)
		tries := 0
		return func() bool {
			tries++
			if tries == 5 {
				say("%s: 0AV%s: DSN: Cannot send message for 5 days", id, id[3:])
				say("%s: 0AW%s: postmaster notify: Cannot send message for 5 days", id, id[3:])
				for _, a := range to {
					l.truth = append(l.truth, attempt{event.Expired, a, from, msgid, 451, "4.7.1"}.String())
				}
				return false
			}
			o := outcomes[l.rand.IntN(len(outcomes))]
			if tries == 4 {
				o = outcomes[3]
			}
			words := o.words
			if strings.Contains(words, "%s") {
				words = fmt.Sprintf(words, to[0])
			}
			stat := "Sent (" + words[4:] + ")"
			if o.action == event.Failed {
				stat = "User unknown"
			} else if o.action == event.Delayed {
				stat = "Deferred: " + words
			}
			reply := ""
			if o.action == event.Failed {
				reply = ", reply=" + words
			}
			say("%s: to=<%s>, delay=00:0%d:04, xdelay=00:00:01, mailer=esmtp, pri=%d, relay=mx%d.big.example. [198.51.100.%d], dsn=%s%s, stat=%s",
				id, strings.Join(to, ">,<"), tries, 30000+i, i%3, i%250, o.status, reply, stat)
			for _, a := range to {
				code := o.code
				if o.action == event.Delivered {
					code = 0
				}
				l.truth = append(l.truth, attempt{o.action, a, from, msgid, code, o.status}.String())
			}
			return o.action == event.Delayed
		}
	})
	return l
}

func TestSendmailLogs(t *testing.T) {
	t.Parallel()
	for name, stamp := range map[string]func(*mailLog) string{
		"bsd":    func(l *mailLog) string { return l.now.Format("Jan _2 15:04:05") + " mx1 sendmail[%d]: " },
		"sm-mta": func(l *mailLog) string { return l.now.Format("2006-01-02T15:04:05.000000-07:00") + " mx1 sm-mta[%d]: " },
		"5424": func(l *mailLog) string {
			return "<22>1 " + l.now.Format("2006-01-02T15:04:05.000Z") + " mx1.example sm-mta %d - - "
		},
		"solaris": func(l *mailLog) string {
			return l.now.Format("Jan _2 15:04:05") + " mx1 sendmail[%d]: [ID 801593 mail.info] "
		},
		"aix":     func(l *mailLog) string { return l.now.Format("Jan _2 15:04:05") + " mx1 mail:info sendmail[%d]: " },
		"freebsd": func(l *mailLog) string { return l.now.Format("Jan _2 15:04:05") + " <mail.info> mx1 sm-mta[%d]: " },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sendmailLog(2000, 7, stamp).compare(t, "sendmail", told)
		})
	}
}

// TestSendmailSaysLittle has words that Sendmail takes for refusals of every kind: the status beside them tells which.
func TestSendmailSaysLittle(t *testing.T) {
	t.Parallel()
	const from = "Nov  1 08:09:10 mx sm-mta[1]: 0A18A1ab001234: from=<a@b.example>, size=1, nrcpts=1, msgid=<m@b.example>\n"
	const to = "Nov  1 08:09:11 mx sm-mta[2]: 0A18A1ab001234: to=<c@d.example>, mailer=esmtp, relay=mx.d.example. [192.0.2.1], dsn="
	for _, c := range [][2]string{{"5.7.1, stat=Service unavailable", "policy"}, {"5.2.2, stat=Service unavailable", "mailbox_full"},
		{"5.3.4, stat=Service unavailable", "too_large"}, {"5.0.0, stat=Service unavailable", "system_error"}} {
		got, _ := eventsOf(t, from+to+c[0]+"\n")
		if want := "failed c@d.example " + c[1]; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", c[0], got, want)
		}
	}
}

func TestSendmailLines(t *testing.T) {
	t.Parallel()
	const from = "Nov  1 08:09:10 mx sm-mta[1]: 0A18A1ab001234: from=<a@b.example>, size=1, nrcpts=1, " +
		"msgid=<m@b.example>, relay=x [192.0.2.1]\n"
	const to = "Nov  1 08:09:11 mx sm-mta[2]: 0A18A1ab001234: to="
	for _, c := range []struct{ name, lines, want string }{
		{"host unknown", from + to +
			"<c@d.example>, mailer=esmtp, relay=d.example, dsn=5.1.2, stat=Host unknown (Name server: d.example: host not found)",
			"failed c@d.example 0 5.1.2 no_route"},
		{"no dsn",
			from + to + "c@d.example, delay=00:00:01, mailer=smtp, relay=mx.d.example., stat=Deferred: Connection refused by mx.d.example.",
			"delayed c@d.example 0  delayed"},
		{"deferred alone", from + to + "<c@d.example>, mailer=esmtp, dsn=4.0.0, stat=Deferred", "delayed c@d.example 0 4.0.0 delayed"},
		{"temporary", from + to + "<c@d.example>, mailer=esmtp, dsn=4.0.0, stat=I/O error", "delayed c@d.example 0 4.0.0 delayed"},
		{"service unavailable", from + to + "<c@d.example>, mailer=esmtp, dsn=5.7.1, stat=Service unavailable", "failed c@d.example 0 5.7.1 "},
		{"data format", from + to + "<c@d.example>, mailer=esmtp, dsn=5.6.0, stat=Data format error", "failed c@d.example 0 5.6.0 "},
		{"local", from + to + "root, ctladdr=<a@b.example> (0/0), mailer=local, dsn=2.0.0, stat=Sent", "delivered root 0 2.0.0 "},
		{"program", from + to + `"|/usr/bin/procmail -a x,y", mailer=prog, dsn=2.0.0, stat=Sent`,
			`delivered "|/usr/bin/procmail -a x,y" 0 2.0.0 `},
		{"comma in quotes", from + to + `<"c,c"@d.example>,<e@d.example>, mailer=esmtp, dsn=2.0.0, stat=Sent (ok)`,
			`delivered "c,c"@d.example 0 2.0.0 ;delivered e@d.example 0 2.0.0 `},
		{"more", from + to + "<c@d.example>,<e@d.example>, [more], mailer=esmtp, dsn=2.0.0, stat=Sent (ok)",
			"delivered c@d.example 0 2.0.0 ;delivered e@d.example 0 2.0.0 "},
		{"queued", from + to + "<c@d.example>, mailer=esmtp, pri=1, stat=queued", ""},
		{"cut off", from + to + "<c@d.example>, mailer=esmtp, pri=1, relay=mx.d.example. [192.0.2.2], dsn=5.1.1", "failed c@d.example 0 5.1.1 "},
		{"cut off before", from + to + "<c@d.example>, mailer=esmtp, pri=1, relay=mx.d", ""},
		{"warning", from + "Nov  1 08:09:12 mx sm-mta[2]: 0A18A1ab001234: 0A1X: sender notify: Warning: could not send message for past 4 hours",
			""},
		{"nobody known", from + "Nov  1 08:09:12 mx sm-mta[2]: 0A18A1ab001234: 0A1X: return to sender: Cannot send message for 5 days",
			"expired  0 4.4.7 deadline"},
		{"quoted reply", from + to + `<c@d.example>, mailer=esmtp, dsn=5.0.0, stat="550 5.1.1 no such user"`, "failed c@d.example 550 5.1.1 "},
		{"handed over", "Nov  1 08:09:09 mx sendmail[3]: 0A18A0aa000001: from=a, size=1, nrcpts=1, msgid=<m@b.example>, relay=a@localhost\n" +
			from +
			"Nov  1 08:09:10 mx sendmail[3]: 0A18A0aa000001: to=c@d.example, mailer=relay, relay=[127.0.0.1] [127.0.0.1], dsn=2.0.0, " +
			"stat=Sent (0A18A1ab001234 Message accepted for delivery)\n" + to + "<c@d.example>, mailer=esmtp, dsn=2.0.0, stat=Sent (ok)",
			"delivered c@d.example 0 2.0.0 "},
		{"only talk", "Nov  1 08:09:10 mx sm-mta[2]: 0A1: <c@d.example>... User unknown\n" + from, ""},
		{"of Postfix",
			from + "Nov  1 08:09:10 mx postfix/smtp[2]: 0A1BCD: to=<c@d.example>, relay=none, delay=1, dsn=5.1.1, status=bounced (stat=x)", ""},
	} {
		var got []string
		for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(c.lines + "\n")}) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Format == "sendmail" {
				got = append(got, fmt.Sprint(e.Action, " ", e.Recipient, " ", e.Reply.Code*btoi(e.Action.Trouble()), " ", e.Reply.Enhanced, " ", e.End))
			}
		}
		if strings.Join(got, ";") != c.want {
			t.Errorf("%s: %q, want %q", c.name, strings.Join(got, ";"), c.want)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestSendmailForgets: what is remembered of a log is bounded, and what was forgotten is told.
func TestSendmailForgets(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	for i := range 30000 {
		fmt.Fprintf(&log, "Nov  1 08:09:11 mx sm-mta[2]: 0A18%08d: to=<c@d.example>, mailer=esmtp, dsn=4.0.0, stat=Deferred\n", i)
	}
	in := new(event.Input)
	n := 0
	for _, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(log.String()), Input: in}) {
		if n++; err != nil {
			t.Fatal(err)
		}
	}
	if n != 30000 || len(in.Notes) == 0 || !strings.Contains(in.Notes[0].EN, "forgotten") {
		t.Errorf("%d events, notes %v", n, in.Notes)
	}
}
