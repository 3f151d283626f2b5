package event

import "strings"

// asksToConfirm reports whether a program keeps a mail until its sender confirms it (challenge and response): nothing failed.
func asksToConfirm(n *notice) bool {
	if containsAny(strings.ToLower(n.mail.Get("From")), daemons) {
		return false
	}
	n.readWords()
	return (containsAny(n.text.low[:min(len(n.text.low), 8<<10)], confirmWords) ||
		n.status != nil && containsAny(strings.ToLower(n.status.Text()), confirmWords)) && !n.text.quotesReply()
}

// readChallenge reads the request of such a program.
func readChallenge(n *notice) []Event {
	n.readReturned()
	e := Event{Format: "challenge", Action: AutoReply, Recipient: n.mail.Mailbox("Reply-To")}
	e.Diagnostic = shortened(n.text.words[:min(len(n.text.words), 600)])
	if n.status != nil {
		if _, list := statusBlocks(n.status.Text()); len(list) > 0 {
			e.Recipient = addressOf(list[0].get("final-recipient", "original-recipient"))
		}
	}
	fill(&e.Recipient, n.mail.Mailbox("From"))
	return []Event{e}
}

// confirmWords ask the sender of a mail to show that a person wrote it, in lower case.
var confirmWords = []string{
	"not pre-approved", "not on my approved", "not on his approved", "not on the approved senders", "challenge-response",
	"challenge/response", "sender verification request", "confirm that you are human", "confirm that you are a real",
	"verify that you are human", "verify that you are a real", "prove that you are human", "confirm that your message is not spam",
	"confirm your message by", "to have your message delivered, please", "to have your message delivered please",
	"message is being held until you confirm", "message will be held until you confirm", "confirm you are a real person",
	"bestätigen sie, dass sie kein", "confirmez que vous êtes", "送信者の確認のため",
	"本人確認のため、このメールに返信",
}

// isRefusal reports whether a disposition notification says that a filter of the recipient refused a mail (RFC 5429).
func isRefusal(n *notice) bool {
	n.readWords()
	return containsAny(n.text.low, []string{"automatically rejected", "refused by the recipient's mail filter",
		"was rejected by the recipient"})
}
