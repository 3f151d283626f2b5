package triage_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/diag/resolve"
	"todoku/diag/triage"
	"todoku/sender/event"
)

// noticeOf is a notice that brings back a mail.
func noticeOf(to, reply, eml string) string {
	return strings.ReplaceAll("From: Mail Delivery System <MAILER-DAEMON@mx.takes.test>\nTo: <news@healthy.test>\n"+
		"Date: Tue, 24 Nov 2026 10:00:00 +0900\nSubject: Undelivered Mail\nMIME-Version: 1.0\n"+
		"Content-Type: multipart/report; report-type=delivery-status; boundary=\"q\"\n\n--q\n"+
		"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.takes.test\n\nFinal-Recipient: rfc822; "+to+
		"\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp; "+reply+"\n\n--q\nContent-Type: message/rfc822\n\n", "\n", "\r\n") +
		eml + "\r\n--q--\r\n"
}

// tallied are the groups of some notices.
func tallied(t *testing.T, notices ...string) *triage.Triage {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	judge, tally := event.NewJudge(c, func(string) string { return "" }), triage.New(triage.Options{})
	for _, n := range notices {
		err := event.Each(t.Context(), event.Source{Reader: strings.NewReader(n)}, func(e *event.Event) error {
			judge.Judge(e)
			tally.Add(e)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return tally.Result()
}

// TestMailsOfGroups: a group that a mail may explain is diagnosed with one that came back.
func TestMailsOfGroups(t *testing.T) {
	t.Parallel()
	const reply = "550 5.7.20 no passing DKIM signature"
	eml, err := lab.SignMail("From: News <news@healthy.test>\r\nTo: user@takes.test\r\nSubject: x\r\n\r\n"+
		strings.Repeat("The autumn programme is out.\r\n", 6), "healthy.test", "s1")
	if err != nil {
		t.Fatal(err)
	}
	w, err := lab.DefaultWorld()
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.Start(t.Context(), w, lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	dns, err := resolve.New(resolve.Options{Servers: []string{l.DNSAddr()}, Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(dns.Close)
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		eml  string
		want guide.Status
	}{
		"intact": {eml, guide.Excluded}, "with a footer": {eml + "-- \r\nmembers mailing list\r\n", guide.Confirmed},
		"not signed": {"From: news@healthy.test\r\n\r\nhello\r\n", guide.Open},
	} {
		r := tallied(t, noticeOf("user@takes.test", reply, test.eml), noticeOf("other@takes.test", reply, test.eml))
		if len(r.Groups) != 1 || r.Groups[0].Count != 2 {
			t.Fatalf("%s: %d groups", name, len(r.Groups))
		}
		r.Diagnose(t.Context(), guide.Env{Env: diag.Env{DNS: dns, Now: time.Now}, Codes: c}, 1, nil)
		for _, o := range r.Groups[0].Diagnosis.Outcomes {
			if o.Cause.ID == "dkim-broken" && o.Status != test.want {
				t.Errorf("%s: %s, want %s", name, o.Status, test.want)
			}
		}
	}
}

// TestKeptMails: of the mails of many groups no more is kept than there is room for.
func TestKeptMails(t *testing.T) {
	t.Parallel()
	large := "From: news@healthy.test\r\nSubject: x\r\n\r\n" + strings.Repeat("The autumn programme is out.\r\n", 40<<10)
	r := tallied(t, noticeOf("user@takes.test", "550 5.7.1 message rejected as spam", large))
	got := r.Groups[0].Telling.Returned
	if got.Part != event.HeaderPart || !bytes.HasPrefix(got.Data, []byte("From: ")) || len(got.Data) > 100 {
		t.Errorf("of a large mail: %d octets", len(got.Data))
	}
	r = tallied(t, noticeOf("user@takes.test", "550 5.1.1 no such user", "From: news@healthy.test\r\n\r\nhello\r\n"))
	if got := r.Groups[0].Telling.Returned.Data; got != nil {
		t.Errorf("of an unknown user: %d octets", len(got))
	}
	half := "From: news@healthy.test\r\nSubject: x\r\n\r\n" + strings.Repeat("The autumn programme is out.\r\n", 30<<10)
	tally, kept := triage.New(triage.Options{By: triage.ByDomain}), 0
	for i := range 100 {
		v := codes.Verdict{Reason: codes.Reason{ID: "spam", Class: codes.ClassSpamContent}}
		tally.Add(&event.Event{Action: event.Failed, Recipient: fmt.Sprintf("user@d%d.test", i), Verdict: &v,
			Returned: event.ReturnedMail{Data: []byte(half), Part: event.WholeMail}})
	}
	for _, g := range tally.Result().Groups {
		kept += len(g.Telling.Returned.Data)
	}
	if kept > 65<<20 || kept < 60<<20 {
		t.Errorf("%d MiB are kept", kept>>20)
	}
}
