package paste

import (
	"fmt"
	"strings"
	"testing"
)

// brief is what the tests compare of a finding.
func brief(f Found) string {
	s := strings.TrimSpace(fmt.Sprint(f.Recipient, " ", f.Reply.Code, " ", f.Reply.Enhanced, " ", f.Context.Event))
	return strings.Join(strings.Fields(s), " ")
}

func TestAll(t *testing.T) {
	t.Parallel()
	const (
		docomo = "Nov 24 10:12:33 mx01 postfix/smtp[1]: A1B2C: to=<taro@docomo.example>, relay=mx.docomo.example[192.0.2.1]:25, dsn=5.1.1, " +
			"status=bounced (host mx.docomo.example[192.0.2.1] said: 550 Unknown user taro@docomo.example (in reply to end of DATA command))\n"
		au = "Nov 24 10:12:34 mx01 postfix/smtp[1]: A1B2D: to=<hana@au.example>, relay=lsean.au.example[192.0.2.2]:25, dsn=4.2.2, " +
			"status=deferred (host lsean.au.example[192.0.2.2] said: 452 4.2.2 mailbox full (in reply to RCPT TO command))\n"
		taken = "Nov 24 10:14:33 mx01 postfix/smtp[1]: A1B2E: to=<jiro@kaisha.example>, relay=mx.kaisha.example[192.0.2.1]:25, dsn=2.0.0, " +
			"status=sent (250 2.0.0 Ok: queued as 1)\n"
		quoted = "Nov 24 10:12:33 mx01 postfix/smtp[1]: A1B2D: host mx2.au.example[192.0.2.3] said: 450 4.7.1 greylisted " +
			"(in reply to RCPT TO command)\n"
	)
	for _, c := range []struct{ name, text, want string }{
		{"one reply", "550 5.1.1 no such user", "550 5.1.1"},
		{"one reply of several lines",
			"550-5.7.26 This mail is unauthenticated,\n550-5.7.26 which is a risk.\n550 5.7.26 See the page", "550 5.7.26"},
		{"log lines", docomo + au, "taro@docomo.example 550 5.1.1|hana@au.example 452 4.2.2 delayed"},
		{"with a delivery", docomo + taken, "taro@docomo.example 550 5.1.1|jiro@kaisha.example 250 2.0.0 delivered"},
		{"a quoted reply", quoted + au + docomo, "hana@au.example 452 4.2.2 delayed|taro@docomo.example 550 5.1.1"},
		{"in a ticket", "お世話になっております。\n昨日から届きません。\n\n> " + docomo + "> " + au +
			"\nよろしくお願いいたします。\n",
			"taro@docomo.example 550 5.1.1|hana@au.example 452 4.2.2 delayed"},
		{"broken lines", strings.ReplaceAll(docomo, " said: ", " said:\n    ") + strings.ReplaceAll(au, ", dsn=", ",\ndsn="),
			"taro@docomo.example 550 5.1.1|hana@au.example 452 4.2.2 delayed"},
		{"a notice of Postfix", "I'm sorry to have to inform you that your message could not be delivered.\n\n" +
			"<taro@d.example>: host mx1.d.example[198.51.100.7] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n\n" +
			"<hanako@o.example>: host mx9.o.example[198.51.100.9] said: 552 5.2.2 Mailbox full (in reply to RCPT TO command)\n",
			"taro@d.example 550 5.1.1|hanako@o.example 552 5.2.2"},
		{"without an empty line",
			"<taro@d.example>: host mx1.d.example[198.51.100.7] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n" +
				"<hanako@d.example>: host mx1.d.example[198.51.100.7] said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n",
			"taro@d.example 550 5.1.1|hanako@d.example 550 5.1.1"},
		{"Exchange",
			"taro@d.example\nRemote Server returned '550 5.1.1 User unknown'\n\nhanako@d.example\nRemote Server returned '552 5.2.2 Full'\n",
			"taro@d.example 550 5.1.1|hanako@d.example 552 5.2.2"},
		{"Exim", "  taro@d.example\n    host mx.d.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<taro@d.example>:\n" +
			"    550 5.1.1 no such user\n  hana@e.example\n    host mx.e.example [192.0.2.2]\n" +
			"    SMTP error from remote mail server after RCPT TO:<hana@e.example>:\n    552 5.2.2 full\n",
			"taro@d.example 550 5.1.1|hana@e.example 552 5.2.2"},
		{"replies of a ticket", "a@d.example さま宛て: 550 5.1.1 User unknown\nb@e.example さま宛て: 552 5.2.2 Mailbox full\n",
			"a@d.example 550 5.1.1|b@e.example 552 5.2.2"},
		{"replies alone", "550 5.1.1 User unknown\n\n552 5.2.2 Mailbox full\n", "550 5.1.1|552 5.2.2"},
		{"replies on lines", "550 5.1.1 User unknown\n452 4.2.2 Mailbox full\n421 4.7.0 Try again later\n", "550 5.1.1|452 4.2.2|421 4.7.0"},
		{"a list", "1. a@d.example: 550 5.1.1 User unknown\n2. b@d.example: 550 5.1.1 User unknown\n",
			"a@d.example 550 5.1.1|b@d.example 550 5.1.1"},
		{"a session",
			"220 mx.d.example ESMTP\nEHLO out.example\n250 mx.d.example\nMAIL FROM:<s@out.example>\n250 2.1.0 Ok\nRCPT TO:<a@d.example>\n" +
				"550 5.1.1 unknown\nRCPT TO:<b@d.example>\n250 2.1.5 Ok\nRCPT TO:<c@d.example>\n452 4.2.2 full\nDATA\n354 go " +
				"on\nSubject: x\n\n550 5.0.0 no\n.\n" +
				"250 2.0.0 queued as 1\nQUIT\n221 Bye\n",
			"a@d.example 550 5.1.1|c@d.example 452 4.2.2|b@d.example 250 2.0.0 delivered"},
		{"a session whose server always says the same",
			"S: 220 mx.d.example\nC: MAIL FROM:<s@out.example>\nS: 250 ok\nC: RCPT TO:<a@d.example>\nS: 250 ok\nC: RCPT TO:<b@d.example>\n" +
				"S: 250 ok\nC: DATA\nS: 354 go\nC: .\nS: 554 refused (5.7.1) as spam\n",
			"a@d.example 554 5.7.1|b@d.example 554 5.7.1"},
		{"many parts of one",
			strings.Repeat("550 5.1.1 unknown\n\n", 200) + "To: a@d.example\n554 5.7.1 spam\n", "550 5.1.1|a@d.example 554 5.7.1"},
		{"a report", "Final-Recipient: rfc822; a@d.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 unknown\n\n" +
			"Final-Recipient: rfc822; b@d.example\nAction: delayed\nStatus: 4.2.2\nDiagnostic-Code: smtp; 452 4.2.2 full\n",
			"a@d.example 550 5.1.1|b@d.example 452 4.2.2 delayed"},
		{"words and details of one", "Your message to a@d.example couldn't be delivered.\n\na wasn't found at d.example.\n\n" +
			"Diagnostic information for administrators:\n\nGenerating server: x.example\n\na@d.example\n" +
			"Remote server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found'\n", "a@d.example 550 5.1.10"},
		{"attempts of one", "Remote server returned '550 5.4.316 Message expired, connection refused'\n\nLast attempt:\n" +
			"450 4.4.316 Connection refused\n", "550 5.4.316 deadline"},
		{"nothing", "we have 550 mails of 20 MB", ""},
	} {
		var got []string
		for _, f := range All(c.text) {
			if f.Tells() {
				got = append(got, brief(f))
			}
		}
		if s := strings.Join(got, "|"); s != c.want {
			t.Errorf("%s: got %s\nwant %s", c.name, s, c.want)
		}
	}
}

func FuzzAll(f *testing.F) {
	f.Add("<a@b.example>: 550 x\n<c@b.example>: 552 y\n")
	f.Add("Final-Recipient: rfc822; a@b\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; c@b\nStatus: 5.1.1\n")
	f.Add("RCPT TO:<a@b>\n550 x\nRCPT TO:<c@d>\n250 ok\nDATA\n354 x\n.\n250 ok\n")
	f.Fuzz(func(t *testing.T, text string) {
		list := All(text)
		if len(list) == 0 || len(list) > maxFound {
			t.Fatal(len(list))
		}
		for _, p := range list {
			checkPasted(t, text, p)
		}
	})
}
