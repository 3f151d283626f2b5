package event_test

import (
	"testing"

	"todoku/sender/event"
)

func TestExim(t *testing.T) {
	t.Parallel()
	const day, old, long = "2031-03-04 05:06:07 ", "1tRx2A-0004Bq-2Z ", "1tRx2A-000000004Bq-2Zab "
	for name, test := range map[string]struct{ log, want string }{
		"old ids": {
			day + old + "<= n@s.test H=web.test (me) [192.0.2.8] P=esmtpsa A=login:shop S=812 id=m1@s.test T=\"Hi => there\" for a@x.test\n" +
				day + old +
				"=> a@x.test R=dnslookup T=remote_smtp H=mx.x.test [192.0.2.1]:25 X=TLS1.3 CV=yes DN=\"/C=US/O=a b\" C=\"250 2.0.0 ok\" QT=3s\n" +
				day + old + "-> b@x.test R=dnslookup T=remote_smtp H=mx.x.test [2001:db8::1] C=\"250 2.0.0 ok\"\n" +
				day + old + "Completed\n",
			"2 delivered a@x.test n@s.test mx.x.test\n3 delivered b@x.test n@s.test mx.x.test"},
		"new ids, parts of a second, a zone, the process": {
			"2031-03-04 05:06:07.123 +0900 [77] " + long +
				"== a@x.test R=dnslookup T=remote_smtp defer (-44) H=mx.x.test [192.0.2.1]: SMTP error from remote mail server " +
				"after RCPT TO:<a@x.test>: 451 4.7.1 later\n",
			"1 delayed a@x.test mx.x.test"},
		"refused, given up, unrouteable": {
			day + old +
				"** a@x.test R=dnslookup T=remote_smtp H=mx.x.test [192.0.2.1] X=TLS1.2 CV=no DN=\"CN: x\": SMTP error from " +
				"remote mail server after end of data: 550-5.7.1 no\\n550 5.7.1 really\n" +
				day + old + "** b@x.test R=dnslookup T=remote_smtp: retry timeout exceeded\n" +
				day + old + "** c@x.test <d@y.test> F=<n@s.test>: Unrouteable address\n" +
				day + old + "** e@x.test: all hosts for 'x.test' have been failing for a long time (and retry time not reached)\n",
			"1 failed a@x.test mx.x.test\n2 expired b@x.test\n3 failed c@x.test n@s.test\n4 expired e@x.test"},
		"local deliveries, files, commands, nowhere": {
			day + old + "=> ann <ann@s.test> R=local_user T=maildir_home\n" +
				day + old + "=> /var/mail/bob (b@s.test) <bob@s.test> R=u T=address_file\n" +
				day + old + "=> |/bin/x -a b <cat@s.test> R=u T=address_pipe\n" +
				day + old + "=> :blackhole: <dan@s.test> R=system_aliases\n" +
				day + old + "*> e@x.test R=dnslookup T=remote_smtp H=mx.x.test [192.0.2.1]\n",
			"1 delivered ann@s.test\n2 delivered bob@s.test\n3 delivered cat@s.test\n4 delivered dan@s.test\n5 other e@x.test mx.x.test"},
		"what is no outcome": {
			day + old + "H=mx.x.test [192.0.2.1]: SMTP error from remote mail server after RCPT TO:<a@x.test>: 451 later\n" +
				day + "H=(x) [192.0.2.9] F=<s@t.test> rejected RCPT <a@x.test>: relay not permitted\n" +
				day + old + "Message is frozen\n" +
				day + "Start queue run: pid=77\n" +
				day + old + "=> a@x.test R=r T=t H=mx.x.test [192.0.2.1]\n",
			"5 delivered a@x.test mx.x.test"},
		"behind the head of syslog": {
			"Mar  4 05:06:07 mx9 exim[77]: " + day + old + "=> a@x.test R=r T=t H=mx.x.test [192.0.2.1]\n" +
				"2031-03-04T05:06:07+09:00 mx9 exim4[77]: " + long +
				"** b@x.test R=r T=t H=mx.x.test [192.0.2.1]: SMTP error from remote mail server after initial connection: 554 no\n",
			"1 delivered a@x.test mx.x.test\n2 failed b@x.test mx.x.test"},
	} {
		list, in := readLog(t, test.log)
		if got := briefs(list); got != test.want || in.Format != "exim" || in.Unread != 0 {
			t.Errorf("%s: format %q, %d unread\n got %s\nwant %s", name, in.Format, in.Unread, got, test.want)
		}
	}
}

// TestEximTries has outcomes that name no host: the host is in the line before, unless hosts of several domains were tried.
func TestEximTries(t *testing.T) {
	t.Parallel()
	const head = "2031-03-04 05:06:07 1tRx2A-0004Bq-2Z "
	const put = "R=dnslookup T=remote_smtp defer (111): "
	list, _ := readLog(t, head+"H=alt1.mx.x.test [192.0.2.1]:25 Connection refused\n"+
		head+"H=mx.x.test [192.0.2.2] Connection refused\n"+
		head+"== a@one.test "+put+"Connection refused\n"+
		head+"== b@one.test "+put+"Connection refused\n"+
		head+"== c@one.test "+put+"retry time not reached for any host\n"+
		head+"mx.y.test [192.0.2.3] Connection timed out\n"+
		head+"== d@two.test "+put+"Connection timed out\n"+
		head+"H=mx.x.test [192.0.2.2] Connection refused\n"+
		head+"H=mx.y.test [192.0.2.3] Connection refused\n"+
		head+"== e@three.test "+put+"Connection refused\n")
	want := "3 delayed a@one.test mx.x.test\n4 delayed b@one.test mx.x.test\n5 delayed c@one.test\n7 delayed d@two.test mx.y.test\n" +
		"10 delayed e@three.test"
	if got := briefs(list); got != want || list[0].RemoteIP.String() != "192.0.2.2" {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestEximJoins(t *testing.T) {
	t.Parallel()
	const head = "2031-03-04 05:06:07 1tRx2A-0004Bq-2Z "
	list, _ := readLog(t,
		head+"<= n@s.test H=web.test (me) [192.0.2.8] P=esmtpsa A=login:shop S=812 id=m1@s.test T=\"Hi \\\"you\\\"\" for a@x.test\n"+
			head+"=> A@X.test <b@y.test> R=dnslookup T=remote_smtp H=mx.x.test [192.0.2.1] I=[198.51.100.3]:4567 C=\"250 2.0.0 \\\"m\\\" ok\"\n")
	e := list[0]
	if e.MessageID != "m1@s.test" || e.Size != 812 || e.Client != "web.test[192.0.2.8]" || e.Login != "shop" || e.Subject != `Hi \"you\"` ||
		e.OriginalRecipient != "b@y.test" || e.SendingIP.String() != "198.51.100.3" || e.Diagnostic != `250 2.0.0 \"m\" ok` ||
		e.Reply.Code != 250 || e.Clock != event.NoZone {
		t.Errorf("%+v", e)
	}
}
