package event

import "strings"

// speaksOfOwn reports whether a mail begins as notices do and nobody writes: it says in its first words that a mail of yours was
// not delivered to whom a line of its own names. The Subject says so as well, or another mail comes back.
func speaksOfOwn(n *notice) bool {
	if n.isAnswer() || !n.returnsMail() && !n.subjectTells() {
		return false
	}
	low := " " + plainWords(n.text.low[:min(len(n.text.low), 700)]) + " "
	if containsAny(low, personalWords) || containsAny(low, goods) || !saysOfMail(low) {
		return false
	}
	if hasAnyPrefix(n.subject, "fw:", "fwd:", "wg:", "tr:", "rv:", "转发", "転送") || len(forwardedIn(n.text.words)) > 0 {
		return false // somebody forwards a notice
	}
	all := n.recipients()
	return len(all) > 0 && all[0].rank == atStart && all[0].line >= 0 &&
		len(strings.Join(n.text.textLines()[:all[0].line], "\n")) <= 700
}

// saysOfMail reports whether a sentence says that a mail was not delivered.
func saysOfMail(low string) bool {
	for s := range strings.FieldsFuncSeq(low, func(r rune) bool { return strings.ContainsRune(".!?。！？", r) }) {
		if containsAny(s, ownSentences) && containsAny(s, mailWords) {
			return true
		}
	}
	return false
}

// isOfMail reports whether a text with an address speaks of a mail, and of nothing else that is delivered.
func isOfMail(low string) bool {
	return strings.Contains(low, "@") && containsAny(plainWords(low), mailWords) && !containsAny(low, goods)
}

// goods are what carriers could not deliver, in lower case.
var goods = []string{
	"parcel", "package", "shipment", "courier", "your order", "paket", "sendung", "bestellung", "colis", "commande", "livreur", "paquete",
	"pedido", "encomenda", "pacote", "посылк", "заказ", "荷物", "注文", "商品", "快递", "快遞",
	"包裹", "택배", "상품", "pacco", "ordine", "pakket",
}

// plainWords are the words of a text without addresses and links, a space between them.
func plainWords(text string) string {
	words := strings.Fields(text)
	kept := words[:0]
	for _, w := range words {
		if !strings.ContainsAny(w, "@/") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// mailWords name what was not delivered: no parcel, and no order. In lower case.
var mailWords = []string{
	"mail", "message", "nachricht", "courriel", "mensaje", "correo electrónico", "mensagem", "сообщени",
	"письм", "邮件", "郵件", "メール",
	"メッセージ", "메일", "메시지", "messaggio", "bericht", "meddelande",
}

// personalWords are those of people who write about mails that did not arrive, in lower case.
var personalWords = []string{
	" i ", "i'm ", " my ", " we ", " our ", "hi ", "hello", "hallo", "bonjour", "hola", "olá", "お世話", "こんにちは", "お疲れ",
	"안녕", "здравствуйте", "добрый", "你好", "您好", "ich ", "wir ", "je ", "nous ", "kind regards",
	"best regards", "grüße", "cordialement", "gracias", "grazie", "ciao", "obrigad", "감사합니다", "thanks",
	"what is", "someone", "tell me", "? ", "？",
}
