package event

import (
	"bytes"
	"strings"

	"todoku/codes"
)

// eximFormat reads the main log of Exim, written to a file or to syslog.
func eximFormat() lineFormat {
	return lineFormat{"exim", isExim, scanExim, func() joiner { return newEximJoiner() }}
}

// What a line of Exim tells, other than an event.
const (
	eximArrived   recordKind = iota + 1 // text is what stands behind the mark
	eximCompleted                       // the mail has left the queue
	eximTried                           // a host was tried in vain
)

// eximLine is a line of the main log. The id is nil where it is about no mail.
type eximLine struct {
	stamp, host []byte
	id, rest    []byte
}

// parseExim reads "2026-11-02 03:04:05.678 +0900 [123] 1vSKEq-00RnnC-ew => …", and the same behind the head of syslog, where the
// time may be missing.
func parseExim(line []byte) (e eximLine, ok bool) {
	if e.stamp, e.rest, ok = cutEximStamp(line); ok && e.cutID() {
		return e, true
	}
	s, inSyslog := parseSyslog(line)
	if !inSyslog || !bytes.HasPrefix(s.program, []byte("exim")) {
		return e, ok
	}
	if e.stamp, e.rest, ok = cutEximStamp(s.message); !ok {
		e.stamp, e.rest = s.stamp, s.message
	}
	e.host = s.host
	e.cutID()
	return e, true
}

// cutEximStamp takes the time and the number of the process off a line.
func cutEximStamp(line []byte) (stamp, rest []byte, ok bool) {
	if len(line) > 10 && (line[0] >= 'A' || line[10] != ' ') {
		return nil, line, false
	}
	if stamp, rest, ok = cutStamp(line); ok {
		rest = cutEximPID(rest)
	}
	return stamp, rest, ok
}

// cutEximPID takes "[123] " off a text.
func cutEximPID(text []byte) []byte {
	if len(text) < 4 || text[0] != '[' || !isDigit(text[1]) {
		return text
	}
	if end := bytes.IndexByte(text[:min(len(text), 12)], ']'); end > 0 && len(text) > end+2 && text[end+1] == ' ' {
		return text[end+2:]
	}
	return text
}

// cutID takes the id of a mail off the rest: 6-6-2 letters and digits, since 4.97 6-11-4.
func (e *eximLine) cutID() bool {
	e.rest = cutEximPID(e.rest)
	for _, n := range [...]int{16, 23} {
		if len(e.rest) > n && e.rest[n] == ' ' && e.rest[6] == '-' && (n == 16 && e.rest[13] == '-' || n == 23 && e.rest[18] == '-') {
			for i, c := range e.rest[:n] {
				if !isIDByte(c) && (c != '-' || i != 6 && i != n-3 && i != n-5) {
					return false
				}
			}
			e.id, e.rest = e.rest[:n], e.rest[n+1:]
			return true
		}
	}
	return false
}

// eximWords begin lines of the main log that are about no mail.
var eximWords = [...]string{"Start queue run: pid=", "End queue run: pid=", "SMTP connection from ", "no host name found for IP address ",
	"TLS error on connection ", "unexpected disconnection while reading SMTP command", "SMTP protocol synchronization error", "exim ",
	"H=", "SMTP command timeout on connection", "no IP address found for host ", "rejected "}

func isExim(line []byte) bool {
	e, ok := parseExim(line)
	if !ok || e.id != nil {
		return ok
	}
	for _, w := range eximWords {
		if bytes.HasPrefix(e.rest, []byte(w)) {
			return true
		}
	}
	return false
}

// eximActions are what the marks of a line mean. What is only tried out (-N) is delivered to nobody.
func eximAction(mark []byte) Action {
	switch string(mark) {
	case "=>", "->", ">>":
		return Delivered
	case "*>":
		return Other
	case "==":
		return Delayed
	case "**":
		return Failed
	}
	return ""
}

// maxHostName is how long the name of a host may be.
const maxHostName = 256

// scanExim reads "ID => a@b R=… T=… H=h [a] C=\"250 …\"", "ID ** a@b …: words", "ID <= sender …", "ID
// Completed". Lines with an id and
// no mark tell of hosts that were tried in vain; the outcome follows.
func scanExim(line []byte, r *record) bool {
	if len(line) < 20 || line[0] != '<' && line[0] < 'A' && line[4] != '-' {
		return false
	}
	x, ok := parseExim(line)
	if !ok || x.id == nil || len(x.rest) < 4 {
		return false
	}
	r.key = x.id
	if string(x.rest) == "Completed" || bytes.HasPrefix(x.rest, []byte("Completed ")) {
		r.kind = eximCompleted
		return true
	}
	if x.rest[2] != ' ' {
		r.kind, r.text = eximTried, x.rest
		return bytes.HasPrefix(x.rest, []byte("H=")) || bytes.IndexByte(x.rest[:min(len(x.rest), maxHostName)], '[') > 0
	}
	mark, text := x.rest[:2], x.rest[3:]
	if string(mark) == "<=" {
		r.kind, r.text = eximArrived, text
		return true
	}
	action := eximAction(mark)
	if action == "" {
		return false
	}
	e := r.take()
	e.Action, e.QueueID, e.ReportingMTA = action, r.copies.of(x.id), r.copies.of(x.host)
	e.Time, e.Clock = readStamp(x.stamp)
	if !readEximDelivery(r, text) {
		r.kind = unread
	}
	return true
}

// readEximDelivery reads what stands behind the mark.
func readEximDelivery(r *record, text []byte) bool {
	fields, ok := readEximAddresses(r, text)
	if !ok {
		return false
	}
	switch r.Action {
	case Delivered, Other:
		readEximFields(r, fields)
		r.Reply.Code = firstCode(r.Diagnostic)
		r.End = codes.EventDelivered
		return true
	case Delayed:
		r.End = codes.EventDelayed
	}
	fields, words := cutEximWords(fields)
	r.Diagnostic = r.copies.of(words)
	readEximFields(r, fields)
	if r.Action == Failed && givenUp(r.Diagnostic) {
		r.Action, r.End = Expired, codes.EventDeadline
	}
	return true
}

// givenUp reports whether Exim says that a mail was tried for too long.
func givenUp(words string) bool {
	for _, w := range [...]string{"retry timeout exceeded", "have been failing for a long time", "after a long failure period",
		"retry time not reached for any host after"} {
		if strings.Contains(words, w) {
			return true
		}
	}
	return false
}

// cutEximWords parts the fields of a line from the words behind them: "R=r T=t H=h [a]: words". What is quoted is a field's.
func cutEximWords(text []byte) (fields, words []byte) {
	quoted := false
	for i, c := range text {
		switch {
		case c == '"' && (i == 0 || text[i-1] != '\\'):
			quoted = !quoted
		case c == ':' && !quoted && (i+1 == len(text) || text[i+1] == ' '):
			return text[:i], bytes.TrimPrefix(text[i+1:], []byte(" "))
		}
	}
	return text, nil
}
