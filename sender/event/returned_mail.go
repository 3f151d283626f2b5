package event

import (
	"bytes"
	"strings"

	"todoku/sender/mail"
)

// ReturnedMail is the mail that a notice brings back, as far as it does. It is a part of the notice's octets: who keeps it long
// clones it.
type ReturnedMail struct {
	Data []byte // nil for none
	Part Part
}

// Part says how much of a mail came back.
type Part uint8

// The parts.
const (
	HeaderPart Part = iota // its header; the body did not come back, or not octet for octet
	WholeMail              // all that the notice says is the mail; who sent it back may have cut or converted it
)

// Clone is a copy that shares nothing with the notice. Of a mail of more octets than most it has the header alone, and of a longer
// header nothing.
func (r ReturnedMail) Clone(most int) ReturnedMail {
	if len(r.Data) > most {
		r.Part = HeaderPart
		if body := mail.Cut(r.Data).Body; len(body) > 0 {
			r.Data = r.Data[:len(r.Data)-len(body)]
		}
		if len(r.Data) > most {
			return ReturnedMail{}
		}
	}
	r.Data = bytes.Clone(r.Data)
	return r
}

// returnedIn is the mail in a part of a notice.
func returnedIn(e *mail.Entity) ReturnedMail {
	data := e.Declared(mail.MaxKept)
	if len(data) == 0 {
		return ReturnedMail{}
	}
	r := ReturnedMail{Data: data, Part: HeaderPart}
	switch e.Type {
	case "text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822-header", "message/partial":
		return r
	}
	if strings.HasPrefix(e.Type, "text/") { // a text may come in another charset than the mail was sent in
		return r
	}
	if _, limit := e.Incomplete(); limit == 0 && !e.CutOff() && e.Size() <= mail.MaxKept && len(bytes.TrimSpace(mail.Cut(data).Body)) > 0 {
		r.Part = WholeMail
	}
	return r
}
