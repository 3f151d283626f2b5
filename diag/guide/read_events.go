package guide

import (
	"bytes"
	"context"
	"io"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/diag/guide/ticket"
	"todoku/sender/event"
)

// maxCases bounds how many mails of an input are told apart. Further ones are counted.
const maxCases = 1000

// collector keeps the last that is told of each mail and recipient.
type collector struct {
	codes *codes.Catalogue
	judge *event.Judge
	told  Told
	at    map[string]int // where the case of a mail stands
	input string
	n     int // events
	spare int // octets of returned mails that may still be kept
	// last is the mail that came back with the event before: a notice about several recipients returns it once.
	last     event.ReturnedMail
	lastRead *Message
}

// Bounds of the mails that are kept of an input, in octets.
const (
	maxReturned = 1 << 20
	maxAllMails = 32 << 20
)

func newCollector(c *codes.Catalogue, input string) *collector {
	return &collector{codes: c, judge: event.NewJudge(c, func(string) string { return "" }), at: map[string]int{}, input: input,
		spare: maxAllMails}
}

// add takes the next case. A later one of the same mail and recipient says how it ended.
func (l *collector) add(k *Case, id string) {
	l.n++
	key := strings.ToLower(k.To) + "\n" + id
	if i, known := l.at[key]; known && k.To != "" {
		l.told.Cases[i] = k
		return
	}
	if len(l.told.Cases) == maxCases {
		if k.Action.Trouble() {
			l.told.Failed++
		}
		return
	}
	l.at[key] = len(l.told.Cases)
	l.told.Cases = append(l.told.Cases, k)
}

// done leaves what did not arrive, or else one of what did.
func (l *collector) done() Told {
	all := l.told.Cases
	var open, other []*Case
	for _, k := range all {
		switch {
		case k.Action.Trouble():
			open = append(open, k)
			l.told.Failed++
		case k.Action == event.Complaint, k.Action == event.AutoReply:
			other = append(other, k)
			l.told.Arrived++
		default:
			l.told.Arrived++
		}
	}
	switch l.told.Cases = append(open, other...); {
	case len(l.told.Cases) == 0 && len(all) > 0:
		l.told.Cases = all[:1]
	}
	return l.told
}

// ofEvents makes cases of the events of an input; none where a short one has only one: a line alone is read as people paste it.
func ofEvents(c *codes.Catalogue, r io.Reader, input string) (Told, error) {
	l := newCollector(c, input)
	for e, err := range event.Read(context.Background(), event.Source{Reader: r}) {
		if err != nil {
			return Told{}, err
		}
		if e.Action != event.Other && e.Action != "" {
			k := l.ofEvent(e)
			k.takeMessage(l.returned(e))
			l.add(k, e.QueueID+"\n"+e.MessageID)
		}
	}
	if l.n == 0 || l.n == 1 && len(input) < paste.MaxSize/2 {
		return Told{}, nil
	}
	return l.done(), nil
}

// ofMail makes cases of a mail: a notice, a complaint, an answer of a program. Of any other mail the words are read as those
// of a person.
func ofMail(c *codes.Catalogue, data []byte, input string) (Told, error) {
	l := newCollector(c, input)
	opened := event.OpenMail(data)
	for e, err := range event.Read(context.Background(), event.Source{Reader: bytes.NewReader(data)}) {
		if err != nil {
			return Told{}, err
		}
		if e.Action == event.Other || e.Action == event.AutoReply && isNotice(opened.Words) {
			continue
		}
		k := l.ofEvent(e)
		k.Message = l.returned(e)
		if opened.Returned != nil && e.Action != event.AutoReply {
			k.takeReturned(opened.Returned)
			if to := opened.Returned.Mailbox("To"); k.Forwarded == "" && strings.EqualFold(k.To, to) { // nothing was sent on
				k.Forwarded = k.To
			}
		}
		l.add(k, "")
	}
	if l.n > 0 {
		return l.done(), nil
	}
	if !startsAsMail(input) { // a ticket that quotes a mail
		return ofText(c, input), nil
	}
	words := strings.TrimSpace(opened.Subject + "\n\n" + opened.Text)
	words = words[:min(len(words), paste.MaxSize)]
	t := ofText(c, words)
	if len(t.Cases) == 0 {
		t.Cases = []*Case{readOne(c, words, words)}
	}
	if !t.Cases[0].tells() {
		t.Cases[0] = readOne(c, input, string(data))
	}
	for _, k := range t.Cases {
		if k.Input = input; !k.tells() { // its addresses are not those of a mail that did not arrive
			k.To, k.From, k.MailFrom = "", "", ""
		}
	}
	return t, nil
}

// startsAsMail reports whether the first line of a text is of a header.
func startsAsMail(text string) bool {
	name, _, ok := strings.Cut(text[:min(len(text), 80)], ":")
	return ok && !strings.ContainsAny(name, " \n") || strings.HasPrefix(text, "From ")
}

// isNotice reports whether words are those of a program that tells of a refusal: some notices say in their header that a program
// answered.
func isNotice(words string) bool {
	f := paste.Parse(words)
	return f.Reply.Code >= 500 && f.Format != "text" && f.Format != "reply"
}

// ofEvent makes a case of an event.
func (l *collector) ofEvent(e event.Event) *Case {
	l.judge.Judge(&e)
	k := &Case{Input: l.input, Format: e.Format, Action: e.Action, To: e.Recipient, MailFrom: e.From, IP: e.SendingIP, Time: e.Time,
		At: e.Time, Clock: e.Clock}
	if e.OriginalRecipient != "" {
		k.To, k.Forwarded = e.OriginalRecipient, e.Recipient
	}
	if !e.Action.Trouble() {
		if d, ok := l.codes.Delivery(codes.DeliveryOK); ok {
			k.ofCode(d)
		}
		switch e.Action {
		case event.AutoReply:
			k.From, k.MailFrom, k.Context.Event = e.From, "", codes.EventAnswered
		case event.Complaint:
			k.Context.Event = codes.EventComplaint
		}
		k.classify(l.codes)
		return k
	}
	k.Reply, k.Context = e.Reply, codes.Context{Host: e.RemoteMTA, Stage: e.Stage, Event: e.End}
	server := e.RemoteMTA
	if e.RemoteIP.IsValid() {
		server = e.RemoteIP.String()
	}
	k.readReply(server)
	if k.IP == e.RemoteIP {
		k.IP = e.SendingIP
	}
	k.classify(l.codes)
	return k
}

// returned is the mail that came back with an event, where there is room for it; nil for none.
func (l *collector) returned(e event.Event) *Message {
	if !e.Action.Trouble() || len(e.Returned.Data) == 0 {
		return nil
	}
	if len(l.last.Data) == len(e.Returned.Data) && &l.last.Data[0] == &e.Returned.Data[0] {
		return l.lastRead
	}
	l.last = e.Returned
	kept := e.Returned.Clone(min(maxReturned, l.spare))
	l.spare -= len(kept.Data)
	l.lastRead = ReadReturned(kept)
	return l.lastRead
}

// ofText makes cases of a text that tells of several mails; none where it tells of one or of nothing.
func ofText(c *codes.Catalogue, text string) Told {
	l := newCollector(c, text)
	var t ticket.Ticket
	for _, f := range paste.All(text) {
		if !f.Tells() {
			continue
		}
		if l.n == 0 {
			t = ticket.Read(c, text)
		}
		k := &Case{Input: text, Action: event.Delivered}
		if f.Trouble() {
			k.Action = event.Failed
		}
		k.takeFound(c, f)
		k.takeShared(t)
		l.add(k, "")
	}
	switch {
	case l.n > 1:
		return l.done()
	case l.n == 1:
		return Told{}
	}
	return ofCodes(c, text)
}

// takeShared takes what a ticket says of all its mails.
func (k *Case) takeShared(t ticket.Ticket) {
	to := k.To
	k.takeFacts(t, true)
	k.To = to
}

// ofCodes makes cases of a ticket that names several delivery codes, and no reply.
func ofCodes(c *codes.Catalogue, text string) Told {
	t := ticket.Read(c, text)
	if len(t.Codes) < 2 || len(t.Codes) > maxCodes {
		return Told{}
	}
	whole := readOne(c, text, text)
	if whole.Reply.Code != 0 && len(whole.Reply.Lines) > 0 || len(whole.Named) < 2 {
		return Told{}
	}
	var out Told
	for _, id := range t.Codes {
		k := *whole
		d, _ := c.Delivery(id)
		k.ofCode(d)
		if line := lineWith(text, id); line != "" {
			if to := ticket.Read(c, line).Recipient; to != "" {
				k.To = to
			}
		}
		k.classify(c)
		out.Cases = append(out.Cases, &k)
	}
	out.Failed = len(out.Cases)
	return out
}

// maxCodes is how many delivery codes of a ticket are looked at one by one; a range has more.
const maxCodes = 5

// lineWith is the line of a text that has a word.
func lineWith(text, word string) string {
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			return line
		}
	}
	return ""
}
