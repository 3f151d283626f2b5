package event

import (
	"bufio"
	"bytes"

	"todoku/sender/mail"
)

// FormatOf names the kind of an input by its beginning: "mail", "mbox", "log", "events" of a service, "table", "text", or "".
func FormatOf(head []byte) string {
	in := &input{head: head[:min(len(head), headSize)]}
	in.r = bufio.NewReaderSize(bytes.NewReader(in.head), headSize)
	if in.unwrap() != nil {
		return ""
	}
	for _, f := range formats() {
		if f.is(in.head) {
			return f.name
		}
	}
	return ""
}

// Opened is what a mail holds beside its events.
type Opened struct {
	Subject  string
	Words    string       // for people, decoded, without the mail that comes back
	Text     string       // the same with what they quote
	Returned *mail.Entity // the header of the mail that comes back; nil for none
}

// OpenMail opens a mail.
func OpenMail(data []byte) Opened {
	n := &notice{mail: mail.Open(data)}
	n.sort(n.mail, 0)
	n.readWords()
	o := Opened{Subject: n.mail.Words("Subject"), Words: n.text.words}
	for i, p := range n.human {
		if i < 6 && len(o.Text) < maxRead {
			o.Text += p.Text() + "\n"
		}
	}
	o.Returned = returnedMail(n, len(n.read().events) > 0)
	return o
}

// returnedMail is the header of the mail that comes back with a notice, or with one that was forwarded. own says that something
// in the mail is a notice.
func returnedMail(n *notice, own bool) *mail.Entity {
	if n.original.known || !own || n.depth >= maxForwarded {
		return n.original.header
	}
	for _, a := range n.attached {
		inner := &notice{mail: a.InnerMail(1), depth: n.depth + 1}
		inner.sort(inner.mail, 0)
		if h := returnedMail(inner, len(inner.read().events) > 0); h != nil {
			return h
		}
	}
	return nil
}
