package paste

import (
	"strings"

	"todoku/codes"
)

// readQmailLog reads "delivery 9: failure: 192.0.2.1_does_not_like_recipient./Remote_host_said:_550_…/": qmail-send writes "_" for a
// space and "/" for the end of a line.
func (p *pasted) readQmailLog() bool {
	for _, f := range [...]struct {
		mark  string
		event codes.Event
	}{{": success: ", codes.EventDelivered}, {": deferral: ", codes.EventDelayed}, {": failure: ", codes.EventReply}} {
		at := strings.LastIndex(p.low, f.mark)
		if at < 0 || !strings.Contains(p.low[max(0, at-24):at], "delivery ") {
			continue
		}
		_, end := lineAt(p.text, at)
		p.readPart(qmailLines(strings.ReplaceAll(p.text[at+len(f.mark):end], "_", " ")))
		p.whole = p.sought()
		p.readQmail()
		p.found.Context.Event, p.found.Format = f.event, "qmail"
		return true
	}
	return false
}

// qmailLines puts line ends for slashes that stand before a capital letter, a reply code or the end; others are of a URL.
func qmailLines(s string) string {
	var b strings.Builder
	for i := range len(s) {
		rest := s[i+1:]
		if _, code := replyCode(rest); s[i] == '/' && (rest == "" || rest[0] >= 'A' && rest[0] <= 'Z' || code) {
			b.WriteByte('\n')
		} else {
			b.WriteByte(s[i])
		}
	}
	return strings.TrimSpace(b.String())
}

// readPlus reads a reply in which plus signs stand for spaces, as in the log of IIS: "550+5.1.1+<b@x.example>:+User+unknown".
func (p *pasted) readPlus() bool {
	for word := range strings.FieldsFuncSeq(p.text, func(r rune) bool { return strings.ContainsRune(" \n,;=\"&?", r) }) {
		if len(word) < 5 || strings.IndexByte("45", word[0]) < 0 || strings.IndexByte("+-", word[3]) < 0 || !strings.Contains(word, "+") {
			continue
		}
		if _, ok := replyCode(word[:3]); !ok {
			continue
		}
		at := strings.Index(p.text, word)
		words, _, _ := strings.Cut(p.text[at:], " ")
		words, _, _ = strings.Cut(words, "\n")
		p.readPart(strings.ReplaceAll(words, "+", " "))
		p.found.Format = "iis"
		return true
	}
	return false
}

// readMailq reads what mailq shows of a mail that waits: its line, the reason in brackets, and the recipients below.
func (p *pasted) readMailq() bool {
	lines := strings.Split(p.text, "\n")
	for i, line := range lines {
		sender, ok := queueLine(line)
		if !ok {
			continue
		}
		p.found.Context.Event, p.found.Sender, p.found.Format = codes.EventDelayed, sender, "mailq"
		for j := i + 1; j < len(lines); j++ {
			if _, next := queueLine(lines[j]); next {
				break
			}
			fill(&p.found.Recipient, lineAddress(lines[j]))
		}
		reason := strings.Join(lines[i+1:], "\n")
		if open := strings.IndexByte(reason, '('); open >= 0 {
			reason = reason[open+1:]
			p.readPart(reason[:closingMark(reason, &parentheses)])
			p.readPostfixNotice()
		}
		return true
	}
	return false
}

// queueLine reads "4ABCDE*  2345 Mon Feb  2 10:00:00  a@s.example": the number of a mail, its size, the time and the sender.
func queueLine(line string) (sender string, ok bool) {
	f := strings.Fields(line)
	if len(f) < 6 || len(f[0]) < 5 || strings.Trim(f[0], "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz*!") != "" ||
		strings.Trim(f[1], "0123456789") != "" || len(f[2]) != 3 || !strings.Contains("montuewedthufrisatsun", lower(f[2])) {
		return "", false
	}
	last := f[len(f)-1]
	return strings.Trim(last, "<>"), true
}
