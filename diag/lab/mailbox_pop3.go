package lab

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// popSession is a session of POP3 (RFC 1939).
type popSession struct {
	boxes  *mailboxes
	conn   net.Conn
	r      *bufio.Reader
	secure *tls.Config // nil once TLS is there
	user   string
	mail   []*stored // as it was at the login; nil before it
	marked []*stored // to be deleted
	end    bool
}

// servePOP3 talks POP3 with one client.
func (m *mailboxes) servePOP3(c net.Conn, secure *tls.Config) {
	s := &popSession{boxes: m, conn: c, r: bufio.NewReaderSize(c, 1024), secure: secure}
	s.ok(MailboxHost + " ready")
	for !s.end {
		_ = s.conn.SetReadDeadline(time.Now().Add(maxIdle))
		raw, err := s.r.ReadSlice('\n')
		if err != nil {
			return
		}
		word, arg, _ := strings.Cut(strings.TrimRight(string(raw), "\r\n"), " ")
		s.command(strings.ToUpper(word), arg)
	}
}

func (s *popSession) send(text string) {
	_ = s.conn.SetWriteDeadline(time.Now().Add(maxWrite))
	if _, err := s.conn.Write([]byte(text)); err != nil {
		s.end = true
	}
}

func (s *popSession) ok(text string) { s.send("+OK " + text + "\r\n") }
func (s *popSession) no(text string) { s.send("-ERR " + text + "\r\n") }

// command answers one command.
func (s *popSession) command(word, arg string) {
	switch word {
	case "CAPA":
		stls := "STLS\r\n"
		if s.secure == nil {
			stls = ""
		}
		s.send("+OK\r\nUSER\r\nUIDL\r\nTOP\r\n" + stls + ".\r\n")
	case "QUIT":
		s.quit()
	case "NOOP":
		s.ok("")
	case "STLS":
		s.startTLS()
	case "USER":
		s.user = arg
		s.ok("password, please")
	case "PASS":
		s.login(arg)
	default:
		if s.mail == nil {
			s.no("log in first")
			return
		}
		s.transaction(word, arg)
	}
}

func (s *popSession) startTLS() {
	if s.secure == nil || s.mail != nil {
		s.no("not now")
		return
	}
	s.ok("begin TLS")
	c := tls.Server(s.conn, s.secure)
	s.conn, s.r, s.secure, s.user = c, bufio.NewReaderSize(c, 1024), nil, ""
}

func (s *popSession) login(password string) {
	if userOf(s.user) == "" || password != MailboxPassword {
		s.no("wrong user or password")
		return
	}
	s.boxes.mu.Lock()
	defer s.boxes.mu.Unlock()
	u := s.boxes.user(s.user)
	s.mail = []*stored{}
	for i := range u.mail {
		if !u.mail[i].deleted {
			m := u.mail[i]
			s.mail = append(s.mail, &m)
		}
	}
	s.ok(fmt.Sprintf("%d messages", len(s.mail)))
}

// transaction answers a command about the mails.
func (s *popSession) transaction(word, arg string) {
	switch word {
	case "STAT":
		n := 0
		for _, m := range s.mail {
			n += len(m.text)
		}
		s.ok(fmt.Sprintf("%d %d", len(s.mail), n))
	case "RSET":
		for _, m := range s.marked {
			m.deleted = false
		}
		s.marked = nil
		s.ok("")
	case "LIST":
		s.list(arg, func(m *stored) string { return strconv.Itoa(len(m.text)) })
	case "UIDL":
		s.list(arg, func(m *stored) string { return m.id })
	case "RETR", "TOP", "DELE":
		number, _, _ := strings.Cut(arg, " ")
		m := s.find(number)
		switch {
		case m == nil:
			s.no("no such message")
		case word == "DELE":
			m.deleted = true
			s.marked = append(s.marked, m)
			s.ok("deleted at QUIT")
		default:
			s.ok("message follows")
			s.text(m.text)
		}
	default:
		s.no("unknown command")
	}
}

func (s *popSession) find(number string) *stored {
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > len(s.mail) || s.mail[n-1].deleted {
		return nil
	}
	return s.mail[n-1]
}

// list answers LIST and UIDL, of one mail or of all.
func (s *popSession) list(number string, value func(*stored) string) {
	if number != "" {
		if m := s.find(number); m != nil {
			s.ok(number + " " + value(m))
		} else {
			s.no("no such message")
		}
		return
	}
	s.ok("")
	for i, m := range s.mail {
		if !m.deleted {
			s.send(fmt.Sprintf("%d %s\r\n", i+1, value(m)))
		}
	}
	s.send(".\r\n")
}

// text sends a mail with its dots stuffed.
func (s *popSession) text(raw []byte) {
	for line := range bytes.Lines(raw) {
		line = bytes.TrimRight(line, "\r\n")
		if bytes.HasPrefix(line, []byte(".")) {
			s.send(".")
		}
		s.send(string(line) + "\r\n")
	}
	s.send(".\r\n")
}

// quit ends the session; now the marked mails go.
func (s *popSession) quit() {
	s.boxes.mu.Lock()
	defer s.boxes.mu.Unlock()
	if len(s.marked) > 0 {
		u := s.boxes.user(s.user)
		for i := range u.mail {
			for _, m := range s.marked {
				u.mail[i].deleted = u.mail[i].deleted || u.mail[i].id == m.id
			}
		}
	}
	s.ok("bye")
	s.end = true
}
