package codes

import "strings"

// Pasted is what could be read from a text that somebody pasted.
type Pasted struct {
	Reply     Reply
	Context   Context
	Format    string // "reply", "postfix", "exim", "sendmail", "exchange", "gmail", "qmail", "transcript", "dsn", "text" …
	Recipient string // addresses without their brackets
	Sender    string
	Server    string // the remote server that spoke: its name, or its address where it has no name
}

// Parse reads a reply the way people paste it: bare, from a log, a notice or a
// transcript. It never fails: what it cannot read is the text of the reply.
func Parse(text string) Pasted {
	text = clean(text)
	human, fields, ok := cutFields(text)
	if !ok {
		return read(text).settle(Enhanced{})
	}
	// What is written for people says where in the session it happened; the
	// field holds the reply where it does not.
	noted := read(fields.diagnostic)
	p := noted
	if human != "" {
		if p = read(human); fields.diagnostic != "" && !p.decided() {
			p = noted.with(p.found)
		}
	}
	if p.found.Format == "reply" || p.found.Format == "text" {
		p.found.Format = "dsn"
	}
	return p.with(noted.found).with(fields.found).settle(fields.status)
}

// paste is a text being read.
type paste struct {
	text, low string // low is text in lower case, with the same offsets
	found     Pasted
	words     string // what the server said, or what is said instead
	lead      string // of words, what stands before the first reply
	said      []quote
	status    Enhanced // that a log gives beside the reply
}

// format is a way in which replies are written down.
type format struct {
	name  string
	signs []string          // one of them is in the text, in lower case
	read  func(*paste) bool // false: on a closer look it is another format
}

// formats are tried in this order.
var formats = [...]format{
	{"transcript", talkSigns, (*paste).readTalk},
	{"postfix", []string{" status="}, (*paste).readPostfixLog},
	{"sendmail", []string{"(reason: "}, (*paste).readReason},
	{"exim", []string{" ** ", " == ", " => "}, (*paste).readEximLog},
	{"opensmtpd", []string{"result=\""}, (*paste).readOpenSMTPDLog},
	{"sendmail", []string{"stat="}, (*paste).readSendmailLog},
	{"exim", []string{"smtp error from remote", "retry timeout exceeded", "retry time not reached"}, (*paste).readEximNotice},
	{"gmail", gmailSigns, (*paste).readGmail},
	{"exchange", exchangeSigns, (*paste).readExchange},
	{"dragonfly", []string{" did not like our "}, (*paste).readDragonFly},
	{"qmail", qmailSigns, (*paste).readQmail},
	{"postfix", postfixSigns, (*paste).readPostfixNotice},
	{"transcript", []string{"rcpt to:", "mail from:", "helo ", "ehlo "}, (*paste).readTelnet},
}

// read finds out the format of a text and what the server said in it.
func read(text string) paste {
	p := paste{text: text, low: lower(text), words: text}
	for _, f := range formats {
		if containsAny(p.low, f.signs) && f.read(&p) {
			if p.found.Format == "" {
				p.found.Format = f.name
			}
			break
		}
	}
	if p.said == nil {
		p.lead, p.said = quotes(p.words)
	}
	if p.found.Format == "" {
		p.found.Format = "text"
		if len(p.said) > 0 && strings.TrimLeft(p.lead, "\"'([<") == "" {
			p.found.Format = "reply"
		}
	}
	return p
}

// decided reports whether the text says how the attempt ended.
func (p paste) decided() bool { return len(p.said) > 0 || p.event() != EventReply }

// with fills what is not known from another source.
func (p paste) with(o Pasted) paste {
	fill(&p.found.Recipient, o.Recipient)
	fill(&p.found.Sender, o.Sender)
	fill(&p.found.Server, o.Server)
	fill(&p.found.Context.Stage, o.Context.Stage)
	fill(&p.found.Context.Event, o.Context.Event)
	return p
}

func fill[S ~string](to *S, value S) {
	if *to == "" {
		*to = value
	}
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}
