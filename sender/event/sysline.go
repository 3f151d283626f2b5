package event

import (
	"strconv"
	"time"
)

// sysline is a line of syslog, taken apart, with its time read.
type sysline struct {
	time  time.Time // the digits as written, in UTC where no zone is named; of year 0 where no year is
	clock Clock
	host  string
	tag   []byte // the program, without its process id
	words []byte // what it says
}

// parseSysline reads a line in any form that parseSyslog knows.
func parseSysline(line []byte) (sysline, bool) {
	s, ok := parseSyslog(line)
	if !ok {
		return sysline{}, false
	}
	out := sysline{host: string(s.host), tag: s.program, words: s.message}
	out.time, out.clock = readStamp(s.stamp)
	return out, true
}

// stamp reads the time that a line begins with and gives the rest.
func (s *sysline) stamp(line []byte) (rest []byte, ok bool) {
	n := stampLength(line)
	if n == 0 || n+1 >= len(line) || line[n] != ' ' {
		return nil, false
	}
	s.time, s.clock = readStamp(line[:n])
	return line[n+1:], true
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
