package smtp_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"todoku/sender/smtp"
)

// TestWhatIsNoReplyIsKept: of what a server sends instead of a reply, the first line is in the error and in the transcript,
// readable, short, and without secrets.
func TestWhatIsNoReplyIsKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		says  string // raw; the server hangs up after it
		heard string
		kind  smtp.Kind
	}{
		"HTTP":                  {"HTTP/1.1 400 Bad Request\r\nServer: x\r\n", "HTTP/1.1 400 Bad Request", smtp.KindGarbage},
		"SSH":                   {"SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.6", smtp.KindGarbage},
		"FTP reads like SMTP":   {"220 ftp\r\n", "", ""},
		"IMAP":                  {"* OK IMAP4rev1 ready\r\n", "* OK IMAP4rev1 ready", smtp.KindGarbage},
		"POP3":                  {"+OK ready\n", "+OK ready", smtp.KindGarbage},
		"a TLS alert, no line":  {"\x15\x03\x01\x00\x02\x02\x46", "\x15\x03\x01\x00\x02\x02F", smtp.KindGarbage},
		"telnet, no line":       {"\xff\xfd\x18\xff\xfb", `\xff\xfd` + "\x18" + `\xff\xfb`, smtp.KindGarbage},
		"a banner without code": {"mx.test ESMTP ready\r\n", "mx.test ESMTP ready", smtp.KindGarbage},
		"8 bits":                {"Gr\xfc\xdfe\r\n", `Gr\xfc\xdfe`, smtp.KindGarbage},
		"Japanese":              {"ようこそ\r\n", "ようこそ", smtp.KindGarbage},
		"four digits":           {"2200 mx\r\n", "2200 mx", smtp.KindGarbage},
		"a class of its own":    {"620 mx\r\n", "620 mx", smtp.KindGarbage},
		"yes and no":            {"220-mx\r\n554 no\r\n", "554 no", smtp.KindGarbage},
		"long":                  {strings.Repeat("x", 900) + "\r\n", strings.Repeat("x", 200) + "…", smtp.KindGarbage},
		"half a reply":          {"220 mx", "", smtp.KindClosed},
		"half a code":           {"22", "", smtp.KindClosed},
		"a secret":              {"unknown geheimnis1 here\r\n", "unknown **** here", smtp.KindGarbage},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addr := scripted(t, func(l *line) { _, _ = io.WriteString(l.Conn, test.says); _ = l.Close() })
			s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second, Secret: "geheimnis1"})
			var fault *smtp.Error
			if (test.kind != "") != errors.As(err, &fault) || fault != nil && fault.Kind != test.kind || smtp.Heard(err) != test.heard {
				t.Fatalf("%v, heard %q", err, smtp.Heard(err))
			}
			defer s.Close()
			step := s.Transcript()[0]
			raw, err := json.Marshal(step)
			var back smtp.Step
			if err := errors.Join(err, json.Unmarshal(raw, &back)); err != nil || smtp.Heard(back.Err) != test.heard ||
				step.Err != nil && back.Err.Error() != step.Err.Error() {
				t.Errorf("%s: %v, %v", raw, back.Err, err)
			}
		})
	}
}

// TestSloppyReplies: a code that is glued to its words counts, and of several codes the last one.
func TestSloppyReplies(t *testing.T) {
	t.Parallel()
	for says, want := range map[string]string{
		"250 ok queued":                    "250 ok queued",
		"250ok queued":                     "250 ok queued",
		"250OK":                            "250 OK",
		"250\tok":                          "250 ok",
		"250:ok":                           "250 :ok",
		"250-ok":                           "",
		"550no such user":                  "550 no such user",
		"5505.1.1 no":                      "",
		"550-a\r\n554 b":                   "554 550-a b",
		"450-4.2.0 a\r\n550 5.1.1 b":       "550 5.1.1 450-4.2.0 a b",
		"251-a\r\n250-b\r\n250 c":          "250 251-a b c",
		"550-a\r\n550-b\r\n550 5.1.1 such": "550 5.1.1 a b such",
	} {
		addr := scripted(t, func(l *line) { l.say("220 mx.test"); l.hear(); l.say(says); _ = l.Close() })
		s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := s.Mail(t.Context(), "a@b.test", smtp.MailParams{})
		s.Close()
		if (err != nil) != (want == "") || reply.String() != want {
			t.Errorf("%q: %q, %v; want %q", says, reply.String(), err, want)
		}
	}
}

// TestHelloWithoutEHLO: whatever code refuses EHLO for good, HELO is said; 4xx ends the session.
func TestHelloWithoutEHLO(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ehlo, helo string // "" hangs up
		code       int
		heard      string // commands
	}{
		{"250 mx", "250 mx", 250, "EHLO"},
		{"500 what", "250 mx", 250, "EHLO HELO"},
		{"501 syntax", "250 mx", 250, "EHLO HELO"},
		{"502 not implemented", "250 mx", 250, "EHLO HELO"},
		{"503 bad sequence", "250 mx", 250, "EHLO HELO"},
		{"504 unknown", "250 mx", 250, "EHLO HELO"},
		{"521 no mail", "250 mx", 250, "EHLO HELO"},
		{"550 EHLO not allowed, use HELO", "250 mx", 250, "EHLO HELO"},
		{"554-no\r\n554 EHLO", "250 mx", 250, "EHLO HELO"},
		{"554 EHLO", "550 nor HELO", 550, "EHLO HELO"},
		{"554 go away", "", 554, "EHLO"},
		{"421 closing", "250 mx", 421, "EHLO"},
		{"450 later", "250 mx", 450, "EHLO"},
	} {
		heard := make(chan string, 4)
		addr := scripted(t, func(l *line) {
			l.say("220 mx.test")
			for _, answer := range []string{test.ehlo, test.helo} {
				if answer == "" {
					break
				}
				word, _, _ := strings.Cut(l.hear(), " ")
				if word == "" {
					return
				}
				heard <- word
				l.say(answer)
			}
			_ = l.Close()
		})
		s, _, err := smtp.Dial(t.Context(), addr, smtp.Options{Timeout: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		reply, err := s.Hello(t.Context())
		s.Close()
		said := make([]string, 0, 2)
		for len(heard) > 0 {
			said = append(said, <-heard)
		}
		if err != nil || reply.Code != test.code || strings.Join(said, " ") != test.heard {
			t.Errorf("%q: %d after %q, %v; want %d after %q", test.ehlo, reply.Code, said, err, test.code, test.heard)
		}
	}
}
