package event

import (
	"bytes"
	"net/netip"
	"slices"

	"todoku/codes"
)

// postfixFormat reads the log of Postfix. A mail is known by its queue id: smtpd tells who handed it in, cleanup its Message-ID,
// qmgr the sender and the end, and the delivery agents what became of each recipient.
func postfixFormat() lineFormat {
	return lineFormat{"postfix", isPostfix, scanPostfix, func() joiner { return newPostfixJoiner() }}
}

// postfixServices are the programs of Postfix. The name before them ("postfix", "postfix-out") is what the site chose.
var postfixServices = []string{
	"anvil", "bounce", "cleanup", "defer", "discard", "dnsblog", "error", "flush", "lmtp", "local", "master", "oqmgr", "pickup", "pipe",
	"postdrop", "postqueue", "postscreen", "postsuper", "proxymap", "qmgr", "qmqpd", "relay", "retry", "scache", "sendmail", "showq",
	"smtp", "smtpd", "smtps", "spawn", "submission", "tlsmgr", "tlsproxy", "trace", "trivial-rewrite", "verify", "virtual",
}

// isPostfix reports whether a program with a name such as "postfix/smtp" writes the line.
func isPostfix(line []byte) bool {
	s, ok := parseSyslog(line)
	if !ok {
		return false
	}
	slash := bytes.LastIndexByte(s.program, '/')
	return slash > 0 && (bytes.HasPrefix(s.program, []byte("postfix")) || slices.Contains(postfixServices, string(s.program[slash+1:])))
}

// What a line of Postfix tells, other than an event.
const (
	postfixClient    recordKind = iota + 1 // text is the client, and the login
	postfixMessageID                       // text is the Message-ID
	postfixSender                          // text is the sender, number the size
	postfixExpired                         // an event for the recipients that are left; its From is the sender
	postfixRemoved                         // the mail has left the queue
)

// scanPostfix reads "ID: to=<…>, …, status=sent (…)", and what else is told of a mail. Other lines look alike: a header that
// cleanup shows, a refusal by smtpd. None of them has "to=" right behind the id.
func scanPostfix(line []byte, r *record) bool {
	s, ok := parseSyslog(line)
	if !ok || bytes.IndexByte(s.program, '/') < 0 {
		return false
	}
	id, rest := cutQueueID(s.message)
	if len(rest) < 7 {
		return false
	}
	r.key = id
	switch rest[0] {
	case 't':
		return bytes.HasPrefix(rest, []byte("to=<")) && scanPostfixDelivery(s, rest, r)
	case 'f':
		return bytes.HasPrefix(rest, []byte("from=<")) && scanPostfixQueue(s, rest, r)
	case 'c':
		return scanPostfixText(rest, "client=", postfixClient, r)
	case 'm':
		return scanPostfixText(rest, "message-id=", postfixMessageID, r)
	case 'r':
		r.kind = postfixRemoved
		return string(rest) == "removed"
	}
	return false
}

// cutQueueID takes the queue id off a message. A queue id has digits, or letters of both cases; "warning" and "NOQUEUE" are none.
func cutQueueID(message []byte) (id, rest []byte) {
	n := 0
	for n < len(message) && n <= maxQueueID && isIDByte(message[n]) {
		n++
	}
	if n < 5 || n > maxQueueID || n+2 >= len(message) || message[n] != ':' || message[n+1] != ' ' {
		return nil, nil
	}
	return message[:n], message[n+2:]
}

func isIDByte(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

// scanPostfixText notes the words behind a sign.
func scanPostfixText(rest []byte, sign string, kind recordKind, r *record) bool {
	r.kind, r.text = kind, rest[min(len(sign), len(rest)):]
	return len(rest) > len(sign) && string(rest[:len(sign)]) == sign
}

// scanPostfixQueue reads what qmgr says: "from=<a@b>, size=1, nrcpt=1 (queue active)", "from=<a@b>, status=expired, returned to
// sender".
func scanPostfixQueue(s syslogLine, rest []byte, r *record) bool {
	sender, rest := cutAddress(rest[len("from=<"):])
	r.kind, r.text = postfixSender, sender
	if bytes.HasPrefix(rest, []byte("size=")) {
		for _, c := range rest[len("size="):] {
			if !isDigit(c) || r.number > 1<<50 {
				break
			}
			r.number = r.number*10 + int64(c-'0')
		}
		return true
	}
	status, isStatus := bytes.CutPrefix(rest, []byte("status="))
	if !isStatus || !bytes.HasPrefix(bytes.TrimPrefix(status, []byte("force-")), []byte("expired")) {
		return true
	}
	r.kind = postfixExpired
	e := r.take()
	e.Time, e.Clock = readStamp(s.stamp)
	e.ReportingMTA, e.QueueID, e.From = string(s.host), string(r.key), string(sender)
	e.Action, e.End, e.Diagnostic = Expired, codes.EventDeadline, string(rest)
	return true
}

// cutAddress takes "a@b>, " off a text. A quoted local part may hold the same marks.
func cutAddress(text []byte) (address, rest []byte) {
	from := 0
	if bytes.HasPrefix(text, []byte(`"`)) {
		from = max(bytes.Index(text, []byte(`"@`)), 0)
	}
	end := bytes.Index(text[from:], []byte(">, "))
	if end < 0 {
		return bytes.TrimSuffix(text, []byte(">")), nil
	}
	return text[:from+end], text[from+end+len(">, "):]
}

// scanPostfixDelivery reads what a delivery agent says of a recipient:
// "to=<a@b>, orig_to=<c>, relay=h[a]:25, delay=1, dsn=2.0.0, status=sent (…)".
func scanPostfixDelivery(s syslogLine, rest []byte, r *record) bool {
	e := r.take()
	status, words := readPostfixFields(r, rest[len("to=<"):])
	if len(status) == 0 {
		return false
	}
	if e.Action = postfixAction(status); e.Action == "" || len(words) == 0 || words[0] != '(' {
		r.kind = unread
		return true
	}
	e.ReportingMTA, e.QueueID = r.copies.of(s.host), r.copies.of(r.key)
	e.Diagnostic = r.copies.of(bytes.TrimSuffix(words[1:], []byte(")")))
	e.Time, e.Clock = readStamp(s.stamp)
	switch e.Action {
	case Delivered:
		if e.Reply.Code = firstCode(e.Diagnostic); e.Reply.Code != 0 {
			e.Stage = codes.StageBody
		}
		e.End = codes.EventDelivered
	case Delayed:
		e.End = codes.EventDelayed
	}
	return true
}

// postfixAction is what the word behind "status=" means; "" for no word of Postfix. What is only asked whether it could be
// delivered (address verification) is no mail.
func postfixAction(status []byte) Action {
	switch string(status) {
	case "sent":
		return Delivered
	case "deferred", "SOFTBOUNCE":
		return Delayed
	case "bounced":
		return Failed
	case "expired", "expired,", "force-expired":
		return Expired
	case "deliverable", "undeliverable":
		return Other
	}
	return ""
}

// firstCode is the reply code that a text begins with, 0 for none.
func firstCode(s string) int {
	if len(s) < 3 || s[0] < '2' || s[0] > '5' || !isDigit(s[1]) || !isDigit(s[2]) || len(s) > 3 && s[3] != ' ' && s[3] != '-' {
		return 0
	}
	return int(s[0]-'0')*100 + int(s[1]-'0')*10 + int(s[2]-'0')
}

// parseIP reads the address of a server; what is none, such as a socket, is the zero value.
func parseIP(s string) netip.Addr {
	if s == "" || s[0] > 'f' || s[0] == '/' {
		return netip.Addr{}
	}
	a, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return a
}
