package paste

import (
	"strings"

	"todoku/codes"
)

// Found is what could be read from a text that somebody pasted.
type Found struct {
	Reply     codes.Reply
	Context   codes.Context
	Format    string // "reply", "postfix", "exim", "sendmail", "exchange", "gmail", "qmail", "transcript", "dsn", "text" …
	Recipient string // addresses without their brackets
	Sender    string
	Server    string // the remote server that spoke: its name, or its address where it has no name
}

// Parse reads a reply as people paste it: alone, or in a log, a notice or a transcript. It reads at most MaxSize octets.
// It never fails: where it finds no reply code, the whole text becomes the text of the reply.
func Parse(text string) Found {
	text = clean(text)
	human, fields, ok := cutFields(text)
	if !ok {
		return read(text).result(codes.Enhanced{})
	}
	// What is written for people says where in the session it happened; the
	// field holds the reply where it does not.
	noted := read(fields.diagnostic)
	p := noted
	if human != "" {
		if p = read(human); fields.diagnostic != "" && !p.hasEnd() {
			p = noted.with(p.found)
		}
	}
	p.ended = fields.failed
	if p.found.Format == "reply" || p.found.Format == "text" {
		p.found.Format = "dsn"
	}
	return p.with(noted.found).with(fields.found).result(fields.status)
}

// pasted is a text being read.
type pasted struct {
	text, low       string // low is text in lower case, with the same offsets
	pairs           *pairs // of low
	whole           sought // all that was pasted, in lower case
	found           Found
	words           string // what the server said, or what is said instead
	textBeforeReply string // of words, what stands before the first reply
	replies         []serverReply
	status          codes.Enhanced // that a log gives beside the reply
	ended           bool           // a log or a notice says that no further attempt follows
}

func newPasted(text string) pasted {
	whole := soughtIn(lower(text))
	return pasted{text: text, low: whole.low, pairs: whole.pairs, whole: whole, words: text}
}

// sought is low, to look for words in it.
func (p *pasted) sought() sought { return sought{p.low, p.pairs} }

// format is a way in which replies are written down.
type format struct {
	name  string
	signs []string           // one of them is in the text, in lower case
	read  func(*pasted) bool // false: on a closer look it is another format
}

// formats are tried in this order.
var formats = [...]format{
	{"json", []string{"{"}, (*pasted).readJSON},
	{"transcript", transcriptSigns, (*pasted).readTranscript},
	{"mailq", []string{" mon ", " tue ", " wed ", " thu ", " fri ", " sat ", " sun "}, (*pasted).readMailq},
	{"phpmailer", []string{"smtp code: "}, (*pasted).readPHPMailer},
	{"phpmailer", []string{" command failed,"}, (*pasted).readPHPMailerList},
	{"qmail", []string{": failure: ", ": deferral: ", ": success: "}, (*pasted).readQmailLog},
	{"iis", []string{"+"}, (*pasted).readPlus},
	{"postfix", []string{"status="}, (*pasted).readPostfixLog},
	{"sendmail", []string{"(reason: "}, (*pasted).readReason},
	{"exim", []string{" ** ", " == ", " => "}, (*pasted).readEximLog},
	{"opensmtpd", []string{"result=\""}, (*pasted).readOpenSMTPDLog},
	{"sendmail", []string{"stat="}, (*pasted).readSendmailLog},
	{"exim", []string{"smtp error from remote", "retry timeout exceeded", "retry time not reached"}, (*pasted).readEximNotice},
	{"transcript", telnetSigns, (*pasted).readTelnet},
	{"gmail", gmailSigns, (*pasted).readGmail},
	{"client", clientIntros, (*pasted).readClient},
	{"exchange", exchangeSigns, (*pasted).readExchange},
	{"dragonfly", []string{" did not like our "}, (*pasted).readDragonFly},
	{"qmail", qmailSigns, (*pasted).readQmail},
	{"postfix", postfixSigns, (*pasted).readPostfixNotice},
}

// read finds out the format of a text and what the server said in it.
func read(text string) pasted {
	p := newPasted(text)
	for _, f := range formats {
		if p.sought().hasAny(f.signs) && f.read(&p) {
			if p.found.Format == "" {
				p.found.Format = f.name
			}
			break
		}
	}
	if p.replies == nil {
		p.textBeforeReply, p.replies = findReplies(p.words)
	}
	if p.found.Format == "" {
		p.found.Format = "text"
		if len(p.replies) > 0 && strings.TrimLeft(p.textBeforeReply, "\"'([<") == "" {
			p.found.Format = "reply"
		}
	}
	return p
}

// hasEnd reports whether the text says how the attempt ended.
func (p pasted) hasEnd() bool { return len(p.replies) > 0 || p.event() != codes.EventReply }

// with fills what is not known from another source.
func (p pasted) with(o Found) pasted {
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
