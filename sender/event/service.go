package event

import (
	"cmp"
	"net/netip"
	"strconv"
	"strings"

	"todoku/codes"
)

// service is how a sending service, or a program that writes tables, tells what happened: under which names, in which words.
type service struct {
	name string
	// names are the names of the fields, the best first: paths of JSON ("mail.commonHeaders.subject") or columns of a table.
	// They are compared without their signs and in lower case where they head a table.
	names map[field][]string
	// marks are names that only this service uses. One is enough to know it by, beside the kind and the recipient.
	marks []string
	// hints are names that it uses too. One is enough where no service is known by its marks, and the kind is one of kinds.
	hints []string
	// kinds are what its words mean: "bounce", or with the closer one "bounce/blocked", as squeeze writes them.
	kinds map[string]kind
	// reasons are its words for reasons that others use for something else, or not at all.
	reasons map[string]category
	// guess says that its kind may be a code: 5.1.1, 550. A kind that is not known is then no event.
	guess bool
	// needs are the fields that a record must have, where that is not a recipient.
	needs []field
	// strict says that a program writes its tables: a row with too few cells is cut off.
	strict bool
	// always is what happened where a record has no kind: a list of bounces.
	always Action
	// split gives the events of a record for several recipients; nil where each has one, or names them with ';' between them.
	split func(*rows, *Event) error
}

// kind is what a service's word for an event means.
type kind struct {
	action Action
	reason string // id of the reason that the word alone tells; "" where it tells none
	silent bool   // it is a step on the way, and no event
}

// squeeze leaves the letters and digits of a name, in lower case: "Bounce_Type" and "bounceType" are one. Text in other scripts stays.
func squeeze(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c - 'A' + 'a')
		case c >= 'a' && c <= 'z', isDigit(c), c >= 0x80:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// kindOf is what a record says that happened.
func (s *service) kindOf(v *values) (kind, bool) {
	if !v.has(fieldKind) {
		return kind{action: s.always}, s.always != ""
	}
	word := squeeze(v.get(fieldKind))
	if v.has(fieldKind2) {
		if k, ok := s.kinds[word+"/"+squeeze(v.get(fieldKind2))]; ok {
			return k, true
		}
	}
	k, ok := s.kinds[word]
	if !ok && s.guess {
		k, ok = kindOfCode(word)
	}
	return k, ok
}

// kindOfCode is what a code means that stands in place of a kind: "550", "511" of 5.1.1.
func kindOfCode(word string) (kind, bool) {
	if len(word) < 3 || len(word) > 7 || strings.Trim(word, "0123456789") != "" {
		return kind{}, false
	}
	action, ok := map[byte]Action{'2': Delivered, '4': Delayed, '5': Failed}[word[0]]
	return kind{action: action}, ok
}

// fill sets what the values tell, but for the recipient.
func (r *rows) fill(e *Event, s *service, k kind) {
	v := &r.v
	e.Action = k.action
	for _, f := range [...]field{fieldTime, fieldTime2} {
		if v.has(f) {
			if when, clock, ok := r.times.read(v.get(f)); ok {
				e.Time, e.Clock = when, clock
				break
			}
		}
	}
	e.From = bareAddress(v.get(fieldFrom))
	e.ReturnPath = bareAddress(v.get(fieldReturnPath))
	e.OriginalRecipient = bareAddress(v.get(fieldOriginal))
	e.Subject = v.get(fieldSubject)
	e.MessageID = strings.Trim(v.get(fieldMessageID), "<> ")
	e.QueueID = v.get(fieldQueueID)
	e.EnvelopeID = v.get(fieldEnvelopeID)
	e.ReportingMTA = hostName(v.get(fieldReporter))
	e.RemoteMTA = hostName(v.get(fieldRemote))
	e.RemoteIP = addressIn(v.get(fieldRemoteIP))
	if !e.RemoteIP.IsValid() {
		e.RemoteIP = addressIn(v.get(fieldRemote))
	}
	e.SendingIP = addressIn(v.get(fieldSendingIP))
	if e.Action == Complaint {
		e.Feedback = v.get(fieldFeedback)
	}
	e.Diagnostic = v.get(fieldDiagnostic)
	if e.Action.Trouble() {
		e.setReason(evidence{words: e.Diagnostic, status: v.get(fieldStatus), code: v.get(fieldCode),
			means: s.meaning(cmp.Or(v.get(fieldCategory), v.get(fieldKind2), v.get(fieldKind)), e.Diagnostic), reason: k.reason})
	}
}

// evidence is what a record tells of the reason.
type evidence struct {
	words, status, code string
	means               category // of the service's word for the reason
	reason              string   // that its word for the event tells
}

// meaning is what the service's word for a reason means, which may stand in the place of the server's words.
func (s *service) meaning(word, words string) category {
	for _, w := range [...]string{squeeze(word), squeeze(firstOf(words[:min(len(words), 60)], '.'))} {
		if c, ok := s.reasons[w]; ok {
			return c
		}
		if c, ok := categories[w]; ok {
			return c
		}
	}
	return category{}
}

// setReason sets the evidence of a reason: what the server said, which a Judge reads, with the code and the status beside it;
// where it said nothing, words for the category of the service.
func (e *Event) setReason(ev evidence) {
	if e.Action == Failed && ev.means.action != "" {
		e.Action = ev.means.action
	}
	e.Reply = codes.Reply{}
	status, _ := codes.ParseEnhanced(firstOf(strings.TrimSpace(ev.status), ' '))
	if status.Class >= 4 {
		e.Reply.Enhanced = status
	}
	if n, err := strconv.Atoi(ev.code); err == nil && n >= 400 && n < 560 {
		e.Reply.Code = n
	}
	says := reasonWords[cmp.Or(ev.reason, ev.means.reason)]
	if says != "" && (ev.reason != "" || e.Reply.Code == 0 && !holdsReply(ev.words)) {
		e.Reply.Lines = []string{says}
		if ev.words != "" {
			e.Reply.Lines = append(e.Reply.Lines, ev.words)
		}
	}
	if e.Action == Failed && (isLate(status) || isLate(statusIn(ev.words))) {
		e.Action = Expired
	}
}

// isLate reports whether a status says that the mail was given up at the end of its retries: RFC 3463 §3.5, X.4.7.
func isLate(e codes.Enhanced) bool { return e.Class >= 4 && e.Subject == 4 && e.Detail == 7 }

// firstOf is what stands before the first sign c.
func firstOf(s string, c byte) string {
	if i := strings.IndexByte(s, c); i >= 0 {
		return s[:i]
	}
	return s
}

// bareAddress is an address without its name, its type and its brackets: "Shop <a@b>", "<a@b>", "rfc822;a@b", "smtp:a@b".
func bareAddress(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		return strings.TrimSpace(s[i+1 : len(s)-1])
	}
	for _, kind := range [...]string{"rfc822;", "smtp:", "SMTP:"} {
		if rest, ok := strings.CutPrefix(s, kind); ok {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

// hostName is a server's name without its type and its address: "dns; mx.example", "mx.example (192.0.2.1)", "mx.example.".
func hostName(s string) string {
	if rest, ok := strings.CutPrefix(s, "dns;"); ok {
		s = rest
	}
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " (["); i > 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, ".")
}

// addressIn is the address in "192.0.2.1", "mx.example (192.0.2.1)", "192.0.2.1:25" or "[2001:db8::1]:25".
func addressIn(s string) netip.Addr {
	if s == "" {
		return netip.Addr{}
	}
	if i := strings.IndexAny(s, "(["); i >= 0 {
		s = s[i+1:]
		if end := strings.IndexAny(s, ")]"); end >= 0 {
			s = s[:end]
		}
	}
	if ip, err := netip.ParseAddr(s); err == nil {
		return ip
	}
	if p, err := netip.ParseAddrPort(s); err == nil {
		return p.Addr()
	}
	return netip.Addr{}
}

// isAddress reports whether s looks like a mail address.
func isAddress(s string) bool {
	at := strings.LastIndexByte(s, '@')
	return at > 0 && at+1 < len(s) && !strings.ContainsAny(s, " ,;<>")
}
