package aggregate

import (
	"bytes"
	"cmp"
	"net/netip"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"todoku/sender/mail"
)

// names keeps texts that come again and again, so that each needs memory once.
type names struct{ known map[string]string }

const (
	maxNames   = 8192
	maxNameLen = 128
)

// get is octets as text.
func (n *names) get(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if s, ok := n.known[string(b)]; ok {
		return s
	}
	s := string(b)
	if len(b) > maxNameLen {
		return s
	}
	if n.known == nil {
		n.known = make(map[string]string, 64)
	}
	if len(n.known) == maxNames {
		clear(n.known)
	}
	n.known[s] = s
	return s
}

// string is a text of the report, in its charset, with what is to be done to it.
func (f *feedback) string(b []byte, how reading) string {
	if how == asDomain && len(b) > 1 && b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	plain := true
	for i, c := range b {
		if c >= utf8.RuneSelf || c == 0x1b || c < ' ' {
			plain = false
			break
		}
		if how != asWritten && c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A' // the memory of the scanner, which is read once
		}
	}
	if plain {
		return f.names.get(b)
	}
	return f.foreign(b, how)
}

// foreign is a text beyond ASCII.
func (f *feedback) foreign(b []byte, how reading) string {
	text := string(b)
	if declared := f.declared; !utf8.Valid(b) || bytes.IndexByte(b, 0x1b) >= 0 || declared != "" {
		var odd bool
		if text, odd = mail.TextIn(b, declared); odd {
			f.s.fault(BadCharset, []byte(cmp.Or(declared, "UTF-8")), false)
		}
	}
	if how != asWritten {
		text = lower(text)
	}
	return text
}

// lower is a text with the letters of ASCII in lower case.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

func (f *feedback) addError(text []byte) {
	if len(text) > 0 {
		f.head.Errors = bounded(f, f.head.Errors, f.string(text, asWritten), "error")
	}
}

func (f *feedback) readTime(to *time.Time, text []byte) {
	t, ok := parseTime(string(text[:min(len(text), 64)]))
	switch {
	case !ok && len(text) > 0:
		f.s.fault(BadTime, text, false)
	case ok && !to.IsZero() && !to.Equal(t):
		f.s.fault(Repeated, f.s.name, false)
	case ok:
		*to = t
	}
}

// maxSeconds is the last time of a report that counts, in the year 4840.
const maxSeconds = 1<<20*86400 - 1

// parseTime reads a time of a report: seconds since 1970, also with a fraction, or RFC 3339 and what looks like it.
func parseTime(s string) (time.Time, bool) {
	whole, _, _ := strings.Cut(s, ".")
	if n, err := strconv.ParseInt(whole, 10, 64); err == nil {
		if n > 1e11 && n < 1e14 { // milliseconds
			n /= 1000
		}
		if n <= 0 || n > maxSeconds {
			return time.Time{}, false
		}
		return time.Unix(n, 0).UTC(), true
	}
	for _, form := range [...]string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z0700", "2006-01-02"} {
		if t, err := time.Parse(form, s); err == nil && t.Year() > 1970 && t.Unix() <= maxSeconds {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
}

func (f *feedback) readCount(text []byte) {
	n, ok := parseCount(text)
	switch {
	case !ok && len(text) > 0:
		f.s.fault(BadNumber, text, false) // the loss is told at the end of the record
	case ok && f.counted && n != f.row.Count:
		f.s.fault(Repeated, []byte("count"), false)
	case ok:
		f.row.Count, f.counted = n, true
	}
}

// parseCount reads a number of 0 to MaxCount, also with ".0" behind it.
func parseCount(b []byte) (int64, bool) {
	b = bytes.TrimSuffix(b, []byte(".0"))
	if len(b) == 0 || len(b) > 13 {
		return 0, false
	}
	var n int64
	for _, c := range b {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, n <= MaxCount
}

func (f *feedback) readSource(text []byte) {
	a, ok := parseAddr(text)
	switch {
	case !ok:
		f.s.fault(BadAddress, text, false)
	case f.row.Source.IsValid() && f.row.Source != a:
		f.s.fault(Repeated, []byte("source_ip"), false)
	default:
		f.row.Source = a
	}
}

// parseAddr reads an address. One of IPv4 within IPv6 is one of IPv4; a zone is left out.
func parseAddr(b []byte) (netip.Addr, bool) {
	if a, ok := parseIPv4(b); ok {
		return a, true
	}
	if len(b) > 2 && b[0] == '[' && b[len(b)-1] == ']' {
		b = b[1 : len(b)-1]
	}
	if len(b) > 64 {
		return netip.Addr{}, false
	}
	a, err := netip.ParseAddr(string(b))
	return a.Unmap().WithZone(""), err == nil
}

// parseIPv4 reads four numbers without memory of its own.
func parseIPv4(b []byte) (netip.Addr, bool) {
	var four [4]byte
	n, digits, at := 0, 0, 0
	for _, c := range b {
		switch {
		case c >= '0' && c <= '9' && digits < 3 && (digits == 0 || n > 0):
			n, digits = n*10+int(c-'0'), digits+1
		case c == '.' && digits > 0 && n < 256 && at < 3:
			four[at] = byte(n)
			n, digits, at = 0, 0, at+1
		default:
			return netip.Addr{}, false
		}
	}
	if at != 3 || digits == 0 || n > 255 {
		return netip.Addr{}, false
	}
	four[3] = byte(n)
	return netip.AddrFrom4(four), true
}
