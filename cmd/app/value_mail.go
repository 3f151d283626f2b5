package app

import (
	"strings"

	"todoku/codes"
	"todoku/sender/mail"
)

// SingleLine makes a parser of a flag from parse: control characters and line breaks, which parse might trim, are an
// error.
func SingleLine[T any](parse func(string) (T, error)) func(string) (T, error) {
	return func(s string) (T, error) {
		if err := CheckLine(s); err != nil { // also at the ends, which parsers trim
			var none T
			return none, err
		}
		return parse(s)
	}
}

// CheckLine returns a *codes.UserError if a text has a control character or a line break.
func CheckLine(s string) error {
	if !HasControl(s) {
		return nil
	}
	return codes.Wrong(codes.Say(codes.Text{EN: "a line break or control character is not allowed here", JA: "改行や制御文字は使用できません"}), codes.Message{})
}

// ParseMailbox takes a mail address, with or without a name before it.
func ParseMailbox(s string) (mail.Address, error) {
	return SingleLine(func(s string) (mail.Address, error) { return mail.ParseAddress("address", s) })(s)
}

// ParseHelo takes the name for EHLO: a domain, or an address in brackets (RFC 5321 §4.1.3).
func ParseHelo(s string) (string, error) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		inner, closed := strings.CutSuffix(inner, "]")
		if _, err := ParseAddr(strings.TrimPrefix(inner, "IPv6:")); err != nil || !closed {
			return "", codes.Wrong(codes.Say(codes.Text{EN: "{value} is no address in brackets", JA: "{value} は角括弧で囲んだアドレスではありません"}, codes.Quoted("value", s)), codes.Message{})
		}
		return s, nil
	}
	return ParseDomain(s)
}

// HasControl reports whether a text has a control character of ASCII other than a tab.
func HasControl(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f })
}
