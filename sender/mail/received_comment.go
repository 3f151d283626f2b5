package mail

import (
	"net/netip"
	"strings"
	"time"
)

// comment takes a comment that stands in a clause, or before the first one.
func (t *Trace) comment(clause, s string) {
	t.remark(s)
	switch clause {
	case "from":
		t.client(s)
	case "by":
		if ip, ok := traceIP(s); ok {
			t.ByIP = ip
		} else if t.Software == "" && !strings.Contains(s, "=") {
			t.Software, _, _ = strings.Cut(s[:min(len(s), 60)], ",")
		}
	}
}

// client reads what a comment tells of the client: "host.example.jp [192.0.2.1]", "HELO mail" (qmail, Yahoo), "[192.0.2.1]:25
// helo=mail" (Exim), "user@192.0.2.1".
func (t *Trace) client(s string) {
	helo, name := "", ""
	words := strings.Fields(s)
	for i, w := range words[:min(len(words), 12)] {
		key, value, pair := strings.Cut(w, "=")
		ip, isIP := traceIP(w)
		switch {
		case pair && strings.EqualFold(key, "helo"):
			helo = value
		case pair:
		case i > 0 && isGreeting(words[i-1]):
			helo = w
		case isGreeting(w):
		case isIP:
			if !t.IP.IsValid() {
				t.IP = ip
			}
		case i == 0 && len(words) > 1 && strings.HasPrefix(words[1], "["):
			name = w[strings.LastIndexByte(w, '@')+1:] // with the name of a user by ident (RFC 1413)
		}
	}
	if len(helo) > maxTraceValue || len(name) > maxTraceValue {
		return
	}
	t.greeted(helo)
	if name != "" && t.Name == "" {
		t.Name = name
	}
}

// greeted takes what the client called itself from a comment; "" changes nothing. The server then wrote the name of reverse
// DNS, or the address, before it.
func (t *Trace) greeted(helo string) {
	if helo == "" {
		return
	}
	if ip, isIP := traceIP(t.HELO); !isIP && t.Name == "" {
		t.Name = t.HELO
	} else if isIP && !t.IP.IsValid() {
		t.IP = ip
	}
	t.HELO = helo
}

// isGreeting reports whether a word of a comment is the command of a greeting.
func isGreeting(w string) bool {
	return strings.EqualFold(w, "HELO") || strings.EqualFold(w, "EHLO") || strings.EqualFold(w, "LHLO")
}

// remark reads what a comment tells wherever it stands: encryption, login, the envelope sender, a hand-over inside a machine.
func (t *Trace) remark(s string) {
	lower := strings.ToLower(s)
	if _, after, ok := cutFold(s, lower, "envelope-from "); ok && t.MailFrom == "" {
		t.MailFrom = sender(after)
	} else if _, after, ok := cutFold(s, lower, "envelope-sender "); ok && t.MailFrom == "" {
		t.MailFrom = sender(after)
	}
	if strings.Contains(lower, "authenticated sender") || strings.HasPrefix(lower, "account ") || strings.HasPrefix(lower, "smtp-auth") {
		t.Login = true
	}
	if strings.Contains(lower, "from userid") || strings.Contains(lower, "invoked by") || strings.Contains(lower, "invoked from locals") {
		t.Local = true
	}
	if t.Software == "" && strings.HasPrefix(lower, "qmail ") {
		t.Software = "qmail"
	}
	for _, mark := range [...]string{"using ", "version=", "tls: ", ""} {
		_, after, ok := cutFold(s, lower, mark)
		if version := firstVersion(after); ok && version != "" && t.TLS == "" {
			t.TLS, t.Secure = version, true
		}
	}
}

// firstVersion is the version of TLS that a text begins with: "TLSv1.3", "TLS1_2"; "" for another text.
func firstVersion(s string) string {
	end := strings.IndexAny(s, " ,;:/)")
	if end < 0 {
		end = len(s)
	}
	s = s[:end]
	upper := strings.ToUpper(s)
	if len(s) > 12 || !strings.HasPrefix(upper, "TLS") && !strings.HasPrefix(upper, "SSL") || !strings.ContainsAny(s, "0123456789") {
		return ""
	}
	return s
}

// cutFold cuts a text behind a mark that stands in its lower case.
func cutFold(s, lower, mark string) (before, after string, ok bool) {
	i := strings.Index(lower, mark)
	if i < 0 || len(lower) != len(s) {
		return "", "", false
	}
	return s[:i], s[i+len(mark):], true
}

// sender is an envelope sender as a field has it: "<>" for the empty one.
func sender(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	s = strings.TrimRight(s, ";,)")
	if s == "<>" || len(s) > maxTraceValue {
		return s[:min(len(s), 2)]
	}
	return strings.Trim(s, "<>")
}

// traceIP reads an address as servers write it: in brackets, with a port, a zone, or a user before it.
func traceIP(s string) (netip.Addr, bool) {
	if len(s) < 2 || len(s) > 100 {
		return netip.Addr{}, false
	}
	s = strings.TrimRight(s[strings.LastIndexByte(s, '@')+1:], ",;")
	if inner, after, ok := strings.Cut(s, "]"); ok && strings.HasPrefix(inner, "[") && (after == "" || after[0] == ':') {
		s = inner[1:]
	}
	if prefix := "ipv6:"; len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		s = s[len(prefix):]
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip.Unmap().WithZone(""), true
	}
	if port, err := netip.ParseAddrPort(s); err == nil && port.Addr().Is4() {
		return port.Addr(), true
	}
	return netip.Addr{}, false
}

// traceDate reads the date of a field Received. A zone that has only a name must be a known one: others would be read as UTC.
func traceDate(s string) (time.Time, bool) {
	t, ok := ParseDate(s)
	if !ok {
		t, ok = programDate(s)
	}
	if !ok {
		return time.Time{}, false
	}
	name, offset := t.Zone()
	if offset != 0 || name == "" || strings.Contains(" UTC GMT UT Z WET ", " "+name+" ") {
		return t, true
	}
	for _, z := range [...]struct {
		name  string
		hours int
	}{
		{"JST", 9}, {"EST", -5}, {"EDT", -4}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"CET", 1}, {"CEST", 2},
		{"BST", 1}, {"MSK", 3}, {"KST", 9}, {"HKT", 8}, {"AEST", 10}, {"AEDT", 11},
	} {
		if z.name == name {
			return t.Add(-time.Duration(z.hours) * time.Hour), true
		}
	}
	return time.Time{}, false
}

// programDate reads a date as programs print their own values, such as those of Go.
func programDate(s string) (time.Time, bool) {
	s, _, _ = strings.Cut(s, " m=")
	for _, layout := range [...]string{"2006-01-02 15:04:05.999999999 -0700 MST", "2006-01-02T15:04:05.999999999Z07:00",
		"Mon, 2 Jan 2006 15:04:05.999 -0700"} {
		if t, err := time.Parse(layout, strings.TrimSpace(s)); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
