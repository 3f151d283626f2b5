package guide_test

import (
	"fmt"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/diag/guide"
	"todoku/sender/event"
)

// TestReadAll: every mail that did not arrive is a case, whatever form it is told in.
func TestReadAll(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const (
		header = "From: MAILER-DAEMON@mx.own.example\nTo: news@own.example\nSubject: Undelivered Mail Returned to Sender\n" +
			"Date: Wed, 25 Nov 2026 10:40:00 +0900\nMIME-Version: 1.0\n"
		report = header + "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt failed.\n\n--b\n" +
			"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.own.example\n\nFinal-Recipient: rfc822; %s\n" +
			"Action: %s\nStatus: %s\nDiagnostic-Code: smtp; %s\n\nFinal-Recipient: rfc822; b@d.example\nAction: failed\nStatus: 5.2.2\n" +
			"Diagnostic-Code: smtp; 552 5.2.2 mailbox full\n\n--b\nContent-Type: text/rfc822-headers\n\nFrom: News <news@own.example>\n" +
			"To: a@d.example\nReturn-Path: <bounce@own.example>\nDKIM-Signature: v=1; d=own.example; s=k9; b=x\nSubject: 550 5.7.1\n\n--b--\n"
		line = "Nov 24 10:12:33 mx01 postfix/smtp[1]: A1B2C: to=<%s>, relay=mx.d.example[192.0.2.1]:25, dsn=%s, status=%s (host " +
			"mx.d.example[192.0.2.1] said: %s (in reply to RCPT TO command))\n"
	)
	sent := "Nov 24 10:12:40 mx01 postfix/smtp[1]: A1B2C: to=<a@d.example>, relay=mx.d.example[192.0.2.1]:25, " +
		"dsn=2.0.0, status=sent (250 2.0.0 Ok)\n"
	gone := fmt.Sprintf(line, "a@d.example", "5.1.1", "bounced", "550 5.1.1 no such user")
	late := fmt.Sprintf(line, "a@d.example", "4.7.1", "deferred", "451 4.7.1 greylisted")
	full := strings.ReplaceAll(fmt.Sprintf(line, "b@d.example", "5.2.2", "bounced", "552 5.2.2 mailbox full"), "A1B2C", "D1E2F")
	for _, test := range []struct {
		name, text, want string
		failed, arrived  int
	}{
		{"a report of two", fmt.Sprintf(report, "a@d.example", "failed", "5.1.1", "550 5.1.1 no such user"),
			"a@d.example user_unknown news@own.example k9;b@d.example mailbox_full news@own.example k9", 2, 0},
		{"a report of one that arrived", fmt.Sprintf(report, "a@d.example", "delivered", "2.0.0", "250 2.0.0 Ok"),
			"b@d.example mailbox_full news@own.example k9", 1, 1},
		{"two lines", gone + full, "a@d.example user_unknown  ;b@d.example mailbox_full  ", 2, 0},
		{"a delivery behind a failure", full + sent, "b@d.example mailbox_full  ", 1, 1},
		{"taken in the end", late + sent, "a@d.example delivered  ", 0, 1},
		{"refused in the end", late + gone, "a@d.example user_unknown  ", 1, 0},
		{"replies of a ticket", "a@d.example: 550 5.1.1 no such user\nb@d.example: 552 5.2.2 mailbox full\n",
			"a@d.example user_unknown  ;b@d.example mailbox_full  ", 2, 0},
		{"codes of a ticket", "a@d.example 42550\nb@d.example 42554\n", "a@d.example unspecified  ;b@d.example unspecified  ", 2, 0},
	} {
		told := guide.ReadText(c, test.text)
		var got []string
		for _, k := range told.Cases {
			selector := ""
			if len(k.Selectors) > 0 {
				selector = k.Selectors[0]
			}
			got = append(got, fmt.Sprint(k.To, " ", k.Verdict.Reason.ID, " ", k.From, " ", selector))
		}
		if s := strings.Join(got, ";"); s != test.want || told.Failed != test.failed || told.Arrived != test.arrived {
			t.Errorf("%s: %d failed, %d arrived\ngot  %q\nwant %q", test.name, told.Failed, told.Arrived, s, test.want)
		}
	}
}

// TestMailsThatAreNoError: a complaint, an automatic answer and an ordinary mail are told apart from what did not arrive.
func TestMailsThatAreNoError(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const ends = "From: taro@kaisha.example\nTo: Shop <news@own.example>\nDate: Wed, 25 Nov 2026 10:40:00 +0900\n"
	for _, test := range []struct {
		name, text, reason string
		action             event.Action
	}{
		{"complaint", ends + "Content-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nThis is a complaint.\n\n--b\n" +
			"Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: taro@kaisha.example\n\n" +
			"--b\nContent-Type: message/rfc822\n\nFrom: news@own.example\nTo: taro@kaisha.example\n\n550 5.1.1 no\n--b--\n",
			"complaint", event.Complaint},
		{"automatic answer", ends + "Subject: Away\nAuto-Submitted: auto-replied\n\nMy mailbox is full, back on Friday.\n",
			"auto_reply", event.AutoReply},
		{"ordinary mail", ends + "Subject: Re: Hello\n\nThank you for your mail.\n", "unspecified", ""},
	} {
		told := guide.ReadText(c, test.text)
		k := told.Cases[0]
		if k.Verdict.Reason.ID != test.reason || k.Action != test.action || told.Failed != 0 {
			t.Errorf("%s: %s %q, %d failed", test.name, k.Verdict.Reason.ID, k.Action, told.Failed)
		}
	}
}

// TestCameBack: what was accepted first has the code of delayed errors, with the reason of the notice.
func TestCameBack(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	k := guide.Read(c, "550 5.1.1 no such user")
	if k.CameBack(c); k.Verdict.Delivery.ID != codes.DeliveryBounced || k.Verdict.Reason.ID != "user_unknown" {
		t.Errorf("%s %s", k.Verdict.Delivery.ID, k.Verdict.Reason.ID)
	}
}
