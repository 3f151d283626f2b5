package lab

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Message is one that a receiver took.
type Message struct {
	At       time.Time
	Host     string // that took it
	Hello    string // what the client called itself
	TLS      bool
	User     string   // that logged in
	From     string   // envelope sender, "" for <>
	MailArgs []string // parameters of MAIL
	To       []Recipient
	Data     []byte // lines end with CRLF; dots are unstuffed
}

// Recipient is one of a message's.
type Recipient struct {
	Address string
	Args    []string // parameters of RCPT
}

// Session is what was said on one connection.
type Session struct {
	Started time.Time
	Host    string
	Port    uint16
	Lines   []Line
	Cut     bool // more was said than is kept
	Over    bool // the connection has ended
}

// Line is one line of a session, without its end.
type Line struct {
	At     time.Duration // since the connection
	Client bool          // said by the client
	TLS    bool
	Text   string
	Octets int // of a message, in whose place this line stands; Text is empty
}

// What is kept of it all.
const (
	maxMessages     = 1000
	maxMessageBytes = 64 << 20
	maxSessions     = 1000
	maxSessionBytes = 32 << 10
)

// mailStore keeps the last messages and sessions.
type mailStore struct {
	mu       sync.Mutex
	messages []Message
	bytes    int
	sessions []*Session
}

func (b *mailStore) put(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, m)
	b.bytes += len(m.Data)
	drop := 0
	for len(b.messages)-drop > maxMessages || b.bytes > maxMessageBytes && drop < len(b.messages) {
		b.bytes -= len(b.messages[drop].Data)
		drop++
	}
	b.messages = slices.Delete(b.messages, 0, drop)
}

// open begins the record of a session.
func (b *mailStore) open(host string, port uint16) *record {
	r := &record{store: b, session: &Session{Started: time.Now(), Host: host, Port: port}}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.sessions) == maxSessions {
		b.sessions = slices.Delete(b.sessions, 0, 1)
	}
	b.sessions = append(b.sessions, r.session)
	return r
}

// record is a session that is being kept.
type record struct {
	store   *mailStore
	session *Session
	bytes   int
}

func (r *record) add(l Line) {
	l.At = time.Since(r.session.Started)
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	const perLine = 48 // a short line has its cost too
	if r.bytes += len(l.Text) + perLine; r.bytes > maxSessionBytes {
		r.session.Cut = true
		return
	}
	r.session.Lines = append(r.session.Lines, l)
}

func (r *record) close() {
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	r.session.Over = true
}

// Messages gives what was received for a recipient, or all with "", oldest
// first: of the last thousand messages, and at most 64 MiB.
func (l *Lab) Messages(addr string) []Message {
	l.mail.store.mu.Lock()
	defer l.mail.store.mu.Unlock()
	var out []Message
	for _, m := range l.mail.store.messages {
		if addr == "" || slices.ContainsFunc(m.To, func(r Recipient) bool { return strings.EqualFold(r.Address, addr) }) {
			out = append(out, m)
		}
	}
	return out
}

// Sessions gives the last thousand SMTP connections in the order in which they
// began, with what was said both ways.
func (l *Lab) Sessions() []Session {
	l.mail.store.mu.Lock()
	defer l.mail.store.mu.Unlock()
	out := make([]Session, 0, len(l.mail.store.sessions))
	for _, s := range l.mail.store.sessions {
		c := *s
		c.Lines = slices.Clone(s.Lines)
		out = append(out, c)
	}
	return out
}
