package event

import (
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/sender/mail"
)

// candidate is an address that a notice may be about.
type candidate struct {
	address string
	line    int // where it stands; -1 where only the header names it
	rank    int
}

// The ranks of candidates, by where an address stands.
const (
	inSentence = iota + 1
	inReply    // of a server
	atStart    // of a line, or behind a word for recipients
)

// recipients are the addresses that a notice is about, in their order.
func (n *notice) recipients() []candidate {
	n.readReturned()
	lines := n.text.textLines()
	var named []candidate
	if failed := n.mail.Get("X-Failed-Recipients"); failed != "" {
		if named = n.named(failed); len(named) > 0 && named[0].line >= 0 {
			return named
		}
	}
	var all []candidate
	own := n.ownAddresses()
	for i, line := range lines {
		if i == maxLines {
			break
		}
		all = addCandidates(all, line, i)
	}
	all = belowIntro(n, withoutContinued(withoutContacts(all, lines), lines), lines)
	best := bestOf(all, own)
	if named != nil && (len(best) == 0 || best[0].rank < atStart) {
		return named
	}
	if len(best) == 0 || best[0].rank == 0 {
		if mine := bestOf(all, nil); len(mine) == 1 && mine[0].rank == atStart { // a mail to oneself
			return mine
		}
		if to := n.originalTo(); len(to) > 0 {
			return to
		}
	}
	if len(best) == 0 {
		best = bestOf(all, nil)
	}
	return best
}

// maxLines bounds how many lines of a notice are read.
const maxLines = 2000

// named are the recipients that the header names.
func (n *notice) named(value string) []candidate {
	var out []candidate
	for value != "" && len(out) < maxBlocks {
		a, _, end := mail.NextAddress(value)
		if a == "" {
			break
		}
		value = value[end:]
		out = append(out, candidate{a, n.text.lineOf(a), atStart})
	}
	return out
}

// originalTo is the recipient of the mail that comes back, if it has one only.
func (n *notice) originalTo() []candidate {
	a, _, end := mail.NextAddress(n.original.to)
	if more, _, _ := mail.NextAddress(n.original.to[end:]); more != "" && !strings.EqualFold(more, a) {
		a = ""
	}
	if h := n.original.header; h != nil && (a == "" || h.Has("List-Id") || h.Has("X-BeenThere")) {
		if to := receivedFor(h.Get("Received")); to != "" {
			a = to
		}
	}
	if a == "" {
		return nil
	}
	return []candidate{{a, -1, inSentence}}
}

// ownAddresses are those of the sender of the mail that comes back.
func (n *notice) ownAddresses() []string {
	own := []string{n.mail.Mailbox("From"), n.mail.Mailbox("To"), n.mail.Mailbox("Delivered-To"), n.mail.Mailbox("X-Original-To"),
		n.original.from, n.original.returnPath, n.original.messageID}
	return own
}

// bestOf are the candidates of the best rank, each address once, without the addresses that are none.
func bestOf(all []candidate, not []string) []candidate {
	best := 0
	for _, c := range all {
		if c.rank > best && !isOneOf(c.address, not) {
			best = c.rank
		}
	}
	var out []candidate
	for _, c := range all {
		if c.rank == best && !isOneOf(c.address, not) && !isKnown(out, c.address) && len(out) < maxBlocks {
			out = append(out, c)
		}
	}
	return out
}

func isOneOf(a string, list []string) bool {
	for _, b := range list {
		if strings.EqualFold(a, b) {
			return true
		}
	}
	return false
}

func isKnown(list []candidate, a string) bool {
	for _, c := range list {
		if strings.EqualFold(c.address, a) {
			return true
		}
	}
	return false
}

// senderLabels stand before addresses that are no recipient's, and before words about the mail, in lower case.
var senderLabels = []string{
	"from", "sender", "mail from", "reply-to", "return-path", "message-id", "message id", "subject", "date", "received",
	"envelope sender", "envelope-from",
	"x-", "original sender", "originator", "差出人", "送信者", "送信元", "発信者", "件名", "von", "absender",
	"betreff", "expéditeur", "de", "objet", "remitente", "asunto", "remetente",
	"assunto", "от", "отправитель", "тема", "发件人", "主题", "寄件者", "寄件人",
	"보낸 사람", "보낸사람", "mittente", "van", "references", "in-reply-to", "cc", "generating server", "helo",
	"ehlo", "reporting-mta",
	"contact", "support", "list-unsubscribe", "mail_from", "errors-to", "msgid",
}

// recipientLabels stand before the address of a recipient, in lower case.
var recipientLabels = []string{
	"to", "recipient", "rcpt to", "rcpt_to", "recipients", "recipient address", "final-recipient", "original-recipient",
	"final recipient", "original recipient", "address", "user", "addressee", "intended recipient", "intended recipients",
	"undeliverable address", "failed address", "failed recipient", "failed recipients", "addressed to", "unknown user",
	"invalid recipient", "email address", "e-mail address", "mailbox", "unknown recipient", "invalid address", "no such user", "user unknown",
	"could not be delivered to", "couldn't be delivered to", "unable to deliver message to", "unable to deliver to",
	"undeliverable to", "delivery to", "failed to deliver to", "not delivered to", "was not delivered to",
	"your message to", "error delivering to",
	"invalid final delivery userid", "user mailbox exceeds allowed size", "mailbox is full", "user's mailbox is full",
	"could not deliver message to", "delivered to",
	"宛先", "宛先メールアドレス", "送信先", "配信先", "受信者", "あて先", "メールアドレス",
	"対象アドレス", "エラーアドレス", "送信先アドレス", "宛先アドレス",
	"送信先メールアドレス", "お届け先", "届け先", "失敗した宛先", "empfänger", "an",
	"empfängeradresse", "adresse", "destinataire", "à", "destinatario", "para", "destinatário",
	"кому", "получатель", "адрес", "адресат", "收件人", "收件者", "收件地址",
	"收件人地址", "받는 사람", "받는사람", "수신자", "a", "aan", "ontvanger", "geadresseerde",
}

// addCandidates finds the addresses in a line.
func addCandidates(all []candidate, line string, at int) []candidate {
	if strings.IndexByte(line, '@') < 0 || len(line) > 4000 {
		return all
	}
	bare := strings.TrimLeft(strings.TrimLeft(line, " \t*-•·・●■○>|◆▼→：:#"), "< ")
	if label, rest, ok := cutLabel(bare); ok {
		switch {
		case isLabel(label, senderLabels):
			return all
		case isLabel(label, recipientLabels):
			rank := atStart
			if hasAnyPrefix(strings.TrimSpace(line), ">>>", "<<<") || strings.HasPrefix(label, "rcpt") {
				rank = inReply
			}
			return addList(all, rest, at, rank)
		}
	}
	if a := inX400(bare); a != "" {
		return append(all, candidate{a, at, atStart})
	}
	a, start, end := mail.NextAddress(bare)
	if a == "" {
		return all
	}
	if hasAnyPrefix(bare, "(generated from ", "(expanded from", "(alias of ") {
		return append(all, candidate{a, at, inReply})
	}
	if rest := strings.TrimLeft(bare[end:], " \""); strings.HasPrefix(rest, "<") && !strings.HasPrefix(rest, "<mailto:") { // "a@b <c@d>"
		if inner, at, _ := mail.NextAddress(rest); at == 1 {
			a, end = inner, len(bare)-len(rest)+1+len(inner)
		}
	}
	rank, ok := rankOf(bare, a, start, end)
	if !ok {
		return all
	}
	all = append(all, candidate{a, at, rank})
	if rank == atStart && isListed(bare[end:]) { // "a@b, c@d"
		return addList(all, bare[end:], at, rank)
	}
	return all
}

// addList adds the addresses of a list.
func addList(all []candidate, rest string, at, rank int) []candidate {
	for range 50 {
		a, _, end := mail.NextAddress(rest)
		if a == "" {
			break
		}
		all = append(all, candidate{a, at, rank})
		if rest = rest[end:]; !isListed(rest) {
			break
		}
	}
	return all
}

// rankOf is the rank of an address that stands in a line from start to end; false where it is no recipient's.
func rankOf(line, a string, start, end int) (rank int, ok bool) {
	before := line[:start]
	switch {
	case isReplyLine(line):
		return inReply, true
	case strings.Trim(before, "<\"'[(「『（ 0123456789.)") == "" && endsAddress(line[end:]):
		return atStart, true
	case isRole(a) || isContact(before, line):
		return 0, false
	case !namesRecipient(before):
		return 0, true
	}
	return inSentence, true
}

// isListed reports whether another address of a list follows.
func isListed(rest string) bool {
	rest = strings.TrimLeft(rest, ">\"' ")
	if rest == "" || strings.IndexByte(",;、", rest[0]) < 0 {
		return false
	}
	a, start, _ := mail.NextAddress(rest)
	return a != "" && len(strings.Trim(rest[:start], ",;、 <\"'")) == 0
}

// cutLabel splits "To: a@b": the label in lower case, and what follows.
func cutLabel(line string) (label, rest string, ok bool) {
	i := strings.IndexAny(line[:min(len(line), 100)], ":：=")
	if i < 1 || strings.IndexByte(line[:i], '@') >= 0 {
		return "", "", false
	}
	_, size := utf8.DecodeRuneInString(line[i:])
	label = strings.ToLower(strings.Trim(line[:i], " \t*-•・「」[]【】()（）\""))
	return label, line[i+size:], true
}

// isLabel reports whether a label is one of a list, or begins with one that ends in a hyphen.
func isLabel(label string, list []string) bool {
	for _, l := range list {
		if label == l || strings.HasSuffix(l, "-") && strings.HasPrefix(label, l) {
			return true
		}
	}
	return false
}

// endsAddress reports whether an address ends before rest, and rest may follow a recipient that begins a line.
func endsAddress(rest string) bool {
	rest = strings.TrimLeft(rest, ">\"'）) ")
	return rest == "" || strings.IndexByte(":;,.([-<", rest[0]) >= 0 || rest[0] >= utf8.RuneSelf || rest[0] >= 'a' &&
		rest[0] <= 'z' || rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= '0' && rest[0] <= '9' || rest[0] == '\t'
}

// isReplyLine reports whether a line begins with a reply code.
func isReplyLine(line string) bool {
	return len(line) > 4 && (line[0] == '4' || line[0] == '5') && isDigit(line[1]) && isDigit(line[2]) && (line[3] == ' ' || line[3] == '-')
}

// isRole reports whether an address is of those that notices name for questions.
func isRole(a string) bool {
	local, _, _ := strings.Cut(strings.ToLower(a), "@")
	switch local {
	case "postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "support", "helpdesk", "admin", "administrator",
		"hostmaster", "help", "root":
		return true
	}
	return false
}

// isContact reports whether the words before an address tell to write to it.
func isContact(before, line string) bool {
	before = strings.ToLower(before)
	return containsAny(before, []string{"contact", "send mail to", "send e-mail to", "send email to", "please mail", "assistance", "questions",
		"forward", "mailto:", "http", "from ", "sender ", "your address", "お問い合わせ", "お問合せ", "連絡",
		"von ", "wenden sie", "contacter", "message-id", "id=", "x-"}) &&
		!containsAny(before, []string{" to ", " for ", "recipient", "宛"}) || strings.Contains(strings.ToLower(line),
		"://") && strings.Contains(before, "://")
}

// namesRecipient reports whether the words before an address may speak of its recipient.
func namesRecipient(before string) bool {
	low := strings.ToLower(before)
	return low == "" || containsAny(low, []string{" to ", "to ", "for ", "recipient", "user", "address", "mailbox",
		"account", "deliver", "deliver", "宛", "へ", "先", "アドレス", "an ", "für ", "empfänger", "à ",
		"destinat", "para ", "получател", "адрес", "收件", "받는", "aan ", "<", "(", "「", "'", "\""})
}

func containsFold(s, sub string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(sub))
}

// withoutContinued drops the addresses that begin a line by chance: one that is indented further than the recipient above it, in the
// same paragraph, goes on with what is said of that recipient.
func withoutContinued(all []candidate, lines []string) []candidate {
	out := all[:0:0]
	last := -1
	for _, c := range all {
		if c.rank == atStart && last >= 0 && last != c.line && indent(lines[c.line]) > indent(lines[last]) &&
			!slices.ContainsFunc(lines[last:c.line], func(l string) bool { return strings.TrimSpace(l) == "" }) {
			continue
		}
		if c.rank == atStart {
			last = c.line
		}
		out = append(out, c)
	}
	return out
}

// withoutContacts drops the addresses that begin a line by chance and are no recipient's: a sentence above tells to write to them, or
// that something comes from them.
func withoutContacts(all []candidate, lines []string) []candidate {
	return slices.DeleteFunc(all, func(c candidate) bool {
		if c.rank != atStart || c.line == 0 {
			return false
		}
		return hasAnySuffix(strings.TrimSpace(lines[c.line-1]), " from", " from your") || asksToWrite(lines[:c.line])
	})
}

// asksToWrite reports whether lines end in a sentence that tells whom to write to: "please contact the owner of the list at".
func asksToWrite(lines []string) bool {
	end := len(lines)
	for end > 0 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	if end == 0 || len(lines)-end > 2 || !hasAnySuffix(strings.TrimSpace(lines[end-1]), " at", "to the address", ":") {
		return false
	}
	sentence := strings.ToLower(strings.Join(strings.Fields(strings.Join(lines[max(0, end-6):end], " ")), " "))
	if i := strings.LastIndex(sentence, ". "); i >= 0 {
		sentence = sentence[i:]
	}
	return containsAny(sentence, writeWords) && !containsAny(sentence, []string{"recipient", "deliver"})
}

// writeWords ask somebody to write, in lower case.
var writeWords = []string{"contact ", "questions", "please send", "should be directed", "write to"}

func hasAnySuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(end string) bool { return strings.HasSuffix(s, end) })
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }
