package event

import (
	"cmp"
	"strconv"
	"strings"

	"todoku/codes"
	"todoku/codes/paste"
)

// ruling is what words of one shape mean, and where in them what decided stands.
type ruling struct {
	verdict  codes.Verdict
	waits    bool // the words ask for a pause, of a length of their own
	code     int
	enhanced codes.Enhanced
	stage    codes.Stage
	end      codes.Event
	again    bool // the lines are no parts of the words: they are read each time
	lines    []anchored
	decided  anchored
	server   anchored
	named    bool // the words name the server, at that place
}

// rule judges an event by its own words. given says that its reply is known, known that a provider keeps the mailbox: its wordings
// hold where no server is named.
func (j *Judge) rule(e *Event, given, known bool, cuts []Span) *ruling {
	found := readWords(e, given)
	ctx := found.Context
	if ctx.Host == "" && known {
		ctx.Host = domainOf(e.Recipient)
	}
	v := j.codes.Classify(found.Reply, ctx)
	r := &ruling{verdict: v, waits: v.RetryAfter > 0, code: found.Reply.Code, enhanced: found.Reply.Enhanced, stage: ctx.Stage, end: ctx.Event}
	if given {
		return r
	}
	parts, ok := partsIn(e.Diagnostic, found.Reply.Lines)
	for _, p := range parts {
		a, fits := anchorSpan(p, cuts)
		r.lines, ok = append(r.lines, a), ok && fits
	}
	r.again = !ok
	if d, fits := anchorSpan(decidedPart(e.Diagnostic, parts, ok, r.code), cuts); fits {
		r.decided = d
	}
	if i := strings.Index(e.Diagnostic, found.Server); found.Server != "" && i >= 0 {
		r.server, r.named = anchorSpan(Span{i, i + len(found.Server)}, cuts)
	}
	return r
}

// readWords reads the reply out of an event.
func readWords(e *Event, given bool) paste.Found {
	end := e.End
	switch {
	case end != codes.EventReply:
	case e.Action == Delayed:
		end = codes.EventDelayed
	case e.Action == Expired:
		end = codes.EventDeadline
	}
	little := e.Format == "sendmail" && saysLittle(e.Diagnostic) && e.Reply.Enhanced.Subject+e.Reply.Enhanced.Detail > 0
	if given || little { // where the words say little, the status alone tells
		return paste.Found{Reply: e.Reply, Context: codes.Context{Host: e.RemoteMTA, Stage: e.Stage, Event: end}}
	}
	found := paste.Words(e.Diagnostic, paste.Record{Format: e.Format, Status: e.Reply.Enhanced, Event: end,
		Ended: e.Action == Failed, Server: e.RemoteMTA})
	found.Reply.Code = cmp.Or(e.Reply.Code, found.Reply.Code)
	found.Context.Stage = cmp.Or(e.Stage, found.Context.Stage)
	return found
}

// partsIn finds lines in words, one behind the other; false where they are not all there.
func partsIn(words string, lines []string) (parts []Span, ok bool) {
	from := 0
	for _, line := range lines {
		i := strings.Index(words[from:], line)
		if i < 0 {
			return nil, false
		}
		parts = append(parts, Span{from + i, from + i + len(line)})
		from += i + len(line)
	}
	return parts, true
}

// decidedPart is the reply within words, with its code; all of the words where there is none.
func decidedPart(words string, parts []Span, ok bool, code int) Span {
	whole := Span{0, len(words)}
	if !ok || len(parts) == 0 || code == 0 {
		return whole
	}
	start := strings.LastIndex(words[:parts[0].Start], strconv.Itoa(code))
	if start < 0 {
		return whole
	}
	return Span{start, parts[len(parts)-1].End}
}

// apply fills in what the words tell of an event of this shape.
func (r *ruling) apply(e *Event, given bool, cuts []Span) {
	e.Verdict, e.Stage, e.End = &r.verdict, r.stage, r.end
	if !given {
		e.Reply.Code, e.Reply.Enhanced = r.code, r.enhanced
		e.Decided = r.decided.in(cuts)
		if r.named && e.RemoteMTA == "" {
			e.RemoteMTA = r.server.in(cuts).In(e.Diagnostic)
		}
		e.Reply.Lines = r.linesOf(e, cuts)
	}
	if !r.waits {
		return
	}
	if pause := e.Reply.RetryAfter(); pause != r.verdict.RetryAfter {
		own := r.verdict
		own.RetryAfter = pause
		e.Verdict = &own
	}
}

// linesOf are the lines of the reply of an event of this shape.
func (r *ruling) linesOf(e *Event, cuts []Span) []string {
	if r.again {
		return readWords(&Event{Diagnostic: e.Diagnostic, Format: e.Format, Action: e.Action, RemoteMTA: e.RemoteMTA}, false).Reply.Lines
	}
	if len(r.lines) == 0 {
		return nil
	}
	lines := make([]string, len(r.lines))
	for i, l := range r.lines {
		lines[i] = l.in(cuts).In(e.Diagnostic)
	}
	return lines
}
