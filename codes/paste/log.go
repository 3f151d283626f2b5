package paste

import (
	"strings"

	"todoku/codes"
)

// lineAt is the line of a text around an offset.
func lineAt(text string, at int) (start, end int) {
	start = strings.LastIndexByte(text[:at], '\n') + 1
	end = len(text)
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		end = at + i
	}
	return start, end
}

// recordAt is the record of a log around an offset: its line, and the lines that belong to it where somebody broke it, or where a reply
// of several lines was written with its line ends.
func recordAt(text string, at int) (start, end int) {
	start, end = lineAt(text, at)
	for start > 0 {
		if startsRecord(text[start:end]) {
			break
		}
		before, _ := lineAt(text, start-1)
		if strings.TrimSpace(text[before:start]) == "" {
			break
		}
		start = before
	}
	for end < len(text) {
		_, next := lineAt(text, end+1)
		if line := text[end+1 : next]; startsRecord(line) || strings.TrimSpace(line) == "" {
			break
		}
		end = next
	}
	return start, end
}

// months begin the lines of syslog.
const months = "jan feb mar apr may jun jul aug sep oct nov dec "

// startsRecord reports whether a line of a log begins a record of its own: with a date or a time, or as JSON.
func startsRecord(line string) bool {
	if len(line) < 5 || line[0] == '{' || line[0] == '@' {
		return true
	}
	if line[3] == ' ' && strings.Contains(months, lower(line[:4])) {
		return true
	}
	digits := 0
	for digits < len(line) && line[digits] >= '0' && line[digits] <= '9' {
		digits++
	}
	return (digits == 4 || digits == 2 || digits == 1) && digits+2 < len(line) && strings.IndexByte("-/:.", line[digits]) >= 0 &&
		line[digits+1] >= '0' && line[digits+1] <= '9' && !isEnhancedStart(line) || digits >= 9
}

// isEnhancedStart reports whether a line begins with an enhanced code, which looks like a date with full stops.
func isEnhancedStart(line string) bool {
	_, _, ok := enhancedAt(line, 0)
	return ok
}

// value reads key=value, key=<value> or key="value" in a line of a log.
func value(line, key string) string {
	for from := 0; ; {
		i := strings.Index(line[from:], key+"=")
		if i < 0 {
			return ""
		}
		i += from
		from = i + len(key) + 1
		if i > 0 && isWordByte(line[i-1]) {
			continue
		}
		rest := line[from:]
		closer := ", \n"
		for _, m := range [...]string{"<>", `""`} {
			if strings.HasPrefix(rest, m[:1]) {
				rest, closer = rest[1:], m[1:]
			}
		}
		if end := strings.IndexAny(rest, closer); end >= 0 {
			rest = rest[:end]
		}
		return rest
	}
}

// readCommon reads what the logs of all systems have in common.
func (p *pasted) readCommon(line string) {
	fill(&p.found.Recipient, address(value(line, "to")))
	fill(&p.found.Sender, address(value(line, "from")))
	fill(&p.found.Server, server(value(line, "relay")))
	if e, _, ok := enhancedAt(value(line, "dsn"), 0); ok {
		p.status = e
	}
}

// readPostfixLog reads "to=<x>, relay=h[a]:25, dsn=5.1.1, status=bounced (…)".
func (p *pasted) readPostfixLog() bool {
	const sign = "status="
	at := strings.LastIndex(p.low, sign)
	if at > 0 && p.low[at-1] != ' ' && p.low[at-1] != '\n' {
		return false
	}
	start, end := recordAt(p.text, at)
	record := strings.ReplaceAll(p.text[at+len(sign):end], "\n", " ")
	status, words, ok := strings.Cut(record, " ")
	if status == "expired," { // of the queue manager, without parentheses
		words = "(" + status + " " + words
	} else if !ok || !strings.HasPrefix(words, "(") {
		return false
	}
	switch strings.TrimSuffix(status, ",") {
	case "sent", "deliverable":
		p.found.Context.Event = codes.EventDelivered
	case "deferred", "undeliverable":
		p.found.Context.Event = codes.EventDelayed
	case "expired":
		p.found.Context.Event = codes.EventDeadline
	case "bounced":
		p.ended = true
	default:
		return false
	}
	p.readCommon(p.text[start:at])
	if p.found.Sender == "" {
		p.found.Sender = address(value(p.text, "from"))
	}
	p.readPart(strings.TrimSuffix(words[1:], ")"))
	p.readPostfixNotice()
	return true
}

// readPart goes on reading in a part of the text only.
func (p *pasted) readPart(part string) {
	low := soughtIn(lower(part))
	p.text, p.low, p.pairs, p.words = part, low.low, low.pairs, part
}

// readSendmailLog reads "to=<x>, relay=h. [a], dsn=5.1.1, stat=User unknown".
func (p *pasted) readSendmailLog() bool {
	at := strings.LastIndex(p.low, "stat=")
	start, end := recordAt(p.text, at)
	line := p.text[start:end]
	if !strings.Contains(line, "to=") {
		return false
	}
	p.readCommon(line)
	said := p.text[start:at]
	p.readPart(p.text[at+len("stat=") : end])
	if rest, ok := strings.CutPrefix(p.words, "Deferred"); ok {
		p.found.Context.Event = codes.EventDelayed
		p.words = strings.TrimLeft(rest, ": ")
	} else if strings.HasPrefix(p.words, "Sent") {
		p.found.Context.Event = codes.EventDelivered
	}
	if _, reply, ok := strings.Cut(said, ", reply="); ok { // of newer versions: the words of the server, with its code
		p.readPart(strings.TrimRight(reply, ", \n"))
	}
	return true
}

// readOpenSMTPDLog reads `to=<x> relay="a (h)" result="PermFail" stat="550 …"`.
func (p *pasted) readOpenSMTPDLog() bool {
	at := strings.LastIndex(p.low, "result=\"")
	start, end := recordAt(p.text, at)
	line := p.text[start:end]
	switch value(line, "result") {
	case "TempFail":
		p.found.Context.Event = codes.EventDelayed
	case "Ok":
		p.found.Context.Event = codes.EventDelivered
	}
	p.readCommon(line)
	relay := value(line, "relay")
	if _, name, ok := strings.Cut(relay, "("); ok {
		p.found.Server = server(name)
	} else {
		p.found.Server = strings.Trim(relay, " ")
	}
	p.readPart(value(line, "stat"))
	return true
}

// readEximLog reads "** x R=router T=transport H=h [a]: …", and == and =>.
func (p *pasted) readEximLog() bool {
	at := -1
	for _, f := range [...]struct {
		mark  string
		event codes.Event
	}{{" => ", codes.EventDelivered}, {" == ", codes.EventDelayed}, {" ** ", codes.EventReply}} {
		if i := strings.LastIndex(p.text, f.mark); i >= 0 {
			at, p.found.Context.Event = i, f.event
		}
	}
	_, end := recordAt(p.text, at)
	line := p.text[at+4 : end]
	to, rest, _ := strings.Cut(line, " ")
	if p.found.Recipient = address(to); p.found.Recipient == "" {
		p.found.Context.Event = codes.EventReply
		return false
	}
	rest = " " + rest
	p.found.Sender = address(value(rest, "F"))
	p.found.Server = eximHost(rest)
	if p.found.Context.Event == codes.EventDelivered {
		p.readPart(value(rest, "C"))
		return true
	}
	p.readPart(rest)
	if p.readEximNotice() {
		return true
	}
	if i := strings.Index(rest, ": "); i >= 0 {
		p.words = rest[i+2:]
	}
	return true
}

// eximHost reads "H=mx.example [192.0.2.1]".
func eximHost(line string) string {
	i := strings.Index(line, " H=")
	if i < 0 {
		return ""
	}
	return server(firstWords(line[i+3:]))
}

// firstWords are a host and the address in brackets that may follow it.
func firstWords(s string) string {
	if name, rest, ok := strings.Cut(s, " "); ok {
		if !strings.HasPrefix(rest, "[") {
			return name
		}
		if address, _, ok := strings.Cut(rest, "]"); ok {
			return name + address + "]"
		}
	}
	return s
}
