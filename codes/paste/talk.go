package paste

import (
	"strings"

	"todoku/codes"
)

// dialect is how a transcript marks what the server and what the client said.
type dialect struct {
	name, server, client string
}

var dialects = [...]dialect{
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

// talkSigns are in every transcript with marks.
var talkSigns = []string{"<<< ", "← ", "<** ", "<-  ", "reply: b'", "server -> client: ", "s: 2", "s: 4", "s: 5", "< 2", "< 4", "< 5"}

// talk is a transcript being read.
type talk struct {
	*pasted
	plain    bool // replies have no mark
	name     string
	stage    codes.Stage
	to       string
	commands int
}

// readTalk reads a transcript with marks.
func (p *pasted) readTalk() bool {
	text := p.text
	if strings.Contains(text, " <<< ") || strings.Contains(text, " >>> ") { // put on one line by others
		text = strings.NewReplacer(" <<< ", "\n<<< ", " >>> ", "\n>>> ").Replace(text)
	}
	t := talk{pasted: p}
	if !t.read(text) || t.name == "" {
		return t.undo()
	}
	p.found.Format = "transcript"
	if t.name == "sendmail" {
		p.found.Format = t.name
	}
	return true
}

// readTelnet reads a session as a terminal shows it.
func (p *pasted) readTelnet() bool {
	t := talk{pasted: p, plain: true}
	return t.read(p.text) && t.commands > 0 || t.undo()
}

func (t *talk) undo() bool {
	t.said, t.found = nil, Found{}
	return false
}

// read goes through the lines: commands set the stage of the replies that follow.
func (t *talk) read(text string) bool {
	inReply := false
	for line := range strings.Lines(text) {
		inReply = t.add(strings.TrimRight(line, "\n"), inReply)
	}
	return len(t.said) > 0
}

// add reads a line. A line that is neither command nor reply goes on with the
// reply before it, until an empty one.
func (t *talk) add(line string, inReply bool) bool {
	line = untimed(line)
	if !t.plain {
		if goesOn, ok := t.marked(line); ok {
			return goesOn
		}
	}
	rest := strings.TrimLeft(line, " ")
	switch {
	case t.command(rest):
		return false
	case t.plain && t.reply(rest):
		return true
	case rest == "" || rest == "'" || strings.HasPrefix(rest, "reply: "):
		return false
	case inReply && t.name != "transcript" && (t.name != "sendmail" || !conclusion(rest)):
		last := &t.said[len(t.said)-1]
		last.lines = append(last.lines, joined(rest))
		return true
	}
	for _, before := range [...]string{"while talking to ", "connect ", "Trying "} {
		if _, host, ok := strings.Cut(rest, before); ok {
			t.found.Server = server(firstWord(strings.TrimRight(host, ":")))
		}
	}
	return false
}

// marked reads a line that begins with a mark.
func (t *talk) marked(line string) (goesOn, ok bool) {
	for _, d := range dialects {
		if rest, ok := strings.CutPrefix(line, d.server); ok && t.reply(rest) {
			t.name = d.name
			return true, true
		} else if rest, ok := strings.CutPrefix(line, d.client); ok && t.command(rest) {
			return false, true
		}
	}
	return false, false
}

// conclusion reports whether a line begins with a code.
func conclusion(s string) bool {
	_, ok := replyCode(s)
	return ok
}

// untimed takes off the time that a line begins with.
func untimed(line string) string {
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
func (t *talk) command(s string) bool {
	low := lower(s[:min(len(s), 12)])
	for _, c := range [...]struct {
		begin string
		stage codes.Stage
	}{
		{"ehlo ", codes.StageEHLO}, {"helo ", codes.StageEHLO}, {"starttls", codes.StageSTARTTLS},
		{"auth ", codes.StageAuth}, {"mail from:", codes.StageMail},
		{"rcpt to:", codes.StageRcpt}, {"data", codes.StageData}, {"bdat ", codes.StageBody},
		{"quit", codes.StageQuit}, {"rset", codes.StageQuit}, {".", codes.StageBody},
	} {
		if !strings.HasPrefix(low, c.begin) || strings.IndexByte(": ", c.begin[len(c.begin)-1]) < 0 && strings.TrimRight(low, " '\\") != c.begin {
			continue
		}
		t.stage = c.stage
		t.commands++
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
func (t *talk) reply(s string) bool {
	s = strings.TrimLeft(s, " ")
	h, ok := hitAt(s, 0)
	if !ok || isAmount(s[h.end:]) && !h.near {
		return false
	}
	h.atLine = true
	n := len(t.said)
	if n > 0 && !t.said[n-1].open {
		h.atLine = false
	}
	t.said = gather(t.said, h, strings.TrimRight(h.text(s, len(s)), "'"))
	if len(t.said) > n {
		q := &t.said[n]
		q.stage, q.to = t.stage, t.to
	}
	if h.code == 354 {
		t.stage = codes.StageBody
	}
	if h.code == 220 && t.commands == 0 {
		t.said[0].stage = codes.StageConnect
		t.found.Server = server(firstWord(h.text(s, len(s))))
	}
	return true
}
