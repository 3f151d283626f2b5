package smtp_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"todoku/codes"
	"todoku/sender/smtp"
)

// TestUnaskedReplies: a reply that is there before its command counts as the answer
// to nothing. Only 421 may come at any time, and a refusal of the message before
// its end.
func TestUnaskedReplies(t *testing.T) {
	t.Parallel()
	usual := map[string]string{"": "220 mx.test", "EHLO": "250 mx.test", "MAIL": "250 ok", "RCPT": "250 ok",
		"DATA": "354 go", ".": "250 taken"}
	for _, c := range []struct {
		after string // this command, two replies come at once
		more  string
		stage codes.Stage // the step that fails, "" for none
		code  int         // of the last reply, where none fails
	}{
		{"", "250 mx.test", codes.StageEHLO, 0},
		{"", "421 4.3.2 going down", "", 421},
		{"EHLO", "250 ok", codes.StageMail, 0},
		{"EHLO", "550 5.7.1 no", codes.StageMail, 0},
		{"EHLO", "4", codes.StageMail, 0},
		{"EHLO", "421 4.3.2 going down", "", 421},
		{"MAIL", "250 ok\r\n354 go\r\n250 taken", codes.StageRcpt, 0},
		{"RCPT", "354 go", codes.StageData, 0},
		{"RCPT", "354 go\r\n250 taken", codes.StageData, 0},
		{"DATA", "250 taken", codes.StageBody, 0},
		{"DATA", "354 go", codes.StageBody, 0},
		{"DATA", "what?", codes.StageBody, 0},
		{"DATA", "550 5.7.1 no", "", 550},
		{"DATA", "421 4.7.0 later", "", 421},
	} {
		t.Run(c.after+" "+c.more, func(t *testing.T) {
			t.Parallel()
			ended := false
			addr := scripted(t, func(l *line) {
				say := func(verb string) {
					if verb == c.after {
						l.say(usual[verb] + "\r\n" + c.more)
					} else {
						l.say(usual[verb])
					}
				}
				say("")
				for command := l.hear(); command != ""; command = l.hear() {
					verb, _, _ := strings.Cut(command, " ")
					if usual[verb] != "" {
						say(verb)
					}
				}
			})
			s, reply, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer s.Close()
			ctx := t.Context()
			for _, step := range []func() (codes.Reply, error){
				func() (codes.Reply, error) { return s.Hello(ctx) },
				func() (codes.Reply, error) { return s.Mail(ctx, "a@a.test", smtp.MailParams{}) },
				func() (codes.Reply, error) { return s.Rcpt(ctx, "b@b.test", nil) },
				func() (codes.Reply, error) { return s.Data(ctx) },
				func() (codes.Reply, error) {
					return s.Body(ctx, [][]byte{[]byte("a: b\r\n\r\nc\r\n")}, func() error { ended = true; return nil })
				},
			} {
				if err == nil && reply.Code < 400 {
					reply, err = step()
				}
			}
			var fault *smtp.Error
			switch {
			case ended:
				t.Errorf("the message was ended, and %v", reply)
			case c.stage == "" && (err != nil || reply.Code != c.code):
				t.Errorf("%v, %v; want %d", reply, err, c.code)
			case c.stage != "" && (!errors.As(err, &fault) || fault.Stage != c.stage || fault.Kind != smtp.KindGarbage):
				t.Errorf("%v, %v; want garbage at %s", reply, err, c.stage)
			}
		})
	}
}

// TestRefusedWhileSending: a server that refuses a large message before its end is
// heard at once, and gets no final dot.
func TestRefusedWhileSending(t *testing.T) {
	t.Parallel()
	addr := scripted(t, func(l *line) {
		l.say("220 mx.test")
		l.hear()
		l.say("354 go")
		l.hear()
		l.say("552 5.3.4 too large")
	})
	s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Data(t.Context()); err != nil {
		t.Fatal(err)
	}
	piece := []byte(strings.Repeat("x", 76) + "\r\n")
	message := make([][]byte, 1_000_000)
	for i := range message {
		message[i] = piece
	}
	reply, err := s.Body(t.Context(), message, func() error { t.Error("the message was ended"); return nil })
	if err != nil || reply.Code != 552 {
		t.Errorf("%v, %v", reply, err)
	}
	s.Quit(t.Context()) // says nothing: the server would take it for the message
	if last := s.Transcript()[len(s.Transcript())-1]; last.Stage != codes.StageBody {
		t.Errorf("%+v", last)
	}
}
