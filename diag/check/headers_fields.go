package check

import (
	"errors"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag/dmarc"
	"todoku/sender/mail"
)

// maxShown bounds how much of a value a finding shows, in characters.
const maxShown = 100

// judgeFrom judges who wrote the mail.
func (j *headersJudge) judgeFrom() {
	all := j.raw.All("From")
	switch len(all) {
	case 0:
		j.Report(HeadersFromMissing, j.Domain())
		return
	case 1:
	default:
		j.Report(HeadersFromMultiple, j.Domain(), codes.Num("count", len(all)))
	}
	value := all[0].Value()
	list := mailboxes(value)
	if _, err := dmarc.FromDomains(value); err != nil && !errors.Is(err, dmarc.ErrAuthors) || len(list) == 0 {
		j.Report(HeadersFromInvalid, j.Domain(), codes.QuotedStart("value", value, maxShown))
		return
	}
	if len(list) > 1 {
		j.Report(HeadersFromSeveral, j.Domain(), codes.Num("count", len(list)))
		if len(j.raw.All("Sender")) == 0 {
			j.Report(HeadersSenderMissing, j.Domain(), codes.Num("count", len(list)))
		}
		return
	}
	name, _, _ := strings.Cut(j.entity.Words("From"), "<")
	if shown, _, _ := mail.NextAddress(name); shown != "" && !strings.EqualFold(shown, list[0]) && strings.Contains(value, "<") {
		j.Report(HeadersFromName, j.Domain(), codes.Start("shown", shown, maxShown), codes.Start("address", list[0], maxShown))
	}
}

// mailboxes are the addresses of a field, one for each mailbox; names, comments and groups are passed over.
func mailboxes(value string) []string {
	var out []string
	l := addressList{rest: value}
	for one, ok := l.next(); ok; one, ok = l.next() {
		if a := mail.AddressIn(one); a != "" {
			out = append(out, a)
		}
	}
	return out
}

// judgeDate judges when the mail was written, by the times that servers noted, else by the clock.
func (j *headersJudge) judgeDate() {
	all := j.raw.All("Date")
	if len(all) == 0 {
		j.Report(HeadersDateMissing, j.Domain())
		return
	}
	at, ok := mail.ParseDate(all[0].Value())
	if !ok {
		j.Report(HeadersDateInvalid, j.Domain(), codes.QuotedStart("value", all[0].Value(), maxShown))
		return
	}
	first, last := j.timesOfWay()
	seen := j.Now()
	if !last.IsZero() {
		seen = last
	}
	if ahead := at.Sub(seen); ahead > time.Hour {
		j.Report(HeadersDateFuture, j.Domain(), codes.Num("hours", int(ahead/time.Hour)))
	}
	if behind := first.Sub(at); !first.IsZero() && behind > oldDate {
		j.Report(HeadersDatePast, j.Domain(), codes.Num("days", int(behind/(24*time.Hour))))
	}
}

// oldDate is how long before the first hop a mail may have been written.
const oldDate = 7 * 24 * time.Hour

// timesOfWay are the earliest and the latest time that a server noted; zero where none did.
func (j *headersJudge) timesOfWay() (first, last time.Time) {
	for _, h := range j.hops {
		at := h.trace.At
		if at.IsZero() {
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first, last
}

// judgeMessageID judges what names the mail.
func (j *headersJudge) judgeMessageID() {
	all := j.raw.All("Message-ID")
	if len(all) == 0 || strings.TrimSpace(all[0].Value()) == "" {
		j.Report(HeadersMessageIDMissing, j.Domain())
		return
	}
	value := all[0].Value()
	inner, closed := strings.CutSuffix(value, ">")
	inner, opened := strings.CutPrefix(inner, "<")
	left, right, at := strings.Cut(inner, "@")
	if !closed || !opened || !at || left == "" || right == "" || strings.ContainsAny(inner, "<> \t,") || len(value) > 500 {
		j.Report(HeadersMessageIDInvalid, j.Domain(), codes.QuotedStart("value", value, maxShown))
	}
}

// judgeOnce judges the other fields that may stand once only (RFC 5322 §3.6).
func (j *headersJudge) judgeOnce() {
	for _, name := range [...]string{"Date", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject",
		"MIME-Version", "Content-Type", "Content-Transfer-Encoding"} {
		if n := len(j.raw.All(name)); n > 1 {
			j.Report(HeadersDuplicate, j.Domain(), codes.Str("field", name), codes.Num("count", n))
		}
	}
	if n := len(j.raw.All("Return-Path")); n > 1 {
		j.Report(HeadersReturnPath, j.Domain(), codes.Num("count", n))
	}
}

// judgeRecipients judges to whom the mail is, and the other fields with addresses.
func (j *headersJudge) judgeRecipients() {
	if len(j.raw.All("To"))+len(j.raw.All("Cc"))+len(j.raw.All("Bcc")) == 0 {
		j.Report(HeadersToMissing, j.Domain())
	}
	for _, name := range [...]string{"To", "Cc", "Reply-To", "Sender"} {
		value := j.raw.Get(name)
		group := strings.Contains(value, ":") && strings.Contains(value, ";") // "undisclosed-recipients:;"
		if value != "" && !group && len(mailboxes(value)) == 0 && !strings.EqualFold(strings.Trim(value, "<>"), "undisclosed-recipients") {
			j.Report(HeadersAddressInvalid, j.Domain(), codes.Str("field", name), codes.QuotedStart("value", value, maxShown))
		}
	}
	if strings.TrimSpace(j.raw.Get("Subject")) == "" {
		j.Report(HeadersSubjectEmpty, j.Domain())
	}
}
