package event_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/sender/event"
)

// headOf is the header of a mail that a program or a person sent.
func headOf(from, subject string, more ...string) string {
	return "From: " + from + "\nTo: me@shop.example\nSubject: " + subject + "\nDate: Tue, 24 Nov 2026 10:00:00 +0900\n" +
		strings.Join(append(more, ""), "\n") + "\n"
}

// tells is what an input tells: the action, the recipient and the reason of each event.
func tells(t *testing.T, text string) string {
	t.Helper()
	c, err := codes.Load(codes.Files)
	if err != nil {
		t.Fatal(err)
	}
	judge := event.NewJudge(c, func(string) string { return "" })
	var got []string
	for e, err := range event.Read(context.Background(), event.Source{Reader: strings.NewReader(text)}) {
		if err != nil {
			t.Fatal(err)
		}
		judge.Judge(&e)
		s := fmt.Sprint(e.Action, " ", e.Recipient)
		if e.Verdict != nil {
			s += " " + string(e.Verdict.Reason.Class)
		}
		got = append(got, s)
	}
	return strings.Join(got, "; ")
}

// postfixWords begin the notices of Postfix.
const postfixWords = "This is the mail system at host mx.shop.example.\n\nI'm sorry to have to inform you that your message could not\n" +
	"be delivered to one or more recipients. It's attached below.\n\n                   The mail system\n\n"

// TestPastedNotices: the words of a notice are read without the header that came with them.
func TestPastedNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"no route", postfixWords + "<a@d.example>: connect to mx.d.example[192.0.2.9]:25: No route to\n    host\n",
			"failed a@d.example network_or_expired"},
		{"timed out", postfixWords + "<a@d.example>: conversation with mx.d.example[192.0.2.9] timed out while\n    sending RCPT TO\n",
			"failed a@d.example network_or_expired"},
		{"lost", postfixWords + "<a@d.example>: lost connection with mx.d.example[192.0.2.9] while\n    receiving the greeting\n",
			"failed a@d.example network_or_expired"},
		{"expanded", postfixWords + "<a@d.example> (expanded from <b@e.example>): unknown user: \"a\"\n", "failed a@d.example user_unknown"},
		{"two", postfixWords + "<a@d.example>: host mx.d.example[192.0.2.9] said: 550 5.1.1 unknown\n    user (in reply to RCPT TO command)\n\n" +
			"<b@e.example>: host mx.e.example[192.0.2.8] said: 552 5.2.2 mailbox\n    full (in reply to RCPT TO command)\n",
			"failed a@d.example user_unknown; failed b@e.example mailbox_full"},
		{"quoted", "> Your message could not be delivered to the following recipients:\n>\n> a@d.example\n>   550 5.1.1 unknown user\n",
			"failed a@d.example user_unknown"},
		{"a question", "Hello, is a message that could not be delivered sent again?\nTell me at a@d.example please.\n", ""},
		{"an order", "Your order could not be delivered to the following address:\n\n1-2-3 Kita, Sapporo\n", ""},
	} {
		if got := tells(t, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// listPost is the part that returns what somebody sent to a list.
const listPost = "Content-Type: message/rfc822\n\nFrom: me@shop.example\nTo: team@d.example\nSubject: Hello\n\nHi\n--b--\n"

// TestPlainNotices: notices of programs that are no MAILER-DAEMON, and their twins that people write.
func TestPlainNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"gateway", headOf("gate@d.example", "Delivery failure") +
			"Your mail could not be delivered to the following recipients:\n\nx@d.example\n\nNo such user here.\n",
			"failed x@d.example user_unknown"},
		{"gateway, a person", headOf("Bob <bob@d.example>", "Delivery failure?") +
			"Hi, is it true that my mail could not be delivered to the following recipients:\n\nx@d.example\n\nNo such user here.\n", ""},
		{"a parcel", headOf("noreply@post.example", "Delivery failed", "Return-Path: <>", "Auto-Submitted: auto-generated") +
			"Your parcel could not be delivered to the following address:\n\nx@d.example\n", ""},
		{"a German parcel", headOf("noreply@post.example", "Zustellung fehlgeschlagen") +
			"Ihr Paket konnte nicht zugestellt werden.\nx@d.example\nBitte holen Sie es ab.\n", ""},
		{"a French order", headOf("noreply@post.example", "Non remis") +
			"Votre commande n'a pas pu être remise. Message du livreur : absent.\nx@d.example\n", ""},
		{"a German mail", headOf("gate@d.example", "Zustellung fehlgeschlagen") +
			"Ihre Nachricht konnte nicht zugestellt werden.\nx@d.example\nEmpfänger unbekannt\n", "failed x@d.example user_unknown"},
		{"a comment", headOf("blog@d.example", "Comment: delivery failed") +
			"New comment. Email: y@d.example\nMy mail could not be delivered to the following recipients:\n x@d.example\n", ""},
		{"a reason in French", headOf("postmaster@d.example", "Message non distribué") +
			"Le message suivant n'a pu être distribué :\n\nDestinataire : x@d.example\nRaison : 550 Utilisateur inconnu\n",
			"failed x@d.example user_unknown"},
		{"French", headOf("relais@d.example", "Non remis") + "Votre message n'a pas pu être délivré à\nx@d.example\n",
			"failed x@d.example unspecified"},
		{"a list above", headOf("postmaster@d.example", "Undeliverable: Hello") + "Your message\n\n  To: list@e.example\n  Subject: Hello\n\n" +
			"did not reach the following recipient(s):\n\nx@d.example on Tue, 24 Nov 2026\n    The recipient name is not recognized\n",
			"failed x@d.example user_unknown"},
		{"X.400", headOf("postmaster@d.example", "Undeliverable: Hello") + "Your message\n\n  To: list@e.example\n\n" +
			"did not reach the following recipient(s):\n\nc=JP;a= ;p=Firm;o=Site;dda:SMTP=x@d.example; on Tue\n    Unknown Recipient\n",
			"failed x@d.example user_unknown"},
		{"names alone", headOf("MAILER-DAEMON@d.example", "Mail problem: delivery failed") +
			"Your mail could not be delivered to the following recipients:\n\n\tjohn.doe\n\tmary\n",
			"failed john.doe@d.example unspecified; failed mary@d.example unspecified"},
		{"generated from", headOf("MAILER-DAEMON@d.example", "Mail delivery failed") + "A message that you sent could not be delivered.\n" +
			"The following address(es) failed:\n\n  an undisclosed address\n    (generated from x@d.example)\n", "failed x@d.example unspecified"},
		{"sieve", headOf("Mail system <admin@d.example>", "Automatically rejected mail",
			"Content-Type: multipart/report; report-type=disposition-notification; boundary=b") + "--b\n\n" +
			"Your message to <x@d.example> was automatically rejected:\nQuota exceeded\n--b\nContent-Type: message/disposition-notification\n\n" +
			"Final-Recipient: rfc822; x@d.example\nDisposition: automatic-action/MDN-sent-automatically; deleted\n--b--\n",
			"failed x@d.example mailbox_full"},
		{"read", headOf("x@d.example", "Read: Hello", "Content-Type: multipart/report; report-type=disposition-notification; boundary=b") +
			"--b\n\nYour message was displayed.\n--b\nContent-Type: message/disposition-notification\n\n" +
			"Final-Recipient: rfc822; x@d.example\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n", "other x@d.example"},
		{"read, and scanned", headOf("x@e.example", "Read: Hello", "Content-Type: multipart/mixed; boundary=a") + "--a\n" +
			"Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\n\nYour message was displayed.\n" +
			"--b\nContent-Type: message/disposition-notification\n\nFinal-Recipient: rfc822; x@d.example\n" +
			"Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n--a\n\nNo virus was found.\n--a--\n", "other x@d.example"},
		{"a mark in Russian", headOf("MAILER-DAEMON@d.example", "Недоставленное сообщение") +
			"Ваше сообщение не было доставлено:\n\nx@d.example\n\n" +
			"----- Исходное сообщение -----\nКому: y@e.example\nПривет\n",
			"failed x@d.example unspecified"},
		{"challenge", headOf("x@d.example", "Re: Hello (action required)", "Return-Path: <>") +
			"I do not know you. To have your message delivered, please open this page:\nhttps://d.example/1\n", "auto-reply x@d.example"},
		{"HTML without tags", headOf("MAILER-DAEMON@d.example", "Failure notice", "Content-Type: text/html; charset=utf-8") +
			"I wasn't able to deliver the following message.\n\nSubject: Hello\nTo: x@d.example\n\n---Below this line is a copy of the message.\n",
			"failed x@d.example unspecified"},
		{"a list of Mailman", headOf("team-bounces@d.example", "Hello", "Content-Type: multipart/mixed; boundary=b") +
			"--b\n\nYou are not allowed to post to this mailing list, and your message has\nbeen automatically rejected.  If you think that your\n" +
			"messages are being rejected in error, contact the mailing list owner at\nteam-owner@d.example.\n\n--b\n" + listPost,
			"failed team@d.example policy_block"},
		{"a list of LISTSERV", headOf("\"L-Soft list server at D\" <LISTSERV@d.example>", "Rejected posting to TEAM-L@d.example",
			"Content-Type: multipart/mixed; boundary=b") + "--b\n\nYou  are not  authorized  to send  mail to  the  TEAM-L list  from your\n" +
			"me@shop.example account. If you have any question regarding the policy of\nthe TEAM-L list, please contact the list owners:\n" +
			"TEAM-L-request@d.example\n\n--b\n" + listPost, "failed team@d.example policy_block"},
		{"a list of fml", headOf("team-admin@d.example", "You me@shop.example are not member (team ML)", "X-MLServer: fml [fml 4.0.3]") +
			"You are not a member of this mailing list <team@d.example>.\n\nIf you know the general guide of this list, please send mail with\n" +
			"the mail body\n\n\tguide\n\nto the address\n\n\tteam-ctl@d.example\n", "failed team@d.example policy_block"},
		{"a footer", headOf("postmaster@d.example", "Delivery failure") + "Delivery to the following recipients failed.\n\n   x@d.example\n\n" +
			"__________________\nThis mail was scanned for viruses and spam by the firm.\n", "failed x@d.example unspecified"},
	} {
		if got := tells(t, c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
