package event

import (
	"strings"

	"todoku/sender/mail"
)

// belowIntro drops the addresses above the sentence that begins the list of recipients ("did not reach the following
// recipient(s):"): those are of the header of the mail. Where a system names its own users without their domain, they get it.
func belowIntro(n *notice, all []candidate, lines []string) []candidate {
	intro := introLine(lines)
	if intro < 0 {
		return all
	}
	if domain := domainOf(n.mail.Mailbox("From")); domain != "" && !n.mail.Has("X-Failed-Recipients") {
		if list := localNames(lines[intro+1:], intro+1, domain); len(list) > 0 {
			return list
		}
	}
	for i, c := range all {
		if c.rank == atStart && c.line > intro {
			return all[i:]
		}
	}
	return all
}

// introLine is the line that ends such a sentence; -1 where there is none.
func introLine(lines []string) int {
	for i, line := range lines {
		if i == maxLines {
			break
		}
		line = strings.TrimRight(line, " \t\r")
		if !strings.HasSuffix(line, ":") && !strings.HasSuffix(line, "：") && !strings.HasSuffix(line, "-") {
			continue
		}
		line = strings.ToLower(line)
		if i > 0 {
			line = strings.ToLower(lines[i-1]) + " " + line
		}
		if containsAny(line, introWords) {
			return i
		}
	}
	return -1
}

// introWords are in lower case.
var introWords = []string{
	"following recipient", "following address", "following user", "delivered to the following", "delivered to these", "these recipients",
	"recipients could not be delivered", "folgende empfänger", "folgenden empfänger", "destinataires suivants", "destinataire suivant",
	"siguientes destinatarios", "seguintes destinatários", "seguenti destinatari",
	"следующим получател", "следующим адресат",
	"以下收件人", "下列收件人", "次の受信者", "以下の宛先", "次の宛先", "以下の受信者",
}

// localNames are the names of mailboxes that stand on lines of their own below a sentence.
func localNames(lines []string, first int, domain string) []candidate {
	var out []candidate
	for i, line := range lines {
		switch bare := strings.TrimSpace(line); {
		case bare == "" && len(out) == 0:
			continue
		case line == bare || len(out) == maxBlocks:
			return out
		default:
			name, says, _ := strings.Cut(bare, "  ")
			if !isLocalName(name) || len(says) > 0 && says[0] == '@' {
				return out
			}
			out = append(out, candidate{name + "@" + domain, first + i, atStart})
		}
	}
	return out
}

func isLocalName(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		case i > 0 && strings.IndexByte("._-+", c) >= 0:
		default:
			return false
		}
	}
	return len(s) > 1 && len(s) <= 64
}

// inX400 is the SMTP address within one of X.400: "c=US;a= ;p=Firm;o=Site;dda:SMTP=a@b;".
func inX400(line string) string {
	low := strings.ToLower(line)
	if !hasAnyPrefix(low, "c=", "/c=", "g=", "s=", "/g=", "/s=", "dda:", "imceaex-", "imceainvalid-") {
		return ""
	}
	i := strings.Index(low, "smtp=")
	if i < 0 {
		return ""
	}
	a, start, _ := mail.NextAddress(line[i+len("smtp="):])
	if start > 1 {
		return ""
	}
	return a
}

// receivedFor is the recipient that a field Received names: "… for <a@b>; …".
func receivedFor(field string) string {
	_, rest, ok := strings.Cut(field, " for ")
	if !ok {
		return ""
	}
	if a, start, _ := mail.NextAddress(rest); start <= 1 {
		return a
	}
	return ""
}
