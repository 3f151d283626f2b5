package event

import (
	"strings"

	"todoku/codes"
)

// maxSessions is how many sessions of a log are followed at a time.
const maxSessions = 4096

// maxOpen bounds the commands and the recipients of one session.
const maxOpen = 5000

// exchangeSendLog is the protocol log of what Exchange sends: a row for each command and each reply.
func exchangeSendLog() *service {
	return &service{
		name:   "exchange",
		always: Other,
		needs:  []field{fieldQueueID},
		names: map[field][]string{
			fieldTime:       {"date-time"},
			fieldQueueID:    {"session-id"},
			fieldSendingIP:  {"local-endpoint"},
			fieldRemoteIP:   {"remote-endpoint"},
			fieldKind2:      {"event"},
			fieldDiagnostic: {"data"},
			fieldCategory:   {"context"},
		},
		marks: []string{"session-id", "sequence-number"},
		split: joinSession,
	}
}

// smtpSession is what is known of a session that goes on.
type smtpSession struct {
	host    string
	message string // the Message-ID
	from    string
	waiting []string // commands without a reply, the first in upper case: "RCPT a@one.test"
	taken   []string // recipients that were taken, and wait for the end of the message
	refused string   // the reply that refused the sender
	more    []string // lines of a reply that goes on
}

// joinSession follows a session row by row, and gives an event when it is known what became of a recipient.
func joinSession(r *rows, e *Event) error {
	if r.sessions == nil {
		r.sessions = &recent[*smtpSession]{size: maxSessions}
	}
	id := e.QueueID
	s, ok := r.sessions.get(id)
	if !ok {
		s = new(smtpSession)
		r.sessions.put(id, s)
	}
	e.QueueID = ""
	data := strings.TrimSpace(r.v.get(fieldDiagnostic))
	switch r.v.get(fieldKind2) {
	case "-":
		r.sessions.drop(id)
	case "*":
		if _, after, ok := strings.Cut(r.v.get(fieldCategory), "InternetMessageId <"); ok {
			s.message, _, _ = strings.Cut(after, ">")
		}
	case ">":
		s.command(data)
	case "<":
		if len(data) > 3 && data[3] == '-' && len(s.more) < 100 {
			s.more = append(s.more, data)
			return nil
		}
		words := strings.Join(append(s.more, data), "\n")
		s.more = nil
		return s.reply(r, e, words)
	}
	return nil
}

// command remembers a command that waits for its reply.
func (s *smtpSession) command(data string) {
	verb := strings.ToUpper(firstOf(data, ' '))
	if len(s.waiting) >= maxOpen || verb == "" {
		return
	}
	_, after, _ := strings.Cut(data, "<")
	address, _, _ := strings.Cut(after, ">")
	if verb == "BDAT" && !strings.HasSuffix(strings.ToUpper(data), "LAST") {
		verb = "CHUNK"
	}
	s.waiting = append(s.waiting, verb+" "+address)
}

// reply takes the reply to the command that waits the longest.
func (s *smtpSession) reply(r *rows, e *Event, words string) error {
	code, rest := codeIn(words)
	if len(s.waiting) == 0 {
		if code == 220 && s.host == "" {
			s.host = hostName(firstOf(rest, ' '))
		}
		return nil
	}
	verb, address, _ := strings.Cut(s.waiting[0], " ")
	s.waiting = s.waiting[1:]
	e.RemoteMTA, e.From, e.MessageID = s.host, s.from, s.message
	switch {
	case verb == "MAIL":
		s.from, s.taken, s.refused = address, nil, ""
		if code >= 400 {
			s.refused = words
		}
	case verb == "RCPT" && code < 400:
		if len(s.taken) < maxOpen {
			s.taken = append(s.taken, address)
		}
	case verb == "RCPT":
		e.Stage = codes.StageRcpt
		if s.refused != "" {
			words, e.Stage = s.refused, codes.StageMail
		}
		return s.tell(r, e, words, address)
	case verb == "RSET":
		s.taken = nil
	case verb == "DATA" && code == 354:
		s.waiting = append([]string{". "}, s.waiting...)
	case verb == "DATA", verb == "BDAT", verb == ".":
		taken := s.taken
		s.taken, e.Stage = nil, codes.StageBody
		return s.tell(r, e, words, taken...)
	}
	return nil
}

// tell gives what a reply means for recipients.
func (s *smtpSession) tell(r *rows, e *Event, words string, recipients ...string) error {
	code, _ := codeIn(words)
	switch code / 100 {
	case 2:
		e.Action, e.Stage = Delivered, ""
	case 4:
		e.Action = Delayed
	case 5:
		e.Action = Failed
	default:
		return nil
	}
	e.Diagnostic = words
	for _, e.Recipient = range recipients {
		one := *e
		if err := r.in.give(&one); err != nil {
			return err
		}
	}
	return nil
}
