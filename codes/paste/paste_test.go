package paste

import (
	"strings"
	"testing"

	"todoku/codes"
)

// want is what a pasted text says; what is empty is expected to be empty, but
// for form, which is only compared where it is given.
type want struct {
	reply  string // code, enhanced code, and the lines joined by " | "
	form   string
	server string
	stage  codes.Stage
	event  codes.Event
	to     string
	from   string
}

func (w want) compare(t *testing.T, p Found) {
	t.Helper()
	r := p.Reply
	r.Lines = []string{strings.Join(r.Lines, " | ")}
	got := want{strings.TrimSpace(r.String()), p.Format, p.Server, p.Context.Stage, p.Context.Event, p.Recipient, p.Sender}
	if w.form == "" {
		got.form = ""
	}
	if got != w {
		t.Errorf("got  %+v\nwant %+v", got, w)
	}
	if p.Context.Host != p.Server {
		t.Errorf("host %q, server %q", p.Context.Host, p.Server)
	}
}

type pasteCase struct {
	name, text string
	want       want
}

func runPastes(t *testing.T, cases []pasteCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.want.compare(t, Parse(c.text))
		})
	}
}

func TestParseBare(t *testing.T) {
	t.Parallel()
	runPastes(t, []pasteCase{
		{"one line", "550 5.1.1 nobody of that name here", want{reply: "550 5.1.1 nobody of that name here", form: "reply"}},
		{"no enhanced code", "554 go away", want{reply: "554 go away", form: "reply"}},
		{"code alone", "421", want{reply: "421", form: "reply"}},
		{"both codes alone", "451 4.7.1", want{reply: "451 4.7.1"}},
		{"enhanced alone", "5.7.26", want{reply: "5.7.26", form: "text"}},
		{"two lines", "550-5.7.26 this mail has no proof\n550 5.7.26 of its sender",
			want{reply: "550 5.7.26 this mail has no proof | of its sender", form: "reply"}},
		{"three lines, CRLF", "550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three\r\n", want{reply: "550 5.7.1 one | two | three"}},
		{"lines without enhanced", "550-first\n550-second\n550 third", want{reply: "550 first | second | third"}},
		{"enhanced only in the first", "550-5.7.1 first\n550 second", want{reply: "550 5.7.1 first | second"}},
		{"collapsed", "550-5.1.1 There is no 550-5.1.1 such account; 550 5.1.1 see the page",
			want{reply: "550 5.1.1 There is no | such account; | see the page"}},
		{"collapsed without enhanced", "550-no such 550-account here 550 bye", want{reply: "550 no such | account here | bye"}},
		{"wrapped", "550 5.7.1 the sender is\nnot allowed\n to write here", want{reply: "550 5.7.1 the sender is not allowed to write here"}},
		{"quoted", "> 550-5.7.1 one\n> 550 5.7.1 two", want{reply: "550 5.7.1 one | two"}},
		{"quoted twice", "> > 452 4.2.2 the box is full", want{reply: "452 4.2.2 the box is full"}},
		{"parentheses", "550 (5.1.1) unknown", want{reply: "550 5.1.1 unknown"}},
		{"brackets", "550 [5.7.1] unwanted", want{reply: "550 5.7.1 unwanted"}},
		{"hash", "550 #5.1.0 address rejected", want{reply: "550 5.1.0 address rejected"}},
		{"at the end", "550 no box by this name (#5.1.1)", want{reply: "550 5.1.1 no box by this name"}},
		{"in the middle", "550 rejected [5.7.1] by policy", want{reply: "550 5.7.1 rejected by policy"}},
		{"status in words", "550 rejected. Status: 5.7.1", want{reply: "550 5.7.1 rejected."}},
		{"only the enhanced one", "5.2.2 the box is full", want{reply: "5.2.2 the box is full"}},
		{"colon after the code", "550: 5.2.2 full", want{reply: "550 5.2.2 full"}},
		{"dash in the text", "550 - no such user", want{reply: "550 no such user"}},
		{"class disagrees, beside", "550 4.4.7 expired", want{reply: "550 4.4.7 expired"}},
		{"class disagrees, elsewhere", "550 refused, see rule 4.7.1 there", want{reply: "550 refused, see rule 4.7.1 there"}},
		{"address, no code", "550 192.0.2.4 is not wanted", want{reply: "550 192.0.2.4 is not wanted"}},
		{"IP in text", "554 your host 203.0.113.5.7.1 is odd", want{reply: "554 your host 203.0.113.5.7.1 is odd"}},
		{"recipient in text", "550 5.1.1 <a@b.example>: unknown", want{reply: "550 5.1.1 <a@b.example>: unknown", to: "a@b.example"}},
		{"sender in text", "550 5.7.1 <a@b.example>: Sender refused", want{reply: "550 5.7.1 <a@b.example>: Sender refused"}},
		{"full width", "５５０　５．１．１　Ｕｓｅｒ unknown", want{reply: "550 5.1.1 User unknown"}},
		{"control characters", "550 5.1.1 \x1b[31mno\x00 such\x07 user\x1b[0m", want{reply: "550 5.1.1 no such user"}},
		{"JSON string", `"550-5.7.1 one\r\n550 5.7.1 two\r\n"`, want{reply: "550 5.7.1 one | two", form: "reply"}},
		{"Japanese around", "送信したところ「550 5.1.1 no such user」というエラーで戻りました",
			want{reply: "550 5.1.1 no such user", form: "text"}},
		{"Japanese word before", "エラーコード550で届きません", want{reply: "550 で届きません"}},
		{"amount", "最大550件まで送信できます", want{reply: "最大550件まで送信できます"}},
		{"taken", "250 2.0.0 queued as 4Xyz", want{reply: "250 2.0.0 queued as 4Xyz", event: codes.EventDelivered}},
		{"after-effect", "550 5.1.1 unknown\n503 5.5.1 RCPT first", want{reply: "550 5.1.1 unknown"}},
		{"sentence before", "The server says: 550 5.1.1 unknown", want{reply: "550 5.1.1 unknown", form: "text"}},
		{"smtp;", "smtp;550 5.1.1 unknown", want{reply: "550 5.1.1 unknown"}},
		{"smtp; lines", "smtp; 550-5.1.1 no 550 5.1.1 account", want{reply: "550 5.1.1 no | account"}},
		{"in parentheses", "delivery failed (550 5.1.1 unknown (really)) today", want{reply: "550 5.1.1 unknown (really)"}},
		{"Zoho's", "a@b.example Invalid, ERROR_CODE :550, ERROR_CODE :5.1.1 unknown", want{reply: "550 5.1.1 unknown", to: "a@b.example"}},
		{"Cisco's", "5.1.0 - Unknown address error ('550', ['5.1.1 <a@b.example>... no'])",
			want{reply: "550 5.1.1 <a@b.example>... no", to: "a@b.example"}},
		{"loose", "permanent failure 550 'x' is nobody", want{reply: "550 'x' is nobody"}},
		{"JSON object", `{"reason":"550-5.1.1 the \"box\"\r\n550 5.1.1 is gone","status":"5.1.1"}`,
			want{reply: "550 5.1.1 the \"box\" | is gone"}},
		{"Python's tuple", "(550, b'5.7.1 no relay')", want{reply: "550 5.7.1 no relay"}},
		{"Python's exception", `refused: {'a@b.example': (550, b'5.1.1 <a@b.example>: unknown')}`,
			want{reply: "550 5.1.1 <a@b.example>: unknown", to: "a@b.example"}},
		{"code at the end", "the box is gone: 550", want{reply: "550 the box is gone"}},
		{"a mark of its own", "<-- 550 5.1.1 gone", want{reply: "550 5.1.1 gone"}},
		{"piped", "| 550-5.7.1 one\n| 550 5.7.1 two", want{reply: "550 5.7.1 one | two"}},
		{"quoted and piped", "> | > 452 4.2.2 the box\n> | > is full", want{reply: "452 4.2.2 the box is full"}},
		{"HTML", "<p><b>550 5.1.1</b> &lt;a@b.example&gt;&#58; there isn&#39;t one<br>",
			want{reply: "550 5.1.1 <a@b.example>: there isn't one", to: "a@b.example"}},
		{"JSON's escapes", `550 5.1.1 \u003ca@b.example\u003e: unknown`, want{reply: "550 5.1.1 <a@b.example>: unknown", to: "a@b.example"}},
		{"an address with &", "550 see https://b.example/?a=1&lt=2", want{reply: "550 see https://b.example/?a=1&lt=2"}},
		{"quoted-printable", "55=\n0 5.1.1 =3Ca@b.example=3E: un=\nknown", want{reply: "550 5.1.1 <a@b.example>: unknown", to: "a@b.example"}},
		{"CSV", `"2026-01-02","a@b.example","550","5.1.1","no such box"`, want{reply: "550 5.1.1 no such box", to: "a@b.example"}},
		{"a service's JSON", `{"emailAddress":"a@b.example","diagnosticCode":"smtp; 550 5.1.1 unknown"}`,
			want{reply: "550 5.1.1 unknown", to: "a@b.example"}},
		{"two addresses", "a@b.example, c@b.example: 550 5.1.1 unknown", want{reply: "550 5.1.1 unknown"}},
		{"the sender's address", "Your mail from s@c.example came back: 550 5.1.1 unknown", want{reply: "550 5.1.1 unknown"}},
		{"an address for questions", "Ask postmaster@c.example about: 550 5.1.1 unknown", want{reply: "550 5.1.1 unknown"}},
		{"delivery code", "error 42550", want{reply: "error 42550", form: "text"}},
		{"nothing", "", want{form: "text"}},
		{"words", "the  box\nis full", want{reply: "the box is full", form: "text"}},
	})
}

func TestParseNoCode(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"delay=550, size=552", "listening on mx.example:587", "mx.example[192.0.2.1]:550 is the port", "sent in 2026 to 550 recipients",
		"message id <550.421@mx.example>", "at 10:550 it stopped", "size: 552 bytes", "10.550.421", "A550 B421", "queue 4550 5500", "5500 mails",
	} {
		if p := Parse(text); p.Reply.Code != 0 || p.Reply.Text() != text {
			t.Errorf("%q: %v", text, p.Reply)
		}
	}
}

func TestParseLogs(t *testing.T) {
	t.Parallel()
	const postfix = "Jan  2 03:04:05 out postfix/smtp[550]: 4AbCdE: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, " +
		"delay=550, delays=0/0/1/2, "
	runPastes(t, []pasteCase{
		{"bounced",
			postfix +
				"dsn=5.1.1, status=bounced (host mx.b.example[192.0.2.1] said: 550 5.1.1 <a@b.example>: unknown (in reply to RCPT TO command))",
			want{"550 5.1.1 <a@b.example>: unknown", "postfix", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"bounced, several lines", postfix +
			"dsn=5.7.26, status=bounced (host mx.b.example[192.0.2.1] said: 550-5.7.26 not 550-5.7.26 proven (x) 550 5.7.26 " +
			"bye (in reply to end of DATA command))",
			want{"550 5.7.26 not | proven (x) | bye", "postfix", "mx.b.example", codes.StageBody, "", "a@b.example", ""}},
		{"status from dsn", postfix + "dsn=5.2.2, status=bounced (host mx.b.example[192.0.2.1] said: 552 box full (in reply to RCPT TO command))",
			want{"552 5.2.2 box full", "postfix", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"5.0.0 says nothing", postfix +
			"dsn=5.0.0, status=bounced (host mx.b.example[192.0.2.1] said: 552 box full (in reply to RCPT TO command))",
			want{"552 box full", "postfix", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"deferred by the server", postfix +
			"dsn=4.2.0, status=deferred (host mx.b.example[192.0.2.1] said: 450 4.2.0 come back later (in reply to RCPT TO command))",
			want{"450 4.2.0 come back later", "postfix", "mx.b.example", codes.StageRcpt, codes.EventDelayed, "a@b.example", ""}},
		{"sent", postfix + "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 9Z)",
			want{"250 2.0.0 Ok: queued as 9Z", "postfix", "mx.b.example", "", codes.EventDelivered, "a@b.example", ""}},
		{"greeting refused",
			"postfix/smtp[1]: X: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, dsn=4.7.0, status=deferred (host " +
				"mx.b.example[192.0.2.1] refused to talk to me: 421 4.7.0 too busy)",
			want{"421 4.7.0 too busy", "postfix", "mx.b.example", codes.StageConnect, codes.EventDelayed, "a@b.example", ""}},
		{"timed out",
			"postfix/smtp[1]: X: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, dsn=4.4.2, status=deferred (conversation " +
				"with mx.b.example[192.0.2.1] timed out while sending end of data -- message may be sent more than once)",
			want{"4.4.2 conversation with mx.b.example[192.0.2.1] timed out while sending end of data -- message may be sent more than once",
				"postfix", "mx.b.example", codes.StageBody, codes.EventTimeout, "a@b.example", ""}},
		{"lost",
			"postfix/smtp[1]: X: to=<a@b.example>, relay=mx.b.example[192.0.2.1]:25, dsn=4.4.2, status=deferred (lost " +
				"connection with mx.b.example[192.0.2.1] while receiving the initial server greeting)",
			want{"4.4.2 lost connection with mx.b.example[192.0.2.1] while receiving the initial server greeting", "postfix",
				"mx.b.example", codes.StageConnect, codes.EventDelayed, "a@b.example", ""}},
		{"no connection",
			"postfix/smtp[1]: X: to=<a@b.example>, relay=none, dsn=4.4.1, status=bounced (connect to " +
				"mx.b.example[192.0.2.1]:25: Connection timed out)",
			want{"4.4.1 connect to mx.b.example[192.0.2.1]:25: Connection timed out", "postfix", "mx.b.example",
				codes.StageConnect, codes.EventDeadline, "a@b.example", ""}},
		{"no route",
			"postfix/smtp[1]: X: to=<a@b.example>, relay=none, dsn=5.4.4, status=bounced (Host or domain name not found. Name " +
				"service error for name=b.example type=MX: Host not found)",
			want{"5.4.4 Host or domain name not found. Name service error for name=b.example type=MX: Host not found", "postfix",
				"", "", codes.EventNoRoute, "a@b.example", ""}},
		{"connect line", "postfix/smtp[1]: connect to mx.b.example[2001:db8::1]:25: Network is unreachable",
			want{"postfix/smtp[1]: connect to mx.b.example[2001:db8::1]:25: Network is unreachable", "postfix", "mx.b.example",
				codes.StageConnect, codes.EventDeadline, "", ""}},
		{"gave up", "postfix/qmgr[1]: X: from=<s@c.example>, status=expired, returned to sender",
			want{"expired, returned to sender", "postfix", "", "", codes.EventDeadline, "", "s@c.example"}},
		{"exim",
			"2026-01-02 03:04:05 1abCDE-000000-AB ** a@b.example F=<s@c.example> R=dnslookup T=remote_smtp H=mx.b.example " +
				"[192.0.2.1]:25 X=TLS1.3: SMTP error from remote mail server after RCPT TO:<a@b.example>: 550 5.1.1 unknown",
			want{"550 5.1.1 unknown", "exim", "mx.b.example", codes.StageRcpt, "", "a@b.example", "s@c.example"}},
		{"exim defer",
			"2026-01-02 03:04:05 1abCDE-000000-AB == a@b.example R=dnslookup T=remote_smtp defer (-44) H=mx.b.example " +
				"[192.0.2.1]: SMTP error from remote mail server after end of data: 451 4.7.1 later",
			want{"451 4.7.1 later", "exim", "mx.b.example", codes.StageBody, codes.EventDelayed, "a@b.example", ""}},
		{"exim retry timeout", "2026-01-02 03:04:05 1abCDE-000000-AB ** a@b.example: retry timeout exceeded",
			want{"retry timeout exceeded", "exim", "", "", codes.EventDeadline, "a@b.example", ""}},
		{"exim sent",
			`2026-01-02 03:04:05 1abCDE-000000-AB => a@b.example R=dnslookup T=remote_smtp H=mx.b.example [192.0.2.1] C="250 2.0.0 taken"`,
			want{"250 2.0.0 taken", "exim", "mx.b.example", "", codes.EventDelivered, "a@b.example", ""}},
		{"sendmail",
			"Jan  2 03:04:05 out sendmail[9]: x02: to=<a@b.example>, delay=00:00:03, mailer=esmtp, relay=mx.b.example. " +
				"[192.0.2.1], dsn=5.1.1, stat=User unknown",
			want{"5.1.1 User unknown", "sendmail", "mx.b.example", "", "", "a@b.example", ""}},
		{"sendmail deferred",
			"Jan  2 03:04:05 out sendmail[9]: x02: to=<a@b.example>, relay=mx.b.example. [192.0.2.1], dsn=4.0.0, " +
				"stat=Deferred: Connection timed out with mx.b.example.",
			want{"4.0.0 Connection timed out with mx.b.example.", "sendmail", "mx.b.example", "", codes.EventDelayed, "a@b.example", ""}},
		{"sendmail deferred by a reply",
			"sendmail[9]: x02: to=<a@b.example>, relay=mx.b.example. [192.0.2.1], dsn=4.2.0, stat=Deferred: 451 4.7.1 later please",
			want{"451 4.7.1 later please", "sendmail", "mx.b.example", "", codes.EventDelayed, "a@b.example", ""}},
		{"opensmtpd",
			`smtpd[7]: 0f mta delivery evpid=1 from=<s@c.example> to=<a@b.example> rcpt=<-> source="-" relay="192.0.2.1 ` +
				`(mx.b.example)" delay=1s result="PermFail" stat="550 5.1.1 unknown"`,
			want{"550 5.1.1 unknown", "opensmtpd", "mx.b.example", "", "", "a@b.example", "s@c.example"}},
	})
}

func TestParseNotices(t *testing.T) {
	t.Parallel()
	runPastes(t, []pasteCase{
		{"postfix", "<a@b.example>: host mx.b.example[192.0.2.1] said: 550 5.1.1 unknown\n    here (in reply to RCPT TO command)",
			want{"550 5.1.1 unknown here", "postfix", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"postfix, whole",
			"This is the mail system at host out.example.\n\nSorry.\n\n<a@b.example>: host mx.b.example[192.0.2.1] said: " +
				"550-5.1.1 no\n    550 5.1.1 account (in reply to RCPT TO command)\n\nFinal-Recipient: rfc822; " +
				"a@b.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.b.example\nDiagnostic-Code: smtp; 550-5.1.1 no 550 5.1.1 account",
			want{"550 5.1.1 no | account", "postfix", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"said without host", "[192.0.2.1] said: 550 5.1.1 unknown", want{"550 5.1.1 unknown", "postfix", "192.0.2.1", "", "", "", ""}},
		{"exim",
			"  a@b.example\n    host mx.b.example [192.0.2.1]\n    SMTP error from remote mail server after RCPT " +
				"TO:<a@b.example>:\n    550-5.1.1 no\n    550 5.1.1 account",
			want{"550 5.1.1 no | account", "exim", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"exim, old", "SMTP error from remote mail server after MAIL FROM:<s@c.example> SIZE=553: host mx.b.example [192.0.2.1]: 552 too large",
			want{"552 too large", "exim", "mx.b.example", codes.StageMail, "", "", ""}},
		{"exchange",
			"Diagnostic information for administrators:\n\nGenerating server: ex.c.example\n\na@b.example\nRemote Server " +
				"returned '550 5.1.10 RESOLVER.ADR.Nobody; Recipient isn't found'",
			want{"550 5.1.10 RESOLVER.ADR.Nobody; Recipient isn't found", "exchange", "", "", "", "a@b.example", ""}},
		{"exchange at", "Remote Server at mx.b.example (192.0.2.1) returned '400 4.4.7 Message delayed'",
			want{"400 4.4.7 Message delayed", "exchange", "mx.b.example", "", "", "", ""}},
		{"exchange hash", "a@b.example\n#< #5.1.1 smtp;550 5.1.1 RESOLVER.ADR.Nobody; not there> #SMTP#",
			want{"550 5.1.1 RESOLVER.ADR.Nobody; not there", "exchange", "", "", "", "a@b.example", ""}},
		{"exchange, Japanese",
			"管理者向けの診断情報:\n\n生成サーバー: ex.c.example\n\na@b.example\nRemote Server returned '550 " +
				"5.7.1 断られました'",
			want{"550 5.7.1 断られました", "exchange", "", "", "", "a@b.example", ""}},
		{"exchange, reported", "Reported error: 550 5.4.1 Recipient refused\nDSN generated by: x.example\nRemote server: mx.b.example",
			want{"550 5.4.1 Recipient refused", "exchange", "mx.b.example", "", "", "", ""}},
		{"gmail",
			"Address not found\nYour message wasn't delivered to a@b.example because nobody has it.\n\nThe response from the " +
				"remote server was:\n550 5.1.1 unknown",
			want{"550 5.1.1 unknown", "gmail", "", "", "", "a@b.example", ""}},
		{"gmail, own", "The response was:\n\n550-5.7.1 no\n550 5.7.1 way - gsmtp", want{"550 5.7.1 no | way - gsmtp", "gmail",
			"", "", "", "", ""}},
		{"gmail dns", "The response was:\n\nDNS Error: the lookup of b.example answered NXDOMAIN",
			want{"DNS Error: the lookup of b.example answered NXDOMAIN", "gmail", "", "", codes.EventNoRoute, "", ""}},
		{"qmail", "<a@b.example>:\n192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 unknown\nGiving up on 192.0.2.1.",
			want{"550 5.1.1 unknown", "qmail", "192.0.2.1", codes.StageRcpt, "", "a@b.example", ""}},
		{"qmail sender", "<a@b.example>:\nConnected to 192.0.2.1 but sender was rejected.\nRemote host said: 571 no",
			want{"571 no", "qmail", "192.0.2.1", codes.StageMail, "", "a@b.example", ""}},
		{"qmail no host", "<a@b.example>:\nSorry, I couldn't find any host named b.example. (#5.1.2)",
			want{"5.1.2 Sorry, I couldn't find any host named b.example.", "qmail", "", "", codes.EventNoRoute, "a@b.example", ""}},
		{"dragonfly", "mx.b.example [192.0.2.1] did not like our RCPT TO:\n550 5.1.1 unknown", want{"550 5.1.1 unknown",
			"dragonfly", "mx.b.example", codes.StageRcpt, "", "", ""}},
		{"sendmail's reason",
			"   ----- The following had permanent errors -----\n<a@b.example>\n    (reason: 550 no (such) box)\n\n   ----- " +
				"Transcript follows -----\n554 5.0.0 Service unavailable", want{"550 no (such) box", "sendmail", "", "", "", "a@b.example", ""}},
		{"yahoo's", "Remote host said: 550 5.1.1 unknown [RCPT_TO]", want{"550 5.1.1 unknown", "qmail", "", codes.StageRcpt, "", "", ""}},
		{"exchange online", "Error Details\n\nError:  550 5.1.10 RESOLVER.ADR.Nobody; not found\nMessage rejected by: x.outlook.example",
			want{"550 5.1.10 RESOLVER.ADR.Nobody; not found", "exchange", "x.outlook.example", "", "", "", ""}},
		{"gmail, Japanese", "リモート サーバーからの応答:\n\n550 5.1.1 そのような受信者はいません",
			want{"550 5.1.1 そのような受信者はいません", "gmail", "", "", "", "", ""}},
		{"gmail, other languages", "Adresse nicht gefunden\nDie Nachricht an a@b.example ging nicht hinaus.\n\nAntwort:\n\n550 5.1.1 unknown",
			want{"550 5.1.1 unknown", "text", "", "", "", "a@b.example", ""}},
		{"others", "Server mx.b.example[192.0.2.1] failed with: 550 unknown", want{"550 unknown", "text", "mx.b.example", "", "", "", ""}},
		{"others, delivered", "<a@b.example>: delivery via mx.b.example[192.0.2.1]:25: 250 2.1.5 Ok",
			want{"250 2.1.5 Ok", "text", "mx.b.example", "", codes.EventDelivered, "a@b.example", ""}},
		{"fields",
			"Final-Recipient: rfc822;a@b.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: " +
				"dns;mx.b.example\nDiagnostic-Code: smtp;550 no\n such box",
			want{"550 5.1.1 no such box", "dsn", "mx.b.example", "", "", "a@b.example", ""}},
		{"fields delayed", "Final-Recipient: rfc822; a@b.example\nAction: delayed\nStatus: 4.4.1", want{"4.4.1", "dsn", "",
			"", codes.EventDelayed, "a@b.example", ""}},
		{"X-Postfix", "Diagnostic-Code: X-Postfix; host mx.b.example[192.0.2.1] said: 550 5.1.1\n    unknown (in reply to RCPT TO command)",
			want{"550 5.1.1 unknown", "postfix", "mx.b.example", codes.StageRcpt, "", "", ""}},
	})
}

func TestParseTranscripts(t *testing.T) {
	t.Parallel()
	runPastes(t, []pasteCase{
		{"ours",
			" 0.034  → MAIL FROM:<s@c.example> SIZE=2113\n 0.035  ← 250 2.1.0 Ok\n 0.035  → RCPT TO:<a@b.example>\n" +
				" 0.951  ← 450 4.2.0 wait a little",
			want{"450 4.2.0 wait a little", "transcript", "", codes.StageRcpt, "", "a@b.example", "s@c.example"}},
		{"ours, plain", "→ RCPT TO:<a@b.example>\n← 550-5.1.1 no\n← 550 5.1.1 account", want{"550 5.1.1 no | account",
			"transcript", "", codes.StageRcpt, "", "a@b.example", ""}},
		{"ours, one line", "← 550 5.1.1 unknown", want{"550 5.1.1 unknown", "transcript", "", "", "", "", ""}},
		{"sendmail",
			"   ----- Transcript of session follows -----\n... while talking to mx.b.example.:\n>>> RCPT " +
				"To:<a@b.example>\n<<< 550 5.1.1 unknown\n550 5.1.1 <a@b.example>... User unknown",
			want{"550 5.1.1 unknown", "sendmail", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"sendmail, DATA after",
			"... while talking to mx.b.example.:\n>>> RCPT To:<a@b.example>\n<<< 550 5.1.1 unknown\n>>> DATA\n<<< 503 5.5.1 need RCPT",
			want{"550 5.1.1 unknown", "sendmail", "mx.b.example", codes.StageRcpt, "", "a@b.example", ""}},
		{"sendmail, from DATA on",
			"   ----- The following addresses had permanent fatal errors -----\n<a@b.example>\n    (reason: 550 no a@b.example)\n\n" +
				"   ----- Transcript of session follows -----\n... while talking to mx.b.example.:\n>>> DATA\n<<< 550 no a@b.example\n" +
				"550 5.1.1 <a@b.example>... User unknown\n<<< 503 no recipient",
			want{"550 no a@b.example", "sendmail", "mx.b.example", codes.StageData, "", "a@b.example", ""}},
		{"sendmail, no address under the heading",
			"   ----- The following addresses had permanent fatal errors -----\n   ----- Transcript of session follows -----\n" +
				"<c@d.example>\n... while talking to mx.b.example.:\n>>> DATA\n<<< 550 no",
			want{"550 no", "sendmail", "mx.b.example", codes.StageData, "", "", ""}},
		{"sendmail, one line", ">>> MAIL FROM:<s@c.example> <<< 550 no", want{"550 no", "sendmail", "", codes.StageMail, "", "", "s@c.example"}},
		{"swaks",
			"<-  220 mx.b.example ESMTP\n -> EHLO c.example\n<-  250 ok\n -> MAIL FROM:<s@c.example>\n<-  250 ok\n -> RCPT " +
				"TO:<a@b.example>\n<** 550 5.7.1 no\n -> QUIT\n<-  221 bye",
			want{"550 5.7.1 no", "transcript", "mx.b.example", codes.StageRcpt, "", "a@b.example", "s@c.example"}},
		{"telnet",
			"220 mx.b.example ESMTP\nehlo c.example\n250-mx.b.example\n250 SIZE\nmail from:<s@c.example>\n250 ok\nrcpt " +
				"to:<a@b.example>\n250 ok\ndata\n354 go on\n.\n554 5.7.1 unwanted\nquit\n221 bye",
			want{"554 5.7.1 unwanted", "transcript", "mx.b.example", codes.StageBody, "", "a@b.example", "s@c.example"}},
		{"telnet, taken", "mail from:<s@c.example>\n250 ok\nrcpt to:<a@b.example>\n250 ok\ndata\n354 go on\n.\n250 2.0.0 taken\nquit\n221 bye",
			want{"250 2.0.0 taken", "transcript", "", codes.StageBody, codes.EventDelivered, "a@b.example", "s@c.example"}},
		{"smtplib", `send: 'rcpt TO:<a@b.example>\r\n'` + "\n" + `reply: b'550 5.1.1 unknown\r\n'` + "\n" +
			`reply: retcode (550); Msg: b'5.1.1 unknown'`,
			want{"550 5.1.1 unknown", "transcript", "", codes.StageRcpt, "", "a@b.example", ""}},
	})
}
