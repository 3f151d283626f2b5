package codes

import (
	"strconv"
	"strings"
)

// Enhanced is an enhanced mail system status code, class.subject.detail
// (RFC 3463 §2). The zero value is "none given".
type Enhanced struct{ Class, Subject, Detail int }

// ParseEnhanced reads "5.7.1" and nothing else: class 2, 4 or 5, subject and
// detail of one to three digits without a leading zero.
func ParseEnhanced(s string) (Enhanced, bool) {
	class, rest, ok := strings.Cut(s, ".")
	subject, detail, dotted := strings.Cut(rest, ".")
	if !ok || !dotted || len(class) != 1 || !strings.Contains("245", class) {
		return Enhanced{}, false
	}
	sub, ok1 := statusNumber(subject)
	det, ok2 := statusNumber(detail)
	return Enhanced{int(class[0] - '0'), sub, det}, ok1 && ok2
}

func statusNumber(s string) (int, bool) {
	if len(s) == 0 || len(s) > 3 || len(s) > 1 && s[0] == '0' {
		return 0, false
	}
	n, err := strconv.ParseUint(s, 10, 16)
	return int(n), err == nil
}

// IsZero reports whether no code was given.
func (e Enhanced) IsZero() bool { return e == Enhanced{} }

// String is "5.7.1", or "" where there is none.
func (e Enhanced) String() string {
	if e.IsZero() {
		return ""
	}
	return strconv.Itoa(e.Class) + "." + e.Status()
}

// Status is the code without its class, "7.1": the registry lists it as X.7.1.
func (e Enhanced) Status() string { return strconv.Itoa(e.Subject) + "." + strconv.Itoa(e.Detail) }

// Reply is what a server said: the code (0 where none is known), the enhanced
// code, and the text of each line without the codes in front (RFC 5321 §4.2).
type Reply struct {
	Code     int
	Enhanced Enhanced
	Lines    []string
}

// Text is all lines joined by a space.
func (r Reply) Text() string { return strings.Join(r.Lines, " ") }

// String is the reply on one line: "550 5.1.1 no such user".
func (r Reply) String() string {
	var words []string
	if r.Code != 0 {
		words = append(words, strconv.Itoa(r.Code))
	}
	if !r.Enhanced.IsZero() {
		words = append(words, r.Enhanced.String())
	}
	return strings.Join(append(words, r.Lines...), " ")
}

// Stage is the part of an SMTP session that a reply belongs to.
type Stage string

// The stages, in their order. StageData is the DATA command, StageBody the
// reply to the dot after the message.
const (
	StageConnect  Stage = "connect" // TCP, and the greeting
	StageEHLO     Stage = "ehlo"
	StageSTARTTLS Stage = "starttls"
	StageAuth     Stage = "auth"
	StageMail     Stage = "mail"
	StageRcpt     Stage = "rcpt"
	StageData     Stage = "data"
	StageBody     Stage = "body"
	StageQuit     Stage = "quit"
)
