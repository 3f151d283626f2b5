package codes_test

import (
	"encoding/json"
	"html"
	"mime"
	"net/url"
	"strings"
	"testing"

	"todoku/codes"
	"todoku/codes/paste"
)

// wrapped are replies of which each has to be read the same in all wrappings: of one line and of several, with and without an
// enhanced code, with an address, a URL and quotation marks in it.
var wrapped = []string{
	"550 5.1.1 <u@x.example>: Recipient address rejected: User unknown in virtual mailbox table",
	"552 5.2.2 The mailbox is full",
	"554 5.7.1 Service unavailable; Client host [192.0.2.9] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.9",
	"450 4.2.0 Greylisted, please try again in 5 minutes",
	"550-5.7.26 Unauthenticated email from s.example is not accepted due to\n550-5.7.26 domain's DMARC policy. Please " +
		"contact the administrator of\n550 5.7.26 s.example domain. a1-20020a sm1234 - gsmtp",
	"550 Requested action not taken: mailbox unavailable",
	"554 Message rejected as spam (score 12.5)",
	"421 4.7.0 Too many connections from your host",
	`550 No such user "u" here`,
	"552-5.3.4 Your message exceeded\n552 5.3.4 our size limits",
}

// wrappings put a reply into what people paste it from.
var wrappings = []struct {
	name string
	wrap func(reply string) string
}{
	{"bare", func(r string) string { return r }},
	{"CR LF", func(r string) string { return strings.ReplaceAll(r, "\n", "\r\n") + "\r\n" }},
	{"on one line", onOneLine},
	{"indented", func(r string) string { return "    " + strings.ReplaceAll(r, "\n", "\n    ") }},
	{"quoted mail", func(r string) string { return "> " + strings.ReplaceAll(r, "\n", "\n> ") }},
	{"quoted twice", func(r string) string { return ">> " + strings.ReplaceAll(r, "\n", "\n>> ") }},
	{"quotation marks", func(r string) string { return `"` + r + `"` }},
	{"typographic marks", func(r string) string { return "“" + r + "”" }},
	{"Japanese marks", func(r string) string { return "「" + r + "」というエラーになります" }},
	{"Japanese sentence", func(r string) string {
		return "送信したところ、次のエラーが返ってきました。\n" + r + "\nご確認をお願いします。"
	}},
	{"sentence", func(r string) string { return "Hi,\n\nwe get this error:\n\n" + r + "\n\nWhat can we do?" }},
	{"code fence", func(r string) string { return "```\n" + r + "\n```" }},
	{"inline code", func(r string) string { return "The error is `" + onOneLine(r) + "` since Monday" }},
	{"JSON", func(r string) string { return `{"status":"failed","error":` + asJSON(r) + `,"attempts":3}` }},
	{"JSON in JSON", func(r string) string { return `{"log":` + asJSON(`{"error":`+asJSON(r)+`}`) + `}` }},
	{"indented JSON", func(r string) string {
		return "{\n  \"recipient\": \"u@x.example\",\n  \"response\": " + asJSON(r) + "\n}"
	}},
	{"HTML", func(r string) string {
		return "<html><body><p>The error:</p><pre>" + html.EscapeString(r) + "</pre></body></html>"
	}},
	{"HTML lines", func(r string) string {
		return "<div>" + strings.ReplaceAll(html.EscapeString(r), "\n", "<br>\n") + "</div>"
	}},
	{"table of HTML", func(r string) string {
		return "<table><tr><td>u@x.example</td><td>" + html.EscapeString(onOneLine(r)) + "</td></tr></table>"
	}},
	{"CSV", func(r string) string {
		return `"2026-02-02 10:00","u@x.example","` + strings.ReplaceAll(onOneLine(r), `"`, `""`) + `","failed"`
	}},
	{"CSV of several lines", func(r string) string {
		return `"2026-02-02 10:00","u@x.example","` + strings.ReplaceAll(r, `"`, `""`) + `","failed"`
	}},
	{"semicolons", func(r string) string {
		return `2026-02-02 10:00;u@x.example;"` + strings.ReplaceAll(onOneLine(r), `"`, `""`) + `";failed`
	}},
	{"tabs", func(r string) string { return "2026-02-02\tu@x.example\t" + onOneLine(r) + "\tfailed" }},
	{"table of Markdown", func(r string) string { return "| u@x.example | " + onOneLine(r) + " | failed |" }},
	{"ANSI", func(r string) string { return "\x1b[31m" + r + "\x1b[0m" }},
	{"ANSI in words", func(r string) string {
		return "\x1b[1m\x1b[31mERROR\x1b[0m " + strings.Replace(onOneLine(r), " ", "\x1b[33m \x1b[0m", 1)
	}},
	{"ANSI written out", func(r string) string { return `\u001b[31m` + r + `\u001b[0m` }},
	{"ANSI without ESC", func(r string) string { return "[31m" + r + "[0m" }},
	{"Windows terminal", func(r string) string { return "C:\\> send\r\n" + strings.ReplaceAll(r, "\n", "\r\n") + "\r\n\r\nC:\\>" }},
	{"full width", fullWidth},
	{"Postfix", func(r string) string {
		return "Feb  2 10:00:00 out postfix/smtp[123]: 4ABCDE: to=<u@x.example>, relay=mx.x.example[192.0.2.1]:25, delay=1.2, " +
			"delays=0.1/0/0.5/0.6, dsn=" + statusOf(r) + ", status=" + statusWord(r) + " (host mx.x.example[192.0.2.1] said: " +
			onOneLine(r) + " (in reply to RCPT TO command))"
	}},
	{"Postfix, broken", func(r string) string {
		return broken("Feb  2 10:00:00 out postfix/smtp[123]: 4ABCDE: to=<u@x.example>, relay=mx.x.example[192.0.2.1]:25, delay=1.2, dsn=" +
			statusOf(r) + ", status=" + statusWord(r) + " (host mx.x.example[192.0.2.1] said: " + onOneLine(r) + " (in reply to RCPT TO command))")
	}},
	{"Postfix notice", func(r string) string {
		return "<u@x.example>: host mx.x.example[192.0.2.1] said: " + r + " (in reply to\n    RCPT TO command)"
	}},
	{"journald", func(r string) string {
		return "2026-02-02T10:00:00.123456+09:00 out postfix/smtp[123]: 4ABCDE: to=<u@x.example>, relay=mx.x.example[192.0.2.1]:25, dsn=" +
			statusOf(r) + ", status=" + statusWord(r) + " (host mx.x.example[192.0.2.1] said: " + onOneLine(r) + " (in reply to RCPT TO command))"
	}},
	{"Exim", func(r string) string {
		return "2026-02-02 10:00:00 1abcDE-000123-Ab " + eximMark(r) + " u@x.example R=dnslookup T=remote_smtp H=mx.x.example [192.0.2.1]: " +
			"SMTP error from remote mail server after RCPT TO:<u@x.example>: " + strings.ReplaceAll(r, "\n", `\n`)
	}},
	{"Exim notice", func(r string) string {
		return "  u@x.example\n    host mx.x.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT TO:<u@x.example>:\n    " +
			strings.ReplaceAll(r, "\n", "\n    ")
	}},
	{"sendmail", func(r string) string {
		return "Feb  2 10:00:00 out sendmail[123]: 4AB: to=<u@x.example>, delay=00:00:01, mailer=esmtp, relay=mx.x.example. [192.0.2.1], dsn=" +
			statusOf(r) + ", reply=" + onOneLine(r) + ", stat=" + sendmailStat(r)
	}},
	{"sendmail session", func(r string) string {
		return "... while talking to mx.x.example.:\n>>> RCPT To:<u@x.example>\n<<< " + strings.ReplaceAll(r, "\n", "\n<<< ")
	}},
	{"qmail", func(r string) string {
		return "<u@x.example>:\n192.0.2.1 does not like recipient.\nRemote host said: " + r + "\nGiving up on 192.0.2.1."
	}},
	{"qmail log", func(r string) string {
		return "delivery 9: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_" +
			strings.ReplaceAll(strings.ReplaceAll(r, " ", "_"), "\n", "/") + "/Giving_up_on_192.0.2.1./"
	}},
	{"IIS", func(r string) string {
		return "2026-02-02 10:00:00 192.0.2.1 OutboundConnectionResponse SMTPSVC1 HOST - 25 - - " +
			strings.ReplaceAll(onOneLine(r), " ", "+") + " 0 0 60 0 1172 SMTP"
	}},
	{"OpenSMTPD", func(r string) string {
		return `smtpd[1]: 4ab mta delivery evpid=1 from=<a@s.example> to=<u@x.example> rcpt=<-> source="192.0.2.9" ` +
			`relay="192.0.2.1 (mx.x.example)" delay=1s result="PermFail" stat="` + onOneLine(r) + `"`
	}},
	{"Exchange", func(r string) string { return "Remote Server returned '" + onOneLine(r) + "'" }},
	{"DSN", func(r string) string {
		return "Final-Recipient: rfc822; u@x.example\nAction: failed\nStatus: " + statusOf(r) +
			"\nRemote-MTA: dns; mx.x.example\nDiagnostic-Code: smtp; " + strings.ReplaceAll(r, "\n", "\n    ")
	}},
	{"Gmail", func(r string) string {
		return "Your message wasn't delivered to u@x.example.\n\nThe response from the remote server was:\n\n" + r
	}},
	{"nodemailer", func(r string) string {
		return "Error: Can't send mail - all recipients were rejected: " + onOneLine(r) +
			"\n    at SMTPConnection._formatError (smtp-connection.js:790:19) {\n" +
			"  code: 'EENVELOPE',\n  response: '" + onOneLine(r) + "',\n  responseCode: " + r[:3] + ",\n  command: 'RCPT TO'\n}"
	}},
	{"smtplib", func(r string) string {
		text := strings.NewReplacer("\n"+r[:3]+"-", `\n`, "\n"+r[:3]+" ", `\n`, "'", `\'`).Replace(r[4:])
		return "smtplib.SMTPRecipientsRefused: {'u@x.example': (" + r[:3] + ", b'" + text + "')}"
	}},
	{"Symfony", func(r string) string {
		return `Expected response code "250/251/252" but got code "` + r[:3] + `", with message "` + onOneLine(r) + `".`
	}},
	{"JavaMail", func(r string) string {
		return "javax.mail.SendFailedException: Invalid Addresses;\n  nested exception is:\n\tcom.sun.mail.smtp.SMTPAddressFailedException: " +
			r +
			"\n\n\tat com.sun.mail.smtp.SMTPTransport.rcptTo(SMTPTransport.java:2064)"
	}},
	{"time before it", func(r string) string { return "10:00:00.123 <- " + onOneLine(r) }},
	{"swaks", func(r string) string {
		return " -> RCPT TO:<u@x.example>\n<** " + strings.ReplaceAll(r, "\n", "\n<** ")
	}},
	{"telnet", func(r string) string {
		return "MAIL FROM:<a@s.example>\n250 2.1.0 Ok\nRCPT TO:<u@x.example>\n" + r + "\nQUIT\n221 2.0.0 Bye"
	}},
	{"key and value", func(r string) string {
		return "level=error msg=\"delivery failed\" error=\"" + strings.ReplaceAll(onOneLine(r), `"`, `\"`) + "\""
	}},
	{"syslog of a program", func(r string) string {
		return "<22>Feb  2 10:00:00 app[99]: mail to u@x.example failed: " + onOneLine(r)
	}},
	{"no-break spaces", func(r string) string { return strings.ReplaceAll(r, " ", "\u00a0") }},
	{"zero width", func(r string) string { return "\u200b" + strings.ReplaceAll(r, " ", " \u200b") + "\ufeff" }},
	{"broken lines", broken},
	{"list", func(r string) string { return "What we saw:\n- " + onOneLine(r) }},
	{"bold", func(r string) string { return "**" + onOneLine(r) + "**" }},
	{"of a URL", func(r string) string { return "https://s.example/log?error=" + url.PathEscape(onOneLine(r)) }},
	{"word of a header", func(r string) string { return mime.BEncoding.Encode("utf-8", onOneLine(r)+"　") }},
	{"DSN on one line", func(r string) string {
		return "Final-Recipient: rfc822; u@x.example Action: failed Status: " + statusOf(r) +
			" Remote-MTA: dns; mx.x.example Diagnostic-Code: smtp; " +
			onOneLine(r)
	}},
	{"RFC 5424", func(r string) string {
		return "<22>1 2026-02-02T10:00:00.003Z out.s.example postfix/smtp 4242 ID47 [meta sequenceId=\"5\"] 9F0A1: to=<u@x.example>, " +
			"relay=mx.x.example[192.0.2.1]:25, status=" + statusWord(r) + " (host mx.x.example[192.0.2.1] said: " + onOneLine(r) + ")"
	}},
	{"Docker", func(r string) string {
		return `{"log":` + asJSON("smtp: "+onOneLine(r)+"\n") + `,"stream":"stderr","time":"2026-02-02T10:00:00.000000451Z"}`
	}},
	{"CloudWatch", func(r string) string {
		return "2026-02-02T10:00:00.554Z\t6f1c2d3e-aaaa-bbbb-cccc-550550550550\tERROR\tInvoke Error\t{\"errorMessage\":" +
			asJSON(onOneLine(r)) + "}"
	}},
	{"tracking log of Exchange", func(r string) string {
		return "2026-02-02T10:00:00.345Z,192.0.2.9,EX01,192.0.2.1,mx.x.example,,Out,SMTP,FAIL,12,<m1@s.example>,u@x.example,\"[{LED=" +
			strings.ReplaceAll(onOneLine(r), `"`, `""`) + "};{MSG=};{FQDN=mx.x.example};{IP=192.0.2.1}]\",9000,1"
	}},
	{"quoted-printable", func(r string) string { return strings.ReplaceAll(strings.ReplaceAll(r, "=", "=3D"), "mail", "ma=\nil") }},
}

func onOneLine(r string) string { return strings.ReplaceAll(r, "\n", " ") }

func asJSON(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return string(data)
}

// broken breaks a text into lines of at most 60 octets, as mail programs do.
func broken(s string) string {
	var b strings.Builder
	width := 0
	for i, word := range strings.Fields(s) {
		if i > 0 && width+len(word) > 60 {
			b.WriteString("\n")
			width = 0
		} else if i > 0 {
			b.WriteString(" ")
		}
		b.WriteString(word)
		width += len(word) + 1
	}
	return b.String()
}

func fullWidth(r string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c - '0' + '０'
		}
		return c
	}, r)
}

// statusOf is the enhanced code of a reply, or the one that a sending system puts where the server gave none.
func statusOf(r string) string {
	code := strings.Fields(r[4:])[0]
	if _, ok := codes.ParseEnhanced(code); ok {
		return code
	}
	return r[:1] + ".0.0"
}

func statusWord(r string) string {
	if r[0] == '4' {
		return "deferred"
	}
	return "bounced"
}

func eximMark(r string) string {
	if r[0] == '4' {
		return "=="
	}
	return "**"
}

func sendmailStat(r string) string {
	if r[0] == '4' {
		return "Deferred: " + onOneLine(r)
	}
	return "User unknown"
}

// TestWrappings: the same reply is read the same, whatever people paste it from.
func TestWrappings(t *testing.T) {
	t.Parallel()
	c := load(t)
	all, wrong := 0, 0
	for _, reply := range wrapped {
		bare := paste.Parse(reply)
		want := c.Classify(bare.Reply, bare.Context)
		for _, w := range wrappings {
			all++
			text := w.wrap(reply)
			p := paste.Parse(text)
			v := c.Classify(p.Reply, p.Context)
			if p.Reply.Code != bare.Reply.Code || p.Reply.Enhanced != bare.Reply.Enhanced || v.Reason.ID != want.Reason.ID {
				wrong++
				t.Errorf("%s: %q\n\tread as %d %s, %s by %q; want %d %s, %s", w.name, text, p.Reply.Code, p.Reply.Enhanced, v.Reason.ID, v.Rule,
					bare.Reply.Code, bare.Reply.Enhanced, want.Reason.ID)
			}
		}
	}
	t.Logf("%d of %d as the bare reply", all-wrong, all)
}
