package paste

import (
	"strings"
	"unicode"

	"todoku/codes"
)

// clientIntros stand before the server's words in what mail programs and libraries show, in lower case. What stands before them is
// the program's own: .NET says "requires a secure connection or the client was not authenticated" whatever the server meant.
var clientIntros = []string{
	"the server response was:", "the mail server responded:", "the server responded:", "server message:", "server response:",
	"mail-server antwortete:", "mailserver antwortete:", "der server antwortete:", "serverantwort:", "la réponse du serveur était",
	"le serveur a répondu", "il server ha risposto:", "el servidor respondió:", "o servidor respondeu:", "ответ сервера:",
	"サーバーの応答:", "サーバーからの応答:", "メールサーバーからの応答:",
	"serwer odpowiedział:", "de server antwoordde:",
}

// clientEnds stand behind the server's words.
var clientEnds = []string{
	"please check the message recipient", "please verify that your email address", "please check the message and try again",
	"nested exception is", "\n   at ", "\n    at ", " bei system.net.mail", " at system.net.mail",
}

// readClient reads "The server response was: 5.7.0 …" and its like; msmtp says it before each line.
func (p *pasted) readClient() bool {
	for _, intro := range clientIntros {
		at := strings.Index(p.low, intro)
		if at < 0 {
			continue
		}
		p.words = strings.TrimLeft(p.text[at+len(intro):], " \n:")
		if intro == "server message:" {
			p.words = strings.ReplaceAll(p.words, "msmtp: server message: ", "")
			p.words, _, _ = strings.Cut(p.words, "\nmsmtp: ")
		}
		if !strings.ContainsFunc(p.words, unicode.IsLetter) { // .NET has put the words before, for want of a text
			p.words += " " + p.text[:at]
		}
		p.readStageBefore(p.low[:at])
		break
	}
	p.cutAt(clientEnds)
	return len(p.words) < len(p.text)
}

// readPHPMailerList reads what PHPMailer makes of its list of an error: "MAIL FROM command failed,WORDS,550,5.1.1".
func (p *pasted) readPHPMailerList() bool {
	const sign = " command failed,"
	at := strings.LastIndex(p.low, sign)
	rest := p.text[at+len(sign):]
	for i := strings.IndexByte(rest, ','); i >= 0; i = nextComma(rest, i) {
		code, ok := replyCode(rest[i+1:])
		if !ok {
			continue
		}
		q := serverReply{code: code, lines: []string{oneLine(rest[:i])}}
		if e, end, ok := enhancedAt(rest, 0); ok {
			q.enhanced, q.codesTogether, q.lines = e, true, []string{oneLine(rest[end:i])}
		} else if after, ok := strings.CutPrefix(rest[i+len(",550"):], ","); ok {
			q.enhanced, _, q.codesTogether = enhancedAt(after, 0)
		}
		p.replies = []serverReply{q}
		return true
	}
	return false
}

// nextComma is the offset of the comma behind the one at i, -1 for none.
func nextComma(s string, i int) int {
	n := strings.IndexByte(s[i+1:], ',')
	if n < 0 {
		return -1
	}
	return i + 1 + n
}

// readStageBefore finds the stage in what msmtp says before the server's words.
func (p *pasted) readStageBefore(before string) {
	for _, w := range [...]struct {
		words string
		stage codes.Stage
	}{
		{"envelope from address", codes.StageMail}, {"recipient address", codes.StageRcpt}, {"authentication failed", codes.StageAuth},
		{"the server did not accept the mail", codes.StageBody}, {"command data failed", codes.StageData},
	} {
		if strings.Contains(before, w.words) {
			fill(&p.found.Context.Stage, w.stage)
		}
	}
}

// cutAt ends the server's words before one of the marks.
func (p *pasted) cutAt(marks []string) {
	low := lower(p.words)
	for _, m := range marks {
		if i := strings.Index(low, m); i > 0 {
			p.words, low = p.words[:i], low[:i]
		}
	}
	p.words = strings.TrimRight(p.words, " \n;")
}

// readPHPMailer reads "SMTP server error: RCPT TO command failed Detail: WORDS SMTP code: 550 Additional SMTP info: 5.1.1".
func (p *pasted) readPHPMailer() bool {
	const sign, detail, info = "smtp code: ", "detail: ", "additional smtp info: "
	at := strings.LastIndex(p.low, sign)
	if error := strings.LastIndex(p.low[:at], "smtp server error: "); error >= 0 {
		p.found.Context.Stage = stageOf(p.low[error+len("smtp server error: "):])
	}
	code, ok := replyCode(p.text[at+len(sign):])
	if !ok {
		return true // that of a socket
	}
	words := p.text[:at]
	if i := strings.LastIndex(p.low[:at], detail); i >= 0 {
		words = p.text[i+len(detail) : at]
	}
	q := serverReply{code: code, lines: []string{oneLine(words)}}
	if i := strings.LastIndex(p.low, info); i > at {
		q.enhanced, _, q.codesTogether = enhancedAt(p.text, i+len(info))
	}
	if h, ok := codeAt(words, 0); ok && h.codesTogether {
		q.enhanced, q.codesTogether, q.lines = h.enhanced, true, []string{oneLine(words[h.end:])}
	} else if e, end, ok := enhancedAt(words, 0); ok {
		q.enhanced, q.codesTogether, q.lines = e, true, []string{oneLine(words[end:])}
	}
	p.replies = []serverReply{q}
	return true
}
