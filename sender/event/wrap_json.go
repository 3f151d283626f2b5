package event

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The names under which systems that keep logs as JSON have what a line says, when, where and who said it.
var (
	saidNames = [...]string{"MESSAGE", "log", "message", "msg", "line", "_line", "textPayload", "short_message"}
	timeNames = [...]string{"__REALTIME_TIMESTAMP", "_SOURCE_REALTIME_TIMESTAMP", "time", "timestamp", "@timestamp", "ts", "date", "_time"}
	hostNames = [...]string{"_HOSTNAME", "host", "hostname"}
	whoNames  = [...]string{"SYSLOG_IDENTIFIER", "_COMM", "ident", "program", "syslogtag", "appname"}
	pidNames  = [...]string{"_PID", "SYSLOG_PID", "pid", "procid"}
)

// object takes what is said out of an object of JSON. An object without it stays.
func (u *unwrapper) object(w *wrapped) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(w.words, &fields) != nil {
		return true
	}
	said, ok := textOf(fields, saidNames[:])
	if !ok {
		return true
	}
	if t := timeOf(fields); !t.IsZero() {
		w.time = t
	}
	if host, ok := textOf(fields, hostNames[:]); ok && !strings.ContainsAny(host, " {") {
		w.host = host
	}
	if who, ok := textOf(fields, whoNames[:]); ok && who != "" && !strings.Contains(who, " ") {
		w.tag = strings.TrimSuffix(who, ":")
		if pid, ok := textOf(fields, pidNames[:]); ok && pid != "" && !strings.HasSuffix(w.tag, "]") {
			w.tag += "[" + pid + "]"
		}
	}
	if _, docker := fields["log"]; docker && !strings.HasSuffix(said, "\n") && len(fields["stream"]) > 0 && len(said) >= dockerPart {
		u.part = append(u.part, said[:min(len(said), max(0, maxLine-len(u.part)))]...)
		return false
	}
	if len(u.part) > 0 {
		said = string(u.part) + said
		u.part = nil
	}
	w.words = []byte(strings.TrimRight(said, "\r\n"))
	return true
}

// dockerPart is the size of the parts in which Docker keeps a long line, in octets.
const dockerPart = 16 << 10

// textOf is the first of the fields that is there: a string, a number, or the octets of a string.
func textOf(fields map[string]json.RawMessage, names []string) (string, bool) {
	for _, name := range names {
		raw, ok := fields[name]
		if !ok {
			continue
		}
		var text string
		if json.Unmarshal(raw, &text) == nil {
			return text, true
		}
		var octets []uint16
		if json.Unmarshal(raw, &octets) == nil && octets != nil {
			b := make([]byte, len(octets))
			for i, c := range octets {
				b[i] = byte(c)
			}
			return string(b), true
		}
		if len(raw) > 0 && raw[0] >= '0' && raw[0] <= '9' {
			return string(raw), true
		}
	}
	return "", false
}

// timeOf is the time of an object: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970.
func timeOf(fields map[string]json.RawMessage) time.Time {
	text, _ := textOf(fields, timeNames[:])
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n < 1e8 || n > 1e19 {
		return time.Time{}
	}
	for n > 1e11 {
		n /= 1000
	}
	whole := int64(n)
	return time.Unix(whole, int64((n-float64(whole))*1e6)*1000).UTC()
}

// maxEntry bounds an entry of the journal that stands in several lines, in octets.
const maxEntry = 256 << 10

// journalEntry puts together an entry of "journalctl -o export", one field a line, or "-o json-pretty". It is one line of JSON
// once it is whole, nil before; ok is false for any other line.
func (u *unwrapper) journalEntry(line []byte) (entry []byte, ok bool) {
	if u.entry == nil {
		if !bytes.HasPrefix(line, []byte("__CURSOR=")) && !bytes.Equal(line, []byte("{")) {
			return nil, false
		}
		u.entry = append([]byte(nil), line...)
		return nil, true
	}
	pretty := u.entry[0] == '{'
	if end := pretty && bytes.Equal(line, []byte("}")) || !pretty && len(line) == 0; !end {
		if len(u.entry) < maxEntry {
			u.entry = append(append(u.entry, '\n'), line...)
		}
		return nil, true
	}
	whole := u.entry
	u.entry = nil
	if pretty {
		return append(whole, '}'), true
	}
	return exported(whole), true
}

// exported makes an object of the fields of an entry. A field that is no text has its name on a line, then eight octets of
// length and its value.
func exported(entry []byte) []byte {
	fields := map[string]string{}
	lines := strings.Split(string(entry), "\n")
	for i := 0; i < len(lines); i++ {
		name, value, ok := strings.Cut(lines[i], "=")
		if !ok && i+1 < len(lines) && len(lines[i+1]) > 8 {
			i++
			value = lines[i][8:]
		}
		fields[name] = value
	}
	object, err := json.Marshal(fields)
	if err != nil {
		return nil
	}
	return object
}
