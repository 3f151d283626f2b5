package ticket

import "strings"

// parts are the parts of a ticket, in normal form.
type parts struct {
	own    string // what its writer wrote
	quoted string // what he quoted, without the marks
}

// layOut takes apart what its writer wrote and what he quoted. The header of the mail by which the ticket came is left out:
// its addresses are not those of the mail in question.
func layOut(text string) parts {
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "")
	}
	var p parts
	lines := strings.Split(normal(text), "\n")
	if n := ownHeader(lines); n > 0 {
		p.own, lines = subject(lines[:n]), lines[n:]
	}
	for i := 0; i < len(lines); i++ {
		line := lines[i]
		if n := ownHeader(lines[i:]); n > 0 && fieldName(line) != "" { // a mail that was answered: all of it is quoted
			p.quoted += subject(lines[i:i+n]) + strings.Join(lines[i+n:], "\n")
			break
		}
		if rest, ok := strings.CutPrefix(strings.TrimLeft(line, " "), ">"); ok {
			p.quoted += strings.TrimLeft(rest, "> ") + "\n"
			continue
		}
		p.own += line + "\n"
	}
	if strings.TrimSpace(p.own) == "" {
		p.own, p.quoted = p.quoted, ""
	}
	return p
}

func (p parts) isProse() bool { return strings.ContainsFunc(p.own+p.quoted, isJapanese) }

// headerNames are the names of the fields that mail clients write above a mail.
var headerNames = [...]string{"from", "to", "cc", "subject", "date", "sent", "reply-to", "importance", "差出人", "送信者",
	"宛先", "件名", "日時", "送信日時", "日付", "送信元", "重要度"}

// fieldName is the name of the field on a line, "" for none.
func fieldName(line string) string {
	name, _, ok := strings.Cut(strings.TrimSpace(line), ":")
	if !ok {
		return ""
	}
	name = strings.ToLower(strings.Trim(name, " *"))
	for _, n := range headerNames {
		if n == name {
			return n
		}
	}
	return ""
}

// ownHeader counts the lines of the header of the mail by which the ticket came: at the top, with a subject, and addressed
// to a desk. A header that names the two ends of the mail in question is no such header.
func ownHeader(lines []string) int {
	n, subject, desk := 0, false, false
	for n < len(lines) {
		name := fieldName(lines[n])
		if name == "" && (n > 0 || strings.TrimSpace(lines[n]) != "") {
			break
		}
		subject = subject || name == "subject" || name == "件名"
		if name == "to" || name == "宛先" {
			desk = desk || isDesk(lines[n])
		}
		n++
	}
	if subject && desk {
		return n
	}
	return 0
}

// isDesk reports whether a line names a mailbox that people write questions to, or no mailbox but a desk.
func isDesk(line string) bool {
	list := addressesIn(line)
	for _, a := range list {
		if isRole(a.text) {
			return true
		}
	}
	return len(list) == 0
}

// subject is the subject in a header.
func subject(lines []string) string {
	for _, line := range lines {
		if name := fieldName(line); name == "subject" || name == "件名" {
			_, s, _ := strings.Cut(line, ":")
			return strings.TrimSpace(s) + "\n"
		}
	}
	return ""
}
