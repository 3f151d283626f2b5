package paste

import (
	"strings"

	"todoku/codes"
)

// endPhrase tells how an attempt ended where no server gave a reply.
type endPhrase struct {
	words string
	event codes.Event
}

// endPhrases are in lower case, the more certain first.
var endPhrases = [...]endPhrase{
	{"delivery temporarily suspended", codes.EventDelayed}, // Postfix, of a mail in the queue
	{"temporary failure. command output", codes.EventDelayed},
	{"timed out while ", codes.EventTimeout},
	{"possible duplicate", codes.EventTimeout}, // qmail: after the end of the message
	{"timeout after ", codes.EventTimeout},
	{"retry timeout exceeded", codes.EventDeadline},
	{"message expired", codes.EventDeadline},
	{"queue.expired", codes.EventDeadline},
	{"in the queue too long", codes.EventDeadline},
	{"not going to try again", codes.EventDeadline},
	{"message timed out", codes.EventDeadline},
	{"delivery time expired", codes.EventDeadline},
	{"giving up", codes.EventDeadline},
	{"cannot send message within", codes.EventDeadline},
	{"could not send message for past", codes.EventDeadline}, // but "Warning: …" in delayWords
	{"host or domain name not found", codes.EventNoRoute},
	{"name service error", codes.EventNoRoute},
	{"nullmx", codes.EventNoRoute},
	{"null mx", codes.EventNoRoute},
	{"dns error", codes.EventNoRoute},
	{"mx or srv record indicated no smtp service", codes.EventNoRoute},
	{"all relevant mx records point to non-existent hosts", codes.EventNoRoute},
	{"couldn't find any host", codes.EventNoRoute},
	{"cname lookup failed", codes.EventNoRoute},
	{"host unknown (", codes.EventNoRoute}, // sendmail: (Name server: …), (Authoritative answer from name server)
	{"couldn't be found. check for typos", codes.EventNoRoute},
	{"name lookup failure", codes.EventNoRoute},
	{"dns lookup failure", codes.EventNoRoute},
	{"host not found, try again", codes.EventNoRoute},
	{"domain does not exist", codes.EventNoRoute},
	{"no such domain", codes.EventNoRoute},
	{"connection timed out", codes.EventDeadline},
	{"connection refused", codes.EventDeadline},
	{"no route to host", codes.EventDeadline},
	{"network is unreachable", codes.EventDeadline},
	{"wasn't able to establish an smtp connection", codes.EventDeadline},
	{"did not accept our requests to connect", codes.EventDeadline},
}

// delayWords are of notices that delivery goes on, in lower case.
var delayWords = []string{
	"warning: could not send message", "warning: message still undelivered", "still undelivered after", "will keep trying", "will retry for",
	"message will be retried", "will be retried for", "will be retried until", "will continue to try", "continue to attempt delivery",
	"has been delayed", "have been delayed", "is delayed", "was delayed", "delivery delayed", "not yet been delivered",
	"has not been delivered after",
	"you do not need to resend", "need not resend", "delivery incomplete", "delivery attempts will continue", "we'll keep trying",
	"zustellung verzögert", "konnte noch nicht zugestellt werden", "weitere zustellversuche", "remise différée", "n'a pas encore été",
	"配信が遅れ", "配信が遅延", "まだ配信されていません", "引き続き配信", "再送を続け",
	"配信が完了していません", "送信を再試行しています",
}

// event finds how the attempt ended, from the words. A reply of the server decides, unless the sending system wrote it. Words of
// a delay are not the last ones where the end is known.
func (p pasted) event() codes.Event {
	e := p.eventInWords()
	if e == codes.EventDelayed && p.ended {
		if len(p.replies) > 0 {
			return codes.EventReply
		}
		return codes.EventDeadline
	}
	return e
}

func (p pasted) eventInWords() codes.Event {
	low := p.low
	if len(p.words) < len(p.text) && len(p.replies) == 0 {
		low = lower(p.words)
	}
	ended := containsAny(low, []string{"queue.expired", "message expired", "in the queue too long", "not going to try again"})
	delayed := !ended && containsAny(p.whole, delayWords)
	if len(p.replies) > 0 {
		q := p.replies[decidingReply(p.replies)]
		switch {
		case ended:
			return codes.EventDeadline
		case delayed && q.code < 500:
			return codes.EventDelayed
		case strings.Contains(low, "host unknown ("):
			return codes.EventNoRoute
		}
		return codes.EventReply
	}
	if delayed {
		return codes.EventDelayed
	}
	for _, ph := range endPhrases {
		if strings.Contains(low, ph.words) {
			return ph.event
		}
	}
	return codes.EventReply
}

// stage reads where in the session it happened, from the words.
func (p pasted) stage() codes.Stage {
	for _, intro := range [...]string{"timed out while ", "timeout after ", "(in reply to ", " while ", "command: '",
		"command: \"", "\"command\":\""} {
		if i := strings.LastIndex(p.low, intro); i >= 0 {
			if s := stageOf(p.low[i+len(intro):]); s != "" {
				return p.stageOfProgram(s)
			}
		}
	}
	if containsAny(p.low, loginWords) {
		return codes.StageAuth
	}
	if strings.Contains(p.low, "possible duplicate") {
		return codes.StageBody
	}
	return ""
}

// loginWords are what programs say where the login failed, whatever the server answered.
var loginWords = []string{
	"msmtp: authentication failed", "auth command failed", "invalid login", "'eauth'", "\"eauth\"", "authenticationfailedexception",
	"smtpauthenticationerror", "failed to authenticate on smtp server", "could not authenticate", "unable to authenticate to ",
	"authentication failed (method ", "password command failed", "login command failed", "authenticator \"",
}

// stageOfProgram is the stage s, which a program names by its command, where its own code tells more: to nodemailer DATA is the
// message as well.
func (p pasted) stageOfProgram(s codes.Stage) codes.Stage {
	if s == codes.StageData && containsAny(p.low, []string{"'emessage'", "\"emessage\""}) {
		return codes.StageBody
	}
	return s
}

// stageNames are beginnings of what systems call the parts of a session.
var stageNames = [...]struct {
	begin string
	stage codes.Stage
}{
	{"end of data", codes.StageBody}, {"final data", codes.StageBody}, {"message body", codes.StageBody},
	{"data block", codes.StageBody}, {"message content", codes.StageBody},
	{"rcpt", codes.StageRcpt}, {"mail from", codes.StageMail}, {"mail command", codes.StageMail},
	{"data end", codes.StageBody}, {"data", codes.StageData}, {"text", codes.StageBody}, {".", codes.StageBody},
	{"ehlo", codes.StageEHLO}, {"helo", codes.StageEHLO}, {"lhlo", codes.StageEHLO},
	{"starttls", codes.StageSTARTTLS}, {"tls", codes.StageSTARTTLS}, {"auth", codes.StageAuth},
	{"password", codes.StageAuth}, {"username", codes.StageAuth}, {"user & password", codes.StageAuth}, {"login", codes.StageAuth},
	{"initial", codes.StageConnect}, {"server greeting", codes.StageConnect}, {"greeting", codes.StageConnect},
	{"connect", codes.StageConnect}, {"banner", codes.StageConnect},
	{"quit", codes.StageQuit}, {"rset", codes.StageQuit},
}

// stageOf reads such a name, in lower case, with the words before it.
func stageOf(s string) codes.Stage {
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

// lineAddress is the address that a line consists of.
func lineAddress(line string) string {
	line = strings.TrimSpace(line)
	if strings.ContainsAny(strings.TrimSuffix(line, ":"), " :;=<") && !strings.HasPrefix(line, "<") {
		return ""
	}
	return address(line)
}

// firstRecipient is the recipient that a refusal of RCPT begins with: "<a@b>: …".
func firstRecipient(text string, stage codes.Stage) string {
	if stage != "" && stage != codes.StageRcpt || !strings.HasPrefix(text, "<") || strings.Contains(text, "ender") {
		return ""
	}
	end := strings.IndexByte(text, '>')
	if end < 0 || !strings.HasPrefix(text[end+1:], ":") && !strings.HasPrefix(text[end+1:], "...") {
		return ""
	}
	return address(text[:end+1])
}
