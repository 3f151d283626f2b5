package event

import (
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// readInline looks for a notice that somebody forwarded within the text of a mail: below a mark and the first lines of its header.
func (n *notice) readInline() mailResult {
	if n.depth >= maxForwarded {
		return mailResult{}
	}
	low := n.text.low
	if len(n.whole) > len(n.text.words) {
		low = strings.ToLower(n.whole)
	}
	if !containsAny(low, failWords) {
		return mailResult{}
	}
	for _, inner := range forwardedIn(n.whole) {
		r := readEntity(mail.Open([]byte(inner)), n.depth+1)
		if len(r.events) == 0 {
			continue
		}
		for i := range r.events {
			r.events[i].Notes = append(r.events[i].Notes, forwardedInline)
		}
		return r
	}
	return mailResult{}
}

// maxInline bounds the mails that are looked for in one text.
const maxInline = 5

// forwardedIn are the mails that stand in a text, each with a header as far as it is told.
func forwardedIn(text string) []string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = unquoted(lines[i])
	}
	var out []string
	for i := 0; i < len(lines) && len(out) < maxInline; i++ {
		if header, end := inlineHeader(lines, i); end > i {
			out = append(out, header+"\n"+strings.Join(lines[end:], "\n"))
			i = end
		}
	}
	return out
}

// unquoted takes the marks of a quotation off a line.
func unquoted(line string) string {
	line = strings.TrimRight(line, "\r")
	for strings.HasPrefix(line, ">") && !strings.HasPrefix(line, ">>>") || strings.HasPrefix(line, "| ") {
		line = strings.TrimPrefix(line[1:], " ")
	}
	return line
}

// inlineNames are the fields that mail programs write above a mail that they forward, as people read them, in lower case.
var inlineNames = map[string]string{
	"from": "From", "差出人": "From", "送信者": "From", "送信元": "From", "von": "From", "de": "From",
	"от": "From", "发件人": "From", "寄件者": "From", "寄件人": "From", "보낸 사람": "From",
	"보낸사람": "From", "da": "From", "van": "From", "expéditeur": "From", "remitente": "From", "от кого": "From",
	"to": "To", "宛先": "To", "受信者": "To", "an": "To", "à": "To", "para": "To", "кому": "To",
	"收件人": "To", "收件者": "To", "받는 사람": "To", "받는사람": "To", "a": "To", "aan": "To",
	"subject": "Subject", "件名": "Subject", "betreff": "Subject", "objet": "Subject", "asunto": "Subject",
	"assunto": "Subject", "тема": "Subject", "主题": "Subject", "主旨": "Subject", "제목": "Subject",
	"oggetto": "Subject", "onderwerp": "Subject",
	"date": "Date", "sent": "Date", "日時": "Date", "送信日時": "Date", "日付": "Date", "gesendet": "Date",
	"datum": "Date", "envoyé": "Date", "fecha": "Date", "enviado": "Date", "enviado el": "Date", "data": "Date",
	"дата": "Date", "отправлено": "Date", "发送时间": "Date", "日期": "Date", "寄件日期": "Date",
	"보낸 날짜": "Date", "날짜": "Date", "inviato": "Date", "verzonden": "Date",
	"cc": "Cc", "reply-to": "Reply-To", "返信先": "Reply-To", "message-id": "Message-ID", "content-type": "",
	"auto-submitted": "Auto-Submitted", "x-failed-recipients": "X-Failed-Recipients",
	"return-path": "Return-Path", "mime-version": "",
}

// inlineHeader reads the header of a forwarded mail from a line on: two fields at least, of them From or Subject. end is the line
// after it; start itself where there is none.
func inlineHeader(lines []string, start int) (header string, end int) {
	var b strings.Builder
	known := map[string]bool{}
	i := start
	for ; i < len(lines) && i < start+16; i++ {
		line := strings.Trim(lines[i], " *\t")
		name, value, ok := cutInline(line)
		if !ok {
			if line == "" && len(known) < 2 && len(known) > 0 { // an empty line between the fields
				continue
			}
			break
		}
		if name != "" && !known[name] {
			b.WriteString(name + ": " + strings.Trim(value, " *\t") + "\n")
		}
		known[name] = true
	}
	if len(known) < 2 || !known["From"] || !known["Subject"] {
		return "", start
	}
	return b.String(), i
}

// cutInline splits a line such as "件名: …" and gives the name of the field as mails have it.
func cutInline(line string) (name, value string, ok bool) {
	i := strings.IndexAny(line[:min(len(line), 60)], ":：")
	if i < 1 {
		return "", "", false
	}
	label := strings.ToLower(strings.Trim(line[:i], " *\t\u3000"))
	name, ok = inlineNames[label]
	return name, strings.TrimLeft(line[i:], ":： "), ok
}

var forwardedInline = codes.Text{EN: "it was forwarded within the text of a mail", JA: "メールの本文に引用する形で転送されたものです"}
