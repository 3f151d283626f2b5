package sender_test

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"time"

	"todoku/codes"
	"todoku/sender"
)

// client opens the plainest sessions that can be, over real sockets.
type client struct {
	dial  func(ctx context.Context, network, addr string) (net.Conn, error)
	roots *x509.CertPool
	step  time.Duration
}

func (c *client) open(ctx context.Context, to sender.Server) (sender.Session, codes.Reply, error) {
	conn, err := c.dial(ctx, "tcp", to.Addr)
	if err != nil {
		return nil, codes.Reply{}, err
	}
	s := &session{client: c, to: to, c: conn}
	s.stop = context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	if to.Implicit {
		if err := s.secure(ctx); err != nil {
			conn.Close()
			return nil, codes.Reply{}, err
		}
	}
	s.r = bufio.NewReader(s.c)
	r, err := s.read(ctx)
	return s, r, err
}

type session struct {
	*client
	to    sender.Server
	c     net.Conn
	r     *bufio.Reader
	hello []string
	stop  func() bool
}

func (s *session) secure(ctx context.Context) error {
	t := tls.Client(s.c, &tls.Config{ServerName: s.to.Host, RootCAs: s.roots, InsecureSkipVerify: !s.to.Verify})
	if err := t.HandshakeContext(ctx); err != nil {
		return err
	}
	s.c, s.r = t, bufio.NewReader(t)
	return nil
}

func (s *session) read(ctx context.Context) (codes.Reply, error) {
	s.c.SetReadDeadline(time.Now().Add(s.step))
	if ctx.Err() != nil {
		s.c.SetReadDeadline(time.Unix(1, 0))
	}
	var r codes.Reply
	for {
		l, err := s.r.ReadString('\n')
		if err != nil {
			return r, err
		}
		l = strings.TrimRight(l, "\r\n")
		if len(l) < 3 {
			return r, errors.New("garbage")
		}
		if r.Code, err = strconv.Atoi(l[:3]); err != nil {
			return r, err
		}
		text := strings.TrimLeft(l[3:], " -")
		if e, ok := codes.ParseEnhanced(strings.Fields(text + " x")[0]); ok {
			r.Enhanced, text = e, strings.TrimSpace(text[len(e.String()):])
		}
		r.Lines = append(r.Lines, text)
		if len(l) == 3 || l[3] == ' ' {
			return r, nil
		}
	}
}

func (s *session) command(ctx context.Context, words ...string) (codes.Reply, error) {
	if _, err := io.WriteString(s.c, strings.TrimSpace(strings.Join(words, " "))+"\r\n"); err != nil {
		return codes.Reply{}, err
	}
	return s.read(ctx)
}

func (s *session) Hello(ctx context.Context) (codes.Reply, error) {
	r, err := s.command(ctx, "EHLO out.kaisha.test")
	s.hello = r.Lines
	return r, err
}

func (s *session) Offers(keyword string) bool {
	for _, l := range s.hello {
		if strings.Fields(l + " x")[0] == keyword {
			return true
		}
	}
	return false
}

func (s *session) StartTLS(ctx context.Context) (codes.Reply, error) {
	r, err := s.command(ctx, "STARTTLS")
	if err == nil && r.Code == 220 {
		err = s.secure(ctx)
	}
	return r, err
}

func (s *session) Login(ctx context.Context, user, secret string, bearer bool) (codes.Reply, error) {
	return s.command(ctx, "AUTH PLAIN", base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+secret)))
}

func (s *session) Mail(ctx context.Context, from string, p sender.MailParams) (codes.Reply, error) {
	words := []string{"MAIL FROM:<" + from + ">"}
	for _, w := range []struct {
		on   bool
		word string
	}{{p.Size > 0, fmt.Sprintf("SIZE=%d", p.Size)}, {p.EightBit, "BODY=8BITMIME"}, {p.UTF8, "SMTPUTF8"}, {p.Return != "", "RET=" + p.Return}, {p.EnvelopeID != "", "ENVID=" + p.EnvelopeID}} {
		if w.on {
			words = append(words, w.word)
		}
	}
	return s.command(ctx, words...)
}

func (s *session) Rcpt(ctx context.Context, to string, notify []string) (codes.Reply, error) {
	words := []string{"RCPT TO:<" + to + ">"}
	if len(notify) > 0 {
		words = append(words, "NOTIFY="+strings.Join(notify, ","))
	}
	return s.command(ctx, words...)
}

func (s *session) Data(ctx context.Context) (codes.Reply, error) { return s.command(ctx, "DATA") }

func (s *session) Body(ctx context.Context, message []byte, sent func() error) (codes.Reply, error) {
	var b bytes.Buffer
	for l := range bytes.Lines(message) {
		if l[0] == '.' {
			b.WriteByte('.')
		}
		b.Write(l)
	}
	b.WriteString(".\r\n")
	if _, err := s.c.Write(b.Bytes()); err != nil {
		return codes.Reply{}, err
	}
	if err := sent(); err != nil {
		return codes.Reply{}, err
	}
	return s.read(ctx)
}

func (s *session) Quit(ctx context.Context) {
	s.command(ctx, "QUIT")
	s.Close()
}

func (s *session) Close() {
	s.stop()
	s.c.Close()
}
