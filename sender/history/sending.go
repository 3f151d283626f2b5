package history

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"

	"todoku/codes"
)

// Result is where a sending stands.
type Result string

// The results of the guide.
const (
	Preparing Result = "preparing"
	OK        Result = "ok" // the server took it; a bounce can still turn it to Failed
	Failed    Result = "error"
)

// Phase is how far a sending got, so that after a crash it is known what can
// have happened.
type Phase string

// The phases. Only what is queued has certainly not been delivered: from then on
// nobody but the server knows.
const (
	Queued      Phase = "queued"       // the final dot was not sent, or the server refused the mail for now
	InSession   Phase = "sending"      // written before DATA, by versions before 0.2
	ContentSent Phase = "content-sent" // written before the final dot; it stays where no valid reply came (40001)
	Done        Phase = "done"
)

// Sending is one mail to one recipient.
type Sending struct {
	ID         string   `json:"id"`
	List       string   `json:"list,omitempty"` // id of the list that it belongs to
	Kind       string   `json:"kind,omitempty"` // what it was sent for: "test", "campaign"
	Sender     string   `json:"sender"`
	Name       string   `json:"name,omitempty"` // of the sender
	Recipient  string   `json:"recipient"`
	Cc         []string `json:"cc,omitempty"`
	Bcc        []string `json:"bcc,omitempty"`
	ReplyTo    string   `json:"reply_to,omitempty"`
	ErrorsTo   string   `json:"errors_to,omitempty"` // エラー時返信先
	Subject    string   `json:"subject"`
	MessageID  string   `json:"message_id,omitempty"`
	EnvelopeID string   `json:"envelope_id,omitempty"`

	Phase       Phase     `json:"phase"`
	Result      Result    `json:"result"`
	Code        string    `json:"delivery_code,omitempty"` // "" while preparing
	Reason      string    `json:"reason,omitempty"`
	ReasonClass string    `json:"reason_class,omitempty"`
	Permanent   codes.Tri `json:"-"`                 // in JSON true, false or absent
	Own         bool      `json:"own,omitempty"`     // the error is of our own looking and says nothing about the address
	Reply       string    `json:"reply,omitempty"`   // the whole last reply, line by line
	MX          string    `json:"host,omitempty"`    // the server that decided
	Address     string    `json:"address,omitempty"` // and its address
	Via         string    `json:"via,omitempty"`     // the relay, where there was one

	Started     time.Time       `json:"started"`
	Updated     time.Time       `json:"updated"`
	Finished    time.Time       `json:"finished,omitzero"`
	Attempts    int             `json:"attempts"`
	NextAttempt time.Time       `json:"next_attempt,omitzero"`
	Lease       time.Time       `json:"-"` // until when the process that works on it is trusted to live
	Transcript  json.RawMessage `json:"transcript,omitempty"`
	Events      []Event         `json:"events,omitempty"` // what was told of it since; nobody but who asks for it fills it in
	Content     []byte          `json:"-"`                // the mail, for Begin only: Content gives it back
}

// OutcomeUnknown reports whether nobody will write down how this sending ended: its process has ended, and the server may
// have the mail or not. Such a sending is never sent again by itself.
func (s Sending) OutcomeUnknown(now time.Time) bool {
	return s.Result == Preparing && (s.Phase == InSession || s.Phase == ContentSent) && !s.Lease.After(now)
}

// MarshalJSON writes Permanent as a boolean, and not at all where it may be either.
func (s Sending) MarshalJSON() ([]byte, error) {
	type plain Sending
	var permanent *bool
	if s.Permanent != codes.Unknown {
		yes := s.Permanent == codes.Yes
		permanent = &yes
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // whoever writes it out decides
	err := e.Encode(struct {
		plain
		Permanent *bool `json:"permanent,omitempty"`
	}{plain(s), permanent})
	return b.Bytes(), err
}

// Step is what becomes known on the way. Zero fields leave what is there,
// but for NextAttempt: a step without one waits for nothing.
type Step struct {
	Phase       Phase // Queued, InSession or ContentSent
	MX          string
	Address     string
	Via         string
	Reply       string
	Attempts    int
	NextAttempt time.Time
	Mail        *Mail // of a list, when its turn has come; nil: it is written down
}

// Outcome is how a sending ended.
type Outcome struct {
	Result      Result // OK or Failed
	Code        string
	Reason      string
	ReasonClass string
	Permanent   codes.Tri
	Own         bool // our own view failed (DNS, port 25, relay): the address is not to blame
	Reply       string
	MX          string
	Address     string
	Via         string
	MessageID   string
	Attempts    int
	At          time.Time // zero is now
	Transcript  json.RawMessage
	Mail        *Mail // as in Step
}

// Bounce is what came back for a mail that had been accepted.
type Bounce struct {
	Reason      string
	ReasonClass string
	Permanent   codes.Tri
	Reply       string    // what the remote server is said to have replied
	At          time.Time // when it came; zero is now
}

// Filter chooses sendings; zero fields choose everything.
type Filter struct {
	Recipient   string // the address, in any case
	Domain      string // of the recipient
	Code        string
	Result      Result
	List        string // the id
	MessageID   string
	EnvelopeID  string
	Since       time.Time // started at or after
	Until       time.Time // started before
	Limit       int
	Transcripts bool // read them as well
}

var idEpoch = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

// NewID makes an id of 14 characters that sorts by time (to 1/32 s, until 2059)
// and is good for VERP.
func NewID(now time.Time) string {
	ticks := uint64(max(0, now.Sub(idEpoch)/(time.Second/32))) & (1<<35 - 1)
	var random [8]byte
	rand.Read(random[:])
	var b [16]byte
	// 35 bits of time, 35 of chance, from the top.
	chance := binary.BigEndian.Uint64(random[:]) >> 29
	binary.BigEndian.PutUint64(b[:8], ticks<<29|chance>>6)
	b[8] = byte(chance<<2) & 0xfc
	return strings.ToLower(base32.HexEncoding.EncodeToString(b[:9]))[:14] // sorts as the bytes do
}
