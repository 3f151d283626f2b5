package main

import (
	"bufio"
	"encoding/json"
	"net"
	"strings"
	"testing"

	"todoku/cmd/app"
	"todoku/cmd/report"
)

// plainServer is an SMTP server on loopback that answers by the first word of a command; "" is the greeting, "." the end of
// the mail. An answer is written as it is, and "HANG UP" ends the connection. The rest is the usual.
func plainServer(t *testing.T, says map[string]string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				plainSession(c, says)
			}()
		}
	}()
	return "smtp://" + l.Addr().String()
}

func plainSession(c net.Conn, says map[string]string) {
	usual := map[string]string{"": "220 relay.test", "EHLO": "250-relay.test\r\n250 AUTH PLAIN LOGIN", "DATA": "354 go"}
	in := bufio.NewReader(c)
	answer := func(word string) bool {
		said, given := says[word]
		if !given {
			if said = usual[word]; said == "" {
				said = "250 ok"
			}
		}
		rest, hangsUp := strings.CutSuffix(said, "HANG UP")
		if rest != "" && !hangsUp {
			rest += "\r\n"
		}
		_, err := c.Write([]byte(rest))
		return err == nil && !hangsUp && !strings.HasPrefix(said, "421")
	}
	body := false
	for ok := answer(""); ok; {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		word, _, _ := strings.Cut(strings.ToUpper(strings.TrimRight(line, "\r\n")), " ")
		switch {
		case body && word == ".":
			body, ok = false, answer(".")
		case body:
		default:
			ok = answer(word)
			said, given := says["DATA"]
			body = word == "DATA" && (!given || strings.HasPrefix(said, "354"))
		}
	}
}

// sessionJSON is more of what a script sees of a sending.
type sessionJSON struct {
	sent
	Action, Message string
	Class           string `json:"reason_class"`
	Steps           []struct{ ID, Check string }
	Transcript      []struct {
		Steps []struct{ Stage, Sent, Heard string }
	}
}

// relaySession is a relay, and what is told of a session with it.
type relaySession struct {
	says          map[string]string // nil: nobody listens
	flags         string
	status        app.ExitStatus
	code, reason  string
	action, heard string
	en, ja        []string // in the text
	never         []string // in text and steps
}

// TestSessionsWithARelay: what stands in the text and in the JSON of sessions with our own relay that go wrong.
func TestSessionsWithARelay(t *testing.T) {
	t.Parallel()
	schema := schemaNamed(t, report.SendingSchemaName)
	for name, test := range map[string]relaySession{
		"healthy": {map[string]string{}, "", 0, "40000", "delivered", "none", "", []string{"ok 40000"}, []string{"正常 40000"}, nil},
		"nobody listens": {nil, "", 3, "41606", "connection_failed", "fix_sending_system", "",
			[]string{"Connection failed", "our own relay", "smtps://"}, []string{"接続失敗", "中継サーバー", "smtps://"},
			[]string{"IT department", "check recipient", "letter", "deadline", "port 25", "期限切れ", "情報システム部門"}},
		"the greeting refuses": {map[string]string{"": "554 5.7.1 no service for you"}, "", 1, "42554", "policy", "fix_sending_system", "",
			[]string{"our own relay"}, []string{"中継サーバー"}, []string{"IT department", "check recipient", "情報システム部門"}},
		"the sender is refused": {map[string]string{"MAIL": "550 5.1.8 sender unknown here"}, "", 1, "42550", "sender_refused",
			"fix_sending_system", "", nil, nil, []string{"IT department", "check recipient", "telephone"}},
		"the recipient is refused": {map[string]string{"RCPT": "550 5.1.1 user unknown"}, "", 1, "42550", "user_unknown",
			"correct_address", "", []string{"User unknown"}, []string{"宛先不明"}, nil},
		"a busy relay": {map[string]string{"EHLO": "421 4.3.2 too busy"}, "", 1, "42421", "", "", "", []string{"our own relay"},
			[]string{"中継サーバー"}, []string{"IT department", "check recipient"}},
		"HTTP": {map[string]string{"": "HTTP/1.1 400 Bad Request\r\nHANG UP"}, "", 3, "41606", "connection_failed",
			"fix_sending_system", "HTTP/1.1 400 Bad Request", []string{"no SMTP reply: HTTP/1.1 400", "← HTTP/1.1 400 Bad Request"},
			[]string{"SMTPの応答ではありません: HTTP/1.1 400"}, []string{"letter"}},
		"SSH": {map[string]string{"": "SSH-2.0-OpenSSH_9.6"}, "", 3, "41606", "connection_failed", "", "SSH-2.0-OpenSSH_9.6",
			[]string{"no SMTP reply: SSH-2.0"}, nil, nil},
		"TLS": {map[string]string{"": "\x15\x03\x01\x00\x02\x02\x50HANG UP"}, "", 3, "41606", "connection_failed", "",
			"\x15\x03\x01\x00\x02\x02P",
			[]string{`no SMTP reply: \x15\x03\x01\x00\x02\x02P`, "smtps://"}, nil, nil},
		"8 bits and a control": {map[string]string{"": "\x1b[31mr\xf6t"}, "", 3, "41606", "connection_failed", "", "\x1b[31mr\\xf6t",
			[]string{`\x1b[31mr\xf6t`}, nil, []string{"\x1b[31mr"}},
		"glued code after the dot": {map[string]string{".": "250ok queued"}, "", 0, "40000", "delivered", "none", "",
			[]string{"ok 40000"}, nil, nil},
		"garbage after the dot": {map[string]string{".": "thank you"}, "", 0, "40001", "connection_failed", "none", "thank you",
			[]string{"perhaps delivered", "no SMTP reply: thank you", "may double"}, []string{"配信された可能性", "二重"},
			[]string{"sending again later may pass", "wait_and_resend", "port 25"}},
		"closed after the dot": {map[string]string{".": "HANG UP"}, "", 0, "40001", "connection_failed", "none", "",
			[]string{"perhaps delivered", "may double"}, []string{"配信された可能性", "二重"},
			[]string{"sending again later may pass", "wait_and_resend", "port 25"}},
		"refused after the dot": {map[string]string{".": "554 5.7.1 spam"}, "", 1, "42554", "spam", "", "", nil, nil, nil},
		"EHLO refused": {map[string]string{"EHLO": "550 EHLO not allowed, use HELO"}, "", 0, "40000", "delivered", "none", "",
			[]string{"→ HELO"}, nil, nil},
		"HELO refused": {map[string]string{"EHLO": "550 5.7.1 HELO name rejected", "HELO": "550 5.7.1 HELO name rejected"},
			"--helo mail.example.test", 1, "42550", "helo", "fix_sending_system", "", []string{"--helo mail.example.test"}, nil,
			[]string{"--helo smtp"}},
		"no SMTPUTF8": {map[string]string{}, "--to 佐藤@example.test", 1, "", "protocol_error", "correct_address", "",
			[]string{"SMTPUTF8"}, []string{"SMTPUTF8"}, []string{"check recipient"}},
		"no STARTTLS": {map[string]string{}, "--tls require", 1, "", "tls_required", "fix_sending_system", "",
			[]string{"does not offer STARTTLS", "smtps://"}, []string{"STARTTLS", "smtps://"}, []string{"IT department"}},
	} {
		t.Run(name, func(t *testing.T) { test.try(t, schema) })
	}
}

// try sends a mail by the relay, as JSON and as text in both languages.
func (test relaySession) try(t *testing.T, schema schema) {
	t.Parallel()
	via := "smtp://127.0.0.1:1"
	if test.says != nil {
		via = plainServer(t, test.says)
	}
	args := []string{"send", "--via", via, "--from", "news@example.org", "--body", "x", "--history", t.TempDir() + "/h.db",
		"--timeout", "5s", "--yes"}
	args = append(args, strings.Fields(test.flags)...)
	if !strings.Contains(test.flags, "--to") {
		args = append(args, "--to", "taro@example.test")
	}
	status, out, errs := typed(t, nil, "", append(args, "--format", "json")...)
	var s sessionJSON
	if err := json.Unmarshal([]byte(out), &s); err != nil {
		t.Fatalf("%v: %s %s", err, out, errs)
	}
	if err := schema.check([]byte(out)); err != nil {
		t.Error(err)
	}
	heard := ""
	for _, c := range s.Transcript {
		for _, step := range c.Steps {
			heard += step.Heard
		}
	}
	test.judge(t, s, status, heard, errs)
	for lang, want := range map[string][]string{"en": test.en, "ja": test.ja} {
		_, text, _ := typed(t, map[string]string{"COLUMNS": "1000"}, "", append(args, "--lang", lang)...)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("no %q in\n%s", w, text)
			}
		}
		for _, n := range test.never {
			if strings.Contains(text, n) {
				t.Errorf("%q in\n%s", n, text)
			}
		}
	}
	for _, step := range s.Steps {
		for _, n := range test.never {
			if strings.Contains(step.Check, n) {
				t.Errorf("%q in %q", n, step.Check)
			}
		}
	}
}

// judge compares what JSON says.
func (test relaySession) judge(t *testing.T, s sessionJSON, status app.ExitStatus, heard, errs string) {
	t.Helper()
	if status != test.status || s.Code != test.code || test.reason != "" && s.Reason != test.reason ||
		test.action != "" && s.Action != test.action || heard != test.heard || s.Action == "" || s.Message == "" {
		t.Errorf("%d, code %q, %s, action %q, heard %q: %q %s", status, s.Code, s.Reason, s.Action, heard, s.Message, errs)
	}
	if test.status != 0 && len(s.Steps) == 0 || test.status == 0 && len(s.Steps) > 0 {
		t.Errorf("steps: %v", s.Steps)
	}
}
