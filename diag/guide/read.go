package guide

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
	"todoku/sender/event"
	"todoku/sender/mail"
)

// Read makes a case of what somebody has in hand: a delivery code, a reply, a
// log line, a transcript, or a bounce with its header. It never fails; what is
// not in the text stays empty. Of several mails it takes the first that did not arrive.
func Read(c *codes.Catalogue, text string) *Case {
	return ReadText(c, text).Cases[0]
}

// ReadText is ReadAll for a text.
func ReadText(c *codes.Catalogue, text string) Told {
	t, _ := ReadAll(c, strings.NewReader(text)) // a string cannot fail
	return t
}

// Told is what an input tells.
type Told struct {
	Cases   []*Case // of each mail and recipient that did not arrive, or one of what arrived; never empty
	Failed  int     // how many mails did not arrive, or not yet
	Arrived int     // how many did
}

// ReadAll makes cases of an input of any length: one for each recipient of a notice, each mail of a log, each reply of a ticket.
// A text without any is looked through part by part until one tells an error, and no more than that is read. The error is
// that of r.
func ReadAll(c *codes.Catalogue, r io.Reader) (Told, error) {
	head, err := io.ReadAll(io.LimitReader(r, maxBounce))
	if err != nil {
		return Told{}, err
	}
	text := strings.TrimSpace(string(head))
	first := text // what is kept of it
	if len(first) > paste.MaxSize {
		first = strings.Clone(first[:paste.MaxSize])
	}
	if d, ok := c.Delivery(text); ok {
		k := &Case{Input: first, Format: "code"}
		k.ofCode(d)
		k.Named = []string{d.ID}
		k.classify(c)
		return Told{Cases: []*Case{k}}, nil
	}
	var t Told
	switch event.FormatOf(head) {
	case "mail":
		t, err = ofMail(c, head, first)
	case "mbox", "log", "events", "table":
		t, err = ofEvents(c, io.MultiReader(bytes.NewReader(head), r), first)
	default:
		t = ofText(c, first)
	}
	if err != nil || len(t.Cases) > 0 {
		return t, err
	}
	k := readOne(c, first, text)
	if !k.tells() && (len(first) < len(text) || len(head) == maxBounce) {
		k, err = k.readOn(c, text, r)
	}
	return Told{Cases: []*Case{k}}, err
}

// readOne makes a case of a text that tells of one mail. first is the beginning of it, which may tell the error.
func readOne(c *codes.Catalogue, first, text string) *Case {
	k := &Case{Input: first}
	k.readError(c, first)
	k.readBounce(text)
	k.readTicket(c, first)
	return k
}

// readError reads the error in a part of a text.
func (k *Case) readError(c *codes.Catalogue, part string) {
	k.takeFound(c, paste.Parse(part))
}

// takeFound takes what was found in a text.
func (k *Case) takeFound(c *codes.Catalogue, p paste.Found) {
	k.Format, k.Reply, k.Context, k.To, k.MailFrom = p.Format, p.Reply, p.Context, p.Recipient, p.Sender
	k.readReply(p.Server)
	k.classify(c)
}

// tells reports whether a text names an error, or that there was none.
func (k *Case) tells() bool {
	return len(k.Symptom.Patterns) > 0 || k.Symptom.NoResult ||
		k.Verdict.Rule != "" || k.Reply.Code != 0 || !k.Reply.Enhanced.IsZero() || k.Context.Event != codes.EventReply
}

// overlap is how far one part of a long text goes into the next, in octets: a
// reply of many lines may stand across their border.
const overlap = 4 << 10

// readOn looks for the error in what stands behind the first part of a text,
// the head of which was read before. Without one anywhere it is the case itself.
func (k *Case) readOn(c *codes.Catalogue, head string, r io.Reader) (*Case, error) {
	rest := io.MultiReader(strings.NewReader(head[max(0, len(k.Input)-overlap):]), r)
	buf := make([]byte, paste.MaxSize)
	for kept := 0; ; {
		n, err := io.ReadFull(rest, buf[kept:])
		part := buf[:kept+n]
		if from := bytes.IndexByte(part, '\n') + 1; from < overlap { // it begins within a line
			part = part[from:]
		}
		later := &Case{Input: string(part)}
		if later.readError(c, later.Input); later.tells() {
			later.readBounce(head)
			return later, nil
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return k, nil
		}
		if err != nil {
			return nil, err
		}
		kept = copy(buf, buf[len(buf)-overlap:])
	}
}

// ofCode is a delivery code without a word of the server.
func (k *Case) ofCode(d codes.Delivery) {
	k.Code, k.Reply, k.Context = d.ID, codes.Reply{}, codes.Context{}
	switch d.ID {
	case codes.DeliveryOK:
		k.Context.Event = codes.EventDelivered
	case codes.DeliveryNoReply:
		k.Context.Event, k.Context.Stage = codes.EventTimeout, codes.StageBody
	case codes.DeliveryNoRoute:
		k.Context.Event = codes.EventNoRoute
	case codes.DeliveryExpired:
		k.Context.Event = codes.EventDeadline
	case codes.DeliveryBounced:
		k.Context.Event = codes.EventBounced
	default: // 42NNN
		for _, c := range []byte(d.ID[2:]) {
			k.Reply.Code = k.Reply.Code*10 + int(c-'0')
		}
	}
}

// CameBack says that the mail was accepted first and came back later: the reply is that of the notice.
func (k *Case) CameBack(c *codes.Catalogue) {
	k.Code, k.Context.Event = codes.DeliveryBounced, codes.EventBounced
	k.classify(c)
}

// readReply looks for the sending address and domain in the server's words.
func (k *Case) readReply(server string) {
	if ip := paste.SendingIP(k.Reply.Text(), server); ip.IsValid() {
		k.IP = ip
	}
	if k.MailFrom == "" {
		k.MailFrom = SendingDomain(k.Reply.Text(), k.To)
	}
}

// SendingDomain is the sender's domain or address that a server names in its words, "" without one. The recipient's domain
// is none.
func SendingDomain(text, recipient string) string {
	low := strings.ToLower(text)
	for _, mark := range [...]string{"spf [", "mail from domain [", "sender domain [", "dkim [", "from domain ",
		"sender domain ", "domain of ", "policy of ", "dmarc policy for ", "sending domain "} {
		_, rest, ok := strings.Cut(low, mark)
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, " ")
		name = strings.Trim(name, "[]<>().,;:'\"")
		if d := domainOf(name); strings.Contains(d, ".") && d != domainOf(recipient) {
			return name
		}
	}
	return ""
}

// maxBounce is how far the header of a returned mail is looked for, in octets:
// before it stand the notice and the report, behind it the body.
const maxBounce = 1 << 20

// readBounce reads the header of the mail that a bounce returns.
func (k *Case) readBounce(text string) {
	text = "\n" + strings.NewReplacer("\r\r\n", "\n", "\r\n", "\n").Replace(text) // mail saved on Windows may have two CR
	low := lower(text)
	final, original := field(text, low, "final-recipient:"), field(text, low, "original-recipient:")
	if final != "" && original != "" {
		k.To, k.Forwarded = strings.Clone(original), strings.Clone(final)
	}
	alone := final != "" && original == "" && strings.Count(low, "final-recipient:") == 1
	at := -1
	for _, mark := range [...]string{"content-type: message/rfc822", "content-type: text/rfc822-headers",
		"----- original message -----", "------ this is a copy of the", "--- below this line is a copy of the message"} {
		if i := strings.LastIndex(low, mark); i > at {
			at = i
		}
	}
	if at < 0 {
		return
	}
	_, header, ok := strings.Cut(text[at:], "\n\n")
	if !ok {
		return
	}
	header, _, _ = strings.Cut(strings.TrimLeft(header, "\n"), "\n\n")
	m := mail.Open([]byte(header))
	k.takeReturned(m)
	to := m.Mailbox("To")
	fill(&k.To, to)
	if alone && strings.EqualFold(mail.FirstAddress(final), to) { // nothing was sent on
		k.To, k.Forwarded = to, to
	}
}

// takeReturned takes what the header of the mail tells that came back.
func (k *Case) takeReturned(m *mail.Entity) {
	if from := m.Mailbox("From"); from != "" {
		k.From = from
	}
	if path := m.Mailbox("Return-Path"); path != "" {
		k.MailFrom = path
	}
	list, more := signatures(m.All("DKIM-Signature"))
	k.sign(list)
	k.Beyond.Signatures = more
	if when, ok := m.Date("Date"); ok {
		k.Time = when
	}
}

// TakeReturned takes the mail that came back with the error, and what it tells that nobody has said.
func (k *Case) TakeReturned(r event.ReturnedMail) { k.takeMessage(ReadReturned(r)) }

// takeMessage takes a mail that came back; nil for none.
func (k *Case) takeMessage(m *Message) {
	if m == nil {
		return
	}
	k.Message = m
	if m.From != "" {
		k.From = m.From
	}
	if m.MailFrom != "" {
		k.MailFrom = m.MailFrom
	}
	k.Signers, k.Selectors, k.Beyond = nil, nil, m.Beyond
	k.sign(m.Signatures)
}

// lower is ASCII in lower case; offsets stay.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// field is the address in a field of RFC 3464: "rfc822; a@b". low is text in lower case.
func field(text, low, name string) string {
	i := strings.Index(low, "\n"+name)
	if i < 0 {
		return ""
	}
	rest, _, _ := strings.Cut(text[i+len("\n"+name):], "\n")
	if _, a, ok := strings.Cut(rest, ";"); ok {
		rest = a
	}
	return strings.Trim(rest, " \r<>")
}

// Take fills in what a mail tells that nobody has said.
func (k *Case) Take(m *Message) {
	if k.Message != nil && k.Message.Returned {
		k.Came = k.Message
	}
	k.Message, k.Missing = m, false
	k.Size = max(k.Size, m.Size)
	fill(&k.From, m.From)
	fill(&k.To, m.To)
	if m.MailFrom != "" { // the envelope itself; a reply may name the domain of From
		k.MailFrom = m.MailFrom
	}
	k.Signers, k.Selectors = nil, nil
	k.sign(k.signedMail().Signatures)
	k.Beyond = k.signedMail().Beyond
}

// signedMail is the mail whose signatures are judged: the one that was sent, unless it was kept before it was signed.
func (k *Case) signedMail() *Message {
	if k.Came != nil && len(k.Message.Signatures) == 0 && len(k.Came.Signatures) > 0 {
		return k.Came
	}
	return k.Message
}

// sign adds signatures of the mail.
func (k *Case) sign(list []Signature) {
	for _, s := range list {
		k.Signers, k.Selectors = append(k.Signers, s.Domain), append(k.Selectors, s.Selector)
	}
}

func fill(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// Unread reports that the input tells no error.
func (k *Case) Unread() bool {
	return k.Verdict.Rule == "" && k.Reply.Code == 0 && k.Reply.Enhanced.IsZero() && k.Verdict.Delivery.ID == "" && k.Waiting == nil
}

// Settle makes the case whole: without a From the envelope sender stands for it.
// Whoever gives a header's whole value means the address in it.
func (k *Case) Settle() {
	k.From, k.MailFrom, k.To = mail.FirstAddress(k.From), mail.FirstAddress(k.MailFrom), mail.FirstAddress(k.To)
	fill(&k.From, k.MailFrom)
	if k.MailFrom == "" {
		k.MailFrom = k.From
	}
}
