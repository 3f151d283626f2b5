package event

import (
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
)

// maxWords is how much of the words of one record is looked at, in octets.
const maxWords = 16 << 10

// said is what a record tells of the end of an attempt.
type said struct {
	reply codes.Reply
	end   codes.Event
	stage codes.Stage
	host  string
}

// replyIn reads the reply in the words of a record, like "smtp; 550-5.1.1 No such user". Most begin with its code and are read
// here; the rest codes/paste reads.
func replyIn(words string) said {
	words = strings.TrimSpace(words[:min(len(words), maxWords)])
	if kind, rest, ok := strings.Cut(words[:min(len(words), 20)], ";"); ok && !strings.ContainsAny(kind, " <:@") {
		words = strings.TrimSpace(words[len(words[:min(len(words), 20)])-len(rest):]) // RFC 3464 §2.3.6: "smtp; "
	}
	if words == "" {
		return said{}
	}
	if r, ok := plainReply(words); ok {
		return said{reply: r}
	}
	found := paste.Parse(words)
	return said{reply: found.Reply, end: found.Context.Event, stage: found.Context.Stage, host: found.Server}
}

// plainReply reads a reply that begins with its code, in one line or in several (RFC 5321 §4.2.1).
func plainReply(words string) (codes.Reply, bool) {
	code, _, rest := codeIn(words)
	if code == 0 {
		return codes.Reply{}, false
	}
	r := codes.Reply{Code: code}
	r.Enhanced, rest = enhancedIn(rest)
	if strings.ContainsAny(rest, "\r\n") {
		for i, line := range strings.FieldsFunc(rest, func(c rune) bool { return c == '\r' || c == '\n' }) {
			if again, _, after := codeIn(line); i > 0 && again == code {
				_, line = enhancedIn(after)
			}
			if line = strings.TrimSpace(line); line != "" {
				r.Lines = append(r.Lines, line)
			}
		}
		return r, true
	}
	if strings.Contains(rest, words[:3]) { // several lines, joined by blanks
		rest = joinedLines(rest, words[:3], r.Enhanced.String())
	}
	if rest != "" {
		r.Lines = []string{rest}
	}
	return r, true
}

// joinedLines takes the codes of further lines out of a reply whose lines were joined by blanks.
func joinedLines(text, code, enhanced string) string {
	for _, sign := range [...]string{"-", " "} {
		if enhanced != "" {
			text = strings.ReplaceAll(text, " "+code+sign+enhanced+" ", " ")
		} else {
			text = strings.ReplaceAll(text, " "+code+sign, " ")
		}
	}
	return text
}

// codeIn reads the code at the beginning of a line. More says that another line follows.
func codeIn(line string) (code int, more bool, rest string) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '7' || !isDigit(line[2]) {
		return 0, false, line
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	switch {
	case len(line) == 3:
		return code, false, ""
	case line[3] == '-', line[3] == ' ', line[3] == '\n', line[3] == '\r':
		return code, line[3] == '-', line[4:]
	}
	return 0, false, line
}

// enhancedIn reads the enhanced code at the beginning of a line (RFC 2034 §4), with the punctuation that some put behind it.
func enhancedIn(line string) (codes.Enhanced, string) {
	line = strings.TrimLeft(line, " ")
	start := line
	if strings.HasPrefix(line, "#") { // Exchange: 550 #5.1.1
		start = line[1:]
	}
	end := 0
	for end < len(start) && end < 9 && (isDigit(start[end]) || start[end] == '.') {
		end++
	}
	e, ok := codes.ParseEnhanced(strings.TrimRight(start[:end], "."))
	if !ok || end < len(start) && strings.IndexByte(" :,;-\n\r", start[end]) < 0 {
		return codes.Enhanced{}, line
	}
	return e, strings.TrimLeft(start[end:], " :,;-")
}

// expiredBy is the reply for which a mail could not be delivered until its time ran out: "550 4.4.7 Message expired …<451 4.7.1 …>".
func expiredBy(words string) (codes.Reply, bool) {
	for i := 0; i+4 < len(words); i++ {
		if words[i] == '<' && words[i+1] == '4' {
			if r, ok := plainReply(strings.TrimSuffix(strings.TrimSpace(words[i+1:]), ">")); ok {
				return r, true
			}
		}
	}
	return codes.Reply{}, false
}
