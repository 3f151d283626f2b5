package check

import (
	"cmp"
	"strings"
	"time"

	"todoku/codes"
	"todoku/diag"
)

// HeadersFacts is the form of a mail and the way that it came.
type HeadersFacts struct {
	Size       int           `json:"size"`        // octets
	HeaderSize int           `json:"header_size"` // octets
	Fields     int           `json:"fields"`
	From       string        `json:"from"`       // decoded
	Subject    string        `json:"subject"`    // decoded
	Date       string        `json:"date"`       // RFC 3339; "" where it cannot be read
	MessageID  string        `json:"message_id"` // with its brackets
	Hops       []HeadersHop  `json:"hops"`       // the oldest first
	DelayMS    *int64        `json:"delay_ms"`   // from the first hop to the last; null where times are missing
	Parts      []HeadersPart `json:"parts"`      // the mail itself first
}

// HeadersHop is one step of the way (RFC 5321 §4.4).
type HeadersHop struct {
	From    string `json:"from"` // the client by its name in reverse DNS, else what it called itself
	HELO    string `json:"helo"`
	IP      string `json:"ip"`
	By      string `json:"by"`
	With    string `json:"with"`
	ID      string `json:"id"`
	TLS     bool   `json:"tls"`
	At      string `json:"at"`       // RFC 3339; "" where it cannot be read
	DelayMS *int64 `json:"delay_ms"` // since the hop before, of the first since Date; negative where clocks differ; null: not known
}

// HeadersPart is a part of the mail (RFC 2045).
type HeadersPart struct {
	Part       string `json:"part"` // "1.2"
	Type       string `json:"type"`
	Charset    string `json:"charset"`
	Encoding   string `json:"encoding"` // Content-Transfer-Encoding
	Size       int    `json:"size"`     // octets as they came
	Name       string `json:"name"`
	Attachment bool   `json:"attachment"`
}

// fact is a hop for the report.
func (h hop) fact() HeadersHop {
	t := h.trace
	f := HeadersHop{From: t.Client(), HELO: t.HELO, By: t.By, With: t.With, ID: t.ID, TLS: t.Secure}
	if t.IP.IsValid() {
		f.IP = t.IP.String()
	}
	if !t.At.IsZero() {
		f.At = t.At.Format(time.RFC3339)
	}
	if h.timed {
		ms := h.since.Milliseconds()
		f.DelayMS = &ms
	}
	return f
}

// setDelays sets how long the mail was under way.
func (f *HeadersFacts) setDelays(hops []hop) {
	var first, last time.Time
	for _, h := range hops {
		if at := h.trace.At; !at.IsZero() {
			if first.IsZero() {
				first = at
			}
			last = at
		}
	}
	if len(hops) > 0 && !first.IsZero() {
		ms := last.Sub(first).Milliseconds()
		f.DelayMS = &ms
	}
}

// Looked reports whether there was a mail.
func (f *HeadersFacts) Looked() bool { return f.Size > 0 }

// Lines shows the way of the mail, hop by hop, and its parts.
func (f *HeadersFacts) Lines() []diag.Line {
	if !f.Looked() {
		return []diag.Line{diag.None(codes.Text{EN: "no mail", JA: "メールなし"})}
	}
	out := []diag.Line{diag.Say(codes.Text{EN: "{size} octets, {fields} header fields", JA: "{size}バイト、ヘッダー{fields}個"},
		codes.Num("size", f.Size), codes.Num("fields", f.Fields))}
	for i, h := range f.Hops {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Hops)-i))
			break
		}
		out = append(out, h.line(i))
	}
	for i, p := range f.Parts {
		if i == maxHosts {
			out = append(out, diag.More(len(f.Parts)-i))
			break
		}
		out = append(out, p.line())
	}
	return out
}

// line is a hop as one line: when, from whom, to whom, after how long.
func (h HeadersHop) line(i int) diag.Line {
	at := cmp.Or(h.At, "?")
	l := diag.Show("{at}  {from} → {by}", codes.Str("at", at), codes.Str("from", cmp.Or(h.From, "-")), codes.Str("by", cmp.Or(h.By, "-")))
	if h.DelayMS == nil || i == 0 && *h.DelayMS < 0 {
		return l
	}
	since := time.Duration(*h.DelayMS) * time.Millisecond
	switch {
	case since < 0:
		return l.And(codes.Text{EN: "  (clocks differ by {since})", JA: "  (時計のずれ {since})"}, codes.Str("since", (-since).String()))
	case since == 0:
		return l
	}
	return l.AndShow("  (+{since})", codes.Str("since", since.String()))
}

// line is a part as one line, further to the right the deeper it is.
func (p HeadersPart) line() diag.Line {
	l := diag.Show("{part} {type}", codes.Str("part", p.Part), codes.Str("type", p.Type))
	if p.Charset != "" {
		l = l.AndShow("; {charset}", codes.Str("charset", p.Charset))
	}
	if p.Encoding != "" {
		l = l.AndShow(", {encoding}", codes.Str("encoding", p.Encoding))
	}
	l = l.And(codes.Text{EN: ", {size} octets", JA: "、{size}バイト"}, codes.Num("size", p.Size))
	if p.Name != "" {
		l = l.AndShow("  {name}", codes.Str("name", p.Name))
	}
	return l.By(2 * strings.Count(p.Part, "."))
}
