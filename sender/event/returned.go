package event

import (
	"strings"
	"unicode/utf8"

	"todoku/sender/mail"
)

// original is what a notice tells of the mail that did not arrive.
type original struct {
	from, to, subject, messageID, returnPath, envelopeID string
	known                                                bool
	header                                               *mail.Entity
	whole                                                ReturnedMail
}

// readReturned reads the header of the mail that comes back.
func (n *notice) readReturned() {
	if n.returned != nil && !n.original.known {
		n.original.read(n.returned.InnerHeader())
		n.original.whole = returnedIn(n.returned)
	}
}

func (o *original) read(m *mail.Entity) {
	o.known, o.header = true, m
	o.from = m.Mailbox("From")
	o.to = m.Get("To")
	o.subject = m.Words("Subject")
	o.messageID = strings.Trim(m.Get("Message-ID"), "<> ")
	if id := m.Get("Message-ID"); strings.Contains(id, "<") {
		_, id, _ = strings.Cut(id, "<")
		o.messageID, _, _ = strings.Cut(id, ">")
	}
	o.returnPath = m.Mailbox("Return-Path")
	o.envelopeID = m.Get("X-Envelope-ID")
}

// fill gives an event what is known of the mail.
func (o *original) fill(e *Event) {
	fill(&e.From, o.returnPath)
	fill(&e.From, o.from)
	fill(&e.Subject, o.subject)
	fill(&e.MessageID, o.messageID)
	fill(&e.EnvelopeID, o.envelopeID)
	if e.Returned.Data == nil {
		e.Returned = o.whole
	}
}

func fill[S ~string](to *S, value S) {
	if *to == "" {
		*to = value
	}
}

// returnedMarks begin the mail that a notice returns, in lower case; a line holds one of them, and little more.
var returnedMarks = [...]string{
	"this is a copy of the message, including all the headers", "this is a copy of your message", "this is a copy of the message",
	"below this line is a copy of the message", "below the next line is a copy of the message", "below is a copy of the message",
	"original message follows", "original message headers", "original message header", "original message attached",
	"message header follows", "message headers follow", "message text follows", "unsent message follows", "unsent message below",
	"returned mail follows", "returned message", "returned mail", "start of returned message", "undelivered mail follows",
	"undelivered message follows", "undelivered message", "copy of the original message", "copy of the message", "copy of your message",
	"header of the original message", "headers of the original message", "included is a copy of the message header",
	"the header of the original message is following", "the header of the original message follows", "first 5 lines of the original message",
	"a copy of the original message", "your message reads (in part)", "content of the original message", "message contents",
	"body of message generated response", "text of the message", "text of your message", "header fields of the message", "old message",
	"message headers:", "beginning of message", "received message headers", "email header", "mail header",
	"der ursprüngliche", "ursprüngliche nachrichtenköpfe", "kopfzeilen der ursprünglichen", "ursprüngliche nachrichtenkopfzeilen",
	"original-nachrichtenkopfzeilen", "message d'origine", "en-têtes du message d'origine", "en-têtes de message d'origine",
	"encabezados de mensajes originales", "encabezado del mensaje original", "encabezados originales", "cabeçalhos da mensagem original",
	"cabeçalhos de mensagem original", "mensaje original", "mensagem original", "messaggio originale", "intestazioni originali",
	"исходные заголовки", "заголовки исходного", "исходное сообщение",
	"текст исходного сообщения", "原始邮件", "邮件原文", "原邮件", "原始郵件", "原始信件",
	"元のメッセージ ヘッダー", "元のメッセージヘッダー", "元のメッセージ", "元のメール",
	"オリジナルメッセージ", "以下のメールです", "送信メールの内容", "送信されたメール",
	"以下は送信された", "エラーとなったメール", "원본 메시지", "원본 메일", "oorspronkelijke bericht",
}

// cutReturned takes the mail that is returned off the words of a notice. low is text with the letters of ASCII in lower case.
func cutReturned(text, low string) (words, returned string) {
	for at := 0; at < len(low); {
		end := strings.IndexByte(low[at:], '\n')
		if end < 0 {
			end = len(low) - at
		}
		line := low[at : at+end]
		next := min(at+end+1, len(low))
		if at > 0 && endsWords(line, low[next:]) {
			return text[:at], text[next:]
		}
		if at > 0 && startsHeader(line, low[next:]) && (isStrongHeader(line) || strings.Contains(low[:at], "@")) {
			return text[:at], text[at:]
		}
		at = next
	}
	return text, ""
}

// endsWords reports whether a line says that the returned mail follows.
func endsWords(line, after string) bool {
	if !mayEnd(line) {
		return false
	}
	bare := strings.ToLower(strings.Trim(line, " \t\r-=*_#>:.：・─━—|[]【】<+~")) // line has letters beyond ASCII as they came
	if bare == "" || len(bare) > 110 {
		return false
	}
	for _, mark := range returnedMarks {
		i := strings.Index(bare, mark)
		if i < 0 {
			continue
		}
		if len(bare) <= len(mark)+24 && (i == 0 || len(line) > len(strings.TrimLeft(line, "-=*_#"))) {
			return isHeaderNext(after) || len(line)-len(bare) >= 4 || strings.HasSuffix(bare, "follows") ||
				strings.HasPrefix(mark, "original message h")
		}
		if isHeaderNext(after) {
			return true
		}
	}
	if strings.HasPrefix(bare, "original message") && isHeaderNext(after) {
		return true
	}
	if strings.HasSuffix(bare, "original message") || bare == "message" || bare == "message header" || bare == "headers" {
		return isHeaderNext(after) || strings.HasPrefix(line, "---")
	}
	return false
}

// mayEnd tells quickly that most lines hold none of returnedMarks.
func mayEnd(line string) bool {
	for _, w := range [...]string{"mess", "mail", "orig", "header"} {
		if strings.Contains(line, w) {
			return true
		}
	}
	for i := range len(line) {
		if line[i] >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// isHeaderNext reports whether the next lines that are not empty are fields of a header.
func isHeaderNext(after string) bool {
	for range 6 {
		line, rest, ok := strings.Cut(after, "\n")
		trimmed := strings.Trim(line, " \t\r-=*_|")
		if trimmed != "" {
			if strings.HasPrefix(line, ">") {
				rest = strings.ReplaceAll(rest[:min(len(rest), 2<<10)], "\n>", "\n")
			}
			return startsHeader(strings.TrimLeft(line, " \t>|"), strings.TrimPrefix(rest, ">"))
		}
		if !ok {
			return false
		}
		after = rest
	}
	return false
}

// startsHeader reports whether a line begins the header of a mail: a field that only mails have, and another below it.
func startsHeader(line, after string) bool {
	if len(line) < 6 {
		return false
	}
	switch line[0] {
	case 'r', 'm', 'd', 'x', 'f', 'a', '>', 'c', 's', 't':
	default:
		return false
	}
	strong := isStrongHeader(line)
	weak := strong || hasAnyPrefix(line, "message-id: ", "date: ", "from: ", "content-type: ", "subject: ", "to: ", "x-")
	if !weak {
		return false
	}
	fields := 0
	for i := 0; i < 8; i++ {
		next, rest, ok := strings.Cut(after, "\n")
		if next == "" || next == "\r" {
			break
		}
		if next[0] != ' ' && next[0] != '\t' {
			if name, _, isField := strings.Cut(next, ":"); !(isField && mail.IsKnownField([]byte(name))) && !strings.HasPrefix(next, "x-") {
				break
			}
			fields++
		}
		if !ok {
			break
		}
		after = rest
	}
	if strong {
		return fields > 0
	}
	return fields > 2
}

// isStrongHeader reports whether a line is a field that stands in no list of what a mail was about.
func isStrongHeader(line string) bool {
	return hasAnyPrefix(line, "received: ", "received:\t", "received:from", "return-path: ", "dkim-signature: ", "x-received: ",
		"arc-seal: ", "mime-version: ", "x-google-", "authentication-results: ", "x-originating-ip: ", "delivered-to: ")
}

func hasAnyPrefix(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// lowerASCII is s with the letters of ASCII in lower case, so that offsets stay the same.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
