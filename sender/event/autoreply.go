package event

import "strings"

// readAutoReply reads an answer that a program gave (RFC 3834): the mail has arrived there.
func (n *notice) readAutoReply() []Event {
	if !n.isAutoReply() {
		return nil
	}
	e := Event{Format: "auto-reply", Action: AutoReply, Recipient: n.mail.Mailbox("From")}
	e.From = n.mail.Mailbox("To")
	e.MessageID = strings.Trim(firstWord(n.mail.Get("In-Reply-To")), "<>")
	e.Subject = stripAnswer(n.mail.Words("Subject"))
	e.Diagnostic = shortened(n.text.words[:min(len(n.text.words), 600)])
	return []Event{e}
}

// isAutoReply reports whether nobody typed a mail: its header says so, or its Subject as programs write it.
func (n *notice) isAutoReply() bool {
	if n.mail.Type == "multipart/report" || n.mail.Has("List-Id") || n.mail.Has("List-Unsubscribe") ||
		containsAny(strings.ToLower(n.mail.Get("From")), daemons) {
		return false
	}
	kind := firstWord(strings.ToLower(n.mail.Get("Auto-Submitted")))
	precedence := strings.ToLower(strings.TrimSpace(n.mail.Get("Precedence")))
	switch {
	case kind == "auto-replied",
		n.mail.Has("X-Autoreply"), n.mail.Has("X-Autorespond"), n.mail.Has("X-Autoresponder"), n.mail.Has("X-Auto-Reply"),
		n.mail.Has("X-AutoReply-From"),
		n.mail.Has("X-Mail-Autoreply"), n.mail.Has("X-Vacation"),
		precedence == "auto_reply", precedence == "auto-reply",
		strings.Contains(strings.ToLower(n.mail.Get("X-Mailer")), "autorespon"),
		strings.Contains(strings.ToLower(n.mail.Get("X-Mailer")), "vacation"):
		return true
	case n.mail.Has("X-Auto-Response-Suppress") && kind == "auto-generated" && hasAnyPrefix(n.subject, autoSubjects...):
		return true
	case n.mail.Get("Return-Path") == "<>" && containsAny(precedence, []string{"bulk", "junk", "list"}) &&
		containsAny(n.text.low[:min(len(n.text.low), 600)], thankWords):
		return true
	}
	return hasAnyPrefix(strings.TrimLeft(n.subject, "[【( "), autoSubjects...) && !containsAny(n.subject, failSubjects[:8])
}

// autoSubjects begin the Subject of an automatic answer, in lower case.
var autoSubjects = []string{
	"auto:", "auto re:", "autoreply", "auto-reply", "auto reply", "automatic reply", "automatic response",
	"automated reply", "automated response",
	"auto response", "auto-response", "autoresponse", "autoresponder", "out of office", "out-of-office",
	"out of the office", "ooo:", "away from", "vacation", "on vacation",
	"i am away", "absence", "re: out of office", "abwesenheit", "automatische antwort", "abwesend", "réponse automatique",
	"absence du bureau", "absent", "respuesta automática",
	"fuera de la oficina", "resposta automática", "ausência", "автоответ",
	"автоматический ответ", "自动回复", "自動回覆", "自動返信", "自動応答",
	"不在通知", "不在連絡", "不在の", "休暇", "不在のお知らせ",
	"부재중", "자동 회신", "자동응답", "risposta automatica", "fuori ufficio", "automatisch antwoord", "afwezig",
}

// stripAnswer takes the words of the program off a Subject: "Automatic reply: Hello".
func stripAnswer(subject string) string {
	low := strings.ToLower(subject)
	for _, p := range autoSubjects {
		if strings.HasPrefix(low, p) && len(low) == len(subject) {
			return strings.TrimSpace(strings.TrimLeft(subject[len(p):], ":： "))
		}
	}
	return subject
}

// thankWords begin what programs answer to every mail, in lower case.
var thankWords = []string{
	"thank you for your", "thank you for you", "thanks for your", "thank you for contacting", "we have received your", "vielen dank für ihre",
	"merci pour votre", "gracias por su", "obrigado por", "ありがとうございます", "спасибо за", "感谢您的",
}
