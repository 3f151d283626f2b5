package event

import (
	"bytes"
	"strconv"
	"time"
)

// sysline is a line of syslog, taken apart.
type sysline struct {
	time  time.Time // the digits as written, in UTC where no zone is named; of year 0 where no year is
	clock Clock
	host  string
	tag   []byte // the program, without its process id
	words []byte // what it says
}

// parseSysline reads the line of a syslog, as BSD (RFC 3164), rsyslog (RFC 3339 stamps), RFC 5424, Solaris and AIX write it.
func parseSysline(line []byte) (s sysline, ok bool) {
	rest, priority := withoutPriority(line)
	if priority && bytes.HasPrefix(rest, []byte("1 ")) {
		return parse5424(rest[2:])
	}
	if rest, ok = s.stamp(rest); !ok {
		return s, false
	}
	if bytes.HasPrefix(rest, []byte("<")) { // FreeBSD with -v: <mail.info>
		_, rest, _ = bytes.Cut(rest, []byte("> "))
	}
	host, rest, ok := bytes.Cut(rest, []byte(" "))
	if !ok {
		return s, false
	}
	if bytes.HasSuffix(host, []byte(":")) { // no host is named
		s.tag, s.words = tagName(host[:len(host)-1]), rest
		return s, true
	}
	s.host = string(host)
	tag, words, ok := bytes.Cut(rest, []byte(": "))
	if i := bytes.LastIndexByte(tag, ' '); i >= 0 && bytes.IndexByte(tag[:i], ':') > 0 { // AIX: "mail:info sendmail[12]"
		tag = tag[i+1:]
	}
	s.tag, s.words = tagName(tag), words
	if bytes.HasPrefix(words, []byte("[ID ")) { // Solaris: "[ID 801593 mail.info]"
		_, s.words, _ = bytes.Cut(words, []byte("] "))
	}
	return s, ok
}

// parse5424 reads what follows the version of a line of RFC 5424.
func parse5424(line []byte) (s sysline, ok bool) {
	rest, ok := s.stamp(line)
	if !ok {
		return s, false
	}
	var part [4][]byte // host, program, process, id of the message
	for i := range part {
		if part[i], rest, ok = bytes.Cut(rest, []byte(" ")); !ok {
			return s, false
		}
	}
	s.host, s.tag = string(part[0]), part[1]
	for bytes.HasPrefix(rest, []byte("[")) { // structured data: "]" within a value has a backslash
		end := 1
		for end < len(rest) && (rest[end] != ']' || rest[end-1] == '\\') {
			end++
		}
		rest = rest[min(end+1, len(rest)):]
	}
	s.words = bytes.TrimPrefix(bytes.TrimLeft(bytes.TrimPrefix(rest, []byte("-")), " "), []byte("\ufeff"))
	return s, true
}

// withoutPriority takes "<22>" off a line.
func withoutPriority(line []byte) (rest []byte, ok bool) {
	if len(line) == 0 || line[0] != '<' {
		return line, false
	}
	end := bytes.IndexByte(line[:min(len(line), 5)], '>')
	if end < 2 || line[1] < '0' || line[1] > '9' {
		return line, false
	}
	return line[end+1:], true
}

// tagName is a tag without the id of its process: "sendmail[12]".
func tagName(tag []byte) []byte {
	if i := bytes.IndexByte(tag, '['); i >= 0 {
		return tag[:i]
	}
	return tag
}

// stamp reads the time that a line begins with and gives the rest.
func (s *sysline) stamp(line []byte) (rest []byte, ok bool) {
	if len(line) < len("Nov  1 08:09:10 ") {
		return nil, false
	}
	if line[0] >= '0' && line[0] <= '9' {
		return s.isoStamp(line)
	}
	month := monthOf(line[:3])
	if month == 0 || line[3] != ' ' {
		return nil, false
	}
	s.clock = NoYear
	rest = bytes.TrimLeft(line[4:], " ")
	day, rest, ok := number(rest, 1, 2)
	if !ok || day < 1 || day > 31 || !bytes.HasPrefix(rest, []byte(" ")) {
		return nil, false
	}
	rest = rest[1:]
	year := 0
	if y, after, ok := number(rest, 4, 4); ok && bytes.HasPrefix(after, []byte(" ")) {
		year, rest, s.clock = y, after[1:], NoZone
	}
	clock, rest, ok := clockTime(rest)
	if !ok || !bytes.HasPrefix(rest, []byte(" ")) {
		return nil, false
	}
	s.time = time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Add(clock)
	return rest[1:], true
}

// isoStamp reads "2026-11-01T08:09:10.123+09:00 ", with or without a zone.
func (s *sysline) isoStamp(line []byte) (rest []byte, ok bool) {
	year, rest, ok := number(line, 4, 4)
	if !ok || len(rest) < len("-11-01T08:09:10 ") || rest[0] != '-' || rest[3] != '-' || rest[6] != 'T' && rest[6] != ' ' {
		return nil, false
	}
	month, _, ok1 := number(rest[1:], 2, 2)
	day, _, ok2 := number(rest[4:], 2, 2)
	clock, rest, ok3 := clockTime(rest[7:])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || day < 1 || day > 31 {
		return nil, false
	}
	zone, rest, named := zoneOf(rest)
	if !named {
		s.clock = NoZone
	}
	if !bytes.HasPrefix(rest, []byte(" ")) {
		return nil, false
	}
	s.time = time.Date(year, time.Month(month), day, 0, 0, 0, 0, zone).Add(clock)
	return rest[1:], true
}

// zoneOf reads "Z", "+09:00" or "+0900"; named is false where there is none.
func zoneOf(b []byte) (zone *time.Location, rest []byte, named bool) {
	if len(b) > 0 && b[0] == 'Z' {
		return time.UTC, b[1:], true
	}
	if len(b) < 5 || b[0] != '+' && b[0] != '-' {
		return time.UTC, b, false
	}
	hours, rest, ok1 := number(b[1:], 2, 2)
	minutes, rest, ok2 := number(bytes.TrimPrefix(rest, []byte(":")), 2, 2)
	if !ok1 || !ok2 {
		return time.UTC, b, false
	}
	seconds := (hours*60 + minutes) * 60
	if b[0] == '-' {
		seconds = -seconds
	}
	if seconds == 0 {
		return time.UTC, rest, true
	}
	return time.FixedZone("", seconds), rest, true
}

// clockTime reads "08:09:10" and the part of a second that may follow.
func clockTime(b []byte) (d time.Duration, rest []byte, ok bool) {
	if len(b) < 8 || b[2] != ':' || b[5] != ':' {
		return 0, nil, false
	}
	h, _, ok1 := number(b, 2, 2)
	m, _, ok2 := number(b[3:], 2, 2)
	s, rest, ok3 := number(b[6:], 2, 2)
	if !ok1 || !ok2 || !ok3 || h > 23 || m > 59 || s > 60 {
		return 0, nil, false
	}
	d = time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second
	if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
		part := time.Second
		for rest = rest[1:]; len(rest) > 0 && rest[0] >= '0' && rest[0] <= '9'; rest = rest[1:] {
			part /= 10
			d += part * time.Duration(rest[0]-'0')
		}
	}
	return d, rest, true
}

// monthOf is the month of an English name of three letters, or 0.
func monthOf(name []byte) time.Month {
	const names = "JanFebMarAprMayJunJulAugSepOctNovDec"
	if i := bytes.Index([]byte(names), name); i >= 0 && i%3 == 0 {
		return time.Month(i/3 + 1)
	}
	return 0
}

// number reads a number of least to most digits.
func number(b []byte, least, most int) (n int, rest []byte, ok bool) {
	end := 0
	for end < len(b) && end < most && b[end] >= '0' && b[end] <= '9' {
		end++
	}
	if end < least {
		return 0, b, false
	}
	n, err := strconv.Atoi(string(b[:end]))
	return n, b[end:], err == nil
}
