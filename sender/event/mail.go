package event

import (
	"errors"
	"io"
	"strconv"

	"todoku/codes"
	"todoku/sender/mail"
)

// mailResult is what one mail tells.
type mailResult struct {
	events []Event
	unread bool // it looks like a notice, and names no recipient or no reason
}

// readMail reads an input that is one mail.
func (in *input) readMail() error {
	data, err := io.ReadAll(io.LimitReader(in.r, mail.MaxKept+1))
	if err != nil {
		return codes.At(in.Name, err)
	}
	cut := len(data) > mail.MaxKept
	in.Input.Lines = 1
	return in.giveMail(readMail(data[:min(len(data), mail.MaxKept)]), 0, cut)
}

// mailBatch are some mails of a mailbox, one after the other in data.
type mailBatch struct {
	data []byte
	ends []int  // of each mail
	cut  []bool // it was longer than mail.MaxKept
}

// A batch has at most so many mails, and ends when it has so many octets.
const (
	batchMails  = 64
	batchOctets = 256 << 10
)

// nextBatch takes the next mails of a mailbox.
func nextBatch(box *mail.Mbox) (mailBatch, error) {
	b := mailBatch{data: make([]byte, 0, batchOctets+batchOctets/4)}
	for len(b.ends) < batchMails && len(b.data) < batchOctets {
		data, cut, err := box.Next(b.data)
		if err != nil {
			if errors.Is(err, io.EOF) && len(b.ends) > 0 {
				break
			}
			return b, err
		}
		b.data, b.ends, b.cut = data, append(b.ends, len(data)), append(b.cut, cut)
	}
	return b, nil
}

// batchResult is what the mails of a batch tell.
type batchResult struct {
	mails []mailResult
	cut   []bool
}

func readBatch(b mailBatch) batchResult {
	r := batchResult{cut: b.cut}
	start := 0
	for _, end := range b.ends {
		r.mails = append(r.mails, readMail(b.data[start:end:end]))
		start = end
	}
	return r
}

// readMbox reads a mailbox file.
func (in *input) readMbox() error {
	box := mail.NewMbox(in.r)
	p := pipeline[mailBatch, batchResult]{
		workers: in.Workers,
		next:    func() (mailBatch, error) { return nextBatch(box) },
		work:    readBatch,
		give: func(r batchResult) error {
			for i, m := range r.mails {
				in.Input.Lines++
				if err := in.giveMail(m, in.Input.Lines, r.cut[i]); err != nil {
					return err
				}
			}
			return nil
		},
	}
	if err := p.run(in.ctx); err != nil {
		if errors.Is(err, errEnough) {
			return err
		}
		return codes.At(in.Name, err)
	}
	return nil
}

// giveMail hands on what a mail tells. number is its place in a mailbox, 0 where the file is one mail.
func (in *input) giveMail(r mailResult, number int64, cut bool) error {
	if cut && len(in.Input.Notes) < maxInputNotes {
		size, n := strconv.Itoa(mail.MaxKept>>20), strconv.FormatInt(max(number, 1), 10)
		in.note("mail "+n+" is longer than "+size+" MiB: its end was not read", n+"通目のメールは"+size+
			"MiBを超えるため、末尾を読み込んでいません")
	}
	if r.unread {
		in.Input.Unread++
	}
	for _, e := range r.events {
		e.Source.Line = number
		if err := in.give(&e); err != nil {
			return err
		}
	}
	return nil
}

// maxInputNotes bounds what is told of an input as a whole.
const maxInputNotes = 20
