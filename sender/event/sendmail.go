package event

import (
	"bytes"
	"net/netip"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
)

// sendmail is the log of Sendmail: a line "ID: from=…" for each mail, and "ID: to=…, stat=…" for each attempt, which may be
// for several recipients.
func sendmail() lineFormat {
	return lineFormat{name: "sendmail", is: isSendmail, scan: scanSendmail, join: newSendmailJoiner}
}

// What a line of Sendmail tells beside an attempt.
const (
	sendmailFrom    recordKind = iota + 1 // the sender of a mail
	sendmailExpired                       // the mail is given up
)

var sendmailTags = [...]string{"sendmail", "sm-mta", "sm-msp-queue", "sm-mta-in", "sm-mta-out", "sm-client", "sm-queue"}

func isSendmail(line []byte) bool {
	s, ok := parseSyslog(line)
	if !ok {
		return false
	}
	for _, tag := range sendmailTags {
		if string(s.program) == tag {
			return true
		}
	}
	_, rest, ok := sendmailID(s.message)
	return ok && (bytes.HasPrefix(rest, []byte("to=")) && bytes.Contains(rest, []byte(", stat=")) ||
		bytes.HasPrefix(rest, []byte("from=")) && bytes.Contains(rest, []byte(", nrcpts=")))
}

// sendmailID cuts the queue id off what a line says.
func sendmailID(words []byte) (id, rest []byte, ok bool) {
	id, rest, ok = bytes.Cut(words, []byte(": "))
	if !ok || len(id) < 4 || len(id) > 32 {
		return nil, nil, false
	}
	for _, c := range id {
		if !isIDByte(c) {
			return nil, nil, false
		}
	}
	return id, rest, true
}

func scanSendmail(line []byte, r *record) bool {
	expired := false
	if !bytes.Contains(line, []byte(": to=")) && !bytes.Contains(line, []byte(": from=")) {
		expired = bytes.Contains(line, []byte(" send message ")) || bytes.Contains(line, []byte("could not be delivered"))
		if !expired {
			return false
		}
	}
	s, ok := parseSyslog(line)
	if !ok {
		return false
	}
	id, rest, ok := sendmailID(s.message)
	if !ok {
		return false
	}
	to, from := bytes.HasPrefix(rest, []byte("to=")), bytes.HasPrefix(rest, []byte("from="))
	if !to && !from && !expired || to && isQueued(rest) {
		return false
	}
	e := r.take()
	e.QueueID, e.ReportingMTA = string(id), string(s.host)
	e.Time, e.Clock = readStamp(s.stamp)
	switch {
	case to:
		return scanSendmailTo(string(rest), r)
	case from:
		r.kind = sendmailFrom
		f := string(rest)
		r.From, r.MessageID = withoutBrackets(sendmailField(f, "from")), withoutBrackets(sendmailField(f, "msgid"))
		return strings.Contains(f, ", size=") || strings.Contains(f, ", nrcpts=")
	}
	r.kind = sendmailExpired
	return r.givenUp(string(rest))
}

// givenUp reads the line about the notice of a mail that was in the queue too long:
// "NEWID: DSN: Cannot send message for 5 days". A warning is none.
func (r *record) givenUp(words string) bool {
	low := strings.ToLower(words)
	if strings.Contains(low, "warning:") || strings.Contains(low, "to=") {
		return false
	}
	for _, sign := range [...]string{"cannot send message for ", "cannot send message within ", "could not send message for ",
		"message could not be delivered for "} {
		if i := strings.Index(low, sign); i >= 0 {
			r.Action, r.End = Expired, codes.EventDeadline
			r.Diagnostic = words[i:]
			r.Reply = codes.Reply{Enhanced: codes.Enhanced{Class: 4, Subject: 4, Detail: 7}, Lines: []string{r.Diagnostic}}
			return true
		}
	}
	return false
}

// scanSendmailTo reads "to=<a>,<b>, ctladdr=…, delay=…, mailer=…, relay=host [ip], dsn=5.1.1, reply=…, stat=User unknown". The
// recipients stay together until join.
func scanSendmailTo(line string, r *record) bool {
	line, stat, whole := strings.Cut(line, ", stat=")
	dsn, hasDSN := codes.ParseEnhanced(sendmailField(line, "dsn"))
	if !whole && (!hasDSN || !strings.Contains(line, ", mailer=")) { // cut off before the words
		return false
	}
	stat = strings.Trim(stat, ` "`)
	r.Action = sendmailAction(stat, dsn)
	r.Recipient = sendmailField(line, "to")
	r.From = withoutBrackets(firstPart(sendmailField(line, "ctladdr"), " ("))
	r.relay(sendmailField(line, "relay"))
	r.Diagnostic = stat
	if _, reply, ok := strings.Cut(line, ", reply="); ok { // of newer versions: what the server said, with its code
		r.Diagnostic = strings.Trim(reply, `" `)
	}
	r.Reply.Enhanced = dsn
	if r.Action.Trouble() {
		r.readWords(strings.TrimLeft(strings.TrimPrefix(r.Diagnostic, "Deferred"), ": "))
		if saysLittle(r.Diagnostic) && dsn.Subject+dsn.Detail > 0 {
			r.Reply.Lines = nil
		}
	}
	return true
}

// saysLittle reports whether words are those that Sendmail has for the exit status of a program, which it takes for many
// refusals too: the status beside them says more.
func saysLittle(words string) bool {
	switch words {
	case "Service unavailable", "Permission denied", "Insufficient permission", "I/O error", "Operating system error", "Data format error",
		"Remote protocol error":
		return true
	}
	return strings.HasPrefix(words, "unknown mailer error")
}

// isQueued reports whether a mail was only put into the queue.
func isQueued(rest []byte) bool {
	_, stat, _ := bytes.Cut(rest, []byte(", stat="))
	word, _, _ := bytes.Cut(bytes.Trim(stat, ` "`), []byte(" "))
	return bytes.EqualFold(word, []byte("queued"))
}

// sendmailAction is what the words of stat= mean.
func sendmailAction(stat string, dsn codes.Enhanced) Action {
	low := strings.ToLower(stat)
	switch {
	case strings.HasPrefix(low, "sent"):
		return Delivered
	case dsn.Subject == 4 && dsn.Detail == 7 && !strings.HasPrefix(low, "deferred"):
		return Expired
	case strings.HasPrefix(low, "deferred"), dsn.Class == 4:
		return Delayed
	case dsn.Class == 2:
		return Delivered
	}
	return Failed
}

// relay reads "mx.example. [192.0.2.1]".
func (e *Event) relay(s string) {
	name, rest, _ := strings.Cut(s, " ")
	name = strings.TrimSuffix(name, ".")
	address := rest
	if strings.HasPrefix(name, "[") {
		address, name = name, ""
	}
	address, _, _ = strings.Cut(strings.TrimPrefix(address, "["), "]")
	if len(address) > 5 && strings.EqualFold(address[:5], "ipv6:") {
		address = address[5:]
	}
	e.RemoteIP, _ = netip.ParseAddr(address)
	if strings.Contains(name, ".") && !strings.Contains(name, "@") {
		e.RemoteMTA = strings.ToLower(name)
	} else if e.RemoteIP.IsValid() {
		e.RemoteMTA = e.RemoteIP.String()
	}
}

// readWords reads what the server or the program said where a mail did not arrive. Status is what the log gives beside it.
func (e *Event) readWords(words string) {
	status := e.Reply.Enhanced
	p := paste.Parse(words)
	e.Reply, e.Stage = p.Reply, p.Context.Stage
	if e.Reply.Enhanced.IsZero() || e.Reply.Enhanced.Class != status.Class && !status.IsZero() {
		e.Reply.Enhanced = status
	}
	switch e.Action {
	case Delayed:
		e.End = codes.EventDelayed
	case Expired:
		e.End = codes.EventDeadline
	default:
		if p.Reply.Code == 0 && p.Context.Event != codes.EventDelayed {
			e.End = p.Context.Event
		}
	}
}

// sendmailField is the value of a field. It ends where the next field begins.
func sendmailField(line, name string) string {
	rest, ok := strings.CutPrefix(line, name+"=")
	if !ok {
		if _, rest, ok = strings.Cut(line, ", "+name+"="); !ok {
			return ""
		}
	}
	for from := 0; ; {
		i := strings.Index(rest[from:], ", ")
		if i < 0 {
			return rest
		}
		i += from
		key, _, ok := strings.Cut(rest[i+2:], "=")
		if ok && key != "" && len(key) < 16 && !strings.ContainsAny(key, " <>@\"") {
			return rest[:i]
		}
		from = i + 2
	}
}

func withoutBrackets(s string) string {
	s = strings.TrimSpace(s)
	if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
		return s[1 : len(s)-1]
	}
	return s
}

func firstPart(s, end string) string {
	s, _, _ = strings.Cut(s, end)
	return s
}
