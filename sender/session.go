package sender

import (
	"context"
	"net/netip"

	"todoku/codes"
	"todoku/sender/smtp"
)

// Server is where a session goes to.
type Server struct {
	Host     string         // its name, which its certificate holds
	Addr     string         // host:port to dial
	At       netip.AddrPort // invalid where Addr has a name
	Implicit bool           // TLS from the first byte
	Verify   bool           // without a certificate that verifies there is no TLS
	Secret   string         // of the login to come, which nothing of the session shows
}

// Session is a conversation with one server, command by command. A reply comes
// with a nil error whatever it says; an error means that there is no reply, or
// for StartTLS that the handshake failed. Each step is bounded in time, and
// what goes in cannot hold a line break: addresses come from Address.
type Session interface {
	Hello(ctx context.Context) (codes.Reply, error) // EHLO, or HELO where that is all the server knows
	Offers(keyword string) bool                     // what the server said to the last Hello
	StartTLS(ctx context.Context) (codes.Reply, error)
	Login(ctx context.Context, user, secret string, bearer bool) (codes.Reply, error)
	Mail(ctx context.Context, from string, p MailParams) (codes.Reply, error)
	Rcpt(ctx context.Context, to string, notify []string) (codes.Reply, error)
	Data(ctx context.Context) (codes.Reply, error)
	// Body sends the message, which comes in pieces, calls end, sends the final dot and waits for the
	// reply. An error of end ends the session before the dot.
	Body(ctx context.Context, message [][]byte, end func() error) (codes.Reply, error)
	Quit(ctx context.Context) // says goodbye, and closes
	Close()
	Transcript() smtp.Transcript
}

// Opener connects to a server and reads its greeting. The session is nil where there is no connection; the error says
// why, or why no greeting came.
type Opener func(ctx context.Context, s Server) (Session, codes.Reply, error)

// MailParams go with MAIL FROM where the server offers the extension.
type MailParams = smtp.MailParams
