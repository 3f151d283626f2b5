package paste_test

import (
	"testing"

	"todoku/codes/paste"
)

// TestCountRecipients: the recipients with an error are counted, each once; a mail that was taken is none.
func TestCountRecipients(t *testing.T) {
	t.Parallel()
	const (
		gone = "Nov 24 10:12:33 mx01 postfix/smtp[1]: A1: to=<taro@kaisha.test>, relay=mx.kaisha.test[192.0.2.1]:25, dsn=5.1.1, " +
			"status=bounced (host mx.kaisha.test[192.0.2.1] said: 550 5.1.1 no such user (in reply to RCPT TO command))\n"
		late = "2026-11-24T10:13:33 mx01 postfix/smtp[1]: A2: to=<hana@kaisha.test>, relay=mx.kaisha.test[192.0.2.1]:25, dsn=4.2.2, " +
			"status=deferred (host mx.kaisha.test[192.0.2.1] said: 452 4.2.2 mailbox full (in reply to RCPT TO command))\n"
		taken = "Nov 24 10:14:33 mx01 postfix/smtp[1]: A3: to=<jiro@kaisha.test>, relay=mx.kaisha.test[192.0.2.1]:25, dsn=2.0.0, " +
			"status=sent (250 2.0.0 Ok: queued as 1)\n"
		exim = "2026-11-24 10:15:33 1abc-0001-AA ** saburo@kaisha.test R=dnslookup T=remote_smtp H=mx.kaisha.test [192.0.2.1]: " +
			"SMTP error from remote mail server after RCPT TO:<saburo@kaisha.test>: 550 no such user\n"
	)
	for text, want := range map[string]int{
		gone: 1, gone + gone: 1, gone + late: 2, late + taken: 1, gone + late + exim: 3, taken: 0,
		"550 5.1.1 no such user": 0, "": 0,
		"550 5.1.1 <a@kaisha.test> no such user\n550 5.1.1 <b@kaisha.test> no such user\n": 0, // no log
	} {
		if got := paste.CountRecipients(text); got != want {
			t.Errorf("%d, want %d of\n%s", got, want, text)
		}
	}
}
