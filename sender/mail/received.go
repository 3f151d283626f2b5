package mail

import (
	"net/netip"
	"strings"
	"time"
)

// Trace is what a server wrote about one hop of a mail into a field Received (RFC 5321 §4.4). Only the fields that servers of
// the reader wrote can be believed; a sender can write any others. What the field does not tell is "" or zero.
type Trace struct {
	HELO     string     // what the client called itself
	Name     string     // the name of its address in reverse DNS, as the server found it
	IP       netip.Addr // from which the client came; an IPv4 address in IPv6 form is given as IPv4
	By       string     // the server that wrote the field
	ByIP     netip.Addr
	Software string // of the server: "Postfix"
	With     string // protocol, as written: "ESMTPS"
	Via      string
	ID       string // of the mail at the server
	For      string // recipient
	MailFrom string // envelope sender, where the server notes it; "<>" for the empty one
	TLS      string // version, as written: "TLSv1.3"
	Secure   bool   // the hop was encrypted
	Login    bool   // the client logged in
	Local    bool   // handed over inside of one machine
	At       time.Time
}

// Bounds of one field.
const (
	maxTrace      = 8 << 10 // octets that are read
	maxTraceWords = 300
	maxTraceValue = 320 // octets of one value that is kept
)

// ParseTrace reads the value of a field Received, whichever server wrote it. It never fails: what it cannot read is left out.
func ParseTrace(value string) Trace {
	var t Trace
	value = value[:min(len(value), maxTrace)]
	words, date := cutTrace(value)
	if i := strings.IndexByte(date, '('); i > 0 { // PowerMTA: the envelope sender behind the date
		t.remark(strings.Trim(date[i:], "() "))
	}
	t.At, _ = traceDate(date)
	clause := ""
	for _, w := range words {
		switch name := strings.ToLower(w.text); {
		case w.comment:
			t.comment(clause, w.text)
		case strings.Contains(" from by with via id for tls envelope-from ", " "+name+" "):
			clause = name
		default:
			t.word(clause, w.text)
		}
	}
	t.settle()
	return t
}

// Client is the name by which a hop's client is best called: that of reverse DNS, what it called itself, or its address.
func (t Trace) Client() string {
	switch {
	case t.Name != "":
		return t.Name
	case t.HELO != "":
		return t.HELO
	case t.IP.IsValid():
		return t.IP.String()
	}
	return ""
}

// word takes a word that stands in a clause.
func (t *Trace) word(clause, w string) {
	set := func(to *string, v string) {
		if *to == "" && len(v) <= maxTraceValue {
			*to = v
		}
	}
	switch clause {
	case "from":
		set(&t.HELO, w)
	case "by":
		set(&t.By, w)
	case "with":
		if t.With != "" && len(t.With)+len(w) < 60 {
			w = t.With + " " + w // "Microsoft SMTP Server"
			t.With = ""
		}
		set(&t.With, w)
	case "via":
		set(&t.Via, w)
	case "id":
		set(&t.ID, strings.Trim(w, "<>"))
	case "for":
		set(&t.For, strings.Trim(w, "<>,;"))
	case "tls":
		t.Secure = true
	case "envelope-from":
		set(&t.MailFrom, sender(w))
	}
}

// settle draws the conclusions that need the whole field.
func (t *Trace) settle() {
	if ip, ok := traceIP(t.HELO); ok && !t.IP.IsValid() {
		t.IP = ip
	}
	if ip, ok := traceIP(t.By); ok && !t.ByIP.IsValid() {
		t.ByIP = ip
	}
	t.Name = strings.TrimSuffix(t.Name, ".")
	if strings.EqualFold(t.Name, "unknown") {
		t.Name = ""
	}
	with := strings.ToUpper(t.With)
	protocol, _, _ := strings.Cut(with, " ")
	if strings.HasSuffix(protocol, "S") || strings.HasSuffix(protocol, "SA") {
		t.Secure = t.Secure || strings.Contains(protocol, "SMTP") || strings.Contains(protocol, "LMTP") // RFC 3848
	}
	if strings.Contains(protocol, "SMTP") && strings.HasSuffix(protocol, "A") {
		t.Login = true
	}
	if strings.Contains(with, "STARTTLS") || t.TLS != "" {
		t.Secure = true
	}
	if protocol == "LOCAL" || protocol == "MAPI" {
		t.Local = true
	}
}

// traceWord is a word of a field, or a comment without its parentheses.
type traceWord struct {
	text    string
	comment bool
}

// cutTrace takes a field apart; date is what stands behind the last semicolon outside of comments.
func cutTrace(s string) (words []traceWord, date string) {
	if i := lastSemicolon(s); i >= 0 {
		s, date = s[:i], strings.TrimSpace(s[i+1:])
	}
	for s = strings.TrimLeft(s, " \t\r\n;"); s != "" && len(words) < maxTraceWords; s = strings.TrimLeft(s, " \t\r\n;") {
		if s[0] == '(' {
			end := commentEnd(s)
			words = append(words, traceWord{strings.TrimSpace(strings.TrimSuffix(s[1:end], ")")), true})
			s = s[end:]
			continue
		}
		end := strings.IndexAny(s[1:], " \t\r\n(;") + 1
		if end == 0 {
			end = len(s)
		}
		words = append(words, traceWord{text: s[:end]})
		s = s[end:]
	}
	return words, date
}

// lastSemicolon is where the date begins. Behind a comment that is not closed the last semicolon of all counts.
func lastSemicolon(s string) int {
	last, depth := -1, 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth = max(0, depth-1)
		case ';':
			if depth == 0 {
				last = i
			}
		}
	}
	if last < 0 && depth > 0 {
		return strings.LastIndexByte(s, ';')
	}
	return last
}

// commentEnd is where a comment ends that s begins with, behind its last parenthesis.
func commentEnd(s string) int {
	depth := 0
	for i := range len(s) {
		switch s[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}
