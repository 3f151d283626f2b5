package check

import (
	"net/netip"
	"strings"

	"todoku/diag"
	"todoku/diag/dmarc"
	"todoku/diag/resolve"
	"todoku/sender/mail"
)

// Mail is a mail to judge, and what is known of its way. It is shared by the checks of a run, which only read it.
type Mail struct {
	Data     []byte
	Raw      mail.Raw
	Parts    *mail.Entity
	Trace    []Hop        // the fields Received, the newest first
	Envelope Envelope     // of the hop that came from outside
	Reported []AuthReport // what the receiver's own servers say of the mail
	Original *mail.Raw    // the mail as it was sent; nil: not known
}

// Hop is one field Received.
type Hop struct {
	mail.Trace
	field int // its place in Raw.Fields
}

// MailOptions is what the reader of a mail knows of it.
type MailOptions struct {
	IP         netip.Addr // that handed the mail over; invalid: not known
	MailFrom   string     // envelope sender: user@domain, or "" with NullSender
	NullSender bool       // the envelope sender is empty, as that of bounces is
	HELO       string
	Original   []byte   // the mail as it was sent; nil: not known
	TrustHosts []string // servers whose fields Received and Authentication-Results are believed, with those below their names
}

// maxTrace is how many fields Received are read.
const maxTrace = 200

// OpenMail reads a mail.
func OpenMail(data []byte, o MailOptions) *Mail {
	m := &Mail{Data: data, Raw: mail.Cut(data), Parts: mail.Open(data)}
	for i, f := range m.Raw.Fields {
		if strings.EqualFold(f.Name, "Received") && len(m.Trace) < maxTrace {
			m.Trace = append(m.Trace, Hop{mail.ParseTrace(f.Value()), i})
		}
	}
	if o.Original != nil {
		sent := mail.Cut(o.Original)
		m.Original = &sent
	}
	m.findEnvelope(o)
	m.findReports(o.TrustHosts)
	return m
}

// data is the mail as octets; nil for no mail.
func (m *Mail) data() []byte {
	if m == nil {
		return nil
	}
	return m.Data
}

// raw is the mail taken apart; an empty one for no mail.
func (m *Mail) raw() mail.Raw {
	if m == nil {
		return mail.Raw{}
	}
	return m.Raw
}

// IsMail reports whether data has a header, as every mail has.
func IsMail(data []byte) bool {
	named := 0
	for _, f := range mail.Cut(data).Fields {
		if f.Name != "" {
			named++
		}
	}
	return named > 0
}

// From is the value of the field From; those of all where there are several (RFC 9989 §5.3.1 wants one).
func (m *Mail) From() string {
	var values []string
	for _, f := range m.Raw.All("From") {
		values = append(values, f.Value())
	}
	return strings.Join(values, ", ")
}

// Target is what a report on the mail is about: name is how its reader calls it, the domain is that of the author, or ""
// where From has none that can be asked.
func (m *Mail) Target(name string) diag.Target {
	t := diag.Target{Kind: "message", Name: name}
	if domains, err := dmarc.FromDomains(m.From()); err == nil {
		t.ASCII = domains[0]
	}
	return t
}

// Unsent reports whether the mail bears no trace of having been sent, and nobody told how it will be.
func (m *Mail) Unsent() bool { return len(m.Trace) == 0 && !m.Envelope.IP.IsValid() }

// within reports whether a host is one of a list, or below one.
func within(host string, list []string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, d := range list {
		if host != "" && resolve.Within(host, strings.ToLower(strings.TrimSuffix(d, "."))) {
			return true
		}
	}
	return false
}
