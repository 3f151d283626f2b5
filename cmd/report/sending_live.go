package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"todoku/cmd/report/page"
	"todoku/codes"
	"todoku/sender"
	"todoku/sender/smtp"
)

// liveSending prints what happens to a mail as it happens.
type liveSending struct {
	sendingPage
	host      string
	dialing   string // the line that has been begun
	connected bool   // the session has its first line
	over      bool   // there is no session
	next      bool   // another server is to be tried, if there is one
	steps     int    // of the session, printed
}

// dial begins the line of a connection: an answer may take its time.
func (l *liveSending) dial(host, address string) {
	defer l.flush()
	if l.next {
		l.remark(l.tr("the next server is tried", "次のサーバーを試します"))
	}
	l.dialing, l.next = connecting(host, address), false
	l.page.Begin(l.dialing)
}

// flush writes what has been printed, and forgets it.
func (l *liveSending) flush() {
	_ = l.page.Flush() // the end of the run tells of it
}

// head says what goes where.
func (l *liveSending) head(s Sending, j sender.Job) {
	defer l.flush()
	l.para("", 0, l.route(s, j.From.String(), j.To.String()))
	if s.Subject != "" {
		l.para("", 0, shown(s.Subject))
	}
	l.line("")
}

// route says what goes where: from the address of the header, and of the envelope where that is another one.
func (t sendingPage) route(s Sending, envelope, to string) string {
	from := s.From.String()
	if envelope != from {
		from += " <" + envelope + ">"
	}
	return from + " → " + to + " · " + fmt.Sprintf(t.tr("%d bytes", "%dバイト"), s.Size)
}

func (l *liveSending) event(e sender.Event) {
	defer l.flush()
	switch e.Kind {
	case sender.Connected:
		l.connected, l.over, l.steps = false, false, 0
	case sender.Stepped:
		l.conversation(e)
	case sender.Waiting:
		why := l.tr("waits %s before the next attempt", "%s待ってから再送します")
		switch e.Why {
		case sender.WaitPace:
			why = l.tr("waits %s for the pace of this domain (--rate)", "送信ペース(--rate)に合わせて%s待ちます")
		case sender.WaitBusy:
			why = l.tr("waits %s: the server was too busy just now (421)", "サーバーが混雑しているため(421)、%s待ちます")
		}
		l.next = false
		l.remark(fmt.Sprintf(why, l.span(e.Wait)))
		l.line("")
	case sender.PlainText:
		l.remark(l.tr("TLS does not come about: it goes on without", "TLSを開始できないため、TLSなしで続けます"))
	case sender.NextHost:
		l.next = true
	case sender.Finished:
		if n := len(e.Outcome.Sessions); n > 0 && !l.over {
			steps := e.Outcome.Sessions[n-1].Steps
			for _, s := range steps[min(l.steps, len(steps)):] {
				l.step(s, l.means)
			}
		}
		if len(e.Outcome.Sessions) > 0 {
			l.line("")
		}
	}
}

// conversation prints the new steps of a session.
func (l *liveSending) conversation(e sender.Event) {
	l.host = e.Host
	address := ""
	if e.Address.IsValid() {
		address = e.Address.String()
	}
	for _, s := range e.Steps {
		if !l.connected {
			if l.dialing == "" {
				l.dial(e.Host, address)
			}
			l.line(l.tookTo(l.dialing, dialTime(s)))
			l.connected, l.dialing = true, ""
		}
		l.steps++
		l.step(s, l.means)
	}
	if e.Stage == codes.StageConnect && e.Reply.Code == 0 && l.steps == 1 { // no session: the next begins anew
		l.connected, l.over, l.steps = false, true, 0
	}
}

func (l *liveSending) means(r codes.Reply, stage codes.Stage) (codes.Verdict, bool) {
	return l.o.Catalogue.Classify(r, codes.Context{Host: l.host, Stage: stage}), true
}

// dialTime is how long the connection took, or its failure.
func dialTime(first smtp.Step) time.Duration {
	if first.Err != nil && first.At == 0 {
		return first.Took
	}
	return first.At
}

// transcript prints sessions that have ended.
func (t sendingPage) transcript(sessions []sender.Conversation) {
	for i, s := range sessions {
		if i > 0 {
			t.line("")
		}
		if s.Attempt > 1 && (i == 0 || sessions[i-1].Attempt != s.Attempt) {
			t.line(fmt.Sprintf(t.tr("attempt %d, %s", "%d回目、%s"), s.Attempt, s.Started.In(t.o.Now.Location()).Format("15:04:05")))
		}
		address := ""
		if s.Address.IsValid() {
			address = s.Address.String()
		}
		for j, step := range s.Steps {
			switch {
			case j == 0 && s.Reused:
				t.line(t.tr("in the session of the mail before, with ", "前のメールと同じセッション: ") +
					page.Clean(strings.TrimSpace(s.Host+" "+address)))
			case j == 0:
				t.connected(s.Host, address, dialTime(step))
			}
			t.step(step, func(r codes.Reply, stage codes.Stage) (codes.Verdict, bool) {
				return t.o.Catalogue.Classify(r, codes.Context{Host: s.Host, Stage: stage}), true
			})
		}
	}
}

// keptTranscript prints the transcript of the history; what cannot be read as
// one is shown as it is.
func (t sendingPage) keptTranscript(raw json.RawMessage) {
	sessions, err := conversations(raw)
	if err != nil {
		t.line(shown(string(raw)))
		return
	}
	t.transcript(sessions)
}

func conversations(raw json.RawMessage) ([]sender.Conversation, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var sessions []sender.Conversation
	err := json.Unmarshal(raw, &sessions)
	return sessions, err
}

// transcriptJSON are the sessions without null: empty lists stand as such.
func transcriptJSON(sessions []sender.Conversation) []sender.Conversation {
	out := make([]sender.Conversation, len(sessions))
	for i, s := range sessions {
		out[i] = s
		out[i].Steps = notNil(s.Steps)
	}
	return out
}
