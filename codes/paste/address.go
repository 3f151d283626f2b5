package paste

import (
	"slices"
	"strings"
)

// textBefore is what people pasted above the reply.
func (p pasted) textBefore() string {
	if i := strings.Index(p.text, p.words); i > 0 {
		return p.text[:i] + "\n" + p.textBeforeReply
	}
	return p.textBeforeReply
}

// roles are mailboxes that notices name for questions, and never deliver to.
var roles = [...]string{
	"postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "support", "helpdesk", "admin", "administrator",
	"hostmaster",
}

// senders are words that stand before the address of a sender.
var senders = [...]string{"from", "sender", "f=<", "reply", "return", "source", "差出人", "送信者", "送信元", "発信者"}

// onlyAddress is the one address in what stands before a reply, for a notice in
// any language; "" where there are several, or where it is the sender's.
func onlyAddress(s string) string {
	found := ""
	for from := 0; ; {
		at := strings.IndexByte(s[from:], '@')
		if at < 0 {
			return found
		}
		at += from
		start, end := at, at+1
		for start > 0 && (isWordByte(s[start-1]) || strings.IndexByte(".+-=", s[start-1]) >= 0) {
			start--
		}
		for end < len(s) && (isWordByte(s[end]) || s[end] == '.' || s[end] == '-') {
			end++
		}
		from = end
		domain := strings.TrimRight(s[at+1:end], ".-")
		if start == at || !strings.Contains(domain, ".") || slices.Contains(roles[:], lower(s[start:at])) {
			continue
		}
		if containsAny(lower(s[max(0, start-24):start]), senders[:]) {
			continue
		}
		one := s[start:at] + "@" + domain
		if found != "" && found != one {
			return ""
		}
		found = one
	}
}
