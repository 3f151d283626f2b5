package event

import (
	"bytes"
	"time"
)

// syslogLine is a line of syslog, in any of the forms in which it is written to a file.
type syslogLine struct {
	stamp   []byte // as it is written
	host    []byte // "" where the line names none
	program []byte // "postfix/smtp", without the number of its process
	message []byte
}

// maxTokens is how many words stand before the colon of the program at most: the host, the level, the program.
const maxTokens = 4

// parseSyslog reads "Nov  2 03:04:05 host program[123]: message" (RFC 3164), the same with a time of RFC 3339, with the level
// "<22>", "<mail.info>" or "mail.info", without the host, and RFC 5424. It copies nothing.
func parseSyslog(line []byte) (s syslogLine, ok bool) {
	if len(line) > 4 && line[0] == '<' {
		end := bytes.IndexByte(line[:min(len(line), 5)], '>')
		if end < 2 {
			return s, false
		}
		line = line[end+1:]
		if bytes.HasPrefix(line, []byte("1 ")) {
			return parse5424(line[2:])
		}
	}
	stamp, rest, ok := cutStamp(line)
	if !ok {
		return s, false
	}
	s.stamp, rest = stamp, bytes.TrimLeft(rest, " ")
	for range maxTokens {
		end := bytes.IndexByte(rest, ' ')
		if end <= 0 {
			return s, false
		}
		if rest[end-1] == ':' {
			s.program, s.message = withoutPID(rest[:end-1]), rest[end+1:]
			if len(s.message) > 4 && s.message[0] == '[' && s.message[1] == 'I' { // Solaris: "[ID 801593 mail.info] "
				if _, message, ok := bytes.Cut(s.message, []byte("] ")); ok {
					s.message = message
				}
			}
			return s, true
		}
		if s.host == nil && !isLevel(rest[:end]) {
			s.host = rest[:end]
		}
		rest = rest[end+1:]
	}
	return s, false
}

// parse5424 reads what follows "<22>1 ": time, host, program, process, kind, structured data, message (RFC 5424 §6).
func parse5424(line []byte) (s syslogLine, ok bool) {
	for _, field := range [...]*[]byte{&s.stamp, &s.host, &s.program, nil, nil} {
		value, rest, more := bytes.Cut(line, []byte{' '})
		if !more {
			return s, false
		}
		if field != nil {
			*field = value
		}
		line = rest
	}
	for len(line) > 0 && line[0] == '[' { // elements with quoted values, in which a backslash stands before a quotation mark
		line = afterElement(line)
	}
	line = bytes.TrimPrefix(line, []byte("-"))
	s.message = bytes.TrimPrefix(bytes.TrimLeft(line, " "), []byte("\ufeff"))
	if stampLength(s.stamp) != len(s.stamp) {
		return s, false
	}
	return s, len(s.message) > 0
}

func afterElement(line []byte) []byte {
	quoted := false
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\':
			i++
		case line[i] == '"':
			quoted = !quoted
		case line[i] == ']' && !quoted:
			return line[i+1:]
		}
	}
	return nil
}

func withoutPID(program []byte) []byte {
	if n := len(program); n > 0 && program[n-1] == ']' {
		if i := bytes.LastIndexByte(program, '['); i >= 0 {
			return program[:i]
		}
	}
	return program
}

// isLevel reports whether a word is a facility and a level: "mail.info", "<mail.info>", "<22>".
func isLevel(word []byte) bool {
	if word[0] == '<' {
		return true
	}
	i := bytes.IndexByte(word, '.')
	if i < 0 || bytes.Count(word, []byte{'.'}) != 1 {
		return false
	}
	switch string(word[i+1:]) {
	case "emerg", "alert", "crit", "err", "error", "warn", "warning", "notice", "info", "debug":
		return true
	}
	return false
}

// cutStamp takes the time that a line begins with, and the blank behind it, off the line.
func cutStamp(line []byte) (stamp, rest []byte, ok bool) {
	n := stampLength(line)
	if n == 0 || n+1 >= len(line) || line[n] != ' ' {
		return nil, line, false
	}
	return line[:n], line[n+1:], true
}

// stampLength is how long the time at the beginning of a line is, 0 where there is none.
func stampLength(line []byte) int {
	if len(line) < 15 {
		return 0
	}
	if line[0] >= 'A' {
		return bsdLength(line)
	}
	if line[0] < '0' || line[0] > '9' || line[4] != '-' || line[7] != '-' || !isDate(line) {
		return 0
	}
	end := bytes.IndexByte(line[10:], ' ')
	if end < 0 {
		end = len(line) - 10
	}
	if end > 0 {
		return 10 + end
	}
	n := 11 + clockLength(line[11:]) // "2026-11-02 03:04:05.678 +0900"
	if n == 11 {
		return 0
	}
	if n+6 < len(line) && line[n] == ' ' && (line[n+1] == '+' || line[n+1] == '-') {
		if end := bytes.IndexByte(line[n+1:], ' '); end > 0 {
			return n + 1 + end
		}
	}
	return n
}

// bsdLength is the length of "Nov  2 03:04:05", with parts of a second, or with the year before or behind it.
func bsdLength(line []byte) int {
	if month(line) == 0 || line[3] != ' ' {
		return 0
	}
	i := 4
	for i < 6 && line[i] == ' ' {
		i++
	}
	for i < 7 && isDigit(line[i]) {
		i++
	}
	if line[i] != ' ' || !isDigit(line[i-1]) {
		return 0
	}
	i++
	if isYear(line[i:]) {
		i += len("2026 ")
	}
	n := clockLength(line[i:])
	if n == 0 {
		return 0
	}
	i += n
	if i < len(line) && line[i] == ' ' && isYear(line[i+1:]) && line[i+1] == '2' {
		i += len(" 2026")
	}
	return i
}

// isYear reports whether a text begins with four digits and a blank.
func isYear(s []byte) bool {
	return len(s) > 5 && isDigit(s[0]) && isDigit(s[1]) && isDigit(s[2]) && isDigit(s[3]) && s[4] == ' '
}

// clockLength is the length of "03:04:05" or "03:04:05.678".
func clockLength(s []byte) int {
	if len(s) < 8 || s[2] != ':' || s[5] != ':' || !isDigit(s[0]) || !isDigit(s[1]) || !isDigit(s[3]) || !isDigit(s[4]) ||
		!isDigit(s[6]) || !isDigit(s[7]) {
		return 0
	}
	n := 8
	if n+1 < len(s) && (s[n] == '.' || s[n] == ',') && isDigit(s[n+1]) {
		for n++; n < len(s) && isDigit(s[n]); n++ {
		}
	}
	return n
}

func isDigit(c byte) bool { return c-'0' < 10 }

// month reads the name of a month, 0 for none.
func month(s []byte) time.Month {
	switch string(s[:3]) {
	case "Jan":
		return time.January
	case "Feb":
		return time.February
	case "Mar":
		return time.March
	case "Apr":
		return time.April
	case "May":
		return time.May
	case "Jun":
		return time.June
	case "Jul":
		return time.July
	case "Aug":
		return time.August
	case "Sep":
		return time.September
	case "Oct":
		return time.October
	case "Nov":
		return time.November
	case "Dec":
		return time.December
	}
	return 0
}
