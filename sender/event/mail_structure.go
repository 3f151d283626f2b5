package event

import (
	"context"
	"strings"

	"todoku/sender/mail"
)

// notice is a mail that is being read.
type notice struct {
	mail     *mail.Entity
	depth    int // of the mails that it came in as an attachment
	human    []*mail.Entity
	pasted   string       // the words of a notice that came without a header
	status   *mail.Entity // message/delivery-status (RFC 3464)
	feedback *mail.Entity // message/feedback-report (RFC 5965)
	receipt  *mail.Entity // message/disposition-notification (RFC 8098)
	returned *mail.Entity // the mail that comes back, or its header
	attached []*mail.Entity

	text                noticeText
	subject             string // in lower case
	listed              bool   // others are the recipients that its words name
	others              []candidate
	fails               *bool // its words say that a mail was not delivered; nil: nobody has looked
	isPostfix           bool  // the report is one of Postfix
	delayAsked, delayed bool  // whether the notice is one of a delay
	original            original
	whole               string // the words for people, with what was cut off them
	inline              string // the mail that comes back, where it stands among the words
}

// readMail reads one mail: a notice, a complaint, an answer of a program, or what holds one.
func readMail(data []byte) mailResult { return readEntity(mail.Open(data), 0) }

// maxForwarded bounds how deep a notice is looked for in mails that were forwarded as attachments.
const maxForwarded = 3

func readEntity(m *mail.Entity, depth int) mailResult {
	n := &notice{mail: m, depth: depth}
	n.sort(m, 0)
	return n.read()
}

func (n *notice) read() mailResult {
	switch {
	case n.feedback != nil:
		return n.done(n.readFeedback())
	case asksToConfirm(n):
		return n.done(readChallenge(n))
	case n.status != nil:
		if events := n.readStatus(); len(events) > 0 {
			return n.done(events)
		}
	case n.receipt != nil && !isRefusal(n):
		return n.done(n.readReceipt())
	}
	n.readWords()
	if events := n.readServiceEvents(); len(events) > 0 {
		return n.done(events)
	}
	if n.isNotice() {
		if r := n.readReturnedNotice(); len(r.events) > 0 {
			return r
		}
		if events := n.readNotice(); len(events) > 0 {
			return n.done(events)
		}
		if r := n.readAttached(); len(r.events) > 0 {
			return r
		}
		return mailResult{unread: true}
	}
	if events := n.readComplaint(); len(events) > 0 {
		return n.done(events)
	}
	if events := n.readAutoReply(); len(events) > 0 {
		return n.done(events)
	}
	if r := n.readAttached(); len(r.events) > 0 {
		return r
	}
	return n.readInline()
}

// sort puts the parts of a mail in their places. The first of each kind counts.
func (n *notice) sort(e *mail.Entity, level int) {
	if len(e.Parts) > 0 {
		alternative := e.Type == "multipart/alternative"
		for i, p := range e.Parts {
			if alternative && i > 0 && p.Type == "text/html" && e.Parts[0].Type == "text/plain" && e.Parts[0].Size() > 20 {
				continue // the same once more
			}
			n.sort(p, level+1)
		}
		return
	}
	switch e.Type {
	case "message/delivery-status", "message/global-delivery-status", "message/x-delivery-status", "text/delivery-status":
		setPart(&n.status, e)
	case "message/feedback-report":
		setPart(&n.feedback, e)
	case "message/disposition-notification", "message/global-disposition-notification":
		setPart(&n.receipt, e)
	case "text/rfc822-headers", "message/rfc822-headers", "text/rfc822", "message/global-headers", "text/rfc822-header", "message/partial":
		setPart(&n.returned, e)
	case "message/rfc822", "message/global", "message/news", "message/x-rfc822":
		setPart(&n.returned, e)
		n.attached = append(n.attached, e)
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text":
		n.sortText(e, level)
	default:
		name := strings.ToLower(e.Param("name"))
		switch {
		case strings.HasSuffix(name, ".eml") || strings.HasSuffix(name, ".msg.txt"):
			setPart(&n.returned, e)
			n.attached = append(n.attached, e)
		case strings.HasPrefix(e.Type, "text/") || level == 0 && !strings.HasPrefix(e.Type, "application/"):
			n.human = append(n.human, e)
		}
	}
}

// sortText puts a text in its place: some systems send the report and the header that they return as plain text.
func (n *notice) sortText(e *mail.Entity, level int) {
	name := strings.ToLower(e.Param("name") + " " + e.Get("Content-Disposition") + " " + e.Get("Content-Description"))
	switch {
	case level > 0 && (strings.Contains(name, "delivery-status") || strings.Contains(name, "dsn.dat") ||
		strings.Contains(name, "delivery report")):
		setPart(&n.status, e)
	case level > 0 && (strings.Contains(name, "header") || strings.Contains(name, ".eml") || strings.Contains(name, "undelivered message")):
		setPart(&n.returned, e)
	default:
		n.human = append(n.human, e)
	}
}

func setPart(to **mail.Entity, e *mail.Entity) {
	if *to == nil {
		*to = e
	}
}

// maxRead bounds the words of a mail that are read, in octets.
const maxRead = 64 << 10

// readWords takes the words for people, and the returned mail off them.
func (n *notice) readWords() {
	if n.text.words != "" {
		return
	}
	var b strings.Builder
	for i, p := range n.human {
		if i == 6 || b.Len() > maxRead {
			break
		}
		b.WriteString(p.Text())
		b.WriteString("\n")
	}
	text := b.String() + n.pasted
	text = strings.ToValidUTF8(text[:min(len(text), maxRead)], "")
	n.whole = text
	low := lowerASCII(text)
	text, returned := cutReturned(text, low)
	if n.returned == nil && returned != "" {
		n.inline = strings.TrimLeft(returned, "\n")
		n.original.read(mail.Open([]byte(n.inline)))
		n.original.whole = ReturnedMail{Data: []byte(n.inline)}
	}
	n.text.words, n.text.low = text, strings.ToLower(low[:len(text)])
	n.subject = strings.ToLower(n.mail.Words("Subject"))
}

// readAttached looks for notices in the mails that are attached.
func (n *notice) readAttached() mailResult {
	if n.depth >= maxForwarded {
		return mailResult{}
	}
	var out mailResult
	for i, a := range n.attached {
		if i == 50 {
			break
		}
		r := readEntity(a.InnerMail(1), n.depth+1)
		for j := range r.events {
			r.events[j].Notes = append(r.events[j].Notes, forwardedAttached)
		}
		out.events = append(out.events, r.events...)
		out.unread = out.unread || r.unread
	}
	return out
}

// readReturnedNotice reads a notice that another notice brings back: the outer one names nobody.
func (n *notice) readReturnedNotice() mailResult {
	if n.depth >= maxForwarded || n.inline == "" && len(n.attached) == 0 {
		return mailResult{}
	}
	if all := n.recipients(); len(all) > 0 && all[0].rank == atStart {
		return mailResult{}
	}
	var inner *mail.Entity
	if n.inline != "" {
		inner = mail.Open([]byte(n.inline))
	} else {
		inner = n.attached[0].InnerMail(1)
	}
	if inner.Type != "multipart/report" {
		return mailResult{}
	}
	return readEntity(inner, n.depth+1)
}

// readServiceEvents reads the event of a sending service that came by mail, as JSON.
func (n *notice) readServiceEvents() []Event {
	text := strings.TrimSpace(strings.ReplaceAll(n.text.words, "!\n ", "")) // where a mail server broke a long line
	if !strings.HasPrefix(text, "{") || !isJSON([]byte(text)) {
		return nil
	}
	var out []Event
	for e, err := range Read(context.Background(), Source{Reader: strings.NewReader(text), Workers: 1}) {
		if err != nil {
			break
		}
		out = append(out, e)
	}
	return out
}
