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
	{"lost connection with ", codes.EventDeadline}, // Postfix, in a notice
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
	low := p.sought()
	if len(p.replies) == 0 {
		words := p.low
		if len(p.words) < len(p.text) {
			words = lower(p.words)
		}
		if words = oneLine(words); words != p.low { // notices break lines anywhere
			low = soughtIn(words)
		}
	}
	ended := low.hasAny([]string{"queue.expired", "message expired", "in the queue too long", "not going to try again"})
	delayed := !ended && p.whole.hasAny(delayWords)
	if len(p.replies) > 0 {
		q := p.replies[decidingReply(p.replies)]
		switch {
		case ended:
			return codes.EventDeadline
		case delayed && q.code < 500:
			return codes.EventDelayed
		case low.has("host unknown ("):
			return codes.EventNoRoute
		}
		return codes.EventReply
	}
	if delayed {
		return codes.EventDelayed
	}
	for _, ph := range endPhrases {
		if low.has(ph.words) {
			return ph.event
		}
	}
	return codes.EventReply
}

// server gives the name in "mx.example[192.0.2.1]:25" or "mx.example.", or the
// address where there is no name.
func server(s string) string {
	name, rest, bracket := strings.Cut(s, "[")
	if name = strings.Trim(name, " \n.,:;()<>\"'"); name != "" || !bracket {
		name, _, _ = strings.Cut(name, "\n")
		if name, _, _ = strings.Cut(name, " "); name == "none" || name == "local" || !strings.ContainsAny(name, ".:") && name != "localhost" {
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
