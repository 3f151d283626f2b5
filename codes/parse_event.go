package codes

import "strings"

// phrase tells how an attempt ended where no server gave a reply.
type phrase struct {
	words string
	event Event
}

// phrases are in lower case, the more certain first.
var phrases = [...]phrase{
	{"timed out while ", EventTimeout},
	{"possible duplicate", EventTimeout}, // qmail: after the end of the message
	{"timeout after ", EventTimeout},
	{"retry timeout exceeded", EventDeadline},
	{"message expired", EventDeadline},
	{"queue.expired", EventDeadline},
	{"in the queue too long", EventDeadline},
	{"message timed out", EventDeadline},
	{"delivery time expired", EventDeadline},
	{"giving up", EventDeadline},
	{"cannot send message within", EventDeadline},
	{"warning: could not send message", EventDelayed},
	{"will keep trying", EventDelayed},
	{"could not send message for past", EventDeadline},
	{"will retry for", EventDelayed},
	{"message will be retried", EventDelayed},
	{"will be retried for", EventDelayed},
	{"delivery to the following recipient has been delayed", EventDelayed},
	{"has not yet been delivered", EventDelayed},
	{"you do not need to resend", EventDelayed},
	{"host or domain name not found", EventNoRoute},
	{"name service error", EventNoRoute},
	{"nullmx", EventNoRoute},
	{"null mx", EventNoRoute},
	{"dns error", EventNoRoute},
	{"mx or srv record indicated no smtp service", EventNoRoute},
	{"all relevant mx records point to non-existent hosts", EventNoRoute},
	{"couldn't find any host", EventNoRoute},
	{"cname lookup failed", EventNoRoute},
	{"host unknown (", EventNoRoute}, // sendmail: (Name server: …), (Authoritative answer from name server)
	{"couldn't be found. check for typos", EventNoRoute},
	{"name lookup failure", EventNoRoute},
	{"dns lookup failure", EventNoRoute},
	{"host not found, try again", EventNoRoute},
	{"domain does not exist", EventNoRoute},
	{"no such domain", EventNoRoute},
	{"connection timed out", EventDeadline},
	{"connection refused", EventDeadline},
	{"no route to host", EventDeadline},
	{"network is unreachable", EventDeadline},
	{"wasn't able to establish an smtp connection", EventDeadline},
	{"did not accept our requests to connect", EventDeadline},
}

// event finds how the attempt ended, from the words. A reply of the server
// decides, unless the sending system wrote it.
func (p paste) event() Event {
	low := p.low
	if len(p.words) < len(p.text) && len(p.said) == 0 {
		low = lower(p.words)
	}
	if len(p.said) > 0 {
		if containsAny(low, []string{"queue.expired", "message expired"}) {
			return EventDeadline
		}
		if strings.Contains(low, "host unknown (") {
			return EventNoRoute
		}
		return EventReply
	}
	for _, ph := range phrases {
		if strings.Contains(low, ph.words) {
			return ph.event
		}
	}
	return EventReply
}

// stage reads where in the session it happened, from the words.
func (p paste) stage() Stage {
	for _, intro := range [...]string{"timed out while ", "timeout after ", "(in reply to ", " while "} {
		if i := strings.LastIndex(p.low, intro); i >= 0 {
			if s := stageOf(p.low[i+len(intro):]); s != "" {
				return s
			}
		}
	}
	if strings.Contains(p.low, "possible duplicate") {
		return StageBody
	}
	return ""
}

// stageNames are beginnings of what systems call the parts of a session.
var stageNames = [...]struct {
	begin string
	stage Stage
}{
	{"end of data", StageBody}, {"final data", StageBody}, {"message body", StageBody}, {"data block", StageBody}, {"message content", StageBody},
	{"rcpt", StageRcpt}, {"mail", StageMail}, {"data", StageData}, {"text", StageBody}, {".", StageBody},
	{"ehlo", StageEHLO}, {"helo", StageEHLO}, {"lhlo", StageEHLO}, {"starttls", StageSTARTTLS}, {"tls", StageSTARTTLS}, {"auth", StageAuth},
	{"initial", StageConnect}, {"server greeting", StageConnect}, {"greeting", StageConnect}, {"connect", StageConnect}, {"banner", StageConnect},
	{"quit", StageQuit}, {"rset", StageQuit},
}

// stageOf reads such a name, in lower case, with the words before it.
func stageOf(s string) Stage {
	for more := true; more; {
		more = false
		for _, w := range [...]string{"sending ", "receiving ", "performing ", "the ", "pipelined ", "our ", "<"} {
			if rest, ok := strings.CutPrefix(s, w); ok {
				s, more = rest, true
			}
		}
	}
	for _, n := range stageNames {
		if strings.HasPrefix(s, n.begin) {
			return n.stage
		}
	}
	return ""
}

// server gives the name in "mx.example[192.0.2.1]:25" or "mx.example.", or the
// address where there is no name.
func server(s string) string {
	name, rest, bracket := strings.Cut(s, "[")
	if name = strings.Trim(name, " .,:;()<>\"'"); name != "" || !bracket {
		if name == "none" || name == "local" || !strings.ContainsAny(name, ".:") && name != "localhost" {
			return ""
		}
		return name
	}
	address, _, _ := strings.Cut(rest, "]")
	return address
}

// serverIn finds "mx.example[192.0.2.1]" in what stands before a reply.
func serverIn(s string) string {
	for i := 1; i+1 < len(s); i++ {
		if s[i] != '[' || s[i+1] < '0' || s[i+1] > '9' {
			continue
		}
		start := i
		for start > 0 && start > i-256 && (isWordByte(s[start-1]) || s[start-1] == '.' || s[start-1] == '-') {
			start--
		}
		if name := server(s[start:i]); name != "" {
			return name
		}
	}
	return ""
}

// address takes an address out of its brackets; "" where there is none.
func address(s string) string {
	s = strings.Trim(s, " \n,;:'\"")
	if _, after, ok := strings.Cut(s, "<"); ok {
		s, _, _ = strings.Cut(after, ">")
	}
	if !strings.Contains(s, "@") || strings.ContainsAny(s, " \n<>") {
		return ""
	}
	return strings.TrimSuffix(s, ".")
}

// alone is the address that a line consists of.
func alone(line string) string {
	line = strings.TrimSpace(line)
	if strings.ContainsAny(strings.TrimSuffix(line, ":"), " :;=<") && !strings.HasPrefix(line, "<") {
		return ""
	}
	return address(line)
}

// addressed is the recipient that a refusal of RCPT begins with: "<a@b>: …".
func addressed(text string, stage Stage) string {
	if stage != "" && stage != StageRcpt || !strings.HasPrefix(text, "<") || strings.Contains(text, "ender") {
		return ""
	}
	end := strings.IndexByte(text, '>')
	if end < 0 || !strings.HasPrefix(text[end+1:], ":") && !strings.HasPrefix(text[end+1:], "...") {
		return ""
	}
	return address(text[:end+1])
}
