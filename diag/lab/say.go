package lab

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// reply says one reply, in as many lines as it has, and gives its code.
func (s *session) reply(text string) int { return s.replyTo(text, "") }

// replyTo names the recipient that is spoken of.
func (s *session) replyTo(text, to string) int {
	text = s.fill(text, to)
	code, rest, _ := strings.Cut(text, " ")
	lines := strings.Split(rest, "\n")
	for i, line := range lines {
		mark := "-"
		if i == len(lines)-1 {
			mark = " "
		}
		s.write(code + mark + line)
	}
	n, _ := strconv.Atoi(code)
	if n == 421 { // RFC 5321 §3.8
		s.end = true
	}
	return n
}

func (s *session) fill(text, to string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	from := ""
	if s.mail != nil {
		from = s.mail.From
	}
	return strings.NewReplacer("{name}", s.host.Name, "{to}", to, "{from}", from).Replace(text)
}

func (s *session) write(line string) {
	s.log.add(Line{TLS: s.tls, Text: line})
	s.w.WriteString(line)   //nolint:errcheck // flush tells
	s.w.WriteString("\r\n") //nolint:errcheck
	_ = s.conn.SetWriteDeadline(time.Now().Add(maxWrite))
}

func (s *session) flush() error {
	_ = s.conn.SetWriteDeadline(time.Now().Add(maxWrite))
	return s.w.Flush()
}

// wrong is the reply to a client that makes mistakes; after many of them it has
// to go.
func (s *session) wrong(text string) {
	if s.errors++; s.errors > maxErrors {
		text = "421 4.7.0 {name} too many errors"
	}
	s.reply(text)
}

// answer says what the script wants in place of the usual reply, and gives the
// code that was said, 999 where it was none.
func (s *session) answer(script Say, usual string) int { return s.answerTo(script, usual, "") }

func (s *session) answerTo(script Say, usual, to string) int {
	if script == (Say{}) || script.Until > 0 && !s.isEarly(script.Until, to) {
		return s.replyTo(usual, to)
	}
	if script.Wait > 0 {
		_ = s.flush()
		s.host.servers.sleep(script.Wait)
	}
	code := 999
	switch {
	case script.Raw != "":
		code = s.raw(script)
	case script.Drip > 0:
		script.Raw = s.fill(script.Reply, to) + "\r\n"
		code = s.raw(script)
	case script.Reply != "":
		code = s.replyTo(script.Reply, to)
	case script.Then == GoOn:
		code = s.replyTo(usual, to)
	}
	switch script.Then {
	case Drop:
		s.end = true
	case Stall:
		s.stall()
	}
	return code
}

// isEarly reports whether the same sender and recipient came first less than so
// long ago.
func (s *session) isEarly(until time.Duration, to string) bool {
	from := ""
	if s.mail != nil {
		from = s.mail.From
	}
	return s.host.since(from+"\x00"+to) < until
}

// raw sends octets as they are, often or slowly.
func (s *session) raw(script Say) int {
	first, _, _ := strings.Cut(script.Raw, "\n")
	s.log.add(Line{TLS: s.tls, Text: strings.TrimSuffix(first[:min(len(first), 1000)], "\r")})
	for range max(1, script.Count) {
		if script.Drip == 0 {
			_ = s.conn.SetWriteDeadline(time.Now().Add(maxWrite))
			if _, err := s.w.WriteString(script.Raw); err != nil {
				s.end = true
				break
			}
			continue
		}
		for i := range len(script.Raw) {
			s.w.WriteByte(script.Raw[i]) //nolint:errcheck // flush tells
			if s.flush() != nil {
				s.end = true
				return 999
			}
			s.host.servers.sleep(script.Drip)
		}
	}
	if len(script.Raw) < 3 {
		return 999
	}
	code, err := strconv.Atoi(script.Raw[:3])
	if err != nil {
		return 999
	}
	return code
}

// stall says nothing until the client goes.
func (s *session) stall() {
	_ = s.flush()
	_ = s.conn.SetReadDeadline(time.Now().Add(maxStall))
	_, _ = io.Copy(io.Discard, s.conn)
	s.end = true
}
