package guide

import (
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// readAutomatic reads an answer that a mailbox sends by itself ("out of office"): the mail has arrived there. Its sender is
// the recipient of ours. A bounce names an error and is none.
func (k *Case) readAutomatic(c *codes.Catalogue, text string) bool {
	if k.Verdict.Rule != "" || !k.Reply.Enhanced.IsZero() || k.Context.Event != codes.EventReply {
		return false
	}
	m, err := mail.Read([]byte(text))
	if err != nil || m.Get("From") == "" || !isAutomatic(m) {
		return false
	}
	d, ok := c.Delivery(codes.DeliveryOK)
	if !ok {
		return false
	}
	k.ofCode(d)
	k.MailFrom = ""
	k.From, k.To = m.Mailbox("To"), m.Mailbox("From")
	k.classify(c)
	return true
}

// isAutomatic reports whether a header is that of an answer nobody typed (RFC 3834 §5, and what programs wrote before it).
func isAutomatic(m *mail.Received) bool {
	if strings.HasPrefix(strings.ToLower(m.Get("Content-Type")), "multipart/report") {
		return false
	}
	auto, _, _ := strings.Cut(strings.ToLower(m.Get("Auto-Submitted")), ";")
	return strings.TrimSpace(auto) == "auto-replied" || m.Get("X-Autoreply") != "" || m.Get("X-Autorespond") != "" ||
		strings.EqualFold(strings.TrimSpace(m.Get("Precedence")), "auto_reply")
}
