package event

import (
	"bytes"
	"strconv"
	"time"
)

// maxPrefix is how long the words may be that stand before the time of a line, in octets.
const maxPrefix = 200

// prefix takes off what stands before a line that has a time of its own, or a time before it.
func (u *unwrapper) prefix(w *wrapped) bool {
	if t, host, rest, ok := journalStamp(w.words); ok {
		w.time, w.host, w.words = t, host, rest
		return true
	}
	stamp, rest, stamped := cutStamp(w.words)
	if !stamped {
		if i := stampIn(w.words[:min(len(w.words), maxPrefix+40)]); i > 0 {
			w.words = w.words[i:]
		} else if end := bytes.Index(w.words[:min(len(w.words), maxPrefix)], []byte("| ")); end > 0 && isService(w.words[:end]) {
			w.words = w.words[end+2:]
		}
		return true
	}
	when, clock := readStamp(stamp)
	if clock == NoYear {
		return true
	}
	if inner, whole, ok := criLine(rest); ok {
		w.time = when
		u.part = append(u.part, inner[:min(len(inner), max(0, maxLine-len(u.part)))]...)
		if !whole {
			return false
		}
		w.words, u.part = u.part, nil
		return true
	}
	if i := stampIn(rest[:min(len(rest), maxPrefix)]); i >= 0 && onlyNames(rest[:i]) {
		w.time, w.words = when, rest[i:]
	} else if bytes.HasPrefix(rest, []byte("{")) || bytes.HasPrefix(rest, []byte("@4")) || startsWithTag(rest) {
		w.time, w.words = when, rest
	}
	return true
}

// stampIn is where a time begins that stands behind a mark or a blank; -1 without one.
func stampIn(b []byte) int {
	for i := range b {
		if i > 0 && bytes.IndexByte([]byte(" :|-]\t)>"), b[i-1]) < 0 {
			continue
		}
		if c := b[i]; c < '0' || c > '9' && c < 'A' || c > 'S' {
			continue
		}
		if _, _, ok := cutStamp(b[i:]); ok {
			return i
		}
		if _, _, ok := taiLabel(b[i:]); ok {
			return i
		}
	}
	return -1
}

// onlyNames reports whether words between two times are names of streams or labels: a host and a program are none.
func onlyNames(b []byte) bool {
	return bytes.HasPrefix(b, []byte("{")) ||
		!bytes.Contains(b, []byte(": ")) && bytes.Count(b, []byte(" ")) <= 3 && !bytes.ContainsAny(b, `<>=@"*`)
}

// isService reports whether a line begins with a service of compose: "mail-1  ".
func isService(name []byte) bool {
	name = bytes.TrimRight(name, " ")
	for _, c := range name {
		if !isIDByte(c) && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return len(name) > 0
}

// criLine reads what a container runtime writes before a line: "stdout F ", or P where the line goes on in the next.
func criLine(rest []byte) (inner []byte, whole, ok bool) {
	if !bytes.HasPrefix(rest, []byte("stdout ")) && !bytes.HasPrefix(rest, []byte("stderr ")) {
		return nil, false, false
	}
	flags, inner, ok := bytes.Cut(rest[len("stdout "):], []byte(" "))
	if !ok || len(flags) == 0 || flags[0] != 'F' && flags[0] != 'P' {
		return nil, false, false
	}
	return inner, flags[0] == 'F', true
}

// journalStamp reads the times of "journalctl -o short-full" and "short-unix", which no syslog has: "Sun 2026-11-01 08:09:10 UTC ",
// "1793520550.123456 ".
func journalStamp(line []byte) (t time.Time, host string, rest []byte, ok bool) {
	if t, rest, ok := unixSeconds(line); ok {
		name, after, _ := bytes.Cut(rest, []byte(" "))
		if bytes.HasSuffix(name, []byte(":")) || !startsWithTag(after) {
			return t, "", nil, false
		}
		return t, string(name), after, true
	}
	if len(line) < len("Sun 2026-11-01 08:09:10 UTC ") || line[3] != ' ' || line[0] < 'F' || line[0] > 'W' || line[4] < '1' || line[4] > '2' {
		return t, "", nil, false
	}
	stamp, rest, ok := cutStamp(line[4:])
	if !ok {
		return t, "", nil, false
	}
	t, _ = readStamp(stamp)
	zone, rest, ok := bytes.Cut(rest, []byte(" "))
	name, after, ok2 := bytes.Cut(rest, []byte(" "))
	if !ok || !ok2 || !startsWithTag(after) {
		return t, "", nil, false
	}
	return t.Add(-zoneNamed(string(zone))), string(name), after, true
}

// zoneNamed is how far a zone is from UTC: "JST", "+0530". What is not known counts as UTC.
func zoneNamed(name string) time.Duration {
	hours := map[string]float64{"JST": 9, "KST": 9, "CET": 1, "CEST": 2, "BST": 1, "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4,
		"CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "IST": 5.5, "AEST": 10, "AEDT": 11}
	if h, ok := hours[name]; ok {
		return time.Duration(h * float64(time.Hour))
	}
	if len(name) >= 3 && (name[0] == '+' || name[0] == '-') {
		n, err := strconv.Atoi(name[1:])
		if err != nil {
			return 0
		}
		if n < 100 {
			n *= 100
		}
		d := time.Duration(n/100)*time.Hour + time.Duration(n%100)*time.Minute
		if name[0] == '-' {
			return -d
		}
		return d
	}
	return 0
}
