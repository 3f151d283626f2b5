package event_test

import (
	"fmt"
	"strings"
	"testing"

	"todoku/sender/event"
)

// readLog reads a text and gives its events.
func readLog(t *testing.T, text string) (list []event.Event, in event.Input) {
	t.Helper()
	for e, err := range event.Read(t.Context(), event.Source{Name: "log", Reader: strings.NewReader(text), Input: &in}) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, e)
	}
	return list, in
}

// brief is an event in a few words.
func brief(e event.Event) string {
	return strings.Join(strings.Fields(fmt.Sprint(e.Source.Line, " ", e.Action, " ", e.Recipient, " ", e.From, " ", e.RemoteMTA, " ",
		e.Reply.Enhanced)), " ")
}

func briefs(list []event.Event) string {
	var lines []string
	for _, e := range list {
		lines = append(lines, brief(e))
	}
	return strings.Join(lines, "\n")
}

func TestPostfix(t *testing.T) {
	t.Parallel()
	const head = "Mar  4 05:06:07 mx9 postfix/"
	for name, test := range map[string]struct{ log, want string }{
		"all that is told of a mail": {
			head + "smtps/smtpd[9]: 9C3F2A01B7: client=web.test[192.0.2.8], sasl_method=LOGIN, sasl_username=shop\n" +
				head + "cleanup[9]: 9C3F2A01B7: message-id=<m1@shop.test>\n" +
				head + "qmgr[9]: 9C3F2A01B7: from=<news@shop.test>, size=812, nrcpt=2 (queue active)\n" +
				head +
				"smtp[9]: 9C3F2A01B7: to=<a@x.test>, orig_to=<b>, relay=mx.x.test[2001:db8::5]:25, conn_use=3, delay=1, " +
				"delays=0/0/1/0, dsn=2.1.5, status=sent (250 2.1.5 Ok)\n" +
				head +
				"lmtp[9]: 9C3F2A01B7: to=<c@y.test>, relay=y.test[private/lmtp], delay=1, dsn=5.2.2, status=bounced (host " +
				"y.test[private/lmtp] said: 552 5.2.2 <c@y.test> Quota exceeded (in reply to RCPT TO command))\n" +
				head + "qmgr[9]: 9C3F2A01B7: removed\n",
			"4 delivered a@x.test news@shop.test mx.x.test 2.1.5\n5 failed c@y.test news@shop.test y.test 5.2.2"},
		"an id that is used again belongs to another mail": {
			head + "qmgr[9]: 9C3F2A01B7: from=<old@shop.test>, size=812, nrcpt=1 (queue active)\n" +
				head + "qmgr[9]: 9C3F2A01B7: removed\n" +
				head + "virtual[9]: 9C3F2A01B7: to=<a@x.test>, relay=virtual, delay=1, dsn=2.0.0, status=sent (delivered to maildir)\n",
			"3 delivered a@x.test 2.0.0"},
		"with soft_bounce a refusal is tried again": {
			head + "smtp[9]: 9C3F2A01B7: to=<a@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=1, dsn=5.1.1, status=SOFTBOUNCE (host " +
				"mx.x.test[192.0.2.1] said: 550 5.1.1 <a@x.test>: User unknown (in reply to RCPT TO command))\n",
			"1 delayed a@x.test mx.x.test 5.1.1"},
		"a queue that runs out of time names no recipient": {
			head + "qmgr[9]: 4Zk3xQ1z7yzGbc: from=<n@s.test>, size=1, nrcpt=3 (queue active)\n" +
				head +
				"smtp[9]: 4Zk3xQ1z7yzGbc: to=<a@x.test>, relay=none, delay=9, dsn=4.4.1, status=deferred (connect to " +
				"mx.x.test[192.0.2.1]:25: Connection timed out)\n" +
				head +
				"error[9]: 4Zk3xQ1z7yzGbc: to=<b@x.test>, relay=none, delay=9, dsn=4.4.1, status=deferred (delivery temporarily " +
				"suspended: connect to mx.x.test[192.0.2.1]:25: Connection refused)\n" +
				head + "smtp[9]: 4Zk3xQ1z7yzGbc: to=<a@x.test>, relay=mx2.x.test[192.0.2.2]:25, delay=90, dsn=2.0.0, status=sent (250 ok)\n" +
				head + "qmgr[9]: 4Zk3xQ1z7yzGbc: from=<n@s.test>, status=expired, returned to sender\n" +
				head + "bounce[9]: 4Zk3xQ1z7yzGbc: sender non-delivery notification: 4Zk4aa1z7yzGbd\n",
			"2 delayed a@x.test n@s.test 4.4.1\n3 delayed b@x.test n@s.test 4.4.1\n4 delivered a@x.test n@s.test mx2.x.test 2.0.0\n" +
				"5 expired b@x.test n@s.test 4.4.1"},
		"a log that begins in the middle": {
			head +
				"smtp[9]: AB12CD34EF5: to=<a@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=4.7.1, status=deferred (host " +
				"mx.x.test[192.0.2.1] said: 450 4.7.1 come back later)\n" +
				head + "qmgr[9]: 77AA88BB99: from=<n@s.test>, status=force-expired, returned to sender\n",
			"1 delayed a@x.test mx.x.test 4.7.1\n2 expired n@s.test"},
		"lines that only look like an outcome": {
			head + "smtp[9]: AB12CD34EF5: to=<a@x.test>, relay=local, delay=9, dsn=2.0.0, status=sent (delivered to mailbox)\n" +
				head + "cleanup[9]: AB12CD34EF5: info: header Subject: to=<q@x.test>, relay=none, dsn=5.0.0, status=bounced (no) from local\n" +
				head + "smtpd[9]: NOQUEUE: reject: RCPT from h[192.0.2.7]: 554 5.7.1 <b@x.test>: Relay access denied; from=<a@b> to=<b@x.test>\n" +
				head + "smtp[9]: AB12CD34EF5: host mx.x.test[192.0.2.1] said: 451 4.3.0 try later (in reply to RCPT TO command)\n",
			"1 delivered a@x.test 2.0.0"},
		"our own notice has no sender": {
			head + "qmgr[9]: AB12CD34EF5: from=<>, size=1, nrcpt=1 (queue active)\n" +
				head + "local[9]: AB12CD34EF5: to=<me@s.test>, relay=local, delay=9, dsn=2.0.0, status=sent (delivered to mailbox)\n",
			"2 delivered me@s.test 2.0.0"},
		"whether an address exists is no delivery": {
			head + "smtp[9]: AB12CD34EF5: to=<a@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=2.1.5, status=deliverable (250 2.1.5 Ok)\n" +
				head +
				"smtp[9]: AB12CD34EF6: to=<b@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=5.1.1, status=undeliverable " +
				"(host mx.x.test[192.0.2.1] said: 550 5.1.1 no)\n",
			"1 other a@x.test mx.x.test 2.1.5\n2 other b@x.test mx.x.test 5.1.1"},
		"a local part in quotation marks": {
			head + "smtp[9]: AB12CD34EF5: to=<\"a>, b\"@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=2.0.0, status=sent (250 ok)\n",
			"1 delivered \"a>, b\"@x.test mx.x.test 2.0.0"},
	} {
		list, in := readLog(t, test.log)
		if got := briefs(list); got != test.want || in.Format != "postfix" || in.Unread != 0 {
			t.Errorf("%s: format %q, %d unread\n got %s\nwant %s", name, in.Format, in.Unread, got, test.want)
		}
	}
}

func TestPostfixHeads(t *testing.T) {
	t.Parallel()
	const tail = "7F3A5B91C2: to=<a@x.test>, relay=mx.x.test[192.0.2.1]:25, delay=9, dsn=2.0.0, status=sent (250 ok)"
	for head, want := range map[string]string{
		"Mar 14 05:06:07 mx9 postfix/smtp[9]: ":                                  "mx9 03-14T05:06:07 2",
		"Mar 04 05:06:07.25 mx9 postfix/smtp[9]: ":                               "mx9 03-04T05:06:07.25 2",
		"Mar  4 05:06:07 postfix/smtp[9]: ":                                      " 03-04T05:06:07 2",
		"<22>Mar  4 05:06:07 mx9 postfix-out/smtp[9]: ":                          "mx9 03-04T05:06:07 2",
		"Mar  4 05:06:07 mx9 mail.info postfix/relay/smtp[9]: ":                  "mx9 03-04T05:06:07 2",
		"Mar  4 05:06:07 <mail.info> mx9 postfix/smtp[9]: ":                      "mx9 03-04T05:06:07 2",
		"Mar  4 2031 05:06:07 mx9 postfix/smtp[9]: ":                             "mx9 2031-03-04T05:06:07 1",
		"2031-03-04T05:06:07.25+05:30 mx9 campaign/smtp[9]: ":                    "mx9 2031-03-03T23:36:07.25 0",
		"2031-03-04T05:06:07Z mx9 postfix/smtp[9]: ":                             "mx9 2031-03-04T05:06:07 0",
		"<22>1 2031-03-04T05:06:07.003-08:00 mx9 postfix/smtp 9 - - ":            "mx9 2031-03-04T13:06:07.003 0",
		"<22>1 2031-03-04T05:06:07Z mx9 postfix/smtp 9 - [a b=\"]\\\"\"] \ufeff": "mx9 2031-03-04T05:06:07 0",
		"2031-03-04 05:06:07 mx9 postfix/smtp[9]: ":                              "mx9 2031-03-04T05:06:07 1",
		"Mar  4 05:06:07 mx9 postfix/smtp[9]: [ID 197553 mail.info] ":            "mx9 03-04T05:06:07 2",
	} {
		list, _ := readLog(t, head+tail+"\r\n")
		if len(list) != 1 || list[0].Recipient != "a@x.test" {
			t.Errorf("%q: %s", head, briefs(list))
			continue
		}
		e := list[0]
		layout := "2006-01-02T15:04:05.999"
		if e.Clock == event.NoYear {
			layout = layout[len("2006-"):]
		}
		if got := fmt.Sprint(e.ReportingMTA, " ", e.Time.UTC().Format(layout), " ", e.Clock); got != want {
			t.Errorf("%q: %s, want %s", head, got, want)
		}
	}
}

func TestPostfixJoins(t *testing.T) {
	t.Parallel()
	const head = "2031-03-04T05:06:07Z mx9 postfix/"
	list, _ := readLog(t, head+"smtpd[9]: 9C3F2A01B7: client=web.test[192.0.2.8], sasl_method=LOGIN, sasl_username=shop\n"+
		head+"cleanup[9]: 9C3F2A01B7: message-id=<m1@shop.test>\n"+
		head+"qmgr[9]: 9C3F2A01B7: from=<news@shop.test>, size=812, nrcpt=2 (queue active)\n"+
		head+"smtp[9]: 9C3F2A01B7: to=<a@x.test>, relay=mx.x.test[192.0.2.4]:25, delay=1, dsn=2.1.5, status=sent (250 2.1.5 Ok)\n")
	e := list[0]
	if e.MessageID != "m1@shop.test" || e.Size != 812 || e.Client != "web.test[192.0.2.8]" || e.Login != "shop" ||
		e.RemoteIP.String() != "192.0.2.4" || e.QueueID != "9C3F2A01B7" || e.Reply.Code != 250 || e.ReportingMTA != "mx9" {
		t.Errorf("%+v", e)
	}
}
