package paste

import (
	"cmp"
	"slices"
	"strings"

	"todoku/codes"
)

// maxFound bounds how many events of a text are told apart.
const maxFound = 1000

// All reads all that a text tells: each recipient of a notice, each line of a log, each reply of a ticket, each recipient of a
// session is one, in their order. What belongs to one mail for one recipient at one time is told once. A text that tells of one
// gives what Parse gives. Like Parse it reads MaxSize octets.
func All(text string) []Found {
	text = clean(text)
	if list := reports(text); len(list) > 1 {
		return list
	}
	if list := sessions(text); len(list) > 1 {
		return list
	}
	if list := partsOf(text); len(list) > 1 {
		return list
	}
	if _, _, ok := cutFields(text); !ok {
		return []Found{read(text).result(codes.Enhanced{})}
	}
	return []Found{Parse(text)}
}

// Tells reports whether a text tells what became of a mail: by a code, or in words that say how it ended.
func (f Found) Tells() bool {
	return f.Reply.Code >= 400 || f.Reply.Enhanced.Class >= 4 || f.Context.Event != codes.EventReply
}

// Trouble reports whether a mail did not arrive, or not yet.
func (f Found) Trouble() bool { return f.Tells() && f.Context.Event != codes.EventDelivered }

// reports splits the fields of a delivery status notification by their recipients (RFC 3464 §2.3). The words for people about a
// recipient go with the fields.
func reports(text string) []Found {
	low := lower(text)
	if strings.Count(low, "final-recipient:") < 2 {
		return nil
	}
	human, _, _ := cutFields(text)
	var list []Found
	for _, group := range groupsOf(text, low) {
		_, f, ok := cutFields(group)
		if !ok || len(list) == maxFound {
			continue
		}
		p := Parse(cmp.Or(partAbout(human, f.found.Recipient), "-") + "\n\n" + group)
		p.Recipient = cmp.Or(f.found.Recipient, p.Recipient)
		if p.Tells() {
			list = append(list, p)
		}
	}
	return list
}

// groupsOf cuts a text at the lines with which the fields of a recipient begin.
func groupsOf(text, low string) []string {
	var starts []int
	for from := 0; ; {
		i := strings.Index(low[from:], "final-recipient:")
		if i < 0 {
			break
		}
		at := from + i
		from = at + 1
		start := strings.LastIndexByte(low[:at], '\n') + 1
		for start > 0 { // fields of the same recipient may stand before: up to an empty line
			before := strings.LastIndexByte(low[:start-1], '\n') + 1
			line := strings.TrimSpace(low[before : start-1])
			if name, _, colon := strings.Cut(line, ":"); !colon || strings.Contains(name, " ") || strings.HasPrefix(line, "final-") {
				break
			}
			start = before
		}
		if n := len(starts); n > 0 && start <= starts[n-1] {
			start = strings.LastIndexByte(low[:at], '\n') + 1
		}
		starts = append(starts, start)
	}
	var out []string
	for i, start := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1]
		}
		out = append(out, text[start:end])
	}
	return out
}

// partAbout is the paragraph of a notice that names a recipient, from there to the next recipient; "" without one.
func partAbout(human, recipient string) string {
	at := strings.Index(lower(human), lower(recipient))
	if at < 0 || recipient == "" {
		return ""
	}
	at = strings.LastIndexByte(human[:at], '\n') + 1
	part, _, _ := strings.Cut(human[at:], "\n\n")
	first := true
	for i := 0; i < len(part); {
		end := i + strings.IndexByte(part[i:]+"\n", '\n')
		if a := leadingAddress(part[i:end]); !first && a != "" && !strings.EqualFold(a, recipient) {
			return part[:i]
		}
		first = false
		i = end + 1
	}
	return part
}

// sessions splits a session by its recipients: who was refused at RCPT, and what the end of the message told the others.
func sessions(text string) []Found {
	if !strings.Contains(lower(text), "rcpt to:") {
		return nil
	}
	p := read(text)
	if !slices.ContainsFunc(p.replies, func(q serverReply) bool { return q.stage == codes.StageRcpt }) {
		return nil
	}
	var list []Found
	var taken []string
	alone := func(q serverReply, to string) {
		said := strings.Join(q.lines, "\n")
		one := newPasted(said)
		one.found, one.replies = p.found, []serverReply{q}
		one.found.Recipient = to
		list = append(list, one.result(codes.Enhanced{}))
	}
	for _, q := range p.replies {
		switch {
		case len(list) == maxFound:
			return list
		case q.stage == codes.StageRcpt && q.code >= 400 && q.to != "":
			alone(q, q.to)
		case q.stage == codes.StageRcpt && q.to != "":
			taken = append(taken, q.to)
		case q.stage == codes.StageBody && q.code != 354:
			for _, to := range taken {
				alone(q, to)
			}
			taken = nil
		}
	}
	return list
}
