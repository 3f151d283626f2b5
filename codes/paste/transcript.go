package paste

import (
	"slices"
	"strings"

	"todoku/codes"
)

// transcriptMarks is how a transcript marks what the server and what the client said.
type transcriptMarks struct {
	name, server, client string
}

var transcriptForms = [...]transcriptMarks{
	{"sendmail", "<<< ", ">>> "},
	{"transcript", "← ", "→ "},
	{"swaks", "<** ", " -> "},
	{"swaks", "<-  ", " -> "},
	{"swaks", "<~  ", " ~> "},
	{"smtplib", "reply: b'", "send: '"},
	{"phpmailer", "SERVER -> CLIENT: ", "CLIENT -> SERVER: "},
	{"letters", "S: ", "C: "},
	{"curl", "< ", "> "},
}

// transcriptSigns are in every transcript with marks.
var transcriptSigns = []string{"<<< ", "← ", "<** ", "<-  ", "reply: b'", "server -> client: ", "s: 2", "s: 4",
	"s: 5", "< 2", "< 4", "< 5"}

// telnetSigns are in what a terminal shows of a session: commands have no mark.
var telnetSigns = []string{"rcpt to:", "mail from:", "helo ", "ehlo ", "auth login", "auth plain", "\n.\n", "rset\n", "noop\n", "vrfy ",
	"expn "}

// transcriptReader is a transcript being read.
type transcriptReader struct {
	*pasted
	plain    bool // replies have no mark
	dots     int  // lines that end a message and are still to come
	message  bool // what follows is the message, not the server's
	name     string
	stage    codes.Stage
	to       string
	commands int
	asked    bool // a command stands behind the last reply
}

// readTranscript reads a transcript with marks.
func (p *pasted) readTranscript() bool {
	text := p.text
	if strings.Contains(text, " <<< ") || strings.Contains(text, " >>> ") { // put on one line by others
		text = strings.NewReplacer(" <<< ", "\n<<< ", " >>> ", "\n>>> ").Replace(text)
	}
	t := transcriptReader{pasted: p}
	if !t.read(text) || t.name == "" {
		return t.discard()
	}
	if !slices.ContainsFunc(t.replies, func(r serverReply) bool { return r.stage != codes.StageQuit }) {
		// The reply to QUIT tells nothing of the mail: what stands before it does.
		if before := p.text[:max(0, strings.Index(p.low, "quit"))]; hasLetter(before) {
			p.words = before
			return t.discard()
		}
	}
	p.found.Format = "transcript"
	if t.name == "sendmail" {
		p.found.Format = t.name
		fill(&p.found.Recipient, underHeading(p.text, p.low, "the following addresses had "))
	}
	return true
}

// underHeading is the first address that stands on a line of its own below a heading: a transcript that begins behind RCPT
// does not name it.
func underHeading(text, low, heading string) string {
	at := strings.Index(low, heading)
	if at < 0 {
		return ""
	}
	_, below, _ := strings.Cut(text[at:], "\n")
	for line := range strings.Lines(below) {
		if a := lineAddress(line); a != "" || strings.HasPrefix(strings.TrimLeft(line, " "), "-----") {
			return a
		}
	}
	return ""
}

// readTelnet reads a session as a terminal shows it.
func (p *pasted) readTelnet() bool {
	t := transcriptReader{pasted: p, plain: true, dots: strings.Count(p.text+"\n", "\n.\n")}
	return t.read(p.text) && t.commands > 0 || t.discard()
}

func (t *transcriptReader) discard() bool {
	t.replies, t.found = nil, Found{}
	return false
}

// read goes through the lines: commands set the stage of the replies that follow.
func (t *transcriptReader) read(text string) bool {
	inReply := false
	for line := range strings.Lines(text) {
		inReply = t.add(strings.TrimRight(line, "\n"), inReply)
	}
	return len(t.replies) > 0
}

// add reads a line. A line that is neither command nor reply goes on with the
// reply before it, until an empty one.
func (t *transcriptReader) add(line string, inReply bool) bool {
	line = withoutTime(line)
	if !t.plain {
		if goesOn, ok := t.markedLine(line); ok {
			return goesOn
		}
	}
	rest := strings.TrimLeft(line, " ")
	switch {
	case t.message && rest != ".":
		return false
	case t.command(rest):
		return false
	case t.plain && t.reply(rest):
		return true
	case rest == "" || rest == "'" || strings.HasPrefix(rest, "reply: "):
		return false
	case inReply && t.name != "transcript" && (t.name != "sendmail" || !startsWithCode(rest)):
		last := &t.replies[len(t.replies)-1]
		last.lines = append(last.lines, oneLine(rest))
		return true
	}
	for _, before := range [...]string{"while talking to ", "connect ", "Trying "} {
		if _, host, ok := strings.Cut(rest, before); ok {
			t.found.Server = server(firstWord(strings.TrimRight(host, ":")))
		}
	}
	return false
}

// markedLine reads a line that begins with the mark of the server or the client. goesOn says that the next line may
// continue a reply; ok is false where the line has no mark.
func (t *transcriptReader) markedLine(line string) (goesOn, ok bool) {
	for _, d := range transcriptForms {
		if rest, ok := strings.CutPrefix(line, d.server); ok && t.reply(rest) {
			t.name = d.name
			return true, true
		} else if rest, ok := strings.CutPrefix(line, d.client); ok && t.command(rest) {
			return false, true
		}
	}
	return false, false
}

// startsWithCode reports whether a line begins with a code.
func startsWithCode(s string) bool {
	_, ok := replyCode(s)
	return ok
}

// withoutTime takes off the time that a line begins with.
func withoutTime(line string) string {
	s := strings.TrimLeft(line, " ")
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' || s[end] == ':') {
		end++
	}
	if end < 4 || !strings.ContainsAny(s[:end], ".:") || end == len(s) || s[end] != ' ' {
		return line
	}
	if _, _, ok := enhancedAt(s, 0); ok {
		return line
	}
	return strings.TrimLeft(s[end:], " ")
}

// command knows the commands of a session.
func (t *transcriptReader) command(s string) bool {
	low := lower(s[:min(len(s), 12)])
	for _, c := range [...]struct {
		begin string
		stage codes.Stage
	}{
		{"ehlo ", codes.StageEHLO}, {"helo ", codes.StageEHLO}, {"starttls", codes.StageSTARTTLS},
		{"auth ", codes.StageAuth}, {"mail from:", codes.StageMail},
		{"rcpt to:", codes.StageRcpt}, {"data", codes.StageData}, {"bdat ", codes.StageBody},
		{"quit", codes.StageQuit}, {"rset", codes.StageQuit}, {"noop", codes.StageQuit}, {"vrfy ", codes.StageQuit}, {"expn ", codes.StageQuit},
		{".", codes.StageBody},
	} {
		if !strings.HasPrefix(low, c.begin) || strings.IndexByte(": ", c.begin[len(c.begin)-1]) < 0 && strings.TrimRight(low, " '\\") != c.begin {
			continue
		}
		t.stage = c.stage
		t.commands, t.asked = t.commands+1, true
		if c.begin == "." {
			t.message, t.dots = false, t.dots-1
		}
		switch c.stage {
		case codes.StageMail:
			t.found.Sender, t.to = address(s), ""
		case codes.StageRcpt:
			t.to = address(s)
		}
		return true
	}
	return false
}

// reply reads a line of a reply.
func (t *transcriptReader) reply(s string) bool {
	s = strings.TrimLeft(s, " ")
	h, ok := codeAt(s, 0)
	if !ok || isAmount(s[h.end:]) && !h.codesTogether {
		return false
	}
	h.atLine = true
	n := len(t.replies)
	if n > 0 && !t.replies[n-1].moreLines {
		h.atLine = false
	}
	text := strings.TrimRight(h.text(s, len(s)), "'")
	if t.asked && !h.atLine { // another command may be answered in the same words
		t.replies = append(t.replies, addLine(nil, h, text)...)
	} else {
		t.replies = addLine(t.replies, h, text)
	}
	t.asked = false
	if len(t.replies) > n {
		q := &t.replies[n]
		q.stage, q.to = t.stage, t.to
	}
	if h.code == 354 {
		t.stage = codes.StageBody
		t.message = t.dots > 0
	}
	if h.code == 220 && t.commands == 0 {
		t.replies[0].stage = codes.StageConnect
		t.found.Server = server(firstWord(h.text(s, len(s))))
	}
	return true
}
