package event

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"time"
)

// unwrap takes off what others put around the lines of a log: the journal of systemd, Docker, Kubernetes, services that
// keep logs, grep, and mails that quote them. It looks at the beginning only; a log without such things is read as it is.
func (in *input) unwrap() error {
	if !isWrapped(in.head) {
		return nil
	}
	buf := make([]byte, 0, 2*headSize)
	in.r = bufio.NewReaderSize(&unwrapper{r: in.r, buf: buf, out: buf}, headSize)
	head, err := in.r.Peek(headSize)
	in.head = head
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// wrapLooked is how many lines decide whether a log is wrapped.
const wrapLooked = 200

// isWrapped reports whether more of the first lines are of a log once they are unwrapped.
func isWrapped(head []byte) bool {
	var plain, bare bytes.Buffer
	changed := 0
	var u unwrapper
	n := 0
	for line := range bytes.Lines(head) {
		if n++; n > wrapLooked {
			break
		}
		line = bytes.TrimRight(line, "\r\n")
		inner := u.line(line)
		if !bytes.Equal(inner, line) {
			changed++
		}
		plain.Write(line)
		plain.WriteByte('\n')
		bare.Write(inner)
		bare.WriteByte('\n')
	}
	if changed == 0 {
		return false
	}
	before, after := logLines(plain.Bytes()), logLines(bare.Bytes())
	return after > before || after == before && after > 0 && changed > n/2
}

// logLines counts the lines that are of a log.
func logLines(text []byte) int {
	n := 0
	formats := lineFormats()
	for line := range bytes.Lines(text) {
		line = bytes.TrimRight(line, "\r\n")
		for _, f := range formats {
			if f.is(line) {
				n++
				break
			}
		}
	}
	return n
}

// unwrapper reads lines and gives what was in them, a line for each, so that their numbers stay.
type unwrapper struct {
	r     *bufio.Reader
	out   []byte // not yet given
	buf   []byte // where out is kept
	part  []byte // the beginning of a line that came in parts
	entry []byte // an entry of the journal that stands in several lines
	err   error
}

// Read gives the lines that are there, and waits for more only where there is none.
func (u *unwrapper) Read(p []byte) (int, error) {
	for len(u.out) == 0 || len(u.out) < len(p) && u.err == nil && u.waits() {
		if u.err != nil {
			return 0, u.err
		}
		line := u.next()
		if len(line) > 0 {
			u.out = append(append(u.out, u.line(bytes.TrimRight(line, "\r\n"))...), '\n')
		}
	}
	n := copy(p, u.out)
	if u.out = u.out[n:]; len(u.out) == 0 {
		u.out = u.buf[:0]
	}
	return n, nil
}

// waits reports whether a whole line was read already.
func (u *unwrapper) waits() bool {
	b, _ := u.r.Peek(u.r.Buffered())
	return bytes.IndexByte(b, '\n') >= 0
}

// next is the next line with its end; of one that is too long the beginning.
func (u *unwrapper) next() []byte {
	var line []byte
	if line, u.err = u.r.ReadSlice('\n'); !errors.Is(u.err, bufio.ErrBufferFull) {
		return line
	}
	line = bytes.Clone(line)
	for errors.Is(u.err, bufio.ErrBufferFull) {
		var more []byte
		if more, u.err = u.r.ReadSlice('\n'); len(line) < maxLine {
			line = append(line, more...)
		}
	}
	return line
}

// maxLayers is how many things may stand around each other: compose, Docker's time, the time of syslog.
const maxLayers = 4

// line is what stands in a line, in the form of syslog where it says whose it is; empty where the rest is still to come.
func (u *unwrapper) line(line []byte) []byte {
	var w wrapped
	w.words = line
	for range maxLayers {
		before := len(w.words)
		if !u.layer(&w) {
			return nil
		}
		if len(w.words) == before {
			break
		}
	}
	if len(w.words) == len(line) {
		return line
	}
	return w.syslog()
}

// wrapped is a line that is being unwrapped.
type wrapped struct {
	words []byte
	time  time.Time // that is known from around it, or zero
	host  string
	tag   string // with the id of the process
}

// layer takes one thing off; false: the line says nothing by itself.
func (u *unwrapper) layer(w *wrapped) bool {
	w.words = withoutMarks(w.words)
	if entry, ok := u.journalEntry(w.words); ok {
		if w.words = entry; entry == nil {
			return false
		}
	}
	if rest, ok := withoutPriority(w.words); ok {
		if s, ok := parseSyslog(w.words); ok && bytes.HasPrefix(rest, []byte("1 ")) {
			w.time, _ = readStamp(s.stamp)
			w.host, w.tag, w.words = string(s.host), string(s.program), s.message
			return true
		}
		w.words = rest
		return true
	}
	if bytes.HasPrefix(w.words, []byte("{")) {
		return u.object(w)
	}
	return u.prefix(w)
}

// withoutMarks takes off the marks of a quoted mail, and the colours of a terminal.
func withoutMarks(line []byte) []byte {
	for {
		before := len(line)
		if rest, ok := bytes.CutPrefix(line, []byte(">")); ok {
			line = bytes.TrimPrefix(rest, []byte(" "))
		}
		if bytes.HasPrefix(line, []byte("\x1b[")) {
			if end := bytes.IndexByte(line[:min(len(line), 16)], 'm'); end > 0 {
				line = line[end+1:]
			}
		}
		line = bytes.TrimPrefix(line, []byte("\x1e")) // of JSON text sequences (RFC 7464)
		line = bytes.TrimPrefix(line, []byte("\ufeff"))
		line = bytes.TrimPrefix(line, []byte("data: ")) // of server-sent events
		if len(line) == before {
			return line
		}
	}
}

// withoutPriority takes "<22>" off a line.
func withoutPriority(line []byte) (rest []byte, ok bool) {
	if len(line) < 2 || line[0] != '<' || !isDigit(line[1]) {
		return line, false
	}
	end := bytes.IndexByte(line[:min(len(line), 5)], '>')
	return line[end+1:], end > 0
}

// syslog is what was unwrapped as a line of syslog. A time of its own stays, unless it lacks the year and the one around it
// is of the same day.
func (w *wrapped) syslog() []byte {
	if w.time.IsZero() {
		return w.words
	}
	stamp, rest, stamped := cutStamp(w.words)
	own, clock := readStamp(stamp)
	switch {
	case stamped && clock == NoYear && sameDay(own, w.time):
		return append(w.time.AppendFormat(nil, stampForm), rest...)
	case stamped || w.tag == "" && !startsWithTag(w.words):
		return w.words
	}
	if strings.HasPrefix(w.tag, "exim") { // its log has no program in a line
		return append(w.time.AppendFormat(nil, "2006-01-02 15:04:05.000 -0700 "), w.words...)
	}
	out := w.time.AppendFormat(nil, stampForm)
	host := w.host
	if host == "" {
		host = "-"
	}
	out = append(append(out, host...), ' ')
	if w.tag != "" {
		out = append(append(out, w.tag...), ": "...)
	}
	return append(out, bytes.ReplaceAll(w.words, []byte("\n"), []byte(" "))...)
}

const stampForm = "2006-01-02T15:04:05.000000Z07:00 "

// sameDay reports whether a time without year and zone may be the time t.
func sameDay(noYear, t time.Time) bool {
	t = t.UTC()
	for _, year := range [...]int{t.Year(), t.Year() - 1, t.Year() + 1} {
		if d := noYear.AddDate(year-noYear.Year(), 0, 0).Sub(t); d.Abs() < 26*time.Hour {
			return true
		}
	}
	return false
}

// startsWithTag reports whether a line begins with a program: "postfix/smtp[12]: ".
func startsWithTag(line []byte) bool {
	tag, _, ok := bytes.Cut(line[:min(len(line), 64)], []byte(": "))
	if !ok || len(tag) == 0 || bytes.ContainsAny(tag, " \"=<>@{") {
		return false
	}
	return bytes.HasSuffix(tag, []byte("]")) || bytes.Equal(tag, []byte("qmail")) || bytes.ContainsRune(tag, '/')
}
