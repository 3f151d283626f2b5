package aggregate

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"todoku/sender/mail"
)

// maxMails bounds mails within mails.
const maxMails = 4

// mbox reads the mails of a mailbox file.
func (in *reader) mbox(r *bufio.Reader) error {
	box := mail.NewMbox(bufio.NewReaderSize(r, junkSize))
	box.Most = int(min(in.o.MaxPacked, mail.MaxMessage))
	var buf []byte
	for n := 1; ; n++ {
		data, cut, err := box.Next(buf[:0])
		if err != nil {
			if !errors.Is(err, io.EOF) && in.src.failed() == nil {
				in.damaged(err)
				return in.tell()
			}
			in.place.Mail = 0
			return nil
		}
		buf = data
		in.place.Mail, in.left, in.full, in.most = n, in.o.MaxUnpacked, false, in.given+in.o.MaxReports
		if cut {
			in.tooLarge(int64(box.Most))
		}
		if err := in.mail(mail.Open(data)); err != nil && !errors.Is(err, errMany) {
			return err
		}
		if err := in.src.ctx.Err(); err != nil {
			return err
		}
	}
}

// mailFile reads one mail.
func (in *reader) mailFile(r *bufio.Reader) error {
	data, ok := in.whole(r)
	if !ok && len(data) == 0 {
		return in.tell()
	}
	defer in.memory.keepWhole(data)
	return in.mail(mail.Open(data))
}

// mail reads the reports of a mail.
func (in *reader) mail(m *mail.Entity) error {
	if in.mails++; in.mails > maxMails {
		in.mails--
		in.faults.add(NestedArchive, 0, "", true)
		return in.tell()
	}
	before := in.given
	err := in.parts(m)
	in.mails--
	if err != nil {
		return err
	}
	if what, _ := m.Incomplete(); what.EN != "" {
		in.faults.add(TooManyParts, 0, "", true)
	}
	if m.CutOff() && in.given == before {
		in.faults.add(Truncated, 0, "", true)
	}
	if in.given == before && len(in.faults.list) == 0 && in.mails == 0 {
		in.faults.add(NotReport, 0, "mail", false)
	}
	return in.tell()
}

// parts reads the parts of a mail, whatever type they declare.
func (in *reader) parts(e *mail.Entity) error {
	for _, p := range e.Parts {
		if p.Type == "message/feedback-report" {
			in.faults.add(FailureReport, 0, "", false)
			return in.tell()
		}
	}
	for _, p := range e.Parts {
		if err := in.parts(p); err != nil {
			return err
		}
	}
	if len(e.Parts) > 0 {
		return nil
	}
	switch e.Type {
	case "message/feedback-report":
		in.faults.add(FailureReport, 0, "", false)
		return in.tell()
	case "message/rfc822", "message/global":
		return in.mail(e.InnerMail(1))
	}
	data := e.Octets(int(min(in.o.MaxPacked, mail.MaxMessage)))
	if bytes.Contains(data[:min(len(data), headSize)], []byte("A message claiming to be from you has failed")) {
		in.faults.add(FailureReport, 0, "", false) // as Exim words it, without a structure
		return in.tell()
	}
	k := kindOf(data[:min(len(data), headSize)])
	if !looksLikeReport(k, data, e.Attached()) {
		return nil
	}
	before := in.place.Inside
	name := e.FileName()
	if name != "" {
		in.place.Inside = append(before[:len(before):len(before)], name)
	}
	err := in.open(bytes.NewReader(data), name)
	in.place.Inside = before
	return err
}

// looksLikeReport reports whether a part of a mail is opened: what is beside a report in a mail is not told.
func looksLikeReport(k kind, data []byte, attached bool) bool {
	switch k {
	case kindXML, kindNone:
		return bytes.Contains(data, []byte("<feedback")) || bytes.Contains(data, []byte(":feedback"))
	case kindJSON:
		return bytes.Contains(data, []byte(`"policies"`))
	case kindMail, kindMbox, kindOther:
		return attached
	}
	return true
}
