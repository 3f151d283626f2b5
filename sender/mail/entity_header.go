package mail

import (
	"bytes"
	netmail "net/mail"
	"strings"
	"time"
)

// field is a header field as it stands in a mail.
type field struct{ name, value []byte }

func (f *field) is(name string) bool {
	return len(f.name) == len(name) && strings.EqualFold(string(f.name), name)
}

// cutHeader takes the fields off a mail; the rest is its body. top is the mail itself, which an empty line and the From line
// of a mailbox file may come before.
func cutHeader(data []byte, n *notes, top bool) (list []field, body []byte) {
	rest := skipBefore(data, n, top)
	whole := true // the line before belongs to the last field
	for len(rest) > 0 {
		line, after := cutLine(rest)
		switch {
		case len(line) == 0:
			return list, after
		case line[0] == ' ' || line[0] == '\t':
			if len(bytes.TrimSpace(line)) == 0 && !startsField(after) {
				return list, after
			}
			if len(list) > 0 && whole {
				last := &list[len(list)-1]
				last.value = last.value[:len(last.value)+len(rest)-len(after)]
				rest = after
				continue
			}
			n.add(oddHeader)
		default:
			name, ok := fieldName(line)
			switch {
			case ok && len(list) == maxFields:
				n.add(oddLong)
			case ok:
				colon := bytes.IndexByte(line, ':')
				value := rest[colon+1 : len(rest)-len(after) : len(rest)]
				if list == nil {
					list = make([]field, 0, 24)
				}
				list = append(list, field{name, value})
				whole = true
			case startsBody(after, len(list)):
				return list, rest
			default:
				n.add(oddHeader)
				whole = false
			}
		}
		rest = after
	}
	return list, nil
}

// skipBefore passes over what may come before a header.
func skipBefore(data []byte, n *notes, top bool) []byte {
	for i := 0; i < 4; i++ {
		line, after := cutLine(data)
		switch {
		case bytes.HasPrefix(line, []byte("From ")), bytes.HasPrefix(line, []byte(">From ")):
			if top {
				n.add(oddFromLine)
			}
			data = after
		case top && len(line) == 0 && len(after) > 0, top && bytes.HasPrefix(line, []byte("\xef\xbb\xbf")):
			data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
			if len(line) == 0 {
				data = after
			}
		default:
			return data
		}
	}
	return data
}

// startsBody reports whether a line that is no field is the first of the body, since an empty line is missing: no field follows.
func startsBody(after []byte, fields int) bool {
	if fields == 0 && !startsField(after) {
		return true
	}
	for range 3 {
		if startsField(after) {
			return false
		}
		var line []byte
		if line, after = cutLine(after); len(line) == 0 {
			return false // an end of the header follows
		}
	}
	return true
}

func startsField(data []byte) bool {
	line, _ := cutLine(data)
	_, ok := fieldName(line)
	return ok
}

// fieldName is the name that a line begins with (RFC 5322 §2.2).
func fieldName(line []byte) ([]byte, bool) {
	colon := bytes.IndexByte(line[:min(len(line), 80)], ':')
	if colon < 1 {
		return nil, false
	}
	name := bytes.TrimRight(line[:colon], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return nil, false
		}
	}
	return name, len(name) > 0
}

// cutLine is the first line without its end, and what follows.
func cutLine(data []byte) (line, after []byte) {
	i := bytes.IndexByte(data, '\n')
	if i < 0 {
		return bytes.TrimRight(data, "\r"), nil
	}
	end := i
	for end > 0 && data[end-1] == '\r' {
		end--
	}
	return data[:end], data[i+1:]
}

// unfold is the value of a field on one line.
func unfold(value []byte) string {
	value = bytes.TrimSpace(value)
	if bytes.IndexByte(value, '\n') < 0 {
		return string(value)
	}
	var b strings.Builder
	b.Grow(len(value))
	for line := range bytes.Lines(value) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.Write(line)
		}
	}
	return b.String()
}

// ParseDate reads a date (RFC 5322 §3.3) as mails have it: also with a comment, a zone by its name, or without the day of the week.
func ParseDate(s string) (time.Time, bool) {
	if s == "" {
		return time.Time{}, false
	}
	usual, _, _ := strings.Cut(s, " (")
	if t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 -0700", usual); err == nil { // net/mail tries others before it
		return t, true
	}
	if t, err := netmail.ParseDate(s); err == nil {
		return t, true
	}
	s, _, _ = strings.Cut(s, "(")
	s = strings.Join(strings.Fields(s), " ")
	for _, layout := range [...]string{
		"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 MST",
		"Mon, 2 Jan 2006 15:04 -0700", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 2006 -0700", "Mon, 02 Jan 06 15:04:05 -0700",
		"Mon 2 Jan 2006 15:04:05 -0700", time.RFC3339, "2006-01-02 15:04:05 -0700", "Mon, 2 Jan 2006 15:04:05",
		"02-Jan-2006 15:04:05 -0700", "Mon Jan 2 15:04:05 MST 2006",
	} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
