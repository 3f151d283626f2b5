package lab

import (
	"crypto/tls"
	"io"
	"log"
	"net"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// serveIMAP talks IMAP with one client until it has gone.
func (m *mailboxes) serveIMAP(c net.Conn, secure *tls.Config) {
	gone := &watched{Conn: c, gone: make(chan struct{})}
	srv := imapserver.New(&imapserver.Options{
		Caps: imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapMove: {}, imap.CapUIDPlus: {}, imap.CapSpecialUse: {},
			imap.CapNamespace: {}, imap.CapListExtended: {}},
		TLSConfig: secure, InsecureAuth: secure == nil, Logger: log.New(io.Discard, "", 0),
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &imapSession{boxes: m}, nil, nil
		},
	})
	one := &once{conn: gone, done: gone.gone}
	_ = srv.Serve(one) // ends when the client has gone
	_ = srv.Close()
}

// imapSession is a session in which every user has a mailbox.
type imapSession struct {
	*imapmemserver.UserSession
	boxes *mailboxes
}

var _ imapserver.Session = (*imapSession)(nil)

// Login gives the mailbox of a user.
func (s *imapSession) Login(user, password string) error {
	if userOf(user) == "" || password != MailboxPassword {
		return imapserver.ErrAuthFailed
	}
	s.boxes.mu.Lock()
	defer s.boxes.mu.Unlock()
	s.UserSession = imapmemserver.NewUserSession(s.boxes.user(user).imap)
	return nil
}

// Close ends the session, also one without a login.
func (s *imapSession) Close() error {
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

// once is a listener with one connection.
type once struct {
	mu   sync.Mutex
	conn net.Conn // nil: it was accepted
	done chan struct{}
}

// Accept gives the connection, and then waits for its end.
func (o *once) Accept() (net.Conn, error) {
	o.mu.Lock()
	c := o.conn
	o.conn = nil
	o.mu.Unlock()
	if c != nil {
		return c, nil
	}
	<-o.done
	return nil, net.ErrClosed
}

// Close does nothing: the connection ends by itself.
func (o *once) Close() error { return nil }

// Addr is of no use here.
func (o *once) Addr() net.Addr { return &net.TCPAddr{} }

// watched is a connection that tells when it is closed.
type watched struct {
	net.Conn
	once sync.Once
	gone chan struct{}
}

// Close closes the connection.
func (w *watched) Close() error {
	w.once.Do(func() { close(w.gone) })
	return w.Conn.Close()
}
