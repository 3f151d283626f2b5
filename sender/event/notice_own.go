package event

import "strings"

// speaksOfOwn reports whether a mail begins as notices do and nobody writes: it says in its first words that a mail of yours was
// not delivered to whom a line of its own names. The Subject says so as well, or another mail comes back.
func speaksOfOwn(n *notice) bool {
	low := n.text.low[:min(len(n.text.low), 700)]
	if n.isAnswer() || !containsAny(low, ownSentences) || containsAny(low, personalWords) ||
		!containsAny(n.subject, failSubjects) && n.returned == nil && !n.original.known {
		return false
	}
	if hasAnyPrefix(n.subject, "fw:", "fwd:", "wg:", "tr:", "rv:", "转发", "転送") || len(forwardedIn(n.text.words)) > 0 {
		return false // somebody forwards a notice
	}
	for _, c := range n.recipients() {
		if c.rank != atStart || c.line < 0 || len(strings.Join(n.text.textLines()[:c.line], "\n")) > 700 {
			return false
		}
		return true
	}
	return false
}

// personalWords are those of people who write about mails that did not arrive, in lower case.
var personalWords = []string{
	" i ", "i'm ", " my ", " we ", " our ", "hi ", "hello", "hallo", "bonjour", "hola", "olá", "お世話", "こんにちは", "お疲れ",
	"здравствуйте", "добрый", "你好", "您好", "ich ", "wir ", "je ", "nous ", "kind regards",
	"best regards", "grüße", "cordialement",
}
