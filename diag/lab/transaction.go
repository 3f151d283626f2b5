package lab

import (
	"bufio"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// path reads "FROM:<a@b> ARG ARG" (RFC 5321 §3.3).
func path(arg, word string) (addr string, args []string, ok bool) {
	if len(arg) < len(word)+2 || !strings.EqualFold(arg[:len(word)], word) || arg[len(word)] != '<' {
		return "", nil, false
	}
	rest := arg[len(word)+1:]
	quoted := false
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			quoted = !quoted
		case c == '\\' && quoted:
			i++
		case c == '>' && !quoted:
			tail := rest[i+1:]
			return rest[:i], strings.Fields(tail), tail == "" || tail[0] == ' '
		case c == ' ' && !quoted, c < ' ', c == 0x7f:
			return "", nil, false
		}
	}
	return "", nil, false
}

// mailbox splits an address; one without a domain is good for postmaster only
// (RFC 5321 §4.5.1).
func mailbox(addr string) (local, domain string, ok bool) {
	if strings.EqualFold(addr, "postmaster") {
		return addr, "", true
	}
	i := strings.LastIndexByte(addr, '@')
	if i < 1 || i == len(addr)-1 || len(addr) > 320 || !utf8.ValidString(addr) {
		return "", "", false
	}
	return addr[:i], addr[i+1:], true
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// unknown finds a parameter that was not offered.
func (s *session) unknown(args []string, by map[string]string) (string, bool) {
	for _, a := range args {
		word, _, _ := strings.Cut(a, "=")
		keyword, ok := by[strings.ToUpper(word)]
		if !ok || !s.extended || !s.host.offers(keyword) {
			return word, true
		}
	}
	return "", false
}

func mailParameters() map[string]string {
	return map[string]string{"SIZE": "SIZE", "BODY": "8BITMIME", "SMTPUTF8": "SMTPUTF8", "RET": "DSN", "ENVID": "DSN", "AUTH": "AUTH"}
}

func rcptParameters() map[string]string { return map[string]string{"NOTIFY": "DSN", "ORCPT": "DSN"} }

func (s *session) from(arg string) {
	addr, args, ok := path(arg, "FROM:")
	word, strange := s.unknown(args, mailParameters())
	isUTF8 := slices.ContainsFunc(args, func(a string) bool { return strings.EqualFold(a, "SMTPUTF8") })
	switch _, _, valid := mailbox(addr); {
	case s.hello == "":
		s.wrong("503 5.5.1 EHLO first")
	case s.mail != nil:
		s.wrong("503 5.5.1 a transaction is open")
	case s.host.TLSFirst && !s.tls:
		s.wrong("530 5.7.0 Must issue a STARTTLS command first")
	case s.host.LoginFirst && s.user == "":
		s.wrong("530 5.7.0 Authentication required")
	case !ok:
		s.wrong("501 5.5.4 want MAIL FROM:<address>")
	case addr != "" && !valid:
		s.wrong("501 5.1.7 this sender is no address")
	case strange:
		s.wrong("555 5.5.4 parameter " + word + " is not offered")
	case !isUTF8 && !ascii(addr):
		s.wrong("550 5.6.7 this sender needs SMTPUTF8")
	case tooLarge(args, s.host.Size):
		s.reply(tooLargeReply)
	default:
		s.mail = &Message{Host: s.host.Name, Hello: s.hello, TLS: s.tls, User: s.user, From: addr, MailArgs: args}
		s.utf8 = isUTF8
		if s.answer(s.host.Mail, "250 2.1.0 sender ok") >= 300 {
			s.mail = nil
		}
	}
}

const tooLargeReply = "552 5.3.4 message size exceeds the limit of this server"

func tooLarge(args []string, limit int64) bool {
	for _, a := range args {
		if word, v, _ := strings.Cut(a, "="); strings.EqualFold(word, "SIZE") {
			n, err := strconv.ParseInt(v, 10, 64)
			return err == nil && n > limit || errors.Is(err, strconv.ErrRange)
		}
	}
	return false
}

func (s *session) to(arg string) {
	addr, args, ok := path(arg, "TO:")
	word, strange := s.unknown(args, rcptParameters())
	local, _, valid := mailbox(addr)
	switch {
	case s.mail == nil:
		s.wrong("503 5.5.1 MAIL first")
	case !ok:
		s.wrong("501 5.5.4 want RCPT TO:<address>")
	case !valid:
		s.wrong("501 5.1.3 this recipient is no address")
	case strange:
		s.wrong("555 5.5.4 parameter " + word + " is not offered")
	case !s.utf8 && !ascii(addr):
		s.wrong("553 5.6.7 this recipient needs SMTPUTF8")
	case len(s.mail.To) == maxRcpts:
		s.reply("452 4.5.3 too many recipients")
	case !s.host.knows(local):
		s.replyTo("550 5.1.1 <{to}>: no such user here", addr)
	case s.answerTo(s.host.rcptScript(local), "250 2.1.5 recipient ok", addr) < 300:
		s.mail.To = append(s.mail.To, Recipient{addr, args})
	}
}

func (s *session) verify(arg string) {
	addr := strings.Trim(arg, "<>")
	local, _, ok := mailbox(addr)
	switch {
	case !ok:
		s.wrong("501 5.1.3 want VRFY address")
	case !s.host.VRFY: // RFC 5321 §3.5.3
		s.reply("252 2.5.0 cannot tell, but will take mail and try")
	case s.host.knows(local):
		s.replyTo("250 2.1.5 <{to}>", addr)
	default:
		s.replyTo("550 5.1.1 <{to}>: no such user here", addr)
	}
}

func (s *session) data(arg string) {
	switch {
	case arg != "":
		s.wrong("501 5.5.4 DATA has no parameters")
		return
	case s.mail == nil || len(s.mail.To) == 0:
		s.wrong("503 5.5.1 no recipients")
		return
	}
	if code := s.answer(s.host.Data, "354 end with <CRLF>.<CRLF>"); s.end || code != 354 {
		s.mail = nil
		return
	}
	if s.flush() != nil {
		s.end = true
		return
	}
	size, err := s.content()
	defer s.host.servers.reading.Add(-int64(len(s.mail.Data)))
	if err != nil {
		s.end = true
		return
	}
	s.log.add(Line{Client: true, TLS: s.tls, Octets: size})
	s.taken(size)
	s.mail = nil
}

// taken answers the end of a message.
func (s *session) taken(size int) {
	to := s.mail.To[0].Address
	switch {
	case int64(size) > s.host.Size:
		s.reply(tooLargeReply)
	case size > len(s.mail.Data): // not all of it could be kept
		s.reply("452 4.3.1 no room for the message now")
	case s.answerTo(s.host.Body, "250 2.0.0 taken", to) < 300:
		m := *s.mail
		m.At = time.Now()
		s.host.servers.store.put(m)
		s.arrived(m)
	}
}

// content reads a message up to its final dot. What is more than the host takes
// is read and thrown away; size counts all of it.
func (s *session) content() (size int, err error) {
	m, reading := s.mail, &s.host.servers.reading
	fresh, last := true, byte(0) // at the beginning of a line; the octet before
	for {
		_ = s.conn.SetReadDeadline(time.Now().Add(maxIdle))
		b, err := s.r.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return size, err
		}
		if s.host.Cut > 0 && size+len(b) >= s.host.Cut {
			return size, errCut
		}
		if fresh && b[0] == '.' {
			// Only CRLF on both sides ends a message (RFC 5321 §4.1.1.4).
			if string(b) == ".\r\n" {
				return size, nil
			}
			b = b[1:]
		}
		for _, c := range b[max(0, len(b)-2):] {
			fresh, last = last == '\r' && c == '\n', c
		}
		size += len(b)
		if int64(size) > s.host.Size+maxWaste {
			return size, errCut
		}
		if int64(size) > s.host.Size || len(m.Data)+len(b) != size {
			continue
		}
		if n := int64(len(b)); reading.Add(n) > maxReading {
			reading.Add(-n)
			continue
		}
		m.Data = append(m.Data, b...)
	}
}

var errCut = errors.New("the connection is cut")
