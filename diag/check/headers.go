package check

import (
	"context"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
	"todoku/sender/mail"
)

// HeadersOptions is what the check of a mail's form may be told.
type HeadersOptions struct {
	Data []byte // the mail as octets; it is read and not changed
}

// Headers looks at the form of one mail: its fields, the octets of its lines, its parts, and the way that it came.
func Headers(o HeadersOptions) *diag.Check {
	return &diag.Check{
		Name:  "headers",
		Title: codes.Text{EN: "Headers", JA: "ヘッダー"},
		Rules: []*diag.Rule{
			HeadersFromMissing, HeadersFromMultiple, HeadersFromInvalid, HeadersFromSeveral, HeadersSenderMissing, HeadersFromName,
			HeadersDateMissing, HeadersDateInvalid, HeadersDateFuture, HeadersDatePast, HeadersMessageIDMissing, HeadersMessageIDInvalid,
			HeadersDuplicate, HeadersAddressInvalid, HeadersToMissing, HeadersSubjectEmpty, HeadersReturnPath,
			HeadersNUL, HeadersLineEnds, HeadersLineLong, HeadersFieldLong, HeadersLarge, HeadersSize, HeadersEnd, HeadersNoField,
			HeadersRawUTF8, HeadersRaw8Bit, HeadersEncodedWord, HeadersEncodedWordLong,
			HeadersMIMEVersion, HeadersContentType, HeadersBoundary, HeadersBoundaryOpen, HeadersTransfer, HeadersTransferParts,
			HeadersTransferBroken, Headers7Bit, HeadersCharset, HeadersCharsetMissing, HeadersCharsetUnknown,
			HeadersEncloses, HeadersHops, HeadersHopsMany, HeadersLoop, HeadersDelay, HeadersSkew,
		},
		Run: func(_ context.Context, p *diag.Pass) error { return runHeaders(p, o) },
	}
}

// headersJudge judges one mail.
type headersJudge struct {
	*diag.Pass
	raw    mail.Raw
	entity *mail.Entity
	octets octets
	facts  *HeadersFacts
	hops   []hop
}

func runHeaders(p *diag.Pass, o HeadersOptions) error {
	facts := &HeadersFacts{Hops: []HeadersHop{}, Parts: []HeadersPart{}, Size: len(o.Data)}
	p.Facts(facts)
	if len(o.Data) == 0 {
		return nil
	}
	j := &headersJudge{Pass: p, raw: mail.Cut(o.Data), entity: mail.Open(o.Data), facts: facts}
	j.octets = readOctets(o.Data, len(o.Data)-len(j.raw.Body))
	j.hops = readHops(j.raw)
	j.summarize()
	j.judgeFrom()
	j.judgeDate()
	j.judgeMessageID()
	j.judgeOnce()
	j.judgeRecipients()
	j.judgeOctets(o.Data)
	j.judgeWords()
	j.judgeMIME()
	j.judgeParts(j.entity, "1", 0)
	j.judgeWay()
	return j.bounds()
}

// summarize sets the facts of the header.
func (j *headersJudge) summarize() {
	f := j.facts
	f.HeaderSize, f.Fields = f.Size-len(j.raw.Body), len(j.raw.Fields)+j.raw.Over
	f.From, f.Subject = bounded(j.entity.Words("From")), bounded(j.entity.Words("Subject"))
	f.MessageID = bounded(j.raw.Get("Message-ID"))
	if at, ok := j.entity.Date("Date"); ok {
		f.Date = at.Format(time.RFC3339)
	}
	for _, h := range j.hops {
		f.Hops = append(f.Hops, h.fact())
	}
	f.setDelays(j.hops)
}

// bounds tells what was not looked at.
func (j *headersJudge) bounds() error {
	if j.raw.Over > 0 {
		return diag.Beyond(j.Domain(), "headers", codes.Text{EN: "header fields", JA: "ヘッダー"}, mail.MaxRawFields, j.raw.Over)
	}
	return incomplete(j.Pass, "headers", j.entity)
}

// maxHeadersText bounds a text among the facts, in octets.
const maxHeadersText = 4 << 10

// bounded is the beginning of a text, with a mark where it was cut.
func bounded(s string) string {
	if len(s) <= maxHeadersText {
		return s
	}
	return strings.ToValidUTF8(s[:maxHeadersText], "") + "…"
}

// incomplete tells of what a mail has more than is read; nil where it was read whole.
func incomplete(p *diag.Pass, check string, e *mail.Entity) error {
	if what, limit := e.Incomplete(); limit > 0 {
		return &diag.Bounded{Domain: p.Domain(), Type: check, What: what, Limit: limit}
	}
	return nil
}
