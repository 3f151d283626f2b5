package smtp

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-sasl"

	"todoku/codes"
)

// quitTime is how long a server may take to say goodbye.
const quitTime = 5 * time.Second

// maxRounds bounds the challenges of one login.
const maxRounds = 4

// Login authenticates (RFC 4954) with the best mechanism that the server
// offers; a bearer secret is a token for XOAUTH2. A secret goes over TLS, or
// over loopback.
func (s *Session) Login(ctx context.Context, user, secret string, bearer bool) (codes.Reply, error) {
	offered := strings.Fields(strings.ToUpper(s.Offer("AUTH")))
	client := mechanism(offered, user, secret, bearer)
	switch {
	case client == nil:
		return codes.Reply{}, &Error{codes.StageAuth, KindAuth, ErrNoAuth}
	case s.tls == nil && !s.local():
		return codes.Reply{}, &Error{codes.StageAuth, KindAuth, ErrPlain}
	}
	name, first, err := client.Start()
	if err != nil {
		return codes.Reply{}, &Error{codes.StageAuth, KindAuth, err}
	}
	s.secrets.addSecret(secret)
	line, shown := "AUTH "+name, "AUTH "+name
	if first != nil {
		initial := "=" // stands for an empty one (RFC 4954 §4)
		if len(first) > 0 {
			initial = s.encoded(first)
		}
		line, shown = line+" "+initial, shown+" "+secretMask
	}
	reply, err := s.step(ctx, codes.StageAuth, line, shown)
	for range maxRounds {
		if err != nil || reply.Code != 334 {
			break
		}
		var answer []byte
		challenge, bad := base64.StdEncoding.DecodeString(strings.TrimSpace(s.last.Text()))
		if bad == nil {
			answer, bad = client.Next(challenge)
		}
		if bad != nil { // RFC 4954 §4: "*" cancels
			return s.step(ctx, codes.StageAuth, "*", "*")
		}
		response := s.encoded(answer) // an empty answer is an empty line
		s.secrets.addSecret(strings.TrimPrefix(string(answer), user))
		reply, err = s.exchange(ctx, codes.StageAuth, secretMask, func() error { return s.write(response) })
	}
	return reply, err
}

// encoded is a response as it goes out, which nobody is to see again.
func (s *Session) encoded(response []byte) string {
	s.secrets.addResponse(response)
	return base64.StdEncoding.EncodeToString(response)
}

func (s *Session) local() bool {
	a, ok := s.conn.RemoteAddr().(*net.TCPAddr)
	return ok && a.IP.IsLoopback()
}

func mechanism(offered []string, user, secret string, bearer bool) sasl.Client {
	has := func(name string) bool { return slices.Contains(offered, name) }
	switch {
	case bearer && has("XOAUTH2"):
		return xoauth2{user, secret}
	case bearer && has("OAUTHBEARER"):
		return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: user, Token: secret})
	case bearer:
		return nil
	case has("PLAIN"):
		return sasl.NewPlainClient("", user, secret)
	case has("LOGIN"):
		return &login{user: user, secret: secret}
	case has("CRAM-MD5"):
		return cramMD5{user, secret}
	}
	return nil
}

// xoauth2 is Google's and Microsoft's mechanism for bearer tokens.
type xoauth2 struct{ user, token string }

func (x xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the details of a refusal with nothing, as the protocol wants.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }

// login is the mechanism LOGIN. go-sasl's sends the user's name before it is
// asked for and knows one form of the question; servers have several.
type login struct {
	user, secret string
	asked        int
}

func (l *login) Start() (string, []byte, error) { return "LOGIN", nil, nil }

func (l *login) Next([]byte) ([]byte, error) {
	l.asked++
	switch l.asked {
	case 1:
		return []byte(l.user), nil
	case 2:
		return []byte(l.secret), nil
	}
	return nil, sasl.ErrUnexpectedServerChallenge
}

// cramMD5 is RFC 2195.
type cramMD5 struct{ user, secret string }

func (c cramMD5) Start() (string, []byte, error) { return "CRAM-MD5", nil, nil }

func (c cramMD5) Next(challenge []byte) ([]byte, error) {
	h := hmac.New(md5.New, []byte(c.secret))
	h.Write(challenge)
	return []byte(c.user + " " + hex.EncodeToString(h.Sum(nil))), nil
}
