package report

import (
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/diag"
	"todoku/sender/smtp"
)

// The columns of a transcript: the time, the mark, what was said.
const (
	timeColumn  = 10
	wordsColumn = 12
)

// stamp is the time since the dial, and the mark of who speaks.
func stamp(at time.Duration, mark string) string {
	return fmt.Sprintf("%8.3f  %s ", at.Seconds(), mark)
}

// connected is the line that begins a session.
func (t sendingPage) connected(host, address string, took time.Duration) {
	left := connecting(host, address)
	t.line(left + t.tookTo(left, took))
}

// connecting returns the first part of the line that begins a session: time and
// server.
func connecting(host, address string) string {
	where := host
	switch {
	case strings.HasPrefix(address, host+":"):
		where = address
	case address != "":
		where += " " + bracketAddress(address)
	}
	return fmt.Sprintf("%8.3f  connect   ", 0.0) + page.Clean(where)
}

// tookTo returns blanks and the duration, right-aligned behind left.
func (t sendingPage) tookTo(left string, took time.Duration) string {
	right := t.millis(took)
	return strings.Repeat(" ", max(t.page.Width-t.page.StringWidth(left)-t.page.StringWidth(right), 2)) + right
}

// bracketAddress writes 192.0.2.25:25 as [192.0.2.25]:25.
func bracketAddress(address string) string {
	i := strings.LastIndexByte(address, ':')
	if i < 0 || strings.HasPrefix(address, "[") {
		return address
	}
	return "[" + address[:i] + "]" + address[i:]
}

// step prints one step: what was said, the answer, and what a refusal means.
func (t sendingPage) step(s smtp.Step, means func(codes.Reply, codes.Stage) (codes.Verdict, bool)) {
	if s.Sent != "" {
		t.sessionLine(stamp(s.At, "→"), shown(t.sent(s)))
	}
	end := s.At + s.Took
	t.reply(end, s.Stage, s.Reply)
	if s.TLS != nil {
		t.tls(end, s.TLS)
	}
	if s.Err != nil {
		if heard := smtp.Heard(s.Err); heard != "" {
			t.sessionLine(stamp(end, "←"), shown(heard))
		}
		head := append(page.Words(fmt.Sprintf("%8.3f  ", end.Seconds())), mark(diag.Fail)).Then(" ")
		t.page.Para(head, wordsColumn, page.Words(failureKind(s.Err, t.o.Lang)))
	}
	if s.Reply.Code >= 400 {
		if v, ok := means(s.Reply, s.Stage); ok {
			t.annotate(v)
		}
	}
}

// sent is what todoku said; of the message only its size is told.
func (t sendingPage) sent(s smtp.Step) string {
	size := 0
	if _, err := fmt.Sscanf(s.Sent, "(message, %d bytes)", &size); err == nil && s.Stage == codes.StageBody {
		return fmt.Sprintf(t.tr("(message, %d bytes)", "(本文、%dバイト)"), size)
	}
	return s.Sent
}

// reply prints what the server said. Of a good answer to EHLO, the extensions
// stand on one line.
func (t sendingPage) reply(at time.Duration, stage codes.Stage, r codes.Reply) {
	lines := smtp.ReplyLines(r)
	if stage == codes.StageEHLO && r.Code == 250 && len(lines) > 2 {
		t.para(stamp(at, "←"), wordsColumn, shown(lines[0]))
		t.para("", wordsColumn, shown(strings.Join(r.Lines[1:], " · ")))
		return
	}
	head := stamp(at, "←")
	for _, l := range lines {
		t.sessionLine(head, shown(l))
		head = ""
	}
}

// sessionLine prints a line that the server or todoku sent. A long line is cut at a blank, or anywhere if a cut at the
// blank would leave more than half of the line empty.
func (t sendingPage) sessionLine(head, s string) {
	s = page.Clean(s)
	room := t.page.Room(wordsColumn)
	for {
		part := t.page.Truncate(s, room, "")
		if rest := s[len(part):]; rest != "" && rest[0] != ' ' {
			if i := strings.LastIndexByte(part, ' '); i > len(part)/2 {
				part = part[:i]
			}
		}
		t.line(t.page.Pad(head, wordsColumn) + part)
		if s = strings.TrimLeft(s[len(part):], " "); s == "" {
			return
		}
		head = ""
	}
}

// maxNames bounds the names of a certificate that are shown.
const maxNames = 3

func (t sendingPage) tls(at time.Duration, s *smtp.TLSState) {
	words := s.Version
	if len(s.Names) > 0 {
		words += t.tr(", certificate ", "、証明書 ") + strings.Join(s.Names[:min(maxNames, len(s.Names))], " ")
		if more := len(s.Names) - maxNames; more > 0 {
			words += " (" + t.say(wMore, codes.Num("n", more)) + ")"
		}
	}
	if !s.Expires.IsZero() {
		words += fmt.Sprintf(t.tr(", valid to %s", "、有効期限 %s"), s.Expires.Format(time.DateOnly))
	}
	sign := " ✓"
	if !s.Verified {
		sign = " ✗"
	}
	t.para(stamp(at, "⚿"), wordsColumn, shown(words)+sign)
	if s.Problem != "" {
		t.remark(t.tr("the certificate does not verify: ", "証明書を検証できません: ") +
			shown(certificateText(s.Problem).In(t.o.Lang)))
	}
}

// annotate says what a reply means, in the margin.
func (t sendingPage) annotate(v codes.Verdict) {
	m := meaning(v).In(t.o.Lang)
	if v.Reason.ID == "" || m == "" {
		return
	}
	t.remark(v.Reason.Title.In(t.o.Lang) + " · " + t.permanence(v) + t.tr(". ", "。") + m)
}

// remark prints a line of todoku's own between the lines of a session.
func (t sendingPage) remark(s string) {
	for _, l := range t.page.Wrap(page.Clean(s), t.page.Room(wordsColumn)) {
		t.line(strings.Repeat(" ", timeColumn) + "│ " + l)
	}
}
