package lab

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"time"
)

// session is one client's talk with a host.
type session struct {
	host *host
	port uint16
	conn net.Conn
	r    *bufio.Reader
	w    *bufio.Writer
	log  *record

	hello    string // what the client called itself, "" before EHLO or HELO
	extended bool   // it said EHLO
	tls      bool
	user     string
	mail     *Message // nil outside of a transaction
	utf8     bool     // the transaction is one of SMTPUTF8
	refused  bool     // the greeting was a refusal
	errors   int
	end      bool
}

// Bounds of one session.
const (
	maxLine   = 12_288 // RFC 4954 §4
	maxWaste  = 4 << 20
	maxErrors = 20
	maxRcpts  = 100 // RFC 5321 §4.5.3.1.8
	maxIdle   = 5 * time.Minute
	maxWrite  = 30 * time.Second
	maxStall  = 15 * time.Minute
)

func newSession(h *host, c net.Conn, port uint16) *session {
	s := &session{host: h, port: port, log: h.servers.store.open(h.Name, port)}
	s.use(c)
	return s
}

// use goes on over another connection; what the client sent ahead is lost, as
// RFC 3207 §5 wants it.
func (s *session) use(c net.Conn) {
	s.conn, s.r, s.w = c, bufio.NewReaderSize(c, maxLine+2), bufio.NewWriter(c)
}

func (s *session) run() {
	defer s.flush()
	const submissions = 465 // RFC 8314 §3.3
	if s.port == submissions && !s.handshake() {
		return
	}
	code := s.answer(s.host.Greeting, "220 {name} ESMTP todoku lab")
	s.refused = code >= 400
	for !s.end {
		line, err := s.line()
		switch {
		case errors.Is(err, bufio.ErrTooLong):
			s.wrong("500 5.5.2 line too long")
		case err != nil:
			return
		default:
			s.command(line)
		}
	}
}

// line reads the next line of the client, once it has been told all it is to
// know.
func (s *session) line() (string, error) {
	if ahead, _ := s.r.Peek(s.r.Buffered()); bytes.IndexByte(ahead, '\n') < 0 && s.flush() != nil {
		return "", io.ErrClosedPipe
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(maxIdle))
	b, err := s.r.ReadSlice('\n')
	waste := 0
	for errors.Is(err, bufio.ErrBufferFull) && waste < maxWaste {
		waste += len(b)
		b, err = s.r.ReadSlice('\n')
	}
	if waste > 0 && err == nil {
		s.log.add(Line{Client: true, TLS: s.tls, Octets: waste + len(b)})
		return "", bufio.ErrTooLong
	}
	if err != nil {
		return "", err
	}
	line := strings.TrimSuffix(strings.TrimSuffix(string(b), "\n"), "\r")
	s.log.add(Line{Client: true, TLS: s.tls, Text: line})
	return line, nil
}

func (s *session) command(line string) {
	verb, arg, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	switch {
	case strings.ContainsRune(line, 0) || strings.ContainsRune(line, '\r'):
		s.wrong("500 5.5.2 control characters in a command")
		return
	case verb == "QUIT":
		s.reply("221 2.0.0 {name} bye")
		s.end = true
		return
	case s.refused: // RFC 5321 §3.1
		s.wrong("503 5.5.1 no service here, only QUIT")
		return
	}
	switch verb {
	case "EHLO", "HELO":
		s.greet(verb, arg)
	case "STARTTLS":
		s.startTLS(arg)
	case "AUTH":
		s.auth(arg)
	case "MAIL":
		s.from(arg)
	case "RCPT":
		s.to(arg)
	case "DATA":
		s.data(arg)
	case "RSET":
		s.mail = nil
		s.reply("250 2.0.0 flushed")
	case "NOOP":
		s.reply("250 2.0.0 ok")
	case "VRFY":
		s.verify(arg)
	case "HELP":
		s.reply("214 2.0.0 this is the lab of todoku; see RFC 5321")
	case "EXPN":
		s.wrong("502 5.5.1 not implemented")
	default:
		s.wrong("500 5.5.2 command not recognised")
	}
}

// greet answers EHLO and HELO.
func (s *session) greet(verb, name string) {
	if name = strings.TrimSpace(name); name == "" {
		s.wrong("501 5.5.4 " + verb + " wants a name")
		return
	}
	script, usual := s.host.HELO, "250 {name}"
	if verb == "EHLO" {
		script = s.host.EHLO
		usual = strings.Join(append([]string{usual}, s.offers()...), "\n")
	}
	if s.answer(script, usual) < 400 {
		s.hello, s.extended, s.mail = name, verb == "EHLO", nil
	}
}

// offers are the keywords of EHLO.
func (s *session) offers() []string {
	h := s.host
	var out []string
	for _, o := range [...]struct {
		line string
		now  bool
	}{
		{"PIPELINING", true}, {"SIZE " + strconv.FormatInt(h.Size, 10), true}, {"8BITMIME", true}, {"SMTPUTF8", true},
		{"DSN", true}, {"ENHANCEDSTATUSCODES", true},
		{"STARTTLS", !s.tls}, {"REQUIRETLS", s.tls && h.RequireTLS}, {"AUTH PLAIN LOGIN XOAUTH2", h.offersLogin() && (s.tls || h.Clear)},
	} {
		if o.now && h.offers(o.line) {
			out = append(out, o.line)
		}
	}
	return out
}

// offers reports whether a keyword is not among those that the host lacks.
func (r *Receiver) offers(line string) bool {
	word, _, _ := strings.Cut(line, " ")
	for _, l := range r.Lacks {
		if l == word {
			return false
		}
	}
	return true
}

func (s *session) startTLS(arg string) {
	switch {
	case !s.host.offers("STARTTLS") || s.tls:
		s.wrong("502 5.5.1 STARTTLS is not offered")
	case arg != "":
		s.wrong("501 5.5.4 STARTTLS has no parameters")
	case s.answer(s.host.STARTTLS, "220 2.0.0 go ahead") < 300 && !s.end:
		if s.flush() != nil || !s.handshake() {
			s.end = true
			return
		}
		// RFC 3207 §4.2: all that the client said before is forgotten.
		s.hello, s.extended, s.mail = "", false, nil
	}
}

func (s *session) handshake() bool {
	config, err := s.host.tls()
	if err != nil {
		return false
	}
	c := tls.Server(s.conn, config)
	ctx, cancel := context.WithTimeout(context.Background(), maxWrite)
	defer cancel()
	if c.HandshakeContext(ctx) != nil {
		return false
	}
	s.tls = true
	s.use(c)
	return true
}
