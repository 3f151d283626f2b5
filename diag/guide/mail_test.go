package guide_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/diag/guide"
	"todoku/diag/lab"
	"todoku/sender/event"
)

// bounceOf is a notice that brings back a mail in a part of a type.
func bounceOf(kind, reply, eml string) string {
	return strings.ReplaceAll("From: Mail Delivery System <MAILER-DAEMON@mx.takes.test>\nTo: <news@healthy.test>\n"+
		"Date: Tue, 24 Nov 2026 10:00:00 +0900\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-replied\n"+
		"MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"q\"\n\n--q\n"+
		"Content-Type: text/plain\n\nYour message could not be delivered.\n\n--q\nContent-Type: message/delivery-status\n\n"+
		"Reporting-MTA: dns; mx.takes.test\n\nFinal-Recipient: rfc822; user@takes.test\nAction: failed\nStatus: 5.7.1\n"+
		"Diagnostic-Code: smtp; "+reply+"\n\n--q\nContent-Type: "+kind+"\n\n", "\n", "\r\n") + eml + "\r\n--q--\r\n"
}

func headerOf(eml string) string {
	head, _, _ := strings.Cut(eml, "\r\n\r\n")
	return head + "\r\n"
}

const noDKIM = "550 5.7.20 no passing DKIM signature"

// TestReturnedMails: the mail that a bounce brings back is verified. What its way back may have done to it is no proof.
func TestReturnedMails(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	text := "\r\n" + strings.Repeat("The autumn programme is out, and it is free of charge.\r\n", 8)
	healthy := letter(t, "healthy.test", text)
	const whole, header = "message/rfc822", "text/rfc822-headers"
	for _, test := range []struct {
		name, kind, eml string
		status          guide.Status
		says            string
	}{
		{"intact", whole, healthy, guide.Excluded, "holds"},
		{"a footer was added", whole, healthy + "-- \r\nmembers mailing list\r\n", guide.Confirmed, "a footer was added"},
		{"the end is missing", whole, healthy[:len(healthy)-100], guide.Open, "may have been cut or converted"},
		{"the subject was changed", whole, strings.Replace(healthy, "Subject: x", "Subject: [EXTERNAL] x", 1), guide.Confirmed,
			"does not fit the header of the mail"},
		{"header only", header, headerOf(healthy), guide.Open, "holds for the header"},
		{"an empty body", whole, headerOf(healthy) + "\r\n", guide.Open, "holds for the header"},
		{"header only, changed", header, strings.Replace(headerOf(healthy), "Subject: x", "Subject: y", 1), guide.Open,
			"may have been cut or converted"},
		{"header only, cut in the signature", header, cutAt(healthy, " bh="), guide.Open, "may have been cut or converted"},
		{"the key is revoked", whole, letter(t, "dkim-revoked.test", text), guide.Confirmed, "revoked"},
		{"the key is revoked, header only", header, headerOf(letter(t, "dkim-revoked.test", text)), guide.Confirmed, "revoked"},
		{"nobody tells the key", whole, letter(t, "lame.test", text), guide.Open, "could not look"},
		{"not signed", whole, "From: news@healthy.test\r\nTo: user@takes.test\r\nSubject: x\r\n" + text, guide.Open, "was not seen"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			told := guide.ReadText(c, bounceOf(test.kind, noDKIM, test.eml))
			k := told.Cases[0]
			if k.Message == nil || !k.Message.Returned {
				t.Fatal("the mail was not found")
			}
			k.Settle()
			o := outcomeOf(t, guide.Run(t.Context(), world(t, c), k), "dkim-broken")
			if o.Status != test.status || !strings.Contains(proofs(o), test.says) {
				t.Errorf("%s, want %s because %q: %s", o.Status, test.status, test.says, proofs(o))
			}
		})
	}
}

// cutAt is a mail up to a text.
func cutAt(eml, text string) string {
	before, _, _ := strings.Cut(eml, text)
	return before + "\r\n"
}

// signed is a mail with a signature of its sender.
func signed(t *testing.T, eml string) string {
	t.Helper()
	out, err := lab.SignMail(eml, "healthy.test", "s1")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// proofs are what an outcome rests on.
func proofs(o guide.Outcome) string {
	var out []string
	for _, p := range o.Proofs {
		said := codes.Say(p.Says, p.Data...)
		out = append(out, said.In(codes.English))
	}
	return strings.Join(out, "; ")
}

// TestReturnedNothing: a notice may have a place for the mail, and nothing in it.
func TestReturnedNothing(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for _, kind := range []string{"message/rfc822", "text/rfc822-headers", "message/rfc822\r\nContent-Transfer-Encoding: base64",
		"text/rfc822-headers\r\nContent-Transfer-Encoding: quoted-printable"} {
		text := bounceOf(kind, noDKIM, "")
		for _, input := range []string{text, "From x Tue Nov 24 10:00:00 2026\n" + text + "\nFrom x Tue Nov 24 10:00:00 2026\n" + text} {
			if k := guide.ReadText(c, input).Cases[0]; k.Message != nil || k.To != "user@takes.test" {
				t.Errorf("%s: %+v", kind, k)
			}
		}
	}
}

func FuzzReturned(f *testing.F) {
	c := catalogue(f)
	dns := closed(f, kaisha)
	f.Add("550 5.7.1 spam", letter(f, "kaisha.example", "\r\nHello {{name}}\r\n"), true)
	f.Add(noDKIM, "From: a@kaisha.example\nDKIM-Signature: v=1; d=kaisha.example; s=s1; l=9; h=from; bh=YQ==; b=YQ==\n\nx", false)
	f.Fuzz(func(t *testing.T, reply, eml string, whole bool) {
		r := event.ReturnedMail{Data: []byte(eml)}
		if whole {
			r.Part = event.WholeMail
		}
		k := guide.Read(c, reply)
		k.From = "news@kaisha.example"
		k.TakeReturned(r.Clone(1 << 16))
		k.Settle()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		d := guide.Run(ctx, guide.Env{Env: diag.Env{DNS: dns, Now: time.Now}, Codes: c}, k)
		if m := k.Message; m != nil && m.HeaderOnly && m.Test != "" {
			t.Errorf("a body in a header: %s", m.Test)
		}
		if len(d.Outcomes) != len(guide.Causes()) {
			t.Errorf("%d outcomes", len(d.Outcomes))
		}
	})
}

// TestGivenMails: of the mail as it was sent every fault counts, and one of several signatures is enough.
func TestGivenMails(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	eml := letter(t, "healthy.test", "\r\nhello\r\n")
	esp := "DKIM-Signature: v=1; a=rsa-sha256; d=esp.test; s=s1; h=from; bh=AAAA; b=AAAA\r\n"
	for name, test := range map[string]struct {
		eml    string
		status guide.Status
	}{
		"as signed":           {eml, guide.Excluded},
		"another body":        {eml + "more\r\n", guide.Confirmed},
		"another subject":     {strings.Replace(eml, "Subject: x", "Subject: y", 1), guide.Confirmed},
		"beside a broken one": {esp + eml, guide.Excluded},
		"of another domain, broken": {strings.Replace(letter(t, "esp.test", "\r\nhello\r\n"), "news@esp.test", "news@healthy.test", 1),
			guide.Confirmed},
	} {
		k := usual(c, noDKIM)
		k.Take(message(t, test.eml))
		k.Settle()
		o := outcomeOf(t, guide.Run(t.Context(), world(t, c), k), "dkim-broken")
		if o.Status != test.status {
			t.Errorf("%s: %s, want %s: %s", name, o.Status, test.status, proofs(o))
		}
	}
}

// TestMailsThereAndBack: the mail as it was sent shows what the copy that came back has more.
func TestMailsThereAndBack(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	text := "\r\n" + strings.Repeat("The autumn programme is out.\r\n", 4)
	sent := letter(t, "healthy.test", text)
	unsigned := "From: News <news@healthy.test>\r\nTo: user@takes.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + text
	footer := "-- \r\nmembers mailing list\r\n"
	for name, test := range map[string]struct {
		sent, came string
		broken     guide.Status
	}{
		"the same":                 {sent, sent, guide.Excluded},
		"a footer":                 {sent, sent + footer, guide.Confirmed},
		"cut on its way back":      {sent, sent[:len(sent)-30], guide.Excluded},
		"kept before signing":      {unsigned, sent, guide.Excluded},
		"kept before, footer then": {unsigned, sent + footer, guide.Confirmed},
	} {
		k := guide.ReadText(c, bounceOf("message/rfc822", noDKIM, test.came)).Cases[0]
		k.Take(message(t, test.sent))
		k.Settle()
		d := guide.Run(t.Context(), world(t, c), k)
		if o := outcomeOf(t, d, "dkim-broken"); o.Status != test.broken {
			t.Errorf("%s: %s, want %s: %s", name, o.Status, test.broken, proofs(o))
		}
		if o := outcomeOf(t, d, "dkim-none"); o.Status != guide.Excluded {
			t.Errorf("%s: dkim-none: %s: %s", name, o.Status, proofs(o))
		}
	}
}

// TestContentOfMails: what the error complains of is confirmed where the mail has it; where it has not, and where the mail was not
// seen, it is open.
func TestContentOfMails(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	const healthy = "From: News <news@healthy.test>\r\nTo: user@takes.test\r\nSubject: Autumn\r\nDate: Tue, 24 Nov 2026 09:00:00 +0900\r\n" +
		"Message-ID: <1@healthy.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
		"List-Unsubscribe: <https://healthy.test/u>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n" +
		"Hello Hanako,\r\nread https://healthy.test/autumn\r\nUnsubscribe: https://healthy.test/u\r\n"
	program := strings.Replace(healthy, "text/plain; charset=utf-8", "application/octet-stream; name=\"offer.exe\"", 1)
	change := func(old, text string) string { return strings.Replace(healthy, old, text, 1) }
	for _, test := range []struct {
		reply, eml string
		rule       string
		step       string
	}{
		{"550 5.7.1 message rejected as spam", change("Hanako", "{{first_name}}"), "content-placeholder", "change_content"},
		{"552 5.7.0 This message was blocked because its content presents a potential security issue", program, "content-file-refused",
			"change_content"},
		{"554 5.7.1 attachment type not allowed", program, "content-file-refused", "change_content"},
		{"554 5.7.1 Message holds a blacklisted URL", change("https://healthy.test/autumn", "https://bit.ly/3xYz"), "content-link-short",
			"change_content"},
		{"550 5.7.1 mail without one-click unsubscribe is not accepted", change("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n", ""),
			"content-unsubscribe-click", "change_content"},
		{"550 5.7.1 Messages with multiple addresses in From: header are not accepted. - gsmtp",
			change("To: user", "From: boss@healthy.test\r\nTo: user"), "headers-from-multiple", "fix_message_format"},
		{"550 5.7.1 Messages missing a valid Message-ID header are not accepted. - gsmtp",
			change("Message-ID: <1@healthy.test>\r\n", ""), "headers-message-id-missing", "fix_message_format"},
		{"554 5.6.0 Lines are longer than 998 octets", healthy + strings.Repeat("long ", 300) + "\r\n", "headers-line-long",
			"fix_message_format"},
	} {
		run := func(m *guide.Message) (*guide.Diagnosis, guide.Outcome) {
			k := usual(c, test.reply)
			if m != nil {
				k.Take(m)
			}
			k.Settle()
			d := guide.Run(t.Context(), world(t, c), k)
			return d, outcomeOf(t, d, "content")
		}
		d, o := run(message(t, signed(t, test.eml)))
		if o.Status != guide.Confirmed || len(o.Findings) == 0 || o.Findings[0].Rule.ID != test.rule || len(d.Steps) == 0 ||
			d.Steps[0].Remedy.ID != test.step {
			t.Errorf("%s: there: %s: %s, steps %v", test.reply, o.Status, proofs(o), d.Steps)
		}
		for name, m := range map[string]*guide.Message{"healthy": message(t, signed(t, healthy)), "unseen": nil} {
			if _, o := run(m); o.Status != guide.Open || len(o.Proofs) == 0 {
				t.Errorf("%s: %s: %s: %s", test.reply, name, o.Status, proofs(o))
			}
		}
	}
}

// TestContentOfHeaders: of a header alone nothing is said of what only the body shows.
func TestContentOfHeaders(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	head := "From: News <news@healthy.test>\r\nTo: user@takes.test\r\nSubject: Hello {{first_name}}\r\n"
	for reply, want := range map[string]guide.Status{
		"550 5.7.1 message rejected as spam":                                             guide.Confirmed, // the subject has it
		"554 5.7.1 attachment type not allowed":                                          guide.Open,
		"550 5.7.1 Messages missing a valid Message-ID header are not accepted. - gsmtp": guide.Confirmed,
	} {
		k := usual(c, reply)
		k.TakeReturned(event.ReturnedMail{Data: []byte(head)})
		if k.Message == nil || !k.Message.HeaderOnly {
			t.Fatal("not taken as a header")
		}
		k.Settle()
		if o := outcomeOf(t, guide.Run(t.Context(), world(t, c), k), "content"); o.Status != want {
			t.Errorf("%s: %s, want %s: %s", reply, o.Status, want, proofs(o))
		}
	}
}
