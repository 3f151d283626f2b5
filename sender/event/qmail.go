package event

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/codes/paste"
)

// qmail is the log of qmail-send, as multilog or syslog keeps it. A delivery has a number; three lines tell of it.
func qmail() lineFormat {
	return lineFormat{name: "qmail", is: isQmail, scan: scanQmail, join: newQmailJoiner}
}

// What a line of qmail tells beside how a delivery ended. The number of the delivery or of the message is the QueueID.
const (
	qmailInfo  recordKind = iota + 1 // the sender of a message
	qmailStart                       // a delivery begins: EnvelopeID is the number of the message
	qmailEnd                         // the message is done
)

func isQmail(line []byte) bool {
	return scanQmail(line, new(record))
}

// qmailSigns are in the lines that tell something.
var qmailSigns = [...]struct {
	sign string
	read func(r *record, words string) bool
}{
	{"delivery ", (*record).qmailDelivery},
	{"starting delivery ", (*record).qmailStarting},
	{"info msg ", (*record).qmailSender},
	{"end msg ", (*record).qmailDone},
}

func scanQmail(line []byte, r *record) bool {
	if !bytes.Contains(line, []byte("delivery ")) && !bytes.Contains(line, []byte("info msg ")) && !bytes.Contains(line, []byte("end msg ")) {
		return false
	}
	q, ok := parseQmail(line)
	if !ok {
		return false
	}
	for _, s := range qmailSigns {
		if rest, ok := bytes.CutPrefix(q.words, []byte(s.sign)); ok {
			r.take()
			r.Time, r.Clock, r.ReportingMTA = q.time, q.clock, string(q.host)
			return s.read(r, string(rest))
		}
	}
	return false
}

// qmailLine is a line of the log.
type qmailLine struct {
	time        time.Time
	clock       Clock
	host, words []byte
}

// parseQmail reads the time before the words: a label of multilog, the same made readable, or syslog and seconds.
func parseQmail(line []byte) (q qmailLine, ok bool) {
	if q.time, q.words, ok = taiLabel(line); ok {
		return q, true
	}
	if q.time, q.words, ok = unixSeconds(line); ok {
		return q, true
	}
	if s, ok := parseSyslog(line); ok && (string(s.program) == "qmail" || string(s.program) == "qmail-send") {
		q.host = s.host
		if q.time, q.words, ok = unixSeconds(s.message); !ok {
			q.words = s.message
			q.time, q.clock = readStamp(s.stamp)
		}
		return q, true
	}
	stamp, words, ok := cutStamp(line) // of tai64nlocal
	if ok {
		q.words = words
		q.time, q.clock = readStamp(stamp)
	}
	return q, ok
}

// taiLabel reads "@4000000037c219bf2ef02e94 ": seconds of TAI since 1970, and nanoseconds.
func taiLabel(line []byte) (t time.Time, rest []byte, ok bool) {
	const digits = 24
	if len(line) < digits+2 || line[0] != '@' || line[digits+1] != ' ' {
		return t, nil, false
	}
	var b [digits / 2]byte
	if _, err := hex.Decode(b[:], line[1:digits+1]); err != nil || b[0] != 0x40 {
		return t, nil, false
	}
	seconds, nanos := int64(0), int64(0)
	for _, c := range b[1:8] {
		seconds = seconds<<8 | int64(c)
	}
	for _, c := range b[8:] {
		nanos = nanos<<8 | int64(c)
	}
	return time.Unix(seconds-10, nanos).UTC(), line[digits+2:], true
}

// unixSeconds reads "1098765432.123456 ".
func unixSeconds(line []byte) (t time.Time, rest []byte, ok bool) {
	s, rest, ok := number(line, 9, 10)
	if !ok || len(rest) < 2 || rest[0] != '.' {
		return t, nil, false
	}
	micro, rest, ok := number(rest[1:], 6, 6)
	if !ok || len(rest) == 0 || rest[0] != ' ' {
		return t, nil, false
	}
	return time.Unix(int64(s), int64(micro)*1000).UTC(), rest[1:], true
}

// number reads a number of least to most digits.
func number(b []byte, least, most int) (n int, rest []byte, ok bool) {
	end := 0
	for end < len(b) && end < most && isDigit(b[end]) {
		end++
	}
	if end < least {
		return 0, b, false
	}
	n, err := strconv.Atoi(string(b[:end]))
	return n, b[end:], err == nil
}

// qmailSender reads "93869: bytes 2343 from <a@b> qp 12345 uid 89".
func (r *record) qmailSender(words string) bool {
	id, rest, _ := strings.Cut(words, ": ")
	_, from, ok := strings.Cut(rest, " from <")
	if !ok {
		return false
	}
	r.kind, r.QueueID = qmailInfo, id
	r.From, _, _ = strings.Cut(from, ">")
	return true
}

// qmailStarting reads "1: msg 93869 to remote c@d".
func (r *record) qmailStarting(words string) bool {
	number, rest, _ := strings.Cut(words, ": msg ")
	message, rest, _ := strings.Cut(rest, " to ")
	where, to, ok := strings.Cut(rest, " ")
	if !ok {
		return false
	}
	r.kind, r.QueueID, r.EnvelopeID, r.Recipient = qmailStart, number, message, to
	if at := strings.LastIndexByte(to, '@'); where == "local" && at > 0 { // of a virtual domain: "d.example-c@d.example"
		if name, ok := strings.CutPrefix(to[:at], to[at+1:]+"-"); ok && name != "" {
			r.Recipient = name + to[at:]
		}
	}
	return true
}

// qmailDone reads "93869".
func (r *record) qmailDone(words string) bool {
	r.kind, r.QueueID = qmailEnd, strings.TrimSpace(words)
	return true
}

// qmailDelivery reads "1: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/".
func (r *record) qmailDelivery(words string) bool {
	number, rest, _ := strings.Cut(words, ": ")
	end, said, ok := strings.Cut(rest, ":")
	if !ok {
		return false
	}
	said = strings.TrimSpace(said)
	r.QueueID = number
	switch end {
	case "success":
		r.Action = Delivered
	case "deferral":
		r.Action = Delayed
	case "failure":
		r.Action = Failed
		if strings.Contains(said, "in_the_queue_too_long") {
			r.Action = Expired
		}
	default:
		return false
	}
	text := strings.TrimSpace(strings.ReplaceAll(said, "_", " "))
	r.Diagnostic = strings.TrimRight(text, "/ ")
	for word := range strings.FieldsSeq(strings.ReplaceAll(text, "/", " ")) {
		if ip, err := netip.ParseAddr(strings.Trim(word, "[]().,:;")); err == nil {
			r.RemoteIP, r.RemoteMTA = ip, ip.String()
			break
		}
	}
	if r.Action.Trouble() {
		r.qmailWords(strings.ReplaceAll(text, "/", "\n"))
	}
	return true
}

// qmailWords reads what the server said, or qmail itself.
func (r *record) qmailWords(words string) {
	p := paste.Parse(words)
	r.Reply, r.Stage = p.Reply, p.Context.Stage
	switch {
	case r.Action == Delayed:
		r.End = codes.EventDelayed
	case r.Action == Expired:
		r.End = codes.EventDeadline
	case p.Context.Event != codes.EventDelayed:
		r.End = p.Context.Event
	}
}
