package sender

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/netip"
	"time"

	"todoku/codes"
	"todoku/sender/smtp"
)

// Dialer opens SMTP sessions. The zero value goes out to the world.
type Dialer struct {
	Dial    func(ctx context.Context, network, addr string) (net.Conn, error)
	Now     func() time.Time
	Roots   *x509.CertPool // nil: the system's
	Helo    string         // our name in EHLO
	Timeout time.Duration  // of one step; 0: as RFC 5321 §4.5.3.2 has it
}

// Open is an Opener.
func (d Dialer) Open(ctx context.Context, to Server) (Session, codes.Reply, error) {
	s, greeting, err := smtp.Dial(ctx, to.Addr, smtp.Options{Dial: d.Dial, Now: d.Now, Roots: d.Roots, Helo: d.Helo, Timeout: d.Timeout,
		Host: to.Host, Implicit: to.Implicit, Verify: to.Verify, Secret: to.Secret})
	if s == nil {
		return nil, greeting, err
	}
	return s, greeting, err
}

// Conversation is one session of a delivery with its transcript. Without a
// connection the transcript is one step with the error.
type Conversation struct {
	Host    string          `json:"host"`
	Address netip.AddrPort  `json:"address"`
	Attempt int             `json:"attempt"`
	Started time.Time       `json:"started"`
	Reused  bool            `json:"reused,omitempty"` // it went on with this mail after another one
	Steps   smtp.Transcript `json:"steps"`
}

// maxTranscript bounds what a journal keeps of the transcripts, in octets of
// JSON: the last session stays, of those before as many as fit.
const maxTranscript = 256 << 10

func journalTranscript(all []Conversation) json.RawMessage {
	for i := range all {
		raw, err := json.Marshal(all[i:])
		if err == nil && len(raw) <= maxTranscript {
			return raw
		}
	}
	return nil
}
