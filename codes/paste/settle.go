package paste

import (
	"slices"
	"strings"
	"unicode/utf8"

	"todoku/codes"
)

// maxText bounds the text of a reply.
const maxText = 4096

// result chooses the reply that decided, and completes what is known of it. status is the enhanced code of the field
// Status of a notice (RFC 3464 §2.3.4), zero where there is none.
func (p pasted) result(status codes.Enhanced) Found {
	out := p.found
	if status.IsZero() {
		status = p.status
	}
	if len(p.replies) == 0 {
		out.Reply = p.plain(status)
	} else {
		q := p.replies[decidingReply(p.replies)]
		out.Reply = p.reply(q, status)
		if strings.HasPrefix(p.text, "{") {
			withoutJSON(out.Reply.Lines)
		}
		fill(&out.Context.Stage, q.stage)
		fill(&out.Recipient, q.to)
		fill(&out.Server, serverIn(p.textBeforeReply))
	}
	if e := p.event(); e != codes.EventReply {
		if out.Context.Event == codes.EventReply || e == codes.EventTimeout {
			out.Context.Event = e
		}
	} else if out.Context.Event == codes.EventReply && (out.Reply.TookMessage(out.Context.Stage) ||
		out.Reply.Code == 250 && p.whole.has("delivery via ")) {
		out.Context.Event = codes.EventDelivered
	}
	fill(&out.Context.Stage, p.stage())
	fill(&out.Recipient, firstRecipient(out.Reply.Text(), out.Context.Stage))
	if out.Recipient == "" && len(p.replies) > 0 && out.Sender == "" {
		out.Recipient = onlyAddress(p.textBefore())
	}
	out.Context.Host = out.Server
	return out
}

// reply is the reply q with the enhanced code that belongs to it.
func (p pasted) reply(q serverReply, status codes.Enhanced) codes.Reply {
	r := codes.Reply{Code: q.code, Enhanced: q.enhanced, Lines: slices.Clone(q.lines)}
	if !hasLetter(strings.Join(q.lines, "")) || q.wordsBefore && hasLetter(p.textBeforeReply) {
		r.Lines = nil
		for _, part := range []string{p.textBeforeReply, strings.Join(q.lines, " ")} {
			r.Lines = append(r.Lines, strings.TrimRight(oneLine(part), " :;,([<-"))
		}
	}
	if p.textBeforeReply != "" && q.isSendmailSummary() {
		r.Lines = append([]string{strings.TrimRight(oneLine(p.textBeforeReply), " ")}, r.Lines...)
	}
	if q.codesTogether {
		return boundedReply(r)
	}
	class := q.code / 100
	// X.0.0 says nothing: the sending system puts it where the server gave none.
	if !status.IsZero() && status.Class == class && (status.Subject != 0 || status.Detail != 0) {
		r.Enhanced = status
	}
	for i, line := range r.Lines {
		if e, start, end, ok := enhancedIn(line, class); ok && (r.Enhanced.IsZero() || e == r.Enhanced) {
			r.Enhanced = e
			r.Lines[i] = cutCode(line, start, end)
			return boundedReply(r)
		}
	}
	if e, _, _, ok := enhancedIn(p.textBeforeReply, class); ok && r.Enhanced.IsZero() {
		r.Enhanced = e
	}
	return boundedReply(r)
}

// plain is the text without a reply code.
func (p pasted) plain(status codes.Enhanced) codes.Reply {
	line := bounded(oneLine(p.words))
	e, start, end, ok := enhancedIn(line, 0)
	if ok && (status.IsZero() || e.Class == status.Class) {
		line = cutCode(line, start, end)
		if status.IsZero() || status.Subject == 0 && status.Detail == 0 {
			status = e
		}
	}
	r := codes.Reply{Enhanced: status}
	if line != "" {
		r.Lines = []string{line}
	}
	return r
}

// cutCode takes an enhanced code out of a text, with the marks around it.
func cutCode(s string, start, end int) string {
	before := strings.TrimRight(strings.TrimSuffix(s[:start], "#"), " ")
	before = strings.TrimRight(strings.TrimSuffix(before, "Status:"), " ")
	after := s[end:]
	for _, m := range [...][2]string{{"(", ")"}, {"[", "]"}, {"<", ">"}} {
		if strings.HasSuffix(before, m[0]) && strings.HasPrefix(after, m[1]) {
			before, after = before[:len(before)-1], after[1:]
		}
	}
	after = strings.TrimPrefix(after, " - ")
	after = strings.TrimLeft(after, " :;,")
	before = strings.TrimRight(before, " ")
	if before == "" || after == "" || strings.HasSuffix(before, "(") || strings.HasSuffix(before, "[") ||
		strings.IndexByte(").]", after[0]) >= 0 {
		return before + after
	}
	return before + " " + after
}

// decidingReply is the reply that decided: the last error, without what only follows
// from an error before it.
func decidingReply(said []serverReply) int {
	first, last := -1, -1
	worded := slices.ContainsFunc(said, func(q serverReply) bool { return q.code >= 400 && !q.alone })
	for i, q := range said {
		if q.code < 400 || q.alone && worded {
			continue
		}
		if first < 0 {
			first = i
		}
		if first == i || !q.isConsequence() {
			last = i
		}
	}
	if last >= 0 && said[last].code < 500 { // a notice that lists its attempts, the newest first
		if end := slices.IndexFunc(said[:last], serverReply.givesUp); end >= 0 {
			return end
		}
	}
	if last >= 0 {
		return last
	}
	last = len(said) - 1
	for last > 0 && said[last].stage == codes.StageQuit {
		last--
	}
	return last
}

// givesUp reports whether a reply is the end of all attempts.
func (q serverReply) givesUp() bool {
	return q.code >= 500 && containsAny(lower(strings.Join(q.lines, " ")), []string{"expired", "retry timeout", "giving up", "gave up",
		"too long in queue", "retries exhausted", "retry time not reached", "exceeded the maximum time", "maximum retries"})
}

// isConsequence reports whether a reply only follows from an earlier error: "503 need RCPT first".
func (q serverReply) isConsequence() bool {
	return q.code == 503 || q.stage == codes.StageQuit ||
		containsAny(lower(strings.Join(q.lines, " ")), []string{"no valid recipients", "valid rcpt", "need rcpt", "need mail",
			"too many errors", "no recipients", "rcpt first"})
}

// isSendmailSummary reports whether a reply is the summary that sendmail adds after the words of a delivery program.
func (q serverReply) isSendmailSummary() bool {
	return strings.Contains(lower(strings.Join(q.lines, " ")), "... service unavailable")
}

func hasLetter(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c >= 'a' && c <= 'z' || c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}

// boundedReply drops empty lines and keeps the others within maxText altogether.
func boundedReply(r codes.Reply) codes.Reply {
	size, kept := 0, r.Lines[:0:0]
	for _, line := range r.Lines {
		if line = bounded(line); line == "" {
			continue
		}
		if size += len(line) + 1; size > maxText && len(kept) > 0 {
			break
		}
		kept = append(kept, line)
	}
	r.Lines = kept
	return r
}

func bounded(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
