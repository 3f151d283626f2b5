package event

import (
	"bytes"
	"net/netip"
	"strings"
)

// openSMTPD is the log of OpenSMTPD: one line for each attempt.
func openSMTPD() lineFormat {
	return lineFormat{name: "opensmtpd", is: isOpenSMTPD, scan: scanOpenSMTPD}
}

// isOpenSMTPD knows the program by its tag: others are called smtpd with a prefix.
func isOpenSMTPD(line []byte) bool {
	s, ok := parseSyslog(line)
	return ok && isSMTPD(s.program) && !bytes.Contains(line, []byte(" warning: "))
}

func isSMTPD(program []byte) bool {
	return string(program) == "smtpd" || string(program) == "opensmtpd"
}

func scanOpenSMTPD(line []byte, r *record) bool {
	if !bytes.Contains(line, []byte("stat=")) || !bytes.Contains(line, []byte("to=<")) {
		return false
	}
	s, ok := parseSyslog(line)
	if !ok || !isSMTPD(s.program) {
		return false
	}
	words := string(s.message)
	result, ok := resultOf(words)
	if !ok {
		return false
	}
	r.take()
	r.Time, r.Clock = readStamp(s.stamp)
	r.ReportingMTA = string(s.host)
	r.Diagnostic = smtpdValue(words, "stat")
	switch strings.ToLower(result) {
	case "ok":
		r.Action = Delivered
	case "tempfail", "loop":
		r.Action = Delayed
	case "permfail":
		r.Action = Failed
	case "expire", "expired":
		r.Action = Expired
	default:
		return false
	}
	if r.Action == Failed && strings.Contains(strings.ToLower(r.Diagnostic), "envelope expired") {
		r.Action = Expired
	}
	r.From, r.Recipient = smtpdValue(words, "from"), smtpdValue(words, "to")
	if rcpt := smtpdValue(words, "rcpt"); rcpt != "-" && rcpt != r.Recipient {
		r.OriginalRecipient = rcpt
	}
	r.QueueID = smtpdValue(words, "evpid")
	r.SendingIP, _ = netip.ParseAddr(strings.Trim(smtpdValue(words, "source"), "[]"))
	r.smtpdRelay(smtpdValue(words, "relay"))
	if r.Action.Trouble() {
		r.readWords(r.Diagnostic)
	}
	return true
}

// resultOf is how an attempt ended: `… mta delivery … result="PermFail"`, or of older versions "relay: PermFail for EVPID: …".
func resultOf(words string) (string, bool) {
	if result := smtpdValue(words, "result"); result != "" {
		return result, strings.Contains(words, "delivery") || strings.Contains(words, " mta ") || strings.Contains(words, " mda ") ||
			strings.Contains(words, "evpid=")
	}
	kind, rest, _ := strings.Cut(words, ": ")
	result, _, ok := strings.Cut(rest, " for ")
	return result, ok && (kind == "relay" || kind == "delivery" || kind == "mta" || kind == "mda")
}

// smtpdRelay reads `192.0.2.1 (mx.example)`, a name alone, or "[2001:db8::1]".
func (e *Event) smtpdRelay(s string) {
	address, name, _ := strings.Cut(s, " (")
	e.RemoteIP, _ = literalIP(strings.Trim(address, "[]"))
	name = strings.Trim(name, "() .")
	if !e.RemoteIP.IsValid() {
		name = strings.Trim(address, " .")
	}
	if strings.Contains(name, ".") {
		e.RemoteMTA = strings.ToLower(name)
	} else if e.RemoteIP.IsValid() {
		e.RemoteMTA = e.RemoteIP.String()
	}
}

// smtpdValue is the value of key=value, key=<value> or key="value".
func smtpdValue(words, key string) string {
	rest, ok := strings.CutPrefix(words, key+"=")
	if !ok {
		if _, rest, ok = strings.Cut(words, " "+key+"="); !ok {
			return ""
		}
	}
	switch {
	case strings.HasPrefix(rest, `"`):
		if end := strings.LastIndexByte(rest, '"'); key == "stat" && end > 0 { // the last field: the words may have quotes
			return rest[1:end]
		}
		rest, _, _ = strings.Cut(rest[1:], `"`)
		return rest
	case strings.HasPrefix(rest, "<"):
		rest, _, _ = strings.Cut(rest[1:], ">")
		return rest
	case key == "stat":
		return rest
	case key == "relay": // of older versions: "relay=192.0.2.1 (mx.example), delay=…"
		rest, _, _ = strings.Cut(rest, ",")
		if i := strings.Index(rest, "="); i > 0 {
			rest = rest[:max(strings.LastIndexByte(rest[:i], ' '), 0)]
		}
		return rest
	}
	rest, _, _ = strings.Cut(rest, " ")
	return strings.TrimRight(rest, ",;")
}
